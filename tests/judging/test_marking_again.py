"""A panel whose sums lie further apart than the plan's limit marks again; the first marks are kept."""

import pytest

from contest.accounts.models import User
from contest.audit.work import Actor
from contest.db import db
from contest.errors import Conflict
from contest.judging import again_queries, chief_actions, confirm_actions, desk_queries, sheet_queries
from contest.judging.again_queries import Line
from contest.judging.models import SheetRevision
from contest.results.queries import standings
from contest.setup.queries import plan_in_force
from tests import factories
from tests.judging.panels import make_panel, mark

CHIEF = Actor(None, "chief")


@pytest.fixture
def panel(app):
    """Two judges whose sums, 20 and 12, lie further apart than the plan's 5 points."""
    made = make_panel(1, document=factories.plan_document())
    give(made, "10", "2")
    return made


def give(panel, *points):
    for seat, each in enumerate(points, start=1):
        if each is not None:
            mark(panel, {"A1": each, "A2": {}}, seat=seat)


def open_all(panel, reason="talk it over"):
    return chief_actions.mark_again(CHIEF, panel.contest.id, "risk", panel.entrants[0].id, "", reason)


def confirm(panel, minutes=""):
    seen = {panel.sheet(seat=seat).id: panel.sheet(seat=seat).rev for seat in (1, 2)}
    confirm_actions.confirm_sheets(CHIEF, panel.contest.id, "risk", panel.entrants[0].id, seen, minutes)


def rounds(panel):
    rounding = plan_in_force(panel.contest.id).plan.rounding
    return again_queries.rounds(panel.contest.id, "risk", panel.entrants[0].id, rounding)


def sums(panel):
    return [
        (one.before, one.after, [(line.before, line.after) for line in one.lines]) for one in rounds(panel)
    ]


def test_the_chief_has_a_panel_that_lies_far_apart_mark_again(panel):
    assert open_all(panel) == 2

    for seat in (1, 2):
        sheet = panel.sheet(seat=seat)
        page = sheet_queries.get_sheet_page(sheet.id, sheet.judge.user_id)
        assert (page.is_open, page.reason) == (True, "talk it over")
    assert not standings(panel.contest.id).rows[0].modules["risk"].done
    give(panel, "8", "7")
    assert desk_queries.matrix(panel.contest.id, "risk").counts["waiting"] == 1
    confirm(panel)
    assert standings(panel.contest.id).rows[0].modules["risk"].done
    with pytest.raises(Conflict, match="not too far apart"):
        open_all(panel)


def test_the_first_marks_are_kept_and_shown_beside_the_new_ones(panel):
    names = [judge.name for judge in panel.judges]
    open_all(panel)
    assert rounds(panel)[0].lines == (Line(1, names[0], "20.00", None), Line(2, names[1], "12.00", None))
    give(panel, "8", None)
    assert sums(panel) == [("8.00", None, [("20.00", "18.00"), ("12.00", None)])]
    give(panel, None, "1")
    confirm(panel)
    assert sums(panel) == [("8.00", "7.00", [("20.00", "18.00"), ("12.00", "11.00")])]

    open_all(panel, "still apart")
    give(panel, "8", "7.5")

    assert sums(panel) == [
        ("8.00", "7.00", [("20.00", "18.00"), ("12.00", "11.00")]),
        ("7.00", "0.50", [("18.00", "18.00"), ("11.00", "17.50")]),
    ]
    assert [one.reason for one in rounds(panel)] == ["talk it over", "still apart"]
    first = db.session.query(SheetRevision).filter_by(sheet_id=panel.sheet().id, rev=1).one()
    assert (first.kind, first.marks["A1"]) == ("submit", "10")


def test_a_sheet_opened_by_itself_is_no_round_and_ends_what_a_round_led_to(panel):
    open_all(panel)
    give(panel, "8", "7")
    confirm(panel)
    chief_actions.reopen_sheet(CHIEF, panel.contest.id, panel.sheet().id, "talk it over, a slip")
    give(panel, "3", None)

    assert sums(panel) == [("8.00", "1.00", [("20.00", "18.00"), ("12.00", "17.00")])]


def test_the_page_offers_it_and_shows_what_came_of_it(panel, as_role):
    chief = as_role("chief_judge", panel.contest)
    path = f"/contests/{panel.contest.id}/chief/risk/701"
    assert "differ by more than the plan" in chief.get(path).text

    data = {"panel": "", "reason": "talk it over", "word": factories.WORD}
    assert chief.post(f"{path}/mark-again", data=data).status_code == 303
    give(panel, "8", "7")

    page = chief.get(path).text
    assert "differ by more than the plan" not in page
    told = page.split("Marked again by the panel")[1].split("</section>")[0]
    assert [sum_ for sum_ in ("20.00", "18.00", "12.00", "17.00", "8.00", "1.00") if sum_ not in told] == []


def test_a_chief_whose_own_sheet_is_open_reads_nothing_of_the_others(panel, app):
    open_all(panel)
    give(panel, None, "7")
    user = db.session.get(User, panel.judges[0].user_id)
    factories.make_grant(user, "chief_judge", panel.contest)
    client, path = factories.browser_of(app, user), f"/contests/{panel.contest.id}/chief/risk/701"

    assert "Marked again by the panel" not in client.get(path).text
    give(panel, "8", None)
    assert "Marked again by the panel" in client.get(path).text


def test_the_minutes_of_the_talk_are_kept_with_the_new_marks_and_shown_with_their_round(panel, as_role):
    chief = as_role("chief_judge", panel.contest)
    path = f"/contests/{panel.contest.id}/chief/risk/701"
    open_all(panel)
    give(panel, "8", "7")
    waiting = [f"{panel.sheet(seat=seat).id}:{panel.sheet(seat=seat).rev}" for seat in (1, 2)]
    data = {"seen": waiting, "act": "confirm", "word": factories.WORD}
    assert 'name="minutes"' in chief.get(path).text

    too_long = chief.post(f"{path}/confirm", data=data | {"minutes": "谈" * 4001})
    assert too_long.status_code == 422 and "at most 4000 characters, these have 4001" in too_long.text
    assert "谈" * 4001 in too_long.text and rounds(panel)[0].minutes == ""
    answer = chief.post(f"{path}/confirm", data=data | {"minutes": " Seat 2 saw the second fault.\nAgreed. "})
    assert answer.status_code == 303

    assert [one.minutes for one in rounds(panel)] == ["Seat 2 saw the second fault.\nAgreed."]
    assert "Seat 2 saw the second fault." in chief.get(path).text


def test_minutes_belong_to_the_round_that_they_ended(panel):
    open_all(panel)
    give(panel, "10", "2")
    confirm(panel, "nobody moved")
    open_all(panel, "again")
    give(panel, "8", "7")
    confirm(panel, "both moved")

    assert [(one.reason, one.minutes) for one in rounds(panel)] == [
        ("talk it over", "nobody moved"), ("again", "both moved"),
    ]


def test_a_confirmation_without_a_talk_asks_for_no_minutes(panel, as_role):
    chief_actions.reopen_sheet(CHIEF, panel.contest.id, panel.sheet().id, "a slip")
    give(panel, "8", None)
    page = as_role("chief_judge", panel.contest).get(f"/contests/{panel.contest.id}/chief/risk/701").text

    assert "Handed in again, to be confirmed: 1" in page and 'name="minutes"' not in page
