"""The road from marks to a place, beside a name, without the marks that only a code may stand beside."""

from dataclasses import dataclass

from contest.errors import Missing
from contest.figures.queries import figures_of
from contest.judging.blind_queries import hidden_modules
from contest.results import rules
from contest.results.reckoning import Reckoning
from contest.results.standing_rows import OfficialStandings
from contest.results.views import halves


@dataclass(frozen=True)
class EntrantReceipt:
    """An entrant's line (None outside the stage) with its receipt.

    waiting: the blind modules whose marks are in none of it until they may name somebody.
    """

    official: OfficialStandings
    row: object
    steps: list
    waiting: list


def receipt_of(contest_id, entrant_id, stage=None):
    """The EntrantReceipt of one entrant; Missing for a stranger."""
    with Reckoning(contest_id, None) as question:
        key = question.stage(stage)
        waiting = _look_away(question, key)
        official = question.scored(key).official
        steps = rules.steps_without(official.plan, question.receipt(key, entrant_id), waiting)
        return EntrantReceipt(official, official.row_of(entrant_id), steps, waiting)


def recorded_of(contest_id, plan, entrant_id):
    """What was recorded of an entrant besides marks: triples (kind, module or name, row)."""
    waiting = hidden_modules(contest_id)
    modules = {module.key: module for module in plan.modules if module not in waiting}
    return [
        (kind, modules.get(row.key, row.key), row)
        for kind, rows in figures_of(contest_id, entrant_id).items() for row in rows
        if kind == "data" or row.key in modules
    ]


def _look_away(question, stage):
    """Take the blind modules of a stage that name nobody yet out of the question; returns them."""
    waiting = hidden_modules(question.contest_id, stage)
    if waiting:
        question.view, _ = halves(question.force.plan, waiting)
    return waiting


@dataclass(frozen=True)
class TeamReceipt:
    """A team's line with its receipt; names: what to call its members, by their id as text."""

    official: OfficialStandings
    row: object
    steps: list
    names: dict
    waiting: list


def team_receipt_of(contest_id, team_id, stage=None):
    """The TeamReceipt of one team; Missing for a stranger."""
    with Reckoning(contest_id, None) as question:
        key = question.stage(stage)
        waiting = _look_away(question, key)
        official = question.scored(key).official
        steps = rules.steps_without(official.plan, question.team_receipt(key, team_id), waiting)
        row = next((row for row in official.teams if row.team_id == team_id), None)
        if row is None:
            raise Missing("There is no such team.")
        names = {str(line.id): line.name for line in question.roster}
        return TeamReceipt(official, row, steps, names, waiting)
