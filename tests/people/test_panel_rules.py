"""Panels: full, even, of people who know the field, with enough neutral reserves."""

from hypothesis import given
from hypothesis import strategies as st

from contest.people.panel_rules import Candidate, Panel, lacking_for, staff_panels
from contest.people.rules import Member, assign

FIELDS = ("safety", "equipment", "site")


@st.composite
def contests(draw):
    """Up to four panels and twelve judges of up to three organisations."""
    panels = [
        Panel(
            f"m{n}",
            f"M{n}",
            draw(st.integers(1, 3)),
            draw(st.sampled_from([(), *((f,) for f in FIELDS)])),
        )
        for n in range(draw(st.integers(1, 4)))
    ]
    fields = st.lists(st.sampled_from(FIELDS), max_size=2).map(tuple)
    judges = [
        Candidate(n, draw(st.one_of(st.none(), st.integers(1, 3))), specialities=draw(fields))
        for n in range(draw(st.integers(1, 12)))
    ]
    competing = [Member(n, n, f"O{n}") for n in (1, 2, 3)]
    return panels, judges, competing, draw(st.integers(0, 3))


@given(contests())
def test_every_panel_can_judge_everybody_or_the_organiser_is_told(contest):
    panels, judges, competing, reserves = contest
    found = staff_panels(*contest)
    answer, told = found.seats, [str(problem) for problem in found.problems]
    by_id = {judge.id: judge for judge in judges}
    for panel in panels:
        if panel.module_key not in answer:
            assert any(line.startswith(f"{panel.module} needs") for line in told)
            continue
        row = answer[panel.module_key]
        found = len(row) - panel.size
        assert found >= reserves or any(f"{panel.module}: {found} of {reserves}" in line for line in told)
        assert len(row) == len(set(row)) >= panel.size
        for judge in row:
            known = set(by_id[judge].specialities)
            assert not known or not panel.words or known & set(panel.words)
        if any(line.startswith(f"{panel.module}: entrants") for line in told):
            continue
        everybody = [Member(o.id, o.organisation_id, o.organisation) for o in competing]
        assert assign(everybody, [by_id[judge] for judge in row], panel.size)


@given(contests())
def test_the_same_contest_gives_the_same_panels(contest):
    first, second = staff_panels(*contest), staff_panels(*contest)

    assert first.seats == second.seats
    assert [str(one) for one in first.problems] == [str(one) for one in second.problems]


@given(st.integers(1, 4), st.integers(1, 5), st.integers(0, 15))
def test_equal_judges_are_on_as_few_panels_as_possible(count, size, more):
    panels = [Panel(f"m{n}", "", size) for n in range(count)]
    judges = [Candidate(n, None) for n in range(size + more)]

    answer = staff_panels(panels, judges, [], reserves=0).seats

    loads = [sum(judge.id in row for row in answer.values()) for judge in judges]
    assert sum(loads) == count * size
    assert max(loads) - min(loads) <= 1


def test_neutral_judges_hold_the_seats_and_others_wait_behind():
    judges = [Candidate(1, 5), Candidate(2, None), Candidate(3, 6), Candidate(4, 9)]

    answer = staff_panels([Panel("m", "M", 2)], judges, [Member(5, 5, "A"), Member(6, 6, "B")]).seats

    assert answer == {"m": [2, 4, 1, 3]}


def test_a_busy_judge_is_added_only_where_an_organisation_needs_it():
    panels = [Panel("a", "A", 2, ("x",)), Panel("b", "B", 2, ("y",))]
    judges = [
        Candidate(1, 5, specialities=("x",)),
        Candidate(2, None, specialities=("x",)),
        Candidate(3, None, specialities=("x", "y")),
        Candidate(4, None, specialities=("y",)),
    ]

    answer = staff_panels(panels, judges, [Member(5, 5, "A")]).seats

    assert answer == {"a": [2, 1, 3], "b": [3, 4]}


def told(*asked, **wishes):
    return [str(problem) for problem in staff_panels(*asked, **wishes).problems]


def test_too_few_who_know_the_field_are_counted_and_the_other_panels_are_filled():
    panels = [Panel("m", "消防", 3, ("safety",)), Panel("n", "点检", 1, ("x",))]
    judges = [Candidate(1, None, specialities=("Safety",)), Candidate(2, None, specialities=("x",))]

    found = staff_panels(panels, judges, [], reserves=0)

    assert [str(one) for one in found.problems] == ["消防 needs 2 more judges who know its field."]
    assert found.seats == {"n": [2]}


def test_an_organisation_with_too_few_neutral_judges_is_named():
    lines = told([Panel("m", "消防", 1)], [Candidate(1, 5)], [Member(5, 5, "海螺")], reserves=0)

    assert [line[:24] for line in lines] == ["消防: entrants of 海螺 need 1"[:24]]


def test_reserves_that_could_not_be_found_are_counted():
    judges = [Candidate(number, None) for number in range(4)]

    lines = told([Panel("m", "消防", 3)], judges, [], reserves=9)

    assert [line[:22] for line in lines] == ["消防: 1 of 9 reserves were"[:22]]


def test_lacking_counts_the_missing_reserves_of_one_organisation():
    row = [Candidate(1, 5), Candidate(2, 5), Candidate(3, None), Candidate(4, 5)]

    assert lacking_for(Member(5, 5), row[:2], row[2:]) == 1
    assert lacking_for(Member(6, 6), row[:2], row[2:]) == -2
