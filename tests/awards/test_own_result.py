"""A contestant's own result: with the admission card, once it is released, never before."""

from datetime import timedelta

import pytest

from contest import clock
from contest.board import actions as board
from contest.db import db
from contest.people.models import Entrant
from contest.results import actions as results
from tests import factories

POINTS = {"张三": ("80", "9.5"), "李四": ("90", "8")}


@pytest.fixture
def contest(app):
    contest, _ = factories.make_marked_contest(POINTS)
    return contest


def actor(name):
    return factories.make_official(name, "organiser")


def own_page(app, contest, name="张三"):
    token = next(
        one.check_in_token for one in db.session.query(Entrant) if one.human.name == name
    )
    return app.test_client().get(
        f"/contests/{contest.id}/my-result/{token}", headers={"Accept-Language": "en"}
    )


def test_the_card_leads_a_guest_to_the_own_result_and_staff_to_the_door(app, contest, as_role):
    token = db.session.query(Entrant).first().check_in_token

    guest = app.test_client().get(f"/check-in/{token}")

    assert guest.status_code == 303
    assert guest.location == f"/contests/{contest.id}/my-result/{token}"
    assert as_role("organiser", contest).get(f"/check-in/{token}").status_code == 200
    assert as_role("judge", contest).get(f"/check-in/{token}").status_code == 303


def test_nothing_is_told_before_it_is_published(app, contest):
    page = own_page(app, contest)

    assert page.status_code == 200
    assert "not released yet" in page.text
    assert "92.25" not in page.text and "97.50" not in page.text


def test_once_published_every_step_is_there_and_only_the_own(app, contest):
    results.publish_results(actor("Petra"), contest.id, "provisional")

    page = own_page(app, contest)

    # Theory 80 at 30 per cent, 9.5 + 10 of 20 at 70.
    assert "92.25" in page.text and "Provisional" in page.text
    assert "李四" not in page.text and "90.00" not in page.text
    assert 'content="noindex"' in page.text


def test_what_is_being_corrected_or_hidden_is_not_told(app, contest):
    results.publish_results(actor("Petra"), contest.id, "provisional")
    results.reopen_results(actor("Milan"), contest.id, "a slip")
    assert "92.25" not in own_page(app, contest).text

    results.publish_results(actor("Petra"), contest.id, "provisional", "slip mended")
    assert "92.25" in own_page(app, contest).text

    board.freeze_board(actor("Host"), contest.id, clock.now() - timedelta(minutes=1))
    assert "92.25" not in own_page(app, contest).text


def test_a_guessed_word_or_another_contest_is_missing(app, contest):
    other = factories.make_contest()
    token = db.session.query(Entrant).first().check_in_token

    assert app.test_client().get(f"/contests/{contest.id}/my-result/nothing").status_code == 404
    assert app.test_client().get(f"/contests/{other.id}/my-result/{token}").status_code == 404
    assert app.test_client().get(
        f"/contests/{contest.id}/my-result/{token}?stage=final"
    ).status_code == 404
