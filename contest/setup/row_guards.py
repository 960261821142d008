"""What the database itself holds contests, plan versions and proposals to."""

from contest.audit.row_guards import Rows, document, filled, hexadecimal, known, refused_when, truth, whole

GUARDS = (
    Rows("contest", (
        filled("slug"),
        known("state", "setup", "registration", "scoring", "collected", "review", "decoded", "provisional",
              "notice", "final", "archived"),
        whole("marks_version", 0),
        document("procedure", "object"),
        truth("is_public"),
    ), changing=True),
    Rows("plan_version", (
        whole("number", 1),
        document("document", "object"),
        hexadecimal("document_hash"),
        # A version of one's own may be declined, which is written in the same column.
        refused_when(
            "approved by the one who proposed it",
            "NEW.approved_by_id = NEW.proposed_by_id AND NEW.in_force_at IS NOT NULL",
        ),
    ), changing=True),
    Rows("proposal", (
        filled("act"), filled("subject"),
        document("details", "object"),
        truth("is_confirmed"),
        refused_when("decided by nobody knows whom when", "NEW.decided_at IS NULL AND NEW.is_confirmed"),
        refused_when(
            "confirmed by the one who proposed it",
            "NEW.is_confirmed AND NEW.decided_by_id = NEW.proposed_by_id",
        ),
    ), changing=True),
)
