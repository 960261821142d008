"""The desk's list of cases: what is searched for, in which order, and what is late."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy import case as either
from sqlalchemy.orm import joinedload

from contest import clock
from contest.db import db
from contest.member_services import case_rules, duty_queries
from contest.member_services.case_queries import lines_of
from contest.member_services.models import Case, CaseEvent

PAGE_SIZE = 50


@dataclass(frozen=True)
class Search:
    """What the desk shows. whose: mine, all, nobody, told; state: open, late, over or one state.

    user_id: who looks, and what is closed to whom is not shown; None shows everything, to be counted.
    since: only what something happened to from this moment on.
    """

    whose: str = "all"
    state: str = "open"
    service: str = ""
    text: str = ""
    user_id: int | None = None
    is_late: bool = False
    since: datetime | None = None


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
    return lines_of(rows), count


def list_after(search, case_id, count):
    """So many cases after this one, by their numbers, as CaseLines."""
    rows = db.session.scalars(
        _filtered(search, clock.now()).where(Case.id > case_id).options(joinedload(Case.version))
        .order_by(Case.id).limit(count)
    ).all()
    return lines_of(rows)


def changed_at(case_ids):
    """{id of a case: when something happened to it last}."""
    return dict(db.session.execute(
        select(CaseEvent.case_id, func.max(CaseEvent.at)).where(CaseEvent.case_id.in_(case_ids))
        .group_by(CaseEvent.case_id)
    ).all())


def _filtered(search, now):
    statement = select(Case)
    if search.user_id is not None:
        statement = statement.where(Case.version_id.not_in(duty_queries.closed_versions(search.user_id)))
    if search.state == "open":
        statement = statement.where(Case.state.in_(case_rules.OPEN))
    elif search.state == "over":
        statement = statement.where(Case.state.in_(case_rules.OVER))
    elif search.state not in ("", "late"):
        statement = statement.where(Case.state == search.state)
    if search.is_late or search.state == "late":
        statement = statement.where(Case.due_at <= now, Case.state.in_(case_rules.WAITING))
    if search.since is not None:
        statement = statement.where(or_(
            select(CaseEvent.id).where(CaseEvent.case_id == Case.id, CaseEvent.at >= search.since).exists(),
            Case.erased_at >= search.since,
        ))
    if search.whose == "mine":
        statement = statement.where(Case.assignee_id == search.user_id)
    elif search.whose == "nobody":
        statement = statement.where(Case.assignee_id.is_(None))
    elif search.whose == "told":
        statement = statement.where(_told_to(search.user_id, now))
    if search.service:
        statement = statement.where(Case.service_key == search.service)
    if search.text:
        plain = search.text.replace("-", "").replace(" ", "")
        statement = statement.where(or_(
            Case.receipt == plain.upper(), Case.name.contains(search.text, autoescape=True)
        ))
    return statement


# Since when the clock runs that runs now: of a step, or of a feedback that is to be followed up.
CLOCK_SINCE = func.coalesce(Case.step_at, Case.done_at, Case.at)


def _told_to(user_id, now):
    """Late cases of which this user was told as the one above, until they are dealt with."""
    was_told = select(CaseEvent.id).where(
        CaseEvent.case_id == Case.id, CaseEvent.kind == "escalated", CaseEvent.at >= CLOCK_SINCE
    )
    return and_(
        Case.due_at <= now, Case.state.in_(case_rules.WAITING), was_told.exists(),
        Case.version_id.in_(duty_queries.versions_below(user_id)),
    )


def count_late(user_id=None):
    """How many cases are late now, whoever answers for them; of those that this user may read, if given."""
    late = _filtered(Search(state="late", user_id=user_id), clock.now())
    return db.session.scalar(select(func.count()).select_from(late.subquery()))
