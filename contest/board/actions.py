"""Freezing and revealing the public board, and opening it to the public."""

import logging
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.exc import SQLAlchemyError

from contest import clock, signals
from contest.audit.rules import PROGRAM_NAMES
from contest.audit.work import Actor, work
from contest.board import queries, rules
from contest.board.hold_queries import why_board_is_held
from contest.board.models import BoardSwitch
from contest.db import db, snapshot, writing
from contest.errors import Conflict
from contest.i18n import N_
from contest.prepared import Prepared
from contest.results.closing_queries import module_closed_at
from contest.results.queries import lock_contest
from contest.setup.hiding import check_may_turn
from contest.setup.queries import get_contest

PROGRAM_NAMES["board"] = N_("public board")
PROGRAM = Actor(None, "board")
log = logging.getLogger(__name__)
# Asked after every mark: written out once, so that SQLAlchemy compiles it once.
_FREEZE_AFTER = Prepared(
    select(BoardSwitch.freeze_after).where(BoardSwitch.contest_id == bindparam("contest"))
)


def freeze_board(actor, contest_id, moment=None):
    """Let the public see no mark after a moment (None: from now on), until the board is revealed."""
    now = clock.now()
    moment = moment or now
    get_contest(contest_id)
    switch = queries.find_switch(contest_id)
    moment = rules.freeze_moment(
        moment, now, rules.public_cutoff(now, switch.freeze_from, switch.revealed_at)
    )
    _turn(actor, "board.freeze", switch, freeze_from=moment, revealed_at=None, freeze_after=None)


def freeze_after_module(actor, contest_id, module_key):
    """Let the public see no mark after the last one of a module, until the board is revealed."""
    now = clock.now()
    get_contest(contest_id)
    switch = queries.find_switch(contest_id)
    rules.freeze_moment(now, now, rules.public_cutoff(now, switch.freeze_from, switch.revealed_at))
    rules.check_freeze_after(
        module_key, [module.key for module in queries.list_modules(contest_id)],
        module_closed_at(contest_id, module_key),
    )
    _turn(actor, "board.freeze", switch, freeze_from=None, revealed_at=None, freeze_after=module_key)


@signals.marks_changed.connect
def _freeze_when_closed(_did, contest_id):
    """Write down that the last mark of the module is in, right after it; every reader knows already."""
    if not contest_id:
        return
    try:
        # Every mark comes by here: the question must not keep other judges from writing.
        with snapshot():
            closed_at = _closed_at(contest_id)
        if closed_at is not None:
            with writing():
                _write_down(contest_id, closed_at)
    except SQLAlchemyError:
        # The judge's mark is stored; whoever reads the board finds the same moment meanwhile.
        db.session.rollback()
        log.exception("the freeze after a module of contest %s could not be written down", contest_id)


def _closed_at(contest_id):
    found = _FREEZE_AFTER.first(contest=contest_id)
    waits = found is not None and found.freeze_after is not None
    return module_closed_at(contest_id, found.freeze_after) if waits else None


def _write_down(contest_id, closed_at):
    lock_contest(contest_id)
    switch = db.session.get(BoardSwitch, contest_id, populate_existing=True)
    if switch.freeze_after is None:
        db.session.rollback()  # another process was faster
        return
    _turn(PROGRAM, "board.freeze", switch, freeze_from=closed_at, freeze_after=None)


def reveal_board(actor, contest_id):
    """Let the public see everything again, from now on."""
    now = clock.now()
    get_contest(contest_id)
    switch = queries.find_switch(contest_id)
    is_armed = switch.freeze_from is not None or switch.freeze_after is not None
    if not is_armed or (switch.revealed_at and switch.revealed_at <= now):
        raise Conflict("The board is not frozen.")
    if (why := why_board_is_held(contest_id)) is not None:
        raise why
    if switch.freeze_from is None or switch.freeze_from > now:
        _turn(actor, "board.unfreeze", switch, freeze_from=None, revealed_at=None, freeze_after=None)
    else:
        _turn(
            actor, "board.reveal", switch, freeze_from=switch.freeze_from, revealed_at=now,
            freeze_after=None,
        )


def open_board(actor, contest_id, is_public):
    """Put the board before the public, or take it away; Conflict while that may not be (setup.hiding)."""
    contest = lock_contest(contest_id)
    check_may_turn(contest_id, is_public)
    with work(
        actor, "board.open" if is_public else "board.close", contest_id=contest_id,
        tell=signals.board_changed, was=contest.is_public,
    ):
        contest.is_public = is_public


@signals.showing_asked.connect
def _hold_showing(_did, contest_id, refusals):
    """What is revealed of a hidden contest without a freeze would be read at once."""
    why = why_board_is_held(contest_id)
    if why is not None and queries.find_cutoff(contest_id, clock.now()) is None:
        refusals.append(why)


@signals.reveal_ended.connect
def _open_after_reveal(_did, contest_id):
    """The reveal's own work opens the board, so that no moment lies between the two."""
    found, switch = queries.find_switch(contest_id), db.session.get(BoardSwitch, contest_id)
    if found.freeze_from is not None:
        switch.freeze_from, switch.freeze_after = found.freeze_from, None
        switch.revealed_at = clock.now()
        switch.version += 1


def _turn(actor, did, switch, **values):
    was = {name: getattr(switch, name) for name in values}
    with work(
        actor, did, contest_id=switch.contest_id, tell=signals.board_changed,
        was={name: _plain(value) for name, value in was.items()},
        now={name: _plain(value) for name, value in values.items()},
    ):
        row = db.session.get(BoardSwitch, switch.contest_id)
        if row is None:
            row = BoardSwitch(contest_id=switch.contest_id, version=0)
            db.session.add(row)
        for name, value in values.items():
            setattr(row, name, value)
        row.version += 1


def _plain(value):
    return value.isoformat() if isinstance(value, datetime) else value
