"""What a person asks about the own data."""

from contest.errors import Conflict
from contest.members import personal_queries as queries
from contest.members.touching import touching
from contest.people import id_rules


def ask_for_erasure(actor, human_id, reason):
    """Put a request before the keepers, once; Invalid without a reason, Conflict when one waits."""
    reason = id_rules.read_reason(reason)
    if queries.asked_at(human_id) is not None:
        raise Conflict("You have asked for it already; your request waits.")
    with touching(actor, "personal.ask", "ask", ("everything",), reason, human_id):
        pass
