"""Member services on pages."""

from contest.member_services import entitlement_actions, person_actions  # noqa: F401  (they listen)
from contest.member_services.blueprint import bp

__all__ = ["bp"]
