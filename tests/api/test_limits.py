"""Whoever asks for too much waits, told for how long; what judges send is never counted."""

import pytest

from contest import create_app
from contest.api import limits
from contest.guess_limit import GuessLimit
from tests import factories

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture(autouse=True)
def few(monkeypatch):
    """Two of each kind in a minute."""
    for kind in limits.LIMITS:
        monkeypatch.setitem(limits.LIMITS, kind, GuessLimit(2, limits.WINDOW, lambda: 1000.0))


def asked(browser, address, times=3, **more):
    return [browser.get(address, headers={**ENGLISH, **more}) for _ in range(times)]


def test_a_guest_of_the_api_waits_and_is_told_for_how_long(app, client):
    contest = factories.make_contest()

    first, second, third = asked(client, f"/api/v1/boards/{contest.slug}")

    assert (first.status_code, second.status_code, third.status_code) == (200, 200, 429)
    assert third.headers["Retry-After"] == "60"
    assert third.json["error"] == {
        "code": "too_many", "fields": {},
        "message": "Too much was asked for at once. Try again in 60 seconds.",
    }


def test_each_address_is_counted_by_itself(app, client):
    address = f"/api/v1/boards/{factories.make_contest().slug}"
    asked(client, address)

    answer = client.get(address, environ_overrides={"REMOTE_ADDR": "10.0.0.7"})

    assert answer.status_code == 200


def test_exports_are_counted_by_person(app, as_role):
    contest = factories.make_contest()
    one, other = as_role("organiser", contest), as_role("organiser", contest)
    address = f"/contests/{contest.id}/entrants.xlsx"

    answers = asked(one, address)

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert "Try again in 60 seconds" in answers[2].get_data(as_text=True)
    assert answers[2].headers["Retry-After"] == "60"
    assert other.get(address).status_code == 200
    assert one.get(f"/contests/{contest.id}/entrants").status_code == 200


def test_guests_leaf_through_the_register_so_far(app, client, as_role):
    address = "/register"
    assert [answer.status_code for answer in asked(client, address)] == [200, 200, 429]
    desk = as_role("curator")
    assert [answer.status_code for answer in asked(desk, address)] == [200, 200, 200]


def test_what_a_judge_sends_and_fetches_is_never_counted(app, as_role):
    contest = factories.make_contest()
    judge = as_role("judge", contest)
    for _ in range(5):
        sent = judge.post("/api/v1/sheets/1/operations", json={}, headers={"X-Contest": "1"})
        assert sent.status_code not in (429, 401, 403)
        assert judge.get(f"/contests/{contest.id}/sheets").status_code != 429


def test_the_figures_are_those_of_the_documents():
    fresh = limits.new_limits()

    assert {kind: limit.most for kind, limit in fresh.items()} == {
        "token": 300, "guest": 120, "export": 60, "page": 600,
    }
    assert {limit.seconds for limit in fresh.values()} == {60}


def test_the_wait_ends_when_the_oldest_question_falls_out():
    at = [0.0]
    limit = GuessLimit(2, 60, lambda: at[0])
    limit.may_ask("a")
    at[0] = 20.5
    limit.may_ask("a")
    assert not limit.may_ask("a")

    assert limit.wait("a") == 40 and limit.wait("b") == 1
    at[0] = 60.5
    assert limit.may_ask("a")


@pytest.mark.parametrize(
    ("proxies", "named", "counted"),
    [
        (0, "203.0.113.9", "10.0.0.1"), (1, "1.1.1.1, 203.0.113.9", "203.0.113.9"),
        (2, "1.1.1.1, 203.0.113.9, 10.0.0.5", "203.0.113.9"), (1, "", "10.0.0.1"),
    ],
)
def test_the_office_counts_its_own_proxies(tmp_path, monkeypatch, proxies, named, counted):
    monkeypatch.setenv("CONTEST_DATA", str(tmp_path))
    monkeypatch.setenv("CONTEST_PROXIES", str(proxies))
    seen = []

    def listen(environ, start):
        seen.append(environ["REMOTE_ADDR"])
        start("200 OK", [])
        return [b""]

    app = create_app()
    inner = app.wsgi_app
    if proxies:
        inner.app = listen
    else:
        assert inner.__func__.__name__ == "wsgi_app"
        return
    environ = {"REMOTE_ADDR": "10.0.0.1"} | ({"HTTP_X_FORWARDED_FOR": named} if named else {})
    inner(environ, lambda *_: None)

    assert seen == [counted]


def test_the_description_says_so_of_every_operation_but_the_tablets_door(app, client):
    described = {
        operation["operationId"]: operation["responses"].get("429")
        for ways in client.get("/api/v1/openapi.json").json["paths"].values()
        for operation in ways.values()
    }

    assert described.pop("post_operation") is None
    assert all("Retry-After" in answer["headers"] for answer in described.values())
