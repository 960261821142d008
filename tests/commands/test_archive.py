"""`contest verify` on an exported archive, without Flask and without a database."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import text

from contest.audit.chain_queries import check_chain, find_head, links_of
from contest.audit.work import Actor
from contest.db import db, snapshot
from contest.offline import archive_command
from contest.results import actions, verification_queries
from tests import factories
from tests.judging.panels import DRILL, make_panel, mark
from tests.results.scenes import make_scene
from tests.setup.test_settling import FOUND, hear, settle

PETRA = Actor(None, "Petra")
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def contest(app):
    scene = make_scene(3, slug="small").finish()
    actions.publish_results(PETRA, scene.contest.id, "provisional")
    return scene.contest


@pytest.fixture
def archive(contest, tmp_path):
    name, data = verification_queries.zipped_ledger(contest.id)
    path = tmp_path / name
    path.write_bytes(data)
    return path


@pytest.fixture
def folder(archive, tmp_path):
    with zipfile.ZipFile(archive) as file:
        file.extractall(tmp_path / "out")
    return tmp_path / "out"


def verify(capsys, path, *more):
    code = archive_command.main([str(path), *more])
    return code, capsys.readouterr().out


def test_a_whole_archive_ends_with_0_and_says_what_nobody_vouches_for(archive, contest, capsys):
    head = find_head(contest.id)

    code, text = verify(capsys, archive)

    assert code == 0
    assert f"Chain: {head.seq} links, {head.seq - 4} rows compared, nothing was changed" in text
    assert f"It ends at {head}" in text
    assert f"could have made them anew): links 1 to {head.seq}." in text
    assert "These files are those of revision 1, published at link" in text
    assert "figures compared, all equal." in text
    assert "Not vouched for: who published." in text


def test_heads_divide_what_is_vouched_for_from_what_is_not(archive, contest, capsys):
    links = {link.seq: link.hash.hex() for link in links_of(contest.id)}

    code, text = verify(capsys, archive, "--head", f"3:{links[3][:32]}", "--head", f"2 {links[2]}")

    assert code == 0
    assert "seen elsewhere: links 1 to 3." in text
    assert f"links 4 to {len(links)}." in text


@pytest.mark.parametrize(("seq", "said"), [(3, "is NOT on the chain"), (900, "the chain was cut")])
def test_a_head_that_does_not_fit_ends_with_1(archive, capsys, seq, said):
    code, text = verify(capsys, archive, "--head", f"{seq}:{'ab' * 16}")

    assert code == 1
    assert said in text


def test_settled_heads_are_told_and_excuse_no_head_that_is_given(contest, tmp_path, capsys):
    """Whoever owned the database could have written such a row too: the head itself still ends with 1."""
    hear(contest.id, 900, "ab" * 32)
    settle(contest.id, (900, "ab" * 32))
    name, data = verification_queries.zipped_ledger(contest.id)
    path = tmp_path / name
    path.write_bytes(data)

    code, text = verify(capsys, path)
    assert code == 0
    assert "Vouched exception, link" in text and FOUND in text and f"900:{'ab' * 32}" in text

    code, text = verify(capsys, path, "--head", f"900:{'ab' * 32}")
    assert code == 1 and "the chain was cut" in text


def change(path, old, new):
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new, 1))


@pytest.mark.parametrize(("name", "old", "new", "said"), [
    ("chain.tsv", b'"kind":"submit"', b'"kind":"confirm"', "is not what was linked"),
    ("chain.tsv", b"\ttrail\t", b"\trevision\t", "does not hold"),
    ("answer.json", b'"place": 1', b'"place": 2', "differ."),
    ("MARKS.csv", b",60,", b",61,", "Not vouched for: the files are not those"),
    ("archive.json", b'"contest": ', b'"contest": 9', "not of the same contest"),
])
def test_every_file_of_an_archive_is_held_to_the_others(folder, capsys, name, old, new, said):
    change(folder / name, old, new)

    code, text = verify(capsys, folder)

    assert said in text
    assert code == 1


def test_a_line_that_was_cut_out_is_found(folder, capsys):
    lines = (folder / "chain.tsv").read_bytes().splitlines(keepends=True)
    (folder / "chain.tsv").write_bytes(b"".join(lines[:3] + lines[4:]))

    code, text = verify(capsys, folder)

    assert code == 1
    assert "links are missing or doubled" in text


def test_a_row_whose_text_was_erased_leaves_its_link(folder, capsys):
    lines = (folder / "chain.tsv").read_bytes().splitlines(keepends=True)
    at = next(n for n, line in enumerate(lines) if b"\trevision\t" in line)
    lines[at] = lines[at].rsplit(b"\t", 1)[0] + b"\t\n"
    (folder / "chain.tsv").write_bytes(b"".join(lines))

    code, text = verify(capsys, folder)

    assert code == 0
    assert f"Chain: {len(lines) - 1} links, {len(lines) - 6} rows compared" in text


@pytest.mark.parametrize(("statement", "said"), [
    ("INSERT INTO penalty (contest_id, entrant_id, scope, units, reason, at) SELECT contest_id, id, 'risk', "
     "20000, 'forged', '2026-11-23 04:00:00+00:00' FROM entrant WHERE number = 'A001'",
     "the chain holds no row for A001 risk.penalty 2."),
    ("INSERT INTO theory_entry (contest_id, entrant_id, module_key, units, state, source, at) SELECT "
     "contest_id, id, 'paper', 990000, 'scored', 'clerk', '2026-11-23 04:00:00+00:00' FROM entrant "
     "WHERE number = 'A001'",
     "the chain holds no row for A001 paper 99."),
    ("INSERT INTO state_event (contest_id, entrant_id, module_key, state, reason, at) SELECT contest_id, "
     "id, '', 'withdrawn', 'forged', '2026-11-23 04:00:00+00:00' FROM entrant WHERE number = 'A001'",
     "the chain holds no row for A001 withdrawn."),
    ("UPDATE entrant SET number = 'A009' WHERE number = 'A001'",
     "contestant 1 on the roster is not what was linked"),
    ("UPDATE human SET gender = 'female' WHERE id = (SELECT human_id FROM entrant WHERE number = 'A001')",
     "contestant 1 on the roster is not what was linked"),
])
def test_a_row_put_in_past_the_program_is_named_from_the_archive(contest, tmp_path, capsys, statement, said):
    """Nothing links it: the file that the second scorer counts from says what no linked row does."""
    db.session.commit()
    with db.engine.begin() as past_the_program:  # the session's own commit would link it
        past_the_program.execute(text(statement))
    name, data = verification_queries.zipped_ledger(contest.id)
    (tmp_path / name).write_bytes(data)

    code, words = verify(capsys, tmp_path / name)

    assert code == 1
    assert said in words


@pytest.mark.parametrize(("name", "text"), [("chain.tsv", b"nothing\n"), ("archive.json", b"{")])
def test_what_cannot_be_read_ends_with_2_and_one_sentence(folder, capsys, name, text):
    (folder / name).write_bytes(text)

    assert archive_command.main([str(folder)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_the_program_needs_neither_flask_nor_a_database_for_it(archive, tmp_path):
    """As a stranger runs it: with packages that cannot be imported, far from any data."""
    blocked = tmp_path / "blocked"
    for name in ("flask", "sqlalchemy"):
        (blocked / name).mkdir(parents=True)
        (blocked / name / "__init__.py").write_text("raise ImportError('not here')")
    surroundings = os.environ | {"PYTHONPATH": f"{blocked}{os.pathsep}{ROOT}"}

    done = subprocess.run(
        [sys.executable, "-m", "contest", "verify", str(archive)], cwd=tmp_path, env=surroundings,
        capture_output=True, text=True, check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert "nothing was changed within it" in done.stdout


def test_the_exported_folder_is_checked_the_same_way(app, contest, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    out = tmp_path / "exported"

    answer = app.test_cli_runner().invoke(args=["export", "ledger", "small", "--out", str(out)])

    assert answer.exit_code == 0
    assert json.loads((out / "archive.json").read_text("utf-8"))["slug"] == "small"
    assert verify(capsys, out)[0] == 0
    shutil.rmtree(out)


def test_sheets_that_changed_their_owner_are_found_here_and_in_the_archive(app, tmp_path, capsys):
    panel = make_panel(2)
    for entrant in range(2):
        factories.make_theory(panel.contest, panel.entrants[entrant], "80")
        for seat in (1, 2):
            mark(panel, {"A1": str(8 - entrant), "A2": {}}, entrant=entrant, seat=seat)
        mark(panel, DRILL, entrant=entrant, module="drill")
    path = tmp_path / "ledger.zip"
    path.write_bytes(verification_queries.zipped_ledger(panel.contest.id)[1])
    code, said = verify(capsys, path)
    assert code == 0 and "6 sheets compared with the linked revisions" in said

    # Whoever owns the database gives the first judge's two sheets to each other's contestant.
    first, second = panel.sheet(0).id, panel.sheet(1).id
    third = factories.make_entrant(panel.contest, "过路")
    db.session.execute(text("DROP TRIGGER sheet_place"))
    for sheet, entrant in ((first, third), (second, panel.entrants[0]), (first, panel.entrants[1])):
        db.session.execute(
            text("UPDATE sheet SET entrant_id = :entrant WHERE id = :id"),
            {"id": sheet, "entrant": entrant.id},
        )
    db.session.commit()

    with snapshot():
        found = check_chain(panel.contest.id)
    assert found.counts == {"moved": 2}
    path.write_bytes(verification_queries.zipped_ledger(panel.contest.id)[1])
    code, said = verify(capsys, path)
    assert code == 1
    for entrant in panel.entrants:
        assert f"the marks of {entrant.number} in risk, seat 1, are not those" in said
