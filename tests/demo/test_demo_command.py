"""The card that the demonstration prints is that of a judge who leaves sheets to the visitor."""

import re
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from contest.audit import key_actions
from contest.commands import demo as command
from contest.demo import build, last_year
from contest.demo.build import JudgeCard
from contest.judging import tablet_actions


@pytest.fixture
def shown(monkeypatch, tmp_path):
    """Runs the command without building anything: what it prints, and whose cards are simulated."""
    monkeypatch.setenv("CONTEST_DATA", str(tmp_path))
    cards = [
        JudgeCard(n, f"judge{n}", f"评委{n}", f"token{n}", f"00{n}", 6 * (n == 1)) for n in (1, 2, 3)
    ]
    monkeypatch.setattr(build, "build", lambda progress: (1, [], cards))
    monkeypatch.setattr(key_actions, "make_key", lambda actor, path: path.name)
    monkeypatch.setattr(last_year, "build_last_year", lambda progress, signer: f"signed-by-{signer}")
    monkeypatch.setattr(command, "upgrade", lambda: None)
    monkeypatch.setattr(tablet_actions, "note_start", lambda: None)
    monkeypatch.setattr(command, "ports_to_use", lambda host, port, board: (port, board))
    started = []
    monkeypatch.setattr(command, "_serve", lambda *given: started.append(given[3]))

    def run(*options):
        answer = CliRunner().invoke(command.demo, options)
        assert answer.exit_code == 0, answer.output
        return SimpleNamespace(text=answer.output, simulated=started[-1])

    return run


def test_the_printed_judge_leaves_sheets_to_whoever_tries_it(shown):
    found = shown()

    assert "/enter/token1  PIN 001" in found.text
    assert "前 6 份" in found.text
    assert [(card.login, card.spared) for card in found.simulated] == [
        ("judge1", 6), ("judge2", 0), ("judge3", 0),
    ]


def test_a_certificate_to_be_checked_is_printed(shown):
    assert re.search(r"https?://\S+/c#signed-by-\S+\.", shown().text)


def test_how_commands_reach_these_data_is_printed(shown, tmp_path):
    assert re.search(rf"CONTEST_DATA={tmp_path}/demo \S*contest contests list", shown().text)


def test_there_are_two_organisers_to_try_what_needs_two():
    assert [login for login, _, role, everywhere in build.PEOPLE if role == "organiser" and everywhere] == [
        "organiser", "organiser2",
    ]


def test_no_judge_is_simulated_when_none_is_wanted(shown):
    assert shown("--no-judges").simulated == []
