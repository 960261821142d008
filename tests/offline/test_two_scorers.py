"""Two scorers that share no code give the same answer, to the last figure, place and prize.

CONTEST_CONTESTS says how many contests made by chance are compared; `make soak` compares 10,000.
"""

import os
import random

import pytest

from contest.recount import recount
from tests.offline.first import differences, first
from tests.scoring.plans import random_contest

CONTESTS = int(os.environ.get("CONTEST_CONTESTS", "400"))
AT_ONCE = min(50, CONTESTS)


@pytest.mark.parametrize("start", range(0, CONTESTS, AT_ONCE))
def test_both_scorers_agree(start, tmp_path):
    for seed in range(start, start + AT_ONCE):
        document, marks, entrants = random_contest(random.Random(seed))

        answer = first(tmp_path, document, marks, entrants)

        found = differences(answer, recount(document, marks, entrants))
        assert (seed, found) == (seed, [])


def test_a_difference_would_be_seen(tmp_path):
    """The comparison itself: a mark that the second scorer does not get is found."""
    document, marks, entrants = random_contest(random.Random(1))
    answer = first(tmp_path, document, marks, entrants)

    fewer = [marks[:i] + marks[i + 1 :] for i, row in enumerate(marks) if row["value"]]

    found = [differences(answer, recount(document, some, entrants)) for some in fewer]
    assert sum(bool(each) for each in found) > len(found) // 2
