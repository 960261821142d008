"""What the trail calls the deeds and facts of tablets' order numbers and keys."""

from contest.audit.rules import DEEDS, FACT_NAMES
from contest.i18n import N_

DEEDS.update({
    "tablet.excuse": N_("Tablet excused"),
    "tablet.total": N_("A tablet handed in what the server does not hold"),
    "tablet.settle": N_("Disagreement of tablet and server settled"),
    "tablet.carry": N_("Tablet's file confirmed by a second person"),
    "tablet.key": N_("Tablet's key written down"),
    "tablets.ask": N_("Only signed marks are taken"),
    "tablets.ask_no_more": N_("Unsigned marks are taken again"),
    "tablets.admit": N_("Tablets admitted"),
    "tablets.withdraw": N_("Tablets' admission taken back"),
})
FACT_NAMES.update({
    "never_seen": N_("order numbers that never arrived"),
    "still_waiting": N_("order numbers that wait on the tablet"),
    "not_in": N_("sheets not sent, refused or in conflict"),
    "key": N_("key"),
    "tablets": N_("tablets and their keys"),
})
