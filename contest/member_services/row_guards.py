"""What the database itself holds contributions to, on which it rests whether aid is granted."""

from contest.audit.row_guards import Rows, filled, whole

FIRST_YEAR, LAST_YEAR = 2000, 2100
GUARDS = (
    Rows("paid_contribution", (
        filled("service_key"), filled("who"), whole("year", FIRST_YEAR, LAST_YEAR), whole("amount", 1),
    )),
    Rows("taken_back_contribution", (filled("reason"), filled("who"))),
)
