"""What a link attests of a row: its columns, and what stands in other tables and decides with it.

The program and the migrations ask here; the tables are given, since a migration knows them as they are
stored at that moment.
"""

import hashlib

from sqlalchemy import select

from contest.audit.chain_rules import ROWS, canonical

# Large documents are bound by their SHA-256: an archive need not carry what was published once more.
BY_DIGEST = {"plan_version": ("document",), "result_sheet": ("document",)}
TOGETHER = 1000


def contents(connection, tables, kind, contest_id, ids=None):
    """The rows of a kind that belong to a contest, as dicts with `id`, in the order of their ids.

    tables: {name: Table}; ids: only these, or None for every row. Read in pieces.
    """
    wanted, key = _statement(tables, kind, contest_id)
    if ids is not None:
        if not ids:
            return
        low, high = min(ids), max(ids)
        # Rows are mostly linked in their order; then a range is quicker than a list.
        is_range = high - low < 2 * len(ids)
        wanted = wanted.where(key.between(low, high) if is_range else key.in_(sorted(ids)))
    found = connection.execute(wanted.order_by(key).execution_options(yield_per=TOGETHER))
    for row in found.mappings():
        yield _bound(kind, row) if kind in BY_DIGEST else row


def _bound(kind, row):
    values = dict(row)
    for name in BY_DIGEST[kind]:
        values[name] = hashlib.sha256(canonical({name: values[name]})).hexdigest()
    return values


def _statement(tables, kind, contest_id):
    table = tables[ROWS.get(kind, kind)]
    special = {"contest": _contest, "entrant": _entrant, "team": _team}.get(kind)
    if special is None:
        return select(table).where(table.c.contest_id == contest_id), table.c.id
    return special(tables, contest_id), table.c.id


def _contest(tables, contest_id):
    """Of a contest what its results and their way depend on; names and days may change."""
    contest = tables["contest"]
    return select(
        contest.c.id, contest.c.state, contest.c.stage, contest.c.procedure
    ).where(contest.c.id == contest_id)


def _entrant(tables, contest_id):
    """With gender, birthday and unit, which scoring reads; without the check-in and its secret word."""
    entrant, human, unit = tables["entrant"], tables["human"], tables["organisation"]
    own = [each for each in entrant.c if each.key not in ("checked_in_at", "check_in_token")]
    return (
        select(*own, human.c.gender, human.c.born_on, unit.c.name.label("organisation"))
        # Outer: a row that names nobody is none of ours, and must be seen.
        .outerjoin(human, entrant.c.human_id == human.c.id)
        .outerjoin(unit, entrant.c.organisation_id == unit.c.id)
        .where(entrant.c.contest_id == contest_id)
    )


def _team(tables, contest_id):
    team, unit = tables["team"], tables["organisation"]
    return (
        select(team, unit.c.name.label("organisation"))
        .outerjoin(unit, team.c.organisation_id == unit.c.id).where(team.c.contest_id == contest_id)
    )
