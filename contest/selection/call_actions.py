"""Writing a call, and moving its last day."""

from contest import clock
from contest.audit.work import work
from contest.db import db
from contest.results.queries import lock_contest
from contest.selection import (
    call_rules,
    queries,
    trail_words,  # noqa: F401 (names deeds)
)
from contest.selection.models import Call


def write_call(actor, contest_id, form):
    """Write the call of a contest that is being set up, or change it; Invalid by field, Conflict later."""
    contest = lock_contest(contest_id)
    call_rules.check_writable(contest.state)
    text = call_rules.read_call(form)
    call = queries.find_call(contest_id)
    with work(
        actor, "selection.call", contest_id=contest_id, subject=text.title,
        terms=call_rules.document_of(text.terms),
    ):
        if call is None:
            call = Call(contest_id=contest_id)
            db.session.add(call)
        call.title, call.title_en, call.words = text.title, text.title_en, text.words
        call.opens_on, call.closes_on = text.opens_on, text.closes_on
        call.terms = call_rules.document_of(text.terms)
        call.changed_by_id, call.changed_at = actor.user_id, clock.now()
    return call


def extend_call(actor, contest_id, day, reason):
    """Move the last day of a call to a later one (a date, or None for what is none)."""
    contest = lock_contest(contest_id)
    call = queries.get_call(contest_id)
    words = call_rules.check_extension(contest.state, call.closes_on, day, reason)
    with work(
        actor, "selection.extend", contest_id=contest_id, subject=call.title,
        old=call.closes_on.isoformat(), new=day.isoformat(), reason=words,
    ):
        call.closes_on = day
        call.changed_by_id, call.changed_at = actor.user_id, clock.now()
