"""What the database itself holds an entrant's states and the seats of panels to."""

from contest.audit.row_guards import Rows, filled, known, refused_when, same_contest, whole

GUARDS = (
    Rows("state_event", (
        known("state", "normal", "absent", "withdrawn", "disqualified", "not_finished"),
        refused_when(
            "a module is taken part in or not",
            "NEW.module_key <> '' AND NEW.state NOT IN ('normal', 'absent')",
        ),
        same_contest("entrant_id", "entrant"),
    )),
    Rows("entrant", (
        filled("number"), filled("check_in_token"),
        same_contest("team_id", "team"),
    ), changing=True),
    Rows("panel_seat", (
        filled("module_key"),
        whole("seat", 1),
        same_contest("judge_id", "judge"),
    ), changing=True),
)
