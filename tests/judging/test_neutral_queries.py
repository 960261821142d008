"""Nobody marks people of the own organisation, also when organisations change during the scoring."""

import pytest
from sqlalchemy import select

from contest.audit.models import TrailRow
from contest.audit.work import Actor
from contest.db import db
from contest.errors import Conflict, NotAllowed
from contest.judging import actions, chief_actions, neutral_queries
from contest.people import entrant_actions, judge_actions, panel_actions, queries
from contest.people.models import Judge
from contest.results.queries import problems, standings
from contest.setup.queries import DESK_NOTES
from tests import factories
from tests.judging.panels import RISK, actor_of, make_panel, mark, operation
from tests.people.spreadsheets import xlsx_of

PETRA = Actor(None, "Petra")


@pytest.fixture
def panel(app):
    """Seats 1 and 2, and a reserve of a company that sends nobody."""
    panel = make_panel()
    reserve = factories.make_judge(panel.contest, "Reserve", factories.make_organisation("学会"))
    factories.make_seat(panel.contest, reserve, 3)
    panel.judges.append(reserve)
    return panel


def move_judge(panel, judge=0, entrant=0):
    """The organiser learns that a judge works for an entrant's company."""
    row, home = panel.judges[judge], panel.entrants[entrant].organisation.name
    judge_actions.edit_judge(
        PETRA, panel.contest.id, row.id,
        {"name": row.name, "organisation": home, "specialities": []},
    )


def test_a_judges_untouched_sheets_of_own_people_go_to_a_reserve(panel):
    old = panel.sheet(0, 1).id
    move_judge(panel)

    assert panel.sheet(0, 1).judge_id == panel.judges[2].id
    assert panel.sheet(0, 1).id != old
    assert panel.sheet(1, 1).judge_id == panel.judges[0].id
    row = db.session.scalar(select(TrailRow).filter_by(did="judge.edit"))
    assert row.facts[f"sheet {old}"] == {"old": panel.judges[0].name, "new": "Reserve"}


def test_a_list_of_judges_does_the_same(panel):
    judge, home = panel.judges[1], panel.entrants[2].organisation.name
    login = queries.judges_with_logins(panel.contest.id)
    login = next(word for one, word in login if one.id == judge.id)
    rows = [["姓名", "单位", "专长", "登录名"], [judge.name, home, "", login]]
    pending = judge_actions.upload_judges(PETRA, panel.contest.id, xlsx_of(rows), "裁判.xlsx")
    judge_actions.confirm_judges(PETRA, panel.contest.id, pending)

    assert panel.sheet(2, 2).judge_id == panel.judges[2].id


def test_an_entrant_who_moves_to_a_judges_company_gets_another_judge(panel):
    judge, entrant = panel.judges[0], panel.entrants[1]
    move_judge(panel, 0, 0)
    values = {**queries.values_of(entrant), "name": entrant.human.name,
              "organisation": judge.organisation.name}
    entrant_actions.edit_entrant(PETRA, panel.contest.id, entrant.id, values)

    assert panel.sheet(1, 1).judge_id == panel.judges[2].id


def test_a_begun_sheet_stays_and_takes_no_more_marks(panel):
    mark(panel, RISK, "draft")
    move_judge(panel)
    sheet = panel.sheet(0, 1)

    assert sheet.judge_id == panel.judges[0].id
    with pytest.raises(NotAllowed, match="You may not mark this contestant"):
        actions.take_operation(actor_of(panel.judges[0]), sheet.id, operation(RISK, sheet.rev))


def test_results_wait_until_the_chief_has_struck_it_out(panel):
    mark(panel, RISK)
    move_judge(panel)
    contest_id = panel.contest.id

    notes = [note for ask in DESK_NOTES for note in ask(contest_id)]
    assert any("must keep away" in note.text for note in notes)
    assert "own organisation" in problems(standings(contest_id))[0][0]

    chief_actions.excuse_seat(PETRA, contest_id, panel.sheet(0, 1).id, "his own colleague")

    assert neutral_queries.written_own_sheets(contest_id, {"risk"}) == []
    assert not any("own organisation" in text for text, _ in problems(standings(contest_id)))


@pytest.mark.parametrize("kind", ["draft", "submit"])
def test_the_chief_gives_a_begun_sheet_to_another_judge_without_its_marks(panel, kind):
    mark(panel, RISK, kind)
    move_judge(panel)
    chief_actions.reopen_sheet(PETRA, panel.contest.id, panel.sheet(0, 1).id, "own colleague")
    sheet = panel.sheet(0, 1)

    assert (sheet.state, sheet.marks, sheet.judge_id) == ("reopened", {}, panel.judges[2].id)
    mark(panel, {"A1": "9", "A2": {}})
    assert panel.sheet(0, 1).state == "resubmitted"


def test_without_another_judge_a_sheet_cannot_be_given_away(panel):
    mark(panel, RISK)
    move_judge(panel)
    db.session.get(Judge, panel.judges[2].id).organisation_id = panel.entrants[0].organisation_id
    db.session.commit()

    with pytest.raises(Conflict, match="seat one on the panel first"):
        chief_actions.reopen_sheet(PETRA, panel.contest.id, panel.sheet(0, 1).id, "own colleague")


def test_the_chiefs_pages_point_at_it(panel, app):
    mark(panel, RISK)
    move_judge(panel)
    user = factories.make_user("Clara")
    factories.make_grant(user, "chief_judge", panel.contest)
    browser = factories.browser_of(app, user)
    desk = f"/contests/{panel.contest.id}/chief"

    assert "Own organisation" in browser.get(desk).get_data(as_text=True)
    assert "Give to another judge" in browser.get(f"{desk}/risk/701").get_data(as_text=True)
    assert "Own organisation" not in browser.get(f"{desk}/risk/702").get_data(as_text=True)


def test_handing_out_again_notes_whose_sheets_moved(panel):
    sheet, first, reserve = panel.sheet(0, 1).id, panel.judges[0], panel.judges[2]
    panel_actions.set_seats(
        PETRA, panel.contest.id, "risk", [reserve.id, panel.judges[1].id, first.id]
    )
    actions.hand_out_sheets(PETRA, panel.contest.id)

    row = db.session.scalar(select(TrailRow).order_by(TrailRow.id.desc()))
    assert row.facts["moved"][f"sheet {sheet}"] == {"old": first.id, "new": reserve.id}
