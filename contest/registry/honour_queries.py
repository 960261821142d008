"""Honours for the curator's desk, by state and one with its documents; organisations' in public."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import joinedload, undefer

from contest.db import db
from contest.errors import Missing
from contest.names import titles_in_order
from contest.people.models import FormerName, Organisation
from contest.people.roster_rules import same_words
from contest.registry.life_models import UnitWords
from contest.registry.models import Craftsman, Honour, HonourFile
from contest.registry.queries import has_something_left
from contest.registry.record_history_queries import held_by_unit
from contest.registry.rules import PUBLIC_STATES

PAGE_SIZE = 50


def list_honours(state="", page=1):
    """(one page of honours, the latest first, how many in all), of one state or all."""
    query = select(Honour).order_by(Honour.id.desc())
    if state:
        query = query.where(Honour.state == state)
    count = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery()))
    rows = db.session.scalars(
        query.options(
            joinedload(Honour.craftsman).joinedload(Craftsman.human), joinedload(Honour.organisation)
        ).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
    ).all()
    return rows, count


def count_states():
    """{state: how many honours}."""
    return dict(db.session.execute(select(Honour.state, func.count()).group_by(Honour.state)).all())


def files_of(honour_id):
    """The documents behind an honour, in order, without their contents."""
    return db.session.scalars(
        select(HonourFile).filter_by(honour_id=honour_id).order_by(HonourFile.number)
    ).all()


def get_file(honour_id, number):
    """One document with its content, or Missing."""
    found = db.session.scalar(
        select(HonourFile).filter_by(honour_id=honour_id, number=number).options(undefer(HonourFile.content))
    )
    if found is None:
        raise Missing("There is no such file.")
    return found


def find_twin(holder, name, document_number):
    """An honour in force of the same holder, name and document, or None. holder: columns and values."""
    return db.session.scalar(
        select(Honour.id).filter_by(**holder, name=name, document_number=document_number)
        .where(Honour.state != "revoked").limit(1)
    )


def marks_in_force(craftsman_ids, organisation_ids):
    """What find_twin looks for, of many holders at once: {(holder's mark, name, document number)}.

    The mark of a craftsman is the id alone, of a unit or its team (its id, the team's name).
    """
    rows = db.session.execute(
        select(Honour.craftsman_id, Honour.organisation_id, Honour.team_name, Honour.name,
               Honour.document_number)
        .where(Honour.state != "revoked", or_(
            Honour.craftsman_id.in_(craftsman_ids), Honour.organisation_id.in_(organisation_ids)
        ))
    ).all()
    return {
        (one.craftsman_id or (one.organisation_id, one.team_name), one.name, one.document_number)
        for one in rows
    }


@dataclass(frozen=True)
class UnitLine:
    """A unit on the public list: how many of its honours stand, which of its teams have one."""

    organisation: Organisation
    count: int
    teams: tuple
    latest: date


def units_with_honours(text=""):
    """The UnitLines that match a text in any name of the unit or of a team, or in an honour; by name."""
    rows = db.session.scalars(
        select(Honour).where(Honour.organisation_id.is_not(None), Honour.state == "listed")
        .options(joinedload(Honour.organisation)).order_by(Honour.granted_on, Honour.id)
    ).all()
    former, by_unit = defaultdict(list), defaultdict(list)
    for one in db.session.scalars(select(FormerName)):
        former[one.organisation_id] += [one.name, one.name_en]
    for row in rows:
        by_unit[row.organisation].append(row)
    wanted, found = same_words(text), []
    for unit, honours in by_unit.items():
        words = [unit.name, unit.name_en, *former[unit.id]]
        words += [word for one in honours for word in (one.unit, one.team_name, one.name, one.name_en)]
        if not wanted or any(wanted in same_words(word or "") for word in words):
            teams = tuple(dict.fromkeys(one.team_name for one in honours if one.team_name))
            found.append(UnitLine(unit, len(honours), teams, honours[-1].granted_on))
    order = titles_in_order({line.organisation.name for line in found})
    return sorted(found, key=lambda line: (order.index(line.organisation.name), line.organisation.id))


def find_unit_page(name):
    """The id of the unit of this name that has a public page, or None."""
    unit_id = db.session.scalar(select(Organisation.id).filter_by(name=name)) if name else None
    honoured = exists().where(Honour.organisation_id == unit_id, Honour.state.in_(PUBLIC_STATES))
    if unit_id and (db.session.scalar(select(honoured)) or held_by_unit(unit_id)):
        return unit_id
    return None


def find_words(organisation_id):
    """The UnitWords of a unit, or None."""
    return db.session.get(UnitWords, organisation_id)


def public_honours_of(organisation_id):
    """The honours of an organisation and its teams that the public may know of.

    Missing for one that has none and whose teams hold no record either.
    """
    rows = db.session.scalars(
        select(Honour).filter_by(organisation_id=organisation_id)
        .where(Honour.state.in_(PUBLIC_STATES)).order_by(Honour.granted_on.desc(), Honour.id.desc())
    ).all()
    if not rows and not held_by_unit(organisation_id):
        raise Missing("There is no such organisation on the register.")
    return rows


def craftsmen_of(organisation):
    """The listed craftsmen who belong to an organisation, by name."""
    return db.session.scalars(
        select(Craftsman).join(Craftsman.human).options(joinedload(Craftsman.human))
        .where(
            Craftsman.listed_at.is_not(None), Craftsman.unit == organisation.name, has_something_left()
        )
        .order_by(Craftsman.id)
    ).all()
