"""An appeal on paper that was handed in in time and is typed in late, even when the results are final.

Whoever handed it in kept the time; that the office lost it for a while must not cost the right to an
answer. So it is taken, with who took the paper and why it was not typed in, its picture, and where the
procedure asks for four eyes a second person's word. It opens nothing: only its decision may, by a reopening.
"""

from contest.errors import Conflict, Invalid, NotAllowed
from contest.review.appeal_rules import FILED_IN, PAPER_GRACE

MOST_WORDS = 500
MOST_NAME = 60
# Who gives the second word.
WITNESSES = ("organiser", "chief_judge", "supervisor")


def is_late_paper(state, ends_at, handed_in, now):
    """True for paper that was there in time and is typed in after the day of grace, or of final results.

    An archived contest takes none: its chain is closed.
    """
    if handed_in is None or ends_at is None or handed_in >= ends_at:
        return False
    return state == "final" or (state in FILED_IN and now >= ends_at + PAPER_GRACE)


def read_late(taken_by, reason, has_files):
    """(who took the paper, why it is typed in only now), tidied; Invalid names what is wrong."""
    who, words, fields = taken_by.strip(), reason.strip(), {}
    if not 1 <= len(who) <= MOST_NAME:
        fields["taken_by"] = Invalid(
            "Write who took the paper, in at most %(most)s characters.", most=MOST_NAME
        )
    if not 1 <= len(words) <= MOST_WORDS:
        fields["late_reason"] = Invalid(
            "Write why it is typed in only now, in at most %(most)s characters.", most=MOST_WORDS
        )
    if not has_files:
        fields["files"] = Invalid("Add a picture or scan of the paper.")
    if fields:
        raise Invalid(
            "This paper was handed in in time and is typed in late. Write down who took it and why it comes "
            "only now, and add a picture of it. Nothing was filed yet.", fields=fields,
        )
    return who, words


def check_word_of(paper, word, appeal, user_id):
    """The second word is another person's, is given once, and before the decision; Conflict, NotAllowed."""
    if paper is None:
        raise Conflict("This appeal was not typed in late, so nobody has to vouch for its paper.")
    if word is not None or appeal.decided_at is not None:
        raise Conflict("Somebody has vouched for this paper already, or the appeal is decided.")
    if user_id is not None and user_id == paper.by_id:
        raise NotAllowed("You typed this appeal in, so another person vouches for its paper.")


def check_vouched(is_waiting, outcome):
    """An appeal whose paper nobody else has vouched for can be rejected, and not upheld; Conflict."""
    if is_waiting and outcome == "upheld":
        raise Conflict(
            "This appeal was typed in late. A second person first vouches that its paper was there in time."
        )
