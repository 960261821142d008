"""A screen's page as text, rendered alike by the office and by every board node."""

from flask import current_app

from contest import clock
from contest.board import channels, rendering
from contest.ceremony import screen_queries, screen_rules


def render(token):
    """(Pieces, page_text(event id)) of a screen in its own language; Missing when there is none."""
    shown = screen_queries.get_shown(token)

    def page_text(event_id):
        with rendering.in_language(shown.contest.slug, shown.language):
            return _template("ceremony/show_screen.html", shown, pieces=pieces, event_id=event_id)

    with rendering.in_language(shown.contest.slug, shown.language):
        pieces = channels.one_piece(_template("ceremony/_screen_stage.html", shown))
    return pieces, page_text


def _template(name, shown, **more):
    facts = {"shown": shown, "scene": shown.scene, "token": shown.token, **more}
    current_app.update_template_context(facts)
    return channels.as_markup(current_app.jinja_env.get_template(name).render(**facts))


def find(token):
    """What a screen's page depends on; None when there is no such screen."""
    shown = screen_queries.find_shown(token)
    return shown.pulse if shown else None


def fetch(token, name):
    """(bytes, content type) of one of the contest's pictures: pictures/<id>; None for anything else."""
    shown = screen_queries.find_shown(token)
    folder, _, number = name.partition("/")
    if shown is None or folder != "pictures" or not number.isdecimal() or len(number) > 10:
        return None
    picture = screen_queries.find_picture(shown.contest.id, int(number))
    return (picture.content, screen_rules.PICTURES[picture.ending]) if picture else None


def hear(token, words):
    """Note what a screen says of itself; the server's clock as an answer, None without such a screen."""
    return clock.now().isoformat() if screen_queries.hear(token, words) else None


def carried():
    """Pairs (token, names of pictures) of the screens that public nodes show too."""
    return [
        (token, [f"pictures/{one}" for one in pictures])
        for token, pictures in screen_queries.public_screens()
    ]


channels.register("screens", find, render, fetch, hear, carried)
