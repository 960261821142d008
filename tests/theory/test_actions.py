"""Entering, correcting and importing theory scores."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from contest import clock
from contest.audit.models import TrailRow
from contest.audit.work import Actor
from contest.db import db
from contest.errors import Conflict, Invalid, Missing
from contest.people.models import PendingImport
from contest.setup import queries as setup
from contest.theory import actions, queries
from contest.theory.models import TheoryEntry
from contest.theory.rules import BadList
from tests import factories
from tests.theory.test_question_banks import make_final

CLERK = Actor(None, "clerk")
BOTH = pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)


@pytest.fixture
def contest(app):
    return factories.make_contest()


@pytest.fixture
def entrant(contest):
    return factories.make_entrant(contest, name="张伟", number="A001")


def enter(contest, entrant, typed, seen=0, reason="read wrongly", **how):
    return actions.enter_score(CLERK, contest.id, "paper", entrant.id, typed, seen, reason, **how)


def standing(contest, as_of=None):
    found = queries.scores(contest.id, as_of).get("paper", {})
    return {entrant_id: (row.state, row.units) for entrant_id, row in found.items()}


def trail():
    return list(db.session.scalars(select(TrailRow).order_by(TrailRow.id)))


def listed(*rows):
    lines = ["参赛号,姓名,成绩", *(",".join(row) for row in rows)]
    return "\n".join(lines).encode()


def test_a_score_stands_and_counts(contest, entrant):
    assert enter(contest, entrant, "８７．５")

    assert standing(contest) == {entrant.id: ("scored", 875_000)}
    assert contest.marks_version == 1
    assert trail()[-1].did == "theory.enter"


def test_a_correction_keeps_the_old_entry_and_tells_both(contest, entrant):
    enter(contest, entrant, "87.5")
    seen = queries.latest_entry_id(contest.id, "paper", entrant.id)

    enter(contest, entrant, "78.5", seen)

    assert standing(contest) == {entrant.id: ("scored", 785_000)}
    assert db.session.query(TheoryEntry).count() == 2
    assert trail()[-1].did == "theory.correct"
    assert (trail()[-1].facts["old"], trail()[-1].facts["new"]) == (
        ["scored", "87.5"], ["scored", "78.5"],
    )


def test_two_clerks_do_not_overwrite_each_other(contest, entrant):
    enter(contest, entrant, "87.5", 0)

    with pytest.raises(Conflict):
        enter(contest, entrant, "60", 0)

    assert standing(contest) == {entrant.id: ("scored", 875_000)}
    assert len(trail()) == 1


def test_absent_is_an_entry_without_points(contest, entrant):
    enter(contest, entrant, "缺考")

    assert standing(contest) == {entrant.id: ("absent", None)}


@pytest.mark.parametrize(("typed", "how"), [("90", {}), ("缺考", {}), ("", {"is_cleared": True})])
def test_a_recorded_score_changes_only_with_a_reason(contest, entrant, typed, how):
    enter(contest, entrant, "87.5")
    seen = queries.latest_entry_id(contest.id, "paper", entrant.id)

    for reason in (None, " ", "x" * 301):
        with pytest.raises(Invalid) as refused:
            enter(contest, entrant, typed, seen, reason, **how)
        assert "reason" in refused.value.fields
    assert standing(contest) == {entrant.id: ("scored", 875_000)}

    assert enter(contest, entrant, typed, seen, " sheets  swapped ", **how)
    assert trail()[-1].facts["reason"] == "sheets swapped"
    assert queries.history(contest.id, "paper", entrant.id)[0].reason == "sheets swapped"


def test_an_emptied_field_does_not_clear_a_score(contest, entrant):
    enter(contest, entrant, "87.5")

    with pytest.raises(Invalid):
        enter(contest, entrant, "", queries.latest_entry_id(contest.id, "paper", entrant.id))

    assert standing(contest) == {entrant.id: ("scored", 875_000)}


def test_there_is_nothing_to_clear_before_a_score(contest, entrant):
    with pytest.raises(Conflict):
        enter(contest, entrant, "", is_cleared=True)


def test_a_cleared_score_is_taken_back_not_erased(contest, entrant):
    enter(contest, entrant, "87.5")
    seen = queries.latest_entry_id(contest.id, "paper", entrant.id)
    enter(contest, entrant, "", seen, is_cleared=True)

    assert standing(contest) == {}
    assert trail()[-1].did == "theory.clear"
    assert db.session.query(TheoryEntry).count() == 2
    again = queries.latest_entry_id(contest.id, "paper", entrant.id)
    assert enter(contest, entrant, "90", again)


def test_the_same_score_again_changes_nothing(contest, entrant):
    enter(contest, entrant, "87.5")

    assert not enter(contest, entrant, "87.50",
                     queries.latest_entry_id(contest.id, "paper", entrant.id))
    assert len(trail()) == 1


@pytest.mark.parametrize("typed", ["", "NaN", "101", "1,5"])
def test_a_bad_score_is_refused_and_leaves_no_trace(contest, entrant, typed):
    with pytest.raises(Invalid):
        enter(contest, entrant, typed)

    assert standing(contest) == {}
    assert trail() == []
    assert contest.marks_version == 0


def test_a_module_with_sheets_takes_no_scores(contest, entrant):
    with pytest.raises(Missing):
        actions.enter_score(CLERK, contest.id, "risk", entrant.id, "3", 0)


def test_an_entrant_of_another_contest_is_missing(contest):
    stranger = factories.make_entrant(factories.make_contest())

    with pytest.raises(Missing):
        enter(contest, stranger, "50")


def test_scores_are_known_as_of_a_moment(contest, entrant):
    enter(contest, entrant, "87.5")
    then = clock.now()
    clock.stand_still(then + timedelta(minutes=5))
    enter(contest, entrant, "60", queries.latest_entry_id(contest.id, "paper", entrant.id))

    assert standing(contest, then) == {entrant.id: ("scored", 875_000)}
    assert standing(contest, then - timedelta(seconds=1)) == {}
    assert standing(contest) == {entrant.id: ("scored", 600_000)}


def test_a_list_is_stored_only_after_the_yes(contest, entrant):
    other = factories.make_entrant(contest, name="李娜", number="A002")
    data = listed(("A001", "张伟", "87.5"), ("A002", "李娜", "缺考"))

    pending_id = actions.upload_scores(CLERK, contest.id, "paper", data, "成绩.csv")
    assert standing(contest) == {}

    counts = actions.confirm_scores(CLERK, contest.id, "paper", pending_id)

    assert counts == {"new": 2, "changed": 0, "unchanged": 0}
    assert standing(contest) == {entrant.id: ("scored", 875_000), other.id: ("absent", None)}
    assert contest.marks_version == 1
    assert [row.did for row in trail()] == ["theory.upload", "theory.import"]
    with pytest.raises(Missing):
        actions.confirm_scores(CLERK, contest.id, "paper", pending_id)


def test_a_list_that_corrects_tells_old_and_new(contest, entrant):
    enter(contest, entrant, "80")
    pending_id = actions.upload_scores(
        CLERK, contest.id, "paper", listed(("A001", "张伟", "81")), "x.csv"
    )

    with pytest.raises(Invalid, match="why it changes"):
        actions.confirm_scores(CLERK, contest.id, "paper", pending_id)
    assert standing(contest) == {entrant.id: ("scored", 800_000)}
    actions.confirm_scores(CLERK, contest.id, "paper", pending_id, "marked anew")

    assert queries.history(contest.id, "paper", entrant.id)[0].reason == "marked anew"
    assert trail()[-1].facts["reason"] == "marked anew"
    assert trail()[-1].facts["corrected"] == {"A001": [["scored", "80"], ["scored", "81"]]}


def test_one_bad_cell_keeps_the_whole_list_out(contest, entrant):
    data = listed(("A001", "张伟", "87.5"), ("A009", "谁", "50"))

    with pytest.raises(BadList) as refused:
        actions.upload_scores(CLERK, contest.id, "paper", data, "x.csv")

    assert refused.value.problems[0].row == 3
    assert db.session.query(PendingImport).count() == 0
    assert trail() == []


def test_a_stage_that_is_over_takes_no_scores(app):
    plan = factories.plan_document(
        stages=[
            {"key": "first", "name": "初赛"},
            {"key": "final", "name": "决赛", "carry_percent": 0},
        ],
    )
    plan["parts"].append({"key": "online", "stage": "first", "name": "网上", "weight": 100})
    plan["modules"].append(
        {"key": "quiz", "part": "online", "name": "答题", "weight": 100, "max": 100,
         "entry": "scores", "kind": "theory"}
    )
    contest = factories.make_contest(plan)  # the last stage is being held
    entrant = factories.make_entrant(contest)

    with pytest.raises(Conflict, match="over"):
        actions.enter_score(Actor(None, "clerk"), contest.id, "quiz", entrant.id, "80", 0)

    assert actions.enter_score(Actor(None, "clerk"), contest.id, "paper", entrant.id, "80", 0)


def is_frozen(contest):
    return setup.is_frozen(contest.id)


def test_the_first_score_freezes_the_plan(contest, entrant):
    assert not is_frozen(contest)

    enter(contest, entrant, "87.5")

    assert is_frozen(contest)


def test_an_imported_list_freezes_the_plan(contest, entrant):
    pending = actions.upload_scores(
        CLERK, contest.id, "paper", listed((entrant.number, "张伟", "80")), "scores.csv"
    )
    assert not is_frozen(contest)

    actions.confirm_scores(CLERK, contest.id, "paper", pending)

    assert is_frozen(contest)


def _confirm_of(contest, entrant):
    data = listed((entrant.number, "张伟", "80"))
    pending = actions.upload_scores(CLERK, contest.id, "paper", data, "x.csv")
    return lambda contest_id, _entrant_id: actions.confirm_scores(CLERK, contest_id, "paper", pending)


def _enter_of(_contest, _entrant):
    return lambda contest_id, entrant_id: actions.enter_score(
        CLERK, contest_id, "paper", entrant_id, "80", 0
    )


WAYS = pytest.mark.parametrize("way", [_enter_of, _confirm_of])


@BOTH
@WAYS
def test_nobody_makes_results_final_between_the_check_and_the_score(app, contest, entrant, monkeypatch, way):
    act, contest_id, entrant_id, got_through = way(contest, entrant), contest.id, entrant.id, []
    db.session.rollback()
    check = actions.check_open

    def then_publish(row):
        check(row)
        got_through.append(make_final(contest_id))

    monkeypatch.setattr(actions, "check_open", then_publish)

    assert act(contest_id, entrant_id)
    assert got_through == [False]


@pytest.mark.parametrize("app", ["postgres"], indirect=True)
@WAYS
def test_a_contest_that_became_final_since_it_was_read_takes_no_score(app, contest, entrant, way):
    act, contest_id, entrant_id = way(contest, entrant), contest.id, entrant.id
    assert contest.takes_marks and make_final(contest_id)

    with pytest.raises(Conflict, match="being judged"):
        act(contest_id, entrant_id)
    assert standing(contest) == {}
