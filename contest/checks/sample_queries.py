"""Which sheets of a stage are compared with their paper, and how far that has come."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from contest import signals
from contest.checks import review_rules, sample_rules
from contest.checks.check_queries import checks_of
from contest.checks.models import PaperSample
from contest.checks.queries import StageSheet, called
from contest.checks.score_queries import stage_lines
from contest.db import db
from contest.i18n import N_, joined
from contest.judging.blind_queries import hides_names
from contest.results.award_queries import given
from contest.setup.queries import DESK_NOTES, find_plan_in_force, get_contest, held_states, procedure_of
from contest.setup.rules import Note


@dataclass(frozen=True)
class Line:
    """One sheet or score to compare. why: prizes whose line it touches; by_lot: was it drawn?

    label: entry number, module and seat, as the lot knows it. line: its review_rules.Line.
    """

    sheet: StageSheet
    label: str
    number: str
    why: tuple[str, ...]
    by_lot: bool
    line: review_rules.Line
    checker: str
    stated_by: str

    @property
    def module(self):
        """The plan's module."""
        return self.sheet.module


@dataclass(frozen=True)
class Sample:
    """The sheets of a stage that were handed in and its scores, and those of them that are compared.

    draw: the PaperSample, None before the draw. is_demanded: nothing is published without it.
    """

    contest: object
    plan: object
    wishes: tuple
    sheets: int
    size: int
    lines: tuple[Line, ...]
    draw: PaperSample | None = None
    is_demanded: bool = False

    @property
    def drawn(self):
        """How many the lot fell on."""
        return sum(one.by_lot for one in self.lines)

    @property
    def at_a_line(self):
        """How many touch a line."""
        return sum(bool(one.why) for one in self.lines)

    @property
    def done(self):
        """How many agree, or differ for a stated reason."""
        return sum(one.line.is_done for one in self.lines)

    @property
    def differing(self):
        """How many of them were found to differ."""
        return sum(one.line.check is not None and not one.line.check.agrees for one in self.lines)


def find_sample(contest_id, stage):
    """The PaperSample of a stage, or None."""
    return db.session.scalar(select(PaperSample).filter_by(contest_id=contest_id, stage=stage))


def comparison(contest_id):
    """The Sample of the stage being held as it was drawn, or None before that.

    What was drawn stays in it. Sheets that came in since are drawn by the same seed, and whoever has
    come next to a line since is compared in full.
    """
    contest = get_contest(contest_id)
    draw = find_sample(contest_id, contest.stage)
    if draw is None:
        return None
    wishes = (draw.confidence, Decimal(draw.bad), Decimal(draw.margin), draw.seed)
    return sample(contest_id, *sample_rules.at_least(wishes, procedure_of(contest)), draw)


def sample(contest_id, confidence, bad, margin, seed, draw=None):
    """The Sample of the stage being held; without a seed only its size and the sheets at a line."""
    contest, found = get_contest(contest_id), given(contest_id)
    numbers = {line.id: line.number for line in found.scored.roster}
    sheets = {
        f"{numbers[one.entrant_id]} {one.module.key} {one.seat}": one
        for one in stage_lines(contest_id)
    }
    size = sample_rules.sample_size(len(sheets), bad, confidence)
    lot = set(sample_rules.draw(sheets, size, seed)) if seed else set()
    edges = sample_rules.at_a_line(_rows(found), margin)
    for team, prizes in sample_rules.at_a_line(_team_rows(found), margin).items():
        for member in team.members:
            edges.setdefault(numbers[member], []).extend(prizes)
    kept, was_edge = (set(draw.drawn), set(draw.at_line)) if draw else ((), ())
    checks, lines = checks_of(contest_id), []
    for label, one in sheets.items():
        why = tuple(edges.get(numbers[one.entrant_id], ()))
        by_lot = label in lot or one.id in kept
        if by_lot or why or one.id in was_edge:
            line = checks.line(one)
            lines.append(Line(one, label, numbers[one.entrant_id], why, by_lot, line,
                              checks.checker(line), checks.stated_by(line)))
    order = {module.key: at for at, module in enumerate(found.scored.official.plan.modules)}
    lines.sort(key=lambda one: (order[one.module.key], len(one.number), one.number, one.sheet.seat))
    return Sample(contest, found.scored.official.plan, (confidence, bad, margin, seed), len(sheets),
                  size, tuple(lines), draw, procedure_of(contest).paper_check)


def _rows(found):
    won, official = found.won(), found.scored.official
    return [
        {"code": row.number, "place": row.place, "total": row.total, "awards": won[row.entrant_id],
         "goes_on": row.entrant_id in official.goes_on}
        for row in official.rows
    ]


def _team_rows(found):
    """As _rows, of the teams; who marks there are the members."""
    known, won = found.scored, {}
    for line in found.lines:
        if line.to == "team":
            won.setdefault(int(known.found.teams.teams[line.index]), []).append(line.award)
    return [
        {"code": team, "place": team.place, "total": team.total, "awards": won.get(team.team_id, []),
         "goes_on": False}
        for team in known.official.teams
    ]


def missing(contest_id):
    """Notes of what the paper check still lacks; empty when it is done."""
    found = comparison(contest_id)
    if found is None:
        return [Note(N_("The sheets that are compared with their paper have not been drawn yet."), {},
                     "checks.show_sample", "todo")]
    by_state = {}
    for one in found.lines:
        by_state.setdefault(one.line.state, []).append(called(one.sheet))
    return [
        Note(text, {"count": len(names), "sheets": joined(names)}, "checks.show_sample", "todo")
        for state, text in (
            ("open", N_("Sheets still to be compared with their paper: %(count)s (%(sheets)s).")),
            ("void", N_("Sheets changed after they were compared with their paper: %(count)s (%(sheets)s).")),
            ("differs", N_("Sheets that differ from their paper, with neither a correction nor a statement "
                           "of the chief judge: %(count)s (%(sheets)s).")),
        )
        if (names := by_state.get(state))
    ]


@signals.step_asked.connect
def hold_until_compared(act, contest_id, to, problems):
    """Where the procedure asks for it, nothing is published before the sample agrees with its paper."""
    if act == "publish" and procedure_of(get_contest(contest_id)).paper_check:
        problems += missing(contest_id)


def desk_notes(contest_id):
    """What the contest's desk says of the paper check."""
    contest = get_contest(contest_id)
    if find_plan_in_force(contest_id) is None or hides_names(contest_id, contest.stage):
        return []
    if not may_draw(contest) or contest.state == "final":
        return []
    found = comparison(contest_id)
    if found is not None:
        kind = "good" if found.done == len(found.lines) else "info"
        return [Note(N_("Paper check: %(done)s of %(wanted)s sheets are settled."),
                     {"done": found.done, "wanted": len(found.lines)}, "checks.show_sample", kind)]
    if procedure_of(contest).paper_check and contest.state != "scoring":
        return missing(contest_id)
    return []


def may_draw(contest):
    """True while the sheets of a contest may be drawn and compared."""
    closes = "collected" in held_states(contest)
    return contest.state in sample_rules.COMPARED_IN or (contest.state == "scoring" and not closes)


DESK_NOTES.append(desk_notes)
