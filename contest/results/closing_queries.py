"""When a module was closed: the moment at which its last mark came in."""

from contest.results import queries
from contest.results.reckoning import Reckoning
from contest.setup.queries import find_plan_in_force


def module_closed_at(contest_id, module_key):
    """The moment since which nobody waits for a mark of this module; None while somebody does.

    It follows from the ledgers alone, so every process finds the same moment, also after a restart.
    """
    force = find_plan_in_force(contest_id)
    module = next((m for m in force.plan.modules if m.key == module_key), None) if force else None
    if module is None:
        return None
    stage = force.plan.part(module.part).stage
    if not _is_closed(contest_id, stage, module_key, None):
        return None
    moments = _moments(contest_id)
    # Backwards from now in growing strides to a moment when somebody waited, then between the two.
    closed, stride = len(moments) - 1, 1
    waiting = closed - 1
    while waiting >= 0 and _is_closed(contest_id, stage, module_key, moments[waiting]):
        closed, stride = waiting, 2 * stride
        waiting = closed - stride
    waiting = max(waiting, -1)
    while closed - waiting > 1:
        between = (closed + waiting) // 2
        if _is_closed(contest_id, stage, module_key, moments[between]):
            closed = between
        else:
            waiting = between
    return moments[closed]


def _moments(contest_id):
    """Every moment at which something was written on which standings depend, oldest first."""
    with Reckoning(contest_id, None, is_read=True) as question:
        return sorted({row.at for rows in vars(question.until).values() for row in rows})


def _is_closed(contest_id, stage, module_key, moment):
    found = queries.standings(contest_id, stage, as_of=moment, is_read=moment is not None)
    has_marks = any(key == module_key for key, _ in found.changed_at)
    return has_marks and module_key not in found.missing and module_key not in found.stuck
