import pytest

from contest.accounts import actions, queries, tickets
from contest.accounts.passwords import hash_secret
from contest.audit.models import TrailRow
from contest.db import db
from tests import factories

ENGLISH = {"Accept-Language": "en"}
OWN = {
    "login": "wang", "name": "王建国",
    "password": "correct horse", "password_again": "correct horse",
}


@pytest.fixture
def wang(app):
    return factories.make_user("王建国", login="wang", password_hash=hash_secret("correct horse"))


@pytest.fixture
def invitation(app):
    contest = factories.make_contest(name_en="Cement contest")
    unit = factories.make_organisation("芜湖水泥")
    token = tickets.new_invitation(contest.id, unit.id)
    db.session.commit()
    return contest, token


def text_of(answer):
    return answer.get_data(as_text=True)


def sign_in(client, **changes):
    form = {"login": "wang", "password": "correct horse", **changes}
    return client.post("/sign-in", data=form, headers=ENGLISH)


def test_signing_in_leads_to_the_page_that_was_asked_for(client, wang):
    asked = client.get("/my/account?x=1")
    assert asked.status_code == 303
    assert asked.location == "/sign-in?next=/my/account?x%3D1"
    assert 'value="/my/account?x=1"' in text_of(client.get(asked.location))

    answer = sign_in(client, next="/my/account?x=1")

    assert answer.status_code == 303
    assert answer.location == "/my/account?x=1"
    assert client.get("/my/account").status_code == 200


@pytest.mark.parametrize(
    "goal", ["https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example", "x"]
)
def test_signing_in_never_leads_elsewhere(client, wang, goal):
    assert sign_in(client, next=goal).location == "/"


def test_a_wrong_password_brings_the_form_back_with_the_login_but_not_the_password(client, wang):
    answer = sign_in(client, password="wrong horse")

    assert answer.status_code == 422
    assert "The login or the password is wrong." in text_of(answer)
    assert 'value="wang"' in text_of(answer)
    assert "wrong horse" not in text_of(answer)
    assert client.get("/my/account").status_code == 303


def test_too_many_failures_say_when_to_try_again(client, wang):
    for _ in range(5):
        answer = sign_in(client, password="wrong horse")

    assert "Try again in 30 seconds." in text_of(answer)


def test_the_cookie_of_before_is_worth_nothing_afterwards(app, client, wang):
    sign_in(client)
    with client.session_transaction() as session:
        first = session["entry"]
    sign_in(client)

    assert queries.find_person(first) is None
    assert len(queries.list_sessions(wang.id)) == 1


def test_signing_out_ends_the_session(client, wang):
    sign_in(client)

    assert client.post("/sign-out").location == "/"
    assert client.get("/my/account").status_code == 303
    assert queries.list_sessions(wang.id) == []
    assert client.post("/sign-out").status_code == 303


def test_signing_out_is_never_done_by_following_a_link(client, wang):
    sign_in(client)

    assert client.get("/sign-out").status_code == 405
    assert client.get("/my/account").status_code == 200


def test_an_empty_installation_is_set_up_once(client):
    code = actions.issue_set_up_code()
    assert client.get("/sign-in").location == "/set-up"
    assert client.get("/set-up").status_code == 200

    answer = client.post("/set-up", data={**OWN, "code": code})

    assert answer.location == "/"
    assert client.get("/accounts").status_code == 200
    assert client.get("/set-up").status_code == 409
    assert client.post("/set-up", data={**OWN, "code": code, "login": "li-jd"}).status_code == 409
    assert queries.find_user("li-jd") is None


def test_a_wrong_set_up_brings_everything_back_but_the_passwords(client):
    actions.issue_set_up_code()

    form = {**OWN, "code": "AAAA-BBBB-CCCC"}
    answer = client.post("/set-up", data=form, headers=ENGLISH)

    page = text_of(answer)
    assert answer.status_code == 422
    assert "This is not the set-up code" in page
    assert 'value="AAAA-BBBB-CCCC"' in page
    assert 'value="王建国"' in page
    assert "correct horse" not in page
    assert not queries.has_any_user()


def test_a_card_opens_the_pin_page_and_the_pin_the_session(app, client):
    contest = factories.make_contest()
    judge = factories.make_user("赵明")
    factories.make_grant(judge, "judge", contest)
    token, pin = tickets.new_card(judge), tickets.new_pin(judge)
    db.session.commit()

    page = client.get(f"/enter/{token}")
    assert page.status_code == 200
    assert "赵明" in text_of(page)

    answer = client.post(f"/enter/{token}", data={"pin": pin})
    assert answer.status_code == 303
    assert client.get("/my/account").status_code == 200
    assert "Expires=" in answer.headers["Set-Cookie"]  # a restarted tablet stays signed in


def test_a_wrong_pin_is_refused_on_the_same_page(app, client):
    judge = factories.make_user("赵明")
    token, pin = tickets.new_card(judge), tickets.new_pin(judge)
    db.session.commit()

    answer = client.post(f"/enter/{token}", data={"pin": "x" + pin}, headers=ENGLISH)

    assert answer.status_code == 422
    assert "The PIN is wrong." in text_of(answer)
    assert client.get("/my/account").status_code == 303


def test_a_card_taken_back_says_so_and_an_unknown_one_is_missing(app, client):
    judge = factories.make_user()
    token = tickets.new_card(judge)
    tickets.new_card(judge)
    db.session.commit()

    answer = client.get(f"/enter/{token}", headers=ENGLISH)

    assert answer.status_code == 403
    assert "This card no longer works." in text_of(answer)
    assert client.get("/enter/unknown").status_code == 404


def test_an_invitation_shows_contest_and_unit_and_makes_the_account(client, invitation):
    contest, token = invitation
    page = text_of(client.get(f"/invitation/{token}", headers=ENGLISH))
    assert "Cement contest" in page
    assert "芜湖水泥" in page

    answer = client.post(f"/invitation/{token}", data=OWN)

    assert answer.location == "/"
    person = factories.person_of(queries.find_user("wang"))
    assert person.has_role("contact", contest.id)
    again = client.get(f"/invitation/{token}", headers=ENGLISH)
    assert again.status_code == 409
    assert "has been used" in text_of(again)


def test_a_bad_account_leaves_the_invitation_open(client, invitation):
    _, token = invitation

    answer = client.post(
        f"/invitation/{token}", data={**OWN, "password": "12345678"}, headers=ENGLISH
    )

    assert answer.status_code == 422
    assert "among the first that anybody would try" in text_of(answer)
    assert queries.find_invitation(token).used_by_id is None
    assert db.session.query(TrailRow).count() == 0


def test_an_unknown_invitation_is_missing(client):
    assert client.get("/invitation/unknown").status_code == 404
    assert client.post("/invitation/unknown", data=OWN).status_code == 404


def test_somebody_signed_in_accepts_with_one_button(app, invitation, wang):
    contest, token = invitation
    browser = factories.browser_of(app, wang)
    assert "Accept with this account" in text_of(browser.get(f"/invitation/{token}"))

    assert browser.post(f"/invitation/{token}/take").status_code == 303
    assert factories.person_of(wang).has_role("contact", contest.id)


def test_a_guest_cannot_take_an_invitation_without_an_account(client, invitation):
    _, token = invitation

    assert client.post(f"/invitation/{token}/take").location == "/sign-in"
    assert queries.find_invitation(token).used_by_id is None


@pytest.mark.parametrize(
    ("roles", "cleared"),
    [(("organiser",), '"cache"'), (("judge",), None), (("chief_judge", "judge"), None)],
)
def test_signing_out_clears_what_the_browser_keeps_but_never_on_a_judges_tablet(app, roles, cleared):
    contest, user = factories.make_contest(), factories.make_user()
    for role in roles:
        factories.make_grant(user, role, contest)

    answer = factories.browser_of(app, user).post("/sign-out")

    assert answer.headers.get("Clear-Site-Data") == cleared
    assert app.test_client().post("/sign-out").headers.get("Clear-Site-Data") is None
