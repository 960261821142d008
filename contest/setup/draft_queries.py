"""What keeps a plan's draft from coming into force."""

from contest.scoring.limits import limit_problems
from contest.scoring.scheme_checks import sense_problems
from contest.setup.kept_marks import kept_codes_problems, kept_marks_problems
from contest.setup.queries import find_plan_in_force, marked_keys

# Of which stages codes wait to be opened: a later area registers at import, in its queries.py,
#     draft_queries.CODES_WAITING.append(codes_wait)      codes_wait(contest_id, stage) -> bool
CODES_WAITING = []


def draft_problems(contest_id, plan):
    """Everything that keeps this plan from coming into force: its sums, marks given, codes drawn."""
    problems = list(sense_problems(plan) or limit_problems(plan))
    force = find_plan_in_force(contest_id)
    if force is None:
        return problems
    closed = {
        stage.key for stage in force.plan.stages if any(ask(contest_id, stage.key) for ask in CODES_WAITING)
    }
    if closed:
        problems += kept_codes_problems(force.plan, plan, closed)
    marked = marked_keys(contest_id)
    if marked:
        problems += kept_marks_problems(force.plan, plan, marked)
    return problems
