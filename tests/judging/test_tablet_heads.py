"""Tablets as witnesses of the chain."""

import pytest

from contest.audit import chain_checks
from contest.audit.chain_models import ChainWitness
from contest.audit.chain_queries import find_head
from contest.audit.models import TrailRow
from contest.db import db
from tests import factories
from tests.audit.tampering import drop_guards, run
from tests.judging.panels import make_panel
from tests.judging.tablets import beat, made, send


@pytest.fixture
def panel(app):
    chain_checks._kept.clear()
    return make_panel()


@pytest.fixture
def tablet(app, panel):
    return factories.browser_of(app, db.session.get(factories.User, panel.judges[0].user_id))


def shown(head):
    return [{"contest": head["contest"], "seq": head["seq"], "hash": head["hash"]}]


def test_an_answer_carries_the_head_that_the_operation_is_part_of(tablet, panel):
    body = made(1)

    head = send(tablet, panel.sheet().id, body).json["head"]
    again = send(tablet, panel.sheet().id, body).json["head"]

    now = find_head(panel.contest.id)
    assert head == again
    assert (head["contest"], head["seq"], head["hash"]) == (panel.contest.id, now.seq, now.hash.hex())


def test_a_tablet_shows_its_head_and_is_a_witness_once_a_minute(tablet, panel):
    head = send(tablet, panel.sheet().id, made(1)).json["head"]

    for _ in range(2):
        assert beat(tablet, heads=shown(head)).status_code == 200

    seen = db.session.query(ChainWitness).one()
    assert (seen.seq, seen.fits, seen.source, seen.device) == (head["seq"], True, "tablet", "7F3K")


def test_a_tail_that_was_cut_is_told_by_the_tablet_and_refuses_it_nothing(tablet, panel):
    send(tablet, panel.sheet().id, made(1))
    head = send(tablet, panel.sheet().id, made(2, base_rev=1)).json["head"]
    drop_guards()
    run("DELETE FROM chain_link WHERE contest_id = :contest AND seq > :seq",
        contest=panel.contest.id, seq=head["seq"] - 2)

    for _ in range(2):
        assert beat(tablet, heads=shown(head)).status_code == 200

    assert db.session.query(ChainWitness).one().fits is False
    assert db.session.query(TrailRow).filter_by(did="chain.misfit").count() == 1


def test_a_judge_of_another_contest_is_no_witness_here(app, panel):
    stranger = factories.make_judge(factories.make_contest())
    tablet = factories.browser_of(app, db.session.get(factories.User, stranger.user_id))

    beat(tablet, heads=[{"contest": panel.contest.id, "seq": 1, "hash": "0" * 64}])

    assert db.session.query(ChainWitness).count() == 0
