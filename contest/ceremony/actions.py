"""Beginning a reveal, moving it step by step, blanking the hall, ending it."""

from sqlalchemy import update

from contest import clock, signals
from contest.audit.work import work
from contest.ceremony import queries, rules, trail_words  # noqa: F401 (trail_words names what is done)
from contest.ceremony.models import Reveal
from contest.db import db
from contest.results.queries import lock_contest


def begin_reveal(actor, contest_id, kind, form):
    """Make the script of the latest published results and stand before its curtain."""
    sheet, options, script = queries.prepared(contest_id, kind, form)
    document = rules.document_of(script)
    with work(
        actor, "reveal.begin", contest_id=contest_id, tell=signals.board_changed,
        reveal=kind, revision=sheet.revision, hash=rules.hash_of(document), steps=script.last,
    ):
        lock_contest(contest_id)
        rules.check_begin(
            script, queries.knows_public(contest_id, sheet, clock.now()),
            queries.find_running(contest_id),
        )
        reveal = Reveal(
            contest_id=contest_id, kind=kind, options=options, result_sheet_id=sheet.id,
            revision=sheet.revision, script=document, script_hash=rules.hash_of(document), step=0,
            is_blank=False, is_paused=False, began_at=clock.now(), by_id=actor.user_id,
        )
        db.session.add(reveal)
        db.session.flush()
    return reveal


def move_reveal(actor, contest_id, seen, to):
    """Go from the step that was seen to another; Conflict when somebody has moved it meanwhile."""
    reveal = queries.get_running(contest_id)
    if reveal.step != seen:
        raise rules.stepped_meanwhile()
    rules.check_step(to, queries.script_of(reveal).last, reveal.is_paused)
    with work(
        actor, "reveal.step", contest_id=contest_id, subject=reveal.id,
        tell=signals.board_changed, was=seen, now=to,
    ):
        # In one statement: of two presses on the same step one moves it, and the other hears.
        moved = db.session.execute(
            update(Reveal)
            .where(Reveal.id == reveal.id, Reveal.step == seen, Reveal.ended_at.is_(None),
                   Reveal.is_paused.is_(False))
            .values(step=to)
        )
        if not moved.rowcount:
            raise rules.stepped_meanwhile()


def blank_reveal(actor, contest_id, is_blank):
    """Darken every screen that shows the reveal, or bring it back; the step stays."""
    _turn(actor, contest_id, "reveal.blank" if is_blank else "reveal.restore", is_blank=is_blank)


def pause_reveal(actor, contest_id, is_paused):
    """Let nobody move the reveal until it goes on."""
    _turn(actor, contest_id, "reveal.pause" if is_paused else "reveal.go_on", is_paused=is_paused)


def _turn(actor, contest_id, did, **values):
    reveal = queries.get_running(contest_id)
    with work(
        actor, did, contest_id=contest_id, subject=reveal.id, tell=signals.board_changed,
        step=reveal.step,
    ):
        for name, value in values.items():
            setattr(reveal, name, value)


def end_reveal(actor, contest_id, opens_board):
    """End the reveal where it stands; opens_board: in the same moment the public sees everything."""
    reveal = queries.get_running(contest_id)
    rules.check_end(reveal.step, queries.script_of(reveal).last, opens_board)
    with work(
        actor, "reveal.end", contest_id=contest_id, subject=reveal.id, tell=signals.board_changed,
        step=reveal.step, board=opens_board,
    ):
        reveal.ended_at = clock.now()
        reveal.is_blank = False
        db.session.flush()
        if opens_board:
            signals.reveal_ended.send("reveal.end", contest_id=contest_id)
