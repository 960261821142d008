"""What is wrong with a chain, in words."""

from contest.i18n import N_

PROBLEMS = {
    "gap": N_("Link %(seq)s does not follow the link before it: links are missing or doubled."),
    "link": N_("Link %(seq)s does not hold: it or the link before it was changed."),
    "genesis": N_("Link %(seq)s: a chain begins with its genesis and has only one."),
    "other_contest": N_("The chain was begun for another contest."),
    "kind": N_("Link %(seq)s is of a kind that is not known."),
    "content": N_("Link %(seq)s: %(row)s is not what was linked; it was changed."),
    "missing": N_("Link %(seq)s: %(row)s is gone."),
    "unlinked": N_("%(row)s was never linked; it was put in past the program."),
    "moved": N_("A sheet is no longer that of the contestant, module and seat in %(row)s."),
    "after_close": N_("Link %(seq)s: %(row)s came after the chain was closed."),
}
ROW_NAMES = {
    "revision": N_("revision %(id)s of the ledger"), "trail": N_("row %(id)s of the trail"),
    "penalty": N_("penalty %(id)s"), "theory_entry": N_("theory score %(id)s"),
    "recorded_figure": N_("recorded figure %(id)s"), "quiz_entry": N_("entry %(id)s of the quiz ledger"),
    "quiz_setting": N_("quiz setting %(id)s"), "state_event": N_("state %(id)s of a contestant"),
    "tie_ruling": N_("ruling %(id)s on a tie"), "stage_opening": N_("opening %(id)s of a stage"),
    "result_sheet": N_("published results %(id)s"),
    "awards_left_out": N_("statement %(id)s that no prizes are given"),
    "committee_decision": N_("decision %(id)s of the committee"),
    "annulment": N_("annulment %(id)s"),
    "device_ruling": N_("ruling %(id)s on a tablet's key"),
    "correction": N_("request %(id)s for a correction"), "contest": N_("the state of the contest"),
    "plan_version": N_("version %(id)s of the plan"), "team": N_("team %(id)s"),
    "entrant": N_("contestant %(id)s on the roster"), "committee_vote": N_("vote %(id)s of the committee"),
    "award": N_("award %(id)s"), "reopening": N_("reopening %(id)s of the results"),
    "stated_moment": N_("announcement %(id)s"), "notice": N_("public notice %(id)s"),
    "notice_change": N_("change %(id)s of a public notice"), "review_draw": N_("draw %(id)s of the review"),
    "review_addition": N_("further draw %(id)s of the review"), "sheet_check": N_("check %(id)s of a sheet"),
    "check_statement": N_("statement %(id)s why a difference stands"),
    "score_check": N_("check %(id)s of a score"),
    "score_statement": N_("statement %(id)s why a score stands"),
    "paper_sample": N_("sample %(id)s of the paper check"), "signature": N_("signature %(id)s"),
    "unchanged_reason": N_("reason %(id)s why a decision changes no figure"),
    "appeal": N_("appeal %(id)s"), "objection": N_("objection %(id)s"),
    "genesis": N_("the genesis"), "plan": N_("the record of the plan"),
    "key": N_("the record of a key"), "bulletin": N_("the record of a bulletin"),
    "found": N_("the record of what was found at the upgrade"),
    "close": N_("the record of the end"),
    "share": N_("the record of awards of teams given to their members"),
}
CHECKED_BY = {
    "page": N_("on this page"), "publication": N_("before a publication"),
    "command": N_("by a command"), "background": N_("in the background"),
}
SOURCES = {"tablet": N_("Tablet"), "typed": N_("Typed in")}


def problem_words(problem, translate):
    """(code, seq, kind, row id) as a sentence; translate: gettext."""
    code, seq, kind, row_id = problem
    name = ROW_NAMES.get(kind)
    row = translate(name) % {"id": row_id} if name else ""
    return translate(PROBLEMS[code]) % {"seq": seq, "row": row}
