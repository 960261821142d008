"""How the trail calls what is done with second factors and sessions; imported by whatever writes into it."""

from contest.audit.rules import DEEDS, FACT_NAMES
from contest.audit.sentence_rules import SENTENCES
from contest.i18n import N_

DEEDS.update({
    "session.unlock": N_("Screen unlocked"),
    "session.limits": N_("Limits of sessions chosen"),
    "factor.begin": N_("Second factor begun"),
    "factor.confirm": N_("Second factor set up"),
    "factor.codes": N_("New recovery codes made"),
    "factor.off": N_("Second factor turned off"),
    "factor.reset": N_("Second factor reset by two others"),
    "factor.require": N_("Roles chosen that need a second factor"),
})
SENTENCES.update({
    "session.unlock": N_("Typed the word again after the screen had been left alone"),
    "session.limits": N_("Chose how long screens may be left alone"),
    "factor.begin": N_("Began to set up a second factor"),
    "factor.confirm": N_("Set up a second factor"),
    "factor.codes": N_("Made new recovery codes"),
    "factor.off": N_("Turned the own second factor off"),
    "factor.reset": N_("Reset the second factor of %(about)s"),
    "factor.require": N_("Chose which roles need a second factor"),
})
FACT_NAMES.update({
    "factor": N_("second factor"),
    "codes_left": N_("recovery codes left"),
})
