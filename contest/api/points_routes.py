"""Points over the API: other systems tell what people did, and read the lists."""

from flask import g

from contest import clock
from contest.accounts.guards import needs
from contest.api import door, points_shapes, rules
from contest.api.routes import bp
from contest.audit.work import Actor
from contest.errors import Missing
from contest.i18n import N_
from contest.names import shown_name
from contest.points import actions, day_rules, list_queries, list_rules
from contest.points.routes import OFFICE, POLICY, check_office


@door.operation(
    bp, "POST", "/points", points_shapes.PointsTaken, guard=needs(*OFFICE, everywhere=True),
    scope="points:write", tag=N_("Points hall"), body=points_shapes.Points,
    summary=N_("Book points, all lines or none; the same reference twice counts once"),
)
def record_points(body):
    check_office()
    rows = [
        (number, {**row.model_dump(), "quantity": str(row.quantity)}) for number, row in enumerate(body.rows)
    ]
    return actions.record_points(Actor(g.person.user_id, g.person.name), body.source, rows)


@door.operation(
    bp, "GET", "/points", points_shapes.PointsStanding, guard=needs(*OFFICE, everywhere=True),
    scope="points:read", tag=N_("Points hall"), summary=N_("The list of a quarter or year, names masked"),
    query=points_shapes.PointsQuery,
)
def list_points(query):
    period = day_rules.read_period(query.period) if query.period else day_rules.period_of(clock.today())
    if query.by not in list_rules.LISTS:
        raise Missing("There is no such list.")
    lines, published = list_queries.lines_of(period, query.by)
    numbered = list(enumerate(lines, start=1))
    page, cursor = rules.page_of(numbered, lambda one: one[0], query.limit, query.after)
    is_people = query.by == "people"
    return {
        "period": period.key, "is_published": published is not None, "next": cursor,
        "items": [
            {**line, "name": shown_name(line["name"], POLICY) if is_people else line["name"]}
            for _, line in page
        ],
    }
