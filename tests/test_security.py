"""docs/security.md: each figure in it is the one that the program goes by."""

import re
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest

from contest.accounts import common_passwords, passwords
from contest.config import settings
from contest.documents.attached import UPLOAD_POLICY
from contest.guess_limit import GuessLimit

TEXT = (Path(__file__).parent.parent / "docs/security.md").read_text("utf-8")
ROW = re.compile(r"^\|.*\| ([^|]+) \| `([\w.]+):(\w[\w.]*)(?: - (\d+))?` \|$", re.MULTILINE)
ROWS = ROW.findall(TEXT)


def said(value):
    """A figure as the document writes it.

    >>> said(timedelta(hours=72)), said(timedelta(seconds=30)), said(GuessLimit(20, 600)), said(8)
    ('72 h', '30 s', '20 in 10 min', '8')
    """
    if isinstance(value, GuessLimit):
        return f"{value.most} in {said(timedelta(seconds=value.seconds))}"
    if not isinstance(value, timedelta):
        return str(value)
    seconds = int(value.total_seconds())
    for size, unit in ((3600, "h"), (60, "min")):
        if seconds % size == 0:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def value_of(module, name):
    if module == "config":
        return settings()[name]
    value = import_module(module)
    for part in name.split("."):
        value = getattr(value, part)
    return value


@pytest.mark.parametrize(("figure", "module", "name", "less"), ROWS, ids=[f"{r[1]}:{r[2]}" for r in ROWS])
def test_a_figure_is_that_of_the_code(figure, module, name, less, tmp_path, monkeypatch):
    monkeypatch.setenv("CONTEST_DATA", str(tmp_path))
    value = value_of(module, name)

    assert said(value - int(less) if less else value) == figure


def test_every_row_with_a_place_is_read():
    rows = [line for line in TEXT.splitlines() if re.search(r"\| `[\w.]+:\w", line)]

    assert len(rows) == len(ROWS) > 30


def test_a_figure_that_drifted_is_seen():
    [row] = ROW.findall("| a password | characters | 9 | `contest.accounts.rules:PASSWORD_LEAST` |")

    assert said(value_of(row[1], row[2])) != row[0]


def test_the_words_between_the_tables_are_those_of_the_code():
    counted = common_passwords.COUNTED.read_text("utf-8").splitlines()
    assert f"{sum(bool(line) and not line.startswith('#') for line in counted):,} passwords" in TEXT
    assert UPLOAD_POLICY in TEXT
    hasher = passwords._hasher
    assert f"Argon2id: {hasher.memory_cost} KiB, {hasher.time_cost} passes, {hasher.parallelism} lane" in TEXT
