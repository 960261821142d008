"""Who takes part: the states of entrants, for every sheet's page and every standing."""

from sqlalchemy import bindparam, select

from contest.people.models import StateEvent
from contest.prepared import Prepared

_events = (
    select(StateEvent.entrant_id, StateEvent.module_key, StateEvent.state)
    .where(StateEvent.contest_id == bindparam("contest")).order_by(StateEvent.id)
)
_STATES = Prepared(_events)
_STATES_AT = Prepared(_events.where(StateEvent.at <= bindparam("as_of")))


def entrant_states(contest_id, as_of=None):
    """{(entrant's id, module key or ""): latest state up to `as_of`}; the others are normal."""
    asked = {"contest": contest_id}
    rows = _STATES.all(**asked) if as_of is None else _STATES_AT.all(**asked, as_of=as_of)
    return {(row.entrant_id, row.module_key): row.state for row in rows}
