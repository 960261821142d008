"""The front page, the languages, and who is recognised."""

from datetime import timedelta

import pytest

from contest import clock
from contest.accounts import queries
from contest.accounts.models import AuthSession
from contest.audit.models import TrailRow
from contest.db import db
from tests import factories
from tests.conftest import NOON

ENGLISH = {"Accept-Language": "en"}


def text_of(answer):
    return answer.get_data(as_text=True)


def test_a_guest_sees_public_contests_only(client):
    factories.make_user()
    factories.make_contest(name_en="Open contest", place="Wuhu")
    factories.make_contest(name_en="Draft contest", state="setup")
    hidden = factories.make_contest(name_en="Hidden contest")
    hidden.is_public = False
    db.session.commit()

    page = text_of(client.get("/", headers=ENGLISH))

    assert "Open contest" in page
    assert "Wuhu" in page
    assert "Being held now" in page
    assert "Draft contest" not in page
    assert "Hidden contest" not in page


def test_a_new_installation_offers_its_set_up(client):
    assert 'href="/set-up"' in text_of(client.get("/"))
    factories.make_user()
    assert 'href="/set-up"' not in text_of(client.get("/"))


def test_the_front_page_speaks_the_browsers_language_else_chinese(client):
    assert 'lang="en"' in text_of(client.get("/", headers=ENGLISH))
    assert 'lang="zh-CN"' in text_of(client.get("/", headers={"Accept-Language": "fr"}))


def test_a_judge_sees_only_the_own_contest(as_role):
    contest = factories.make_contest(name_en="Mine")
    factories.make_contest(name_en="Another")

    page = text_of(as_role("judge", contest).get("/"))

    assert "Mine" in page
    assert "Another" not in page
    assert f'href="/contests/{contest.id}/trail"' not in page
    assert 'href="/accounts"' not in page


def test_an_organiser_of_everything_sees_every_contest_and_the_accounts(as_role):
    contest = factories.make_contest(name_en="Somebody's", state="setup")

    page = text_of(as_role("organiser").get("/"))

    assert "Somebody&#39;s" in page
    assert f'href="/contests/{contest.id}/trail"' in page
    assert 'href="/accounts"' in page


def test_somebody_without_a_role_is_told_so(app):
    browser = factories.browser_of(app, factories.make_user())

    assert "You hold no role in a contest." in text_of(browser.get("/"))


def test_a_language_is_chosen_for_the_browser_and_kept_for_the_person(app):
    user = factories.make_user()
    browser = factories.browser_of(app, user)

    answer = browser.post("/language", data={"language": "zh", "next": "/my/account"})

    assert answer.status_code == 303
    assert answer.location == "/my/account"
    assert queries.get_user(user.id).language == "zh"
    assert 'lang="zh-CN"' in text_of(browser.get("/"))


def test_a_guest_keeps_the_language_too(client):
    client.post("/language", data={"language": "en", "next": "/"})

    assert 'lang="en"' in text_of(client.get("/", headers={"Accept-Language": "zh"}))


def test_an_unknown_language_is_refused_and_nothing_changes(app):
    user = factories.make_user(language="zh")
    answer = factories.browser_of(app, user).post("/language", data={"language": "de"})

    assert answer.status_code == 422
    assert queries.get_user(user.id).language == "zh"
    assert db.session.query(TrailRow).count() == 0


@pytest.mark.parametrize("goal", ["https://evil.example/", "//evil.example", "/\\evil.example", ""])
def test_after_choosing_a_language_nobody_is_led_elsewhere(client, goal):
    answer = client.post("/language", data={"language": "en", "next": goal})

    assert answer.location == "/"


def test_being_seen_is_noted_when_a_minute_has_passed(app):
    browser = factories.browser_of(app, factories.make_user())
    clock.stand_still(NOON + timedelta(seconds=61))

    browser.get("/")

    assert db.session.query(AuthSession).one().last_seen_at == NOON + timedelta(seconds=61)


def test_a_session_that_ended_leads_to_a_page_that_says_so(app):
    browser = factories.browser_of(app, factories.make_user())
    clock.stand_still(NOON + timedelta(days=2))

    answer = browser.get("/my/account", follow_redirects=True)

    assert "Your session has ended." in text_of(answer)
    assert "Your session has ended." not in text_of(browser.get("/sign-in"))


def test_a_forged_token_is_nobody(client):
    factories.make_user()
    with client.session_transaction() as session:
        session["entry"] = "made up"

    assert client.get("/my/account").status_code == 303


# Files, and pages that the pages offered lead to.
FOUND_ELSEWHERE = {
    "people.download_roster", "people.show_admission_cards", "results.download_ledger",
    "setup.choose_comparison", "audit.show_head_code", "checks.print_list", "setup.show_settling",
    "awards.show_sample", "awards.show_decisions", "awards.show_nomination", "awards.download_pack",
    "selection.show_list",
}


def test_the_supervisors_home_offers_every_page_that_may_be_read(app, as_role):
    contest = factories.make_contest()
    supervisor = as_role("supervisor", contest)
    home = supervisor.get("/").text
    pages = {
        rule.endpoint: rule.rule.replace("<int:contest_id>", str(contest.id))
        for rule in app.url_map.iter_rules()
        if "GET" in rule.methods and rule.arguments == {"contest_id"}
        and not rule.endpoint.startswith("api.")  # a program's addresses stand in its description
        and "supervisor" in getattr(app.view_functions[rule.endpoint], "guard", ())
    }

    assert len(pages) > 15
    for endpoint, address in pages.items():
        if endpoint not in FOUND_ELSEWHERE:
            assert f'href="{address}"' in home, endpoint
            assert supervisor.get(address).status_code == 200, endpoint
