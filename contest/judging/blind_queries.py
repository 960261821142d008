"""Which blind modules are still being marked, and from whom names stay hidden until they are."""

from sqlalchemy import select

from contest.accounts import queries as accounts
from contest.db import db
from contest.judging.models import Sheet
from contest.judging.queries import stage_of, state_in
from contest.judging.rules import MARKING_STATES, UNSETTLED_STATES
from contest.people import queries as people
from contest.people.models import Judge
from contest.setup.queries import find_plan_in_force, get_contest


def open_blind_modules(contest_id, stage=None):
    """The blind modules (of one stage) of which a sheet that will count is not in, in the plan's order."""
    force = find_plan_in_force(contest_id)
    if force is None or get_contest(contest_id).state not in MARKING_STATES:
        return []
    blind = [
        module for module in force.plan.modules
        if module.blind and module.entry == "sheets"
        and stage in (None, stage_of(force.plan, module))
    ]
    rows = db.session.execute(
        select(Sheet.module_key, Sheet.entrant_id).where(
            Sheet.contest_id == contest_id, Sheet.state.in_(UNSETTLED_STATES),
            Sheet.module_key.in_([module.key for module in blind]),
        )
    ).all()
    states = people.entrant_states(contest_id)
    waiting = {key for key, one in rows if state_in(states, one, key) == "normal"}
    return [module for module in blind if module.key in waiting]


def hides_names(person, contest_id, stage=None):
    """True while this person judges the judges and must not know who stands behind a code."""
    is_chief = person.has_any(("chief_judge",), contest_id)
    return is_chief and bool(open_blind_modules(contest_id, stage))


def keeps_from_board(person, contest_id):
    """True while the board would tell somebody who judges what the others gave, and to whom."""
    if hides_names(person, contest_id):
        return True
    if get_contest(contest_id).state not in MARKING_STATES:
        return False
    own_modules = (
        select(Sheet.module_key).join(Judge, Sheet.judge_id == Judge.id)
        .where(Sheet.contest_id == contest_id, Judge.user_id == person.user_id)
    )
    still_open = db.session.execute(
        select(Sheet.module_key, Sheet.entrant_id).where(
            Sheet.contest_id == contest_id, Sheet.state.in_(UNSETTLED_STATES),
            Sheet.module_key.in_(own_modules),
        )
    ).all()
    states = people.entrant_states(contest_id) if still_open else {}
    return any(state_in(states, one, key) == "normal" for key, one in still_open)


accounts.KEEPS_FROM_BOARD.append(keeps_from_board)
