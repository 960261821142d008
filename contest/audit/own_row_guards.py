"""What the database itself holds the chain's own rows to."""

from contest.audit.row_guards import Rows, document, filled, octets, truth, whole

GUARDS = (
    Rows("chain_link", (
        filled("kind"),
        whole("seq", 1), whole("row_id", 0), whole("micros"),
        truth("late"),
        octets("salt", 16), octets("digest", 32), octets("hash", 32),
        document("content", "object"),
    )),
)
