"""Drawing the sheets that are compared with their paper, and writing down what was found."""

import hashlib

from contest import clock
from contest.audit.work import work
from contest.checks import sample_queries, sample_rules
from contest.checks.models import PaperSample
from contest.checks.review_actions import write_check
from contest.checks.seed_actions import seal_seed
from contest.checks.seed_queries import find_seed
from contest.db import db
from contest.draw.rules import whole_seed
from contest.errors import Missing
from contest.judging.queries import lock_contest, lock_sheet
from contest.setup.queries import get_contest, held_states, plan_in_force, procedure_of


def draw_sample(actor, contest_id, confidence, bad, margin, public):
    """Draw the sample of the stage, once, at least as strict as the procedure asks; the Sample.

    public: what is added to the secret seed that was sealed when the scoring closed, so that nobody
    chooses the lot: neither the program alone nor whoever types. Where none was sealed (a contest from
    before there were any) it is made now, after the public part is written down. Both are in the trail.
    """
    lock_contest(contest_id)
    contest = get_contest(contest_id)
    sample_rules.check_drawn_in(contest.state, "collected" in held_states(contest))
    sample_rules.check_not_drawn(sample_queries.find_sample(contest_id, contest.stage))
    sample_rules.check_seed(public)
    confidence, bad, margin, _ = sample_rules.at_least((confidence, bad, margin, ""), procedure_of(contest))
    with work(
        actor, "sample.draw", contest_id=contest_id, subject=f"stage {contest.stage}",
        confidence=confidence, bad=str(bad), margin=str(margin),
    ) as facts:
        sealed = find_seed(contest_id, contest.stage) or seal_seed(contest)
        seed = whole_seed(sealed.seed, public)
        found = sample_queries.sample(contest_id, confidence, bad, margin, seed)
        labels = "\n".join(line.label for line in found.lines)
        facts.update(
            secret=sealed.seed, public=public, seed=seed, sheets=found.sheets, size=found.size,
            chosen=len(found.lines), hash=hashlib.sha256(labels.encode()).hexdigest(),
        )
        db.session.add(PaperSample(
            contest_id=contest_id, stage=contest.stage, seed=seed, secret=sealed.seed, public_part=public,
            commitment=sealed.commitment, committed_at=sealed.at, confidence=confidence, bad=str(bad),
            margin=str(margin), drawn=[one.sheet.id for one in found.lines if one.by_lot],
            at_line=[one.sheet.id for one in found.lines if one.why], by_id=actor.user_id, at=clock.now(),
        ))
    return found


def compare_sheet(actor, contest_id, sheet_id, seen_rev, agrees, aspect="", figure="", note=""):
    """Write down that a sheet of the sample agrees with its paper, or what differs.

    It is the same record as a check of the review. Conflict when the sheet has changed since the page
    showed it, or was found to differ before; Invalid where a difference is not fully told.
    """
    lock_contest(contest_id)
    sheet = lock_sheet(sheet_id)
    if sheet.contest_id != contest_id:
        raise Missing("There is no such sheet.")
    contest = get_contest(contest_id)
    sample_rules.check_drawn_in(contest.state, "collected" in held_states(contest))
    found = sample_queries.comparison(contest_id)
    sample_rules.check_chosen(found and any(one.sheet.id == sheet_id for one in found.lines))
    module = plan_in_force(contest_id).plan.module(sheet.module_key)
    told = sample_rules.read_difference(agrees, aspect, figure, note, [one.key for one in module.aspects])
    write_check(actor, sheet, seen_rev, agrees, *told)
