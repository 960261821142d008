"""Announcing results, filing an appeal in time, going on to the second instance, deciding."""

from types import MappingProxyType

from contest import clock, working_days
from contest.accounts.queries import find_roles
from contest.audit.rules import FACT_NAMES, VALUES_OF
from contest.audit.work import work
from contest.db import db
from contest.documents.attached import read_attachments
from contest.errors import Conflict, Invalid
from contest.i18n import N_
from contest.judging.neutral_queries import check_not_concerned
from contest.results.queries import lock_contest, stage_of
from contest.review import appeal_queries, appeal_rules, late_paper_rules, outcome_queries, queries
from contest.review.correction_rules import CORRECTED_IN, MOMENTS, moment_of
from contest.review.late_paper_queries import is_late_matter, late_of
from contest.review.models import Appeal, AppealFile, LatePaper, StatedMoment, UnchangedReason
from contest.setup.queries import procedure_of

VALUES_OF["kind"].update(appeal_rules.DOORS)
VALUES_OF.setdefault("outcome", {}).update(appeal_rules.OUTCOMES)
VALUES_OF["counted_from"] = MOMENTS
FACT_NAMES.update({"counted_from": N_("counted from"), "moment": N_("moment")})


def announce_results(actor, contest_id, module_key, note=""):
    """State that a module's results (empty: the whole stage's) are announced now: appeals begin.

    The moment is the server's; the window of an earlier announcement is never shortened.
    """
    contest = lock_contest(contest_id)
    stage, now = stage_of(contest_id), clock.now()
    earlier = [m for m in queries.moments(contest_id, stage) if m.module_key == module_key]
    words = appeal_rules.check_announcing(
        contest.state, module_key, {m.key for m in appeal_queries.modules_of(contest_id, stage)},
        bool(earlier), note,
    )
    ends_at = working_days.end_of_hours(now, procedure_of(contest).appeal_hours)
    ends_at = max([ends_at, *(one.ends_at for one in earlier)])
    with work(
        actor, "appeal.announce", contest_id=contest_id, subject=module_key or f"stage {stage}",
        ends_at=ends_at.isoformat(), note=words,
    ):
        db.session.add(StatedMoment(
            contest_id=contest_id, stage=stage, kind="results", module_key=module_key,
            ends_at=ends_at, note=words, by_id=actor.user_id, at=now,
        ))


def state_ceremony(actor, contest_id, key="now"):
    """State when the ceremony was: the deadlines of corrections are counted from that moment.

    key: "now", or that of a moment which the ceremony's desk saw itself; nobody types one. Invalid for
    one that is not offered.
    """
    contest = lock_contest(contest_id)
    stage, now = stage_of(contest_id), clock.now()
    if contest.state not in CORRECTED_IN:
        raise Conflict("The ceremony follows when results are published.")
    if queries.find_ceremony(contest_id, stage) is not None:
        raise Conflict("The moment of the ceremony has been stated already.")
    offered = {one.key: one.at for one in queries.offered_moments(contest_id, stage)}
    moment = moment_of(key, offered, now)
    with work(
        actor, "appeal.ceremony", contest_id=contest_id, subject=f"stage {stage}", counted_from=key,
        moment=moment.isoformat(),
    ):
        db.session.add(StatedMoment(
            contest_id=contest_id, stage=stage, kind="ceremony", ends_at=moment,
            by_id=actor.user_id, at=now,
        ))


def file_appeal(actor, entrant, door, form, files, handed_in_at=None):
    """File an appeal for a contestant; returns it with its receipt code.

    form: module_key, ground, text. files: pairs (name, content). door: entrant, contact, clerk.
    Too late is refused with the end of the window, and the try is kept in the trail. Invalid
    brings the form back.
    """
    contest = lock_contest(entrant.contest_id)
    stage, now = stage_of(contest.id), clock.now()
    module_key = form.get("module_key", "")
    if module_key and appeal_queries.find_module(contest.id, module_key) not in (
        appeal_queries.modules_of(contest.id, stage)
    ):
        raise Invalid("The stage has no such module.")
    moments = queries.moments(contest.id, stage)
    since = min((m.at for m in moments if m.module_key in ("", module_key)), default=None)
    appeal_rules.check_paper_moment(handed_in_at, now, since)
    ends_at = appeal_rules.open_until(moments, module_key, now)
    is_late = late_paper_rules.is_late_paper(contest.state, ends_at, handed_in_at, now)
    try:
        appeal_rules.check_not_final(contest.state, is_late)
        appeal_rules.check_in_time(ends_at, handed_in_at or now)
    except Conflict as late:
        _keep_late_try(actor, entrant, module_key or f"stage {stage}", door, late)
        raise
    ground, text = appeal_rules.read_appeal(form.get("ground", ""), form.get("text", ""))
    attachments = read_attachments(files)
    told = max(
        m.at for m in moments if m.module_key in ("", module_key) and m.at <= (handed_in_at or now)
    )
    revision = appeal_queries.announced_revision(contest.id, stage, told)
    appeal_rules.check_first(
        appeal_queries.find_same(entrant.id, stage, module_key, ground, revision)
    )
    return _add(
        actor, contest.id, attachments, _late_paper(form, attachments) if is_late else None, stage=stage,
        entrant_id=entrant.id, module_key=module_key, ground=ground, text=text, door=door,
        handed_in_at=handed_in_at, revision=revision,
    )


def _late_paper(form, attachments):
    who, words = late_paper_rules.read_late(
        form.get("taken_by", ""), form.get("late_reason", ""), bool(attachments)
    )
    return {"taken_by": who, "reason": words}


def _keep_late_try(actor, entrant, about, door, late):
    """A late try stays on record, though not each of a hundred; whose it is stands in no sentence."""
    subject = f"late {entrant.id} {about}"
    contest_id, sentence = entrant.contest_id, str(late)
    db.session.rollback()
    if appeal_queries.count_late_tries(contest_id, subject) < appeal_rules.LATE_TRIES_KEPT:
        with work(
            actor, "appeal.refuse", contest_id=contest_id, subject=subject, about=about, kind=door,
            sentence=sentence,
        ):
            pass


def _add(actor, contest_id, attachments, late, **values):
    appeal = Appeal(
        contest_id=contest_id, number=queries.next_number(Appeal, contest_id),
        receipt=queries.new_receipt(), by_id=actor.user_id, filed_at=clock.now(), **values,
    )
    # The trail says neither who it is about nor what was written: judges may read the trail.
    with work(
        actor, "appeal.file", contest_id=contest_id, subject=f"appeal {appeal.number}",
        kind=appeal.door, module=appeal.module_key, instance=values.get("instance", 1),
        files=[one.sha256 for one in attachments],
        **({"taken_by": late["taken_by"], "handed_in": values["handed_in_at"].isoformat()} if late else {}),
    ):
        db.session.add(appeal)
        db.session.flush()
        if late:
            db.session.add(LatePaper(appeal_id=appeal.id, by_id=actor.user_id, at=clock.now(), **late))
        db.session.add_all(
            AppealFile(
                appeal_id=appeal.id, number=number, name=one.name, ending=one.ending,
                size=len(one.content), sha256=one.sha256, content=one.content,
            )
            for number, one in enumerate(attachments, start=1)
        )
    return appeal


def go_to_second_instance(
    actor, appeal_id, text, files, door="receipt", handed_in_at=None, form=MappingProxyType({}),
):
    """Take a rejected appeal to the second instance; returns the new appeal with its own receipt.

    door: receipt, or clerk for what came on paper at handed_in_at. form: of late paper taken_by and
    late_reason. Too late is refused with the end of its time, and the try is kept in the trail.
    """
    first = db.session.get(Appeal, appeal_id)
    contest, now = lock_contest(first.contest_id), clock.now()
    procedure = procedure_of(contest)
    appeal_rules.check_first(appeal_queries.find_second(first))
    appeal_rules.check_may_go_on(first, procedure.instances)
    appeal_rules.check_second_paper_moment(handed_in_at, now, first.decided_at)
    until = appeal_queries.second_until(first, procedure, ())
    is_late = late_paper_rules.is_late_paper(contest.state, until, handed_in_at, now)
    # Whose first paper the office found late goes on by any door: final results began its time.
    goes_on = contest.state == "final" and is_late_matter(first)
    try:
        appeal_rules.check_not_final(contest.state, is_late or goes_on)
        appeal_rules.check_second_in_time(until, handed_in_at or now)
    except Conflict as late:
        _keep_late_try(actor, first.entrant, first.module_key or f"stage {first.stage}", door, late)
        raise
    ground, words = appeal_rules.read_appeal(first.ground, text)
    attachments = read_attachments(files)
    needs_paper = is_late and not (goes_on and now < until)
    return _add(
        actor, contest.id, attachments, _late_paper(form, attachments) if needs_paper else None,
        stage=first.stage,
        entrant_id=first.entrant_id, module_key=first.module_key, ground=ground, text=words,
        instance=first.instance + 1, first_id=first.id, door=door, handed_in_at=handed_in_at,
        revision=first.revision,
    )


def decide_appeal(actor, contest_id, appeal_id, outcome, words, unchanged=""):
    """Decide on an appeal with the reason; what its corrections changed is kept with the decision.

    unchanged: why no figure changes although it is upheld, where that is known already. NotAllowed for
    the wrong role, for whoever filed it, and in the second instance for whoever decided the first.
    """
    contest = lock_contest(contest_id)
    appeal = appeal_queries.get_appeal(contest_id, appeal_id)
    roles = find_roles(actor.user_id, contest.id)
    appeal_rules.check_decider(appeal, roles, actor, appeal_queries.first_decider(appeal))
    appeal_rules.check_not_own_marks(
        actor.user_id, appeal_queries.markers_of(appeal)
    )
    check_not_concerned(actor, contest_id, appeal.entrant_id)
    text = appeal_rules.check_decision(outcome, words, unchanged)
    late = late_of(appeal)
    late_paper_rules.check_vouched(late is not None and late.waits, outcome)
    effect = appeal_queries.effect_of(appeal)
    appeal_rules.check_nothing_waits(effect.waiting)
    with work(
        actor, "appeal.decide", contest_id=contest_id, subject=f"appeal {appeal.number}",
        outcome=outcome, decision=text, moved=len(effect.changes),
    ):
        appeal.outcome, appeal.decision = outcome, text
        appeal.effect = effect.stored() if outcome == "upheld" else None
        appeal.decided_by_id, appeal.decided_at = actor.user_id, clock.now()
        if unchanged.strip():
            add_reason(actor, contest_id, unchanged.strip(), appeal_id=appeal.id)


def add_reason(actor, contest_id, words, **about):
    """Within the caller's work: why a decision for somebody (appeal_id, objection_id) changes no figure."""
    db.session.add(UnchangedReason(
        contest_id=contest_id, reason=words, by_id=actor.user_id, at=clock.now(), **about,
    ))


def state_unchanged(actor, contest_id, appeal_id, words):
    """Write down why an appeal that was upheld changes no published figure."""
    contest = lock_contest(contest_id)
    appeal = appeal_queries.get_appeal(contest_id, appeal_id)
    appeal_rules.check_role(appeal, find_roles(actor.user_id, contest.id))
    found = outcome_queries.outcome_of_appeal(appeal)
    text = appeal_rules.check_unchanged(found is not None, found and found.is_settled, words)
    with work(
        actor, "appeal.unchanged", contest_id=contest_id, subject=f"appeal {appeal.number}", reason=text,
    ):
        add_reason(actor, contest_id, text, appeal_id=appeal.id)
