"""Cases: by receipt, by person, by desk; what happened to them; who answers for them."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case as either
from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from contest import clock
from contest.accounts.models import User
from contest.accounts.queries import people_with_role
from contest.db import db
from contest.errors import Missing
from contest.member_services import case_rules, deadline_rules
from contest.member_services.amount_rules import Had
from contest.member_services.catalogue_queries import service_of
from contest.member_services.models import (
    Case,
    CaseEvent,
    CaseFile,
    ServiceDuty,
    ServiceSetting,
    UnitBudget,
)
from contest.people.models import Human, PersonAccount
from contest.registry.models import Craftsman, Honour

SENT_TWICE_WITHIN = timedelta(minutes=10)  # the same form within this time is one application
PAGE_SIZE = 50
# Without letters and digits that look alike: a receipt is read aloud on the telephone.
RECEIPT_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass(frozen=True)
class CaseLine:
    """A case with its service as it was when the case began. left: until the deadline, negative when late."""

    case: Case
    service: object
    assignee: str
    left: timedelta | None

    @property
    def is_late(self):
        """True when a clock runs and its time is over."""
        return self.left is not None and self.left <= timedelta(0)

    @property
    def step(self):
        """The step that is under way, or None."""
        return self.service.step(self.case.step_key) if self.case.step_key else None


def new_receipt():
    """A random code of 16 letters and digits: 79 bits, nobody guesses it."""
    return "".join(secrets.choice(RECEIPT_LETTERS) for _ in range(16))


def get_human(human_id):
    """The person, or Missing."""
    found = db.session.get(Human, human_id)
    if found is None:
        raise Missing("There is no such person.")
    return found


def get_case(case_id):
    """The case, or Missing."""
    found = db.session.get(Case, case_id)
    if found is None:
        raise Missing("There is no such application.")
    return found


def get_by_receipt(receipt):
    """The case with this receipt code, or Missing."""
    found = db.session.scalar(select(Case).filter_by(receipt=receipt.strip().upper()))
    if found is None:
        raise Missing("There is no application with this receipt code.")
    return found


def line_of(case):
    """One case as a CaseLine."""
    return _lines([case])[0]


def _lines(cases):
    now = clock.now()
    names = names_of({one.assignee_id for one in cases})
    return [
        CaseLine(one, service_of(one.version), names.get(one.assignee_id, ""),
                 None if one.due_at is None else one.due_at - now)
        for one in cases
    ]


def names_of(user_ids):
    """{user id: name}."""
    wanted = set(user_ids) - {None}
    return dict(db.session.execute(select(User.id, User.name).where(User.id.in_(wanted))).all())


def cases_of(human_id):
    """The cases of one person as CaseLines, the latest first."""
    rows = db.session.scalars(
        select(Case).filter_by(human_id=human_id).options(joinedload(Case.version)).order_by(Case.id.desc())
    ).all()
    return _lines(rows)


@dataclass(frozen=True)
class Search:
    """What the desk shows. whose: mine, all, nobody; state: open, late, over or one state."""

    whose: str = "all"
    state: str = "open"
    service: str = ""
    text: str = ""
    user_id: int | None = None


def desk(search, page=1):
    """(CaseLines of one page, how many in all): late first, then the green lane, then by deadline."""
    now = clock.now()
    statement = _filtered(search, now)
    count = db.session.scalar(select(func.count()).select_from(statement.subquery()))
    is_late = either((Case.due_at <= now, 0), else_=1)
    rows = db.session.scalars(
        statement.options(joinedload(Case.version))
        .order_by(is_late, Case.is_first.desc(), Case.due_at.is_(None), Case.due_at, Case.id)
        .limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
    ).all()
    return _lines(rows), count


def _filtered(search, now):
    statement = select(Case)
    if search.state == "open":
        statement = statement.where(Case.state.in_(case_rules.OPEN))
    elif search.state == "late":
        statement = statement.where(Case.due_at <= now, Case.state.in_(case_rules.WAITING))
    elif search.state == "over":
        statement = statement.where(Case.state.in_(case_rules.OVER))
    elif search.state:
        statement = statement.where(Case.state == search.state)
    if search.whose == "mine":
        statement = statement.where(Case.assignee_id == search.user_id)
    elif search.whose == "nobody":
        statement = statement.where(Case.assignee_id.is_(None))
    if search.service:
        statement = statement.where(Case.service_key == search.service)
    if search.text:
        plain = search.text.replace("-", "").replace(" ", "")
        statement = statement.where(or_(
            Case.receipt == plain.upper(), Case.name.contains(search.text, autoescape=True)
        ))
    return statement


def count_late():
    """How many cases are late now, whoever answers for them."""
    return db.session.scalar(
        select(func.count()).select_from(Case)
        .where(Case.due_at <= clock.now(), Case.state.in_(case_rules.WAITING))
    )


def history(case, for_office):
    """What happened to a case, in order; the applicant does not read the office's notes."""
    statement = select(CaseEvent).filter_by(case_id=case.id).order_by(CaseEvent.id)
    if not for_office:
        statement = statement.where(CaseEvent.is_inner.is_(False))
    return db.session.scalars(statement).all()


def has_event(case, kind, since):
    """True when something of this kind happened to a case since a moment."""
    return db.session.scalar(
        select(CaseEvent.id).filter_by(case_id=case.id, kind=kind).where(CaseEvent.at >= since).limit(1)
    ) is not None


def files_of(case_id):
    """The files of a case without their content."""
    return db.session.scalars(select(CaseFile).filter_by(case_id=case_id).order_by(CaseFile.number)).all()


def get_file(case, number):
    """(CaseFile, its content), or Missing; also when the content was erased."""
    row = db.session.execute(
        select(CaseFile, CaseFile.content).filter_by(case_id=case.id, number=number)
    ).first()
    if row is None or row[1] is None:
        raise Missing("There is no such file.")
    return row[0], row[1]


def open_applicants(service_key, honour_id):
    """The names in the open cases for a service on an honour."""
    return db.session.scalars(select(Case.name).where(
        Case.service_key == service_key, Case.honour_id == honour_id, Case.state.in_(case_rules.OPEN),
    )).all()


def find_sent_before(service_key, honour_id, values, slot_id):
    """The open case that the very same form made a moment ago, or None."""
    rows = db.session.scalars(select(Case).where(
        Case.service_key == service_key, Case.honour_id == honour_id, Case.state == "applied",
        Case.at >= clock.now() - SENT_TWICE_WITHIN, Case.name == values["name"],
        Case.slot_id == slot_id,
    ))
    keys = ("phone", "words", "answers")
    return next((row for row in rows if all(getattr(row, key) == values[key] for key in keys)), None)


def lock_honour(honour_id):
    """The honour, held against a second application at the same moment; None when it opens nothing."""
    return db.session.scalar(
        select(Honour).where(
            Honour.id == honour_id, Honour.state.in_(("granted", "listed")), Honour.craftsman_id.is_not(None)
        ).with_for_update()
    )


def find_honour(honour_id):
    """The person's honour in force that the public knows of, or None."""
    honour = db.session.get(Honour, honour_id)
    is_known = honour is not None and honour.state == "listed" and honour.craftsman_id is not None
    return honour if is_known else None


def open_on_honour(honour_id):
    """The open cases that name an honour."""
    return db.session.scalars(
        select(Case).where(Case.honour_id == honour_id, Case.state.in_(case_rules.OPEN))
    ).all()


def open_on_entitlement(entitlement_id):
    """The open cases on an entitlement."""
    return db.session.scalars(
        select(Case).where(Case.entitlement_id == entitlement_id, Case.state.in_(case_rules.OPEN))
    ).all()


def human_of(user_id):
    """The id of the person whose account it is, or None."""
    return db.session.scalar(select(PersonAccount.human_id).filter_by(user_id=user_id))


def find_people(name, limit=20):
    """People with this name, so that an officer says which one a case is of."""
    named = select(Human).filter_by(name=name.strip(), merged_into_id=None).order_by(Human.id).limit(limit)
    rows = db.session.scalars(named).all()
    listed = dict(db.session.execute(
        select(Craftsman.human_id, Craftsman.unit).where(Craftsman.human_id.in_([one.id for one in rows]))
    ).all())
    return [(one, listed.get(one.id) or (one.organisation.name if one.organisation else "")) for one in rows]


def had(human_id, service_key, year, but=None):
    """What a person was granted from a service: the Had of amount_rules; nothing for nobody."""
    if human_id is None:
        return Had()
    rows = db.session.scalars(select(Case).where(
        Case.human_id == human_id, Case.service_key == service_key, Case.amount.is_not(None),
        Case.id != (but or 0), Case.state.not_in(("refused", "withdrawn")),
    )).all()
    within = [one for one in rows if deadline_rules.today(one.decided_at).year == year]
    return Had(
        sum(one.amount for one in within),
        tuple((part["key"], part["paid"]) for one in within for part in one.amount_parts or ()),
        frozenset(part["key"] for one in rows for part in one.amount_parts or () if part["paid"]),
    )


def find_setting(name, region, at):
    """The figure that holds in a region at a moment, or None."""
    return db.session.scalar(
        select(ServiceSetting.value).filter_by(name=name, region=region.strip())
        .where(ServiceSetting.since <= at)
        .order_by(ServiceSetting.since.desc(), ServiceSetting.id.desc()).limit(1)
    )


def settings():
    """Every figure that was entered, the latest first."""
    return db.session.scalars(select(ServiceSetting).order_by(ServiceSetting.id.desc())).all()


def regions(name):
    """The regions for which a figure was entered."""
    return sorted(db.session.scalars(select(ServiceSetting.region).filter_by(name=name).distinct()))


def holders(duty):
    """{user id: name} of those who hold a duty now."""
    rows = db.session.execute(
        select(User.id, User.name).join(ServiceDuty, ServiceDuty.user_id == User.id)
        .where(ServiceDuty.duty == duty, ServiceDuty.ended_at.is_(None), User.is_active.is_(True))
        .order_by(ServiceDuty.id)
    ).all()
    return dict((user_id, name) for user_id, name in rows)


def duties():
    """The duties that are held now: (ServiceDuty, name of the holder)."""
    return db.session.execute(
        select(ServiceDuty, User.name).join(User, User.id == ServiceDuty.user_id)
        .where(ServiceDuty.ended_at.is_(None)).order_by(ServiceDuty.duty, ServiceDuty.id)
    ).all()


def officers():
    """{user id: name} of everybody who works at the service desk."""
    return people_with_role("service_officer", None) | people_with_role("organiser", None)


def least_loaded(user_ids):
    """Of some people the one with the fewest open cases; the first named among equals, None of none."""
    if not user_ids:
        return None
    counts = dict(db.session.execute(
        select(Case.assignee_id, func.count()).where(
            Case.assignee_id.in_(user_ids), Case.state.in_(case_rules.WAITING)
        ).group_by(Case.assignee_id)
    ).all())
    return min(user_ids, key=lambda one: counts.get(one, 0))


@dataclass(frozen=True)
class Budget:
    """A unit's budget of a year in fen, and what of it was granted."""

    total: int
    for_members: int
    granted: int
    at: datetime

    @property
    def left(self):
        """What is left for members."""
        return self.for_members - self.granted


def budget_of(service_key, organisation_id, year):
    """The Budget of a unit, or None when none was entered."""
    row = db.session.scalar(
        select(UnitBudget).filter_by(service_key=service_key, organisation_id=organisation_id, year=year)
        .order_by(UnitBudget.id.desc()).limit(1)
    )
    if row is None:
        return None
    granted = settlement(service_key, year).get(organisation_id, (0, 0))[1]
    return Budget(row.total, row.for_members, granted, row.at)


def settlement(service_key, year):
    """{organisation id: (how many cases, fen)}: what each unit pays for its members in one settlement."""
    rows = db.session.execute(
        select(Case.organisation_id, Case.amount, Case.decided_at).where(
            Case.service_key == service_key, Case.amount.is_not(None), Case.organisation_id.is_not(None),
            Case.state.not_in(("refused", "withdrawn")),
        )
    )
    found = {}
    for organisation_id, amount, decided_at in rows:
        if deadline_rules.today(decided_at).year == year:
            count, fen = found.get(organisation_id, (0, 0))
            found[organisation_id] = (count + 1, fen + amount)
    return found


def waiting_cases():
    """The cases on which a clock runs, for the reminders."""
    return db.session.scalars(
        select(Case).where(Case.due_at.is_not(None), Case.state.in_(case_rules.WAITING)).order_by(Case.id)
    ).all()


def done_before(moment):
    """The cases that have waited for feedback since before a moment."""
    return db.session.scalars(select(Case).where(Case.state == "done", Case.done_at < moment)).all()
