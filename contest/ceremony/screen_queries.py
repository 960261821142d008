"""Screens: what each is to show now, and how it does."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from contest import clock
from contest.ceremony import queries, rules, screen_rules
from contest.ceremony.models import Screen, ScreenPicture
from contest.db import db, writing
from contest.errors import Missing
from contest.setup.models import Contest


@dataclass(frozen=True)
class Shown:
    """Everything that a screen's page is made from. mark: its short name, equal for equal pages.

    kind: what the page shows (screen_rules.SHOWS); a reveal that is blanked shows blank.
    """

    token: str
    name: str
    language: str
    kind: str
    options: dict
    contest: Contest
    scene: rules.Scene | None
    mark: str
    is_public: bool

    @property
    def pulse(self):
        """What the page depends on; equal pulses mean an equal page."""
        return self.mark


def find_shown(token):
    """What the screen with this address is to show now, or None when there is no such screen."""
    row = db.session.execute(
        select(Screen, Contest).join(Contest, Contest.id == Screen.contest_id)
        .where(Screen.token == token)
    ).first()
    return _shown(*row) if row else None


def get_shown(token):
    """As find_shown; Missing when there is no such screen."""
    found = find_shown(token)
    if found is None:
        raise Missing("There is no such screen.")
    return found


def _shown(screen, contest):
    kind, scene = screen.shows, None
    if kind == "reveal":
        reveal = queries.find_last(contest.id)
        scene = queries.scene_of(reveal) if reveal else rules.Scene(0, "curtain")
        if scene.kind == "blank":
            kind = "blank"
    facts = (
        screen.version, kind, sorted(screen.options.items()), screen.language, contest.name,
        contest.name_en, contest.is_public, scene,
    )
    return Shown(
        screen.token, screen.name, screen.language, kind, screen.options, contest, scene,
        screen_rules.mark_of(facts), contest.is_public,
    )


@dataclass(frozen=True)
class ScreenLine:
    """A screen on the desk: what it was told to show, what it shows, and how it does."""

    screen: Screen
    shown: Shown
    health: screen_rules.Health
    seen_at: datetime | None


def list_screens(contest):
    """A ScreenLine for every screen of a contest, in the order they were made."""
    now = clock.now()
    screens = db.session.scalars(
        select(Screen).filter_by(contest_id=contest.id).order_by(Screen.id)
    ).all()
    return [_line(screen, contest, now) for screen in screens]


def _line(screen, contest, now):
    shown = _shown(screen, contest)
    found = screen_rules.health(
        now, screen.seen_at, screen.is_dark, shown.kind == "blank", screen.seen_mark == shown.mark
    )
    return ScreenLine(screen, shown, found, screen.seen_at)


def public_screens():
    """Pairs (token, ids of the pictures it shows) of every screen of a contest that is public."""
    rows = db.session.execute(
        select(Screen.token, Screen.shows, Screen.options)
        .join(Contest, Contest.id == Screen.contest_id)
        .where(Contest.is_public).order_by(Screen.id)
    )
    return [
        (token, options.get("pictures", ()) if shows == "sponsors" else ())
        for token, shows, options in rows
    ]


def preview(contest, scene):
    """A Shown of a scene that no screen shows yet."""
    return Shown("", "", "", "reveal", {}, contest, scene, "", contest.is_public)


def get_screen(contest_id, screen_id):
    """A screen of this contest, or Missing."""
    found = db.session.get(Screen, screen_id)
    if found is None or found.contest_id != contest_id:
        raise Missing("There is no such screen.")
    return found


def list_pictures(contest_id):
    """The contest's pictures without their content."""
    return db.session.scalars(
        select(ScreenPicture).filter_by(contest_id=contest_id).order_by(ScreenPicture.id)
    ).all()


def find_picture(contest_id, picture_id):
    """A picture of this contest, or None."""
    found = db.session.get(ScreenPicture, picture_id)
    return found if found is not None and found.contest_id == contest_id else None


def get_picture(contest_id, picture_id):
    """A picture of this contest, or Missing."""
    found = find_picture(contest_id, picture_id)
    if found is None:
        raise Missing("There is no such picture.")
    return found


def hear(token, words):
    """Note what a screen says of itself; True when there is such a screen.

    No trail: it is no act of anybody, and comes every few seconds.
    """
    heard, now = screen_rules.read_heard(words), clock.now()
    screen = db.session.scalar(select(Screen).filter_by(token=token))
    if screen is None:
        return False
    before = (screen.seen_mark, screen.is_dark)
    if not screen_rules.is_worth_a_write(now, screen.seen_at, before, heard):
        return True
    db.session.rollback()
    with writing():
        db.session.execute(
            update(Screen).where(Screen.token == token)
            .values(seen_at=now, seen_mark=heard[0], is_dark=heard[1])
        )
        db.session.commit()
    return True
