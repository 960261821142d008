"""Keeping a judge away from somebody (回避), and seating trainees beside a panel."""

from contest import clock, signals
from contest.audit.work import work
from contest.db import db
from contest.errors import Conflict, Missing
from contest.people import panel_queries, queries, recusal_queries
from contest.people.models import Entrant, Organisation, PanelSeat, Recusal
from contest.people.rules import (
    PRACTICE,
    check_declares_in_time,
    check_judges_open,
    check_recusal,
)
from contest.setup.queries import get_contest


def recuse(actor, contest_id, judge_id, organisation_id, entrant_id, relation):
    """Keep a judge away from an entrant or a unit's people, by whoever declares or knows of it.

    It names people of the public roster, never a code. Untouched sheets that are concerned go to
    other judges; how many is told, not which. Judges declare for themselves only before they have
    sheets (Conflict).
    """
    judge = queries.get_judge(contest_id, judge_id)
    check_judges_open(get_contest(contest_id).state)
    is_own = actor.user_id == judge.user_id
    check_declares_in_time(is_own, recusal_queries.has_sheets(contest_id, judge.id))
    words = check_recusal(organisation_id, entrant_id, relation)
    whom = _whom(contest_id, organisation_id, entrant_id)
    moved = {}
    with work(
        actor, "judge.recuse", contest_id=contest_id, subject=f"judge {judge.id}", name=judge.name,
        whom=whom, relation=words,
    ) as facts:
        db.session.add(Recusal(
            contest_id=contest_id, judge_id=judge.id, organisation_id=organisation_id,
            entrant_id=entrant_id, relation=words, by_id=actor.user_id, at=clock.now(),
        ))
        signals.organisations_changed.send("recusal", contest_id=contest_id, facts=moved)
        facts["sheets_moved"] = len(moved)


def _whom(contest_id, organisation_id, entrant_id):
    if entrant_id is not None:
        entrant = db.session.get(Entrant, entrant_id)
        if entrant is None or entrant.contest_id != contest_id:
            raise Missing("There is no such contestant in this contest.")
        return f"{entrant.number} {entrant.human.name}"
    organisation = db.session.get(Organisation, organisation_id)
    if organisation is None:
        raise Missing("There is no such unit.")
    return organisation.name


def add_trainee(actor, contest_id, module_key, judge_id, beside=1):
    """Seat a judge as a trainee beside a seat of a panel: the same sheets, which never count."""
    judge = queries.get_judge(contest_id, judge_id)
    check_judges_open(get_contest(contest_id).state)
    module = next((m for m in panel_queries.judged_modules(contest_id) if m.key == module_key), None)
    if module is None or not 1 <= beside <= module.seats:
        raise Missing("There is no such module with a panel.")
    if any(seat.judge_id == judge.id for seat in queries.seats(contest_id).get(module_key, [])):
        raise Conflict("Whoever sits on the panel is no trainee there.")
    there = queries.trainees(contest_id).get(module_key, [])
    if any(seat.judge_id == judge.id for seat in there):
        raise Conflict("This judge is a trainee there already.")
    number = max((seat.seat // PRACTICE for seat in there), default=0) + 1
    with work(actor, "panel.trainee", contest_id=contest_id, subject=module_key, name=judge.name):
        db.session.add(PanelSeat(
            contest_id=contest_id, module_key=module_key, seat=PRACTICE * number + beside,
            judge_id=judge.id,
        ))


def end_training(actor, contest_id, module_key, judge_id):
    """End a trainee's practice in a module; what was written for practice stays and never counts."""
    judge = queries.get_judge(contest_id, judge_id)
    seat = next(
        (s for s in queries.trainees(contest_id).get(module_key, []) if s.judge_id == judge.id), None
    )
    if seat is None:
        raise Missing("This judge is no trainee there.")
    with work(actor, "panel.trainee_end", contest_id=contest_id, subject=module_key, name=judge.name):
        db.session.delete(seat)
