"""Works, ties and studios, for pages and for rewards that follow a tie."""

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from contest.db import db
from contest.errors import Missing
from contest.registry.life_models import CraftsmanWork, MasterTie, Studio, StudioAlliance
from contest.registry.models import Craftsman


def works_of(craftsman_id):
    """A craftsman's works and patents, the latest first."""
    return db.session.scalars(
        select(CraftsmanWork).filter_by(craftsman_id=craftsman_id)
        .order_by(CraftsmanWork.on.desc(), CraftsmanWork.id.desc())
    ).all()


def get_work(craftsman_id, work_id):
    """One of a craftsman's works, or Missing."""
    found = db.session.scalar(select(CraftsmanWork).filter_by(id=work_id, craftsman_id=craftsman_id))
    if found is None:
        raise Missing("There is no such work.")
    return found


def masters_of(human_id):
    """The ids of those who trained somebody (R3)."""
    return db.session.scalars(
        select(MasterTie.master_id).filter_by(apprentice_id=human_id).order_by(MasterTie.id)
    ).all()


def ties_of(human_id):
    """(ties to masters, ties to apprentices), each with the public page's token or None."""
    ties = db.session.scalars(
        select(MasterTie).where(or_(MasterTie.master_id == human_id, MasterTie.apprentice_id == human_id))
        .options(joinedload(MasterTie.master), joinedload(MasterTie.apprentice)).order_by(MasterTie.since)
    ).all()
    others = {one.master_id for one in ties} | {one.apprentice_id for one in ties}
    tokens = dict(db.session.execute(
        select(Craftsman.human_id, Craftsman.token)
        .where(Craftsman.human_id.in_(others), Craftsman.listed_at.is_not(None))
    ).all())
    masters = [(one, one.master, tokens.get(one.master_id)) for one in ties if one.apprentice_id == human_id]
    apprentices = [
        (one, one.apprentice, tokens.get(one.apprentice_id)) for one in ties if one.master_id == human_id
    ]
    return masters, apprentices


def find_tie(master_id, apprentice_id):
    """The tie between two people, or None."""
    return db.session.scalar(select(MasterTie).filter_by(master_id=master_id, apprentice_id=apprentice_id))


def ties_to_move(column, was, now):
    """The ids of ties of one person that another may take over: not those that he has himself already.

    column: MasterTie.master_id or MasterTie.apprentice_id.
    """
    other = MasterTie.apprentice_id if column.key == "master_id" else MasterTie.master_id
    there = select(other).where(column == now)
    return db.session.scalars(select(MasterTie.id).where(column == was, other.not_in(there))).all()


def get_tie(human_id, tie_id):
    """One of somebody's ties, or Missing."""
    found = db.session.get(MasterTie, tie_id)
    if found is None or human_id not in (found.master_id, found.apprentice_id):
        raise Missing("There is no such tie.")
    return found


def studios():
    """Every studio of somebody on the register, by name."""
    return db.session.scalars(
        select(Studio).join(Studio.craftsman).where(Craftsman.listed_at.is_not(None))
        .options(joinedload(Studio.craftsman).joinedload(Craftsman.human), joinedload(Studio.alliance))
        .order_by(Studio.name)
    ).all()


def studios_of(craftsman_id):
    """The studios named for a craftsman."""
    return db.session.scalars(select(Studio).filter_by(craftsman_id=craftsman_id).order_by(Studio.id)).all()


def get_studio(studio_id):
    """The studio, or Missing."""
    found = db.session.get(Studio, studio_id)
    if found is None:
        raise Missing("There is no such studio.")
    return found


def find_studio(name):
    """The studio of this name, or None."""
    return db.session.scalar(select(Studio).filter_by(name=name))


def alliances():
    """Every alliance, by name."""
    return db.session.scalars(select(StudioAlliance).order_by(StudioAlliance.name)).all()


def find_alliance(name):
    """The alliance of this name, or None."""
    return db.session.scalar(select(StudioAlliance).filter_by(name=name))
