"""What a contest holds, for the rooms that its desk offers first."""

from contest.setup import desk_rules
from contest.setup.queries import procedure_of

# Later areas say here which words of `desk_rules.Door.asks` a contest answers that no plan tells:
# fn(contest_id) -> set of words.
HOLDS = []


def what_is_held(contest, plan):
    """The words of `desk_rules.Door.asks` that this contest answers."""
    held = desk_rules.kinds_held(plan, procedure_of(contest))
    return held.union(*(tell(contest.id) for tell in HOLDS))
