"""The trail of a contest that was taken over, read from its archive in the words of the house's own trail."""

import io
import json
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from contest.audit.chain_rules import moment_of
from contest.audit.queries import lines_of
from contest.i18n import N_
from contest.judging.trail_queries import NamesOfPlan, told
from contest.offline.archived_files import Archive
from contest.registry import whole_queries, whole_rules
from contest.results.ledger_files import ABOUT, CHAIN, PUBLISHED
from contest.scoring.scheme_reading import document_from, plan_from

ROWS_A_PAGE = 100
PLAN = "plan.toml"
ERASED = N_("Erased before the archive was written")
# What a row of another version may lack or have otherwise than this one reads it.
_OTHERWISE = (KeyError, TypeError, ValueError, AttributeError, IndexError)


@dataclass(frozen=True)
class ArchivedRow:
    """One row of a trail as the rows of the house's own are read. id: the link of the chain that binds it."""

    id: int
    at: datetime
    who: str
    user_id: int | None
    did: str
    subject: str
    facts: dict
    contest_id: None = None


def count_trail(content):
    """How many rows the trail in an archive (its bytes) has."""
    return sum(1 for _ in _trail_lines(Archive(io.BytesIO(content))))


def trail_page(whole_id, page, language="en"):
    """(Lines, page, number of pages): rows of the trail in the archive, the newest first.

    The chain is read once, and no more of it is kept than the page shows.
    """
    _, content = whole_queries.archive_of(whole_id)
    shown, archive = whole_queries.get_whole(whole_id).shown, Archive(io.BytesIO(content))
    rows = shown.get("trail")
    if rows is None:  # taken over by a version that did not count them
        rows = count_trail(content)
    pages = max(1, -(-rows // ROWS_A_PAGE))
    page = min(max(1, page), pages)
    end = rows - (page - 1) * ROWS_A_PAGE
    piece = list(islice(_trail_lines(archive), max(0, end - ROWS_A_PAGE), end))
    names, gone = _names(archive, shown, language), _names_gone(archive, shown)
    return _lines([_row(each, gone) for each in reversed(piece)], names), page, pages


def _trail_lines(archive):
    # The kind is the second field of a line; what stands in the text of a row may look like it.
    return (line for line in archive.lines(CHAIN) if line.split(b"\t", 2)[1:2] == [b"trail"])


def _names_gone(archive, shown):
    """The names, as the archive has them, that are withheld here; so nothing here has to keep them."""
    ids = set(shown.get("withheld", ()))
    if not ids:
        return ()
    rows = (row for one in json.loads(archive.read(PUBLISHED))["sheets"] for row in one["document"]["rows"])
    return sorted({row["name"] for row in rows if row["entrant_id"] in ids}, key=len, reverse=True)


def _row(line, gone=()):
    fields = line.rstrip(b"\n").split(b"\t")
    row = json.loads(fields[-1] or b"{}")
    if gone:
        text = json.dumps(row, ensure_ascii=False)
        for name in gone:
            text = text.replace(json.dumps(name, ensure_ascii=False)[1:-1], whole_rules.WITHHELD)
        row = json.loads(text)
    facts = row.get("facts") or {}
    return ArchivedRow(
        int(fields[0]), moment_of(row.get("at", int(fields[3]))), str(row.get("who", "–")),
        row.get("user_id", 0), str(row.get("did", ERASED)), str(row.get("subject", "")),
        facts if isinstance(facts, dict) else {"": facts},
    )


def _names(archive, shown, language):
    """Who and what rows call by a number or a key: from the plan, the published lists and the numbers."""
    people = {
        int(key): (number, "")
        for key, number in (json.loads(archive.read(ABOUT)).get("entrants") or {}).items()
    }
    teams = {}
    for sheet in shown["sheets"]:
        document = sheet["document"]
        people |= {row["entrant_id"]: (row["number"], row["name"]) for row in document["rows"]}
        teams |= {row["team_id"]: row["name"] for row in document.get("teams", ())}
    try:
        plan = plan_from(document_from(archive.read(PLAN).decode()))
    except ValueError:
        plan = None  # of a kind that this version has no more: the keys themselves are shown
    return NamesOfPlan(language, plan, {key: (*two, "") for key, two in people.items()}, {}, teams)


def _lines(rows, names):
    def tell(pairs):
        return told(names, pairs, {})

    def readable(row):
        try:
            lines_of([row], tell)
        except _OTHERWISE:
            # Told as it stands in the archive: the other rows must not go down with it.
            return ArchivedRow(**{**vars(row), "facts": {"": json.dumps(row.facts, ensure_ascii=False)}})
        return row

    return lines_of([readable(row) for row in rows], tell)
