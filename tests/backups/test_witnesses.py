"""Heads that leave the machine: whom they are sent to, when, and what the letter proves."""

from datetime import timedelta

import pytest

from contest import clock
from contest.audit.chain_queries import is_prefix
from contest.audit.chain_rules import Head, read_head
from contest.audit.models import TrailRow
from contest.audit.work import Actor, work
from contest.backups import witness_actions, witness_queries, witness_rules
from contest.backups.witness_models import HeadLetter
from contest.backups.witness_rules import Stand, occasion
from contest.db import db
from contest.errors import Conflict, Invalid
from tests import factories
from tests.conftest import NOON

SOMEBODY = Actor(None, "test")
HEAD = Head(5, b"\x07" * 32, NOON)


class Post:
    """Keeps what it is given, or fails as often as it is told to."""

    def __init__(self, failures=0):
        self.sent, self.failures = [], failures

    def send(self, to, subject, text):
        if self.failures:
            self.failures -= 1
            raise OSError("no way")
        self.sent.append((to, text))


@pytest.fixture
def contest(app):
    """A contest that is being scored, with one act on its chain and two witnesses."""
    contest = factories.make_contest(state="scoring")
    with work(SOMEBODY, "test.act", contest_id=contest.id):
        pass
    for name in ("Wang", "Li"):
        witness_actions.add_witness(SOMEBODY, contest.id, name, f"{name.lower()}@example.org")
    return contest


def wait(**how):
    clock.stand_still(clock.now() + timedelta(**how))


def letter(state="scoring", publications=0, ago=timedelta(0)):
    return HeadLetter(state=state, publications=publications, seq=1, at=NOON - ago)


@pytest.mark.parametrize(("stand", "last", "wanted"), [
    pytest.param(Stand("scoring", 0, None), None, None, id="nothing was done yet"),
    pytest.param(Stand("setup", 0, HEAD), None, None, id="nothing is marked yet"),
    pytest.param(Stand("scoring", 0, HEAD), None, "hour", id="the first"),
    pytest.param(Stand("scoring", 0, HEAD), letter(ago=timedelta(minutes=59)), None, id="lately"),
    pytest.param(Stand("scoring", 0, HEAD), letter(ago=timedelta(hours=1)), "hour", id="an hour later"),
    pytest.param(Stand("provisional", 1, HEAD), letter(), "publication", id="published a moment later"),
    pytest.param(Stand("provisional", 1, HEAD), letter("provisional", 1), None, id="told of it already"),
    pytest.param(Stand("final", 2, HEAD), letter("provisional", 1), "publication", id="published again"),
    pytest.param(Stand("archived", 2, HEAD), letter("final", 2), "close", id="closed"),
    pytest.param(Stand("archived", 2, HEAD), letter("archived", 2), None, id="told that it is closed"),
])
def test_when_a_head_is_sent(stand, last, wanted):
    assert occasion(stand, last, NOON) == wanted


def test_every_witness_gets_the_same_head_and_it_is_on_the_chain(contest):
    post = Post()

    assert witness_actions.tell_witnesses(post) == 2

    assert [to for to, _ in post.sent] == ["wang@example.org", "li@example.org"]
    heads = {text.split("--head ")[1].strip() for _, text in post.sent}
    [shown] = heads
    assert is_prefix(contest.id, *read_head(shown))
    rows = db.session.query(TrailRow).filter_by(did="witness.tell").all()
    assert [(row.subject, row.facts["seq"]) for row in rows] == [
        ("Wang", read_head(shown)[0]), ("Li", read_head(shown)[0])
    ]


def test_nothing_is_sent_twice_and_the_next_hour_brings_the_next(contest):
    post = Post()
    witness_actions.tell_witnesses(post)

    assert witness_actions.tell_witnesses(post) == 0
    wait(minutes=59)
    assert witness_actions.tell_witnesses(post) == 0
    wait(minutes=1)
    assert witness_actions.tell_witnesses(post) == 2


def test_a_letter_that_could_not_be_sent_waits_and_goes_unchanged(contest):
    """Meanwhile more is done: the head of the hour stays the one of the hour."""
    post = Post(failures=2)
    assert witness_actions.tell_witnesses(post) == 0
    with work(SOMEBODY, "test.more", contest_id=contest.id):
        pass
    assert witness_actions.tell_witnesses(post) == 0  # not before a minute is over
    wait(minutes=1)

    assert witness_actions.tell_witnesses(post) == 2

    letters = witness_queries.list_letters(contest.id)
    assert [(row.tries, row.sent_at) for row, _ in letters] == [(2, clock.now())] * 2
    assert {f"{row.seq}:{row.hash}" for row, _ in letters} == {
        text.split("--head ")[1].strip() for _, text in post.sent
    }


def test_without_a_way_of_sending_letters_are_written_and_wait(contest):
    assert witness_actions.tell_witnesses(None) == 0

    assert [row.sent_at for row, _ in witness_queries.list_letters(contest.id)] == [None, None]


def test_whoever_is_taken_off_the_list_gets_nothing_more(contest):
    witness_actions.tell_witnesses(None)
    first, _ = witness_queries.list_witnesses(contest.id)
    witness_actions.end_witness(SOMEBODY, contest.id, first.id)
    post = Post()

    witness_actions.tell_witnesses(post)

    assert [to for to, _ in post.sent] == ["li@example.org"]


@pytest.mark.parametrize("address", ["", "nobody", "a@b@c", "a b@example.org", "x@example..org",
                                     "a@example.org\nBcc: b@example.org"])
def test_an_address_that_is_none_is_refused(address):
    with pytest.raises(Invalid):
        witness_rules.read_address(address)


def test_an_address_is_named_once(contest):
    with pytest.raises(Conflict):
        witness_actions.add_witness(SOMEBODY, contest.id, "Wang again", "WANG@example.org")


def test_the_organiser_names_witnesses_on_the_chains_page(contest, as_role):
    browser = as_role("organiser", contest)
    address = f"/contests/{contest.id}/chain/witnesses"

    assert browser.post(address, data={"name": "Zhao", "address": "nobody"}).status_code == 422
    browser.post(address, data={"name": "Zhao", "address": "zhao@example.org"})

    page = browser.get(address).get_data(as_text=True)
    assert "zhao@example.org" in page
    assert [one.name for one in witness_queries.list_witnesses(contest.id)] == ["Wang", "Li", "Zhao"]
    assert address in browser.get(f"/contests/{contest.id}/chain").get_data(as_text=True)
    supervisor = as_role("supervisor", contest)
    assert supervisor.get(address).status_code == 200
    assert supervisor.post(address, data={"name": "X", "address": "x@example.org"}).status_code == 403


@pytest.mark.parametrize("app", ["postgres"], indirect=True)
def test_heads_are_sent_from_postgresql_too(contest):
    assert witness_actions.tell_witnesses(Post()) == 2
