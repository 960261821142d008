"""Two clerks and a third person: from the paper into the ledger, and never over a tablet's marks."""

import pytest
from sqlalchemy import text

from contest import clock
from contest.audit.models import TrailRow
from contest.audit.work import Actor
from contest.db import db
from contest.errors import Conflict, Invalid, NotAllowed
from contest.judging import chief_actions
from contest.judging.models import SheetRevision
from contest.judging.rules import Closed
from contest.paper import actions, queries
from contest.paper.models import PaperSheet
from contest.paper.rules import Choice, number_of
from contest.results import queries as results
from contest.setup import queries as setup
from contest.setup import stepping
from tests import factories
from tests.judging.panels import RISK, actor_of, make_panel, mark

TYPED = {"A1": ["8.5"], "A2": ["1"]}
OTHER = {"A1": ["8"], "A2": ["1"]}


@pytest.fixture
def panel(app):
    return make_panel()


def person(name):
    user = factories.make_user(name)
    return Actor(user.id, user.name)


@pytest.fixture
def clerks(panel):
    return person("甲统分"), person("乙统分"), person("丙统分")


def type_in(panel, actor, typed=TYPED, sheet=None):
    sheet = sheet or panel.sheet()
    actions.type_in(actor, panel.contest.id, sheet.id, typed)


def latest(sheet):
    return db.session.query(SheetRevision).filter_by(sheet_id=sheet.id, rev=sheet.rev).one()


def paper_of(sheet):
    return queries.latest_paper(sheet.id)


def settle(panel, actor, choices, is_chief=False, seen=None):
    sheet = panel.sheet()
    seen = sheet.rev if seen is None else seen
    actions.settle(actor, panel.contest.id, paper_of(sheet).id, choices, seen, is_chief)


BOTH = pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)


@BOTH
def test_what_two_clerks_read_alike_is_handed_in_with_both_names(app, panel, clerks):
    sheet = panel.sheet()
    actions.take_in(clerks[2], panel.contest.id, [sheet.id])
    type_in(panel, clerks[0])
    assert panel.sheet().state == "empty"

    type_in(panel, clerks[1], {"A1": ["８.50"], "A2": ["1"]})

    row = latest(panel.sheet())
    assert (row.kind, row.rev, row.marks, row.device) == ("submit", 1, RISK, "paper")
    assert (row.reason, row.units) == ("甲统分，乙统分", 165_000)
    assert queries.state_now(paper_of(sheet)) == "agreed"
    trail = db.session.query(TrailRow).order_by(TrailRow.id.desc()).first()
    assert (trail.did, trail.facts["clerks"]) == ("paper.second", ["甲统分", "乙统分"])


def test_the_first_entry_leaves_no_figures_in_the_trail(panel, clerks):
    type_in(panel, clerks[0])
    row = db.session.query(TrailRow).filter_by(did="paper.first").one()
    assert "8.5" not in str(row.facts)


def test_the_same_person_is_not_both_clerks_and_a_resend_is_no_second_entry(panel, clerks):
    type_in(panel, clerks[0])
    type_in(panel, clerks[0])  # the button was pressed twice
    assert len(paper_of(panel.sheet()).entries) == 1
    with pytest.raises(NotAllowed):
        type_in(panel, clerks[0], OTHER)
    type_in(panel, clerks[1])
    type_in(panel, clerks[1])  # and again after the sheet was stored
    assert panel.sheet().rev == 1


def test_judges_of_the_module_type_nothing_in(panel):
    for judge in panel.judges:
        with pytest.raises(NotAllowed):
            type_in(panel, actor_of(judge))


def test_a_difference_waits_for_a_third_person_with_a_reason(panel, clerks):
    type_in(panel, clerks[0])
    type_in(panel, clerks[1], OTHER)
    sheet = panel.sheet()
    assert (sheet.state, list(queries.unsettled(panel.contest.id))) == ("empty", ["mismatch"])
    for clerk in clerks[:2]:
        with pytest.raises(NotAllowed):
            settle(panel, clerk, {"A1": Choice("first", "看纸")})
    with pytest.raises(NotAllowed):
        settle(panel, actor_of(panel.judges[0]), {"A1": Choice("first", "看纸")})
    with pytest.raises(Invalid):
        settle(panel, clerks[2], {"A1": Choice("first", " ")})

    settle(panel, clerks[2], {"A1": Choice("first", "纸上是 8.5")})

    row = latest(panel.sheet())
    assert (row.marks, row.reason) == (RISK, "甲统分，乙统分: 纸上是 8.5")
    outcome = paper_of(sheet).outcome
    assert (outcome.kind, outcome.choices) == (
        "decided", {"A1": {"took": "first", "reason": "纸上是 8.5"}}
    )
    with pytest.raises(Conflict):
        settle(panel, clerks[2], {"A1": Choice("second", "再来")}, seen=1)


def test_what_neither_could_read_is_typed_by_the_third(panel, clerks):
    for clerk in clerks[:2]:
        type_in(panel, clerk, {"A1": ["?"], "A2": ["0"]})
    settle(panel, clerks[2], {"A1": Choice("typed", "问过裁判", "7")})
    assert latest(panel.sheet()).marks == {"A1": "7", "A2": {}}


@pytest.mark.parametrize("kind", ["draft", "submit"])
def test_marks_that_a_tablet_sent_meanwhile_are_never_overwritten(panel, clerks, kind):
    type_in(panel, clerks[0])
    mark(panel, {"A1": "3", "A2": {}}, kind)

    type_in(panel, clerks[1])

    sheet = panel.sheet()
    assert (sheet.rev, sheet.marks["A1"]) == (1, "3")
    assert list(queries.unsettled(panel.contest.id)) == ["overtaken"]
    choices = {key: Choice("first", "平板上是练习") for key in ("A1", "A2")}
    with pytest.raises(NotAllowed):
        settle(panel, clerks[2], choices)
    with pytest.raises(Conflict):
        settle(panel, clerks[2], choices, is_chief=True, seen=0)
    if kind == "submit":
        with pytest.raises(Closed):
            settle(panel, clerks[2], choices, is_chief=True)
        chief = factories.make_official("裁判长", "chief_judge", contest=panel.contest)
        chief_actions.reopen_sheet(chief, panel.contest.id, sheet.id, "纸上才是")
    settle(panel, clerks[2], choices, is_chief=True)
    assert panel.sheet().marks == RISK
    assert panel.sheet().state == ("submitted" if kind == "draft" else "resubmitted")


@BOTH
def test_marks_that_a_tablet_sent_before_the_paper_came_are_shown_and_never_overwritten(app, panel, clerks):
    mark(panel, {"A1": "9.5"}, "draft")
    actions.take_in(clerks[2], panel.contest.id, [panel.sheet().id])
    for clerk in clerks[:2]:
        type_in(panel, clerk, {"A1": ["2.5"], "A2": ["0"]})

    sheet = panel.sheet()
    assert (sheet.rev, sheet.state, sheet.marks) == (1, "draft", {"A1": "9.5"})
    assert list(queries.unsettled(panel.contest.id)) == ["mismatch"]
    page = queries.get_settle_page(paper_of(sheet))
    # The aspect that the tablet does not hold is agreed; of the other the third person sees all three.
    assert [one.line.aspect.key for one in page.differences] == ["A1"]
    assert [source for source, _, _ in page.differences[0].readings] == ["first", "second", "tablet"]
    assert page.holds_marks

    settle(panel, clerks[2], {"A1": Choice("tablet", "纸上是 9.5，录错")})

    assert latest(panel.sheet()).marks == {"A1": "9.5", "A2": {}}
    assert paper_of(sheet).outcome.choices["A1"]["took"] == "tablet"


def test_a_paper_that_says_what_the_tablet_sent_before_is_stored_at_once(panel, clerks):
    mark(panel, {"A1": "8.5"}, "draft")
    for clerk in clerks[:2]:
        type_in(panel, clerk)

    assert (panel.sheet().state, latest(panel.sheet()).marks) == ("submitted", RISK)
    assert queries.state_now(paper_of(panel.sheet())) == "agreed"


def test_a_paper_for_a_sheet_that_is_closed_is_refused(panel, clerks):
    mark(panel, RISK)
    for sheet_id in (panel.sheet().id, 4711):
        with pytest.raises(Invalid, match=number_of(sheet_id)):
            actions.take_in(clerks[0], panel.contest.id, [panel.sheet(1).id, sheet_id])
    assert queries.unsettled(panel.contest.id) == {}
    with pytest.raises(Closed):
        type_in(panel, clerks[0])


def test_a_paper_is_withdrawn_with_a_reason_and_another_one_may_come(panel, clerks):
    sheet = panel.sheet()
    assert actions.take_in(clerks[0], panel.contest.id, [sheet.id]) == 1
    assert actions.take_in(clerks[1], panel.contest.id, [sheet.id]) == 0
    paper = paper_of(sheet)
    with pytest.raises(Invalid):
        actions.withdraw(clerks[0], panel.contest.id, paper.id, " ")
    actions.withdraw(clerks[0], panel.contest.id, paper.id, "扫错了")
    with pytest.raises(Conflict):
        actions.withdraw(clerks[0], panel.contest.id, paper.id, "再来")
    assert queries.unsettled(panel.contest.id) == {}
    type_in(panel, clerks[0])
    assert paper_of(sheet).number == 2


def test_the_paper_of_a_sheet_that_was_taken_back_is_not_forgotten(panel, clerks):
    sheet = panel.sheet()
    type_in(panel, clerks[0])
    db.session.delete(sheet)
    db.session.commit()
    assert list(queries.unsettled(panel.contest.id)) == ["gone"]
    [row] = queries.list_papers(panel.contest.id)
    assert row.about is None
    actions.withdraw(clerks[1], panel.contest.id, row.id, "换了裁判")


@pytest.mark.parametrize("table", ["paper_sheet", "paper_entry", "paper_outcome"])
def test_the_database_keeps_what_the_clerks_typed(panel, clerks, table):
    type_in(panel, clerks[0])
    type_in(panel, clerks[1])
    with pytest.raises(Exception, match="append-only"):
        db.session.execute(text(f"DELETE FROM {table}"))
    db.session.rollback()


def test_a_contest_from_paper_has_the_results_of_the_tablets(panel, clerks):
    """Figure 57, small: every sheet of the panel typed in twice after total failure."""
    electronic = make_panel()
    marks = [("8.5", "1"), ("6", "0"), ("9.5", "3")]
    for at, (a1, count) in enumerate(marks):
        for seat in (1, 2):
            deductions = {} if count == "0" else {"0": int(count)}
            mark(electronic, {"A1": a1, "A2": deductions}, entrant=at, seat=seat)
            for clerk in clerks[:2]:
                type_in(panel, clerk, {"A1": [a1], "A2": [count]}, panel.sheet(at, seat))

    def figures(made):
        return [
            (row.place, {key: mark.text for key, mark in row.modules.items()})
            for row in results.standings(made.contest.id).rows
        ]

    assert figures(panel) == figures(electronic)


def test_nothing_is_published_while_a_paper_is_not_settled(panel, clerks):
    for entrant in range(3):
        for seat in (1, 2):
            mark(panel, RISK, entrant=entrant, seat=seat)
    late = paper_behind(panel, clerks[0])
    # From the scoring under codes the next step is decoding, which such a sheet holds up too.
    step = stepping.find_step(panel.contest, "decode", "decoded")
    with pytest.raises(Conflict, match="Sheets on paper that are not settled: 1"):
        stepping.check_clear(panel.contest, step)
    actions.withdraw(clerks[1], panel.contest.id, late.id, "平板已交")
    left = [note.text for note in setup.step_problems(panel.contest, step)]
    assert left != []
    assert not any("on paper" in text for text in left)


def paper_behind(panel, clerk):
    """A paper that came in before the tablet handed the sheet in."""
    paper = PaperSheet(
        contest_id=panel.contest.id, sheet_id=panel.sheet().id, number=1, base_rev=0,
        by_id=clerk.user_id, at=clock.now(),
    )
    db.session.add(paper)
    db.session.commit()
    return paper
