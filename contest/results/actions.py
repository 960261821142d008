"""Ruling on ties, publishing results, and going on to the next stage."""

from typing import NamedTuple

from contest import clock, signals
from contest.audit.work import work
from contest.db import db, snapshot
from contest.errors import Conflict
from contest.results import queries, rules, verification_queries, verification_rules
from contest.results.models import Reopening, ResultSheet, StageOpening, TieRuling
from contest.results.result_document import result_document
from contest.results.second_scorer import CannotCount
from contest.setup.freezing import freeze_plan
from contest.setup.queries import get_contest, plan_in_force


def rule_tie(actor, contest_id, about, order, reason):
    """Put entrants (or teams) whom the plan leaves tied in an order; ids, best first.

    Conflict when these are not exactly the ones that are tied now; Invalid without a reason.
    """
    contest = queries.lock_contest(contest_id)
    found = queries.standings(contest_id)
    tied = found.open_team_ties if about == "teams" else found.open_ties
    words = rules.check_ruling(order, tied, reason)
    with work(
        actor, "tie.rule", contest_id=contest_id, subject=f"stage {found.stage}",
        tell=signals.marks_changed, about=about, order=order, reason=words,
    ):
        db.session.add(
            TieRuling(
                contest_id=contest_id, stage=found.stage, about=about, order=order, reason=words,
                by_id=actor.user_id, at=clock.now(),
            )
        )
        contest.marks_version += 1


def publish_results(actor, contest_id, kind, reason=""):
    """Publish the stage's results as they stand, provisional or final; returns the revision.

    Conflict while anything is missing, when final figures are not those that were published as
    provisional, or when the second scorer counts otherwise; NotAllowed when the same person publishes
    both. A correction needs a reason.
    """
    counted = _count_again(actor, contest_id, kind, reason)
    contest = queries.lock_contest(contest_id)
    ready = _make_ready(actor, contest, kind, reason)
    verification_rules.check_unchanged(
        (counted.shown.fingerprint, counted.shown.stamp),
        (ready.fingerprint, verification_queries.stamp_of(contest_id, ready.stage)),
    )
    with work(
        actor, f"results.{kind}", contest_id=contest_id, subject=f"stage {ready.stage}",
        tell=signals.results_finalised if kind == "final" else signals.board_changed,
        revision=ready.revision, hash=ready.fingerprint, was=contest.state, reason=ready.reason,
        figures=counted.figures, ledger=counted.digest,
    ):
        db.session.add(
            ResultSheet(
                contest_id=contest_id, stage=ready.stage, revision=ready.revision, kind=kind,
                plan_version_id=ready.force.version_id, marks_version=contest.marks_version,
                document=ready.document, document_hash=ready.fingerprint,
                second_count=counted.record(), reason=ready.reason, by_id=actor.user_id,
                at=clock.now(),
            )
        )
        freeze_plan(ready.force)
        contest.state = kind
    return ready.revision


class _Ready(NamedTuple):
    """A table that may be published, by all the rules but the second scorer's."""

    stage: str
    force: object
    document: dict
    fingerprint: str
    revision: int
    reason: str


def _make_ready(actor, contest, kind, reason):
    force = plan_in_force(contest.id)
    official = queries.standings(contest.id)
    rules.check_publishable(contest.state, queries.problems(official))
    document = result_document(contest, force, official)
    fingerprint = rules.fingerprint(document)
    latest = queries.find_latest_sheet(contest.id, official.stage)
    if kind == "final":
        rules.check_final(contest.state, latest, fingerprint, actor)
        earlier = queries.find_latest_sheet(contest.id, official.stage, "final")
    else:
        earlier = latest
    words = rules.check_reason(reason) if earlier else (reason or "").strip()
    revision = (latest.revision if latest else 0) + 1
    return _Ready(official.stage, force, document, fingerprint, revision, words)


def _count_again(actor, contest_id, kind, reason):
    """The second scorer's Count of what is to be published; Conflict, kept in the trail, if it differs.

    It counts for seconds: nobody waits for the database meanwhile.
    """
    with snapshot():
        _make_ready(actor, get_contest(contest_id), kind, reason)
        shown = verification_queries.shown(contest_id)
    try:
        counted = verification_queries.count(shown)
    except CannotCount as why:
        with work(
            actor, "results.uncounted", contest_id=contest_id, subject=f"stage {shown.stage}",
            sentence=str(why),
        ):
            pass
        raise Conflict(
            "Nothing was published: the second scorer could not count (%(why)s).", why=str(why)
        ) from why
    if counted.differences:
        with work(
            actor, "results.miscounted", contest_id=contest_id, subject=f"stage {shown.stage}",
            figures=counted.figures, ledger=counted.digest,
            **verification_rules.facts_of(counted.differences),
        ):
            pass
        raise verification_rules.refusal_of(counted.differences, counted.shown.plan)
    return counted


def reopen_results(actor, contest_id, reason):
    """Take provisional results back for a correction; a later revision follows."""
    contest = queries.lock_contest(contest_id)
    words = rules.check_reason(reason)
    rules.check_reopenable(contest.state, "provisional")
    _check_nothing_holds(contest_id)
    _open_again(actor, contest, words)


def propose_reopening(actor, contest_id, reason):
    """Propose to take final results back; they hold until a second person confirms it."""
    contest = queries.lock_contest(contest_id)
    words = rules.check_reason(reason)
    rules.check_reopenable(contest.state, "final")
    _check_nothing_holds(contest_id)
    rules.check_no_reopening(queries.find_reopening(contest_id))
    sheet = queries.find_latest_sheet(contest_id, queries.stage_of(contest_id))
    with work(
        actor, "results.reopen_propose", contest_id=contest_id, subject=f"stage {sheet.stage}",
        revision=sheet.revision, reason=words,
    ):
        db.session.add(
            Reopening(
                contest_id=contest_id, result_sheet_id=sheet.id, reason=words,
                proposed_by_id=actor.user_id, proposed_at=clock.now(),
            )
        )


def confirm_reopening(actor, contest_id):
    """Take final results back, as a second person; marks count again and a later revision follows."""
    contest = queries.lock_contest(contest_id)
    rules.check_reopenable(contest.state, "final")
    _check_nothing_holds(contest_id)
    reopening = queries.find_reopening(contest_id)
    rules.check_reopening(reopening, actor.user_id)
    _decide(actor, reopening, is_confirmed=True)
    _open_again(actor, contest, reopening.reason, proposed_by=queries.name_of(reopening.proposed_by_id))


def decline_reopening(actor, contest_id):
    """Leave final results as they are: the proposer takes it back, or another declines it."""
    queries.lock_contest(contest_id)
    reopening = queries.find_reopening(contest_id)
    if reopening is None:
        raise Conflict("Nobody has proposed to open these results again.")
    with work(
        actor, "results.reopen_decline", contest_id=contest_id, reason=reopening.reason,
        proposed_by=queries.name_of(reopening.proposed_by_id),
    ):
        _decide(actor, reopening, is_confirmed=False)


def _check_nothing_holds(contest_id):
    if (why := queries.why_results_are_held(contest_id)) is not None:
        raise why


def _decide(actor, reopening, is_confirmed):
    reopening.decided_by_id, reopening.decided_at = actor.user_id, clock.now()
    reopening.is_confirmed = is_confirmed


def _open_again(actor, contest, reason, **facts):
    with work(
        actor, "results.reopen", contest_id=contest.id, tell=signals.board_changed,
        was=contest.state, reason=reason, **facts,
    ):
        contest.state = "scoring"


def open_next_stage(actor, contest_id):
    """Go on to the next stage, with those whom the final results of this one let go on."""
    contest = queries.lock_contest(contest_id)
    plan = plan_in_force(contest_id).plan
    stage = queries.standings(contest_id).stage
    following = queries.next_stage(plan, stage)
    if contest.state != "final" or following is None:
        raise Conflict("The next stage opens when the results of this one are final.")
    rules.check_no_reopening(queries.find_reopening(contest_id))
    with work(
        actor, "stage.open", contest_id=contest_id, subject=f"stage {following.key}",
        tell=signals.marks_changed, was=stage,
    ):
        db.session.add(
            StageOpening(
                contest_id=contest_id, from_stage=stage, stage=following.key,
                by_id=actor.user_id, at=clock.now(),
            )
        )
        contest.stage = following.key
        contest.state = "scoring"
        contest.marks_version += 1
