"""Are the marks in an archive's file those of the linked revisions, and of the same people?

The file is made from tables that are no part of the chain (whose sheet it is); the rows of the trail,
which are, say it too.
"""

import csv
import io
import tomllib
from collections import defaultdict
from decimal import Decimal

from contest.audit.chain_rules import TELL_PLACES, place_of
from contest.offline.archived_keys import ArchivedKeys
from contest.people.rules import is_practice
from contest.recount.plan import read
from contest.results import ledger_lines

COUNTING = ("submit", "confirm", "excuse")


class ArchivedSheets:
    """What the linked rows say of every sheet, taken row by row in the order of the chain."""

    def __init__(self):
        self.latest, self.places, self.keys = {}, {}, ArchivedKeys()

    def take(self, kind, row):
        """One linked row of the ledger or the trail, as it stands in the archive."""
        if kind == "revision":
            self.keys.take(row)
        # What was tampered with may lack anything; the chain's own check says so.
        if kind == "revision" and row.get("kind", "draft") != "draft":
            self.latest[row["sheet_id"]] = row
        elif kind == "trail" and row.get("did") in TELL_PLACES:
            noun, _, number = row["subject"].partition(" ")
            place = place_of(row["facts"])
            if noun == "sheet" and number.isdecimal() and place:
                self.places.setdefault(int(number), place)

    def compare(self, files, about):
        """(sheets compared, sheets of which the chain does not say whose they are, what differs).

        files: {name: bytes}; about: the archive's own description, with `entrants` {id: number}.
        """
        numbers = about.get("entrants")
        if numbers is None:
            return 0, len(self.latest), []
        modules = _modules(files["plan.toml"], about["stage"])
        shown = _by_sheet(files["MARKS.csv"])
        newest = max((row["plan_version_id"] for row in self.latest.values()), default=0)
        compared, silent, wrong = 0, 0, []
        for sheet_id, row in self.latest.items():
            if sheet_id not in self.places:
                silent += 1
                continue
            key, entrant_id, seat = self.places[sheet_id]
            if key not in modules or is_practice(seat) or row["kind"] not in COUNTING:
                continue
            compared += 1
            where = numbers.get(str(entrant_id), ""), key, f"seat {seat}"
            told, lines = shown.pop(where, []), _lines(modules[key], where[0], seat, row)
            if told != lines and not (not told and row["plan_version_id"] != newest):
                wrong.append(
                    f"MARKS.csv: the marks of {where[0] or '?'} in {key}, seat {seat}, are not those "
                    "that the chain holds."
                )
        if not silent:
            wrong += [
                f"MARKS.csv: {number}, {key}, {judge}: the chain knows of no such sheet."
                for number, key, judge in shown
            ]
        return compared, silent, wrong


def _modules(text, stage):
    plan = read(tomllib.loads(text.decode(), parse_float=Decimal))
    keys = [each["key"] for each in plan["stages"]]
    stages = plan["stages"][: keys.index(stage) + 1]
    return {module["key"]: module for each in stages for module in each["all_modules"]}


def _by_sheet(data):
    found = defaultdict(list)
    for row in csv.DictReader(io.StringIO(data.decode(), newline="")):
        if row["judge"].startswith("seat "):
            key = row["item"].partition(".")[0]
            found[row["entrant"], key, row["judge"]].append(tuple(row[name] for name in ledger_lines.COLUMNS))
    return found


def _lines(module, number, seat, row):
    if ledger_lines.panel_of_seat(module, seat) is None:
        return []
    if row["kind"] == "excuse":
        return [ledger_lines.excused_line(module, number, seat)]
    return ledger_lines.sheet_lines(module, number, seat, row["marks"])
