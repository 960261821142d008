"""Looking up recorded figures."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from contest.accounts.models import User
from contest.db import db
from contest.draw.queries import codes
from contest.errors import Missing
from contest.figures import rules
from contest.figures.models import RecordedFigure
from contest.i18n import N_, both_names
from contest.people import queries as people
from contest.scoring.units import text_of
from contest.setup import queries as setup
from contest.setup.queries import get_contest, plan_in_force
from contest.setup.rules import Note

# What later areas say of figures that are about to be stored, so that somebody looks at them again:
# fn(contest_id, Column, {entrant id: units}) -> {entrant id: a Refusal that says why}.
DOUBTS = []


def doubts(contest_id, column, units):
    """{entrant id: why a figure should be looked at again (a Refusal)}, of all areas together."""
    found = {}
    for tell in DOUBTS:
        found |= tell(contest_id, column, units)
    return found


@dataclass(frozen=True)
class FigureRow:
    """One entrant's line. handle: the code in a blind module (then no name), else the entry number.

    seen: the id of the latest row, 0 for none. units: None while nothing stands.
    """

    handle: str
    name: str | None
    organisation: str | None
    entrant_state: str
    entrant_id: int
    seen: int
    units: int | None
    by: str
    at: datetime | None

    @property
    def text(self):
        """The figure as the shortest plain text; empty while nothing stands."""
        return "" if self.units is None else text_of(self.units)


@dataclass(frozen=True)
class ColumnLine:
    """A column and for how many of the entrants it stands."""

    column: rules.Column
    done: int
    count: int

    @property
    def is_whole(self):
        """True when it stands for everybody."""
        return bool(self.count) and self.done == self.count


def latest(contest_id, kind, key=None):
    """{(key, entrant id): the latest row}, also one that took its figure back (units None).

    Rows have id, key, entrant_id, units, reason, by (a name), at.
    """
    statement = (
        select(RecordedFigure.id, RecordedFigure.key, RecordedFigure.entrant_id,
               RecordedFigure.units, RecordedFigure.reason, User.name.label("by"),
               RecordedFigure.at)
        .outerjoin(User, RecordedFigure.by_id == User.id)
        .where(RecordedFigure.contest_id == contest_id, RecordedFigure.kind == kind)
        .order_by(RecordedFigure.id)
    )
    if key is not None:
        statement = statement.where(RecordedFigure.key == key)
    return {(row.key, row.entrant_id): row for row in db.session.execute(statement)}


def columns(contest_id):
    """The ColumnLine of everything that the plan asks for besides marks."""
    plan = plan_in_force(contest_id).plan
    states = people.entrant_states(contest_id)
    competing = {
        entrant.id for entrant in people.list_entrants(contest_id)
        if states.get((entrant.id, ""), "normal") not in {"withdrawn", "disqualified"}
    }
    found = []
    for column in rules.columns_of(plan):
        rows = latest(contest_id, column.kind, column.key).values()
        done = sum(row.units is not None and row.entrant_id in competing for row in rows)
        found.append(ColumnLine(column, done, len(competing)))
    return found


def get_column(contest_id, kind, key):
    """A column that the plan asks for, or Missing."""
    for column in rules.columns_of(plan_in_force(contest_id).plan):
        if (column.kind, column.key) == (kind, key):
            return column
    raise Missing("The plan asks for no such figure.")


def table(contest_id, column):
    """Every entrant's FigureRow, blind modules in starting order under their codes."""
    plan = plan_in_force(contest_id).plan
    known = {}
    if column.module is not None and column.module.blind:
        known = codes(contest_id, rules.stage_of_column(plan, column))
    standing = latest(contest_id, column.kind, column.key)
    states = people.entrant_states(contest_id)
    rows = []
    for entrant in people.list_entrants(contest_id):
        # After the draw nobody may read here whose code it is; who has none has no sheet either.
        if known and entrant.id not in known:
            continue
        row = standing.get((column.key, entrant.id))
        code = known.get(entrant.id)
        rows.append((code.start_order if code else 0, FigureRow(
            code.code if code else entrant.number,
            None if code else entrant.human.name,
            None if code else entrant.organisation.name,
            # Under a code only what was said under it: the rest is known by name.
            states.get((entrant.id, column.module.key if code else ""), "normal"), entrant.id,
            row.id if row else 0, row.units if row else None,
            (row.by or "") if row else "", row.at if row else None,
        )))
    return [row for _, row in sorted(rows, key=lambda pair: pair[0])]


def figure_of(figure_id):
    """The units of one row, None for a row that took its figure back or when there is none."""
    return db.session.scalar(select(RecordedFigure.units).filter_by(id=figure_id))


def figures_of(contest_id, entrant_id):
    """What stands of one entrant: rows of `latest` by kind, for the page that tells everything."""
    return {
        kind: [
            row for (_, owner), row in latest(contest_id, kind).items()
            if owner == entrant_id and row.units is not None
        ]
        for kind in ("difficulty", "data", "adjustment")
    }


def held_about(contest_id):
    """Ids of the entrants for whom a figure was ever recorded."""
    return set(
        db.session.scalars(select(RecordedFigure.entrant_id).filter_by(contest_id=contest_id))
    )


def desk_notes(contest_id):
    """What the contest's desk says of difficulties: without one there is no mark."""
    found = setup.find_plan_in_force(contest_id)
    if found is None or not rules.columns_of(found.plan):
        return []
    if not rules.is_open(get_contest(contest_id)):
        return []
    lines = columns(contest_id)
    notes = [
        Note(
            N_("%(module)s: difficulties of %(done)s of %(total)s contestants."),
            {"module": both_names(line.column.module), "done": line.done, "total": line.count},
            "figures.list_columns", "good" if line.is_whole else "todo",
        )
        for line in lines if line.column.module is not None
    ]
    if data := [line for line in lines if line.column.module is None]:
        last = min(data, key=lambda line: line.done)
        notes.append(Note(
            N_("Figures that ties look at: recorded of %(done)s of %(total)s contestants."),
            {"done": last.done, "total": last.count}, "figures.list_columns",
            "good" if last.is_whole else "info",
        ))
    return notes


setup.DESK_NOTES.append(desk_notes)
people.HELD_ABOUT.append(held_about)
