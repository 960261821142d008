"""The first scorer on marks written as rows, through real files."""

import csv
import json
from pathlib import Path

from contest.offline.answer import answer_of
from contest.offline.standings import score_files
from contest.scoring.scheme_reading import plan_from

MARKS = ("entrant", "item", "judge", "value", "attempt", "status")


def write_rows(path, rows, columns=None):
    """A csv file of dicts."""
    columns = columns or list(dict.fromkeys(key for row in rows for key in row))
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def first(folder: Path, document, marks, entrants=None, stage=None):
    """The answer of the first scorer, as JSON gives it back."""
    marks_file = write_rows(folder / "marks.csv", marks, MARKS)
    entrants_file = write_rows(folder / "entrants.csv", entrants) if entrants else None
    scored = score_files(plan_from(document), marks_file, entrants_file, stage)
    return json.loads(json.dumps(answer_of(scored)))


def differences(one, other, path=""):
    """Where two answers differ, a line each: path, the first's, the second's."""
    if isinstance(one, dict) and isinstance(other, dict):
        keys = dict.fromkeys([*one, *other])
        return [d for key in keys for d in differences(one.get(key), other.get(key), f"{path}.{key}")]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = enumerate(zip(one, other, strict=True))
        return [d for i, (a, b) in pairs for d in differences(a, b, f"{path}[{i}]")]
    return [] if one == other else [f"{path}: {one!r} != {other!r}"]
