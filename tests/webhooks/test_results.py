"""Outside systems hear that results are published, final or corrected, and no figure, name or place."""

import json

from contest import clock
from contest.board import actions as board
from contest.db import db
from contest.results import actions
from contest.webhooks.models import WebhookMessage
from tests import factories
from tests.awards.test_annulments import Scene, build
from tests.results.scenes import make_scene
from tests.webhooks.scenes import subscribe

URL = "http://127.0.0.1:1999/hook"


def officials():
    return [factories.make_official(name, "organiser") for name in ("Petra", "Olga")]


def make_public(scene):
    scene.contest.is_public = True
    db.session.commit()
    return scene


def told():
    return [json.loads(one.body) for one in db.session.query(WebhookMessage).order_by(WebhookMessage.id)]


def test_published_final_and_corrected_are_told_in_their_order(app):
    scene, (petra, olga) = make_public(make_scene(3).finish()), officials()
    subscribe(app, URL, ("results",))
    contest = scene.contest

    actions.publish_results(petra, contest.id, "provisional")
    scene.penalty(0, 1)
    actions.publish_results(petra, contest.id, "provisional", "late penalty")
    actions.publish_results(olga, contest.id, "final")

    assert [one["type"] for one in told()] == ["results.published", "results.corrected", "results.final"]
    assert [one["data"] for one in told()] == [
        {"contest": contest.id, "slug": contest.slug, "name": contest.name, "name_en": contest.name_en,
         "stage": "final", "revision": revision, "is_final": revision == 3} for revision in (1, 2, 3)
    ]


def test_a_final_that_follows_another_final_is_a_correction(app):
    scene, (petra, olga) = make_public(make_scene(2).finish()), officials()
    actions.publish_results(petra, scene.contest.id, "provisional")
    actions.publish_results(olga, scene.contest.id, "final")
    actions.propose_reopening(petra, scene.contest.id, "appeal upheld")
    actions.confirm_reopening(olga, scene.contest.id)
    scene.penalty(0, 1)
    subscribe(app, URL, ("results",))
    actions.publish_results(petra, scene.contest.id, "provisional", "appeal upheld")
    actions.publish_results(olga, scene.contest.id, "final", "appeal upheld")

    assert [(one["type"], one["data"]["is_final"]) for one in told()] == [
        ("results.corrected", False), ("results.corrected", True),
    ]


def test_results_without_somebody_who_was_annulled_are_a_correction(app):
    scene = Scene(**build(app))
    scene.contest.is_public = True
    db.session.commit()
    subscribe(app, URL, ("results",))

    scene.annul()

    assert [(one["type"], one["data"]["revision"], one["data"]["is_final"]) for one in told()] == [
        ("results.corrected", 3, True),
    ]


def test_behind_a_frozen_board_nothing_is_told_but_that_results_are_there(app):
    scene, (petra, _) = make_public(make_scene(3).finish()), officials()
    subscribe(app, URL, ("results",))
    board.freeze_board(petra, scene.contest.id, clock.now())

    actions.publish_results(petra, scene.contest.id, "provisional")

    [message] = db.session.query(WebhookMessage)
    assert set(json.loads(message.body)["data"]) == {
        "contest", "slug", "name", "name_en", "stage", "revision", "is_final",
    }
    people = [entrant.human.name for entrant in scene.entrants]
    figures = [text for entrant in scene.entrants for text in ("62.00", "13.00", entrant.number)]
    assert [word for word in (*people, *figures) if word in message.body] == []


def test_a_contest_that_is_not_public_is_told_to_nobody(app):
    scene, (petra, _) = make_scene(2).finish(), officials()
    scene.contest.is_public = False
    db.session.commit()
    subscribe(app, URL, ("results",))
    actions.publish_results(petra, scene.contest.id, "provisional")
    assert told() == []


def test_who_chose_another_topic_hears_nothing_of_results(app):
    scene, (petra, _) = make_public(make_scene(2).finish()), officials()
    subscribe(app, URL, ("honour",))
    actions.publish_results(petra, scene.contest.id, "provisional")
    assert told() == []
