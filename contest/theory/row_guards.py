"""What the database itself holds the scores of modules without sheets to."""

from contest.audit.row_guards import Rows, filled, known, refused_when, same_contest, whole

GUARDS = (
    Rows("theory_entry", (
        filled("module_key"), filled("source"),
        known("state", "scored", "absent", "void", "withdrawn"),
        whole("units"),
        refused_when(
            "points and state contradict each other", "(NEW.state = 'scored') = (NEW.units IS NULL)"
        ),
        same_contest("entrant_id", "entrant"),
    )),
)
