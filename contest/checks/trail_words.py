"""What the trail calls the deeds and facts of review, paper check and signatures."""

from contest.audit.rules import DEEDS, FACT_NAMES
from contest.i18n import N_

DEEDS.update({
    "review.seal": N_("Secret seed of the review sealed"),
    "review.draw": N_("Sheets for the review drawn"),
    "review.check": N_("Sheet checked again"),
    "review.state": N_("Difference explained by the chief judge"),
    "signature.add": N_("Signed for sheets"),
    "sample.seal": N_("Secret seed of the paper check sealed"),
    "sample.draw": N_("Sheets drawn to be compared with paper"),
})
FACT_NAMES.update({
    "secret": N_("secret part of the seed"),
    "public": N_("public part of the seed"),
    "agrees": N_("agrees"),
    "aspect": N_("aspect"),
    "paper_figure": N_("figure on paper"),
    "top": N_("sheets of the best"),
    "of": N_("of so many sheets"),
    "drawn": N_("drawn by lot"),
    "chosen": N_("sheets chosen"),
    "confidence": N_("confidence in percent"),
    "bad": N_("bad sheets in percent"),
    "margin": N_("points around a line"),
})
