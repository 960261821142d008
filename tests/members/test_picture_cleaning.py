"""Pictures that came in before cameras' notes were left behind lose them now; pixels and evidence stay."""

import hashlib

from sqlalchemy import select

from contest import clock
from contest.audit.models import TrailRow
from contest.audit.work import Actor
from contest.db import db
from contest.members import picture_cleaning
from contest.paper import photo_actions
from contest.paper.models import PaperPhoto
from contest.registry.person_models import CraftsmanPicture
from contest.selection.models import StoryPicture
from tests import factories
from tests.audit.tampering import findings, make_chain
from tests.paper.test_photos import official, panel, paper  # noqa: F401 (fixtures)
from tests.registry.test_picture_rules import exif, image, opened, saved

TERMINAL = Actor(None, "command line")


def sha(content):
    return hashlib.sha256(content).hexdigest()


def of_craftsman(content, name="林工"):
    craftsman = factories.make_honour(name=name).craftsman
    db.session.add(CraftsmanPicture(
        craftsman_id=craftsman.id, content=content, ending="jpg", sha256=sha(content), consent="本人同意",
        at=clock.now(),
    ))
    db.session.commit()
    return craftsman.id


def of_story(content):
    contest = db.session.get(factories.Contest, make_chain(1))
    entrant = factories.make_entrant(contest)
    picture = StoryPicture(
        contest_id=contest.id, entrant_id=entrant.id, kind="png", width=40, height=30, sha256=sha(content),
        content=content, alternative="林工在窑前", consent="本人同意", at=clock.now(),
    )
    db.session.add(picture)
    db.session.commit()
    return picture.id, contest.id


def test_metadata_go_and_every_pixel_stays(app):
    old = saved("JPEG", image(), exif=exif(6))
    key = of_craftsman(old)

    done = picture_cleaning.clean_pictures(TERMINAL)

    assert (done.looked_at, done.rewritten, done.unreadable) == (1, 1, 0)
    row = db.session.get(CraftsmanPicture, key)
    assert b"Secret" in old and b"Secret" not in row.content and row.sha256 == sha(row.content)
    assert opened(row.content).tobytes() == opened(old).tobytes()
    assert dict(opened(row.content).getexif()) == {0x0112: 6}  # or it would lie on its side
    [trail] = db.session.scalars(select(TrailRow).filter_by(did="personal.pictures")).all()
    assert (trail.facts["count"], trail.facts["hashes"]) == (1, [[sha(old), row.sha256]])


def test_a_second_run_changes_nothing(app):
    of_craftsman(saved("JPEG"))
    picture_cleaning.clean_pictures(TERMINAL)
    kept = db.session.scalar(select(CraftsmanPicture.sha256))

    done = picture_cleaning.clean_pictures(TERMINAL)

    assert (done.looked_at, done.rewritten) == (1, 0)
    assert db.session.scalar(select(CraftsmanPicture.sha256)) == kept
    assert len(db.session.scalars(select(TrailRow).filter_by(did="personal.pictures")).all()) == 1


def test_a_storys_picture_is_cleaned_and_its_contests_chain_tells_so(app):
    old = saved("PNG")
    key, contest_id = of_story(old)

    assert picture_cleaning.clean_pictures(TERMINAL).rewritten == 1

    row = db.session.get(StoryPicture, key)
    assert b"Secret" not in row.content and row.sha256 == sha(row.content) != sha(old)
    [trail] = db.session.scalars(select(TrailRow).filter_by(did="personal.pictures")).all()
    assert trail.contest_id == contest_id
    assert not findings(contest_id).problems


def test_what_cannot_be_read_is_counted_and_left_as_it_is(app):
    key = of_craftsman(b"\xff\xd8\xffno picture")
    done = picture_cleaning.clean_pictures(TERMINAL)
    assert (done.rewritten, done.unreadable) == (0, 1)
    assert db.session.get(CraftsmanPicture, key).content == b"\xff\xd8\xffno picture"


def test_more_pictures_than_are_held_at_once_are_all_cleaned(app):
    count = picture_cleaning.AT_A_TIME * 2 + 1
    keys = [of_craftsman(saved("JPEG", image((8 + n, 8))), f"匠{n}") for n in range(count)]
    assert picture_cleaning.clean_pictures(TERMINAL).rewritten == count
    assert all(b"Secret" not in db.session.get(CraftsmanPicture, key).content for key in keys)


def test_photographs_of_papers_stay_as_they_came_and_are_counted(app, panel, paper):  # noqa: F811
    content = saved("JPEG")
    photo_actions.add_photos(official(panel), panel.contest.id, paper.id, [("卷.jpg", content)])

    done = picture_cleaning.clean_pictures(TERMINAL)

    assert (done.looked_at, done.papers) == (0, 1)
    row = db.session.scalar(select(PaperPhoto))
    assert (row.content, row.sha256) == (content, sha(content))


def test_the_command_tells_what_was_done(app):
    of_craftsman(saved("JPEG"))
    answer = app.test_cli_runner().invoke(args=["personal", "clean-pictures"])
    assert answer.exit_code == 0, answer.output
    assert "looked at: 1; rewritten: 1; unreadable and left as they are: 0" in answer.output
    assert "left as they came" in answer.output
