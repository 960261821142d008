"""What the trail calls the deeds and facts of a ceremony."""

from contest.audit.rules import DEEDS, FACT_NAMES, VALUES_OF
from contest.ceremony.rules import KINDS
from contest.ceremony.screen_rules import SHOWS
from contest.i18n import N_

DEEDS.update({
    "screen.add": N_("Screen made"),
    "screen.remove": N_("Screen taken away"),
    "screen.switch": N_("Screens switched"),
    "screen.picture": N_("Picture for the screens kept"),
    "screen.picture_remove": N_("Picture for the screens forgotten"),
    "reveal.begin": N_("Reveal begun"),
    "reveal.step": N_("Reveal: another step"),
    "reveal.blank": N_("Reveal: the hall darkened"),
    "reveal.restore": N_("Reveal: the hall lit again"),
    "reveal.pause": N_("Reveal paused"),
    "reveal.go_on": N_("Reveal goes on"),
    "reveal.end": N_("Reveal ended"),
})
FACT_NAMES.update({
    "screen": N_("screen"),
    "shows": N_("shows"),
    "reveal": N_("kind of reveal"),
    "step": N_("step"),
    "steps": N_("steps"),
    "board": N_("board opened"),
})
VALUES_OF["shows"] = SHOWS
VALUES_OF["reveal"] = KINDS
