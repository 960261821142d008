"""Putting judges on panels: all at once by the rules, or one panel by hand."""

from sqlalchemy import delete

from contest.audit.work import work
from contest.db import db
from contest.errors import Conflict, Invalid, Missing
from contest.people import panel_queries, queries
from contest.people.models import PanelSeat
from contest.people.panel_rules import staff_panels
from contest.people.rules import check_roster_open
from contest.setup.queries import get_contest


def staff(actor, contest_id, reserves=2):
    """Put judges on every panel of the plan anew; returns what could not be done, as Refusals.

    A panel that cannot be filled keeps who sits there. Conflict when none can be filled.
    """
    check_roster_open(get_contest(contest_id).state)
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
                PanelSeat.contest_id == contest_id, PanelSeat.module_key.in_(found.seats)
            )
        )
        for module_key, row in found.seats.items():
            _seat(contest_id, module_key, row)
    return found.problems


def set_seats(actor, contest_id, module_key, judge_ids):
    """Put these judges on one module's panel, in this order; those beyond its size are reserves."""
    check_roster_open(get_contest(contest_id).state)
    modules = panel_queries.judged_modules(contest_id)
    if module_key not in {module.key for module in modules}:
        raise Missing("There is no such module with a panel.")
    if len(set(judge_ids)) != len(judge_ids):
        raise Invalid("A judge can hold only one seat of a panel.")
    if set(judge_ids) - {judge.id for judge in queries.list_judges(contest_id)}:
        raise Missing("There is no such judge in this contest.")
    old = _now(contest_id).get(module_key, [])
    with work(
        actor, "panel.seats", contest_id=contest_id, subject=module_key, old=old, new=judge_ids
    ):
        db.session.execute(
            delete(PanelSeat).where(
                PanelSeat.contest_id == contest_id, PanelSeat.module_key == module_key
            )
        )
        _seat(contest_id, module_key, judge_ids)


def _now(contest_id):
    return {key: [s.judge_id for s in row] for key, row in queries.seats(contest_id).items()}


def _seat(contest_id, module_key, judge_ids):
    db.session.add_all(
        PanelSeat(contest_id=contest_id, module_key=module_key, seat=seat, judge_id=judge_id)
        for seat, judge_id in enumerate(judge_ids, start=1)
    )
