"""What the database itself holds single rows of the sheets' ledger to.

Which marks an aspect takes depends on the plan and stays the program's affair (rules.read_marks).
"""

from contest.audit.row_guards import (
    Rows,
    document,
    filled,
    hexadecimal,
    known,
    refused_when,
    same_contest,
    whole,
)

_LIFTED = (
    "SELECT 1 FROM penalty WHERE id = NEW.lifts_id AND lifts_id IS NULL AND units = NEW.units "
    "AND contest_id = NEW.contest_id AND entrant_id = NEW.entrant_id AND scope = NEW.scope"
)

GUARDS = (
    Rows("sheet_revision", (
        filled("op_id"),
        # The chief judge's acts and a sheet typed from paper were sent by no tablet.
        hexadecimal("fingerprint", or_empty=True),
        whole("rev", 1), whole("base_rev", 0),
        known("kind", "draft", "submit", "resubmit", "reopen", "confirm", "excuse"),
        document("marks", "object"),
        whole("units"),
        whole("device_seq", 1),
        refused_when("a number without its tablet", "NEW.device_seq IS NOT NULL AND NEW.device_id = ''"),
        same_contest("sheet_id", "sheet"), same_contest("plan_version_id", "plan_version"),
    )),
    Rows("sheet", (
        filled("module_key"),
        whole("seat", 1), whole("rev", 0),
        known("state", "empty", "draft", "submitted", "resubmitted", "reopened", "excused"),
        document("marks", "object"),
        same_contest("entrant_id", "entrant"), same_contest("judge_id", "judge"),
    ), changing=True),
    Rows("penalty", (
        filled("scope"), filled("reason"),
        whole("units", 1),
        same_contest("entrant_id", "entrant"),
        refused_when(
            "this penalty cannot be lifted", f"NEW.lifts_id IS NOT NULL AND NOT EXISTS ({_LIFTED})"
        ),
    )),
    Rows("handover", (
        known("kind", "recusal", "substitute", "report"),
        refused_when("handed over to the same judge", "NEW.from_id = NEW.to_id"),
        same_contest("from_id", "judge"), same_contest("to_id", "judge"),
    )),
)
