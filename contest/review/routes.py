"""The pages of this area, each set in a file of its own; they add themselves to the blueprint."""

from contest.review import (
    appeal_routes,
    correction_routes,
    notice_routes,
    public_routes,
    register_routes,
)
from contest.review.blueprint import bp

__all__ = [
    "appeal_routes", "bp", "correction_routes", "notice_routes", "public_routes",
    "register_routes",
]
