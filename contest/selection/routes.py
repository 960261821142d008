"""The pages of a selection, for its office, units, experts and everybody."""

from contest.selection import (
    annulling,  # noqa: F401  (listens)
    emptying,  # noqa: F401  (listens)
    expert_routes,
    list_routes,
    office_routes,
    public_routes,
    unit_routes,
)
from contest.selection.blueprint import bp

__all__ = ["bp", "expert_routes", "list_routes", "office_routes", "public_routes", "unit_routes"]
