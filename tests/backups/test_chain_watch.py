"""A row that is changed past the program is found within minutes, whatever the contest is doing."""

from datetime import timedelta

import pytest

from contest import clock, serving
from contest.audit.chain_models import ChainCheck
from contest.audit.models import TrailRow
from contest.backups import chain_watch
from contest.db import db, writing
from contest.setup.models import Contest
from tests import factories
from tests.audit.tampering import drop_guards, make_chain, run
from tests.test_serving import environment  # noqa: F401
from tests.webhooks.scenes import wait_until

BOTH = pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)
HIGHER = "UPDATE sheet_revision SET marks = '{\"A1\": \"10\"}' WHERE contest_id = :contest AND rev = 2"


def checks(contest_id):
    return db.session.query(ChainCheck).filter_by(contest_id=contest_id).order_by(ChainCheck.id).all()


def broken():
    # Who looks again and again takes nobody's turn: the other process has to write meanwhile.
    db.session.rollback()
    with writing(False):
        found = db.session.query(TrailRow).filter_by(did="chain.broken").count()
        db.session.rollback()
    return found


def pass_time(**span):
    clock.stand_still(clock.now() + timedelta(**span))


@BOTH
@pytest.mark.parametrize("state", ["scoring", "review", "notice"])
def test_it_is_looked_at_each_start_and_every_five_minutes(app, state):
    contest_id, looked = make_chain(5, state), {}
    factories.make_contest()  # nothing has happened in it yet

    assert chain_watch.watch(looked) == [contest_id]
    assert chain_watch.watch(looked) == []
    drop_guards()
    run(HIGHER, contest=contest_id)
    pass_time(minutes=4)
    assert chain_watch.watch(looked) == []
    assert broken() == 0
    pass_time(minutes=1)
    assert chain_watch.watch(looked) == [contest_id]
    assert broken() == 1
    pass_time(minutes=5)
    chain_watch.watch(looked)
    assert broken() == 1, "what is known is not told again"
    assert chain_watch.watch({}) == [contest_id]


def test_what_says_nothing_new_is_kept_once_an_hour(app):
    contest_id, looked = make_chain(3), {}
    for _ in range(14):
        chain_watch.watch(looked)
        pass_time(minutes=5)
    assert [check.by for check in checks(contest_id)] == ["background"] * 2


def test_final_results_are_looked_at_once_a_day_and_an_archive_at_each_start(app):
    contest_id, looked = make_chain(3, "final"), {}
    assert chain_watch.watch(looked) == [contest_id]
    pass_time(hours=23)
    assert chain_watch.watch(looked) == []
    pass_time(hours=1)
    assert chain_watch.watch(looked) == [contest_id]
    db.session.get(Contest, contest_id).state = "archived"
    db.session.commit()
    pass_time(days=30)
    assert chain_watch.watch(looked) == []
    assert chain_watch.watch({}) == [contest_id]


@BOTH
def test_the_process_beside_the_servers_finds_it(app, environment):  # noqa: F811
    contest_id = make_chain(5, "review")
    drop_guards()
    run(HIGHER, contest=contest_id)
    db.session.remove()

    child = serving._start(["chains"], environment)
    try:
        wait_until(lambda: broken() == 1)
    finally:
        serving.stop([child])
