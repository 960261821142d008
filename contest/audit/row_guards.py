"""Rules for single rows that the database itself holds, as triggers for SQLite and for PostgreSQL.

They stand behind the program's own checks, for whoever writes past it. Triggers and not CHECK: SQLite takes
a CHECK only with the whole table copied, which an append-only table forbids, and rows of an old release that
break a rule stay as they are, linked in the chain, instead of stopping the upgrade.

SQLite keeps any value in any column; so rules about numbers, documents and yes or no also ask for the type.
"""

from dataclasses import dataclass

HEX = "0123456789abcdef"


@dataclass(frozen=True)
class Rule:
    """When a row is refused, in the SQL of either database, and why in words."""

    words: str
    sqlite: str
    postgres: str


@dataclass(frozen=True)
class Rows:
    """The rules of one table; `changing`: an UPDATE is held to them too."""

    table: str
    rules: tuple[Rule, ...]
    changing: bool = False

    @property
    def trigger(self):
        """The name of its trigger; on SQLite that for UPDATE has `_again` behind it."""
        return f"{self.table}_row"

    @property
    def sqlite(self):
        """The trigger statements for SQLite."""
        cases = " ".join(
            f"WHEN {rule.sqlite} THEN RAISE(ABORT, '{self.table}: {rule.words}')" for rule in self.rules
        )
        return [
            f"CREATE TRIGGER {name} BEFORE {act} ON {self.table} BEGIN SELECT CASE {cases} END; END"
            for name, act in self._acts()
        ]

    @property
    def postgres(self):
        """The trigger statements for PostgreSQL."""
        checks = " ".join(
            f"IF {rule.postgres} THEN RAISE EXCEPTION '{self.table}: {rule.words}'; END IF;"
            for rule in self.rules
        )
        acts = " OR ".join(act for _, act in self._acts())
        return [
            f"CREATE OR REPLACE FUNCTION refuse_{self.trigger}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {checks} RETURN NEW; END $$",
            f"CREATE TRIGGER {self.trigger} BEFORE {acts} ON {self.table} "
            f"FOR EACH ROW EXECUTE FUNCTION refuse_{self.trigger}()",
        ]

    @property
    def sqlite_gone(self):
        """The statements that take them away from SQLite."""
        return [f"DROP TRIGGER {name}" for name, _ in self._acts()]

    @property
    def postgres_gone(self):
        """The statements that take them away from PostgreSQL."""
        return [
            f"DROP TRIGGER {self.trigger} ON {self.table}", f"DROP FUNCTION refuse_{self.trigger}()",
        ]

    def _acts(self):
        again = [(f"{self.trigger}_again", "UPDATE")] if self.changing else []
        return [(self.trigger, "INSERT"), *again]


def _either(words, condition):
    return Rule(words, f"({condition})", f"({condition})")


def known(column, *allowed):
    """One of these words."""
    words = ", ".join(f"'{each}'" for each in allowed)
    return _either(f"{column} is no known word", f"NEW.{column} NOT IN ({words})")


def whole(column, least=None, most=None):
    """A whole number from `least` to `most`; NULL where the column takes it."""
    bounds = [f"NEW.{column} < {least}"] if least is not None else []
    bounds += [f"NEW.{column} > {most}"] if most is not None else []
    typed = f"typeof(NEW.{column}) NOT IN ('integer', 'null')"
    return Rule(
        f"{column} is no number in its range",
        f"({' OR '.join([typed, *bounds])})", f"({' OR '.join(bounds) or 'FALSE'})",
    )


def truth(column):
    """Yes or no; PostgreSQL knows nothing else."""
    return Rule(f"{column} is neither yes nor no", f"(NEW.{column} NOT IN (0, 1))", "(FALSE)")


def filled(column):
    """A text with something in it."""
    return _either(f"{column} is empty", f"trim(NEW.{column}) = ''")


def hexadecimal(column, digits=64, or_empty=False):
    """So many hexadecimal digits in small letters, as SHA-256 has 64."""
    condition = f"(length(NEW.{column}) <> {digits} OR ltrim(NEW.{column}, '{HEX}') <> '')"
    if or_empty:
        condition += f" AND NEW.{column} <> ''"
    return _either(f"{column} is no fingerprint", condition)


def octets(column, count):
    """So many bytes, as a hash, a key or a signature has."""
    return Rule(
        f"{column} has another length",
        f"(typeof(NEW.{column}) NOT IN ('blob', 'null') OR length(NEW.{column}) <> {count})",
        f"(length(NEW.{column}) <> {count})",
    )


def document(column, shape):
    """A document of this shape: object or array; NULL where the column takes it."""
    name = f'NEW."{column}"'
    return Rule(
        f"{column} is no {shape}",
        f"(CASE WHEN {name} IS NULL THEN 0 WHEN NOT json_valid({name}) THEN 1 "
        f"ELSE json_type({name}) <> '{shape}' END)",
        f"(jsonb_typeof({name}) <> '{shape}')",
    )


def same_contest(column, table):
    """The row of `table` that the column names is of the row's own contest."""
    return _either(
        f"{column} is of another contest",
        f"EXISTS (SELECT 1 FROM {table} WHERE id = NEW.{column} AND contest_id <> NEW.contest_id)",
    )


def refused_when(words, condition):
    """Any other rule, by the condition under which a row breaks it, in SQL that both databases read."""
    return _either(words, condition)
