"""`contest export ledger` and `contest verify`: exit 0, 1 with every difference named, 2 for bad input."""

import csv
import json
from dataclasses import replace

import pytest

from contest.offline import command as offline
from contest.recount.__main__ import main as recount
from contest.results import reckoning
from contest.results.verification_rules import differences, figures_of
from tests.results.scenes import make_scene


@pytest.fixture
def type_in(app, monkeypatch):
    """`type_in("verify", "slug")` types a command in an English terminal; gives click's result."""
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    runner = app.test_cli_runner()
    return lambda *words, **more: runner.invoke(args=list(words), **more)


@pytest.fixture
def folder(type_in, tmp_path):
    """The exported ledger of a finished small contest."""
    make_scene(3, slug="small").finish()
    answer = type_in("export", "ledger", "small", "--out", str(tmp_path / "out"))
    assert (answer.exit_code, "Fingerprint of the ledger: " in answer.output) == (0, True)
    return tmp_path / "out"


def test_equal_figures_end_with_0(type_in):
    make_scene(3, slug="small").finish()

    answer = type_in("verify", "small")

    assert answer.exit_code == 0
    assert "figures compared, all equal." in answer.output


def test_a_difference_ends_with_1_and_is_named(type_in, monkeypatch):
    make_scene(3, slug="small").finish()
    told = reckoning.entrant_rows
    monkeypatch.setattr(reckoning, "entrant_rows", lambda *facts: tuple(
        replace(row, place=7, modules=row.modules | {"risk": replace(row.modules["risk"], text="9.99")})
        if row.number == "A002" else row for row in told(*facts)
    ))

    answer = type_in("verify", "small")

    assert answer.exit_code == 1
    assert "A002, place: shown 7, counted again 2" in answer.output
    assert "A002 · Risk, mark: shown 9.99, counted again 12.50" in answer.output
    assert "figures compared, 2 differ." in answer.output


@pytest.mark.parametrize(("words", "sentence"), [
    (["nobody"], "There is no such contest."), (["small", "--stage", "semi"], "There is no such stage"),
])
def test_what_cannot_be_counted_ends_with_2(type_in, words, sentence):
    make_scene(2, slug="small").finish()

    answer = type_in("verify", *words)

    assert answer.exit_code == 2
    assert sentence in answer.output


def test_both_programs_read_the_exported_files_and_give_the_answer_beside_them(folder, capsys):
    files = [str(folder / name) for name in ("plan.toml", "MARKS.csv")]
    shown = figures_of(json.loads((folder / "answer.json").read_text("utf-8")))
    entrants = ["--entrants", str(folder / "ENTRANTS.csv")]

    assert offline.main(["score", *files, *entrants, "--format", "json"]) == 0
    first = figures_of(json.loads(capsys.readouterr().out))
    assert recount([*files, *entrants]) == 0
    second = figures_of(json.loads(capsys.readouterr().out))

    assert (differences(shown, first), differences(shown, second)) == ([], [])


def test_an_exported_folder_is_verified_without_the_contest(type_in, folder):
    answer = type_in("verify", str(folder))

    assert (answer.exit_code, "all equal" in answer.output) == (0, True)


def test_a_mark_changed_in_the_folder_is_found(type_in, folder):
    marks = folder / "MARKS.csv"
    rows = list(csv.reader(marks.open(encoding="utf-8")))
    rows[1][3] = "0"
    with marks.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)

    answer = type_in("verify", str(folder))

    assert answer.exit_code == 1
    assert "A001 · paper, mark: shown 60.00, counted again 0.00" in answer.output


@pytest.mark.parametrize(("name", "text", "sentence"), [
    ("MARKS.csv", "entrant,item,judge,value\nA001,nothing,,5\n",
     "MARKS.csv, line 2: There is no module nothing."),
    ("answer.json", "{}", "this is not a folder written by"),
    ("answer.json", None, "this is not a folder written by"),
])
def test_a_spoilt_folder_ends_with_2_and_a_sentence(type_in, folder, name, text, sentence):
    if text is None:
        (folder / name).unlink()
    else:
        (folder / name).write_text(text, "utf-8")

    answer = type_in("verify", str(folder))

    assert answer.exit_code == 2
    assert sentence in answer.output
