"""Every receipt of every generated contest leads to the standings, or it would not be given."""

import re
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings

from contest.scoring.medals import awards
from contest.scoring.receipt import Receipts
from tests.scoring.ledger_book import scored
from tests.scoring.plans import FEATURES, examples, random_contests

ANY_TIME = settings(deadline=None, suppress_health_check=list(HealthCheck), database=None)
SOME = settings(ANY_TIME, max_examples=examples(8))
MANY = settings(ANY_TIME, max_examples=examples(150))


def write_all(case):
    """All receipts of a contest; ArithmeticError where one comes to another number."""
    plan, book, standings = scored(*case)
    lines, _ = awards(plan, standings, None, book)
    receipts = Receipts(plan, book, standings, lines)
    for index in range(book.count):
        check(receipts.of(index))
    if standings.teams is not None:
        for index in range(len(standings.teams.teams)):
            check(receipts.of_team(index))


def check(steps):
    for step in steps:
        assert step.label % step.params
        assert not any(letter.isascii() and letter.isalpha() for letter in words_of(step)), step
        if SUM.fullmatch(step.sum):
            shown, _, result = step.sum.partition(" = ")
            assert calculator(shown) == Fraction(result), step


SUM = re.compile(r"[-0-9.+−×÷() ]+ = -?[0-9.]+")


def calculator(shown):
    """What a pocket calculator makes of a sum in which every number is written out in full."""
    signs = shown.replace("−", "-").replace("×", "*").replace("÷", "/")
    return eval(re.sub(r"[0-9.]+", lambda digits: f"Fraction('{digits[0]}')", signs))


def words_of(step):
    """The sum without the keys of aspects and the names in a date."""
    return "".join(word for word in step.sum.split() if not word[:1].isupper())


@MANY
@given(random_contests())
def test_every_receipt_leads_to_the_standings(case):
    write_all(case)


@pytest.mark.parametrize("feature", FEATURES)
def test_every_receipt_of_a_feature_leads_to_the_standings(feature):
    @SOME
    @given(random_contests(feature))
    def every_receipt(case):
        write_all(case)

    every_receipt()
