"""At a terminal too, names and single marks wait until the blind modules are decoded."""

import pytest

from contest.errors import NotAllowed
from tests.judging.panels import RISK, make_panel, mark, open_codes


@pytest.fixture
def type_in(app, monkeypatch, tmp_path):
    """`type_in("results", "slug")` types a command in an English terminal, in a folder of its own."""
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    monkeypatch.chdir(tmp_path)
    runner = app.test_cli_runner()
    return lambda *words: runner.invoke(args=list(words))


@pytest.fixture
def blind(app):
    """Everything handed in but the last sheet of the blind module."""
    panel = make_panel(2)
    for entrant, seat in ((0, 1), (0, 2), (1, 1)):
        mark(panel, RISK, entrant=entrant, seat=seat)
    return panel


@pytest.mark.parametrize("words", [
    ("results", "{slug}"),
    ("results", "{slug}", "--format", "json"),
    ("export", "paper", "{slug}", "summary"),
    ("export", "paper", "{slug}", "reports"),
    ("export", "ledger", "{slug}", "--out", "ledger"),
], ids=" ".join)
def test_a_command_that_names_people_waits_for_decoding(blind, type_in, tmp_path, words):
    words = [word.format(slug=blind.contest.slug) for word in words]

    refused = type_in(*words)
    assert isinstance(refused.exception, NotAllowed)
    assert "when the blind modules are decoded" in str(refused.exception)
    assert not any(one.human.name in refused.output for one in blind.entrants)
    assert [one for one in tmp_path.iterdir() if not one.name.startswith("contest.sqlite")] == []

    mark(blind, RISK, entrant=1, seat=2)
    assert isinstance(type_in(*words).exception, NotAllowed)
    open_codes(blind.contest)
    assert not isinstance(type_in(*words).exception, NotAllowed)
