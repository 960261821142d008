"""Defining records, letting contests in, and confirming or refusing what the results propose."""

from contest import clock, signals
from contest.audit.work import work
from contest.db import db
from contest.errors import Conflict
from contest.i18n import N_
from contest.registry import record_proposing, record_queries, record_rules
from contest.registry.listing import check_not_frozen
from contest.registry.record_models import RecordContest, RecordLine
from contest.registry.record_proposing import lock_line, look_again, words
from contest.registry.second_person import check_apart
from contest.results.queries import lock_contest
from contest.setup.queries import get_contest

TAKEN_OUT = N_("The contest was taken out of this record: %(reason)s")
LAID_DOWN = N_("The record was laid down: %(reason)s")
AGAIN = N_("Looked at again: %(reason)s")


def define_line(actor, form):
    """Define a record: what is compared, and what is to be beaten. Invalid names the form's fields."""
    typed = record_rules.read_line(form, clock.now())
    with work(
        actor, "registry.record_define", subject=typed.name, event=typed.event,
        value=record_queries.printed(typed, typed.earlier_value), source=typed.earlier_source,
    ):
        line = RecordLine(**typed.__dict__, by_id=actor.user_id, at=clock.now())
        db.session.add(line)
        db.session.flush()
    return line


def let_in(actor, line_id, contest_id):
    """Declare a contest to be comparable and let it into a record; its final results are looked at now.

    Conflict when it is in already, or is marked on another scale or at another level.
    """
    lock_contest(contest_id)
    line = lock_line(line_id)
    record_rules.check_open(line.ended_at)
    if record_queries.find_entry(line_id, contest_id) is not None:
        raise Conflict("This contest belongs to the record already.")
    if (why := record_queries.why_unfit(line, contest_id)) is not None:
        raise why
    name = get_contest(contest_id).name
    with work(actor, "registry.record_let_in", contest_id=contest_id, subject=line.name, contest=name):
        db.session.add(RecordContest(
            line_id=line_id, contest_id=contest_id, by_id=actor.user_id, at=clock.now()
        ))
        db.session.flush()
        look_again(line, words(record_rules.BETTER_RESULT), contest_id)


def take_out(actor, line_id, contest_id, reason):
    """Take a contest out of a record with a reason; what it held or proposed is taken back."""
    lock_contest(contest_id)
    line = lock_line(line_id)
    record_rules.check_open(line.ended_at)
    entry = record_queries.find_entry(line_id, contest_id)
    if entry is None:
        raise Conflict("This contest does not belong to the record.")
    reason = record_rules.read_reason(reason)
    with work(
        actor, "registry.record_take_out", contest_id=contest_id, subject=line.name,
        contest=entry.contest.name, reason=reason,
    ):
        entry.out_at, entry.out_by_id, entry.out_reason = clock.now(), actor.user_id, reason
        db.session.flush()
        look_again(line, words(TAKEN_OUT, reason=reason), contest_id)


def lay_down(actor, line_id, reason):
    """Compare nothing for a record any more; its history stays, what waits is dropped."""
    line = lock_line(line_id)
    record_rules.check_open(line.ended_at)
    reason = record_rules.read_reason(reason)
    with work(actor, "registry.record_end", subject=line.name, reason=reason):
        line.ended_at, line.ended_by_id, line.ended_reason = clock.now(), actor.user_id, reason
        look_again(line, words(LAID_DOWN, reason=reason))


def take_name_off(actor, line_id, reason):
    """Take the name of the holder from before the program off, who asks for it; value and source stay."""
    line = lock_line(line_id)
    if line.earlier_name in ("", record_queries.NAMELESS):
        raise Conflict("No name stands with the record from before the program.")
    reason = record_rules.read_reason(reason)
    with work(actor, "registry.record_unname", subject=line.name, reason=reason):
        line.earlier_name, line.earlier_unit = record_queries.NAMELESS, ""


def confirm_mark(actor, mark_id):
    """Confirm as the second person that a result is a record; it is public from then on.

    NotAllowed for whoever defined the record or let the contest in, and for the holder, by another account
    too; Conflict while the contest is not public, its board is frozen, or the result waits no more.
    """
    mark = _locked(mark_id)
    record_rules.check_proposed(mark.state)
    check_not_frozen(mark.contest_id)
    record_rules.check_public(mark.contest.is_public)
    line, entry = mark.line, record_queries.find_entry(mark.line_id, mark.contest_id)
    record_rules.check_other_person(actor.user_id, {line.by_id, entry.by_id})
    record_rules.check_not_own(record_queries.is_own(actor.user_id, mark))
    for first_id, first_at in ((line.by_id, line.at), (entry.by_id, entry.at)):
        check_apart(first_id, first_at, actor.user_id)
    with work(
        actor, "registry.record_confirm", contest_id=mark.contest_id, subject=line.name, person=mark.name,
        value=record_queries.printed(line, mark.value),
    ):
        mark.state, mark.decided_by_id, mark.decided_at = "confirmed", actor.user_id, clock.now()
        db.session.flush()
        signals.record_changed.send("registry.record_confirm", mark_id=mark.id, state="confirmed")
        look_again(line, words(record_rules.BETTER_RESULT))
    return mark


def refuse_mark(actor, mark_id, reason):
    """Refuse a result that was proposed, with a reason; the next best one is proposed in its place."""
    mark = _locked(mark_id)
    record_rules.check_proposed(mark.state)
    reason = record_rules.read_reason(reason)
    with work(
        actor, "registry.record_refuse", contest_id=mark.contest_id, subject=mark.line.name,
        person=mark.name, value=record_queries.printed(mark.line, mark.value), reason=reason,
    ):
        mark.state, mark.refused_reason = "refused", reason
        mark.decided_by_id, mark.decided_at = actor.user_id, clock.now()
        db.session.flush()
        look_again(mark.line, words(record_rules.BETTER_RESULT))
    return mark


def propose_again(actor, mark_id, reason):
    """Look once more at a result that was refused by mistake, with a reason; the refusal stays on record."""
    mark = _locked(mark_id)
    record_rules.check_refused(mark.state)
    record_rules.check_open(mark.line.ended_at)
    reason = record_rules.read_reason(reason)
    with work(
        actor, "registry.record_again", contest_id=mark.contest_id, subject=mark.line.name,
        person=mark.name, reason=reason,
    ):
        record_proposing.withdraw(mark, words(AGAIN, reason=reason))
        db.session.flush()
        look_again(mark.line, words(record_rules.BETTER_RESULT))
    return mark


def _locked(mark_id):
    """The mark as it is once its record is kept from a second act of the same moment."""
    mark = record_queries.get_mark(mark_id)
    lock_line(mark.line_id)
    db.session.refresh(mark)
    return mark
