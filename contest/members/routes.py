"""Pages about members: one file for each side of the desk."""

from contest.members import (  # noqa: F401  (they bring their pages)
    entry_routes,
    own_routes,
    person_routes,
    trail_words,
)
from contest.members.blueprint import bp

__all__ = ["bp"]
