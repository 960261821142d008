"""Order numbers as ranges: what is a hole, what is none, and what an excuse covers."""

import random

import pytest

from contest.errors import Conflict
from contest.judging import number_rules as rules
from contest.judging.number_rules import DENIED, LOST, UNSENT, OwnNumbers, Told

RISK, DRILL = 7, 8
HERE = ((1, 10),)


def told(made=10, accepted=(), waiting=(), refused=(), contest=RISK, more=(), others=()):
    return Told(made, (OwnNumbers(contest, accepted, waiting, refused), *more), others)


def numbers(ranges):
    return {number for first, last in ranges for number in range(first, last + 1)}


def test_ranges_are_sets_of_numbers_written_shortly():
    chance = random.Random(5)
    for _ in range(500):
        one, other = ({chance.randint(1, 40) for _ in range(chance.randint(0, 25))} for _ in range(2))
        first, second = rules.ranges_of(one), rules.ranges_of(other)
        assert numbers(first) == one
        assert all(before[1] + 1 < after[0] for before, after in zip(first, first[1:], strict=False))
        assert rules.without(first, second) == rules.ranges_of(one - other)
        assert rules.merged([*first, *second]) == rules.ranges_of(one | other)
        # Also where what is given is in no order and overlaps.
        loose = [*second, *second, *((n, n) for n in other)]
        chance.shuffle(loose)
        assert rules.without(first, loose) == rules.ranges_of(one - other)


def test_a_thousand_million_numbers_cost_nothing():
    assert rules.without([(1, 1_000_000_000)], [(5, 5)]) == ((1, 4), (6, 1_000_000_000))


@pytest.mark.parametrize(("ranges", "text"), [
    ((), ""), (((3, 3),), "3"), (((1, 2), (5, 9)), "1–2, 5–9"),
    (tuple((n, n) for n in range(1, 40, 2)), "1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23 …"),
])
def test_ranges_as_people_read_them(ranges, text):
    assert rules.words(ranges) == text


NOTHING = dict.fromkeys(rules.KINDS, ())
CASES = {
    "all here": (told(accepted=HERE), HERE, {}),
    "never made anything": (told(0), (), {}),
    "the server lost what it had taken": (told(accepted=HERE), ((1, 3), (6, 10)), {DENIED: ((4, 5),)}),
    "one waits": (told(accepted=((1, 9),), waiting=((10, 10),)), ((1, 9),), {UNSENT: ((10, 10),)}),
    "it has arrived since": (told(accepted=((1, 9),), waiting=((10, 10),)), HERE, {}),
    "refused, or taken back": (told(accepted=((1, 9),), refused=((10, 10),)), ((1, 9),), {}),
    "lost on the tablet": (told(accepted=((1, 3), (5, 10))), ((1, 3), (5, 10)), {LOST: ((4, 4),)}),
    "let go after its results were final": (told(accepted=((6, 10),)), HERE, {}),
    "of another contest, here": (
        told(accepted=((1, 4),), more=(OwnNumbers(DRILL, ((5, 10),)),)), HERE, {}),
    "of another contest, gone there": (
        told(accepted=((1, 4),), more=(OwnNumbers(DRILL, ((5, 10),)),)), ((1, 4),), {}),
    "of another contest, waiting": (
        told(accepted=((1, 4),), more=(OwnNumbers(DRILL, (), ((5, 10),)),)), ((1, 4),), {}),
    "of another installation": (told(accepted=((1, 4),), others=((5, 10),)), ((1, 4),), {}),
    "of a contest that it cannot name": (
        told(accepted=((1, 4),), more=(OwnNumbers(0, ((5, 10),)),)), ((1, 4),), {DENIED: ((5, 10),)}),
    "a later one came before the pulse": (
        told(accepted=HERE), ((1, 10), (13, 13)), {UNSENT: ((11, 12),)}),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_a_hole_and_what_is_none(case):
    said, held, missing = CASES[case]
    assert rules.holes(said, held, RISK) == NOTHING | missing


def test_what_nobody_knows_of_concerns_every_contest_of_the_tablet():
    said = told(accepted=((1, 4),), more=(OwnNumbers(DRILL, ((6, 10),)),))
    for contest in (RISK, DRILL):
        assert rules.holes(said, ((1, 4), (6, 10)), contest) == NOTHING | {LOST: ((5, 5),)}


def test_every_number_is_in_exactly_one_place():
    """The conservation law over whatever a tablet may say: here, missing in one way, or spoken for."""
    chance = random.Random(7)
    for _ in range(500):
        made = chance.randint(0, 30)
        states = ("accepted", "waiting", "refused", "other", "none")
        where = {n: chance.choice(states) for n in range(1, made + 1)}
        held = {n for n in where if chance.random() < 0.5}
        of = {state: rules.ranges_of(n for n, s in where.items() if s == state) for state in states}
        said = Told(made, (
            OwnNumbers(RISK, *(of.get(s, ()) for s in ("accepted", "waiting", "refused"))),
            OwnNumbers(DRILL, of.get("other", ())),
        ))
        found = {kind: numbers(each) for kind, each in
                 rules.holes(said, rules.ranges_of(held), RISK).items()}
        wanted = {DENIED: "accepted", UNSENT: "waiting", LOST: "none"}
        assert found == {kind: {n for n, s in where.items() if s == state and n not in held}
                         for kind, state in wanted.items()}


def test_an_excuse_holds_for_what_was_missing_then_and_in_the_same_way():
    missing = {DENIED: (), LOST: ((4, 5),), UNSENT: ((9, 9),)}
    excused = [{LOST: [[4, 4]]}, {UNSENT: [[9, 9]]}]
    assert rules.left_open(missing, excused) == {DENIED: (), LOST: ((5, 5),), UNSENT: ()}
    # It waited when it was excused; the server took it since, and lost it.
    assert rules.left_open({DENIED: ((9, 9),), LOST: (), UNSENT: ()}, excused)[DENIED] == ((9, 9),)
    assert rules.is_whole(rules.left_open(missing, [missing])) and not rules.is_whole(missing)


def test_counts_are_excused_as_long_as_they_are_the_same():
    counts = {"3": [12, 2, 0, 1], "4": [12, 0, 0, 0]}
    assert rules.counts_open(counts, []) == {"3": [12, 2, 0, 1]}
    assert rules.counts_open(counts, [{"3": [12, 2, 0, 1]}]) == {}
    for changed in ([13, 2, 0, 1], [12, 3, 0, 1], [12, 2, 1, 1]):
        assert rules.counts_open({"3": changed}, [{"3": [12, 2, 0, 1]}]) == {"3": changed}


@pytest.mark.parametrize(("state", "is_open", "seen", "word"), [
    ("final", True, "a", "are final"), ("archived", True, "a", "are final"),
    ("review", False, "a", "nothing to excuse"), ("review", True, "b", "has changed since"),
])
def test_only_what_was_shown_and_is_missing_can_be_excused(state, is_open, seen, word):
    with pytest.raises(Conflict, match=word):
        rules.check_excusable(state, is_open, seen, "a")
    rules.check_excusable("review", True, "a", "a")


def test_the_seal_is_of_exactly_what_is_missing():
    seals = {
        rules.seal({DENIED: ((1, 2),), LOST: ()}, {}), rules.seal({LOST: ((1, 2),)}, {}),
        rules.seal({}, {"3": [1, 1, 0, 0]}), rules.seal({}, {}),
    }
    assert len(seals) == 4
    assert rules.seal({LOST: [[1, 2]]}, {}) == rules.seal({LOST: ((1, 2),)}, {})
