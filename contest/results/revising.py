"""What every publication rests on: the chain holds, and the second scorer counts the same.

A later area that takes a result away publishes its revision here, and not by an act of this one.
"""

from contest import clock, signals
from contest.audit.chain_checks import check_now
from contest.audit.work import work
from contest.db import db, snapshot
from contest.errors import Conflict
from contest.results import queries, rules, verification_queries, verification_rules
from contest.results.models import ResultSheet
from contest.results.result_document import result_document
from contest.results.second_scorer import CannotCount
from contest.setup.queries import plan_in_force


def counted_again(actor, contest_id, shown):
    """The second scorer's Count of what is Shown; Conflict, kept in the trail, if it differs."""
    rules.check_chain_holds(check_now(contest_id, "publication").is_whole)
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


def publish_revision(actor, contest_id, stage, did, reason):
    """Publish a stage's results as they are now counted, as a further final revision; its number.

    The caller knows why they may change; the contest stays in its state, and the earlier revisions stay.
    Conflict while anything is missing, a tie is open, or the second scorer counts otherwise.
    """
    with snapshot():
        rules.check_publishable(queries.told_problems(queries.standings(contest_id, stage)))
        shown = verification_queries.shown(contest_id, stage)
    counted = counted_again(actor, contest_id, shown)
    contest = queries.lock_contest(contest_id)
    force, official = plan_in_force(contest_id), queries.standings(contest_id, stage)
    document = result_document(contest, force, official)
    fingerprint = rules.fingerprint(document)
    verification_rules.check_unchanged(
        (shown.fingerprint, shown.stamp),
        (fingerprint, verification_queries.stamp_of(contest_id, stage)),
    )
    latest = queries.find_latest_sheet(contest_id, stage)
    final, revision = queries.find_latest_sheet(contest_id, stage, "final"), latest.revision + 1
    with work(
        actor, did, contest_id=contest_id, subject=f"stage {stage}", tell=signals.board_changed,
        revision=revision, hash=fingerprint, reason=reason, figures=counted.figures, ledger=counted.digest,
    ):
        db.session.add(ResultSheet(
            contest_id=contest_id, stage=stage, revision=revision, kind="final",
            plan_version_id=force.version_id, marks_version=contest.marks_version, document=document,
            document_hash=fingerprint, second_count=counted.record(), reason=reason, by_id=actor.user_id,
            at=clock.now(),
        ))
        signals.results_published.send(
            "results.final", contest_id=contest_id, stage=stage, revision=revision, kind="final",
            is_correction=final is not None and final.document_hash != fingerprint,
        )
    return revision
