"""The reveal of a contest: its script, its scene, and why the board must wait for it."""

from sqlalchemy import select

from contest import clock
from contest.board import queries as board
from contest.board.hold_queries import HOLDS_BOARD
from contest.ceremony import rules
from contest.ceremony.models import Reveal
from contest.ceremony.script_queries import groups_of, script_for
from contest.db import db
from contest.errors import Conflict
from contest.i18n import N_
from contest.results import queries as results
from contest.results.models import ResultSheet
from contest.review.correction_rules import CORRECTED_IN
from contest.review.queries import CEREMONY_MOMENTS, OfferedMoment, find_ceremony
from contest.setup.queries import DESK_NOTES, find_plan_in_force, get_contest
from contest.setup.rules import Note

_scripts = {}  # by hash: Script; a reveal's script never changes
KEPT = 8


def find_running(contest_id):
    """The Reveal that is running, or None."""
    return db.session.scalar(select(Reveal).filter_by(contest_id=contest_id, ended_at=None))


def find_last(contest_id):
    """The Reveal that is running, else the one that ended last, or None."""
    return find_running(contest_id) or db.session.scalar(
        select(Reveal).filter_by(contest_id=contest_id).order_by(Reveal.id.desc()).limit(1)
    )


def get_running(contest_id):
    """The Reveal that is running; Conflict when none is."""
    get_contest(contest_id)
    found = find_running(contest_id)
    if found is None:
        raise Conflict("No reveal is running.")
    return found


def list_reveals(contest_id):
    """Every Reveal of a contest, the latest first."""
    return db.session.scalars(
        select(Reveal).filter_by(contest_id=contest_id).order_by(Reveal.id.desc())
    ).all()


def script_of(reveal):
    """The Script of a Reveal, as it was made when it began."""
    found = _scripts.get(reveal.script_hash)
    if found is None:
        found = _scripts[reveal.script_hash] = rules.script_from(reveal.script)
        while len(_scripts) > KEPT:
            _scripts.pop(next(iter(_scripts)))
    return found


def scene_of(reveal):
    """The Scene that the hall sees now; blank while the host has blanked it."""
    if reveal.is_blank:
        return rules.Scene(reveal.step, "blank")
    return rules.scene(script_of(reveal), reveal.step)


def latest_sheet(contest_id):
    """The ResultSheet that a reveal would show now, or None."""
    return results.find_latest_sheet(contest_id, results.stage_of(contest_id))


def knows_public(contest_id, sheet, now):
    """Whether the public already sees this revision by any door."""
    found = board.switches(contest_id, now)
    return found.contest.is_public and (found.cutoff is None or sheet.at <= found.cutoff)


def prepared(contest_id, kind, form):
    """(ResultSheet, options, Script) of a reveal that is to begin; Conflict or Invalid when it cannot."""
    get_contest(contest_id)
    sheet = latest_sheet(contest_id)
    if sheet is None:
        raise Conflict("Nothing is published yet: a reveal shows published results.")
    has_teams = bool(sheet.document["teams"])
    options = rules.read_options(kind, form, groups_of(sheet), has_teams)
    script = script_for(kind, sheet, options)
    rules.check_begin(script, knows_public(contest_id, sheet, clock.now()), find_running(contest_id))
    return sheet, options, script


def find_groups(contest_id):
    """The groups that the results to be revealed rank apart."""
    sheet = latest_sheet(contest_id)
    return groups_of(sheet) if sheet else ()


def why_board_is_held(contest_id):
    """A reveal that is running: the board opens when it ends, as a Refusal; None when none runs."""
    if find_running(contest_id) is not None:
        return Conflict("A reveal is running: the board opens when the reveal ends.")
    return None


def ceremony_moments(contest_id, stage):
    """When the last reveal of a stage's results ended and began, for the deadlines of corrections."""
    reveal = db.session.scalar(
        select(Reveal).join(ResultSheet, ResultSheet.id == Reveal.result_sheet_id)
        .where(Reveal.contest_id == contest_id, ResultSheet.stage == stage)
        .order_by(Reveal.id.desc()).limit(1)
    )
    if reveal is None:
        return []
    ended = [OfferedMoment("reveal_ended", reveal.ended_at)] if reveal.ended_at else []
    return [*ended, OfferedMoment("reveal_began", reveal.began_at)]


def desk_notes(contest_id):
    """Once a reveal has ended, somebody states from which moment corrections are counted."""
    contest = get_contest(contest_id)
    if contest.state not in CORRECTED_IN or find_plan_in_force(contest_id) is None:
        return []
    stage = results.stage_of(contest_id)
    if find_ceremony(contest_id, stage) is not None:
        return []
    ended = next((m.at for m in ceremony_moments(contest_id, stage) if m.key == "reveal_ended"), None)
    if ended is None:
        return []
    return [Note(
        N_("The reveal ended at %(moment)s: from then the deadlines of corrections are counted. State when "
           "the ceremony was, if it was at another moment."), {"moment": ended}, "review.show_register",
        "todo",
    )]


HOLDS_BOARD.append(why_board_is_held)
CEREMONY_MOMENTS.append(ceremony_moments)
DESK_NOTES.append(desk_notes)
