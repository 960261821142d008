"""Stored pictures lose what a camera wrote into them, where they came in before pictures were cleaned.

Photographs of papers, appeals, applications and nominations are left as they came: their SHA-256 stands in
the trail and in the chains as evidence, so that a changed one would look tampered with. They are on no page
for the public.
"""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import undefer

from contest.audit.work import work
from contest.db import db
from contest.errors import Invalid
from contest.members import trail_words  # noqa: F401  (names deeds)
from contest.paper.models import PaperPhoto
from contest.registry.person_models import CraftsmanPicture
from contest.registry.picture_rules import read_picture
from contest.selection.models import StoryPicture

AT_A_TIME = 10  # pictures that are in memory together


@dataclass(frozen=True)
class Cleaned:
    """How many pictures were looked at, rewritten, or unreadable and left; papers: they stay as they came."""

    looked_at: int
    rewritten: int
    unreadable: int
    papers: int


def clean_pictures(actor):
    """Rewrite the pictures of craftsmen and stories that hold more than draws them; returns Cleaned.

    No pixel is encoded anew. What is clean is not touched, so it may run as often as one likes. Old and new
    SHA-256 stand in the trail; of a story also in its contest's chain.
    """
    seen = done = lost = 0
    for table, key in ((CraftsmanPicture, CraftsmanPicture.craftsman_id), (StoryPicture, StoryPicture.id)):
        ids = db.session.scalars(select(key).order_by(key)).all()
        for at in range(0, len(ids), AT_A_TIME):
            rows = db.session.scalars(
                select(table).where(key.in_(ids[at:at + AT_A_TIME])).order_by(key)
                .options(undefer(table.content))
            ).all()
            clean = [_clean(row) for row in rows]
            seen, lost = seen + len(rows), lost + clean.count(None)
            done += _store(actor, [
                (row, new) for row, new in zip(rows, clean, strict=True)
                if new is not None and new.content != row.content
            ])
            db.session.expire_all()  # the contents go, or all of them would be held
    papers = db.session.scalar(
        select(func.count()).select_from(PaperPhoto).where(PaperPhoto.content.is_not(None))
    )
    return Cleaned(seen, done, lost, papers)


def _clean(row):
    """The Picture of what is stored; None where it cannot be read by today's rules."""
    try:
        return read_picture(row.content)
    except Invalid:
        return None  # counted: the command tells how many were left as they are


def _store(actor, pairs):
    contests = {getattr(row, "contest_id", None) for row, _ in pairs}
    for contest_id in sorted(contests, key=lambda one: one or 0):
        mine = [(row, new) for row, new in pairs if getattr(row, "contest_id", None) == contest_id]
        with work(
            actor, "personal.pictures", contest_id=contest_id, subject="pictures", count=len(mine),
            hashes=[[row.sha256, new.sha256] for row, new in mine],
        ):
            for row, new in mine:
                row.content, row.sha256 = new.content, new.sha256
    return len(pairs)
