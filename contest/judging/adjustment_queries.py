"""The chief judge's adjustments that stand."""

from dataclasses import dataclass
from datetime import datetime

from contest.errors import Missing
from contest.figures import queries as figures
from contest.figures.rules import signed_text
from contest.people import queries as people
from contest.scoring.scheme import Module
from contest.scoring.units import text_of
from contest.setup.queries import get_contest, plan_in_force

KIND = "adjustment"


@dataclass(frozen=True)
class Adjusting:
    """What may be adjusted, up or down, and what stands; text is None while nothing does."""

    most: str
    text: str | None
    reason: str
    by: str
    at: datetime | None


@dataclass(frozen=True)
class AdjustmentRow:
    """One entrant of a module that takes scores, with the adjustment that stands or None."""

    entrant_id: int
    number: str
    name: str
    organisation: str
    adjusting: Adjusting


def of_entrant(contest_id, module, entrant_id):
    """The Adjusting of one entrant, or None in a module whose mark may not be adjusted."""
    if module.adjust is None:
        return None
    rows = figures.latest(contest_id, KIND, module.key)
    return _adjusting(module, rows.get((module.key, entrant_id)))


def _adjusting(module, row):
    most = text_of(module.adjust)
    if row is None or row.units is None:
        return Adjusting(most, None, "", "", None)
    return Adjusting(most, signed_text(row.units), row.reason, row.by or "", row.at)


def shown(contest_id, module_key):
    """{entrant id: the adjustment that stands, with its sign} in one module."""
    return {
        entrant_id: signed_text(row.units)
        for (_, entrant_id), row in figures.latest(contest_id, KIND, module_key).items()
        if row.units is not None
    }


def latest_units(contest_id, module_key, entrant_id):
    """The adjustment that stands, in units, or None."""
    row = figures.latest(contest_id, KIND, module_key).get((module_key, entrant_id))
    return row.units if row else None


def module_to_adjust(contest_id, module_key):
    """A module whose mark may be adjusted, or Missing."""
    for module in plan_in_force(contest_id).plan.modules:
        if module.key == module_key and module.adjust is not None:
            return module
    raise Missing("The plan lets nobody adjust this mark.")


@dataclass(frozen=True)
class AdjustmentPage:
    """A module that takes scores, and every entrant with what was adjusted."""

    contest: object
    module: Module
    rows: tuple


def adjustment_page(contest_id, module_key):
    """The AdjustmentPage of a module with scores; one with sheets is adjusted sheet by sheet."""
    module = module_to_adjust(contest_id, module_key)
    if module.entry != "scores":
        raise Missing("This module is adjusted on the page of each contestant.")
    standing = figures.latest(contest_id, KIND, module_key)
    rows = tuple(
        AdjustmentRow(
            entrant.id, entrant.number, entrant.human.name, entrant.organisation.name,
            _adjusting(module, standing.get((module_key, entrant.id))),
        )
        for entrant in people.list_entrants(contest_id)
    )
    return AdjustmentPage(get_contest(contest_id), module, rows)


def score_modules(contest_id):
    """Modules with scores whose marks may be adjusted, in the plan's order."""
    return [
        module for module in plan_in_force(contest_id).plan.modules
        if module.adjust is not None and module.entry == "scores"
    ]
