"""What was annulled after the grant, what still stands, and whom an annulment would meet."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased, joinedload

from contest.accounts.models import User
from contest.awards import annulment_rules
from contest.awards.models import Annulment, Award, AwardHelper
from contest.awards.sharing import with_shares
from contest.db import db
from contest.people.models import Entrant
from contest.people.queries import entrant_states, find_entrant_by_number
from contest.setup.models import Contest


def stands():
    """The condition, for a statement about awards, that an award was not annulled."""
    return ~exists().where(Annulment.award_id == Award.id)


def annulled_awards(contest_id):
    """Ids of the awards that were annulled."""
    return set(db.session.scalars(
        select(Annulment.award_id).filter_by(contest_id=contest_id).where(Annulment.award_id.is_not(None))
    ))


def annulled_entrants(contest_id):
    """Ids of the entrants whose results were annulled after the grant."""
    return set(db.session.scalars(
        select(Annulment.entrant_id).filter_by(contest_id=contest_id)
        .where(Annulment.entrant_id.is_not(None))
    ))


def standing_awards(contest_id):
    """The granted awards that stand, in the order of the grant."""
    return db.session.scalars(
        select(Award).filter_by(contest_id=contest_id).where(stands()).order_by(Award.id).options(
            joinedload(Award.entrant).joinedload(Entrant.human),
            joinedload(Award.entrant).joinedload(Entrant.organisation), joinedload(Award.team),
            joinedload(Award.organisation), joinedload(Award.helper).joinedload(AwardHelper.organisation),
        )
    ).all()


def name_of(award):
    """Whose an award is, by name."""
    if award.entrant is not None:
        return f"{award.entrant.human.name} ({award.entrant.number})"
    if award.helper is not None:
        return award.helper.name
    return (award.team or award.organisation).name


def _key_of(award):
    if award.entrant_id:
        return f"entrant-{award.entrant_id}"
    return f"team-{award.team_id}" if award.team_id else f"award-{award.id}"


def holders(contest_id):
    """Pairs of the key and the words of everybody who holds an award, in the order of the grant."""
    found, names = defaultdict(list), {}
    for award in standing_awards(contest_id):
        names[_key_of(award)] = name_of(award)
        found[_key_of(award)].append(award.name)
    return [(key, f"{names[key]} · {'、'.join(awards)}") for key, awards in found.items()]


@dataclass(frozen=True)
class Target:
    """Whom an annulment meets: entrants whose results go, awards that go with them. key: as chosen."""

    key: str
    who: str
    entrant_ids: tuple
    awards: tuple


def find_target(contest_id, key, number, with_team=False):
    """The Target of a choice, or of an entry number; Invalid for none, Conflict where nothing stands.

    A team is its members: their results go, too. with_team: the awards of an entrant's team go as well.
    """
    if not key and (entrant := find_entrant_by_number(contest_id, number)) is not None:
        key = f"entrant-{entrant.id}"
    kind, _, found = key.partition("-")
    awards = standing_awards(contest_id)
    makers = {"entrant": _of_entrant, "team": _of_team, "award": _of_award}
    if kind not in makers or not found.isdecimal():
        raise annulment_rules.unknown_holder()
    who, entrants, own = makers[kind](contest_id, int(found), awards, with_team)
    states, gone = entrant_states(contest_id), annulled_entrants(contest_id)
    ids = tuple(
        one.id for one in entrants if one.id not in gone
        and states.get((one.id, ""), "normal") not in annulment_rules.WITHOUT_RESULT
    )
    annulment_rules.check_something(ids, own)
    return Target(key, who, ids, tuple(with_shares(own, awards)))


def _of_entrant(contest_id, entrant_id, awards, with_team):
    entrant = db.session.get(Entrant, entrant_id)
    if entrant is None or entrant.contest_id != contest_id:
        raise annulment_rules.unknown_holder()
    team_id = entrant.team_id if with_team else None
    own = [one for one in awards if one.entrant_id == entrant_id or (team_id and one.team_id == team_id)]
    return f"{entrant.human.name} ({entrant.number})", [entrant], own


def _of_team(contest_id, team_id, awards, _with_team):
    held = next((one for one in awards if one.team_id == team_id), None)
    if held is None:
        raise annulment_rules.unknown_holder()
    members = db.session.scalars(
        select(Entrant).filter_by(contest_id=contest_id, team_id=team_id).order_by(Entrant.id)
    ).all()
    ids = {one.id for one in members}
    return held.team.name, members, [
        one for one in awards if one.team_id == team_id or one.entrant_id in ids
    ]


def _of_award(_contest_id, award_id, awards, _with_team):
    found = next((one for one in awards if one.id == award_id and _key_of(one).startswith("award")), None)
    if found is None:
        raise annulment_rules.unknown_holder()
    return name_of(found), [], [found]


def contests_with_annulments():
    """Pairs of a contest in which something was annulled after the grant and how much, the latest first."""
    return db.session.execute(
        select(Contest, func.count()).join(Annulment, Annulment.contest_id == Contest.id)
        .group_by(Contest).order_by(func.max(Annulment.id).desc())
    ).all()


@dataclass(frozen=True)
class AnnulmentLine:
    """An Annulment as the page lists it: whose, and who took part."""

    row: Annulment
    who: str
    by: str
    proposed_by: str


def list_annulments(contest_id):
    """Every AnnulmentLine of a contest, oldest first."""
    first, second = aliased(User), aliased(User)
    rows = db.session.execute(
        select(Annulment, first.name, second.name).filter_by(contest_id=contest_id)
        .outerjoin(first, first.id == Annulment.proposed_by_id)
        .outerjoin(second, second.id == Annulment.by_id).order_by(Annulment.id)
    )
    return [
        AnnulmentLine(row, _who(row), by or "", proposed_by or "") for row, proposed_by, by in rows
    ]


def _who(row):
    if row.entrant is not None:
        return f"{row.entrant.human.name} ({row.entrant.number})"
    return name_of(row.award)


def reasons_of(entrant_ids):
    """Why the results of these entrants were annulled, each reason once."""
    return list(dict.fromkeys(db.session.scalars(
        select(Annulment.reason).where(Annulment.entrant_id.in_(entrant_ids)).order_by(Annulment.id)
    )))
