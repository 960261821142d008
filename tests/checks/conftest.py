"""What every test of the checks starts from."""

from random import Random
from types import SimpleNamespace

import pytest

from contest.checks import seed_actions


@pytest.fixture(autouse=True)
def _same_lot(monkeypatch):
    """The seed sealed at the closing is the same in every run, so that the same sheets are drawn in each.

    With a true one a lot of eight of twelve now and then falls on everything that is at no line.
    """
    lots = Random(2026)
    hexes = SimpleNamespace(token_hex=lambda size: lots.randbytes(size).hex())
    monkeypatch.setattr(seed_actions, "secrets", hexes)
