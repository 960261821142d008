"""Drawing the sheets of a review, and writing down what each check found, and why a figure stands."""

from contest import clock
from contest.audit.work import work
from contest.checks import review_rules as rules
from contest.checks import (
    sample_rules,
    trail_words,  # noqa: F401 (names what is done)
)
from contest.checks.check_queries import checks_of, get_check
from contest.checks.models import CheckStatement, ReviewAddition, ReviewDraw, SheetCheck
from contest.checks.queries import stage_sheets
from contest.checks.review_queries import find_draw, review, top_sheets
from contest.checks.score_queries import stage_lines
from contest.checks.seed_actions import seal_review_seed
from contest.checks.seed_queries import find_review_seed
from contest.db import db
from contest.draw.rules import whole_seed
from contest.errors import Missing
from contest.judging.queries import lock_contest, lock_sheet
from contest.setup.queries import get_contest, procedure_of
from contest.setup.stepping import check_word


def draw_review(actor, contest_id, public):
    """Draw the sheets that are checked again; both parts of the seed are in the trail.

    public: what is added to the secret seed that was sealed when the scoring closed (Invalid without),
    so that nobody chooses the sheets. Where none was sealed (a contest that was closed before there were
    any) it is made now, after the public part is written down.
    """
    lock_contest(contest_id)
    contest = get_contest(contest_id)
    rules.check_drawn_in(contest.state)
    rules.check_not_drawn(find_draw(contest_id, contest.stage))
    public = sample_rules.read_public(public)
    sheets = stage_lines(contest_id)
    top = top_sheets(contest, sheets)
    rest = [sheet.id for sheet in sheets if sheet.id not in top]
    with work(
        actor, "review.draw", contest_id=contest_id, subject=f"stage {contest.stage}", top=len(top),
        of=len(sheets),
    ) as facts:
        sealed = find_review_seed(contest_id, contest.stage) or seal_review_seed(contest)
        sealed.used_at = clock.now()
        seed = whole_seed(sealed.seed, public)
        drawn = rules.draw_rest(rest, procedure_of(contest).spot_percent, seed)
        facts.update(secret=sealed.seed, public=public, seed=seed, drawn=drawn)
        db.session.add(
            ReviewDraw(
                contest_id=contest_id, stage=contest.stage, seed=seed, top=rules.in_order(top), drawn=drawn,
                by_id=actor.user_id, at=clock.now(),
            )
        )


def draw_more(actor, contest_id):
    """Draw as many sheets as the share of the rest lacks since the last draw; returns how many.

    The seed follows from the one before, and the sheets drawn stay drawn. Conflict when none lack.
    """
    lock_contest(contest_id)
    found = review(contest_id)
    rules.check_in_review(found.contest.state)
    rules.check_may_draw_more(found.lacking)
    number = len(found.seeds) + 1
    seed = rules.next_seed(found.seeds[-1], number)
    free = [one for one in found.rest if one not in found.drawn]
    drawn = rules.draw_some(free, found.lacking, seed)
    with work(
        actor, "review.draw", contest_id=contest_id, subject=f"stage {found.contest.stage}",
        seed=seed, number=number, of=len(free), drawn=drawn,
    ):
        db.session.add(ReviewAddition(
            contest_id=contest_id, stage=found.contest.stage, number=number, seed=seed, drawn=drawn,
            by_id=actor.user_id, at=clock.now(),
        ))
    return len(drawn)


def check_sheet(actor, contest_id, sheet_id, seen_rev, agrees, note):
    """Write down that a sheet agrees with its paper or receipt, or what differs.

    Conflict when the sheet has changed since the page showed it; Invalid where something differs
    and nothing says what.
    """
    lock_contest(contest_id)
    sheet = lock_sheet(sheet_id)
    if sheet.contest_id != contest_id:
        raise Missing("There is no such sheet.")
    rules.check_in_review(get_contest(contest_id).state)
    write_check(actor, sheet, seen_rev, agrees, note=rules.read_note(agrees, note))


def write_check(actor, sheet, seen_rev, agrees, aspect="", figure="", note=""):
    """Write down what the comparison of a locked sheet found; of the review and of the paper check.

    Conflict when the sheet has changed since the page showed it, or was found to differ before.
    """
    rules.check_not_own(actor.user_id, sheet.judge.user_id)
    rules.check_seen(seen_rev, sheet.rev)
    rules.check_not_settled_alone(agrees, checks_of(sheet.contest_id).line(sheet))
    more = {"aspect": aspect, "paper_figure": figure} if figure else {}
    with work(
        actor, "review.check", contest_id=sheet.contest_id, subject=f"sheet {sheet.id}", rev=sheet.rev,
        agrees=agrees, note=note, module=sheet.module_key, seat=sheet.seat, entrant=sheet.entrant_id,
        **more,
    ):
        db.session.add(
            SheetCheck(
                contest_id=sheet.contest_id, sheet_id=sheet.id, rev=sheet.rev, agrees=agrees, note=note,
                aspect_key=aspect, figure=figure, by_id=actor.user_id, at=clock.now(),
            )
        )


def state_difference(actor, contest_id, check_id, words):
    """State, as the chief judge, why the figures of a sheet stand although it differs from its paper.

    NotAllowed for whoever found the difference or wrote the sheet; Conflict when it no longer stands.
    """
    lock_contest(contest_id)
    check = get_check(contest_id, check_id)
    sheet = lock_sheet(check.sheet_id)
    rules.check_still_open(get_contest(contest_id).state)
    rules.check_not_own(actor.user_id, sheet.judge.user_id)
    checks = checks_of(contest_id)
    line = next((checks.line(one) for one in stage_sheets(contest_id) if one.id == sheet.id), None)
    rules.check_explained(line, check_id, actor.user_id)
    words = rules.read_statement(words)
    check_word(actor)
    with work(
        actor, "review.state", contest_id=contest_id, subject=f"sheet {sheet.id}", rev=check.rev,
        paper_figure=check.figure, note=check.note, answer=words, module=sheet.module_key, seat=sheet.seat,
        entrant=sheet.entrant_id,
    ):
        db.session.add(CheckStatement(
            contest_id=contest_id, check_id=check_id, words=words, by_id=actor.user_id, at=clock.now()
        ))
