"""What tablets say of themselves, and what judges report."""

from secrets import token_urlsafe

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from contest import clock
from contest.audit.chain_checks import hear_head
from contest.audit.rules import VALUES_OF
from contest.audit.work import work
from contest.db import db
from contest.judging import flag_queries, number_queries, queries, rules, tablet_queries
from contest.judging.devices import note_sender
from contest.judging.number_rules import check_unused
from contest.judging.tablet_models import ServerStart, SheetFlag, Tablet
from contest.judging.tablet_rules import (
    FLAG_REASONS,
    WARN_CHIEF_S,
    PulseAnswer,
    check_flag,
    check_still_open,
    flag_fingerprint,
    offset_of,
)

VALUES_OF["problem"] = FLAG_REASONS


def note_start():
    """Write down that the server starts: tablets see by it that it may have been restored."""
    db.session.add(ServerStart(token=token_urlsafe(9), at=clock.now()))
    db.session.commit()


def note_birth():
    """Give a new database the name by which tablets know it from others; an older one keeps its own."""
    if not tablet_queries.installation():
        note_start()


def become_another():
    """Make this copy of a database an installation of its own: tablets bring it nothing of the one it was."""
    first = db.session.scalar(select(ServerStart).order_by(ServerStart.id).limit(1))
    if first is None:
        return note_start()
    first.token = token_urlsafe(9)
    return db.session.commit()


def note_pulse(actor, pulse):
    """Write down what a tablet says of itself, and tell it where its judge's sheets stand."""
    now = clock.now()
    offset = offset_of(pulse.now, now)
    try:
        _write_pulse(actor, pulse, offset, now)
    except IntegrityError:
        # Two first pulses at once: the other one made the row.
        db.session.rollback()
        _write_pulse(actor, pulse, offset, now)
    _hear_heads(actor, pulse)
    return PulseAnswer(
        epoch=tablet_queries.epoch(), offset_s=offset, revs=tablet_queries.revs_of(actor.user_id),
        over=tablet_queries.contests_over(actor.user_id),
        elsewhere=tablet_queries.elsewhere(actor.user_id, pulse.device_id, pulse.sheet),
        answers=tuple(flag_queries.answers_for(actor.user_id)),
    )


def _hear_heads(actor, pulse):
    """Every tablet is a witness of the chains of the contests that it marks in."""
    own = tablet_queries.contests_of_judge(actor.user_id) if pulse.heads else ()
    for contest_id, seq, digits in pulse.heads:
        if contest_id in own:
            hear_head(contest_id, f"{seq}:{digits}", actor, device=pulse.name)


def _write_pulse(actor, pulse, offset, now):
    row = db.session.query(Tablet).filter_by(
        device_id=pulse.device_id, user_id=actor.user_id
    ).one_or_none()
    was_wrong = row is not None and abs(row.offset_s) > WARN_CHIEF_S
    if row is None:
        row = Tablet(device_id=pulse.device_id, user_id=actor.user_id, first_seen_at=now)
        db.session.add(row)
    if pulse.sheet != row.sheet_id:
        row.sheet_since = now if pulse.sheet else None
    row.name, row.version, row.seen_at, row.offset_s = pulse.name, pulse.version, now, offset
    row.battery, row.is_charging = pulse.battery, pulse.is_charging
    row.unsent, row.refused, row.clashing = pulse.unsent, pulse.refused, pulse.clashing
    row.made, row.keeps_pages, row.is_lasting = pulse.made, pulse.keeps_pages, pulse.is_lasting
    row.sheet_id, row.numbers = pulse.sheet, pulse.numbers
    if abs(offset) > WARN_CHIEF_S and not was_wrong:
        with work(actor, "tablet.clock", subject=f"tablet {pulse.name}", seconds=offset):
            pass
    else:
        db.session.commit()


def raise_flag(actor, sheet_id, flag, carrier=None, is_judge=True):
    """Keep a judge's report about a sheet, once; returns (the report, whether it was known).

    Also about a sheet that is closed. carrier: who brings it in a file for the judge; is_judge: whether
    the judge still holds the role. Invalid, NotAllowed and Missing as the rules say.
    """
    sent = flag_fingerprint(sheet_id, flag)
    if known := flag_queries.find_flag(flag.op_id):
        rules.check_own_sheet(actor.user_id, known.user_id)
        rules.check_same_operation(known.fingerprint, sent)
        return known, True
    sheet = flag_queries.sheet_for_flag(sheet_id, actor.user_id)
    check_unused(*number_queries.used_by_another(flag))
    rules.check_is_judge(is_judge)
    check_flag(flag)
    row = SheetFlag(
        op_id=flag.op_id, fingerprint=sent, contest_id=sheet.contest_id, sheet_id=sheet.id,
        module_key=sheet.module_key, entrant_id=sheet.entrant_id, user_id=actor.user_id,
        reason=flag.reason, text=flag.text.strip(), device_id=flag.device_id,
        device_seq=flag.device_seq, entered_at=flag.entered_at, at=clock.now(),
    )
    with work(
        carrier or actor, "sheet.flag", contest_id=sheet.contest_id, subject=f"sheet {sheet.id}",
        module=sheet.module_key, entrant=sheet.entrant_id, seat=sheet.seat, reason=row.text,
        problem=row.reason,
    ) as facts:
        if carrier:
            facts["carried_for"] = actor.name
        if flag.device_id:
            note_sender(flag.device_id, actor.user_id, "", row.at)
        db.session.add(row)
    return row, False


def answer_flag(actor, contest_id, flag_id, answer):
    """Close a report with a sentence that its judge sees; Invalid, Missing, Conflict."""
    queries.lock_contest(contest_id)
    line = flag_queries.get_flag(contest_id, flag_id)
    check_still_open(line.row.answered_at)
    text = rules.check_reason(answer)
    with work(
        actor, "sheet.flag_answer", contest_id=contest_id, subject=f"sheet {line.row.sheet_id}",
        module=line.row.module_key, entrant=line.row.entrant_id, reason=text,
    ):
        line.row.answer = text
        line.row.answered_by_id = actor.user_id
        line.row.answered_at = clock.now()
