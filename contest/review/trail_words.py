"""What the trail calls the deeds and facts of this area that came late to it."""

from contest.audit.rules import DEEDS, FACT_NAMES
from contest.i18n import N_

DEEDS.update({
    "notice.move": N_("End of the public notice moved by the calendar"),
})
FACT_NAMES.update({
    "moved_ends": N_("notices whose end moved"),
})
