"""The head of a chain as it stands on papers and in answers to programs."""

from flask_babel import gettext

from contest.audit.chain_queries import find_head
from contest.documents import Code


def chain_code(contest, head=None):
    """The head (the last one unless given), for people and for a camera: the paper is its witness."""
    head = head or find_head(contest.id)
    if head is None:
        return
    words = gettext("Chain: link %(seq)s, %(groups)s", seq=head.seq, groups=head.groups)
    keep = gettext(
        "Keep this paper: with it anybody can tell if a mark or a row of the trail up to this link is "
        "changed later."
    )
    yield Code(f"{words}\n{keep}", f"{contest.slug} {head}")


def chain_data(head):
    """A head for programs: its link's number and the whole hash; None where there is none."""
    return None if head is None else {"seq": head.seq, "hash": head.hash.hex()}
