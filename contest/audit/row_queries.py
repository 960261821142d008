"""Rows that were stored before the database guarded them: which do not keep to a rule. Nothing is changed."""

from dataclasses import dataclass

from sqlalchemy import text

from contest.audit.models import GUARDED
from contest.db import db

NAMED = 5  # so many of a rule's rows are named


@dataclass(frozen=True)
class Misfits:
    """Rows of one table that break one rule: how many, and the numbers of the first of them."""

    table: str
    words: str
    count: int
    first: tuple


def misfit_rows():
    """The Misfits of every guarded table, each rule of row_guards asked of each row."""
    return [found for rows in GUARDED for rule in rows.rules if (found := _misfits(rows.table, rule))]


def _misfits(table, rule):
    condition = rule.sqlite if db.engine.dialect.name == "sqlite" else rule.postgres
    key = next(iter(db.metadata.tables[table].primary_key.columns)).name
    # The rule speaks of NEW, as its trigger does: here that is each row.
    broken = f"FROM {table} AS NEW WHERE {condition}".replace(":", r"\:")
    count = db.session.scalar(text(f"SELECT count(*) {broken}"))
    if not count:
        return None
    first = db.session.scalars(text(f"SELECT NEW.{key} {broken} ORDER BY NEW.{key} LIMIT {NAMED}"))
    return Misfits(table, rule.words, count, tuple(first))
