"""F23: who marks sees nothing of the others' marks of a contestant before the own ones are handed in."""

import re
from datetime import timedelta

import pytest

from contest import clock
from contest.accounts.models import User
from contest.db import db
from contest.judging import desk_queries, side_queries
from contest.judging.models import Handover
from contest.judging.veil_queries import Veil
from tests import factories
from tests.judging.panels import DRILL, make_panel, mark
from tests.judging.tablets import made, send

OTHERS = {"A1": "3.5", "A2": {"0": 2}}  # 3.5 + (10 − 4) = 9.50
OWN = {"A1": "8", "A2": {}}


@pytest.fixture
def panel(app):
    """The judge of seat 1 is chief judge too; seat 2 has handed in."""
    made = make_panel(2)
    factories.make_grant(db.session.get(User, made.judges[0].user_id), "chief_judge", made.contest)
    mark(made, OTHERS, seat=2)
    mark(made, OTHERS, seat=2, entrant=1)
    mark(made, OWN, seat=1, entrant=1)
    return made


def words(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, path
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))


def pages(panel):
    chief = f"/contests/{panel.contest.id}/chief"
    return chief, f"{chief}/risk/701"


def test_a_chief_judge_who_marks_sees_the_others_when_the_own_sheet_is_in(app, panel):
    client = factories.browser_of(app, db.session.get(User, panel.judges[0].user_id))
    desk, side = pages(panel)
    assert "9.50" in words(client, f"{desk}/risk/702")  # there the own sheet is in

    before = words(client, side)
    assert "3.5" not in before and "9.50" not in before
    assert "Your own sheet of this contestant is open." in before
    assert "of contestants whose sheet you have not handed in" in words(client, f"{desk}?module=risk")

    mark(panel, OWN, seat=1)
    after = words(client, side)
    assert "9.50" in after
    assert "Your own sheet" not in after


def test_neither_spread_nor_filter_tells_of_marks_that_are_hidden(app, panel):
    reader = panel.judges[0].user_id
    mark(panel, OWN, seat=1, kind="draft")
    [first, second] = desk_queries.matrix(panel.contest.id, "risk", reader=reader).rows

    other = first.cells[1]
    assert (other.is_hidden, other.total, other.units, other.marks) == (True, None, None, {})
    assert (first.gap, first.odd, first.is_again) == (None, False, False)
    assert (second.cells[1].is_hidden, second.cells[1].total) == (False, "9.50")
    assert not first.cells[0].is_hidden
    side = side_queries.side_by_side(panel.contest.id, "risk", "701", reader)
    assert side.hides_marks
    assert [sheet.reading.given for sheet in side.sheets] == [2, 0]


def test_who_does_not_mark_there_sees_all(app, panel):
    somebody = factories.make_official("监督", "supervisor", contest=panel.contest)

    [first, _] = desk_queries.matrix(panel.contest.id, "risk", reader=somebody.user_id).rows

    assert first.cells[1].total == "9.50"


def test_a_plain_judge_is_refused_at_the_desk_and_finds_no_other_mark_on_any_own_page(app):
    panel = make_panel(1)
    mark(panel, OTHERS, seat=2)
    client = factories.browser_of(app, db.session.get(User, panel.judges[0].user_id))
    for path in pages(panel):
        assert client.get(path).status_code == 403

    sheet = panel.sheet()
    for path in ("/judging", f"/judging/sheets/{sheet.id}", f"/api/v1/sheets/{sheet.id}", "/api/v1/sheets"):
        answer = client.get(path)
        assert answer.status_code == 200, path
        text = answer.get_data(as_text=True)
        assert "3.5" not in re.sub(r"<svg.*?</svg>", "", text, flags=re.S), path
        assert "9.50" not in text, path
    other = panel.sheet(seat=2)
    for path in (f"/judging/sheets/{other.id}", f"/api/v1/sheets/{other.id}"):
        assert client.get(path).status_code in (403, 404), path


def refused_marks(client, panel):
    """What the chief's page says of operations that were not taken."""
    text = words(client, f"/contests/{panel.contest.id}/chief/tablets")
    return text[text.index("Sent and not taken"):]


def test_what_another_sent_and_was_not_taken_is_as_hidden_as_what_was(app, panel):
    chief = factories.browser_of(app, db.session.get(User, panel.judges[0].user_id))
    other = factories.browser_of(app, db.session.get(User, panel.judges[1].user_id))
    late = {entrant: panel.sheet(entrant, seat=2).id for entrant in (0, 1)}
    send(other, late[0], made(1, 1, marks={"A1": "4.75"}))  # closed
    send(other, late[1], made(2, 1, marks={"A1": "2.25"}))
    send(chief, panel.sheet().id, made(3, marks={"A1": "66"}))

    before = refused_marks(chief, panel)

    # The own sheet of the first is open, that of the second is in; the own try is no secret.
    assert "4.75" not in before
    assert "2.25" in before and "66" in before
    assert before.count("Shown when your own sheet of this contestant is handed in.") == 1
    watcher = factories.make_official("监督", "supervisor", contest=panel.contest)
    client = factories.browser_of(app, db.session.get(User, watcher.user_id))
    assert "4.75" in refused_marks(client, panel)
    mark(panel, OWN, seat=1)
    assert "4.75" in refused_marks(chief, panel)


def test_what_was_tried_on_a_sheet_before_it_was_taken_over_or_taken_back_is_another_s(app, panel):
    reader = panel.judges[0]
    mine = panel.sheet()
    earlier, later = clock.now() - timedelta(hours=1), clock.now() + timedelta(hours=1)
    veil = Veil(panel.contest.id, reader.user_id)
    assert not veil.hides(mine, earlier)
    assert veil.hides(None, earlier)
    db.session.add(Handover(contest_id=panel.contest.id, sheet_id=mine.id, from_id=panel.judges[1].id,
                            to_id=reader.id, kind="substitute", reason="ill", at=clock.now()))
    db.session.commit()

    veil = Veil(panel.contest.id, reader.user_id)

    assert (veil.hides(mine, earlier), veil.hides(mine, later)) == (True, False)
    mark(panel, OWN, seat=1)
    for entrant in (0, 1):
        mark(panel, DRILL, entrant=entrant, module="drill")
    assert not Veil(panel.contest.id, reader.user_id).hides(None, earlier)
