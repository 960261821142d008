"""What the database itself holds reviews, paper checks and signatures to."""

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
    Rows("review_draw", (
        filled("stage"), filled("seed"),
        document("top", "array"), document("drawn", "array"),
    )),
    Rows("review_addition", (
        filled("stage"), filled("seed"),
        whole("number", 2),
        document("drawn", "array"),
    )),
    Rows("sheet_check", (
        whole("rev", 0),
        truth("agrees"),
        same_contest("sheet_id", "sheet"),
    )),
    Rows("check_statement", (
        filled("words"),
        same_contest("check_id", "sheet_check"),
    )),
    Rows("score_check", (
        truth("agrees"),
        same_contest("entry_id", "theory_entry"),
    )),
    Rows("score_statement", (
        filled("words"),
        same_contest("check_id", "score_check"),
    )),
    Rows("paper_sample", (
        filled("stage"), filled("seed"),
        whole("confidence", 1, 99),
        hexadecimal("commitment", or_empty=True),
        document("drawn", "array"), document("at_line", "array"),
    )),
    Rows("signature", (
        filled("stage"),
        known("role", "judge", "chief_judge", "supervisor"),
        refused_when(
            "a judge signs for a module, the others for the stage",
            "(NEW.role = 'judge') = (NEW.module_key = '')",
        ),
        document("sheets", "object"), document("fingerprint", "object"),
    )),
)
