"""The generated contests can be used, are the same for the same seed, and reach every option."""

import random

import pytest

from tests.scoring.ledger_book import scored
from tests.scoring.plans import FEATURES, features_of, random_contest

SEEDS = 40


@pytest.mark.parametrize("feature", FEATURES)
def test_every_feature_can_be_had(feature):
    found = [features_of(random.Random(seed), feature)[1] for seed in range(SEEDS // 4)]

    assert any(feature in used for used in found)


def test_without_a_bias_most_features_come_up():
    used = set()
    for seed in range(300):
        used |= features_of(random.Random(seed))[1]

    assert set(FEATURES) - used == set()


def test_the_same_seed_gives_the_same_contest():
    assert random_contest(random.Random(7)) == random_contest(random.Random(7))


@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_generated_contest_can_be_scored(seed):
    _, book, standings = scored(*random_contest(random.Random(seed)))

    assert 3 <= book.count <= 10
    assert (standings.place >= 0).all()


def test_an_unknown_feature_is_refused():
    with pytest.raises(ValueError, match="no such feature: nonsense"):
        random_contest(random.Random(0), "nonsense")
