"""Pages about members: one file for each side of the desk."""

from contest.accounts import front_rules
from contest.members import (  # noqa: F401  (they bring their pages)
    entry_routes,
    merging_actions,
    own_routes,
    person_routes,
    phone_routes,
    trail_words,
    union_routes,
)
from contest.members.blueprint import bp
from contest.members.own_queries import human_of

if human_of not in front_rules.HAS_OWN_PAGE:
    front_rules.HAS_OWN_PAGE.append(human_of)

__all__ = ["bp"]
