"""A judge reported "I may not be impartial here" on one sheet: this one sheet goes to another judge."""

import pytest

from contest.audit.models import TrailRow
from contest.audit.work import Actor
from contest.db import db
from contest.errors import Conflict, Invalid
from contest.judging import actions, report_actions, tablet_actions
from contest.judging.models import Handover
from contest.judging.tablet_models import SheetFlag
from contest.judging.tablet_rules import Flag
from contest.people import panel_actions
from tests import factories
from tests.judging.panels import RISK, actor_of, make_panel, mark

PETRA = Actor(None, "Petra")


@pytest.fixture
def panel(app):
    panel = make_panel()
    reserve = factories.make_judge(panel.contest, "Reserve")
    panel_actions.set_seats(
        PETRA, panel.contest.id, "risk", [panel.judges[0].id, panel.judges[1].id, reserve.id]
    )
    panel.judges.append(reserve)
    return panel


def report(panel, reason="known", seat=1):
    sheet, judge = panel.sheet(0, seat), panel.judges[seat - 1]
    flag = Flag("5b0e7f7e-9c1c-4b43-9d0f-0d6f7c0f4f11", reason, "my former pupil", "0123456789abcdef", 1)
    row, _ = tablet_actions.raise_flag(actor_of(judge), sheet.id, flag)
    return row.id


def give(panel, flag_id, reason="former pupil"):
    return report_actions.give_sheet(PETRA, panel.contest.id, flag_id, reason)


def test_an_untouched_sheet_goes_alone_and_stays_there(panel):
    flag_id = report(panel)
    with pytest.raises(Invalid):
        give(panel, flag_id, " ")

    judge = give(panel, flag_id)

    assert judge.id == panel.judges[2].id == panel.sheet(0, 1).judge_id
    assert panel.sheet(1, 1).judge_id == panel.judges[0].id
    flag = db.session.get(SheetFlag, flag_id)
    assert flag.answer == "former pupil" and flag.answered_at
    row = db.session.query(TrailRow).filter_by(did="sheet.give").one()
    assert (row.facts["old"], row.facts["new"]) == (panel.judges[0].name, "Reserve")
    assert [one.reason for one in db.session.query(Handover)] == ["former pupil"]
    actions.hand_out_sheets(PETRA, panel.contest.id)
    assert panel.sheet(0, 1).judge_id == panel.judges[2].id, "handing out again gives nothing back"
    with pytest.raises(Conflict, match="no longer with the judge"):
        give(panel, flag_id)


def test_a_begun_sheet_goes_without_its_marks(panel):
    mark(panel, RISK, "draft")
    give(panel, report(panel))

    sheet = panel.sheet(0, 1)
    assert (sheet.judge_id, sheet.state, sheet.marks) == (panel.judges[2].id, "reopened", {})


def test_a_sheet_handed_in_is_reopened_first_and_another_report_gives_nothing(panel):
    mark(panel, RISK)
    with pytest.raises(Conflict, match="handed in. Reopen it"):
        give(panel, report(panel))


def test_another_kind_of_report_gives_no_sheet_away(panel):
    with pytest.raises(Conflict, match="no longer with the judge"):
        give(panel, report(panel, "work"))


def test_who_reported_the_same_is_no_successor(panel):
    give(panel, report(panel))
    flag = Flag("6b0e7f7e-9c1c-4b43-9d0f-0d6f7c0f4f11", "known", "mine too", "0123456789abcdef", 2)
    row, _ = tablet_actions.raise_flag(actor_of(panel.judges[2]), panel.sheet(0, 1).id, flag)

    with pytest.raises(Conflict, match="seat one on the panel first"):
        give(panel, row.id)


def test_the_chief_gives_it_on_the_page_of_the_report_or_reads_what_to_do(as_role, panel):
    flag_id = report(panel)
    chief = as_role("chief_judge", panel.contest)
    path = f"/contests/{panel.contest.id}/chief/flags/{flag_id}"
    assert "It goes to Reserve" in chief.get(path).text
    assert "Give this one sheet" not in as_role("supervisor", panel.contest).get(path).text
    for rest in ("/give", ""):
        refused = chief.post(path + rest, data={"reason": " "})
        assert (refused.status_code, refused.text.count("field-error")) == (422, 1)
    panel.judges[2].organisation_id = panel.entrants[0].organisation_id
    db.session.commit()
    lost = chief.get(path).text
    assert "Nobody else on this panel may mark" in lost and "/panels" in lost
    panel.judges[2].organisation_id = None
    db.session.commit()

    answer = chief.post(path + "/give", data={"reason": "former pupil"})

    assert "The sheet went to Reserve" in chief.get(answer.location).text
    assert panel.sheet(0, 1).judge_id == panel.judges[2].id
