"""What the database itself holds announcements, appeals, notices, objections and corrections to."""

from contest.audit.row_guards import (
    Rows,
    document,
    filled,
    hexadecimal,
    known,
    refused_when,
    same_contest,
    truth,
    whole,
)

GUARDS = (
    Rows("stated_moment", (
        filled("stage"),
        known("kind", "results", "ceremony"),
    )),
    Rows("appeal", (
        filled("stage"), filled("receipt"),
        whole("number", 1), whole("instance", 1, 2), whole("revision", 0),
        known("ground", "scoring", "equipment", "staff", "other"),
        known("door", "entrant", "contact", "clerk", "receipt"),
        known("outcome", "", "upheld", "rejected"),
        refused_when(
            "decision and moment contradict each other",
            "(NEW.outcome = '') <> (NEW.decided_at IS NULL)",
        ),
        document("effect", "object"),
        same_contest("entrant_id", "entrant"), same_contest("first_id", "appeal"),
    ), changing=True),
    Rows("notice", (
        filled("stage"),
        whole("number", 1), whole("days", 1),
        document("list_rows", "array"),
        hexadecimal("list_hash"),
        same_contest("result_sheet_id", "result_sheet"),
    )),
    Rows("notice_change", (
        known("kind", "extended", "calendar", "broken_off"),
        whole("days", 0),
    )),
    Rows("objection", (
        filled("receipt"),
        whole("number", 1),
        known("outcome", "", "founded", "unfounded"),
        refused_when(
            "decision and moment contradict each other",
            "(NEW.outcome = '') <> (NEW.decided_at IS NULL)",
        ),
        same_contest("notice_id", "notice"),
    ), changing=True),
    Rows("unchanged_reason", (
        filled("reason"),
        same_contest("appeal_id", "appeal"), same_contest("objection_id", "objection"),
    )),
    Rows("correction", (
        filled("words"),
        known("kind", "arithmetic", "identity"),
        truth("is_late"),
        same_contest("result_sheet_id", "result_sheet"),
    )),
    Rows("correction_signature", (
        filled("words"),
    )),
)
