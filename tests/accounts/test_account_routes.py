import re
from base64 import b64decode

import pytest

from contest.accounts import actions, queries
from contest.accounts.models import Card
from contest.accounts.passwords import hash_secret
from contest.audit.models import TrailRow
from contest.db import db
from tests import factories
from tests.documents.paper_text import pages_of

ACTS = ["roles", "password", "card", "card/revoke", "switch", "sessions/1/end"]


@pytest.fixture
def contest(app):
    return factories.make_contest(name_en="Cement contest")


@pytest.fixture
def organiser(as_role, contest):
    return as_role("organiser", contest)


@pytest.fixture
def judge(contest):
    user = factories.make_user("Jana", login="jana")
    factories.make_grant(user, "judge", contest)
    return user


def text_of(answer):
    return answer.get_data(as_text=True)


def secret_in(answer):
    return re.search(r'class="secret-word code">([^<]+)<', text_of(answer)).group(1)


def test_the_list_shows_this_contests_people_and_seeks_them(organiser, contest, judge):
    other = factories.make_user("Milan elsewhere")
    factories.make_grant(other, "judge", factories.make_contest())
    address = f"/contests/{contest.id}/accounts"

    page = text_of(organiser.get(address))
    found = text_of(organiser.get(address + "?text=JAN"))
    none = text_of(organiser.get(address + "?text=%25"))

    assert "Jana" in page
    assert "Milan" not in page
    assert "Jana" in found
    assert "Nobody of that name or login" in none


def test_page_and_piece_agree(organiser, contest, judge):
    address = f"/contests/{contest.id}/accounts?text=jana"

    piece = text_of(organiser.get(address, headers={"HX-Request": "true"}))

    assert piece.strip().startswith('<div id="account-lines"')
    assert piece.strip() in text_of(organiser.get(address))


def test_the_whole_list_is_for_organisers_of_everything(as_role, organiser, judge):
    assert "Jana" in text_of(as_role("organiser").get("/accounts"))
    assert organiser.get("/accounts").status_code == 403


def test_a_person_is_added_and_the_password_shown_once(client, organiser, contest):
    form = {"login": "li-jd", "name": "李监督", "roles": ["supervisor", "clerk"]}

    answer = organiser.post(f"/contests/{contest.id}/accounts/new", data=form)

    assert answer.status_code == 201
    password = secret_in(answer)
    user = queries.find_user("li-jd")
    assert password not in text_of(organiser.get(f"/contests/{contest.id}/accounts/{user.id}"))
    signed_in = client.post("/sign-in", data={"login": "li-jd", "password": password})
    assert signed_in.status_code == 303


def test_a_bad_person_comes_back_with_what_was_typed(organiser, contest):
    form = {"login": "x", "name": "李监督", "roles": ["supervisor"]}

    answer = organiser.post(f"/contests/{contest.id}/accounts/new", data=form)

    page = text_of(answer)
    assert answer.status_code == 422
    assert 'value="李监督"' in page
    assert re.search(r'value="supervisor" checked', page)
    assert "The login must have 2 to 40" in page
    assert db.session.query(TrailRow).count() == 0


def test_an_account_that_exists_gets_the_roles_without_a_new_password(organiser, contest, judge):
    form = {"login": "jana", "name": "Jana", "roles": ["clerk"]}

    answer = organiser.post(f"/contests/{contest.id}/accounts/new", data=form)

    assert answer.location == f"/contests/{contest.id}/accounts/{judge.id}"
    assert queries.roles_of(judge, contest.id) == ("judge", "clerk")


def test_roles_are_changed_and_taking_the_last_leads_back_to_the_list(organiser, contest, judge):
    address = f"/contests/{contest.id}/accounts/{judge.id}"

    answer = organiser.post(address + "/roles", data={"roles": ["judge", "chief_judge"]})
    assert answer.location == address
    assert queries.roles_of(judge, contest.id) == ("judge", "chief_judge")

    answer = organiser.post(address + "/roles")
    assert answer.location == f"/contests/{contest.id}/accounts"
    assert organiser.get(address).status_code == 404


def test_a_role_that_does_not_exist_is_refused(organiser, contest, judge):
    address = f"/contests/{contest.id}/accounts/{judge.id}/roles"
    answer = organiser.post(address, data={"roles": ["king"]})

    assert answer.status_code == 422
    assert queries.roles_of(judge, contest.id) == ("judge",)


def test_a_new_card_is_shown_once_and_opens(client, organiser, contest, judge):
    address = f"/contests/{contest.id}/accounts/{judge.id}"

    answer = organiser.post(address + "/card")

    pin = secret_in(answer)
    card_at = re.search(r"http://localhost(/enter/[\w-]+)", text_of(answer)).group(1)
    assert 'src="data:image/svg+xml;base64,' in text_of(answer)
    assert card_at not in text_of(organiser.get(address))
    assert client.post(card_at, data={"pin": pin}).status_code == 303

    organiser.post(address + "/card/revoke")
    assert client.get(card_at).status_code == 403


def test_a_new_password_is_shown_once(client, organiser, contest, judge):
    address = f"/contests/{contest.id}/accounts/{judge.id}"

    password = secret_in(organiser.post(address + "/password"))

    assert password not in text_of(organiser.get(address))
    answer = client.post("/sign-in", data={"login": "jana", "password": password})
    assert answer.location == "/"


def test_an_account_is_switched_off_and_on(app, organiser, contest, judge):
    browser = factories.browser_of(app, judge)
    address = f"/contests/{contest.id}/accounts/{judge.id}"

    organiser.post(address + "/switch", data={"to": "off"})
    assert browser.get("/my/account").status_code == 303

    organiser.post(address + "/switch", data={"to": "on"})
    assert queries.get_user(judge.id).is_active


def test_somebody_elses_device_is_signed_out(app, organiser, contest, judge):
    browser = factories.browser_of(app, judge)
    [session] = queries.list_sessions(judge.id)
    address = f"/contests/{contest.id}/accounts/{judge.id}"

    organiser.post(f"{address}/sessions/{session.id}/end")

    assert browser.get("/my/account").status_code == 303
    assert organiser.post(f"{address}/sessions/{session.id}/end").status_code == 404


@pytest.mark.parametrize("act", ACTS)
def test_a_judge_a_guest_and_another_contests_organiser_are_refused(
    client, as_role, contest, judge, act
):
    address = f"/contests/{contest.id}/accounts/{judge.id}/{act}"

    assert client.post(address).location == "/sign-in"
    assert as_role("judge", contest).post(address).status_code == 403
    assert as_role("organiser", factories.make_contest()).post(address).status_code == 403
    assert {row.did for row in db.session.query(TrailRow)} == {"request.refused"}


@pytest.mark.parametrize("act", ACTS)
def test_without_a_contest_only_an_organiser_of_everything_may(organiser, judge, act):
    assert organiser.post(f"/accounts/{judge.id}/{act}").status_code == 403


@pytest.mark.parametrize("act", ACTS[1:])
def test_somebody_of_another_contest_is_missing_here(organiser, contest, act):
    stranger = factories.make_user()
    factories.make_grant(stranger, "judge", factories.make_contest())

    assert organiser.post(f"/contests/{contest.id}/accounts/{stranger.id}/{act}").status_code == 404


def test_a_contest_that_does_not_exist_is_missing(as_role):
    browser = as_role("organiser")

    for address in ("/contests/999/accounts", "/contests/999/accounts/new", "/contests/999/trail",
                    "/contests/999/accounts/cards", "/contests/999/accounts/1"):
        assert browser.get(address).status_code == 404
    form = {"login": "li-jd", "name": "Li", "roles": ["clerk"]}
    assert browser.post("/contests/999/accounts/new", data=form).status_code == 404


def test_devices_and_acts_of_somebody_with_more_rights_are_not_offered(organiser, contest):
    chief = factories.make_user("Chief")
    factories.make_grant(chief, "organiser")
    factories.make_grant(chief, "supervisor", contest)

    page = text_of(organiser.get(f"/contests/{contest.id}/accounts/{chief.id}"))

    assert "only an organiser of the whole installation may change the account" in page
    assert f"/contests/{contest.id}/accounts/{chief.id}/password" not in page


def test_one_sees_where_one_is_signed_in_and_ends_it(app, client):
    user = factories.make_user(login="wang", password_hash=hash_secret("correct horse"))
    actions.sign_in("wang", "correct horse", "Edge · Windows")
    browser = factories.browser_of(app, user)
    page = text_of(browser.get("/my/account"))
    assert "Edge · Windows" in page
    assert page.count("this device") == 1
    other = next(row for row in queries.list_sessions(user.id) if row.device != "test")

    ending = f"/my/account/sessions/{other.id}/end"
    for typed in ({}, {"word": "guessed"}):
        refused = browser.post(ending, data=typed)
        assert refused.status_code == 422 and f'id="word-end-{other.id}"' in text_of(refused)
    assert len(queries.list_sessions(user.id)) == 2

    browser.post(ending, data={"word": "correct horse"})

    assert [row.device for row in queries.list_sessions(user.id)] == ["test"]
    [own] = queries.list_sessions(user.id)
    assert browser.post(f"/my/account/sessions/{own.id}/end").location == "/"
    assert browser.get("/my/account").status_code == 303


def test_the_own_password_is_changed(app):
    user = factories.make_user(login="wang", password_hash=hash_secret("correct horse"))
    browser = factories.browser_of(app, user)
    new = "七月流火九月授衣"
    form = {"old": "correct horse", "password": new, "password_again": new}

    refused = browser.post("/my/account/password", data={**form, "old": "wrong"})
    assert refused.status_code == 422
    assert "This is not your present password." in text_of(refused)

    assert browser.post("/my/account/password", data=form).location == "/my/account"
    assert actions.sign_in("wang", "七月流火九月授衣", "test")


def test_cards_and_pins_of_chosen_people_come_as_two_files(organiser, contest, judge):
    address = f"/contests/{contest.id}/accounts/cards"
    page = text_of(organiser.get(address))
    assert re.search(rf'value="{judge.id}" checked', page)
    assert "cards printed earlier stop working at once" in page

    answer = organiser.post(address, data={"users": [judge.id]})

    found = re.findall(r'download="(\S+)" href="data:application/pdf;base64,([^"]+)"', answer.text)
    assert [name for name, _ in found] == [f"{contest.slug}-cards.pdf", f"{contest.slug}-pins.pdf"]
    [card], [slip] = (pages_of(b64decode(file)) for _, file in found)
    assert "http://localhost/enter/" in card and "http" not in slip
    assert re.search(r"\d{6}", slip)
    assert "New cards and PINs: 1. The codes lead to http://localhost." in text_of(answer)
    assert queries.has_card(judge.id)
    assert not re.search(rf'value="{judge.id}" checked', text_of(organiser.get(address)))


def test_cards_that_no_tablet_could_follow_are_told_before_they_are_printed(app, organiser, contest, judge):
    address = f"/contests/{contest.id}/accounts/cards"

    for host in ("127.0.0.1:8000", "localhost", "[::1]:8000", "127.8.0.1"):
        app.config["ADDRESS"] = f"http://{host}"
        assert "would find nothing behind the codes" in text_of(organiser.get(address)), host

    for host in ("192.168.1.10:8000", "contest.example"):
        app.config["ADDRESS"] = f"http://{host}"
        assert "would find nothing behind the codes" not in text_of(organiser.get(address)), host


def test_without_anybody_chosen_no_card_is_issued(organiser, contest, judge):
    answer = organiser.post(f"/contests/{contest.id}/accounts/cards")

    assert answer.status_code == 422
    assert "Choose at least one person." in text_of(answer)
    assert not queries.has_card(judge.id)


def test_a_card_in_use_is_replaced_only_when_that_is_ticked(organiser, contest, judge):
    address = f"/contests/{contest.id}/accounts/cards"
    chosen = {"users": [str(judge.id)]}
    assert 'name="replaces"' not in organiser.get(address).text
    assert organiser.post(address, data=chosen).status_code == 200
    (card,) = db.session.query(Card)

    refused = organiser.post(address, data=chosen)
    db.session.refresh(card)
    assert refused.status_code == 422
    assert "1 of those chosen hold a card that stops working." in refused.text
    assert f'value="{judge.id}" checked' in refused.text
    assert card.revoked_at is None and db.session.query(Card).count() == 1

    assert organiser.post(address, data={**chosen, "replaces": "1"}).status_code == 200
    db.session.refresh(card)
    assert card.revoked_at is not None


def test_a_contact_is_invited_and_not_added(organiser, contest):
    page = organiser.get(f"/contests/{contest.id}/accounts/new").text

    assert 'value="judge"' in page and 'value="contact"' not in page
    assert "comes by an invitation" in page


def test_whoever_has_no_word_ends_a_session_without_one(app):
    user = factories.make_user(login="wang")
    browser, other = factories.browser_of(app, user), factories.browser_of(app, user)
    user.password_hash = None
    db.session.commit()
    assert "word-end-" not in text_of(browser.get("/my/account"))
    first, second = sorted(row.id for row in queries.list_sessions(user.id))

    assert browser.post(f"/my/account/sessions/{second}/end").status_code == 303

    assert other.get("/my/account").status_code == 303
    assert [row.id for row in queries.list_sessions(user.id)] == [first]
