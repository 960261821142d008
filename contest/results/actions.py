"""Ruling on ties, publishing results, and going on to the next stage."""

from typing import NamedTuple

from contest import clock, signals
from contest.audit.work import Actor, work
from contest.db import db, snapshot
from contest.errors import Conflict
from contest.judging.blind_queries import hidden_modules
from contest.results import (
    doubt_rules,
    exception_rules,
    queries,
    rules,
    verification_queries,
    verification_rules,
)
from contest.results.models import Reopening, ResultSheet, StageOpening, TieRuling
from contest.results.publisher_queries import first_organiser_id
from contest.results.result_document import result_document
from contest.results.revising import counted_again
from contest.setup.freezing import freeze_plan
from contest.setup.proposal_queries import CONFIRMED_AT, get_open
from contest.setup.proposals import check_still_holds, decide, facts_of, propose, standing_first
from contest.setup.queries import get_contest, plan_in_force, step_notes, step_problems
from contest.setup.step_rules import ORGANISER, check_clear, check_not_lapsed
from contest.setup.stepping import (
    check_person,
    check_proposer,
    check_step,
    find_step,
    go,
)

# By which act of the table results of a kind are published.
ACTS = {"provisional": "publish", "final": "finalise"}
CONFIRMED_AT |= {
    "publish": "results.confirm_publication", "take_back": "results.confirm_taking_back",
}


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


def publish_results(actor, contest_id, kind, reason="", proposal_id=None, passed_over=None):
    """Publish the stage's results as they stand, provisional or final; returns the revision.

    Conflict while anything is missing, when final figures are not those that were published as
    provisional, or when the second scorer counts otherwise; NotAllowed when the same person publishes
    both. A correction needs a reason. proposal_id: the open proposal that this confirms, where two
    people publish the provisional results. passed_over: what this person saw to be open and confirmed
    (doubt_rules.PassedOver), where nobody else is asked.
    """
    counted = _count_again(actor, contest_id, kind, reason, proposal_id, passed_over)
    contest = queries.lock_contest(contest_id)
    proposal = proposal_id and get_open(contest_id, proposal_id)
    ready = _make_ready(actor, contest, kind, reason, proposal, passed_over)
    verification_rules.check_unchanged(
        (counted.shown.fingerprint, counted.shown.stamp),
        (ready.fingerprint, verification_queries.stamp_of(contest_id, ready.stage)),
    )
    with work(
        actor, f"results.{kind}", contest_id=contest_id, subject=f"stage {ready.stage}",
        tell=signals.results_finalised if kind == "final" else signals.board_changed,
        revision=ready.revision, hash=ready.fingerprint, was=contest.state, reason=ready.reason,
        figures=counted.figures, ledger=counted.digest,
        **(facts_of(proposal) if proposal else {}), **ready.facts(),
    ):
        if proposal:
            decide(actor, proposal, is_confirmed=True)
        db.session.add(
            ResultSheet(
                contest_id=contest_id, stage=ready.stage, revision=ready.revision, kind=kind,
                plan_version_id=ready.force.version_id, marks_version=contest.marks_version,
                document=ready.document, document_hash=ready.fingerprint,
                second_count=counted.record(), reason=ready.reason, by_id=actor.user_id,
                exceptions=exception_rules.accepted(proposal) or ready.doubts or None,
                at=clock.now(),
            )
        )
        freeze_plan(ready.force)
        go(contest, kind)
        _tell_published(contest, ready, kind)
    return ready.revision


def _tell_published(contest, ready, kind):
    signals.results_published.send(
        f"results.{kind}", contest_id=contest.id, stage=ready.stage, revision=ready.revision, kind=kind,
        is_correction=ready.is_correction,
    )


def _first_of(proposal, step):
    return standing_first(proposal, step.roles) if proposal else None


class _Ready(NamedTuple):
    """A table that may be published, by all the rules but the second scorer's."""

    stage: str
    force: object
    document: dict
    fingerprint: str
    revision: int
    reason: str
    doubts: list
    why: str
    is_correction: bool

    def facts(self):
        """What the trail says of what was passed over."""
        return {"passed_over": self.doubts, "in_spite_because": self.why} if self.doubts else {}


def _make_ready(actor, contest, kind, reason, proposal=None, passed_over=None):
    force = plan_in_force(contest.id)
    official = queries.standings(contest.id)
    step = find_step(contest, ACTS[kind], kind)
    in_spite = exception_rules.accepted(proposal)
    doubts, why = [], ""
    if in_spite is None:
        rules.check_publishable(queries.told_problems(official))
        notes = step_notes(contest, step)
        check_clear([note for note in notes if note.kind != "confirm"])
        doubts = doubt_rules.doubts(notes)
    else:
        exception_rules.check_named(hidden_modules(contest.id, official.stage))
        exception_rules.check_accepted(in_spite, step_notes(contest, step))
    document = result_document(contest, force, official)
    fingerprint = rules.fingerprint(document)
    latest = queries.find_latest_sheet(contest.id, official.stage)
    if kind == "final":
        rules.check_final(contest.state, latest, fingerprint, actor)
        first_id = first_organiser_id(contest.id, latest)
        rules.check_other_publisher(first_id, actor)
        check_person(actor, contest, step, Actor(first_id, queries.name_of(first_id)))
        earlier = queries.find_latest_sheet(contest.id, official.stage, "final")
    else:
        earlier = latest
        _check_revision(contest.id, latest, document, fingerprint)
        check_person(actor, contest, step, _first_of(proposal, step))
        rules.check_proposed(proposal, fingerprint)
    words = rules.check_reason(reason) if earlier else (reason or "").strip()
    doubts, why = doubt_rules.check_passed_over(doubts, passed_over)
    revision = (latest.revision if latest else 0) + 1
    is_correction = earlier is not None and earlier.document_hash != fingerprint
    return _Ready(official.stage, force, document, fingerprint, revision, words, doubts, why, is_correction)


def propose_publication(actor, contest_id, reason=""):
    """Propose to publish the results as they stand; a second person looks at them and confirms it."""
    contest = queries.lock_contest(contest_id)
    step = find_step(contest, "publish", "provisional")
    check_proposer(actor, contest, step)
    official = queries.standings(contest.id)
    rules.check_publishable(queries.told_problems(official))
    check_clear(step_problems(contest, step))
    latest = queries.find_latest_sheet(contest.id, official.stage)
    words = rules.check_reason(reason) if latest else (reason or "").strip()
    document = result_document(contest, plan_in_force(contest_id), official)
    _check_revision(contest_id, latest, document, rules.fingerprint(document))
    propose(
        actor, contest_id, "publish", f"stage {official.stage}", words, rules.PUBLICATION,
        hash=rules.fingerprint(document),
    )


def confirm_publication(actor, contest_id, proposal_id):
    """Publish what was proposed, as the second person; Conflict when the figures have changed since."""
    proposal = get_open(contest_id, proposal_id, "publish")
    return publish_results(actor, contest_id, "provisional", proposal.reason, proposal_id)


def _count_again(actor, contest_id, kind, reason, proposal_id, passed_over):
    """The second scorer's Count of what is to be published; Conflict, kept in the trail, if it differs.

    Before it the chain is checked. Both take seconds: nobody waits for the database meanwhile.
    """
    with snapshot():
        proposal = proposal_id and get_open(contest_id, proposal_id)
        _make_ready(actor, get_contest(contest_id), kind, reason, proposal, passed_over)
        shown = verification_queries.shown(contest_id)
    return counted_again(actor, contest_id, shown)


def reopen_results(actor, contest_id, reason, proposal=None):
    """Take results that are not final back for a correction; a later revision follows.

    Also from the checks before a publication. proposal: the open one that this confirms, where
    two people are needed.
    """
    contest = queries.lock_contest(contest_id)
    words = rules.check_reason(reason)
    rules.check_reopenable(contest.state, "provisional")
    first = _first_of(proposal, find_step(contest, "take_back", "scoring"))
    check_step(actor, contest, "take_back", "scoring", first)
    _check_nothing_holds(contest_id)
    _open_again(actor, contest, words, proposal)


def propose_taking_back(actor, contest_id, reason):
    """Propose to open the scoring again; a second person confirms it."""
    contest = queries.lock_contest(contest_id)
    words = rules.check_reason(reason)
    rules.check_reopenable(contest.state, "provisional")
    check_proposer(actor, contest, find_step(contest, "take_back", "scoring"))
    _check_nothing_holds(contest_id)
    propose(
        actor, contest_id, "take_back", f"stage {queries.stage_of(contest_id)}", words,
        rules.TAKING_BACK,
    )


def confirm_taking_back(actor, contest_id, proposal_id):
    """Open the scoring again, as the second person."""
    queries.lock_contest(contest_id)
    proposal = get_open(contest_id, proposal_id, "take_back")
    reopen_results(actor, contest_id, proposal.reason, proposal)


def propose_reopening(actor, contest_id, reason):
    """Propose to take final results back; they hold until a second person confirms it."""
    contest = queries.lock_contest(contest_id)
    words = rules.check_reason(reason)
    rules.check_reopenable(contest.state, "final")
    check_proposer(actor, contest, find_step(contest, "take_back", "scoring"))
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
    proposer = queries.name_of(reopening.proposed_by_id)
    first = Actor(reopening.proposed_by_id, proposer)
    check_not_lapsed(reopening.proposed_at, clock.now())
    check_still_holds(contest_id, first.user_id, ORGANISER)
    check_step(actor, contest, "take_back", "scoring", first)
    _decide(actor, reopening, is_confirmed=True)
    _open_again(actor, contest, reopening.reason, proposed_by=proposer)


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


def _check_revision(contest_id, latest, document, fingerprint):
    """A later revision that changes something is published only for what may still be changed."""
    if latest is None or latest.document_hash == fingerprint:
        return
    for holds in queries.HOLDS_REVISIONS:
        if (why := holds(contest_id, latest, document)) is not None:
            raise why


def _check_nothing_holds(contest_id):
    if (why := queries.why_results_are_held(contest_id)) is not None:
        raise why


def _decide(actor, reopening, is_confirmed):
    reopening.decided_by_id, reopening.decided_at = actor.user_id, clock.now()
    reopening.is_confirmed = is_confirmed


def _open_again(actor, contest, reason, proposal=None, **facts):
    with work(
        actor, "results.reopen", contest_id=contest.id, tell=signals.board_changed,
        was=contest.state, reason=reason, **(facts_of(proposal) if proposal else facts),
    ):
        if proposal:
            decide(actor, proposal, is_confirmed=True)
        go(contest, "scoring")


def open_next_stage(actor, contest_id):
    """Go on to the next stage, with those whom the final results of this one let go on."""
    contest = queries.lock_contest(contest_id)
    plan = plan_in_force(contest_id).plan
    stage = queries.standings(contest_id).stage
    following = queries.next_stage(plan, stage)
    if contest.state != "final" or following is None:
        raise Conflict("The next stage opens when the results of this one are final.")
    rules.check_no_reopening(queries.find_reopening(contest_id))
    check_step(actor, contest, "next_stage", "scoring")
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
        go(contest, "scoring")
        contest.marks_version += 1
