"""What an archive that comes through a page may unpack to, and that the command line has no such limit."""

import io
import json
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import func, select

from contest.audit.models import TrailRow
from contest.db import db
from contest.errors import Invalid
from contest.offline import archive_check, archive_command, archived_files
from contest.offline.archived_files import MEGABYTE, Archive, Limits
from contest.registry import whole_actions, whole_rules, whole_trail_queries
from contest.registry.whole_models import WholeContest
from tests.registry.climbing import curators

AWAY = (Path(__file__).parent / "away.zip").read_bytes()
SMALL = Limits(each=1, line=1, named={"chain.tsv": 2})
LINK = "\t".join(
    ("{}", "trail", "{}", "1", "0", "00" * 16, "00" * 32, "00" * 32, '{{"did":"x","who":"a","at":{}}}')
)


def packed(method, name="MARKS.csv"):
    """The archive with one file packed in another way."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(AWAY)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.namelist():
            new.writestr(each, old.read(each), method if each == name else None)
    return out.getvalue()


def grown(name, megabytes, filler=b" "):
    """The archive with one file so much longer: a few kilobytes as long as it is packed."""
    out, more = io.BytesIO(), filler * (MEGABYTE // len(filler))
    with zipfile.ZipFile(io.BytesIO(AWAY)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.namelist():
            with new.open(each, "w") as file:
                file.write(old.read(each))
                for _ in range(megabytes if each == name else 0):
                    file.write(more)
    return out.getvalue()


def lying(data, name, size):
    """The archive whose list says that a file has another size than it has."""
    at = data.index(b"PK\x01\x02")
    while data[at + 46:at + 46 + len(name)] != name.encode():
        at = data.index(b"PK\x01\x02", at + 1)
    return data[:at + 24] + struct.pack("<I", size) + data[at + 28:]


def stored():
    return [db.session.scalar(select(func.count()).select_from(model)) for model in (WholeContest, TrailRow)]


@pytest.mark.parametrize(("data", "sentence"), [
    (lambda: grown("MARKS.csv", 32), "too large for a page: MARKS.csv has more than 32 MB"),
    (lambda: grown("published.json", 32), "too large for a page: published.json has more than 32 MB"),
    (lambda: grown("answer.json", 32), "too large for a page: answer.json has more than 32 MB"),
    (lambda: grown("chain.tsv", 5), "a line of chain.tsv is longer than 4 MB"),
    (lambda: lying(AWAY, "MARKS.csv", 10), "MARKS.csv cannot be read"),
    (lambda: packed(zipfile.ZIP_BZIP2), r"packed in an unusual way \(MARKS.csv\)"),
    (lambda: packed(zipfile.ZIP_LZMA), r"packed in an unusual way \(MARKS.csv\)"),
])
def test_what_unpacks_to_too_much_is_refused_and_nothing_is_stored(app, data, sentence):
    [curator, *_] = curators()
    before = stored()

    with pytest.raises(Invalid, match=sentence):
        whole_actions.bring_in(curator, data(), "ledger.zip")

    assert stored() == before


def test_a_chain_is_read_no_further_than_allowed_and_never_as_a_whole(app):
    data = grown("chain.tsv", 160, LINK.format(9, 9, 9).encode().ljust(2**16 - 1) + b"\n")
    tracemalloc.start()
    try:
        with pytest.raises(Invalid, match="chain.tsv has more than 160 MB"):
            whole_actions.bring_in(curators()[0], data, "ledger.zip")
        assert tracemalloc.get_traced_memory()[1] < 40 * MEGABYTE
    finally:
        tracemalloc.stop()


def test_of_a_file_that_is_too_large_no_more_than_allowed_is_unpacked():
    data = grown("MARKS.csv", 60)
    tracemalloc.start()
    try:
        with pytest.raises(archived_files.TooLarge):
            Archive(io.BytesIO(data), SMALL).read("MARKS.csv")
        assert tracemalloc.get_traced_memory()[1] < 10 * MEGABYTE
    finally:
        tracemalloc.stop()


def test_files_are_counted_as_they_unpack_whatever_the_list_says(app):
    """An honest archive whose list says more is taken; it was judged by the list before."""
    whole = whole_actions.bring_in(curators()[0], lying(AWAY, "archive.json", 2**30), "ledger.zip")
    assert whole.id


def test_the_command_line_has_no_such_limit(app, tmp_path, capsys):
    path = tmp_path / "ledger.zip"
    path.write_bytes(grown("answer.json", 40))

    assert archive_command.main([str(path)]) == 0
    done = app.test_cli_runner().invoke(args=["import-archive", str(path)])

    assert "all equal" in capsys.readouterr().out
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2, zipfile.ZIP_DEFLATED])
def test_damaged_packing_is_said_in_one_sentence(app, tmp_path, capsys, method):
    data = packed(method, "chain.tsv")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entry = archive.getinfo("chain.tsv")
    at = entry.header_offset + 30 + len("chain.tsv") + 20
    path = tmp_path / "ledger.zip"
    path.write_bytes(data[:at] + b"\xff" * 60 + data[at + 60:])

    assert archive_command.main([str(path)]) == 2
    assert "cannot be read" in capsys.readouterr().err
    with pytest.raises(Invalid, match="cannot be read|packed in an unusual way"):
        whole_actions.bring_in(curators()[0], path.read_bytes(), "ledger.zip")


def with_trail(rows):
    """The bytes of an archive whose chain has so many rows of the trail."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        chain = "".join(LINK.format(seq, seq, seq) + "\n" for seq in range(1, rows + 1))
        archive.writestr("chain.tsv", f"contest-chain\t1\n{chain}")
        archive.writestr("archive.json", "{}")
        archive.writestr("plan.toml", "")
    return out.getvalue()


@pytest.mark.parametrize("counted", [True, False])
def test_a_page_of_the_trail_keeps_no_more_than_it_shows(app, counted):
    rows = 20_050
    whole = whole_actions.bring_in(curators()[0], AWAY, "ledger.zip")
    whole.content = with_trail(rows)
    whole.shown = {**whole.shown, "trail": rows}
    if not counted:
        whole.shown = {key: value for key, value in whole.shown.items() if key != "trail"}
    db.session.commit()
    whole_trail_queries.trail_page(whole.id, 1)

    tracemalloc.start()
    try:
        pages = {page: whole_trail_queries.trail_page(whole.id, page)[0] for page in (1, 2, 201, 999)}
        assert tracemalloc.get_traced_memory()[1] < 6 * MEGABYTE
    finally:
        tracemalloc.stop()

    seqs = {page: [line.id for line in lines] for page, lines in pages.items()}
    assert seqs[1] == [*range(rows, rows - 100, -1)] and seqs[2][0] == rows - 100
    assert seqs[201] == [*range(50, 0, -1)] == seqs[999]
    assert whole_trail_queries.trail_page(whole.id, 0)[1:] == (1, 201)


def test_the_rows_of_the_trail_are_counted_when_it_comes_over(app):
    whole = whole_actions.bring_in(curators()[0], AWAY, "ledger.zip")
    assert whole.shown["trail"] == len(whole_trail_queries.trail_page(whole.id, 1)[0]) > 0
    assert "trail" in json.loads(json.dumps(whole_rules.for_everybody(whole.shown)))


def test_an_archive_of_an_open_file_is_checked_as_one_on_the_disk(tmp_path):
    (tmp_path / "ledger.zip").write_bytes(AWAY)
    first, second = archive_check.check(tmp_path / "ledger.zip"), archive_check.check(io.BytesIO(AWAY))
    assert list(archive_command.lines_of(first)) == list(archive_command.lines_of(second))
