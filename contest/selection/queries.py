"""The call, the nominations with what rule and people say of them, the list and its stories."""

from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from contest import clock
from contest.accounts.models import User
from contest.awards.annulment_queries import stands
from contest.awards.models import Award
from contest.board.hidden_queries import is_hidden
from contest.db import db
from contest.errors import Missing
from contest.judging.models import Sheet
from contest.judging.sheet_queries import get_sheet_page
from contest.people.models import Entrant
from contest.people.person_queries import former_names
from contest.people.queries import get_organisation
from contest.selection import call_rules, condition_rules, nomination_rules
from contest.selection.models import Call, ConditionVerdict, UnitNomination, UnitNominationFile
from contest.setup.desk_queries import HOLDS
from contest.setup.models import Contest
from contest.setup.queries import get_contest


def find_call(contest_id):
    """The Call of a contest, or None."""
    return db.session.get(Call, contest_id)


def get_call(contest_id):
    """The Call of a contest, or Missing."""
    call = find_call(contest_id)
    if call is None:
        raise Missing("This contest holds no selection.")
    return call


def terms_of(call):
    """The call_rules.Terms of a call."""
    return call_rules.terms_from(call.terms)


def is_open(call, state):
    """True while units may hand nominations in."""
    return state == "registration" and call.opens_on <= clock.today() <= call.closes_on


def public_calls():
    """Pairs (Contest, Call) that the public may see, the latest first."""
    return db.session.execute(
        select(Contest, Call).join(Call, Call.contest_id == Contest.id)
        .where(Contest.is_public, Contest.state != "setup").order_by(Call.closes_on.desc(), Contest.id.desc())
    ).all()


def list_nominations(contest_id, organisation_id=None):
    """The nominations of a contest (of one unit), by number; drafts are for their unit alone."""
    statement = (
        select(UnitNomination).filter_by(contest_id=contest_id).order_by(UnitNomination.id)
        .options(joinedload(UnitNomination.organisation), joinedload(UnitNomination.entrant))
    )
    if organisation_id is not None:
        statement = statement.filter_by(organisation_id=organisation_id)
    else:
        statement = statement.where(UnitNomination.state != "draft")
    return db.session.scalars(statement).all()


def get_nomination(contest_id, nomination_id, organisation_id=None):
    """The nomination, or Missing, also for another unit's, and for a draft where no unit asks."""
    row = db.session.get(UnitNomination, nomination_id)
    if row is None or row.contest_id != contest_id or (
        row.organisation_id != organisation_id if organisation_id is not None else row.state == "draft"
    ):
        raise Missing("There is no such nomination.")
    return row


def list_files(nomination_id):
    """The NominationFiles that count: the latest of each kind, every one for the experts."""
    rows = db.session.scalars(
        select(UnitNominationFile).filter_by(nomination_id=nomination_id).order_by(UnitNominationFile.id)
    ).all()
    latest = {row.kind: row.id for row in rows}
    return [row for row in rows if not row.kind or latest[row.kind] == row.id]


def get_file(nomination_id, file_id):
    """A file of a nomination, or Missing."""
    row = db.session.get(UnitNominationFile, file_id)
    if row is None or row.nomination_id != nomination_id:
        raise Missing("There is no such file.")
    if row.content is None:
        raise Missing("The file was erased.")
    return row


def files_for_experts(nomination_id):
    """{1, 2, …: NominationFile}: experts never see a file's own number, which the office has by name."""
    return dict(enumerate((row for row in list_files(nomination_id) if not row.kind), start=1))


def count_handed_in(contest_id, but_id, organisation_id, trade):
    """(nominations handed in by this unit, in this trade), without the one of `but_id`."""
    rows = [
        row for row in db.session.scalars(select(UnitNomination).filter_by(contest_id=contest_id))
        if row.state in nomination_rules.COUNTED and row.id != but_id and not row.source
    ]
    return (
        sum(row.organisation_id == organisation_id for row in rows),
        sum(row.values["trade"] == trade for row in rows),
    )


def prizes_of(human_id):
    """Names of a person's prizes in contests with final results, each with its contest."""
    if human_id is None:
        return ()
    rows = db.session.execute(
        select(Award.name, Contest.name, Award.contest_id, Award.granted_at)
        .join(Entrant, Entrant.id == Award.entrant_id).join(Contest, Contest.id == Award.contest_id)
        .where(Entrant.human_id == human_id, Contest.state.in_(("final", "archived")), stands())
        .order_by(Award.id)
    )
    return tuple(f"{contest} {award}" for award, contest, key, at in rows if not is_hidden(key, at))


@dataclass(frozen=True)
class Checked:
    """One condition: the rule's Finding, and the latest verdict of a person, or None, with its name."""

    finding: condition_rules.Finding
    verdict: ConditionVerdict | None
    by: str


def findings_of(nomination, call):
    """What the rules say of a nomination, condition by condition."""
    terms = terms_of(call)
    read = nomination_rules.read_meaning(nomination.values, terms, clock.today())
    known = replace(
        read.known, prizes=prizes_of(nomination.human_id),
        papers=frozenset(row.kind for row in list_files(nomination.id)),
    )
    return condition_rules.findings(terms, known, call.closes_on)


def checked(nomination, call):
    """A Checked for each condition of the call."""
    rows = db.session.execute(
        select(ConditionVerdict, User.name).outerjoin(User, User.id == ConditionVerdict.by_id)
        .filter(ConditionVerdict.nomination_id == nomination.id).order_by(ConditionVerdict.id)
    )
    latest = {verdict.key: (verdict, name or "") for verdict, name in rows}
    return [
        Checked(finding, *latest.get(finding.key, (None, ""))) for finding in findings_of(nomination, call)
    ]


def is_named_already(contest_id, name, born_on, organisation_id, but_id):
    """True when the same person (name, birth date, unit) was put forward before."""
    rows = db.session.scalars(
        select(UnitNomination).filter_by(contest_id=contest_id, organisation_id=organisation_id)
    )
    return any(
        row.id != but_id and row.state in nomination_rules.COUNTED
        and (row.values["name"], row.values["born_on"]) == (name, born_on) for row in rows
    )


def find_reviewed(sheet_id, user_id):
    """The nomination behind a judge's own sheet, as the experts read it, or Missing.

    Nothing of what is returned may be shown but its deeds and the files for the experts.
    """
    get_sheet_page(sheet_id, user_id)  # refuses whoever has not been given this sheet
    entrant_id = db.session.scalar(select(Sheet.entrant_id).filter_by(id=sheet_id))
    row = db.session.scalar(select(UnitNomination).filter_by(entrant_id=entrant_id))
    if row is None:
        raise Missing("Nothing was handed in for this sheet.")
    return row


def code_on(sheet_id, user_id):
    """The blind code on a judge's own sheet."""
    return get_sheet_page(sheet_id, user_id).code


def winners_of(contest_id):
    """Awards to people in a contest with final results, best place first; [] before that."""
    if get_contest(contest_id).state not in ("final", "archived"):
        return []
    return db.session.scalars(
        select(Award).filter_by(contest_id=contest_id).where(Award.entrant_id.is_not(None), stands())
        .options(joinedload(Award.entrant).joinedload(Entrant.human))
        .order_by(Award.place.is_(None), Award.place, Award.id)
    ).all()


def contests_with_winners(but_id):
    """Contests with final results and prizes for people, from which winners may be taken in."""
    held = select(Award.contest_id).where(Award.entrant_id.is_not(None))
    return db.session.scalars(
        select(Contest).where(
            Contest.id.in_(held), Contest.state.in_(("final", "archived")), Contest.id != but_id
        ).order_by(Contest.id.desc())
    ).all()


def taken_in(contest_id):
    """Ids of the people who are nominated already."""
    return set(db.session.scalars(
        select(UnitNomination.human_id).filter_by(contest_id=contest_id).where(UnitNomination.human_id.is_not(None))
    ))


def names_of_unit(organisation_id):
    """Every name by which a unit is known, now and before, in both languages."""
    unit = get_organisation(organisation_id)
    names = [unit, *former_names(organisation_id)]
    return [name for one in names for name in (one.name, one.name_en) if name]


def counts(contest_id):
    """{state: how many nominations}."""
    return dict(db.session.execute(
        select(UnitNomination.state, func.count()).filter_by(contest_id=contest_id)
        .group_by(UnitNomination.state)
    ).all())


def days_left(call):
    """Days until the call closes, 0 on its last day, below 0 afterwards."""
    return (call.closes_on - clock.today()) // timedelta(days=1)


def _holds(contest_id):
    return {"selection"} if find_call(contest_id) else set()


HOLDS.append(_holds)
