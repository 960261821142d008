"""Making screens, switching them, and the pictures that they show."""

import secrets

from contest import clock, signals
from contest.audit.work import work
from contest.ceremony import screen_queries, screen_rules, trail_words  # noqa: F401 (names deeds)
from contest.ceremony.models import Screen, ScreenPicture
from contest.db import db
from contest.errors import Conflict
from contest.i18n import listed
from contest.results.queries import lock_contest
from contest.setup.queries import get_contest


def add_screen(actor, contest_id, name, language):
    """A new screen with an address of its own; it shows the message with the contest's name."""
    contest = get_contest(contest_id)
    name, language = screen_rules.read_name(name), screen_rules.read_language(language)
    with work(actor, "screen.add", contest_id=contest_id, subject=name) as facts:
        lock_contest(contest_id)
        held = screen_queries.list_screens(contest)
        if len(held) >= screen_rules.MOST_SCREENS:
            raise Conflict("There are %(most)s screens already.", most=screen_rules.MOST_SCREENS)
        if name in {line.screen.name for line in held}:
            raise Conflict("Another screen has this name.")
        screen = Screen(
            contest_id=contest_id, name=name, language=language, token=secrets.token_urlsafe(12),
            shows="message", options={"title": "", "text": ""}, made_at=clock.now(), version=0,
            seen_mark="", is_dark=False,
        )
        db.session.add(screen)
        db.session.flush()
        facts["screen"] = name
    return screen


def remove_screen(actor, contest_id, screen_id):
    """Take a screen away; its address answers that there is no such page."""
    screen = screen_queries.get_screen(contest_id, screen_id)
    with work(
        actor, "screen.remove", contest_id=contest_id, subject=screen.name,
        tell=signals.board_changed, screen=screen.name,
    ):
        db.session.delete(screen)


def switch_screens(actor, contest_id, screen_ids, shows, options):
    """Let screens of a contest show something else from now on."""
    screens = [screen_queries.get_screen(contest_id, one) for one in screen_ids]
    if not screens:
        raise Conflict("Choose at least one screen.")
    with work(
        actor, "screen.switch", contest_id=contest_id, tell=signals.board_changed,
        subject=", ".join(screen.name for screen in screens), shows=shows,
    ):
        for screen in screens:
            screen.shows, screen.options = shows, dict(options)
            screen.version += 1


def add_picture(actor, contest_id, name, content):
    """Keep a sponsor's picture."""
    get_contest(contest_id)
    name, ending = screen_rules.read_picture(name, content)
    if len(screen_queries.list_pictures(contest_id)) >= screen_rules.MOST_PICTURES:
        raise Conflict("There are %(most)s pictures already.", most=screen_rules.MOST_PICTURES)
    picture = ScreenPicture(
        contest_id=contest_id, name=name, ending=ending, content=content, at=clock.now(),
        sha256=screen_rules.hash_of(content),
    )
    with work(
        actor, "screen.picture", contest_id=contest_id, file_name=name, file_hash=picture.sha256
    ):
        db.session.add(picture)
    return picture


def remove_picture(actor, contest_id, picture_id):
    """Forget a picture, unless a screen shows it."""
    contest = get_contest(contest_id)
    picture = screen_queries.get_picture(contest_id, picture_id)
    users = [
        line.screen.name for line in screen_queries.list_screens(contest)
        if picture_id in line.screen.options.get("pictures", ())
    ]
    if users:
        raise Conflict("The picture is on screens (%(names)s).", names=listed(users))
    with work(actor, "screen.picture_remove", contest_id=contest_id, file_name=picture.name):
        db.session.delete(picture)
