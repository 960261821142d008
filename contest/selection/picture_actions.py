"""Pictures of a story: put beside it with words for whoever cannot see them, and taken off again."""

from contest import clock
from contest.audit.work import work
from contest.db import db
from contest.errors import Conflict
from contest.registry.level_rules import read_reason
from contest.registry.picture_rules import read_picture, read_words
from contest.results.queries import lock_contest
from contest.selection import (
    list_queries,
    picture_queries,
    trail_words,  # noqa: F401 (names deeds)
)
from contest.selection.models import StoryPicture

MOST = 6  # of one story


def add_picture(actor, contest_id, entrant_id, content, alternative, consent):
    """Put a picture beside the story of somebody on the published list; nothing of its metadata is kept.

    Missing without a told story; Invalid names the fields; Conflict for one more than MOST, and for the
    same picture again.
    """
    lock_contest(contest_id)
    line, _ = list_queries.get_line(contest_id, entrant_id), list_queries.get_story(contest_id, entrant_id)
    alternative, consent = read_words(alternative, consent)
    taken = read_picture(content)
    there = picture_queries.pictures_of(contest_id, [entrant_id])[entrant_id]
    if len(there) >= MOST:
        raise Conflict("A story has at most %(most)s pictures; take one off first.", most=MOST)
    if any(one.sha256 == taken.sha256 for one in there):
        raise Conflict("This picture stands beside the story already.")
    with work(
        actor, "selection.picture", contest_id=contest_id, subject=line["name"], entrant=line["number"],
        hash=taken.sha256, reason=consent,
    ):
        picture = StoryPicture(
            contest_id=contest_id, entrant_id=entrant_id, kind=taken.kind, width=taken.width,
            height=taken.height, sha256=taken.sha256, content=taken.content, alternative=alternative,
            consent=consent, by_id=actor.user_id, at=clock.now(),
        )
        db.session.add(picture)
    return picture


def remove_picture(actor, contest_id, picture_id, reason):
    """Take a picture off, with a reason; it is deleted."""
    lock_contest(contest_id)
    picture, reason = picture_queries.get_picture(contest_id, picture_id), read_reason(reason)
    line = list_queries.get_line(contest_id, picture.entrant_id)
    with work(
        actor, "selection.picture_remove", contest_id=contest_id, subject=line["name"],
        entrant=line["number"], hash=picture.sha256, reason=reason,
    ):
        db.session.delete(picture)
