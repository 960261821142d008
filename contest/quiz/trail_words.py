"""What the trail calls the deeds and facts of a quiz and of a timed event."""

from contest.audit.rules import DEEDS, FACT_NAMES, VALUES_OF
from contest.i18n import N_
from contest.quiz.clock_rules import SOURCES
from contest.quiz.rules import KINDS

DEEDS.update({
    "quiz.begin": N_("Base points given"),
    "quiz.points": N_("Points entered"),
    "quiz.stake": N_("Wager chosen"),
    "quiz.undo": N_("Entry undone"),
    "quiz.time": N_("Time entered"),
    "quiz.void": N_("Time does not count"),
    "quiz.setting": N_("Values of the questions set"),
})
FACT_NAMES.update({
    "entry": N_("entry"),
    "entry_kind": N_("kind of entry"),
    "amount": N_("points"),
    "question": N_("question"),
    "time": N_("time"),
    "faults": N_("faults"),
    "measured": N_("measured by"),
    "apart": N_("clocks apart by milliseconds"),
})
VALUES_OF["entry_kind"] = KINDS
VALUES_OF["measured"] = SOURCES
