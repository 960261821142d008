"""Reading what is kept of a person, and who looked at it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from contest import clock
from contest.accounts.models import User
from contest.db import db
from contest.errors import Conflict, Missing
from contest.members import personal_rules as rules
from contest.members.models import CodeAddress, Erasure, MemberInvitation, NewsPhone, NumbersRequest
from contest.people import person_queries as people
from contest.people import sealing
from contest.people.models import Entrant, Human, PersonAccount
from contest.people.number_queries import find_human, find_number
from contest.people.personal_models import IdNumber, PersonalAccess
from contest.people.phone_queries import find_phone, masked_phone
from contest.registry.models import Craftsman
from contest.registry.record_queries import ERASED

PAGE_SIZE = 50


@dataclass(frozen=True)
class PersonLine:
    """A person in a list: nothing but name, unit and trade; no number, no date of birth."""

    human_id: int
    name: str
    unit: str
    trade: str


@dataclass(frozen=True)
class PersonPage:
    """What the desk sees of a person before anything sensitive is asked for."""

    human: Human
    line: PersonLine
    account: User | None
    has_number: bool
    has_address: bool
    phone: str  # masked; "" for none
    invitation: MemberInvitation | None
    erasures: list


def get_human(human_id):
    """The person, or Missing; Conflict for a row that was found to be another one's."""
    found = people.get_person(human_id)
    if found.id != human_id:
        raise Conflict(
            "This row was found to be one person with another one: go on at the page of %(name)s.",
            name=found.name,
        )
    return found


def find_people(text, limit=30):
    """Lines of the people whose name holds this text, a merged row as its person; none for an empty text."""
    if not (text := text.strip()):
        return []
    rows = db.session.scalars(
        select(Human).where(Human.name.contains(text, autoescape=True)).order_by(Human.name, Human.id)
        .limit(limit)
    ).all()
    return _lines(list(dict.fromkeys(people.get_person(row.id) for row in rows)))


def _lines(humans):
    listed = {
        row.human_id: row for row in db.session.scalars(
            select(Craftsman).where(Craftsman.human_id.in_([one.id for one in humans]))
        )
    }
    found = []
    for human in humans:
        craftsman = listed.get(human.id)
        unit = craftsman.unit if craftsman else ""
        found.append(PersonLine(
            human.id, human.name, unit or (human.organisation.name if human.organisation else ""),
            craftsman.trade if craftsman else "",
        ))
    return found


def person_page(human_id):
    """The PersonPage, or Missing."""
    human = get_human(human_id)
    return PersonPage(
        human, _lines([human])[0], account_of(human_id), find_number(human_id) is not None,
        db.session.get(CodeAddress, human_id) is not None, masked_phone(human_id), open_invitation(human_id),
        db.session.scalars(select(Erasure).filter_by(human_id=human_id).order_by(Erasure.id)).all(),
    )


def account_of(human_id):
    """The account that is tied to a person, or None."""
    return db.session.scalar(
        select(User).join(PersonAccount, PersonAccount.user_id == User.id)
        .where(PersonAccount.human_id == human_id)
    )


def number_of(human_id):
    """A person's identity number in clear, or Missing; to be called within an act that is written down."""
    row = find_number(human_id)
    if row is None:
        raise Missing("No identity number of this person is kept.")
    return sealing.unseal(row.sealed, IdNumber.place_of(row.human_id))


def phone_of(human_id):
    """A person's telephone number in clear, or Missing; to be called within an act that is written down."""
    row = find_phone(human_id)
    if row is None:
        raise Missing("No telephone number of this person is kept.")
    return row.number


def find_by_number(number):
    """The line of the person with this number (as id_rules reads it), or None; opens no seal."""
    found = find_human(number)
    return None if found is None else _lines([found])[0]


def numbers_of(contest_id):
    """(entrant, number in clear or "") of a contest's entrants, by entry number."""
    merged, numbers = people.merged_into(), {}
    for row in db.session.scalars(select(IdNumber).order_by(IdNumber.human_id)):
        whose = merged.get(row.human_id, row.human_id)
        # As find_number: merges of old left it with the other row; the row that is kept goes first.
        if whose == row.human_id or whose not in numbers:
            numbers[whose] = row
    found = []
    for entrant in db.session.scalars(
        select(Entrant).where(Entrant.contest_id == contest_id).order_by(Entrant.number)
    ):
        row = numbers.get(merged.get(entrant.human_id, entrant.human_id))
        found.append((entrant, sealing.unseal(row.sealed, IdNumber.place_of(row.human_id)) if row else ""))
    return found


def count_numbers(contest_id):
    """Of how many of a contest's entrants an identity number is kept."""
    merged = people.merged_into()
    numbers = {merged.get(each, each) for each in db.session.scalars(select(IdNumber.human_id))}
    entered = db.session.scalars(select(Entrant.human_id).where(Entrant.contest_id == contest_id))
    return sum(merged.get(each, each) in numbers for each in entered)


def requests_of(contest_id):
    """The requests for files of a contest's numbers that are not over, the newest first."""
    return db.session.scalars(
        select(NumbersRequest).where(
            NumbersRequest.contest_id == contest_id, NumbersRequest.taken_at.is_(None),
            NumbersRequest.at > clock.now() - rules.ASKED_FOR,
        ).order_by(NumbersRequest.id.desc())
    ).all()


def get_request(contest_id, request_id):
    """The request, locked against a second act at the same moment; or Missing."""
    found = db.session.scalar(
        select(NumbersRequest).filter_by(contest_id=contest_id, id=request_id).with_for_update()
    )
    if found is None:
        raise Missing("There is no such request.")
    return found


def ways_of(human_id):
    """{"mail": (masked, whether news are told there), "sms": (masked, True)} of what is kept of a person."""
    found = {}
    if (mail := db.session.get(CodeAddress, human_id)) is not None:
        found["mail"] = rules.masked(mail.address), mail.tells_news
    if (phone := db.session.get(NewsPhone, human_id)) is not None:
        found["sms"] = rules.masked(phone.number), True
    return found


def news_addresses(human_id):
    """{"mail": address, "sms": number} where a person wants news told, in clear; for the sender alone."""
    found = {}
    if (mail := db.session.get(CodeAddress, human_id)) is not None and mail.tells_news:
        found["mail"] = mail.address
    if (phone := db.session.get(NewsPhone, human_id)) is not None:
        found["sms"] = phone.number
    return found


def open_invitation(human_id):
    """The invitation of a person that still works, or None."""
    return db.session.scalar(
        select(MemberInvitation).where(
            MemberInvitation.human_id == human_id, MemberInvitation.ended_at.is_(None),
            MemberInvitation.expires_at > clock.now(),
        ).order_by(MemberInvitation.id.desc()).limit(1)
    )


def names_of(user_ids):
    """{user id: name}."""
    return dict(db.session.execute(select(User.id, User.name).where(User.id.in_(set(user_ids)))).all())


def accesses_of(human_id):
    """Who looked at a person's data, the newest first: the person reads it too."""
    return db.session.scalars(
        select(PersonalAccess).where(PersonalAccess.human_id.in_(people.rows_of(human_id)))
        .order_by(PersonalAccess.id.desc())
    ).all()


def list_accesses(page=1):
    """(a page of the whole log, the newest first; how many pages)."""
    count = db.session.scalar(select(func.count()).select_from(PersonalAccess))
    rows = db.session.scalars(
        select(PersonalAccess).order_by(PersonalAccess.id.desc())
        .limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
    ).all()
    return rows, max(1, -(-count // PAGE_SIZE))


def people_of(rows):
    """{human id: name} of the people whom rows of the log are about."""
    ids = {row.human_id for row in rows if row.human_id is not None}
    return dict(db.session.execute(select(Human.id, Human.name).where(Human.id.in_(ids))).all())


def looks_of(user_id, since: datetime):
    """At how many people somebody has looked since a moment."""
    return db.session.scalar(
        select(func.coalesce(func.sum(PersonalAccess.subjects), 0)).where(
            PersonalAccess.user_id == user_id, PersonalAccess.at > since,
            PersonalAccess.kind.in_(("reveal", "search")),
        )
    )


def alarming():
    """(name, looks) of whoever looked more often than is usual within the last hour."""
    rows = db.session.execute(
        select(PersonalAccess.who, func.sum(PersonalAccess.subjects)).where(
            PersonalAccess.at > clock.now() - rules.ALARM_WITHIN,
            PersonalAccess.kind.in_(("reveal", "search")),
        ).group_by(PersonalAccess.user_id, PersonalAccess.who)
    ).all()
    return [(who, looks) for who, looks in rows if looks > rules.ALARM_AFTER]



def asked_at(human_id):
    """When a person asked for erasure, if that waits; else None."""
    ids = people.rows_of(human_id)
    return next((row.at for row in waiting_requests() if row.human_id in ids), None)


def waiting_requests():
    """The requests for erasure that nobody has answered by erasing, the oldest first."""
    asked = db.session.scalars(select(PersonalAccess).filter_by(kind="ask").order_by(PersonalAccess.id)).all()
    answered = {}
    for done in db.session.scalars(select(Erasure).order_by(Erasure.id)):
        answered |= dict.fromkeys((done.human_id, *done.also), done.at)
    return [row for row in asked if row.human_id not in answered or answered[row.human_id] < row.at]


def erased_entrants(entrant_ids):
    """Ids of those entrants whose person was erased."""
    gone = set()
    for done in db.session.scalars(select(Erasure)):
        gone |= {done.human_id, *done.also}
    rows = db.session.execute(select(Entrant.id, Entrant.human_id).where(Entrant.id.in_(entrant_ids)))
    return {entrant_id for entrant_id, human_id in rows if human_id in gone}


ERASED.append(erased_entrants)
