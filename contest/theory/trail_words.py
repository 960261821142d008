"""How the trail calls what is done with question banks."""

from contest.audit.rules import DEEDS, FACT_NAMES
from contest.audit.sentence_rules import SENTENCES
from contest.i18n import N_

DEEDS.update({
    "banks.import": N_("Catalogue of question banks taken in"),
    "banks.name": N_("Question banks of a module named"),
})
SENTENCES.update({
    "banks.import": N_("Took in question banks from %(about)s"),
    "banks.name": N_("Said from which question banks %(about)s was drawn"),
})
FACT_NAMES.update({"named": N_("named"), "taken_back": N_("taken back")})
