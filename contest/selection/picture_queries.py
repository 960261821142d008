"""Pictures of stories, with or without their contents."""

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import undefer

from contest.db import db
from contest.errors import Missing
from contest.selection import list_queries
from contest.selection.models import StoryPicture


def pictures_of(contest_id, entrant_ids):
    """{entrant's id: the StoryPictures of the story, in their order}, without contents."""
    found = defaultdict(list)
    for row in db.session.scalars(
        select(StoryPicture).filter_by(contest_id=contest_id)
        .where(StoryPicture.entrant_id.in_(entrant_ids)).order_by(StoryPicture.id)
    ):
        found[row.entrant_id].append(row)
    return found


def get_picture(contest_id, picture_id):
    """A picture of this contest's stories, or Missing."""
    found = db.session.scalar(select(StoryPicture).filter_by(id=picture_id, contest_id=contest_id))
    if found is None:
        raise Missing("There is no such picture.")
    return found


def get_public_picture(contest_id, entrant_id, picture_id):
    """The picture with its content, while the story that it belongs to is told; else Missing."""
    list_queries.get_story(contest_id, entrant_id)
    found = db.session.scalar(
        select(StoryPicture).filter_by(id=picture_id, contest_id=contest_id, entrant_id=entrant_id)
        .options(undefer(StoryPicture.content))
    )
    if found is None:
        raise Missing("There is no such picture.")
    return found
