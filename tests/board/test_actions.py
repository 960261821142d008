from datetime import timedelta

import pytest
from sqlalchemy import select

from contest import clock, signals
from contest.audit.models import TrailRow
from contest.audit.work import Actor
from contest.board import actions, queries
from contest.db import db
from contest.errors import Conflict, Invalid
from tests import factories


def actor():
    return Actor(factories.make_user().id, "Olga")


def test_freezing_is_told_and_left_in_the_trail(app):
    contest, heard = factories.make_contest(), []

    with signals.board_changed.connected_to(lambda did, contest_id: heard.append((did, contest_id))):
        actions.freeze_board(actor(), contest.id)

    switch = queries.find_switch(contest.id)
    assert (switch.freeze_from, switch.version) == (clock.now(), 1)
    assert heard == [("board.freeze", contest.id)]
    assert db.session.scalars(select(TrailRow.did)).all() == ["board.freeze"]


def test_a_frozen_board_is_not_frozen_again(app):
    contest = factories.make_contest()
    actions.freeze_board(actor(), contest.id)

    with pytest.raises(Conflict):
        actions.freeze_board(actor(), contest.id)


def test_a_freeze_in_the_past_is_refused_and_nobody_is_told(app):
    contest, heard = factories.make_contest(), []

    with signals.board_changed.connected_to(lambda did, contest_id: heard.append(did)):
        with pytest.raises(Invalid):
            actions.freeze_board(actor(), contest.id, clock.now() - timedelta(hours=1))

    assert (heard, queries.find_switch(contest.id).version) == ([], 0)
    assert db.session.scalars(select(TrailRow)).all() == []


def test_a_freeze_that_has_not_begun_is_called_off(app):
    contest = factories.make_contest()
    actions.freeze_board(actor(), contest.id, clock.now() + timedelta(hours=1))

    actions.reveal_board(actor(), contest.id)

    assert queries.find_switch(contest.id).freeze_from is None


def test_a_board_can_be_frozen_again_after_the_reveal(app):
    contest = factories.make_contest()
    actions.freeze_board(actor(), contest.id)
    clock.stand_still(clock.now() + timedelta(minutes=1))
    actions.reveal_board(actor(), contest.id)
    assert queries.switches(contest.id, clock.now()).cutoff is None

    clock.stand_still(clock.now() + timedelta(minutes=1))
    actions.freeze_board(actor(), contest.id)

    assert queries.switches(contest.id, clock.now()).cutoff == clock.now()


def test_revealing_what_is_not_frozen_is_refused(app):
    contest = factories.make_contest()

    with pytest.raises(Conflict):
        actions.reveal_board(actor(), contest.id)


def test_the_board_is_opened_and_taken_away(app):
    contest = factories.make_contest()

    actions.open_board(actor(), contest.id, False)

    assert contest.is_public is False
    assert db.session.scalars(select(TrailRow.did)).all() == ["board.close"]
