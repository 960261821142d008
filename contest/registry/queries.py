"""Craftsmen, their honours, and the awards that wait for the curator."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, extract, false, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from contest.awards.annulment_queries import annulled_entrants, stands
from contest.awards.models import Award, AwardHelper
from contest.board.hidden_queries import is_hidden
from contest.db import db
from contest.errors import Missing
from contest.names import titles_in_order
from contest.numbers import read_whole
from contest.people.models import Entrant, Human, Judge, Organisation, PersonAccount
from contest.people.person_queries import contests_of, get_person, namesakes
from contest.registry import rules
from contest.registry.level_models import LevelEvent
from contest.registry.models import Craftsman, Honour
from contest.results.models import ResultSheet
from contest.results.queries import lock_contest, plan_of_sheet
from contest.setup.models import Contest
from contest.theory.bank_queries import drawn_for

PAGE_SIZE = 24


@dataclass(frozen=True)
class Search:
    """What the public register is searched by; empty text means any."""

    text: str = ""
    trade: str = ""
    unit: str = ""
    level: str = ""
    place: str = ""
    year: str = ""  # in which an honour on the list was granted, or a level confirmed
    honour: str = ""  # the name of one on the list

    @property
    def is_empty(self):
        """True when nothing is asked for."""
        return not any((self.text, self.trade, self.unit, self.level, self.place, self.year, self.honour))


def _escaped(text):
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _listed(search):
    query = select(Craftsman).join(Craftsman.human).where(
        Craftsman.listed_at.is_not(None), has_something_left()
    )
    if search.text:
        like = f"%{_escaped(search.text)}%"
        query = query.where(
            or_(
                Human.name.like(like, escape="\\"),
                Human.name_key.like(f"%{_escaped(search.text.lower())}%", escape="\\"),
            )
        )
    for column, wanted in (
        (Craftsman.trade, search.trade), (Craftsman.unit, search.unit),
        (Craftsman.level, search.level), (Craftsman.place, search.place),
    ):
        if wanted:
            query = query.where(column == wanted)
    if search.year:
        query = query.where(_of_year(read_whole(search.year, 0)))
    if search.honour:
        query = query.where(Craftsman.honours.any(and_(
            Honour.state == "listed", or_(Honour.name == search.honour, Honour.name_en == search.honour)
        )))
    return query


def has_something_left():
    """The condition of craftsmen who are on the list."""
    # Whose honours were all taken back keeps the page, which says so, but is no craftsman on the list.
    return or_(
        Craftsman.level != "", Craftsman.honours.any(Honour.state == "listed"),
        ~Craftsman.honours.any(Honour.state == "revoked"),
    )


def _of_year(year):
    """An honour on the list was granted, or a level confirmed, in this year; nothing for what is no year."""
    if not 1900 <= year <= 2999:
        return false()
    first, last = date(year, 1, 1), date(year, 12, 31)
    return or_(
        Craftsman.honours.any(and_(Honour.state == "listed", Honour.granted_on.between(first, last))),
        Craftsman.human_id.in_(
            select(LevelEvent.human_id).where(LevelEvent.on.between(first, last), LevelEvent.now != "")
        ),
    )


def list_craftsmen(search, page=1):
    """One page of the register and how many people match in all."""
    query = _listed(search)
    count = db.session.scalar(select(func.count()).select_from(query.subquery()))
    rows = db.session.scalars(
        query.options(joinedload(Craftsman.human), selectinload(Craftsman.honours))
        .order_by(Human.name_key, Human.name, Craftsman.id)
        .limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
    ).all()
    return rows, count


def best_honour(craftsman):
    """The listed honour with the best place, titles first; None when there is none."""
    listed = [honour for honour in craftsman.honours if honour.state == "listed"]
    return min(
        listed, key=lambda h: (not h.is_title, h.place or 1_000_000, -h.id), default=None
    )


def choices():
    """The trades, units and levels that occur on the register, for its search form."""
    def values(column):
        return titles_in_order(db.session.scalars(
            select(column).where(Craftsman.listed_at.is_not(None), column != "").distinct()
        ))

    years = db.session.scalars(
        select(extract("year", Honour.granted_on)).where(Honour.state == "listed").distinct()
    )
    return {
        "places": values(Craftsman.place),
        "years": [str(int(year)) for year in sorted(years, reverse=True)],
        "trades": values(Craftsman.trade),
        "units": values(Craftsman.unit),
        "levels": values(Craftsman.level),
    }


def get_craftsman(token):
    """The listed craftsman with this token in the address, or Missing."""
    craftsman = db.session.scalar(
        select(Craftsman).filter_by(token=token)
        .where(Craftsman.listed_at.is_not(None))
        .options(joinedload(Craftsman.human), selectinload(Craftsman.honours))
    )
    if craftsman is None:
        raise Missing("There is no such person on the register.")
    return craftsman


def find_moved(token):
    """The token of the page to which an old page leads, its person being found to be another row; or None."""
    row = db.session.scalar(select(Craftsman).filter_by(token=token).options(joinedload(Craftsman.human)))
    if row is None or row.human.merged_into_id is None:
        return None
    kept = find_craftsman(get_person(row.human_id).id)
    return kept.token if kept is not None and kept.listed_at is not None else None


def find_craftsman(human_id):
    """The register's row of this person, listed or not, or None."""
    return db.session.scalar(select(Craftsman).filter_by(human_id=human_id))


def get_honour(honour_id):
    """The honour, or Missing."""
    honour = db.session.get(Honour, honour_id)
    if honour is None:
        raise Missing("There is no such honour.")
    return honour


def hold_honour(honour_id):
    """The same with its holder, kept from a second act of the same moment; Missing.

    Its contest is held first, as by whoever issues certificates: none comes in beside a revocation.
    """
    found = get_honour(honour_id)
    if found.contest_id is not None:
        lock_contest(found.contest_id)
    hold_holder(found.craftsman_id, found.organisation_id)
    db.session.refresh(found)
    return found


def hold_holder(craftsman_id, organisation_id):
    """Keep whoever holds honours from a second act: the level that they give is seen by one at a time."""
    if craftsman_id is not None:
        db.session.refresh(db.session.get(Craftsman, craftsman_id), with_for_update=True)
    else:
        db.session.get(Organisation, organisation_id, with_for_update=True)


def contest_of(honour):
    """The contest that an honour comes from, or None."""
    return db.session.get(Contest, honour.contest_id) if honour.contest_id else None


def public_honours(craftsman):
    """Those of a person's honours that the public may know of."""
    return [honour for honour in craftsman.honours if honour.state in rules.PUBLIC_STATES]


def honour_lines(craftsman):
    """The honours of a person, the latest first, each with its contest (or None)."""
    honours = sorted(public_honours(craftsman), key=lambda h: (h.granted_on, h.id), reverse=True)
    return with_contests(honours)


def with_contests(honours):
    """[(honour, its contest or None)]."""
    ids = {honour.contest_id for honour in honours if honour.contest_id}
    contests = {
        contest.id: contest for contest in db.session.scalars(select(Contest).where(Contest.id.in_(ids)))
    }
    return [(honour, contests.get(honour.contest_id)) for honour in honours]


def waiting_awards():
    """Awards of contests with final results that no honour rests on yet, by contest."""
    rows = db.session.scalars(
        select(Award)
        .join(Contest, Contest.id == Award.contest_id)
        .outerjoin(Honour, Honour.award_id == Award.id)
        .where(
            Honour.id.is_(None), stands(),
            Contest.state.in_(("final", "archived")),
        )
        .options(
            joinedload(Award.entrant).joinedload(Entrant.human),
            joinedload(Award.helper).joinedload(AwardHelper.organisation),
        )
        .order_by(Award.contest_id, Award.id)
    ).all()
    waiting = {}
    for award in rows:
        waiting.setdefault(award.contest_id, []).append(award)
    return [(db.session.get(Contest, contest_id), awards) for contest_id, awards in waiting.items()]


def get_waiting(contest_id, award_ids):
    """Those of the awards that wait in this contest; Missing when one of them does not."""
    waiting = {
        award.id: award for contest, awards in waiting_awards()
        if contest.id == contest_id for award in awards
    }
    if not award_ids or set(award_ids) - set(waiting):
        raise Missing("One of these awards is not waiting to be confirmed.")
    return [waiting[award_id] for award_id in sorted(award_ids)]


@dataclass(frozen=True)
class Holder:
    """Whom an award or an honour is given to, as the lists name it.

    meets: of a judge or a coach, the person on file who gets it; None for somebody new.
    """

    name: str
    unit: str
    token: str = ""  # of a craftsman's page
    organisation_id: int | None = None
    is_helper: bool = False
    meets: Human | None = None


def find_helper(helper):
    """The person who has the honour of a judge or a coach, or None for somebody new.

    The person behind a judge's account; else the only one of this name in the unit. A contestant of this
    contest is not taken by the name alone: whoever competed is hardly its judge or coach.
    """
    if helper.judge_id is not None:
        account = db.session.scalar(
            select(PersonAccount).join(Judge, Judge.user_id == PersonAccount.user_id)
            .where(Judge.id == helper.judge_id)
        )
        if account is not None:
            return get_person(account.human_id)
    known = [
        one for one in namesakes(helper.name)
        if helper.organisation_id and one.organisation_id == helper.organisation_id
    ]
    if len(known) != 1 or helper.award.contest_id in contests_of(known[0].id):
        return None
    return known[0]


def holder_of_award(award):
    """The Holder of an award: a person, a team of an organisation, or the organisation."""
    if award.entrant is not None:
        unit = award.entrant.organisation.name
        return Holder(
            award.entrant.human.name, f"{unit} · {award.shared_team}" if award.shared_team else unit
        )
    if award.helper is not None:
        unit = award.helper.organisation
        return Holder(
            award.helper.name, unit.name if unit else "", is_helper=True, meets=find_helper(award.helper)
        )
    if award.team is not None:
        return Holder(award.team.name, award.team.organisation.name)
    return Holder(award.organisation.name, "")


def holder_of(honour):
    """The Holder of an honour."""
    if honour.craftsman is not None:
        return Holder(honour.craftsman.human.name, honour.unit, token=honour.craftsman.token)
    return Holder(
        honour.team_name or honour.unit, honour.unit if honour.team_name else "",
        organisation_id=honour.organisation_id,
    )


def get_result_sheet(result_sheet_id):
    """The published results that an award rests on."""
    return db.session.get(ResultSheet, result_sheet_id)


def waiting_lines():
    """[(contest, [(award, its Holder)])] for the curator's desk; none that a frozen board still hides."""
    shown = [
        (contest, [award for award in awards if not is_hidden(contest.id, award.granted_at)])
        for contest, awards in waiting_awards()
    ]
    return [
        (contest, [(award, holder_of_award(award)) for award in awards])
        for contest, awards in shown if awards
    ]


@dataclass(frozen=True)
class Evidence:
    """The published record an honour rests on, as far as the public may read it.

    winner_id: of the entrant, winner_team_id: of the team that holds it; both None for a unit's own.
    """

    holder: Holder
    honour: Honour
    contest: Contest
    sheet: ResultSheet
    plan: object
    rows: list
    teams: list
    winner_id: int | None
    winner_team_id: int | None
    banks: dict  # module's key: the question banks from which its papers were drawn


def get_evidence(token, honour_id):
    """The Evidence of an honour of a listed craftsman, or Missing."""
    return _evidence(public_honours(get_craftsman(token)), honour_id)


def get_unit_evidence(organisation_id, honour_id):
    """The Evidence of an honour of a unit or of its team, or Missing."""
    return _evidence(db.session.scalars(
        select(Honour).filter_by(organisation_id=organisation_id).where(Honour.state.in_(rules.PUBLIC_STATES))
    ).all(), honour_id)


def _evidence(honours, honour_id):
    honour = next((one for one in honours if one.id == honour_id), None)
    award = db.session.get(Award, honour.award_id) if honour and honour.award_id else None
    if award is None or award.helper is not None:
        raise Missing("There is no such honour.")
    contest, sheet = db.session.get(Contest, award.contest_id), get_result_sheet(award.result_sheet_id)
    rows, teams = rules.public_lines(
        sheet.document, contest.is_public, award.entrant_id, award.team_id, annulled_entrants(contest.id)
    )
    return Evidence(
        holder_of(honour), honour, contest, sheet, plan_of_sheet(sheet), rows, teams, award.entrant_id,
        award.team_id, drawn_for(contest.id, award.entrant_id),
    )


def recent_honours(limit=100):
    """The latest confirmed honours, for the curator's desk."""
    return db.session.scalars(
        select(Honour).options(joinedload(Honour.craftsman).joinedload(Craftsman.human))
        .order_by(Honour.id.desc()).limit(limit)
    ).all()
