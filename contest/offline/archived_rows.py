"""Do an archive's files say of scores, figures, penalties, states and people what the linked rows say?

ledger_queries.py wrote the files from the tables; here the same lines are made from the rows as they
stand in the chain, so that a row inserted past the program is missed there and found here.
"""

import csv
import io
import tomllib
from collections import Counter
from decimal import Decimal

from contest.recount.files import STATES
from contest.recount.plan import read
from contest.results import ledger_lines
from contest.results.ledger_lines import amount_text, line

TAKEN = ("penalty", "theory_entry", "recorded_figure", "state_event", "entrant", "team")
# What whoever takes a whole archive over reads from its chain (archived_published.py).
CARRIED = ("contest", "plan_version", "result_sheet", "award", "annulment", "device_ruling")
# Made from the rulings on ties and from the committee's decisions, which are linked themselves.
DERIVED = ("ruling", "team_ruling", "passed_over", "team_passed_over")
# Columns of ENTRANTS.csv by what a link of an entrant calls them.
SAID = {
    "number": "code", "group_name": "group", "organisation": "organisation", "room": "room",
    "gender": "gender", "born_on": "birth_date", "employment": "employment", "human_id": "person",
}


class ArchivedRows:
    """The linked rows, taken in the order of the chain; of a row that changed the latest content."""

    def __init__(self):
        self.rows = {kind: {} for kind in (*TAKEN, *CARRIED)}

    def take(self, kind, row):
        """One linked row as it stands in the archive."""
        self.rows[kind][row["id"]] = row

    def compare(self, files, stage):
        """(lines compared, sentences on what differs). files: {name: bytes}."""
        plan = read(tomllib.loads(files["plan.toml"].decode(), parse_float=Decimal))
        keys = [each["key"] for each in plan["stages"]]
        stages = plan["stages"][: keys.index(stage) + 1]
        modules = {m["key"]: m for each in stages for m in each["all_modules"]}
        scopes = {*modules, *(each["key"] for each in stages)}
        scopes |= {part["key"] for each in stages for part in each["all_parts"]}
        shown = Counter(
            tuple(row[name] for name in ledger_lines.COLUMNS) for row in _read(files["MARKS.csv"])
            if row["judge"] == "" and row["status"] != "takes_part"
        )
        told = Counter(self._lines(modules, scopes))
        wrong = [f"MARKS.csv: the chain holds no row for {_words(each)}." for each in shown - told]
        # A line that the plan in force does not allow is left out of the file.
        wrong += [
            f"MARKS.csv: {_words(each)} is in the chain and not in the file." for each in told - shown
            if ledger_lines.fits(plan, [each])
        ]
        wrong += self._people(_read(files["ENTRANTS.csv"]))
        return shown.total(), wrong

    def _of(self, kind):
        return sorted(self.rows[kind].values(), key=lambda row: row["id"])

    def _lines(self, modules, scopes):
        code = {row["id"]: row["number"] for row in self._of("entrant") if "number" in row}
        lines = [*self._states(modules), *self._scores(modules), *self._figures(modules)]
        lines += self._penalties(scopes)
        return [line(code[each[0]], *each[1:]) for each in lines if each[0] in code]

    def _states(self, modules):
        latest = {
            (row.get("module_key", ""), row["entrant_id"]): row["state"] for row in self._of("state_event")
        }
        gone = {
            (key, entrant): row["state"] for (key, entrant), row in self._theory(modules).items()
            if row["state"] in ("absent", "void")
        }
        for (key, entrant), state in latest.items():
            if not key and state in STATES:
                yield entrant, "", "", "", "", state
            elif key in modules and state == "absent":
                gone[key, entrant] = state
        for (key, entrant), state in gone.items():
            yield entrant, key, "", "", "", state

    def _theory(self, modules):
        found = {(row["module_key"], row["entrant_id"]): row for row in self._of("theory_entry")}
        return {
            where: row for where, row in found.items()
            if where[0] in modules and modules[where[0]]["entry"] == "scores"
        }

    def _scores(self, modules):
        for (key, entrant), row in self._theory(modules).items():
            if row["state"] == "scored" and row.get("units") is not None:
                yield entrant, key, "", amount_text(row["units"]), "", ""

    def _figures(self, modules):
        latest = {
            (row["key"], row["entrant_id"], row["kind"]): row.get("units")
            for row in self._of("recorded_figure") if row["kind"] != "data"
        }
        for (key, entrant, kind), units in latest.items():
            if units is not None and key in modules:
                yield entrant, f"{key}.{kind}", "", amount_text(units), "", ""

    def _penalties(self, scopes):
        rows = self._of("penalty")
        lifted = {row.get("lifts_id") for row in rows}
        for row in rows:
            if row.get("lifts_id") is None and row["id"] not in lifted and row["scope"] in scopes:
                yield row["entrant_id"], f"{row['scope']}.penalty", "", amount_text(row["units"]), "", ""

    def _people(self, shown):
        """Who is whose number, with what awards and ties look at; and the recorded data beside it."""
        teams = {row["id"]: row.get("name", "") for row in self._of("team")}
        data = {}
        for row in self._of("recorded_figure"):
            if row["kind"] == "data":
                data.setdefault(row["entrant_id"], {})[row["key"]] = row.get("units")
        told = {}
        for row in self._of("entrant"):
            if "number" in row:
                own = {name: str(row.get(key, "")) for key, name in SAID.items()}
                own["team"] = teams.get(row.get("team_id"), "")
                own["titles"] = ";".join(row.get("titles", ()))
                known = data.get(row["id"], {})
                told[row["number"]] = own | {
                    key: amount_text(units) for key, units in known.items()
                    if units is not None and key not in own
                }
        for row in shown:
            own = told.pop(row["code"], None)
            if own is None:
                yield f"ENTRANTS.csv: the chain knows of no contestant {row['code']}."
                continue
            # A column that none of the rows fills is left out of the file.
            names = {
                name for name in (*own, *row)
                if own.get(name, "") != (row.get(name) or "") and name not in DERIVED
            }
            if names:
                yield f"ENTRANTS.csv: {row['code']}: {', '.join(sorted(names))}: not what the chain holds."
        yield from (f"ENTRANTS.csv: {number} is in the chain and not in the file." for number in told)


def _read(data):
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def _words(each):
    return " ".join(text for text in each if text)
