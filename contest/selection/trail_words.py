"""How the trail calls what is done in a selection; imported by whatever writes into it."""

from contest.audit.rules import DEEDS, FACT_NAMES, VALUES_OF
from contest.audit.sentence_rules import SENTENCES
from contest.i18n import N_
from contest.selection.condition_rules import CONDITIONS
from contest.selection.moving_rules import CAUSES
from contest.selection.nomination_rules import STATES

DEEDS.update({
    "selection.call": N_("Call written"),
    "selection.extend": N_("Last day of a call moved"),
    "nomination.save": N_("Nomination written"),
    "nomination.hand_in": N_("Nomination handed in"),
    "nomination.withdraw": N_("Nomination withdrawn"),
    "nomination.decide": N_("Nomination decided on"),
    "nomination.take_in": N_("People taken in as nominations"),
    "selection.publish": N_("List of a selection published"),
    "selection.move_up": N_("Somebody left the list of a selection"),
    "selection.story": N_("Story published"),
    "selection.picture": N_("Picture put beside a story"),
    "selection.picture_remove": N_("Picture of a story taken off"),
})
SENTENCES.update({
    "selection.call": N_("Wrote the call “%(about)s”"),
    "selection.extend": N_("Moved the last day of the call “%(about)s”"),
    "nomination.save": N_("Wrote a nomination of %(about)s"),
    "nomination.hand_in": N_("Handed in a nomination of %(about)s"),
    "nomination.withdraw": N_("Withdrew a nomination of %(about)s"),
    "nomination.decide": N_("Decided on a nomination of %(about)s"),
    "nomination.take_in": N_("Took people in as nominations: %(about)s"),
    "selection.publish": N_("Published the list of the selection “%(about)s”"),
    "selection.move_up": N_("Recorded that %(about)s left the list of a selection, and who moves up"),
    "selection.story": N_("Published the story of %(about)s"),
    "selection.picture": N_("Put a picture beside the story of %(about)s"),
    "selection.picture_remove": N_("Took a picture of the story of %(about)s off"),
})
FACT_NAMES.update({
    "nomination": N_("number of the nomination"), "papers": N_("papers"), "verdicts": N_("conditions"),
    "listed": N_("on the list"), "hash": N_("fingerprint"), "closes_on": N_("last day"),
    "terms": N_("what is asked for"), "decided": N_("decided"),
    "moved_up": N_("moved up"), "cause": N_("cause"),
})
VALUES_OF.setdefault("verdicts", {}).update(CONDITIONS)
VALUES_OF.setdefault("decided", {}).update(STATES)
VALUES_OF.setdefault("cause", {}).update(CAUSES)
