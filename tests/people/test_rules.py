"""Who judges whom: never one's own people, evenly, and the same each time."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.errors import Conflict, Invalid
from contest.people import rules
from contest.people.rules import Member, assign, spread


@st.composite
def panels(draw):
    """A panel of up to five seats with reserves, and entrants of up to four organisations."""
    size = draw(st.integers(1, 5))
    homes = st.one_of(st.none(), st.integers(1, 4))
    judges = [
        Member(100 + n, home)
        for n, home in enumerate(draw(st.lists(homes, min_size=size, max_size=size + 4)))
    ]
    entrants = [
        Member(n, home) for n, home in enumerate(draw(st.lists(st.integers(1, 4), max_size=14)))
    ]
    return entrants, judges, size


@given(panels())
def test_nobody_judges_the_own_organisation_and_every_seat_is_held(panel):
    entrants, judges, size = panel
    homes = {judge.id: judge.organisation_id for judge in judges}
    try:
        answer = assign(entrants, judges, size)
    except Conflict:
        neutral = [sum(homes[j.id] != e.organisation_id for j in judges) for e in entrants]
        assert min(neutral) < size
        return
    for entrant in entrants:
        row = answer[entrant.id]
        assert len(row) == len(set(row)) == size
        assert all(homes[judge] != entrant.organisation_id for judge in row)


@given(panels())
def test_a_holder_keeps_the_seat_where_it_may(panel):
    entrants, judges, size = panel
    try:
        answer = assign(entrants, judges, size)
    except Conflict:
        return
    for entrant in entrants:
        for seat, judge in enumerate(judges[:size]):
            if judge.organisation_id != entrant.organisation_id:
                assert answer[entrant.id][seat] == judge.id


@given(panels())
def test_the_same_panel_gives_the_same_answer(panel):
    try:
        first = assign(*panel)
    except Conflict:
        return
    assert assign(*panel) == first


@given(st.integers(1, 4), st.integers(0, 20), st.integers(1, 4))
def test_neutral_reserves_differ_by_one_entrant_at_most(size, count, reserves):
    judges = [Member(n, 1) for n in range(1, size + 1)]
    judges += [Member(100 + n, None) for n in range(max(reserves, size))]
    answer = assign([Member(n, 1) for n in range(count)], judges, size)

    loads = [sum(judge.id in row for row in answer.values()) for judge in judges[size:]]
    assert max(loads) - min(loads) <= 1
    assert sum(loads) == size * count


@given(
    st.lists(st.sets(st.integers(0, 3), min_size=1), min_size=1, max_size=5),
    st.dictionaries(st.integers(0, 3), st.integers(0, 3)),
)
def test_no_other_choice_is_more_even(may, loads):
    people = [0, 1, 2, 3]
    free = {task: sorted(those) for task, those in enumerate(may)}
    chosen = spread(dict.fromkeys(free, 1), free, people, loads)

    def unevenness(choice):
        totals = dict.fromkeys(people, 0) | loads
        for person in choice:
            totals[person] += 1
        return sum(total**2 for total in totals.values())

    best = min(unevenness(choice) for choice in product(*free.values()))
    assert unevenness([row[0] for row in chosen.values()]) == best


def test_the_refusal_names_module_organisation_and_number():
    judges = [Member(1, 7), Member(2, 7), Member(3, 7), Member(4, None)]

    with pytest.raises(Conflict) as refused:
        assign([Member(9, 7, "海螺水泥")], judges, 3, module="消防")

    assert str(refused.value) == (
        "消防: entrants of 海螺水泥 need 2 more judges from other organisations on the panel. Add a "
        "reserve to this panel on the page “Panels”, and hand the sheets out again."
    )


def test_where_a_recusal_is_the_reason_the_refusal_says_so():
    judges = [Member(1, 7, avoids=frozenset({("entrant", 9)})), Member(2, None)]

    with pytest.raises(Conflict, match="recusal about an entrant of 海螺水泥.*missing: 1. Add a reserve"):
        assign([Member(9, 8, "海螺水泥"), Member(10, 8, "海螺水泥")], judges, 2, module="消防")


def test_a_panel_that_is_not_full_is_refused():
    with pytest.raises(Conflict, match="needs 3 judges and has 1"):
        assign([], [Member(1, None)], 3)


def test_a_judge_without_an_organisation_may_judge_everybody():
    assert rules.may_judge(None, 3)
    assert rules.may_judge(2, 3)
    assert not rules.may_judge(3, 3)


@pytest.mark.parametrize(
    ("old", "new", "reason", "module", "field"),
    [
        ("normal", "absent", "  ", "", "reason"),
        ("normal", "normal", "x", "", "state"),
        ("normal", "gone", "x", "", "state"),
        ("normal", "disqualified", "x", "risk", "state"),
    ],
)
def test_a_state_needs_a_name_a_change_and_a_reason(old, new, reason, module, field):
    with pytest.raises(Invalid) as refused:
        rules.check_state_change(old, new, reason, module)

    assert list(refused.value.fields) == [field]


def test_a_withdrawal_with_a_reason_is_taken():
    rules.check_state_change("normal", "withdrawn", "伤病")


@pytest.mark.parametrize("codes", [
    ["A9", "A10", "A10a", "A101", "B1"], ["2-07", "2-11", "10-01"], ["", "7", "007a", "101"],
    ["A", "A1", "B", "–"],
])
def test_numbers_stand_in_the_order_of_a_person(codes):
    assert sorted(reversed(codes), key=rules.number_order) == codes
