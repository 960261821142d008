"""`contest score PLAN.toml MARKS.csv`: exit code 0, or 2 with one sentence."""

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path

from contest.offline.answer import answer_of, changes_of
from contest.offline.refusal import FileError
from contest.offline.rows import line_not_utf8
from contest.offline.standings import Scored, score_files
from contest.offline.words import (
    changes_csv_text,
    changes_text,
    csv_text,
    receipt_text,
    table_text,
)
from contest.scoring.book import BookError
from contest.scoring.scheme import PlanError
from contest.scoring.scheme_lines import located
from contest.scoring.scheme_reading import document_from, plan_from

NAMES = ("score",)


def main(arguments: list[str]) -> int:
    """Run one of the commands that need neither web nor database; the exit code."""
    options = _parser().parse_args(arguments)
    try:
        scored = _scored(options, options.plan)
        if options.against:
            text = _changes(scored, _scored(options, options.against), options.format)
        else:
            text = _text(scored, options)
    except (FileError, BookError, PlanError) as error:
        return _refuse(str(error).splitlines()[0])
    sys.stdout.write(text)
    return 0


def _scored(options, path):
    plan = read_plan(path)
    keys = [stage.key for stage in plan.stages]
    if options.stage is not None and options.stage not in keys:
        sentence = f"There is no stage “{options.stage}” (--stage); the plan has: {', '.join(keys)}."
        raise FileError(path.name, 0, sentence)
    return score_files(plan, options.marks, options.entrants, options.stage)


def _parser():
    parser = argparse.ArgumentParser(
        prog="contest", description="Scoring from files, without a database."
    )
    commands = parser.add_subparsers(required=True)
    score = commands.add_parser(
        "score",
        help="standings from a plan and a list of marks",
        description="Standings, places and awards from a plan (TOML) and a list of marks (csv). "
        "The files are described in docs/rules/README.md, section 10. json holds everything; table shows "
        "entrants, teams and organisations; csv is one table of entrants.",
    )
    score.add_argument("plan", type=Path, metavar="PLAN.toml")
    score.add_argument("marks", type=Path, metavar="MARKS.csv")
    score.add_argument("--entrants", type=Path, metavar="ENTRANTS.csv")
    score.add_argument("--stage", help="the stage's key; the last one that is marked if not given")
    score.add_argument("--format", choices=("table", "csv", "json"), default="table")
    score.add_argument(
        "--against", type=Path, metavar="OTHER.toml",
        help="the same marks under another plan: whose total, place or award would change",
    )
    score.add_argument("--explain", metavar="CODE", help="one entrant's road from mark to place and awards")
    return parser


def read_plan(path: Path):
    """The plan in a TOML file; FileError when it cannot be opened, PlanError when it is wrong."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise FileError(path.name, 0, f"This file cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        sentence = "This line is not UTF-8; save the file as UTF-8."
        raise FileError(path.name, line_not_utf8(path), sentence) from None
    try:
        return plan_from(document_from(text))
    except PlanError as error:
        first, more = located(error.problems, text)[0], len(error.problems) - 1
        rest = f" ({more} more)" if more else ""
        raise FileError(path.name, first.line, f"{replace(first, line=0)}{rest}") from None


def _text(scored: Scored, options) -> str:
    if options.explain is not None:
        if options.explain not in scored.book.entrants:
            file = (options.entrants or options.marks).name
            sentence = f"There is no entrant “{options.explain}” (--explain) in this file."
            raise FileError(file, 0, sentence)
        return receipt_text(scored, options.explain)
    if options.format == "json":
        return json.dumps(answer_of(scored), ensure_ascii=False, indent=1) + "\n"
    return csv_text(scored) if options.format == "csv" else table_text(scored)


def _changes(scored, other, format_):
    if format_ == "json":
        return json.dumps(changes_of(scored, other), ensure_ascii=False, indent=1) + "\n"
    return (changes_csv_text if format_ == "csv" else changes_text)(scored, other)


def _refuse(sentence):
    print(sentence, file=sys.stderr)
    return 2
