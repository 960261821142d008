"""What the trail calls the deeds and facts of this area that came late to it."""

from contest.audit.rules import DEEDS, FACT_NAMES, PROGRAM_NAMES
from contest.i18n import N_

DEEDS.update({
    "appeal.unchanged": N_("Reason why an upheld appeal changes no figure"),
    "appeal.vouch": N_("Paper of an appeal vouched for that was typed in late"),
    "notice.unchanged": N_("Reason why a founded objection changes no figure"),
    "notice.move": N_("End of the public notice moved by the calendar"),
})
PROGRAM_NAMES["receipt code"] = N_("receipt code")
FACT_NAMES.update({
    "taken_by": N_("who took the paper"),
    "handed_in": N_("handed in at"),
    "moved_ends": N_("notices whose end moved"),
})
