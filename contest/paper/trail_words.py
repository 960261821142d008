"""What the trail calls the deeds done with sheets on paper."""

from contest.audit.rules import DEEDS
from contest.i18n import N_

DEEDS.update({
    "paper.take_in": N_("Sheets on paper taken in"),
    "paper.first": N_("Paper typed in, first clerk"),
    "paper.second": N_("Paper typed in, second clerk"),
    "paper.settle": N_("Paper decided by a third person"),
    "paper.photo": N_("Photographs of a paper kept"),
    "paper.withdraw": N_("Paper withdrawn"),
})
