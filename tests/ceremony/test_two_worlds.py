"""What the hall has not been told yet changes no byte of any public answer."""

import shutil
from datetime import timedelta
from itertools import count, product

import pytest

from contest import clock
from contest.board import actions as board_actions
from contest.ceremony import actions, queries, screen_actions
from contest.db import db
from contest.results import actions as results
from tests import factories
from tests.ceremony.stages import TEAMS, begin, host
from tests.results.scenes import make_scene

KINDS = ("individuals", "items", "teams", "prizes")
# Two worlds with the same marks before the freeze; behind it the best change.
WORLDS = ({2: 9, 3: 10}, {2: 10, 3: 8})


def public_bytes(app, slug, tokens):
    """Every public answer about a contest, and every screen's: all routes that a guest may read."""
    guest, paths = app.test_client(), []
    known = {"slug": [slug], "token": tokens, "revision": [1, 2]}
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        is_public = getattr(view, "guard", None) == ("everybody",) and "GET" in rule.methods
        if is_public and rule.arguments <= set(known) and not rule.rule.startswith("/register"):
            for values in product(*(known[name] for name in sorted(rule.arguments))):
                parts = dict(zip(sorted(rule.arguments), values, strict=True))
                with app.test_request_context():
                    paths.append(rule.build(parts)[1])
    paths.append(f"/board/{slug}/events?view=wall")
    assert {f"/board/{slug}", f"/board/{slug}/data.json", f"/screens/{tokens[0]}"} <= set(paths)
    return {
        (path, language): (answer.status_code, answer.headers.get("ETag"), answer.data)
        for path in paths for language in ("zh", "en")
        for answer in [guest.get(path, headers={"Accept-Language": language})]
    }


def make_world(app, changes, kind, monkeypatch, steps):
    """A contest of its own whose reveal stands at some step; its public answers there."""
    start = clock.now()
    monkeypatch.setattr(factories, "_counter", count(1))
    scene = make_scene(4, teams=("甲队", "乙队"), document=factories.plan_document(**TEAMS),
                       slug="worlds").finish()
    ids = count(1)  # whatever else asks for a word gets one, too
    monkeypatch.setattr(screen_actions.secrets, "token_urlsafe", lambda _size: f"screen-{next(ids)}")
    clock.stand_still(start + timedelta(minutes=1))
    board_actions.freeze_board(host(scene), scene.contest.id)
    scene.minute = 1
    for entrant, points in changes.items():
        for seat in (1, 2):
            scene.submit(entrant, seat, points)
    clock.stand_still(start + timedelta(minutes=4))
    publisher = factories.make_official("Olga", "organiser", contest=scene.contest)
    results.publish_results(publisher, scene.contest.id, "provisional")
    screens = [
        screen_actions.add_screen(host(scene), scene.contest.id, name, "zh") for name in ("左", "右")
    ]
    screen_actions.switch_screens(host(scene), scene.contest.id, [screens[0].id], "reveal", {})
    begin(scene, kind)
    for step in range(steps):
        actions.move_reveal(host(scene), scene.contest.id, step, step + 1)
    tokens = [screen.token for screen in screens]
    found = public_bytes(app, "worlds", tokens)
    whole = queries.script_of(queries.get_running(scene.contest.id))
    clock.stand_still(start)
    return found, whole


@pytest.mark.parametrize("kind", KINDS)
def test_two_worlds_look_alike_until_they_are_told_apart(app, kind, monkeypatch, tmp_path):
    """The same steps in two worlds: while the told lines are equal, so is every public byte."""
    steps = {"individuals": 2, "items": 2, "teams": 1, "prizes": 1}[kind]
    (first, script), (second, other) = (
        in_own_database(
            tmp_path, number, lambda world=world: make_world(app, world, kind, monkeypatch, steps)
        )
        for number, world in enumerate(WORLDS)
    )

    assert script.beats != other.beats, "the worlds do differ"
    assert first == second


def in_own_database(tmp_path, number, build):
    """Build a world on the database as it was before the first one."""
    db.session.remove()
    db.engine.dispose()
    path, kept = tmp_path / "contest.sqlite", tmp_path / "kept.sqlite"
    if number == 0:
        shutil.copy(path, kept)
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    shutil.copy(kept, path)
    return build()
