"""What the boards depend on, as cheap facts: when one has to be made anew."""

from dataclasses import dataclass

from sqlalchemy import select

from contest.board import rules
from contest.board.models import BoardSwitch
from contest.board.queries import decided
from contest.db import db
from contest.results import queries as results
from contest.results.holder_queries import grants
from contest.setup.models import Contest, PlanVersion
from contest.setup.queries import procedure_of


@dataclass(frozen=True)
class Pulse:
    """What a board's copy depends on, as cheap facts; equal pulses mean an equal board.

    public: the same, but while the board is frozen nothing that happened since is in it.
    """

    contest_id: int
    slug: str
    facts: tuple
    public: tuple


def pulses(now):
    """The Pulse of every public contest, by short name; also tells when a freeze has begun."""
    newest = (
        select(PlanVersion.contest_id, PlanVersion.id)
        .where(PlanVersion.in_force_at.is_not(None)).order_by(PlanVersion.number)
    )
    plans = dict(db.session.execute(newest).all())
    sheets, given = results.newest_sheets(), grants()
    rows = db.session.execute(
        select(Contest, BoardSwitch)
        .outerjoin(BoardSwitch, BoardSwitch.contest_id == Contest.id)
        .where(Contest.is_public)
    )
    found = {}
    for contest, switch in rows:
        held = switch and decided(switch)
        cutoff = held and rules.public_cutoff(now, held.freeze_from, held.revealed_at)
        names = (contest.name, contest.name_en, contest.host, cutoff, procedure_of(contest).names)
        sheet = sheets.get((contest.id, contest.stage))
        # A board that shows a published revision knows nothing of the marks that came after it.
        marks = (contest.state, contest.stage, sheet, given.get(contest.id)) if sheet else (
            contest.marks_version, contest.state, contest.stage, plans.get(contest.id),
            rules.movement_moment(now, cutoff),
        )
        found[contest.slug] = Pulse(
            contest.id, contest.slug, (*names, *marks), names if cutoff else (*names, *marks)
        )
    return found


def next_switch(now):
    """The next moment at which a freeze begins or ends by itself; None when none is set."""
    later = db.session.execute(
        select(BoardSwitch.freeze_from, BoardSwitch.revealed_at)
        .where((BoardSwitch.freeze_from > now) | (BoardSwitch.revealed_at > now))
    )
    return min((at for row in later for at in row if at is not None and at > now), default=None)
