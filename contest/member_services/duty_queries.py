"""Who holds which duty, who of them has the least to do, what is closed to whom, and who is told above."""

from sqlalchemy import func, select

from contest.accounts.models import User
from contest.accounts.queries import find_roles, people_with_role
from contest.db import db
from contest.member_services import case_rules, duty_rules
from contest.member_services.catalogue_queries import service_of
from contest.member_services.models import Case, ServiceDuty, ServiceVersion


def holders(duty):
    """{user id: name} of those who hold a duty now and still work at the service desk."""
    rows = db.session.execute(
        select(User.id, User.name).join(ServiceDuty, ServiceDuty.user_id == User.id)
        .where(ServiceDuty.duty == duty, ServiceDuty.ended_at.is_(None), User.is_active.is_(True))
        .order_by(ServiceDuty.id)
    ).all()
    known = officers()
    return {user_id: name for user_id, name in rows if user_id in known}


def duties():
    """The duties that are held now: (ServiceDuty, name of the holder)."""
    return db.session.execute(
        select(ServiceDuty, User.name).join(User, User.id == ServiceDuty.user_id)
        .where(ServiceDuty.ended_at.is_(None)).order_by(ServiceDuty.duty, ServiceDuty.id)
    ).all()


def officers():
    """{user id: name} of everybody who works at the service desk."""
    return people_with_role("service_officer", None) | people_with_role("organiser", None)


def unnamed_by(user_id):
    """The duties for which this user names nobody: whoever decides and pays is named by somebody above."""
    if "organiser" in find_roles(user_id, None):
        return duty_rules.ROLES
    if user_id in holders(duty_rules.HEAD):
        return (*duty_rules.ROLES, *duty_rules.ORGANISERS_NAME)
    return tuple(duty_rules.DUTIES)


def stands_above(user_id):
    """True when this user stands above the officers who decide: an organiser, or the head of the desk."""
    return "organiser" in find_roles(user_id, None) or user_id in holders(duty_rules.HEAD)


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


def _kept():
    """{id of a version of an entry: the duty that alone reads and moves its cases, or None}."""
    return {row.id: service_of(row).kept_by for row in db.session.scalars(select(ServiceVersion))}


def closed_versions(user_id):
    """The ids of the versions of entries whose cases somebody else keeps: {} for most people and entries."""
    kept = _kept()
    held = {duty for duty in set(kept.values()) - {None} if user_id in holders(duty)}
    return {number for number, duty in kept.items() if duty is not None and duty not in held}


def reads_everything(user_id):
    """True when this user holds every duty that keeps cases from the others."""
    return all(user_id in holders(duty) for duty in duty_rules.CONFIDENTIAL)


def count_unread():
    """How many cases wait for somebody who alone may read them, while nobody is named."""
    nobody = {number for number, duty in _kept().items() if duty is not None and not holders(duty)}
    return db.session.scalar(select(func.count()).select_from(Case).where(
        Case.version_id.in_(nobody), Case.state.in_(case_rules.WAITING)
    ))


def above(kept_by):
    """{user id: name} of whom lateness is told: who keeps the cases alone, else the head of the desk.

    Where nobody is named it is the organisers of the whole installation.
    """
    return holders(kept_by or duty_rules.HEAD) or people_with_role("organiser", None)


def versions_below(user_id):
    """The ids of the versions of entries of whose late cases this user is told."""
    kept = _kept()
    is_told = {duty: user_id in above(duty) for duty in set(kept.values())}
    return {number for number, duty in kept.items() if is_told[duty]}
