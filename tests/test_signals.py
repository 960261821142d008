"""What follows from many facts is done once at the end of a block, and not at all when the block fails."""

import pytest

from contest import signals


def collect(done):
    def act(facts):
        done.append(list(facts))
    return act


def test_alone_a_fact_is_followed_at_once():
    done = []
    signals.follow(collect(done), "one")
    assert done == [["one"]]


def test_together_facts_are_followed_once_at_the_end_each_act_with_its_own():
    done, other = [], []
    act, another = collect(done), collect(other)
    with signals.together():
        for fact in ("one", "two", "three"):
            signals.follow(act, fact)
            signals.follow(another, fact.upper())
        assert (done, other) == ([], [])
    assert (done, other) == ([["one", "two", "three"]], [["ONE", "TWO", "THREE"]])


def test_what_is_done_at_the_end_may_tell_more():
    done = []
    told = collect(done)

    def act(facts):
        for fact in facts:
            signals.follow(told, fact + "!")

    with signals.together():
        signals.follow(act, "one")
        signals.follow(act, "two")
    assert done == [["one!", "two!"]]


def test_a_block_that_fails_does_nothing_and_leaves_nothing_behind():
    done = []
    act = collect(done)
    with pytest.raises(ValueError, match="broken"):
        with signals.together():
            signals.follow(act, "one")
            raise ValueError("broken")
    assert done == []
    signals.follow(act, "two")
    assert done == [["two"]]
