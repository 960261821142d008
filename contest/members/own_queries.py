"""Everything of one's own on one page: contests, results, honours, certificates, level, rights, cases."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from contest import clock
from contest.awards.certificate_models import Certificate
from contest.awards.models import Award
from contest.awards.own_result_queries import OwnResult, own_result
from contest.board.hidden_queries import is_hidden
from contest.db import db
from contest.errors import Missing
from contest.member_services import (
    case_queries,
    contribution_queries,
    entitlement_queries,
    membership_queries,
)
from contest.members.personal_queries import accesses_of
from contest.people.message_queries import messages_to_contestant
from contest.people.models import Entrant, Human, PersonAccount
from contest.people.person_queries import rows_of
from contest.points import list_queries
from contest.registry import ladder_queries
from contest.registry.models import Craftsman, Honour
from contest.registry.queries import find_craftsman, honour_lines
from contest.registry.record_history_queries import held_by
from contest.setup.models import Contest
from contest.setup.queries import find_plan_in_force

# A later area that keeps letters puts news_of(human_id) here: (lines, how many are unread).
NEWS = []


@dataclass(frozen=True)
class OwnPage:
    """What a member reads of himself; results only as far as they are released."""

    human: Human
    results: list  # of OwnResult, the latest contest first
    honours: list  # pairs (honour, its contest or None), the latest first
    certificates: list
    craftsman: object  # the row of the register, or None
    levels: list
    memberships: list
    entitlements: list
    contributions: list  # of contribution_queries.Own
    cases: list
    accesses: list
    points: tuple  # of this quarter, of this year
    late_points: list  # pairs (entry, keys of the published lists that leave it out)
    news: object  # what NEWS says of letters: the latest lines and how many are unread; None: nobody says
    messages: list  # pairs (contest, the organiser's messages to its contestants)
    records: list  # of record_history_queries.held_by: those that stand first


def human_of(user_id):
    """The person whose account it is, or None."""
    return db.session.scalar(
        select(Human).join(PersonAccount, PersonAccount.human_id == Human.id)
        .where(PersonAccount.user_id == user_id)
    )


def get_own(user_id):
    """The person whose account it is; Missing for an account that is tied to nobody."""
    human = human_of(user_id)
    if human is None:
        raise Missing("Your account is not linked to a person yet.")
    return human


def own_page(user_id):
    """The OwnPage of an account, or None when it is tied to nobody."""
    human = human_of(user_id)
    if human is None:
        return None
    craftsman, ids = find_craftsman(human.id), rows_of(human.id)
    return OwnPage(
        human=human, results=_results(human.id),
        honours=honour_lines(craftsman) if craftsman else [], certificates=certificates_of(human.id),
        craftsman=craftsman, levels=ladder_queries.levels_of(human.id),
        memberships=membership_queries.memberships_of(human.id),
        entitlements=entitlement_queries.entitlements_of(human.id),
        contributions=contribution_queries.own(human.id),
        cases=case_queries.cases_of(human.id), accesses=accesses_of(human.id)[:5],
        points=list_queries.points_of_person(ids, clock.today()), late_points=list_queries.late_entries(ids),
        news=NEWS[0](human.id) if NEWS else None,
        messages=messages_to_contestant(human.id), records=held_by(human.id),
    )


def _results(human_id):
    entrants = db.session.scalars(
        select(Entrant).filter_by(human_id=human_id).order_by(Entrant.id.desc())
    ).all()
    return [_own_result(entrant) for entrant in entrants]


def _own_result(entrant):
    """The result as the admission card shows it; a contest without a plan has none yet."""
    if find_plan_in_force(entrant.contest_id) is None:
        contest = db.session.get(Contest, entrant.contest_id)
        return OwnResult(contest, entrant, (), None, None, False)
    return own_result(entrant.contest_id, entrant.check_in_token)


def certificates_of(human_id):
    """The certificates of a person's own awards, those that were replaced left out, the latest first.

    As a judge or a coach a person has those of the honours on the register. Nobody has one of a prize
    that the hall is still to be told, behind a frozen board.
    """
    competed = select(Award.id).join(Entrant, Entrant.id == Award.entrant_id).where(
        Entrant.human_id == human_id
    )
    honoured = select(Honour.award_id).join(Craftsman, Craftsman.id == Honour.craftsman_id).where(
        Craftsman.human_id == human_id, Honour.award_id.is_not(None)
    )
    found = db.session.scalars(
        select(Certificate).where(
            Certificate.award_id.in_(competed.union(honoured)), Certificate.replaced_by_id.is_(None)
        )
        .options(joinedload(Certificate.award)).order_by(Certificate.id.desc())
    )
    return [one for one in found if not is_hidden(one.contest_id, one.award.granted_at)]


def get_certificate(human_id, certificate_id):
    """One of a person's own certificates that stands, or Missing."""
    found = next((one for one in certificates_of(human_id) if one.id == certificate_id), None)
    if found is None or found.state != "issued":
        raise Missing("There is no such certificate of yours.")
    return found
