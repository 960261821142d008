"""What a link attests of a row: its columns, and what stands in other tables and decides with it.

The program and the migrations ask here; the tables are given, since a migration knows them as they are
stored at that moment.
"""

import hashlib

from sqlalchemy import JSON, String, select, type_coerce

from contest.audit.chain_rules import ROWS, canonical, writer_of
from contest.db import Moment

# Large documents are bound by their SHA-256: an archive need not carry what was published once more. So
# are words and receipt codes, which are for those who answer an appeal or an objection.
BY_DIGEST = {
    "plan_version": ("document",), "result_sheet": ("document",), "notice": ("list_rows",),
    "unchanged_reason": ("reason",),
    "appeal": ("receipt", "text", "decision"), "objection": ("receipt", "text", "decision"),
}
# Who objected is erased after a time, by the program itself: it decides nothing and is not attested. Nor is
# what follows from other rows that are: about which announced revision an appeal is.
NOT_ATTESTED = {"objection": ("name", "contact"), "appeal": ("revision",)}
# {table: (column, table)} of rows that belong to a contest through another row.
THROUGH = {"notice_change": ("notice_id", "notice")}
TOGETHER = 1000


def contents(connection, tables, kind, contest_id, ids=None):
    """The rows of a kind that belong to a contest, as dicts with `id`, in the order of their ids.

    tables: {name: Table}; ids: only these, or None for every row. Read in pieces.
    """
    wanted, key = _statement(tables, kind, contest_id)
    if found := _read(connection, wanted, key, ids):
        for row in found.mappings():
            yield _bound(kind, row) if kind in BY_DIGEST else row


def texts(connection, tables, kind, contest_id, ids=None):
    """The same rows as (id, canonical text), without making a dict of each: there may be a million."""
    if kind not in ROWS or kind in BY_DIGEST:
        for row in contents(connection, tables, kind, contest_id, ids):
            yield row["id"], canonical(row)
        return
    wanted, key = _statement(tables, kind, contest_id)
    table, moments, documents = key.table, (), ()
    if connection.dialect.name == "sqlite":
        # As it keeps them: objects would be made only to be written again.
        moments = {column.name for column in table.c if isinstance(column.type, Moment)}
        documents = {column.name for column in table.c if isinstance(column.type, JSON)}
        wanted = wanted.with_only_columns(*(
            type_coerce(column, String).label(column.name) if column.name in moments | documents else column
            for column in table.c
        ))
    names = tuple(column.name for column in table.c)
    at, written = names.index("id"), writer_of(names, moments, documents)
    if found := _read(connection, wanted, key, ids):
        for together in found.partitions():
            for row in together:
                yield row[at], written(row)


def _read(connection, wanted, key, ids):
    if ids is not None:
        if not ids:
            return None
        low, high = min(ids), max(ids)
        # Rows are mostly linked in their order; then a range is quicker than a list.
        is_range = high - low < 2 * len(ids)
        wanted = wanted.where(key.between(low, high) if is_range else key.in_(sorted(ids)))
    return connection.execute(wanted.order_by(key).execution_options(yield_per=TOGETHER))


def _bound(kind, row):
    values = dict(row)
    for name in BY_DIGEST[kind]:
        values[name] = hashlib.sha256(canonical({name: values[name]})).hexdigest()
    return values


def _statement(tables, kind, contest_id):
    table = tables[ROWS.get(kind, kind)]
    special = {"contest": _contest, "entrant": _entrant, "team": _team}.get(kind)
    if special is None:
        own = [each for each in table.c if each.key not in NOT_ATTESTED.get(kind, ())]
        return select(*own).where(of_contest(tables, kind, contest_id)), table.c.id
    return special(tables, contest_id), table.c.id


def of_contest(tables, kind, contest_id):
    """The condition under which a row of a kind belongs to a contest."""
    table = tables[ROWS.get(kind, kind)]
    if kind not in THROUGH:
        return table.c.contest_id == contest_id
    column, name = THROUGH[kind]
    parent = tables[name]
    return table.c[column].in_(select(parent.c.id).where(parent.c.contest_id == contest_id))


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
