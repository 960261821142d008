"""What the database itself holds the committee's counts, awards and certificates to."""

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
    Rows("committee_vote", (
        filled("award_key"),
        whole("votes", 0),
    ), changing=True),
    Rows("committee_decision", (
        filled("award_key"), filled("minutes"),
        known("kind", "votes", "choose", "pass_over", "take_back", "move_up"),
        document("votes", "object"),
        same_contest("entrant_id", "entrant"), same_contest("team_id", "team"),
        same_contest("judge_id", "judge"), same_contest("about_id", "committee_decision"),
    )),
    Rows("award", (
        filled("award_key"), filled("name"),
        truth("is_title"),
        whole("place", 1),
        document("why", "object"),
        same_contest("result_sheet_id", "result_sheet"),
        same_contest("entrant_id", "entrant"), same_contest("team_id", "team"),
    ), changing=True),
    Rows("annulment", (
        filled("reason"),
        known("kind", "annulled", "moved_up"),
        refused_when("annulled by the one who proposed it", "NEW.proposed_by_id = NEW.by_id"),
        same_contest("entrant_id", "entrant"), same_contest("award_id", "award"),
    )),
    Rows("awards_left_out", (
        filled("reason"),
        same_contest("result_sheet_id", "result_sheet"),
    )),
    Rows("certificate", (
        filled("number"), filled("code"),
        hexadecimal("token", 32),
        octets("public", 32),
        same_contest("award_id", "award"), same_contest("replaced_by_id", "certificate"),
    ), changing=True),
)
LIST_GUARDS = (
    Rows("certificate_list", (
        whole("number", 1), octets("public", 32), octets("signature", 64),
    )),
    Rows("certificate_leaf", (
        whole("position", 0), octets("hash", 32),
        same_contest("certificate_id", "certificate"),
    )),
)
