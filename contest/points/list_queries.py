"""Lists of points: as the ledger makes them now, and as they were published."""

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased, joinedload

from contest.db import db
from contest.errors import Missing
from contest.people.models import Human, Organisation
from contest.people.person_queries import merged_into
from contest.points import list_rules
from contest.points.day_rules import period_of, read_period
from contest.points.models import PointsEntry, PointsList


def standing(period, by_what):
    """The list_rules.Placed of a period, straight from the ledger."""
    sums = select(
        (PointsEntry.human_id if by_what == "people" else PointsEntry.organisation_id).label("whose"),
        func.sum(PointsEntry.points).label("points"),
    ).where(PointsEntry.earned_on.between(period.first, period.last)).group_by("whose").subquery()
    earned = _of_people(sums, period) if by_what == "people" else _of_organisations(sums)
    return list_rules.placed(earned, not period.quarter)


def _of_people(sums, period):
    """A person stands for the organisation of the latest entry in the period.

    Entries are never moved: of rows that were found to be one person the points are added up here.
    """
    latest = select(func.max(PointsEntry.id)).where(
        PointsEntry.earned_on.between(period.first, period.last)
    ).group_by(PointsEntry.human_id)
    rows = db.session.execute(
        select(Human.id, Organisation.name, Organisation.id, sums.c.points)
        .join(sums, sums.c.whose == Human.id)
        .join(PointsEntry, PointsEntry.human_id == Human.id)
        .join(Organisation, Organisation.id == PointsEntry.organisation_id)
        .where(PointsEntry.id.in_(latest)).order_by(PointsEntry.id)
    )
    kept, points, units = merged_into(), {}, {}
    for human_id, *unit, earned in rows:
        whose = kept.get(human_id, human_id)
        points[whose] = points.get(whose, 0) + earned
        units[whose] = unit  # the latest entry comes last
    names = _names()
    return [list_rules.Earned(whose, names[whose], *units[whose], points[whose]) for whose in points]


def _names():
    """{number of a row: name} of everybody who may stand in a list."""
    gone = aliased(Human)
    return dict(db.session.execute(select(Human.id, Human.name).where(or_(
        Human.id.in_(select(PointsEntry.human_id)), Human.id.in_(select(gone.merged_into_id)),
    ))).all())


def _of_organisations(sums):
    rows = db.session.execute(
        select(Organisation.id, Organisation.name, sums.c.points).join(sums, sums.c.whose == Organisation.id)
    )
    return [list_rules.Earned(number, name, "", number, points) for number, name, points in rows]


def find_published(period, by_what):
    """The PointsList of a period, or None."""
    return db.session.scalar(select(PointsList).filter_by(period=period.key, by_what=by_what))


def get_list(list_id, by_what):
    """A published list by people or by organisations, or Missing."""
    row = db.session.get(PointsList, list_id)
    if row is None or row.by_what != by_what:
        raise Missing("There is no such list.")
    return row


def published():
    """Every PointsList, the latest first."""
    return db.session.scalars(select(PointsList).order_by(PointsList.id.desc())).all()


def published_periods():
    """{key of a period: when its list of people was published}."""
    return {row.period: row.at for row in published() if row.by_what == "people"}


def late_entries(human_ids=None):
    """[(PointsEntry, keys of the lists that leave it out)]: booked after a list of its day, the latest first.

    Of some people or of everybody; they count in the ledger, and the published lists stay as they are.
    """
    periods, found = published_periods(), {}
    for key, at in periods.items():
        period = read_period(key)
        asked = select(PointsEntry).where(
            PointsEntry.earned_on.between(period.first, period.last), PointsEntry.at > at
        ).options(joinedload(PointsEntry.human), joinedload(PointsEntry.organisation))
        if human_ids is not None:
            asked = asked.where(PointsEntry.human_id.in_(human_ids))
        for entry in db.session.scalars(asked):
            found.setdefault(entry, []).append(key)
    return sorted(found.items(), key=lambda pair: -pair[0].id)


def points_of_person(human_ids, day):
    """(points of the quarter, points of the year) in which a day lies, of all rows of one person."""
    sums = [
        db.session.scalar(select(func.coalesce(func.sum(PointsEntry.points), 0)).where(
            PointsEntry.human_id.in_(human_ids), PointsEntry.earned_on.between(period.first, period.last)
        )) for period in (period_of(day), period_of(day, is_year=True))
    ]
    return tuple(sums)


def lines_of(period, by_what):
    """(list_rules.lines_of, PointsList or None): the published list where there is one, else as it is now."""
    row = find_published(period, by_what)
    return (list_rules.lines_of(standing(period, by_what)), None) if row is None else (named_lines(row), row)


def named_lines(row):
    """The lines of a published list: people as the rows that they are today, under the names of today.

    A name that was erased is person_rules.NAMELESS.
    """
    if row.by_what != "people":
        return row.document["lines"]
    kept = merged_into()
    names = _names()
    found = []
    for line in row.document["lines"]:
        whose = kept.get(line["id"], line["id"])
        found.append({**line, "id": whose, "name": names[whose]})
    return found


def totals(period):
    """(people with points, all points) of a period."""
    lines = standing(period, "people")
    return len(lines), sum(line.earned.points for line in lines)
