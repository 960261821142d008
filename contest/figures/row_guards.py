"""What the database itself holds recorded figures to, besides their kind (a CHECK since 0002)."""

from contest.audit.row_guards import Rows, filled, same_contest, whole

GUARDS = (
    Rows("recorded_figure", (
        filled("key"),
        whole("units"),
        same_contest("entrant_id", "entrant"),
    )),
)
