"""Who stands in the lists of a contest, and which plan held at a moment."""

from collections import OrderedDict
from functools import cached_property

from sqlalchemy import func, select

from contest.db import db
from contest.people.models import Entrant, Human, Organisation, Team
from contest.results.standing_rows import RosterLine
from contest.setup.models import PlanVersion
from contest.setup.queries import plan_in_force, plan_of_version

_known = OrderedDict()  # by contest: (rows as read, their Roster), for the next question
_KNOWN = 16


class Roster(tuple):
    """RosterLines in order; what it is known by is reckoned once, not at every mark."""

    @cached_property
    def _hash(self):
        return super().__hash__()

    def __hash__(self):
        return self._hash


def roster(contest_id):
    """Every entrant as RosterLine, in the order of entry numbers (A2 before A10), as a Roster.

    It is read anew each time; nobody having changed, the answer is the very same object.
    """
    rows = db.session.execute(
        select(
            Entrant.id, Entrant.number, Human.name, Organisation.name, Organisation.name_en,
            Entrant.team_id, Team.name, Entrant.group, Human.id, Human.gender, Human.born_on,
            Entrant.employment, Entrant.room, Entrant.titles,
        )
        .join(Human, Entrant.human_id == Human.id)
        .join(Organisation, Entrant.organisation_id == Organisation.id)
        .outerjoin(Team, Entrant.team_id == Team.id)
        .where(Entrant.contest_id == contest_id)
        .order_by(func.length(Entrant.number), Entrant.number)
    ).all()
    known = _known.get(contest_id)
    if known is None or known[0] != rows:
        known = rows, Roster(
            RosterLine(*row[:6], row[6] or "", *row[7:13], tuple(row.titles)) for row in rows
        )
        _known[contest_id] = known
        while len(_known) > _KNOWN:
            _known.popitem(last=False)
    return known[1]


def team_names(contest_id):
    """{team id: (name, organisation, organisation in English)} in the order of names."""
    rows = db.session.execute(
        select(Team.id, Team.name, Organisation.name, Organisation.name_en)
        .join(Organisation, Team.organisation_id == Organisation.id)
        .where(Team.contest_id == contest_id)
        .order_by(Team.name, Team.id)
    )
    return {team_id: (name, unit, unit_en) for team_id, name, unit, unit_en in rows}


def plan_as_of(contest_id, as_of=None):
    """The plan that was in force at a moment (None: now), or Missing."""
    if as_of is None:
        return plan_in_force(contest_id)
    version_id = db.session.scalar(
        select(PlanVersion.id)
        .where(PlanVersion.contest_id == contest_id, PlanVersion.in_force_at <= as_of)
        .order_by(PlanVersion.number.desc())
        .limit(1)
    )
    return plan_of_version(version_id) if version_id else plan_in_force(contest_id)
