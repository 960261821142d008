"""Starting order and stations: what the seed gives, with one organisation's people apart."""

import itertools
import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.draw import check_rules, order_rules, rules
from contest.draw.order_rules import Starter, draw_order, set_apart, together
from contest.errors import Invalid

GROUPS = st.lists(st.sampled_from("ABCD"), min_size=1, max_size=12)


def starters(groups, late=()):
    return [Starter(f"N{n:02d}", group, n in late) for n, group in enumerate(groups)]


def pairs(row):
    return sum(a.group == b.group for a, b in itertools.pairwise(row))


@given(GROUPS, st.text(min_size=1, max_size=8))
def test_no_order_has_fewer_neighbours_of_one_organisation(groups, seed):
    people = starters(groups)
    drawn = draw_order(people, seed)
    by_number = {one.number: one for one in people}
    most = max(Counter(groups).values())

    unavoidable = max(0, most - (len(groups) - most) - 1)
    assert pairs([by_number[one.number] for one in drawn]) == unavoidable
    assert len(together(people, drawn)) == unavoidable
    assert [one.order for one in drawn] == list(range(1, len(groups) + 1))


def test_a_single_row_is_as_far_apart_as_the_best_of_all_orders():
    for groups in ("AABB", "AAAB", "AAABC", "AABCC", "AAAA"):
        best = min(pairs(row) for row in itertools.permutations(starters(groups)))
        assert pairs(set_apart(starters(groups))) == best, groups


@given(st.lists(st.sampled_from("ABC"), min_size=4, max_size=14), st.sets(st.integers(0, 13)))
def test_whoever_is_late_starts_last_and_stations_are_used_once(groups, late):
    people = starters(groups, late)
    drawn = draw_order(people, "seed-1", batch=4, stations=6)
    late_numbers = {one.number for one in people if one.late}

    assert {one.number for one in drawn[len(drawn) - len(late_numbers):]} == late_numbers
    for batch in {one.batch for one in drawn}:
        those = [one for one in drawn if one.batch == batch]
        assert len(those) <= 4 and len({one.station for one in those}) == len(those), batch
        assert all(1 <= one.station <= 6 for one in those)


def test_without_the_wish_the_order_is_the_plain_shuffle():
    people = starters("AAAB")

    drawn = draw_order(people, "cement", apart=False)

    assert [one.number for one in drawn] == rules.shuffled(
        [one.number for one in people], "cement/order"
    )


def test_a_known_order_stays_what_it_was():
    drawn = draw_order(starters("AABBCC", late={5}), "cement/3-1-4", batch=3)

    assert [(one.number, one.batch, one.station) for one in drawn] == KNOWN


KNOWN = [
    ("N01", 1, 1), ("N02", 1, 2), ("N00", 1, 3), ("N03", 2, 2), ("N04", 2, 1), ("N05", 2, 3),
]


@pytest.mark.parametrize("text", ["", "甲卷", "甲卷\n甲卷", "x" * 61 + "\ny"])
def test_fewer_than_two_different_papers_are_refused(text):
    with pytest.raises(Invalid) as refused:
        order_rules.read_papers(text)

    assert list(refused.value.fields) == ["papers"]


def order_file(**changes):
    people = starters("AABBC")
    secret, public = "0123456789abcdef", "3-1-4"
    seed = rules.whole_seed(secret, public)
    drawn = draw_order(people, seed, batch=2)
    facts = {
        "seed": seed, "secret": secret, "public": public, "commitment": rules.commitment(secret),
        "apart": True, "batch": 2, "stations": 0, "entrants": [vars(one) for one in people],
        "drawn": [[one.number, one.order, one.batch, one.station] for one in drawn], **changes,
    }
    return check_rules.read_file(check_rules.file_of("order", facts))


def test_a_true_file_checks_and_a_changed_one_does_not():
    assert [is_so for _, is_so in check_rules.check_file(order_file())] == [True, True, True]

    swapped = order_file()
    swapped["drawn"][0], swapped["drawn"][1] = swapped["drawn"][1], swapped["drawn"][0]
    assert [is_so for _, is_so in check_rules.check_file(swapped)] == [True, True, False]
    other = order_file(commitment=rules.commitment("another seed"))
    assert [is_so for _, is_so in check_rules.check_file(other)] == [False, True, True]
    assert not all(is_so for _, is_so in check_rules.check_file(order_file(public="6-6-6")))


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": 1, "kind": "other"}', "nonsense"])
def test_what_is_no_draw_is_refused(text):
    with pytest.raises(Invalid):
        check_rules.read_file(text)


def test_a_file_with_a_hole_is_refused():
    with pytest.raises(Invalid):
        check_rules.check_file(json.loads('{"format": 1, "kind": "order", "secret": "a"}'))
