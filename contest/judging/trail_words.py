"""What the trail calls the deeds and facts of tablets' order numbers."""

from contest.audit.rules import DEEDS, FACT_NAMES
from contest.i18n import N_

DEEDS.update({
    "tablet.excuse": N_("Tablet excused"),
    "tablet.carry": N_("Tablet's file confirmed by a second person"),
})
FACT_NAMES.update({
    "never_seen": N_("order numbers that never arrived"),
    "still_waiting": N_("order numbers that wait on the tablet"),
    "not_in": N_("sheets not sent, refused or in conflict"),
})
