"""What every test of the checks starts from."""

from itertools import count
from random import Random
from types import SimpleNamespace

import pytest

from contest.checks import seed_actions
from tests import factories


@pytest.fixture(autouse=True)
def _same_lot(monkeypatch):
    """The seed sealed at the closing and the entry numbers are the same in every run: so is the lot.

    With true ones a lot of eight of twelve now and then falls on everything that is at no line.
    """
    monkeypatch.setattr(factories, "_counter", count(1))
    lots = Random(2026)
    hexes = SimpleNamespace(token_hex=lambda size: lots.randbytes(size).hex())
    monkeypatch.setattr(seed_actions, "secrets", hexes)
