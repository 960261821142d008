"""What the database itself holds single rows of the quiz ledger to, besides its CHECKs since 0021."""

from contest.audit.row_guards import Rows, document, filled, same_contest, whole

GUARDS = (
    Rows("quiz_entry", (
        filled("module_key"),
        whole("seq", 1), whole("amount"),
        same_contest("entrant_id", "entrant"),
    )),
    Rows("quiz_setting", (
        filled("module_key"),
        document("values", "object"),
    )),
)
