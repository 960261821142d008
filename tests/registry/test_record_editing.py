"""A record's definition changes while nothing rests on it, by whoever defined it, and never afterwards."""

import pytest
from sqlalchemy import select

from contest.accounts.models import User
from contest.audit.models import TrailRow
from contest.db import db
from contest.errors import Conflict, Invalid, NotAllowed
from contest.registry import record_actions, record_editing, record_queries
from tests import factories
from tests.registry.test_record_rules import EARLIER, FORM
from tests.registry.test_records import House


@pytest.fixture
def house(app):
    return House()


def change(house, line, **form):
    return record_editing.change_line(house.curator, line.id, {**record_editing.form_of(line), **form})


def changes():
    return db.session.scalars(select(TrailRow).filter_by(did="registry.record_change")).all()


def test_a_record_of_which_nothing_is_compared_yet_is_defined_anew_under_its_number(house):
    line = house.line(**EARLIER)
    assert change(house, line, record_what="module", record_key="risk", record_top="50.5", earlier_value="40",
                  earlier_name="老吴")
    assert (line.what, line.key, line.top, line.earlier_value, line.by_id) == (
        "module", "risk", 505_000, 400_000, house.curator.user_id
    )
    [row] = changes()
    assert row.facts["old"] == {
        "record_what": "total", "record_key": "", "record_top": "100.00", "earlier_value": "91.25",
    }
    assert row.facts["new"] == {
        "record_what": "module", "record_key": "risk", "record_top": "50.50", "earlier_value": "40.00",
    }
    # A name from before the program goes on request, and the trail stays.
    assert row.facts["unsaid"] == ["earlier_name"] and "老" not in str(row.facts)


def test_a_form_that_is_sent_as_it_was_shown_changes_nothing_and_leaves_no_row(house):
    for line in (house.line(**EARLIER), house.line()):
        assert not change(house, line)
    figure = house.line(record_what="figure", record_key="time", record_top="", record_better="low")
    assert not change(house, figure) and figure.top is None
    assert changes() == []


def test_a_slip_changes_nothing(house):
    line = house.line()
    with pytest.raises(Invalid) as refused:
        change(house, line, record_top="many", record_name=" ")
    assert sorted(refused.value.fields) == ["record_name", "record_top"]
    assert (line.top, line.name) == (1_000_000, FORM["record_name"]) and changes() == []


def test_from_the_first_contest_on_the_definition_stays(house):
    contest = house.contest({"甲": ("90", "9")})
    line = house.line(contest)
    with pytest.raises(Conflict, match="declared comparable"):
        change(house, line, record_top="50")
    record_actions.take_out(house.curator, line.id, contest.id, "误加")
    with pytest.raises(Conflict, match="declared comparable"):
        change(house, line, record_top="50")
    assert line.top == 1_000_000


def test_what_was_laid_down_and_what_lost_a_name_on_request_stay(house):
    line, other = house.line(), house.line(**EARLIER)
    record_actions.lay_down(house.curator, line.id, "不再比较")
    with pytest.raises(Conflict, match="laid down"):
        change(house, line, record_top="50")
    record_actions.take_name_off(house.curator, other.id, "本人要求")
    with pytest.raises(Conflict, match="taken off on request"):
        change(house, other, earlier_name="老钟")
    assert other.earlier_name == record_queries.NAMELESS


def test_the_second_person_cannot_make_the_definition_their_own(house):
    line = house.line()
    with pytest.raises(NotAllowed, match="Only whoever defined"):
        record_editing.change_line(house.second, line.id, {**FORM, "record_top": "50"})
    assert line.top == 1_000_000


def test_on_pages_nothing_typed_is_lost_and_the_button_goes_with_the_first_contest(app, house):
    line = house.line(**EARLIER)
    mine = factories.browser_of(app, db.session.get(User, house.curator.user_id))
    other = factories.browser_of(app, db.session.get(User, house.second.user_id))
    desk, form = f"/curation/records/{line.id}", f"/curation/records/{line.id}/change"
    assert form in mine.get(desk).text and form not in other.get(desk).text
    assert other.get(form).status_code == other.post(form, data=FORM).status_code == 403
    assert 'value="91.25"' in mine.get(form).text

    shown = record_editing.form_of(line)
    refused = mine.post(form, data={**shown, "record_places": "9", "record_event": "矿山救护"})
    assert refused.status_code == 422 and 'value="矿山救护"' in refused.text and line.event == "消防"
    done = mine.post(form, data={**shown, "record_event": "矿山救护"}, follow_redirects=True)
    assert "The definition is changed." in done.text and "矿山救护" in done.text
    same = mine.post(form, data={**shown, "record_event": "矿山救护"}, follow_redirects=True)
    assert "Nothing differs from what holds now." in same.text

    record_actions.let_in(house.curator, line.id, house.contest({"甲": ("90", "9")}).id)
    assert form not in mine.get(desk).text
    assert mine.get(form).status_code == 409
    late = mine.post(form, data={**shown, "record_event": "急救"})
    assert late.status_code == 409 and "declared comparable" in late.text and 'value="急救"' in late.text
