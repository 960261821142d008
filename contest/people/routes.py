"""Every page about people, gathered under one name."""

from contest.people import (  # noqa: F401  (they add their pages to bp, or listen)
    arrival_routes,
    desk_queries,
    entrant_routes,
    judge_routes,
    merging_actions,
    message_routes,
    recusal_routes,
    roster_routes,
    unit_routes,
)
from contest.people.blueprint import bp

__all__ = ["bp"]
