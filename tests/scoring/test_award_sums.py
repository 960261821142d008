"""The list of prizes is added up again: it fits in every contest, and no planted error gets by."""

import random

import pytest

from contest.scoring import award_sums
from contest.scoring.award_sums import EQUALS_BEFORE, EQUALS_IN, EQUALS_OUT, NOBODY_LEFT
from contest.scoring.medals import awards
from contest.scoring.scheme_reading import plan_from
from contest.scoring.score import score
from tests.proof.sizes import report, size
from tests.scoring import contests
from tests.scoring.ledger_book import scored
from tests.scoring.plans import random_contest
from tests.scoring.test_medals import award

CONTESTS = size(150, 5_000)
BIASES = ("award.ratio", "award.count", "award.top", "one_each", ("one_each", "by_group"), "shift", "unless",
          "only", "passed", "from_competed", "cumulative", "teams")


def sums_of(rules, marks, border=None, **more):
    document = contests.scores_only(awards=rules, **more)
    plan = plan_from(document)
    book = contests.book_of(document, [contests.entrant({"paper": mark}) for mark in marks])
    found = score(plan, book)
    return award_sums.award_sums(plan, found, book, *awards(plan, found, book=book))


@pytest.mark.parametrize(("rule", "marks", "count", "given", "reason"), [
    (award(count=2), ["9", "8", "7"], 2, 2, ""),
    (award(count=2), ["9", "8", "8"], 2, 3, EQUALS_IN),
    (award(count=2, border="out"), ["9", "8", "8"], 2, 1, EQUALS_OUT),
    (award(count=4), ["9", "8", None], 4, 2, NOBODY_LEFT),
    (award(rule="top", first=1, last=2), ["9", "8", "7"], 2, 2, ""),
    (award(rule="top", first=2, last=3), ["9", "9", "7"], 2, 1, EQUALS_BEFORE),
    (award(rule="top", first=1, last=2), ["9", "8", "8"], 2, 3, EQUALS_IN),
    (award(rule="top", first=1, last=2, border="out"), ["9", "8", "8"], 2, 1, EQUALS_OUT),
    (award(rule="top", first=1, last=3), ["9", "8"], 3, 2, NOBODY_LEFT),
    (award(count=2, from_competed=4), ["9", "8", "7"], 0, 0, ""),
])
def test_why_there_are_more_or_fewer_than_the_plan_says(rule, marks, count, given, reason):
    [one] = sums_of([rule], marks, ranking={"shared": True})

    assert (one.count, one.given, one.reason) == (count, given, reason)
    assert one.fits and one.due == given


def test_a_second_prize_begins_where_the_first_ended():
    first, second = sums_of([award("first", count=1), award("second", count=2)], ["9", "8", "7", "6"])

    assert first.fits and second.fits and (first.given, second.given) == (1, 2)


def test_the_list_of_every_contest_adds_up_and_a_changed_one_does_not():
    """One prize taken away, or given to somebody else who has a place: it is seen each time."""
    rng, seen, planted, reasons = random.Random(54), 0, 0, set()
    for seed in range(CONTESTS):
        bias = BIASES[seed % len(BIASES)]
        plan, book, found = scored(*random_contest(random.Random(seed), bias))
        if found.stage != plan.last_stage.key:
            continue
        lines, quotas = awards(plan, found, book=book)
        sums = award_sums.award_sums(plan, found, book, lines, quotas)
        assert (seed, [one for one in sums if not one.fits]) == (seed, [])
        reasons |= {one.reason for one in sums}
        seen += len(sums)
        counted = [line for line in lines if plan.award(line.award).rule != "threshold"]
        if not counted:
            continue
        lost = rng.choice(counted)
        less = [line for line in lines if line is not lost]
        wrong = [one for one in award_sums.award_sums(plan, found, book, less, quotas) if not one.fits]
        assert lost.award in {one.award.key for one in wrong}
        assert any(lost.index in one.wrong for one in wrong)
        planted += 1
    report(18, award_lists=CONTESTS, sums=seen, planted=planted, unseen=0)
    assert planted > CONTESTS / 5 and reasons >= {"", NOBODY_LEFT, EQUALS_IN, EQUALS_OUT}
