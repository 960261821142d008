"""A union's own sign-in, against a provider that is a process of its own, honest and not."""

import json
import subprocess
import sys
import urllib.request
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from contest import clock, config, create_app
from contest.accounts.entry_models import OutsideIdentity
from contest.accounts.models import AuthSession, User
from contest.accounts.passwords import hash_secret
from contest.db import db
from contest.members import entry_actions, union, union_actions, union_routes
from contest.people.models import PersonAccount
from tests import factories
from tests.conftest import TEST_SETTINGS
from tests.members.conftest import english
from tests.members.union_provider import CLIENT, SECRET


@pytest.fixture(scope="module")
def running():
    """The address of the provider."""
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("union_provider.py"))], stdout=subprocess.PIPE,
        stdin=subprocess.DEVNULL, text=True,
    )
    yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
    process.terminate()
    process.wait(10)
    process.stdout.close()


@pytest.fixture
def provider(app, running, monkeypatch):
    """`provider(**wish)` tells it how to err; the application trusts it."""
    def wish(**values):
        data = json.dumps(values).encode()
        urllib.request.urlopen(urllib.request.Request(f"{running}/control", data), timeout=5).close()

    wish.address = running
    monkeypatch.setitem(app.config, "UNION", union.Union(running, CLIENT, SECRET, "云溪市总工会"))
    union.forget()
    union_routes.JOURNEYS.forget()
    wish()
    return wish


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def at_the_provider(address):
    """Sign in there as a browser would; the address (path and values) to which it is sent back."""
    try:
        urllib.request.build_opener(_NoRedirect).open(address, timeout=5)
    except urllib.error.HTTPError as sent_on:
        assert sent_on.code == 303
        found = urlsplit(sent_on.headers["Location"])
        return f"{found.path}?{found.query}"
    raise AssertionError("the provider did not send the browser back")


def travel(browser, start="/sign-in/union"):
    """From our page to the provider and back; our last answer."""
    sent = browser.get(start)
    assert sent.status_code == 303, sent.get_data(as_text=True)
    return browser.get(at_the_provider(sent.location))


@pytest.fixture
def tied(app, human, running):
    """An account that the provider's worker-17 opens."""
    user = factories.make_user("钟一")
    db.session.add_all([
        PersonAccount(user_id=user.id, human_id=human.id, linked_at=clock.now()),
        OutsideIdentity(issuer=running, subject="worker-17", user_id=user.id, at=clock.now()),
    ])
    db.session.commit()
    return user


def is_in(browser):
    return browser.get("/my").status_code == 200


def test_it_opens_the_page_of_whoever_is_tied(app, provider, tied):
    browser = app.test_client()
    assert travel(browser, "/sign-in/union?next=/my/data").location == "/my/data"
    assert is_in(browser)
    assert db.session.scalar(select(AuthSession.entered_by)) == "union"


def test_the_question_carries_pkce_state_and_nonce(app, provider, client):
    asked = parse_qs(urlsplit(client.get("/sign-in/union").location).query)
    again = parse_qs(urlsplit(client.get("/sign-in/union").location).query)
    assert asked["code_challenge_method"] == ["S256"] and asked["response_type"] == ["code"]
    assert asked["scope"] == ["openid"] and asked["client_id"] == [CLIENT]
    for key in ("state", "nonce", "code_challenge"):
        assert len(asked[key][0]) >= 43 and asked[key] != again[key]


@pytest.mark.parametrize("wish", [
    {"header": {"alg": "none"}}, {"header": {"alg": "HS256"}}, {"header": {"alg": "RS1"}},
    {"header": {"kid": "unknown"}}, {"header": {"alg": "ES256"}}, {"foreign_key": True}, {"broken": True},
    {"claims": {"iss": "https://elsewhere.example"}}, {"claims": {"aud": "another"}},
    {"claims": {"aud": ["contest", "another"]}}, {"claims": {"azp": "another"}},
    {"claims": {"exp": 1_600_000_000}}, {"claims": {"exp": None}}, {"claims": {"iat": None}},
    {"claims": {"iat": 4_000_000_000}}, {"claims": {"nbf": 4_000_000_000}}, {"claims": {"sub": None}},
    {"claims": {"sub": ""}}, {"claims": {"sub": 17}}, {"claims": {"aud": None}},
    {"claims": {"nonce": "of another journey"}}, {"claims": {"nonce": None}},
    {"back": {"state": "guessed"}}, {"back": {"iss": "https://elsewhere.example"}},
    {"back": {"code": "guessed"}}, {"back": {"error": "access_denied"}},
    {"redirect": "http://127.0.0.1:9/"}, {"described": {"issuer": "https://elsewhere.example"}},
    {"described": {"token_endpoint": "http://elsewhere.example/token"}},
    {"described": {"jwks_uri": "file:///etc/passwd"}}, {"described": {"jwks_uri": None}},
], ids=lambda wish: json.dumps(wish)[:50])
def test_nobody_comes_in_when_anything_is_wrong(app, provider, tied, wish):
    if "described" not in wish or set(wish["described"]) & {"token_endpoint", "jwks_uri"}:
        browser = app.test_client()
        sent = browser.get("/sign-in/union")
        provider(**wish)
        union.forget()
        answer = browser.get(at_the_provider(sent.location))
    else:
        browser = app.test_client()
        provider(**wish)
        answer = browser.get("/sign-in/union")
    assert answer.status_code == 409
    assert not is_in(browser)
    assert db.session.scalar(select(AuthSession.id)) is None


def test_an_answer_works_once_and_in_its_own_browser(app, provider, tied):
    one, other = app.test_client(), app.test_client()
    back = at_the_provider(one.get("/sign-in/union").location)
    assert other.get(back).status_code == 409  # somebody was given another's link
    other.get("/sign-in/union")
    assert other.get(back).status_code == 409
    assert one.get(back).status_code == 303
    assert one.get(back).status_code == 409
    assert is_in(one) and not is_in(other)


def test_a_journey_of_more_than_ten_minutes_is_over(app, provider, tied):
    browser = app.test_client()
    back = at_the_provider(browser.get("/sign-in/union").location)
    clock.stand_still(clock.now() + timedelta(minutes=11))
    assert browser.get(back).status_code == 409


def test_a_changed_key_of_the_issuer_is_fetched(app, provider, tied):
    assert travel(app.test_client()).status_code == 303
    provider(change_key=True)
    assert travel(app.test_client()).status_code == 303


def test_a_stranger_is_told_and_gets_no_account(app, provider, human):
    answer = travel(english(app))
    assert answer.status_code == 409 and "tied to this sign-in" in answer.get_data(as_text=True)
    assert db.session.scalar(select(User.id)) is None


def test_an_invitation_is_taken_up_with_it(app, provider, human, keeper):
    token = entry_actions.invite(keeper, human.id)
    browser = app.test_client()
    assert f"/sign-in/union?token={token}" in browser.get(f"/join/{token}").get_data(as_text=True)

    answer = travel(browser, f"/sign-in/union?token={token}")
    assert answer.location == f"/join/{token}/union"
    assert 'type="password"' not in browser.get(answer.location).get_data(as_text=True)
    assert browser.post(answer.location, data={"login": "x"}).status_code == 422
    assert browser.post(answer.location, data={"login": "zhongyi"}).location == "/my"
    assert is_in(browser)

    another = app.test_client()
    assert travel(another).status_code == 303 and is_in(another)
    assert db.session.scalar(select(User.password_hash).filter_by(login="zhongyi")) is None


def test_what_was_proved_for_one_invitation_takes_no_other(app, provider, human, keeper):
    token = entry_actions.invite(keeper, human.id)
    browser = app.test_client()
    travel(browser, "/sign-in/union?token=another")
    assert browser.post(f"/join/{token}/union", data={"login": "zhongyi"}).status_code == 409
    assert app.test_client().post(f"/join/{token}/union", data={"login": "zhongyi"}).status_code == 409


PASSWORD = "ein langes Wort 7"


def with_password(name, human):
    """Somebody's account with a password of its own."""
    user = factories.make_user(name, password_hash=hash_secret(PASSWORD))
    db.session.add(PersonAccount(user_id=user.id, human_id=human.id, linked_at=clock.now()))
    db.session.commit()
    return user


@pytest.mark.parametrize("typed", [{}, {"word": ""}, {"word": "guessed"}])
def test_whoever_finds_the_screen_open_ties_nothing(app, provider, human, typed):
    browser = factories.browser_of(app, with_password("钟一", human))
    answer = browser.post("/my/union", data=typed)
    assert answer.status_code == 422
    assert provider.address not in answer.get_data(as_text=True)
    assert travel(browser).status_code == 409
    assert db.session.scalar(select(OutsideIdentity.id)) is None


def test_somebody_signed_in_ties_it_and_parts_it(app, provider, human):
    user = with_password("钟一", human)
    browser = factories.browser_of(app, user)
    page = browser.post("/my/union", data={"word": PASSWORD}).get_data(as_text=True)
    there = page.split('href="' + provider.address)[1].split('"')[0].replace("&amp;", "&")

    assert browser.get(at_the_provider(provider.address + there)).location == "/my/data"
    assert travel(app.test_client()).status_code == 303
    assert "opens your page no more" not in browser.post("/my/union/part").get_data(as_text=True)
    assert browser.post("/my/union/part", data={"word": "guessed"}).status_code == 422
    assert travel(app.test_client()).status_code == 303  # still tied
    assert browser.post("/my/union/part", data={"word": PASSWORD}).status_code == 303
    assert travel(app.test_client()).status_code == 409


def test_a_link_alone_ties_nothing(app, provider, human):
    """Somebody is led to the provider, signed in there as the attacker: their account stays theirs."""
    browser = factories.browser_of(app, factories.make_user("钟一"))
    assert browser.get("/my/union").status_code == 405
    assert travel(browser).status_code == 409
    assert db.session.scalar(select(OutsideIdentity.id)) is None


def test_one_sign_in_opens_one_account(app, provider, tied):
    user = factories.make_user("华二")
    with pytest.raises(Exception, match="opens an account already"):
        union_actions.link(factories.person_of(user), union.Identity(provider.address, "worker-17"))


def test_the_last_way_in_is_not_taken_away(app, provider, tied):
    browser = factories.browser_of(app, tied)
    tied.password_hash = None
    db.session.commit()
    assert browser.post("/my/union/part").status_code == 409


def test_a_switched_off_account_stays_shut(app, provider, tied):
    tied.is_active = False
    db.session.commit()
    assert travel(app.test_client()).status_code == 403


def test_a_provider_that_is_away_is_told(app, provider, monkeypatch):
    monkeypatch.setitem(app.config, "UNION", union.Union("http://127.0.0.1:9", CLIENT, "", "away"))
    answer = english(app).get("/sign-in/union")
    assert answer.status_code == 409 and "does not answer" in answer.get_data(as_text=True)


def test_without_one_there_is_no_door(app, client):
    assert client.get("/sign-in/union").status_code == 404
    assert "/sign-in/union" not in client.get("/sign-in").get_data(as_text=True)


@pytest.mark.parametrize("issuer", ["http://sso.example.org", "ftp://x", "sso.example.org", "https://"])
def test_an_issuer_in_the_open_is_refused_at_the_start(issuer, monkeypatch):
    monkeypatch.setenv("CONTEST_OIDC_ISSUER", issuer)
    monkeypatch.setenv("CONTEST_OIDC_CLIENT", "contest")
    with pytest.raises(config.BadSetting):
        create_app(**TEST_SETTINGS)
