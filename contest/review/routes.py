"""The pages of this area, each set in a file of its own; they add themselves to the blueprint.

With them comes what listens to earlier areas, and the words of the trail.
"""

from contest.review import (
    appeal_routes,
    correction_routes,
    moving_actions,
    notice_routes,
    public_routes,
    register_routes,
    trail_words,
)
from contest.review.blueprint import bp

__all__ = [
    "appeal_routes", "bp", "correction_routes", "moving_actions", "notice_routes", "public_routes",
    "register_routes", "trail_words",
]
