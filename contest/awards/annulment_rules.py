"""When something is annulled after the grant, in which words, and who may move up into the place."""

from contest.errors import Conflict, Invalid
from contest.i18n import N_
from contest.scoring.passed_over import CHAIN

KINDS = {"annulled": N_("Annulled"), "moved_up": N_("Gave way to a better award")}
RESULT = N_(
    "The result of %(who)s is annulled: no place, and none of these awards: %(awards)s. A new revision of "
    "the results follows; certificates and honours are revoked."
)
AWARDS = N_(
    "These awards are taken from %(who)s: %(awards)s. Certificates and honours are revoked; the results stay."
)
MOVED_UP = N_("Moved up into the place of an annulled award: %(reason)s (minutes %(minutes)s).")
# Of these a place falls free: who comes next is known by the standings.
BY_PLACE = ("ratio", "count", "top")
# Why nobody is offered, where the page cannot say a name.
NOT_PUBLISHED = N_("Who comes next is shown once the results are published without the annulled one.")
NOBODY_NEXT = N_("It stays empty; nobody comes next by the results.")
NO_NEXT = N_(
    "Everybody who reached the threshold has this award already: no place falls free, and nobody comes next."
)
NOBODY_VOTED = N_("It stays empty; the committee gave nobody else a vote.")
NO_VOTES = N_(
    "It stays empty; the committee named the winners of this award without votes on others, so that nobody "
    "comes next."
)
MOST_OFFERED = 5
# Whoever withdrew or is out already has no result that could be annulled.
WITHOUT_RESULT = ("withdrawn", "disqualified", "absent")


def check_annullable(state, granted):
    """Before the grant a result is corrected, not annulled; Conflict."""
    if state not in ("final", "archived") or not granted:
        raise Conflict(
            "Awards have not been granted yet: until then the results are opened again and corrected."
        )


def check_something(entrant_ids, awards):
    """Conflict when nothing of theirs stands any more."""
    if not entrant_ids and not awards:
        raise Conflict("Nothing of theirs stands any more: it was annulled already.")


def has_votes(award):
    """True for an award of the plan whose number is fixed and whose winners were counted by votes."""
    return award.rule == "vote" and award.to == "organisation"


def why_nobody(award):
    """Why nobody comes next for an award of the plan whose results are published: one English sentence."""
    if award.rule == "threshold":
        return NO_NEXT
    if award.rule == "vote":
        return NOBODY_VOTED if has_votes(award) else NO_VOTES
    return NOBODY_NEXT


def unknown_holder():
    """The refusal of a choice that is none of those offered."""
    sentence = N_("Choose whose award it is, or enter the entry number of a contestant who has none.")
    return Invalid(sentence, fields={"whom": Invalid(sentence)})


def excludes(award, other, one_each):
    """True when nobody holds both awards: prizes of one chain, or any two where each person gets one.

    award, other: of the plan.
    """
    if award.key == other.key:
        return True
    if award.to != other.to or award.title != other.title:
        return other.key in award.unless or award.key in other.unless
    is_chain = award.rule in CHAIN and other.rule in CHAIN
    one_each = one_each and award.to == "entrant" and not award.title
    return is_chain or one_each or other.key in award.unless or award.key in other.unless
