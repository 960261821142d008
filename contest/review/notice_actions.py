"""Putting the list on public notice, prolonging it, taking objections and deciding on them."""

from contest import clock, signals, working_days
from contest.audit.rules import VALUES_OF
from contest.audit.work import work
from contest.db import db
from contest.errors import Conflict
from contest.guess_limit import GuessLimit
from contest.results.queries import lock_contest, stage_of
from contest.review import notice_queries, notice_rules, outcome_queries, queries
from contest.review.appeal_actions import add_reason
from contest.review.appeal_rules import check_unchanged
from contest.review.models import Notice, NoticeChange, Objection
from contest.review.public_rules import check_public_words
from contest.setup.calendar_queries import calendar
from contest.setup.proposal_queries import CONFIRMED_AT, SEEN_AT, get_open
from contest.setup.proposals import decide, facts_of, propose, standing_first
from contest.setup.queries import procedure_of
from contest.setup.stepping import check_clear, check_proposer, check_step, find_step, go

SENDERS = GuessLimit(
    notice_rules.MOST_FROM_ONE, notice_rules.WHILE, now=lambda: clock.now().timestamp()
)
CONFIRMED_AT["give_notice"] = "review.confirm_notice"
SEEN_AT["give_notice"] = "review.show_notice"
VALUES_OF.setdefault("outcome", {}).update(notice_rules.OUTCOMES)


def propose_notice(actor, contest_id):
    """Propose to put the list before the public; a second person looks at it and confirms it."""
    contest = lock_contest(contest_id)
    step = find_step(contest, "give_notice", "notice")
    check_proposer(actor, contest, step)
    check_clear(contest, step)
    sheet, rows = notice_queries.list_to_notify(contest_id)
    propose(
        actor, contest_id, "give_notice", f"stage {sheet.stage}", "", notice_rules.GIVING,
        hash=notice_rules.fingerprint(rows),
    )


def confirm_notice(actor, contest_id, proposal_id, zone):
    """Put on notice what was proposed, as the second person; Conflict when the list has changed since."""
    get_open(contest_id, proposal_id, "give_notice")
    return give_notice(actor, contest_id, zone, proposal_id)


def give_notice(actor, contest_id, zone, proposal_id=None):
    """Put the published list before the public for the procedure's working days; returns the notice.

    proposal_id: the open proposal that this confirms, where two people give it.
    """
    contest = lock_contest(contest_id)
    proposal = proposal_id and get_open(contest_id, proposal_id, "give_notice")
    step = find_step(contest, "give_notice", "notice")
    first = standing_first(proposal, step.roles) if proposal else None
    check_step(actor, contest, "give_notice", "notice", first)
    sheet, rows = notice_queries.list_to_notify(contest_id)
    notice_rules.check_proposed(proposal, rows)
    procedure, now = procedure_of(contest), clock.now()
    days = procedure.notice_days
    notice = Notice(
        contest_id=contest_id, stage=sheet.stage,
        number=queries.next_number(Notice, contest_id), result_sheet_id=sheet.id, days=days,
        ends_at=working_days.end_of_working_days(calendar(), now, days, zone), rows=rows,
        list_hash=notice_rules.fingerprint(rows), by_id=actor.user_id, at=now,
    )
    with work(
        actor, "notice.give", contest_id=contest_id, subject=f"notice {notice.number}",
        tell=signals.board_changed, revision=sheet.revision, days=days,
        ends_at=notice.ends_at.isoformat(), hash=notice.list_hash,
        names=procedure.names, names_ground=procedure.names_ground,
        **(facts_of(proposal) if proposal else {}),
    ):
        if proposal:
            decide(actor, proposal, is_confirmed=True)
        db.session.add(notice)
        go(contest, "notice")
    return notice


def extend_notice(actor, contest_id, days, reason, zone):
    """Let the notice go on for more working days, counted from its end (or from now when over)."""
    lock_contest(contest_id)
    found = notice_queries.find_notice(contest_id, stage_of(contest_id))
    words = notice_rules.check_extension(found, days, reason)
    check_public_words("reason", words)
    now, days_now = clock.now(), calendar()
    # By a calendar that came with a newer program the days so far may be over later than was told.
    told = max(found.ends_at, notice_rules.promised_end(days_now, found.notice, found.extensions, zone))
    ends_at = notice_rules.end_after(days_now, told, now, days, zone)
    with work(
        actor, "notice.extend", contest_id=contest_id, subject=f"notice {found.notice.number}",
        days=days, reason=words, old=found.ends_at.isoformat(), new=ends_at.isoformat(),
    ):
        db.session.add(NoticeChange(
            notice_id=found.notice.id, kind="extended", days=days, ends_at=ends_at, reason=words,
            by_id=actor.user_id, at=now,
        ))


def object_to_notice(actor, contest_id, form, address=""):
    """Take an objection to the running notice: from the public form, or typed by a clerk.

    address: of a guest's machine; it is counted for an hour in this process and never stored.
    """
    lock_contest(contest_id)
    found = notice_queries.find_notice(contest_id, stage_of(contest_id))
    notice_rules.check_takes_objections(found)
    values = notice_rules.read_objection(form)
    if actor.user_id is None:
        notice_rules.check_flood(notice_queries.count_recent_objections(contest_id))
        sender = (contest_id, notice_rules.sender_of(address))
        notice_rules.check_sender(not address or SENDERS.may_ask(sender))
    objection = Objection(
        contest_id=contest_id, notice_id=found.notice.id,
        number=queries.next_number(Objection, contest_id), receipt=queries.new_receipt(),
        by_id=actor.user_id, at=clock.now(), **values,
    )
    # Who objects, and how to reach him, stands in no trail.
    with work(
        actor, "notice.object", contest_id=contest_id, subject=f"objection {objection.number}",
    ):
        db.session.add(objection)
    return objection


def take_objection(actor, contest_id, objection_id):
    """Say that I deal with this objection."""
    lock_contest(contest_id)
    objection = notice_queries.get_objection(contest_id, objection_id)
    notice_rules.check_undecided(objection)
    with work(
        actor, "notice.handle", contest_id=contest_id, subject=f"objection {objection.number}",
    ):
        objection.handler_id = actor.user_id


def decide_objection(actor, contest_id, objection_id, outcome, words, unchanged=""):
    """Decide on an objection, with the reason that goes to whoever objected.

    unchanged: why no figure changes although it is founded, where that is known already.
    """
    lock_contest(contest_id)
    objection = notice_queries.get_objection(contest_id, objection_id)
    text = notice_rules.check_decision(objection, outcome, words, actor, unchanged)
    with work(
        actor, "notice.decide", contest_id=contest_id, subject=f"objection {objection.number}",
        outcome=outcome, decision=text,
    ):
        objection.handler_id = objection.handler_id or actor.user_id
        objection.outcome, objection.decision = outcome, text
        objection.decided_by_id, objection.decided_at = actor.user_id, clock.now()
        if unchanged.strip():
            add_reason(actor, contest_id, unchanged.strip(), objection_id=objection.id)


def state_unchanged(actor, contest_id, objection_id, words):
    """Write down why an objection that was founded changes no published figure."""
    lock_contest(contest_id)
    objection = notice_queries.get_objection(contest_id, objection_id)
    found = outcome_queries.outcome_of_objection(objection)
    text = check_unchanged(found is not None, found and found.is_settled, words)
    with work(
        actor, "notice.unchanged", contest_id=contest_id, subject=f"objection {objection.number}",
        reason=text,
    ):
        add_reason(actor, contest_id, text, objection_id=objection.id)


def _break_off(_act, contest_id, was, to):
    """A notice whose results are opened again is over; within the work that opens them."""
    if was != "notice" or to == "final":
        return
    found = notice_queries.find_notice(contest_id, stage_of(contest_id))
    if found is None:
        raise Conflict("No notice is running.")
    db.session.add(NoticeChange(
        notice_id=found.notice.id, kind="broken_off", ends_at=clock.now(), reason="", at=clock.now(),
    ))


signals.step_taken.connect(_break_off)
