"""Reading a list that somebody sends as a file: rows typed, doubts named by row and column.

    rows, problems = read_table(file_bytes, "名单.xlsx", COLUMNS)

A file that cannot be used at all raises Invalid with one sentence. Otherwise each bad cell is a
Problem of kind "bad"; while there is one, nothing may be stored. "warn" asks a person to look
first, "note" only tells.
"""

import json
import logging
import re
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

from contest.errors import Invalid
from contest.i18n import N_
from contest.people import cells, id_rules, odd, phone_rules, workbook
from contest.people.delimited import read_delimited
from contest.people.problems import Problem

log = logging.getLogger(__name__)

FILE_MOST = 20 * 1024 * 1024
READER = Path(workbook.__file__)
TELEPHONE = re.compile("手机|电话|mobile|phone", re.IGNORECASE)
UNREPEATED = ("identity", "phone")
NOT_USED = N_("The column %(header)s is not used.")
NO_TELEPHONE = N_(
    "The column %(header)s is not used: one telephone number of a contestant's own is kept, and none in "
    "other lists."
)
# Each reader may use some hundred megabytes; more files at once wait for their turn.
READERS_AT_ONCE = threading.BoundedSemaphore(2)


@dataclass(frozen=True)
class Column:
    """A column that is looked for, under any of its headers; the first header is the usual one.

    kind: text, name, date (ISO text), number (canonical decimal text), choice (a key), list,
    identity, phone (a number of a person, which no sentence repeats).
    """

    key: str
    label: str  # English, marked with N_; shown translated
    headers: tuple[str, ...]
    kind: str = "text"
    required: bool = False
    most: int = 100  # characters
    choices: dict = field(default_factory=dict)  # key -> all its names, the usual one first
    least: str = "0"
    top: str = "999999999"
    places: int = 4
    scores: bool = False  # then 1, 2, … n is doubted: those look like places


@dataclass(frozen=True)
class Row:
    """One row: its number in the file, and {column's key: value}; empty cells are None (or [])."""

    number: int
    values: dict


def is_usable(problems):
    """True when no cell was refused."""
    return not any(problem.kind == "bad" for problem in problems)


def read_table(data, file_name, columns):
    """Rows and problems of an xlsx, xls, ods or csv file; raises Invalid when it is no such list.

    Headers may stand below a title (first ten rows), in any order, in any of their spellings.
    """
    if len(data) > FILE_MOST:
        raise Invalid("The file is too large; at most 20 MB are taken.")
    if not data.strip():
        raise Invalid("The file is empty.")
    known = {workbook.plain_header(name): column for column in columns for name in column.headers}
    is_book = data[:4] == b"PK\x03\x04" or data[:8] == workbook.OLE_MARK
    try:
        grid = (_read_apart if is_book else read_delimited)(data, set(known))
    except workbook.Unreadable as refused:
        raise _refusal_of(refused.reason, refused.params, file_name, columns) from refused
    places = _place_columns(grid, known, columns)
    problems = _look_around(grid, places)
    rows, headed = [], odd.headed_columns(grid["rows"][0])
    for index, line in enumerate(grid["rows"][1:], start=grid["first_row"] + 1):
        problems += odd.misplaced_cells(index, line, places, headed, known)
        values = _read_row(index, line, places, columns, problems)
        if values is not None:
            rows.append(Row(index, values))
    if not rows:
        raise Invalid("There is no row below the headers of %(file)s.", file=file_name[:80])
    problems += _doubt_places(rows, columns)
    return rows, sorted(problems, key=lambda p: p.row or 0)


def _read_apart(data, headers):
    """Ask the reader's process; whatever happens there, this process goes on."""
    try:
        with READERS_AT_ONCE:
            done = subprocess.run(
                [sys.executable, "-I", str(READER)],
                input=json.dumps(sorted(headers)).encode() + b"\n" + data,
                capture_output=True,
                timeout=workbook.SECONDS_MOST + 10,
                check=False,
            )
    except subprocess.TimeoutExpired as slow:
        raise workbook.Unreadable("effort") from slow
    if done.returncode:
        log.warning("the reader of lists failed: %s", done.stderr[-2000:].decode(errors="replace"))
        # A signal (too much memory or time) gives a negative code; a fault in the reader 1.
        raise workbook.Unreadable("effort" if done.returncode < 0 else "broken")
    answer = json.loads(done.stdout)
    if "refused" in answer:
        raise workbook.Unreadable(answer["refused"], **answer["params"])
    return answer


def _refusal_of(reason, params, file_name, columns):
    """The sentence for the reader's word."""
    sentences = {
        "rows": Invalid("The list is longer than %(most)s rows; send it in parts.", **params),
        "columns": Invalid("The list is wider than %(most)s columns.", **params),
        "headers": Invalid(
            "No row with the expected headers was found. Expected: %(expected)s.",
            expected="、".join(column.headers[0] for column in columns),
        ),
        "password": Invalid("The file is locked with a password; save it without one."),
        "bomb": Invalid(
            "The file unpacks to far more than its size allows "
            "(at most 200 MB, and at most 100 times its size)."
        ),
        "effort": Invalid(
            "The file takes too much memory or time to read; save it again as xlsx and retry."
        ),
        "format": Invalid(
            "%(file)s is no list that can be read; send xlsx, xls, ods or csv.",
            file=file_name[:80],
        ),
    }
    damaged = Invalid("The file is damaged; open it in a spreadsheet and save it again.")
    return sentences.get(reason, damaged)


def _place_columns(grid, known, columns):
    """{index: Column}; raises Invalid when a header stands twice or a required one is missing."""
    places, taken = {}, {}
    for index, header in enumerate(grid["rows"][0]):
        column = known.get(workbook.plain_header(header)) if isinstance(header, str) else None
        if column is None:
            continue
        if column.key in taken and column.kind == "phone":
            continue  # many lists have a second one; the first is the person's, and the other is named
        if column.key in taken:
            raise Invalid(
                "The column %(header)s stands twice, in %(first)s and %(second)s.",
                header=header.strip()[:40],
                first=workbook.column_name(taken[column.key]),
                second=workbook.column_name(index),
            )
        places[index], taken[column.key] = column, index
    missing = [
        column.headers[0] for column in columns if column.required and column.key not in taken
    ]
    if missing:
        found = [str(h).strip()[:20] for h in grid["rows"][0] if isinstance(h, str) and h.strip()]
        raise Invalid(
            "Row %(row)s has no column %(missing)s; found: %(found)s.",
            row=grid["first_row"],
            missing="、".join(missing),
            found="、".join(found[:30]),
        )
    return places


def _look_around(grid, places):
    """What is odd about the whole sheet; merged cells and uncomputed formulas are refused."""
    problems = []
    if grid.get("merged"):
        raise Invalid(
            "Cells are merged in the list (%(range)s); "
            "unmerge them, so that each row says everything.",
            range="、".join(grid["merged"][:5]),
        )
    problems += odd.hidden_things(grid, places)
    problems += [
        Problem(
            "note",
            "The sheet %(sheet)s holds a list too, but only %(first)s was read.",
            sheet=name[:40],
            first=grid["sheet"][:40],
        )
        for name in grid.get("other_sheets", ())
    ]
    for index, header in enumerate(grid["rows"][0]):
        if index not in places and isinstance(header, str) and header.strip():
            sentence = NO_TELEPHONE if TELEPHONE.search(header) else NOT_USED
            problems.append(Problem("note", sentence, header=header.strip()[:40]))
    return [*problems, *odd.odd_cells(grid, places)]


def _read_row(number, line, places, columns, problems):
    """{key: value} of one row, or None when every cell is blank; adds to `problems`."""
    values = {column.key: [] if column.kind == "list" else None for column in columns}
    filled, found = False, []
    for index, column in places.items():
        cell = line[index] if index < len(line) else ""
        if isinstance(cell, str) and not cells.CONTROL.sub("", cells.UNSEEN.sub("", cell)).strip():
            if column.required:
                found.append(Problem("bad", "This cell is empty.", row=number, column=column.label))
            continue
        filled = True
        try:
            values[column.key], stripped = _read_cell(cell, column)
        except Invalid as refused:
            found.append(
                Problem("bad", refused.message, row=number, column=column.label,
                        cell="" if column.kind in UNREPEATED else cell, **refused.params)
            )
            continue
        if stripped:
            found.append(
                Problem(
                    "note",
                    "Characters that cannot be seen were taken out.",
                    row=number,
                    column=column.label,
                )
            )
    if not filled:
        return None
    failed = {(problem.row, problem.column) for problem in problems if problem.kind == "bad"}
    # A failed formula has been named already; that it is empty too says nothing new.
    problems += [problem for problem in found if (problem.row, problem.column) not in failed]
    return values


def _read_cell(cell, column):
    if column.kind == "name":
        return cells.read_name(cell, column.most)
    if column.kind == "date":
        return cells.read_date(cell)
    if column.kind == "identity":
        return _read_identity(cell), False
    if column.kind == "phone":
        text, stripped = cells.read_text(cell, column.most)
        return phone_rules.read_phone(text), stripped
    if column.kind == "number":
        return cells.read_number(cell, column.least, column.top, column.places)
    if column.kind == "choice":
        return cells.read_choice(cell, column.choices)
    if column.kind == "list":
        return cells.read_list(cell, column.most)
    return cells.read_text(cell, column.most)


def _read_identity(cell):
    if not isinstance(cell, str):
        raise Invalid(
            "The spreadsheet keeps this number as a figure and has lost its last digits: make the column "
            "text and type it again."
        )
    return id_rules.read_id_number(cell)


def _doubt_places(rows, columns):
    """A column of scores that holds each of 1 … n once was probably meant as places."""
    doubts = []
    for column in columns:
        found = [row.values[column.key] for row in rows if row.values.get(column.key) is not None]
        if (
            column.scores
            and len(found) >= 3
            and sorted(found) == sorted(map(str, range(1, len(found) + 1)))
        ):
            doubts.append(
                Problem(
                    "warn",
                    "This column holds each number from 1 to %(count)s once; "
                    "are these places, not scores?",
                    column=column.label,
                    count=len(found),
                )
            )
    return doubts
