"""How the trail calls what is done in the points hall; imported by whatever writes into it."""

from contest.audit.rules import DEEDS, FACT_NAMES
from contest.audit.sentence_rules import SENTENCES
from contest.i18n import N_

DEEDS.update({
    "points.record": N_("Points booked"),
    "points.reverse": N_("Points taken back"),
    "points.rule": N_("Rule of points changed"),
    "points.publish": N_("List of points published"),
})
SENTENCES.update({
    "points.record": N_("Booked points: %(about)s lines"),
    "points.reverse": N_("Took points of %(about)s back"),
    "points.rule": N_("Changed what %(about)s earns"),
    "points.publish": N_("Published the list of points %(about)s"),
})
FACT_NAMES.update({
    "entry": N_("number of the entry"), "valid_from": N_("from"), "per_unit": N_("points for one"),
    "most_a_day": N_("at most a day"), "known": N_("known before"),
    "told_late": N_("after their list was published"),
})
