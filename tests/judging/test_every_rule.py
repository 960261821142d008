"""Every kind of mark and every kind of panel, from a judge's operation to the ledger."""

from fractions import Fraction

import pytest
from sqlalchemy import select

from contest.audit.models import TrailRow
from contest.audit.work import Actor
from contest.db import db
from contest.errors import Conflict, Invalid, Missing
from contest.judging import (
    actions,
    chief_actions,
    confirm_actions,
    desk_queries,
    rules,
    sheet_queries,
    side_queries,
)
from contest.judging.lines import read_sheet
from contest.judging.models import Sheet, SheetRevision
from contest.people.models import PanelSeat
from contest.results.queries import standings
from contest.scoring.marks import read_sheet as read_marks
from contest.scoring.scheme_reading import plan_from
from tests.judging.every_rule import (
    DIFFICULTY,
    EXECUTION,
    FULL,
    FULL_TOTAL,
    every_rule,
    make_every_rule,
)
from tests.judging.panels import mark

CHIEF = Actor(None, "chief")
PLAN = plan_from(every_rule())


@pytest.fixture
def scene(app):
    return make_every_rule()


def answer(scene, marks, **where):
    """What the server says of a draft."""
    where.setdefault("module", "jump")
    return mark(scene, marks, "draft", **where)


def test_a_full_sheet_of_every_kind_is_stored_and_adds_up_as_the_scoring_says(scene):
    found = mark(scene, FULL, module="jump")

    assert (found.state, found.missing, found.total) == ("submitted", (), FULL_TOTAL)
    assert found.points["B2"] == "999.00"
    [revision] = db.session.scalars(select(SheetRevision))
    assert revision.units == 10_875_200
    assert revision.marks == {**FULL, "B2": "10.4"}
    _, given = read_marks(PLAN.module("jump"), revision.marks)
    assert given.all()


@pytest.mark.parametrize(
    ("typed", "stands", "counting", "void", "points"),
    [
        (["5.87", "x", "6.02"], "6.02", [2], False, "6.02"),
        (["5.87"], "5.87", [0], False, "5.87"),
        (["x", "×", None], "", [], True, "0.00"),
        ([None, "6"], "6", [1], False, "6.00"),
    ],
)
def test_the_best_attempt_stands_and_void_ones_earn_nothing(
    scene, typed, stands, counting, void, points
):
    found = answer(scene, {"A1": typed})

    assert found.notes["A1"] == {"stands": stands, "void": void, "counting": counting}
    assert found.points == {"A1": points}
    assert len(found.marks["A1"]) == 3


def test_a_sum_waits_for_every_attempt_and_leaves_the_worst_out(scene):
    waiting = answer(scene, {"A2": ["8", "x", "9.5", None]})
    assert ("A2" in waiting.missing, waiting.points) == (True, {})
    assert waiting.notes["A2"]["stands"] == ""

    given = answer(scene, {"A2": ["8", "x", "9.5", "10"]})
    assert given.notes["A2"] == {"stands": "27.5", "void": False, "counting": [0, 2, 3]}
    assert given.points["A2"] == "27.50"

    twice = answer(scene, {"A2": ["8", "x", "x", "10"]})
    assert (twice.notes["A2"]["void"], twice.points["A2"]) == (True, "0.00")


def test_attempts_out_of_range_are_refused_with_the_range(scene):
    with pytest.raises(Invalid) as refused:
        answer(scene, {"A2": ["10.5"]})
    assert "between 0 and 10" in str(refused.value.fields["A2"])
    with pytest.raises(Invalid):
        answer(scene, {"A1": ["1", "2", "3", "4"]})


def test_a_grade_is_one_of_the_plans_and_a_rank_a_whole_number(scene):
    assert answer(scene, {"A3": "C"}).points == {"A3": "9.50"}
    with pytest.raises(Invalid, match="cannot be taken"):
        answer(scene, {"A3": "E"})

    assert answer(scene, {"R1": "３"}, module="beauty").marks == {"R1": 3}
    with pytest.raises(Invalid):
        answer(scene, {"R1": "0"}, module="beauty")


def test_a_reason_takes_the_item_and_a_key_item_the_whole_sheet(scene):
    found = answer(scene, {**FULL, "B1": {"1": 1}})

    assert found.notes["B1"] == {"lost": True, "missed": True}
    assert (found.points["B1"], found.total, found.is_lost) == ("0.00", "0.00", True)

    of_module = answer(scene, {**FULL, "C2": [False, False]})
    assert of_module.notes["C2"] == {"missed": True}
    assert not of_module.is_lost and of_module.total == "1082.52"


def test_what_a_time_earns_may_exceed_the_top_or_fall_below_zero(scene):
    assert answer(scene, {"B3": "9"}).points == {"B3": "15.00"}
    slow = answer(scene, {"B3": "200"})
    assert (slow.points, slow.total) == ({"B3": "-4.00"}, "-4.00")


def test_a_measured_value_may_have_failed(scene):
    found = answer(scene, {"B2": "×"})

    assert (found.marks, found.points, found.notes["B2"]) == (
        {"B2": "x"}, {"B2": "0.00"}, {"void": True},
    )


def test_the_sum_of_a_sheet_is_rounded_where_the_plan_rounds_sheets():
    document = every_rule()
    document["rounding"]["steps"] = ["sheet", "module"]
    document["rounding"]["own"] = [{"step": "sheet", "places": 1, "mode": "down"}]
    plan = plan_from(document)

    reading = read_sheet(plan.module("jump"), FULL, plan.rounding)

    assert reading.total == "1087.5"
    assert rules.sheet_sum(plan.module("jump"), plan.rounding, {"A1": Fraction(60_900)}) == 60_000


# Several panels of one module.


def test_each_seat_has_the_criteria_of_its_own_panel_and_nothing_else(scene):
    d, e = (scene.sheet(module="show", seat=seat) for seat in (1, 3))
    page = sheet_queries.get_sheet_page(d.id, d.judge.user_id)
    assert [line.aspect.key for line in page.reading.lines] == ["D1"]
    assert (page.reading.count, page.reading.top) == (1, "10")
    page = sheet_queries.get_sheet_page(e.id, e.judge.user_id)
    assert [line.aspect.key for line in page.reading.lines] == ["E1", "E2"]

    assert mark(scene, DIFFICULTY, module="show").missing == ()
    assert mark(scene, {"E1": "8"}, "draft", seat=3, module="show").missing == ("E2",)
    with pytest.raises(Invalid, match="Not yet marked: 1"):
        mark(scene, {"E1": "8"}, seat=4, module="show")


def test_another_panels_aspect_is_refused(scene):
    with pytest.raises(Invalid, match="not on this sheet"):
        mark(scene, {**DIFFICULTY, "E1": "8"}, "draft", module="show")
    assert db.session.query(SheetRevision).count() == 0


def test_marks_of_two_panels_make_one_mark(scene):
    for seat in (1, 2):
        mark(scene, DIFFICULTY, seat=seat, module="show")
    for seat in (3, 4):
        mark(scene, EXECUTION, seat=seat, module="show")

    [row] = [r for r in standings(scene.contest.id).rows if r.number == scene.entrants[0].number]
    assert row.modules["show"].text == "20.70"  # 6.5 + (8.2 + 6)


def test_sheets_are_not_handed_out_while_a_seat_of_one_panel_is_empty(app):
    scene = make_every_rule(hand_out=False)
    empty = db.session.query(PanelSeat).filter_by(
        contest_id=scene.contest.id, module_key="show", seat=2
    )
    empty.delete()
    db.session.commit()

    with pytest.raises(Conflict, match="Floor, Difficulty: the panel needs 2 judges and has 1"):
        actions.hand_out_sheets(CHIEF, scene.contest.id)
    assert db.session.query(Sheet).count() == 0


def test_a_seat_is_struck_out_within_its_own_panel(scene):
    chief_actions.excuse_seat(
        CHIEF, scene.contest.id, scene.sheet(module="show", seat=1).id, "ill"
    )
    with pytest.raises(Conflict, match="last sheet of a panel"):
        chief_actions.excuse_seat(
            CHIEF, scene.contest.id, scene.sheet(module="show", seat=2).id, "ill"
        )


def test_the_desk_groups_the_seats_by_panel(scene):
    mark(scene, DIFFICULTY, module="show")
    mark(scene, {"D1": "1"}, seat=2, module="show")
    mark(scene, EXECUTION, seat=3, module="show")
    mark(scene, {**EXECUTION, "E1": "9.3"}, seat=4, module="show")

    matrix = desk_queries.matrix(scene.contest.id, "show")

    assert [(p.key, [s.number for s in seats]) for p, seats in matrix.panels] == [
        ("d", [1, 2]), ("e", [3, 4]),
    ]
    [row] = [row for row in matrix.rows if row.entrant_id == scene.entrants[0].id]
    # Only the second panel has a spread in the plan, and each is looked at by itself.
    assert [(b.gap, b.odd) for b in row.benches] == [("5.50", False), ("1.10", True)]
    assert row.gap == "1.10"


# Marking again.


def far_apart(scene):
    """Both judges of jump hand in, two steps apart in C1."""
    mark(scene, FULL, module="jump")
    mark(scene, {**FULL, "C1": 0}, seat=2, module="jump")


def test_judgements_far_apart_are_a_state_of_their_own_and_keep_the_module_open(scene):
    far_apart(scene)

    matrix = desk_queries.matrix(scene.contest.id, "jump", "again")

    assert matrix.counts["again"] == 1
    [row] = matrix.rows
    assert [a.key for a in row.benches[0].again] == ["C1"]
    assert [cell.shown for cell in row.cells] == ["again", "again"]
    figure = standings(scene.contest.id).rows[0].modules["jump"]
    assert not figure.done
    notes = [note.text % note.params for note in desk_queries.desk_notes(scene.contest.id)]
    assert any("marked again" in text and text.endswith("1.") for text in notes)


def test_the_chief_opens_all_sheets_of_the_panel_in_one_act(scene):
    far_apart(scene)
    contest_id, entrant_id = scene.contest.id, scene.entrants[0].id

    opened = chief_actions.mark_again(CHIEF, contest_id, "jump", entrant_id, "", "two steps")

    assert opened == 2
    for seat in (1, 2):
        sheet = scene.sheet(module="jump", seat=seat)
        assert (sheet.state, sheet.marks["A1"]) == ("reopened", FULL["A1"])
        page = sheet_queries.get_sheet_page(sheet.id, sheet.judge.user_id)
        assert (page.is_open, page.reason) == (True, "two steps")
    trail = db.session.scalars(select(TrailRow).order_by(TrailRow.id)).all()[-1]
    assert (trail.did, trail.facts["aspects"]) == ("sheets.mark_again", ["C1"])

    for seat in (1, 2):
        mark(scene, FULL, seat=seat, module="jump")
    counts = desk_queries.matrix(contest_id, "jump").counts
    assert (counts["again"], counts["waiting"]) == (0, 1)
    assert not standings(contest_id).rows[0].modules["jump"].done
    sheets = [scene.sheet(module="jump", seat=seat) for seat in (1, 2)]
    seen = {sheet.id: sheet.rev for sheet in sheets}
    assert confirm_actions.confirm_sheets(CHIEF, contest_id, "jump", entrant_id, seen) == 2
    assert standings(contest_id).rows[0].modules["jump"].done


def test_a_panel_that_agrees_does_not_mark_again(scene):
    mark(scene, FULL, module="jump")
    mark(scene, {**FULL, "C1": 1}, seat=2, module="jump")
    again = (CHIEF, scene.contest.id, "jump", scene.entrants[0].id)

    with pytest.raises(Conflict, match="not too far apart"):
        chief_actions.mark_again(*again, "", "why")
    with pytest.raises(Missing):
        chief_actions.mark_again(*again, "z", "why")


def test_marking_again_needs_a_reason_and_leaves_the_other_panel_alone(scene):
    mark(scene, DIFFICULTY, module="show")
    mark(scene, EXECUTION, seat=3, module="show")
    mark(scene, {**EXECUTION, "E2": 0}, seat=4, module="show")
    again = (CHIEF, scene.contest.id, "show", scene.entrants[0].id, "e")

    with pytest.raises(Invalid):
        chief_actions.mark_again(*again, " ")
    assert chief_actions.mark_again(*again, "apart") == 2
    states = [scene.sheet(module="show", seat=seat).state for seat in (1, 2, 3, 4)]
    assert states == ["submitted", "empty", "reopened", "reopened"]


def test_who_no_longer_takes_part_need_not_be_marked_again(scene):
    far_apart(scene)
    chief_actions.set_state(
        CHIEF, scene.contest.id, scene.entrants[0].id, "disqualified", "left the hall"
    )

    assert desk_queries.matrix(scene.contest.id, "jump").counts["again"] == 0


# Ranks.


def test_the_desk_shows_ranks_and_no_gap_between_them(scene):
    mark(scene, {"R1": "2"}, module="beauty")
    mark(scene, {"R1": "3"}, seat=2, module="beauty")

    [row] = [row for row in desk_queries.matrix(scene.contest.id, "beauty").rows
             if row.entrant_id == scene.entrants[0].id]
    assert [cell.total for cell in row.cells] == ["2", "3", None]
    assert (row.gap, row.odd) == (None, False)


def test_a_judge_sees_the_ranks_given_so_far_and_that_one_was_given_twice(scene):
    for entrant, rank in ((0, "2"), (1, "2"), (2, "1")):
        mark(scene, {"R1": rank}, "submit" if entrant else "draft", entrant=entrant,
             module="beauty")
    numbers = [entrant.number for entrant in scene.entrants]

    [group] = [g for g in sheet_queries.my_sheets(scene.judges[0].user_id)
               if g.module.key == "beauty"]

    assert group.gives_ranks
    assert [(r, sorted(codes)) for r, codes in group.ranked] == [
        (1, [numbers[2]]), (2, sorted(numbers[:2])),
    ]
    also = {row.code: row.also for row in group.rows}
    assert also == {numbers[0]: (numbers[1],), numbers[1]: (numbers[0],), numbers[2]: ()}
    sheet = scene.sheet(module="beauty")
    page = sheet_queries.get_sheet_page(sheet.id, sheet.judge.user_id)
    assert page.ranks == {"2": [numbers[1]], "1": [numbers[2]]}
    assert page.reading.rank == "2"


def test_where_places_go_by_group_each_group_has_a_first(app):
    document = every_rule()
    document["ranking"]["by_group"] = True
    scene = make_every_rule(document=document)
    for entrant, group in zip(scene.entrants, ("工人", "学生", "学生"), strict=True):
        entrant.group = group
    db.session.commit()
    for entrant in range(3):
        mark(scene, {"R1": "1"}, entrant=entrant, module="beauty")

    [group] = [g for g in sheet_queries.my_sheets(scene.judges[0].user_id)
               if g.module.key == "beauty"]

    numbers = [entrant.number for entrant in scene.entrants]
    assert {row.code: row.also for row in group.rows} == {
        numbers[0]: (), numbers[1]: (numbers[2],), numbers[2]: (numbers[1],),
    }


def test_the_side_by_side_page_shows_each_panels_own_aspects(scene):
    mark(scene, DIFFICULTY, module="show")

    side = side_queries.side_by_side(scene.contest.id, "show", scene.entrants[0].number)

    assert [[a.key for a in part.aspects] for part in side.panels] == [["D1"], ["E1", "E2"]]
    assert [sheet.seat for sheet in side.sheets] == [1, 2, 3, 4]
