"""What the database itself holds rulings, published results and their reopening to."""

from contest.audit.row_guards import (
    Rows,
    document,
    filled,
    hexadecimal,
    known,
    octets,
    refused_when,
    same_contest,
    truth,
    whole,
)

GUARDS = (
    Rows("tie_ruling", (
        filled("stage"), filled("reason"),
        known("about", "entrants", "teams"),
        document("ruled_order", "array"),
    )),
    Rows("result_sheet", (
        filled("stage"),
        whole("revision", 1), whole("marks_version", 0),
        known("kind", "provisional", "final"),
        document("document", "object"), document("second_count", "object"), document("exceptions", "array"),
        hexadecimal("document_hash"),
        same_contest("plan_version_id", "plan_version"),
    )),
    Rows("stage_opening", (
        filled("from_stage"), filled("stage"),
        refused_when("the same stage again", "NEW.stage = NEW.from_stage"),
    )),
    Rows("reopening", (
        filled("reason"),
        truth("is_confirmed"),
        same_contest("result_sheet_id", "result_sheet"),
        refused_when("confirmed at no moment", "NEW.is_confirmed AND NEW.decided_at IS NULL"),
        refused_when(
            "confirmed by the one who proposed it",
            "NEW.is_confirmed AND NEW.decided_by_id = NEW.proposed_by_id",
        ),
    ), changing=True),
    Rows("bulletin", (
        octets("public", 32), octets("signature", 64),
        same_contest("result_sheet_id", "result_sheet"),
    )),
)
