"""What a contest holds, for the rooms that its desk offers first."""

from contest.setup import desk_rules
from contest.setup.queries import find_plan_in_force, procedure_of

# Later areas say here which words of `desk_rules.Door.asks` a contest answers that no plan tells:
# fn(contest_id) -> set of words.
HOLDS = []


def what_is_held(contest, plan):
    """The words of `desk_rules.Door.asks` that this contest answers."""
    held = desk_rules.kinds_held(plan, procedure_of(contest))
    return held.union(*(tell(contest.id) for tell in HOLDS))


def idle_rooms(contest_id):
    """Endpoints of the rooms about kinds of modules that the contest's plan does not have."""
    force = find_plan_in_force(contest_id)
    if force is None:
        return set()
    held = desk_rules.kinds_of(force.plan)
    return {door.endpoint for door in desk_rules.DOORS if door.asks in {"theory", "quiz"} - held}
