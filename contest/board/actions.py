"""Freezing and revealing the public board, and opening it to the public."""

from contest import clock, signals
from contest.audit.work import work
from contest.board import queries, rules
from contest.board.models import BoardSwitch
from contest.db import db
from contest.errors import Conflict
from contest.setup.queries import get_contest


def freeze_board(actor, contest_id, moment=None):
    """Let the public see no mark after a moment (None: from now on), until the board is revealed."""
    now = clock.now()
    moment = moment or now
    get_contest(contest_id)
    switch = queries.find_switch(contest_id)
    rules.check_freeze(
        moment, now, rules.public_cutoff(now, switch.freeze_from, switch.revealed_at)
    )
    _turn(actor, "board.freeze", switch, freeze_from=moment, revealed_at=None)


def reveal_board(actor, contest_id):
    """Let the public see everything again, from now on."""
    now = clock.now()
    get_contest(contest_id)
    switch = queries.find_switch(contest_id)
    if switch.freeze_from is None or (switch.revealed_at and switch.revealed_at <= now):
        raise Conflict("The board is not frozen.")
    if switch.freeze_from > now:
        _turn(actor, "board.unfreeze", switch, freeze_from=None, revealed_at=None)
    else:
        _turn(actor, "board.reveal", switch, freeze_from=switch.freeze_from, revealed_at=now)


def open_board(actor, contest_id, is_public):
    """Put the board before the public, or take it away."""
    contest = get_contest(contest_id)
    with work(
        actor, "board.open" if is_public else "board.close", contest_id=contest_id,
        tell=signals.board_changed, was=contest.is_public,
    ):
        contest.is_public = is_public


def _turn(actor, did, switch, **values):
    was = {name: getattr(switch, name) for name in values}
    with work(
        actor, did, contest_id=switch.contest_id, tell=signals.board_changed,
        was={name: value and value.isoformat() for name, value in was.items()},
        now={name: value and value.isoformat() for name, value in values.items()},
    ):
        row = db.session.get(BoardSwitch, switch.contest_id)
        if row is None:
            row = BoardSwitch(contest_id=switch.contest_id, version=0)
            db.session.add(row)
        for name, value in values.items():
            setattr(row, name, value)
        row.version += 1
