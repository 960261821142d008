"""Honours for the curator's desk, by state and one with its documents; organisations' in public."""

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, undefer

from contest.db import db
from contest.errors import Missing
from contest.people.models import Organisation
from contest.registry.models import Craftsman, Honour, HonourFile
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


def organisations_with_honours(text=""):
    """[(organisation, how many of its honours are on the list)], by name."""
    rows = db.session.execute(
        select(Organisation, func.count(Honour.id)).join(Honour, Honour.organisation_id == Organisation.id)
        .where(Honour.state == "listed").group_by(Organisation.id).order_by(Organisation.name)
    ).all()
    return [(one, count) for one, count in rows if text.strip() in one.name]


def public_honours_of(organisation_id):
    """The honours of an organisation and its teams that the public may know of; Missing without one."""
    rows = db.session.scalars(
        select(Honour).filter_by(organisation_id=organisation_id)
        .where(Honour.state.in_(PUBLIC_STATES)).order_by(Honour.granted_on.desc(), Honour.id.desc())
    ).all()
    if not rows:
        raise Missing("There is no such organisation on the register.")
    return rows


def craftsmen_of(organisation):
    """The listed craftsmen who belong to an organisation, by name."""
    return db.session.scalars(
        select(Craftsman).join(Craftsman.human).options(joinedload(Craftsman.human))
        .where(Craftsman.listed_at.is_not(None), Craftsman.unit == organisation.name)
        .order_by(Craftsman.id)
    ).all()
