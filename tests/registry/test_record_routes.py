"""Records on pages: public ones, the curator's desk, the officials' flags, and before an erasure."""

import pytest
from sqlalchemy import select

from contest import clock
from contest.accounts.models import User
from contest.board import actions as board
from contest.db import db
from contest.members import erasing
from contest.people.models import PersonAccount
from contest.registry import record_actions, record_queries
from contest.registry.listing import list_person
from contest.registry.record_models import RecordLine, RecordMark
from contest.results import actions as results
from tests import factories
from tests.registry.test_record_rules import EARLIER, FORM
from tests.registry.test_records import House

WHY = "本人书面要求删除"


@pytest.fixture
def house(app):
    return House()


@pytest.fixture
def desk(app, house):
    """The browser of the second curator."""
    return browser(app, house.second)


def browser(app, actor):
    return factories.browser_of(app, db.session.get(User, actor.user_id))


def public(app, address="/records"):
    guest = app.test_client()
    with guest.session_transaction() as session:
        session["language"] = "en"
    return guest.get(address).text


def record_page(line):
    return f"/curation/records/{line.id}"


def test_a_record_is_defined_by_form_and_a_slip_loses_nothing_that_was_typed(app, desk):
    answer = desk.post("/curation/records/new", data={**FORM, "record_top": "many", "earlier_value": "91"})
    assert answer.status_code == 422
    assert "is not a number" in answer.text and 'value="many"' in answer.text
    assert FORM["record_name"] in answer.text and db.session.scalar(select(RecordLine)) is None
    answer = desk.post("/curation/records/new", data={**FORM, **EARLIER}, follow_redirects=True)
    assert "The record is defined" in answer.text and "91.25" in answer.text


def test_from_the_proposal_to_the_public_page(app, house, desk):
    contest = house.held({"甲": ("90", "9")}, "2026-05-01")
    line = house.line(**EARLIER)
    owner = browser(app, house.curator)
    own = {"contest_id": contest.id}
    answer = owner.post(f"{record_page(line)}/contests", data=own, follow_redirects=True)
    assert "Beats the standing record" in answer.text and "before: 91.25 分" in answer.text
    mark = house.mark(line, "甲")
    answer = owner.post(f"/curation/records/results/{mark.id}/confirm")
    assert answer.status_code == 403
    assert "93.50" not in public(app) and "甲" not in public(app, f"/records/{line.id}")

    answer = desk.post(f"/curation/records/results/{mark.id}/confirm", follow_redirects=True)

    assert "confirmed and public" in answer.text
    assert "93.50" in public(app)
    page = public(app, f"/records/{line.id}")
    assert "甲" in page and "老钟" in page and EARLIER["earlier_source"] in page and "Stands" in page


def test_the_craftsmans_page_shows_what_was_confirmed(app, house):
    line = house.line(house.held({"甲": ("90", "9")}))
    craftsman = list_person(house.entrants["甲"].human)
    db.session.commit()
    assert line.name_en not in public(app, f"/register/{craftsman.token}")
    house.confirm(line, "甲")
    page = public(app, f"/register/{craftsman.token}")
    assert line.name_en in page and "93.50" in page
    assert f"/register/{craftsman.token}" in public(app)


def test_a_members_own_page_shows_the_records_held_and_those_that_were_beaten(app, house):
    contest = house.held({"甲": ("90", "9")}, "2026-05-01")
    line = house.line(contest)
    user = factories.make_user("own")
    db.session.add(PersonAccount(
        user_id=user.id, human_id=house.entrants["甲"].human_id, linked_at=clock.now()
    ))
    db.session.commit()
    own = factories.browser_of(app, user)
    assert line.name_en not in own.get("/my").text

    house.confirm(line, "甲")
    page = own.get("/my").text.split('id="records"')[1].split("</section>")[0]
    assert line.name_en in page and "93.50" in page and "since 2026-05-01" in page and "Stands" in page

    record_actions.let_in(house.curator, line.id, house.held({"丙": ("95", "9.5")}, "2026-06-01").id)
    house.confirm(line, "丙")
    contest.is_public = False  # one's own stays one's own
    db.session.commit()
    page = own.get("/my").text.split('id="records"')[1].split("</section>")[0]
    assert "Beaten" in page and "from 2026-05-01 until 2026-06-01" in page and "93.50" in page


@pytest.mark.parametrize("act", ["refuse", "again"])
def test_a_decision_without_a_reason_is_refused_in_a_sentence(app, house, desk, act):
    line = house.line(house.held({"甲": ("90", "9")}))
    mark = house.mark(line, "甲")
    if act == "again":
        record_actions.refuse_mark(house.second, mark.id, WHY)
    answer = desk.post(f"/curation/records/results/{mark.id}/{act}", data={"reason": ""})
    assert answer.status_code == 422 and "marked fields" in answer.text
    answer = desk.post(f"/curation/records/results/{mark.id}/{act}", data={"reason": WHY},
                       follow_redirects=True)
    assert answer.status_code == 200 and WHY in answer.text


def test_a_contest_goes_out_and_the_record_is_laid_down_with_reasons(app, house, desk):
    contest = house.held({"甲": ("90", "9")})
    line = house.line(contest, **EARLIER)
    out = {"contest_id": contest.id, "reason": "赛题不同"}
    assert "赛题不同" in desk.post(f"{record_page(line)}/contests/out", data=out, follow_redirects=True).text
    answer = desk.post(f"{record_page(line)}/contests/out", data=out)
    assert answer.status_code == 409 and "does not belong" in answer.text
    desk.post(f"{record_page(line)}/name", data={"reason": WHY})
    assert "老钟" not in public(app, f"/records/{line.id}")
    desk.post(f"{record_page(line)}/end", data={"reason": "标准换版"})
    assert "No longer compared" in public(app)


def test_a_contest_that_does_not_fit_is_listed_with_the_reason(app, house, desk):
    house.held({"甲": ("90", "9")})
    page = desk.get(record_page(house.line(record_top="120"))).text
    assert "The maximum is 100 here and 120 in the record." in page


def test_a_frozen_board_hides_the_proposal_from_the_curator_too(app, house, desk):
    contest = house.contest({"甲": ("90", "9")})
    line = house.line(contest)
    board.freeze_board(house.one, contest.id)
    before = [desk.get(at).data for at in (record_page(line), "/curation/records")]
    house.publish(contest)
    after = [desk.get(at).data for at in (record_page(line), "/curation/records")]
    assert after == before
    board.reveal_board(house.one, contest.id)
    assert "甲" in desk.get(record_page(line)).text


def test_officials_read_it_beside_the_result_and_the_public_board_does_not(app, house):
    contest = house.contest({"甲": ("90", "9"), "乙": ("80", "8")})
    line = house.line(contest, **EARLIER)
    official = browser(app, house.one)
    results.publish_results(house.one, contest.id, "provisional")
    page = official.get(f"/contests/{contest.id}/results").text
    assert f"{line.name_en}: Beats the standing record – to be confirmed" in page
    results.publish_results(house.two, contest.id, "final")
    shown = public(app, f"/board/{contest.slug}")
    assert "93.50" in shown and line.name_en not in shown
    house.confirm(line, "甲")
    page = official.get(f"/contests/{contest.id}/results").text
    assert f"{line.name_en}: Beats the standing record" in page and "to be confirmed" not in page


def test_before_an_erasure_the_record_is_told_and_afterwards_it_bears_no_name(app, house):
    contest = house.held({"甲": ("90", "9")})
    line = house.line(contest)
    house.confirm(line, "甲")
    human = house.entrants["甲"].human
    craftsman = list_person(human)
    user = factories.make_user("own")
    db.session.add(PersonAccount(user_id=user.id, human_id=human.id, linked_at=clock.now()))
    db.session.commit()
    token = craftsman.token
    office = browser(app, house.second)
    assert "This person holds a record" in office.get(f"/people/{human.id}").text
    assert "You hold a record" in factories.browser_of(app, user).get("/my/data").text

    done = erasing.erase(house.curator, human.id, "甲", WHY)

    assert {"table": "record_mark", "why": "record", "rows": 1} in done.kept
    page = public(app, f"/records/{line.id}")
    assert "甲" not in page and "Name not told" in page and "93.50" in page
    assert token not in page and line.name_en not in public(app, f"/register/{token}")
    assert "This person holds a record" not in office.get(f"/people/{human.id}").text


def test_a_result_that_comes_later_bears_no_name_either(app, house):
    contest = house.held({"甲": ("90", "9")})
    erasing.erase(house.curator, house.entrants["甲"].human_id, "甲", WHY)
    line = house.line(contest)
    [mark] = record_queries.marks_of(line.id)
    assert mark.name == record_queries.NAMELESS


def test_an_address_of_nothing_is_not_found(app, desk):
    for at in ("/records/99", "/curation/records/99"):
        assert desk.get(at).status_code == 404
    assert desk.post("/curation/records/results/99/confirm").status_code == 404
    assert db.session.scalar(select(RecordMark)) is None
