"""What the public reads of single modules and of organisations."""

from datetime import timedelta

from contest import clock
from contest.board import queries
from contest.board.module_rules import module_places, phase
from contest.results.standing_rows import Figure
from tests import factories
from tests.board.crowds import crowd_plan, give, make_crowd
from tests.board.test_queries import board_of, drawn
from tests.judging.panels import open_codes
from tests.results.scenes import make_scene


class Row:
    def __init__(self, entrant_id, text, note="", state="normal", group=""):
        self.entrant_id, self.state, self.group = entrant_id, state, group
        self.modules = {"m": Figure(text, text is not None, note)}


def test_equal_marks_share_a_place_and_the_next_is_left_out():
    rows = [Row(1, "9.50"), Row(2, "10.00"), Row(3, "9.50"), Row(4, "-1.00")]

    assert module_places(rows, "m", False, "high") == {2: 1, 1: 2, 3: 2, 4: 4}


def test_less_is_better_where_the_plan_says_so():
    assert module_places([Row(1, "9.50"), Row(2, "10.00")], "m", False, "low") == {1: 1, 2: 2}


def test_who_has_no_mark_or_is_out_has_no_place():
    rows = [
        Row(1, None), Row(2, "0.00", "absent"), Row(3, "0.00", "void"), Row(4, "0.00", "no_result"),
        Row(5, "8.00", state="disqualified"), Row(6, "8.00", state="withdrawn"), Row(7, "0.00"),
    ]

    assert module_places(rows, "m", False, "high") == {7: 1}


def test_groups_are_ranked_apart_where_the_plan_does():
    rows = [Row(1, "9.00", group="a"), Row(2, "8.00", group="b"), Row(3, "7.00", group="a")]

    assert module_places(rows, "m", True, "high") == {1: 1, 3: 2, 2: 1}
    assert module_places(rows, "m", False, "high") == {1: 1, 2: 2, 3: 3}


def test_a_line_says_how_far_it_has_come():
    assert phase("normal", False, 0) == "waiting"
    assert phase("normal", False, 2) == "scoring"
    assert phase("normal", True, 4) == "finished"
    assert phase("normal", False, 3, 4) == "scoring"
    # Under codes the total waits for more than the board shows: "being scored 4/4" would be no sense.
    assert phase("normal", False, 4, 4) == "finished"
    assert phase("normal", False, 2, 0) == "scoring"  # a team has no columns of its own
    assert phase("unranked", True, 4) == phase("absent", False, 0) == "out"


def test_each_module_has_its_own_ranking_and_progress(app):
    contest, _ = make_crowd(8, unfinished=2)

    board = queries.public_board(contest.slug, clock.now())

    assert [module.key for module in board.modules] == ["paper", "risk", "drill", "talk"]
    assert [(module.done, module.expected) for module in board.modules] == [(8, 8), *[(6, 8)] * 3]
    assert [number for number, _ in board.modules[1].waiting] == ["A007", "A008"]
    by_risk = board.by_module(1)
    marks = [float(row.cells[1].text) for row in by_risk[:6]]
    assert marks == sorted(marks, reverse=True)
    assert [row.cells[1].place for row in by_risk] == [1, 2, 3, 4, 5, 6, None, None]


def test_places_are_compared_with_the_end_of_the_last_round(app):
    contest, entrants = make_crowd(3, unfinished=3)  # the paper is over: 95, 88, 81
    clock.stand_still(clock.now() + timedelta(hours=2))
    give(contest, entrants[2], "risk", 100)

    board = queries.public_board(contest.slug, clock.now())

    assert board.moved_since == "paper"
    assert {row.number: row.moved for row in board.rows} == {"A003": 2, "A001": -1, "A002": -1}
    clock.stand_still(clock.now() + timedelta(hours=2))
    for entrant in entrants[:2]:
        give(contest, entrant, "risk", 0)
    clock.stand_still(clock.now() + timedelta(hours=2))
    give(contest, entrants[2], "drill", 1)
    board = queries.public_board(contest.slug, clock.now())
    assert board.moved_since == "risk"
    assert {row.moved for row in board.rows} == {0}


def test_the_newest_marks_of_a_module_are_its_own(app):
    contest, entrants = make_crowd(8, unfinished=2)
    give(contest, entrants[7], "drill", 77)

    board = queries.public_board(contest.slug, clock.now())

    assert board.modules[2].news[0].mark == "77.00"
    assert all(news.module.key == "drill" for news in board.modules[2].news)
    assert board.modules[2].waiting == (("A007", entrants[6].human.name),)


def test_organisations_are_public_only_where_the_plan_has_their_table(app):
    with_table, _ = make_crowd(8, unfinished=0)
    plan = crowd_plan()
    del plan["organisations"]
    without, _ = make_crowd(8, unfinished=0, slug="without", document=plan)

    board = queries.public_board(with_table.slug, clock.now())
    assert [award.key for award in board.awards] == ["first", "second", "third"]
    assert sum(sum(line.counts) for line in board.organisations) == 8
    places = [line.place for line in board.organisations]
    assert places == sorted(places) and places[0] == 1
    assert queries.public_board(without.slug, clock.now()).organisations == ()


def test_a_hidden_module_shows_neither_marks_nor_who_is_still_to_come(app):
    """Theory under names, more practical modules than blind ones: the blind one stays shut."""
    document = factories.plan_document(
        organisations={"points": [{"award": "first", "points": 4}], "order": "points"}
    )
    open_module = {**document["modules"][1], "key": "open", "name": "公开", "blind": False, "weight": 50}
    third = {**open_module, "key": "third", "name": "再一项", "weight": 20}
    document["modules"][1]["weight"] = 30
    document["modules"] += [open_module, third]
    scene = drawn(make_scene(3, document=document))
    for entrant in range(3):
        scene.theory(entrant, 60 + entrant)
        for seat in (1, 2):
            scene.submit(entrant, seat, 4, module="open")
            scene.submit(entrant, seat, 5, module="third")
    scene.submit(0, 1, 5)
    scene.submit(0, 2, 5)
    scene.sheet(1, 1)

    board = board_of(scene)

    assert not board.by_code and board.organisations == ()
    [hidden] = [module for module in board.modules if module.is_hidden]
    assert (hidden.key, hidden.done, hidden.expected, hidden.news, hidden.waiting) == ("risk", 0, 0, (), ())
    at = [column.key for column in board.columns].index("risk")
    assert {(row.cells[at].text, row.cells[at].note, row.cells[at].place) for row in board.rows} == {
        (None, "blind", None)
    }
    for entrant, seat in ((0, 1), (0, 2), (1, 1), (1, 2), (2, 1), (2, 2)):
        scene.submit(entrant, seat, 5)
    open_codes(scene.contest)
    assert not any(module.is_hidden for module in board_of(scene).modules)
