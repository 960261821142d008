"""Panels are filled by the rules or by hand, and say what they lack."""

import pytest

from contest.errors import Conflict, Invalid, Missing
from contest.people import desk_queries, panel_actions, panel_queries, queries
from tests.factories import (
    make_contest,
    make_entrant,
    make_judge,
    make_organisation,
    make_seat,
    make_team,
    plan_document,
)
from tests.judging.every_rule import make_every_rule


@pytest.fixture
def scoring(app):
    return make_contest()


def held(contest):
    return {key: [s.judge_id for s in row] for key, row in queries.seats(contest.id).items()}


def test_filling_replaces_what_was_there(scoring, petra, trail):
    judges = [make_judge(scoring) for _ in range(3)]
    make_seat(scoring, judges[2], 1)

    panel_actions.staff(petra, scoring.id)

    assert held(scoring) == {"risk": [judge.id for judge in judges]}
    assert trail() == ["panel.staff"]


def test_without_judges_nothing_is_filled(scoring, petra, trail):
    with pytest.raises(Conflict, match="no judges yet"):
        panel_actions.staff(petra, scoring.id)
    assert trail() == []


def test_too_few_judges_are_named_and_the_seats_stay(scoring, petra):
    judge = make_judge(scoring)
    make_seat(scoring, judge, 1)

    with pytest.raises(Conflict, match="Risk needs 1 more judges"):
        panel_actions.staff(petra, scoring.id)
    assert held(scoring) == {"risk": [judge.id]}


def test_seats_are_set_by_hand_in_their_order(scoring, petra, trail):
    first, second, third = (make_judge(scoring) for _ in range(3))

    panel_actions.set_seats(petra, scoring.id, "risk", [third.id, first.id, second.id])

    [line] = panel_queries.list_panels(scoring.id)
    assert [seat.judge_id for seat in line.seats] == [third.id, first.id]
    assert [seat.judge_id for seat in line.reserves] == [second.id]
    assert trail() == ["panel.seats"]


def test_what_cannot_be_a_panel_is_refused(scoring, petra, trail):
    judge, stranger = make_judge(scoring), make_judge(make_contest())

    with pytest.raises(Invalid):
        panel_actions.set_seats(petra, scoring.id, "risk", [judge.id, judge.id])
    with pytest.raises(Missing):
        panel_actions.set_seats(petra, scoring.id, "risk", [stranger.id])
    with pytest.raises(Missing):
        panel_actions.set_seats(petra, scoring.id, "paper", [judge.id])
    assert (held(scoring), trail()) == ({}, [])


def test_a_panel_says_for_which_organisation_judges_are_lacking(scoring):
    home = make_organisation("海螺水泥")
    make_entrant(scoring, organisation=home)
    for seat, organisation in enumerate((home, None), start=1):
        make_seat(scoring, make_judge(scoring, organisation=organisation), seat)

    [line] = panel_queries.list_panels(scoring.id)

    assert line.lacking == [("海螺水泥", 1)]
    assert not line.is_full


def test_the_desk_says_what_is_lacking_and_what_is_there(scoring):
    def sentences():
        return [note.text % note.params for note in desk_queries.desk_notes(scoring.id)]

    assert sentences() == [
        "Nobody is registered yet.", "There are no judges yet.", "Panels that still need judges: 1.",
    ]

    make_entrant(scoring)
    judges = [make_judge(scoring) for _ in range(2)]
    assert sentences()[1] == "Panels that still need judges: 1."

    for seat, judge in enumerate(judges, start=1):
        make_seat(scoring, judge, seat)
    make_judge(scoring)  # sits on no panel
    assert sentences()[1] == "Full panels: 1; judges on them: 2."


def test_the_desk_tells_of_small_teams_and_of_people_without_a_team(app):
    contest = make_contest(plan_document(teams={"method": "sum", "size": 2}))
    full, small = make_team(contest), make_team(contest)
    for team in (full, full, small, None):
        make_entrant(contest, team=team)

    found = {n.text % n.params for n in desk_queries.desk_notes(contest.id) if n.kind == "warn"}

    assert found == {
        "Teams with fewer than the plan's 2 members: 1.", "Contestants without a team: 1.",
    }


# Several panels of one module: seats are numbered panel after panel.


@pytest.fixture
def show(app):
    scene = make_every_rule(hand_out=False)
    return scene.contest, scene.judges


def line_of(contest, key="show"):
    return next(ln for ln in panel_queries.list_panels(contest.id) if ln.module.key == key)


def test_the_seats_of_each_panel_are_listed_one_after_the_other(show):
    contest, judges = show

    line = line_of(contest)

    assert [(bench.key, numbers) for bench, numbers in line.benches] == [
        ("d", [1, 2]), ("e", [3, 4]),
    ]
    assert (line.panel.size, line.is_full) == (4, True)


def test_an_empty_seat_of_one_panel_moves_nobody_to_another(show, petra):
    contest, (a, b, c, d) = show

    panel_actions.set_seats(petra, contest.id, "show", [a.id, None, c.id, b.id, None, d.id])

    line = line_of(contest)
    assert {number: seat.judge_id for number, seat in line.holders.items()} == {
        1: a.id, 3: c.id, 4: b.id,
    }
    assert [(seat.seat, seat.judge_id) for seat in line.reserves] == [(5, d.id)]
    assert line.places == [a.id, None, c.id, b.id, d.id]
    assert not line.is_full


def test_nobody_sits_on_two_panels_of_one_module(show, petra):
    contest, (a, b, c, _) = show

    with pytest.raises(Invalid, match="only one seat"):
        panel_actions.set_seats(petra, contest.id, "show", [a.id, b.id, a.id, c.id])


def test_filling_seats_every_panel_of_every_module(show, petra):
    contest, judges = show
    make_entrant(contest)

    panel_actions.staff(petra, contest.id, reserves=0)

    assert {key: len(row) for key, row in held(contest).items()} == {
        "jump": 2, "show": 4, "beauty": 3,
    }


def test_a_module_in_a_nested_part_belongs_to_its_stage(show):
    contest, _ = show
    found = panel_queries.judged_modules(contest.id, "final")

    assert [module.key for module in found] == ["jump", "show", "beauty"]


def test_a_refused_number_of_reserves_stays_on_the_page(scoring, as_role):
    browser, address = as_role("organiser", scoring), f"/contests/{scoring.id}/panels/staff"
    for _ in range(2):
        make_judge(scoring)

    for wrong in ("-1", "99", "many"):
        answer = browser.post(address, data={"reserves": wrong})
        assert answer.status_code == 422
        assert "The number of reserves a panel is from 0 to 9." in answer.text
    told = browser.post(address, data={"reserves": "9"}, follow_redirects=True).text

    assert "0 of 9 reserves were found" in told
    assert len(held(scoring)["risk"]) == 2
