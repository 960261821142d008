"""That something changed is told at once, by datagram or by Redis, and never holds anybody up."""

import asyncio
import os
import socket
import uuid

import pytest
import redis

from contest import signals
from contest.audit.work import Actor
from contest.board import actions, listening
from contest.serving import free_datagram_port
from tests import factories
from tests.loops import run_apart

SERVER = os.environ.get("CONTEST_TEST_REDIS", "redis://127.0.0.1:6379/0")


@pytest.fixture
def heard_port(app):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ear:
        ear.bind(("127.0.0.1", 0))
        ear.settimeout(10)
        app.config["NUDGE_PORT"] = ear.getsockname()[1]
        yield ear
        app.config["NUDGE_PORT"] = 0


@pytest.fixture
def redis_settings():
    """The settings of a channel of this test's own."""
    try:
        redis.Redis.from_url(SERVER, socket_connect_timeout=2).ping()
    except redis.RedisError:
        pytest.skip(f"Redis does not answer at {SERVER}, so its tests are skipped")
    return {"NUDGE_PORT": 0, "REDIS_URL": SERVER, "REDIS_CHANNEL": f"test-{uuid.uuid4().hex}"}


def test_a_switch_is_told_by_datagram(app, heard_port):
    contest = factories.make_contest()

    actions.open_board(Actor(None, "test"), contest.id, True)

    assert heard_port.recv(100) == str(contest.id).encode()


@pytest.mark.parametrize(
    "signal", [signals.marks_changed, signals.board_changed, signals.results_finalised]
)
def test_marks_switches_and_results_are_told(app, heard_port, signal):
    signal.send("test", contest_id=7)

    assert heard_port.recv(100) == b"7"


def test_nobody_listening_harms_nobody(app):
    app.config["NUDGE_PORT"] = free_datagram_port()
    contest = factories.make_contest()

    actions.open_board(Actor(None, "test"), contest.id, False)

    assert contest.is_public is False


def test_a_datagram_is_heard(app):
    async def run():
        heard, port = asyncio.Queue(), free_datagram_port()
        await listening.listen({"NUDGE_PORT": port, "REDIS_URL": ""}, heard.put_nowait)
        app.config["NUDGE_PORT"] = port
        signals.marks_changed.send("test", contest_id=12)
        async with asyncio.timeout(10):
            return await heard.get()

    assert run_apart(run()) == 12


def test_a_nudge_goes_through_redis(app, redis_settings):
    async def run():
        heard = asyncio.Queue()
        tasks = await listening.listen(redis_settings, heard.put_nowait)
        async with asyncio.timeout(30):
            assert await heard.get() == 0  # the subscription stands: look at everything once
            app.config.update(redis_settings)
            signals.marks_changed.send("test", contest_id=34)
            told = await heard.get()
        for task in tasks:
            task.cancel()
        return told

    assert run_apart(run()) == 34


@pytest.mark.parametrize("hangs", [False, True])
def test_a_judge_does_not_wait_for_a_redis_that_is_away(app, hangs):
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))  # nobody listens
        if hangs:
            deaf.listen()  # it takes connections, and never answers
        app.config.update(REDIS_URL=f"redis://127.0.0.1:{deaf.getsockname()[1]}/0", REDIS_CHANNEL="x")
        contest = factories.make_contest()

        actions.open_board(Actor(None, "test"), contest.id, False)

    assert contest.is_public is False
