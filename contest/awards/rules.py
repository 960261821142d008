"""Which organisations a committee's votes choose, and when awards may be granted."""

from contest.errors import Conflict, Invalid
from contest.i18n import N_

FORMATS = ("pdf", "xlsx", "docx", "csv")
PAPERS = ("awards", "notice", "script", "organisations", "summary", "reports")


def chosen_by_vote(votes, count):
    """The organisations that the committee's votes choose, most votes first.

    votes: pairs of organisation and number of votes. Organisations without a vote are never
    chosen. Raises Conflict when nothing was entered yet, or when equal votes leave the last place
    open: the committee votes again.
    """
    if not votes:
        raise Conflict(
            "The committee's votes have not been entered; enter 0 for all if nobody is to be chosen."
        )
    voted = sorted((pair for pair in votes if pair[1] > 0), key=lambda pair: -pair[1])
    if len(voted) > count and voted[count - 1][1] == voted[count][1]:
        raise Conflict(
            "Equal votes (%(votes)s) leave the last of %(count)s places open; "
            "the committee must vote between them again.",
            votes=voted[count][1], count=count,
        )
    return voted[:count]


def read_votes(text):
    """A number of votes, from 0 to 10,000; empty text is 0."""
    text = (text or "").strip() or "0"
    if not text.isdecimal() or len(text) > 5 or int(text) > 10_000:
        raise Invalid("A number of votes is a whole number from 0 to 10,000.")
    return int(text)


def is_final(state):
    """True while a contest's final results hold."""
    return state in {"final", "archived"}


def check_final(state):
    """Awards rest on final results only."""
    if not is_final(state):
        raise Conflict("The results are not final yet; awards can be previewed but not granted.")


def check_not_archived(state):
    """What decides on prizes is settled before the contest is archived; Conflict."""
    if state == "archived":
        raise Conflict("The contest is archived: nothing is written down any more.")


def check_not_granted(count):
    """Awards are granted once; later changes go through the registry."""
    if count:
        raise Conflict("The awards of this contest have been granted already.")


def check_shares_missing(awards):
    """Conflict where the members of every team that won have their share already."""
    if not awards:
        raise Conflict("The members of every team that won have their share already.")


LONGEST_REASON = 500


def check_left_out(state, has_prizes, found):
    """That no prizes are given is stated once, of final results, where the plan knows any; Conflict."""
    if state != "final":
        raise Conflict("The results are not final yet; awards can be previewed but not granted.")
    if not has_prizes:
        raise Conflict("The plan has no awards.")
    if found is not None:
        raise Conflict("It has been stated already that no prizes are given.")


def read_reason(reason):
    """Why no prizes are given, in words; Invalid without, and when too long."""
    words = (reason or "").strip()
    if not words or len(words) > LONGEST_REASON:
        sentence = Invalid(
            "Write down why no prizes are given, in at most %(most)s characters.", most=LONGEST_REASON
        )
        raise Invalid(sentence.message, fields={"reason": sentence}, **sentence.params)
    return words


VOTE_REASON = N_("Chosen by the committee with %(votes)s votes.")

# The award stays as it was granted, the results were published anew.
MOVED_SINCE = N_(
    "Place at grant: %(granted)s. Place now: %(now)s, because a result was annulled after the grant; the "
    "award stays as it was granted."
)

STATES = {
    "absent": N_("Absent"),
    "withdrawn": N_("Withdrawn"),
    "disqualified": N_("Disqualified"),
    "not_finished": N_("Not finished"),
}


def state_word(state, is_complete):
    """What the remarks of a summary say about an entrant; "" when all is in order."""
    return STATES.get(state, "" if is_complete else N_("Marks missing"))
