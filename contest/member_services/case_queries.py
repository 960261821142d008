"""Cases: by receipt and by person; what happened to them; who may read them; what was granted."""

import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from contest import clock
from contest.accounts.models import User
from contest.db import db
from contest.errors import Missing, NotAllowed
from contest.member_services import case_rules, duty_queries, duty_rules
from contest.member_services.amount_rules import Had
from contest.member_services.catalogue_queries import service_of
from contest.member_services.models import (
    Case,
    CaseEvent,
    CaseFile,
    ServiceSetting,
    ServiceVersion,
    UnitBudget,
)
from contest.people.models import Human, PersonAccount
from contest.people.person_queries import get_person
from contest.registry.models import Craftsman, Honour

SENT_TWICE_WITHIN = timedelta(minutes=10)  # the same form within this time is one application
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


def get_case(case_id):
    """The case, or Missing."""
    found = db.session.get(Case, case_id)
    if found is None:
        raise Missing("There is no such application.")
    return found


def is_closed_to(user_id, case):
    """True when others than this user keep the case: a letter to the chair is the chair's office's."""
    return case.version_id in duty_queries.closed_versions(user_id)


def closed_cases(user_id):
    """A query of the ids of the cases that others than this user keep; None: the applicant, of none."""
    closed = set() if user_id is None else duty_queries.closed_versions(user_id)
    return select(Case.id).where(Case.version_id.in_(closed))


def get_case_for(user_id, case_id):
    """The case, for somebody of the desk who may read it; Missing, NotAllowed."""
    case = get_case(case_id)
    if is_closed_to(user_id, case):
        raise NotAllowed(
            "Only who is named for this duty opens this case: %(duty)s.",
            duty=duty_rules.DUTIES[service_of(case.version).kept_by],
        )
    return case


def get_by_receipt(receipt):
    """The case with this receipt code, or Missing."""
    found = db.session.scalar(select(Case).filter_by(receipt=receipt.strip().upper()))
    if found is None:
        raise Missing("There is no application with this receipt code.")
    return found


def line_of(case):
    """One case as a CaseLine."""
    return lines_of([case])[0]


def lines_of(cases):
    """Cases as CaseLines, in their order."""
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
    return lines_of(rows)


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


def complete_since(case):
    """Since when the office has the application as it stands: its first day, or when it came again.

    What the applicant took to bring what was missing is not the office's time.
    """
    again = select(func.max(CaseEvent.at)).filter_by(case_id=case.id, kind="completed")
    return db.session.scalar(again) or case.at


def is_taken_on(case):
    """True from the acceptance on, also while it is returned; not when it came to nothing."""
    return case.state not in ("applied", "withdrawn", "refused") and has_event(case, "accepted", case.at)


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


def find_sent_before(service_key, honour_id, values, slot_id, hashes):
    """The open case that the very same form made a moment ago, or None. hashes: SHA-256 of its files."""
    rows = db.session.scalars(select(Case).where(
        Case.service_key == service_key, Case.honour_id == honour_id, Case.state == "applied",
        Case.at >= clock.now() - SENT_TWICE_WITHIN, Case.name == values["name"],
        Case.slot_id == slot_id,
    ))
    keys = ("phone", "words", "answers")
    return next((
        row for row in rows if all(getattr(row, key) == values[key] for key in keys)
        and sorted(hashes) == sorted(one.sha256 for one in files_of(row.id) if one.field_key)
    ), None)


def lock_honour(honour_id):
    """The honour, held against a second application at the same moment; None when it opens nothing."""
    return db.session.scalar(
        select(Honour).where(
            Honour.id == honour_id, Honour.state.in_(("granted", "listed")), Honour.craftsman_id.is_not(None)
        ).with_for_update()
    )


def lock_version(version_id):
    """Hold the version of an entry against another application at the same moment; its cases go on."""
    db.session.execute(
        select(ServiceVersion.id).filter_by(id=version_id).with_for_update(key_share=True)
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
    """People with this name, so that an officer says which one a case is of.

    Also the person whom a row of this name was found to be, under whatever name that row is kept.
    """
    named = select(Human.id).filter_by(name=name.strip()).order_by(Human.id).limit(limit)
    rows = list(dict.fromkeys(get_person(each) for each in db.session.scalars(named).all()))
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
        Case.id != (but or 0), _counts(),
    )).all()
    within = [one for one in rows if clock.day_of(one.decided_at).year == year]
    return Had(
        sum(one.amount for one in within),
        tuple((part["key"], part["paid"]) for one in within for part in one.amount_parts or ()),
        frozenset(part["key"] for one in rows for part in one.amount_parts or () if part["paid"]),
    )


def _counts():
    """What was granted counts unless it came to nothing; what was paid and did not come back, even then."""
    last = select(func.max(CaseEvent.id)).where(
        CaseEvent.case_id == Case.id, CaseEvent.kind.in_(("paid", "came_back"))
    ).correlate(Case).scalar_subquery()
    is_paid = select(CaseEvent.id).where(CaseEvent.id == last, CaseEvent.kind == "paid").exists()
    return or_(Case.state.not_in(("refused", "withdrawn")), is_paid)


def find_setting(name, region, at):
    """The figure that holds in a region at a moment, or None; blanks and widths in its name do not matter."""
    rows = db.session.execute(
        select(ServiceSetting.region, ServiceSetting.value).filter_by(name=name)
        .where(ServiceSetting.since <= at).order_by(ServiceSetting.since.desc(), ServiceSetting.id.desc())
    )
    wanted = _plain(region)
    return next((value for known, value in rows if _plain(known) == wanted), None)


def _plain(region):
    return "".join(unicodedata.normalize("NFKC", region).split())


def settings():
    """Every figure that was entered, the latest first."""
    return db.session.scalars(select(ServiceSetting).order_by(ServiceSetting.id.desc())).all()


def regions(name):
    """The regions for which a figure was entered."""
    return sorted(db.session.scalars(select(ServiceSetting.region).filter_by(name=name).distinct()))


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
            _counts(),
        )
    )
    found = {}
    for organisation_id, amount, decided_at in rows:
        if clock.day_of(decided_at).year == year:
            count, fen = found.get(organisation_id, (0, 0))
            found[organisation_id] = (count + 1, fen + amount)
    return found


def waiting_cases(is_held=True):
    """The cases on which a clock runs, for the reminders; held, so that each is told once."""
    return _all(select(Case).where(Case.due_at.is_not(None), Case.state.in_(case_rules.WAITING)), is_held)


def done_before(moment, is_held=True):
    """The cases that have waited for feedback since before a moment; held, as they are to be closed."""
    return _all(select(Case).where(Case.state == "done", Case.done_at < moment), is_held)


def _all(statement, is_held):
    statement = statement.order_by(Case.id).execution_options(populate_existing=True)
    return db.session.scalars(statement.with_for_update() if is_held else statement).all()
