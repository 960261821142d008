"""Putting judges on panels: all at once by the rules, or one panel by hand."""

from sqlalchemy import delete

from contest.audit.work import work
from contest.db import db
from contest.errors import Conflict, Invalid, Missing
from contest.people import panel_queries, queries
from contest.people.models import PanelSeat
from contest.people.panel_rules import places_of, staff_panels
from contest.people.rules import PRACTICE, check_judges_open, check_no_coder, check_no_trainee
from contest.setup.queries import get_contest


def staff(actor, contest_id, reserves=2):
    """Put judges on every panel of the plan anew; returns what could not be done, as Refusals.

    A panel that cannot be filled keeps who sits there. Conflict when none can be filled.
    """
    check_judges_open(get_contest(contest_id).state)
    judges = panel_queries.candidates(contest_id)
    if not judges:
        raise Conflict("There are no judges yet; add them or import their list first.")
    panels = [panel_queries.panel_of(m) for m in panel_queries.judged_modules(contest_id)]
    found = staff_panels(panels, judges, panel_queries.competing(contest_id), reserves)
    if not found.seats and found.problems:
        raise found.problems[0]
    with work(actor, "panel.staff", contest_id=contest_id, old=_now(contest_id), new=found.seats):
        db.session.execute(
            delete(PanelSeat).where(
                PanelSeat.contest_id == contest_id, PanelSeat.module_key.in_(found.seats),
                PanelSeat.seat < PRACTICE,
            )
        )
        for module_key, row in found.seats.items():
            _seat(contest_id, module_key, dict(enumerate(row, start=1)))
    return found.problems


def set_seats(actor, contest_id, module_key, judge_ids):
    """Put these judges on one module's seats, panel after panel; those beyond are reserves.

    judge_ids: in the order of the seats; None leaves a seat of several panels empty.
    """
    check_judges_open(get_contest(contest_id).state)
    module = next(
        (m for m in panel_queries.judged_modules(contest_id) if m.key == module_key), None
    )
    if module is None:
        raise Missing("There is no such module with a panel.")
    places = places_of(judge_ids, module.seats, bool(module.panels))
    chosen = set(places.values())
    if len(chosen) != len(places):
        raise Invalid("A judge can hold only one seat of a panel.")
    judges = queries.list_judges(contest_id)
    if chosen - {judge.id for judge in judges}:
        raise Missing("There is no such judge in this contest.")
    check_no_trainee([
        seat.judge.name for row in queries.trainees(contest_id).values() for seat in row
        if seat.judge_id in chosen
    ])
    coders = panel_queries.coders_among(contest_id, judges)
    check_no_coder([judge.name for judge in coders if judge.id in chosen])
    old = _now(contest_id).get(module_key, [])
    with work(
        actor, "panel.seats", contest_id=contest_id, subject=module_key, old=old,
        new=list(places.values()),
    ):
        db.session.execute(
            delete(PanelSeat).where(
                PanelSeat.contest_id == contest_id, PanelSeat.module_key == module_key,
                PanelSeat.seat < PRACTICE,
            )
        )
        _seat(contest_id, module_key, places)


def _now(contest_id):
    return {key: [s.judge_id for s in row] for key, row in queries.seats(contest_id).items()}


def _seat(contest_id, module_key, places):
    db.session.add_all(
        PanelSeat(contest_id=contest_id, module_key=module_key, seat=seat, judge_id=judge_id)
        for seat, judge_id in places.items()
    )
