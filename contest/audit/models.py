"""The trail: rows are added and never changed; the database itself refuses anything else."""

from datetime import datetime

from sqlalchemy import DDL, ForeignKey, Index, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column

from contest.db import Document, Moment, db


class TrailRow(db.Model):
    """One thing that somebody did, with the values before and after."""

    __tablename__ = "trail"
    __table_args__ = (Index("ix_trail_contest_id_id", "contest_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    # The name is copied: a person may be renamed later, the trail may not.
    who: Mapped[str]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    did: Mapped[str] = mapped_column(index=True)
    contest_id: Mapped[int | None] = mapped_column(ForeignKey("contest.id"))
    subject: Mapped[str]
    facts: Mapped[dict] = mapped_column(Document)


def forbid_change(table):
    """Make the database refuse UPDATE and DELETE on an append-only table."""
    for statement in (*sqlite_guards(table.name), replace_guard(table.name, _keys_of(table))):
        event.listen(table, "after_create", DDL(statement).execute_if(dialect="sqlite"))
    for statement in postgres_guards(table.name):
        event.listen(table, "after_create", DDL(statement).execute_if(dialect="postgresql"))


def forbid_all_but_erasing(table, blanks):
    """As forbid_change, but a column of `blanks` may be emptied, for good: {column: its emptiness in SQL}."""
    columns, keys = table.columns.keys(), _keys_of(table)
    guard(table, erasable_sqlite(table.name, columns, blanks, keys),
          erasable_postgres(table.name, columns, blanks))


def _is_more_than_erased(columns, blanks, differs):
    """The condition, in SQL, under which an UPDATE changes anything else than erasing does."""
    changed = {each: f'NEW."{each}" {differs} OLD."{each}"' for each in columns}
    return " OR ".join(
        f'({condition} AND NEW."{each}" {differs} {blanks[each]})' if each in blanks else condition
        for each, condition in changed.items()
    )


def erasable_sqlite(name, columns, blanks, keys):
    """The trigger statements on SQLite that let nothing change but columns that are emptied."""
    return [
        f"CREATE TRIGGER {name}_no_update BEFORE UPDATE ON {name} WHEN "
        f"{_is_more_than_erased(columns, blanks, 'IS NOT')} "
        f"BEGIN SELECT RAISE(ABORT, '{name} is append-only'); END",
        sqlite_guards(name)[1], replace_guard(name, keys),
    ]


def erasable_postgres(name, columns, blanks):
    """The same on PostgreSQL."""
    return [
        postgres_guards(name)[0],
        f"CREATE OR REPLACE FUNCTION keep_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'this table is append-only'; END IF; "
        f"IF {_is_more_than_erased(columns, blanks, 'IS DISTINCT FROM')} "
        "THEN RAISE EXCEPTION 'this table is append-only'; END IF; RETURN NEW; END $$",
        f"CREATE TRIGGER {name}_no_change BEFORE UPDATE OR DELETE ON {name} "
        f"FOR EACH ROW EXECUTE FUNCTION keep_{name}()",
        f"CREATE TRIGGER {name}_keeps BEFORE TRUNCATE ON {name} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    ]


def guard(table, sqlite, postgres):
    """Have triggers of a table's own made with it; the statements for each database."""
    for dialect, statements in (("sqlite", sqlite), ("postgresql", postgres)):
        for statement in statements:
            # A percent sign would be read as the start of a blank.
            made = DDL(statement.replace("%", "%%")).execute_if(dialect=dialect)
            event.listen(table, "after_create", made)


# Every row_guards.Rows of the program, for whoever asks the rows that were there before them.
GUARDED = []


def guard_rows(guards):
    """Have the tables made with the triggers of these row_guards.Rows."""
    GUARDED.extend(guards)
    for rows in guards:
        guard(db.metadata.tables[rows.table], rows.sqlite, rows.postgres)


def sqlite_guards(name):
    """The trigger statements that make `name` append-only on SQLite."""
    return [
        f"CREATE TRIGGER {name}_no_{act.lower()} BEFORE {act} ON {name} "
        f"BEGIN SELECT RAISE(ABORT, '{name} is append-only'); END"
        for act in ("UPDATE", "DELETE")
    ]


def _keys_of(table):
    unique = [each for each in table.constraints if isinstance(each, UniqueConstraint)]
    found = {(tuple(each.columns.keys()), "") for each in (table.primary_key, *unique)}
    for index in table.indexes:
        if index.unique:
            where = index.dialect_options["sqlite"]["where"]
            found.add((tuple(index.columns.keys()), "" if where is None else str(where)))
    return sorted(found)


def replace_guard(name, keys):
    """The trigger statement that keeps INSERT OR REPLACE from taking rows away on SQLite.

    REPLACE deletes what has the same key without asking the trigger for deletes. keys: pairs of columns
    and the condition under which they are unique ("": always).
    """
    known = " OR ".join(
        f"EXISTS (SELECT 1 FROM {name} WHERE {' AND '.join(f'{each} = NEW.{each}' for each in key)}"
        f"{f' AND ({where})' if where else ''})"
        for key, where in keys
    )
    return (
        f"CREATE TRIGGER {name}_no_replace BEFORE INSERT ON {name} WHEN {known} "
        f"BEGIN SELECT RAISE(ABORT, '{name} is append-only'); END"
    )


def postgres_guards(name):
    """The trigger statements that make `name` append-only on PostgreSQL."""
    return [
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'this table is append-only'; END $$",
        f"CREATE TRIGGER {name}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {name} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    ]


forbid_change(TrailRow.__table__)
