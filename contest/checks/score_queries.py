"""The scores of a stage that stand, looked at beside its sheets: in the review and in the paper check."""

from sqlalchemy import select

from contest.accounts.models import User
from contest.checks.queries import StageSheet, score_key, stage_sheets
from contest.db import db
from contest.errors import Missing
from contest.people.models import Entrant
from contest.setup.queries import get_contest, plan_in_force
from contest.theory.models import TheoryEntry
from contest.theory.queries import scores
from contest.theory.rules import Score


def stage_scores(contest_id):
    """A StageSheet for every score that stands in the stage being held; its revision is the entry's id.

    Theory, quiz and whatever else is entered as a score: judge is who entered it, seat is 0.
    """
    contest, force = get_contest(contest_id), plan_in_force(contest_id)
    standing = scores(contest_id)
    numbers = dict(db.session.execute(
        select(Entrant.id, Entrant.number).filter_by(contest_id=contest_id)
    ).all())
    names = dict(db.session.execute(
        select(TheoryEntry.id, User.name).join(User, TheoryEntry.by_id == User.id)
        .where(TheoryEntry.contest_id == contest_id)
    ).all())
    return [
        StageSheet(
            score_key(entrant_id, module.key), module, entrant_id, numbers[entrant_id], 0,
            names.get(entry.id, entry.source), entry.by_id, entry.id, "submitted",
            Score(entry.state, entry.units).text or None, "" if entry.state == "scored" else entry.state,
        )
        for module in force.plan.modules_of_stage(contest.stage) if module.entry == "scores"
        for entrant_id, entry in sorted(
            standing.get(module.key, {}).items(), key=lambda one: (len(numbers[one[0]]), numbers[one[0]])
        )
    ]


def stage_lines(contest_id):
    """Everything of the stage being held that a paper stands behind: sheets handed in, then scores."""
    handed_in = [sheet for sheet in stage_sheets(contest_id) if sheet.state == "submitted"]
    return handed_in + stage_scores(contest_id)


def get_score_line(contest_id, entry_id):
    """The StageSheet of the score to which an entry belongs, as it stands now; Missing."""
    entry = db.session.get(TheoryEntry, entry_id)
    if entry is not None and entry.contest_id == contest_id:
        key = score_key(entry.entrant_id, entry.module_key)
        for line in stage_scores(contest_id):
            if line.id == key:
                return line
    raise Missing("There is no such score.")
