"""How far the review of a stage has come."""

from dataclasses import dataclass

from sqlalchemy import select

from contest import signals
from contest.checks import review_rules as rules
from contest.checks.check_queries import checks_of
from contest.checks.models import ReviewAddition, ReviewDraw
from contest.checks.queries import StageSheet, called
from contest.checks.score_queries import stage_lines
from contest.db import db
from contest.i18n import N_, joined
from contest.judging.blind_queries import hidden_modules
from contest.results.queries import standings
from contest.results.views import halves
from contest.setup.models import Contest
from contest.setup.queries import DESK_NOTES, get_contest, plan_in_force, procedure_of
from contest.setup.rules import Note


@dataclass(frozen=True)
class ReviewLine:
    """One sheet or score on the page. why: top, drawn or all; line: its state, see review_rules.Line."""

    sheet: StageSheet
    why: str
    line: rules.Line
    checker: str
    stated_by: str = ""


@dataclass(frozen=True)
class Review:
    """The review of the stage being held; draw is None before its sheets are drawn.

    additions: the draws that followed it. rest: ids of the sheets outside of the best, as they stand;
    lacking: how many of them are still to be drawn.
    """

    contest: Contest
    draw: ReviewDraw | None
    lines: list
    progress: rules.Progress | None
    additions: list = ()
    rest: list = ()
    lacking: int = 0

    @property
    def drawn(self):
        """The ids of all sheets that were drawn, in any of the draws."""
        return {one for draw in (self.draw, *self.additions) for one in draw.drawn}

    @property
    def seeds(self):
        """The seeds of the draws, the first one first."""
        return [draw.seed for draw in (self.draw, *self.additions) if draw is not None]


def review(contest_id):
    """The Review of the stage being held, with every sheet that it demands."""
    contest = get_contest(contest_id)
    draw = find_draw(contest_id, contest.stage)
    if draw is None:
        return Review(contest, None, [], None)
    sheets = stage_lines(contest_id)
    checks = checks_of(contest_id)
    lines = [checks.line(sheet) for sheet in sheets]
    # A correction may move somebody into the best: those sheets are demanded too.
    top = set(draw.top) | top_sheets(contest, sheets)
    additions = list_additions(contest_id, contest.stage)
    drawn = {one for each in (draw, *additions) for one in each.drawn}
    wanted = (top | drawn) & {sheet.id for sheet in sheets}
    procedure = procedure_of(contest)
    progress = rules.progress_of(
        lines, wanted, checks.differed, procedure.error_percent, {*draw.top, *drawn}
    )
    rest = [sheet.id for sheet in sheets if sheet.id not in top]
    lacking = 0 if progress.demands_all else rules.lacking(rest, drawn, procedure.spot_percent)
    shown = [
        ReviewLine(
            sheet, "top" if sheet.id in top else "drawn" if sheet.id in drawn else "all", line,
            checks.checker(line), checks.stated_by(line),
        )
        for sheet, line in zip(sheets, lines, strict=True)
        if sheet.id in wanted or progress.demands_all
    ]
    return Review(contest, draw, shown, progress, additions, rest, lacking)


def find_draw(contest_id, stage):
    """The ReviewDraw of a stage, or None."""
    return db.session.scalar(select(ReviewDraw).filter_by(contest_id=contest_id, stage=stage))


def list_additions(contest_id, stage):
    """The ReviewAdditions of a stage, in their order."""
    return db.session.scalars(
        select(ReviewAddition).filter_by(contest_id=contest_id, stage=stage)
        .order_by(ReviewAddition.number)
    ).all()


def top_sheets(contest, sheets):
    """The ids of the sheets and scores of the best, and of the best teams' members, as they stand now.

    While works are under codes the best of the blind modules and the best of all others are told
    apart: one list of both would show which code and which entry number belong together. Once
    they are decoded it is the best of the whole.
    """
    procedure = procedure_of(contest)
    found = set()
    for view in _views(contest):
        official = standings(contest.id, view=view)
        by_group = official.plan.ranking.by_group and not (view and view.by_code)
        top = rules.top_of(official.rows, procedure.top_percent, procedure.top_count, by_group)
        top |= rules.top_members(official.teams, procedure.top_percent, procedure.top_count)
        found |= {
            sheet.id for sheet in sheets
            if sheet.entrant_id in top and (view is None or sheet.module.key in view.modules)
        }
    return found


def _views(contest):
    hidden = hidden_modules(contest.id, contest.stage)
    return halves(plan_in_force(contest.id).plan, hidden) if hidden else (None,)


def missing(contest_id):
    """Notes of what the review still lacks; empty when it is done."""
    found = review(contest_id)
    if found.draw is None:
        return [Note(N_("The sheets for the review have not been drawn yet."), {},
                     "checks.show_review", "todo")]
    notes = []
    if found.lacking:
        notes.append(Note(
            N_("Sheets came in or changed after the draw: %(count)s more are to be drawn for the "
               "review."), {"count": found.lacking}, "checks.show_review", "todo",
        ))
    by_state = {}
    for shown in found.lines:
        by_state.setdefault(shown.line.state, []).append(called(shown.sheet))
    for state, text in (
        ("open", N_("Sheets still to be checked: %(count)s (%(sheets)s).")),
        ("void", N_("Sheets changed after they were checked: %(count)s (%(sheets)s).")),
        ("differs", N_("Sheets that differ and wait for a correction: %(count)s (%(sheets)s).")),
    ):
        if sheets := by_state.get(state):
            notes.append(Note(
                text, {"count": len(sheets), "sheets": joined(sheets)}, "checks.show_review", "todo"
            ))
    return notes


def is_due(contest, act):
    """True when the review must be done before this act."""
    if contest.state == "decoded":
        return act == "publish" and procedure_of(contest).review
    return contest.state == "review" and act in ("decode", "publish")


@signals.step_asked.connect
def hold_until_reviewed(act, contest_id, to, problems):
    """The review is not left before it is done."""
    if is_due(get_contest(contest_id), act):
        problems += missing(contest_id)


def desk_notes(contest_id):
    """What the contest's desk says of the review."""
    contest = get_contest(contest_id)
    if contest.state not in rules.CHECKED_IN:
        return []
    found = review(contest_id)
    if found.progress is None:
        return []
    notes = [Note(
        N_("Review: %(done)s of %(wanted)s sheets agree."),
        {"done": found.progress.done, "wanted": found.progress.wanted}, "checks.show_review",
        "good" if found.progress.done == found.progress.wanted else "info",
    )]
    if found.progress.demands_all:
        notes.append(Note(
            N_("So many sheets differed (%(rate)s %%) that all of them are reviewed."),
            {"rate": found.progress.rate}, "checks.show_review", "warn",
        ))
    return notes


DESK_NOTES.append(desk_notes)
