"""Appeals on paper that were typed in late, and who vouched for the paper."""

from dataclasses import dataclass

from contest.db import db
from contest.review.models import LatePaper, LatePaperWord
from contest.review.queries import names_of
from contest.setup.queries import get_contest, procedure_of


@dataclass(frozen=True)
class Late:
    """What stands beside such an appeal. vouched_by: "" while nobody has; waits: somebody has to."""

    paper: LatePaper
    typed_by: str
    word: LatePaperWord | None
    vouched_by: str
    waits: bool


def late_of(appeal):
    """The Late of an appeal, or None."""
    paper = db.session.get(LatePaper, appeal.id)
    if paper is None:
        return None
    word = db.session.get(LatePaperWord, appeal.id)
    names = names_of([paper.by_id, word and word.by_id])
    asks = procedure_of(get_contest(appeal.contest_id)).four_eyes
    return Late(
        paper, names.get(paper.by_id, ""), word, names.get(word.by_id, "") if word else "",
        asks and word is None and appeal.decided_at is None,
    )


def is_late_matter(appeal):
    """True where this appeal, or the one that it goes on from, was typed in late."""
    ids = [one for one in (appeal.id, appeal.first_id) if one is not None]
    return any(db.session.get(LatePaper, one) is not None for one in ids)
