"""Member services on pages: one file for each side of the desk."""

from contest.member_services import (  # noqa: F401  (they listen, or bring their pages)
    benefit_routes,
    contribution_routes,
    desk_routes,
    entitlement_actions,
    keeping_routes,
    office_routes,
    payment_routes,
    person_actions,
    public_routes,
    register_routes,
    trail_words,
)
from contest.member_services.blueprint import bp

__all__ = ["bp"]
