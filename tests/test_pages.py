"""Whole page or piece, refusals in the shape that was asked for, headers, CSRF, filters."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import request, url_for

from contest import create_app, errors, pages
from contest.accounts.passwords import hash_secret
from contest.audit.models import TrailRow
from contest.db import db
from contest.i18n import both_names
from tests import factories
from tests.accounts.test_guards import dummies
from tests.conftest import TEST_SETTINGS

ENGLISH = {"Accept-Language": "en"}
HTMX = {"HX-Request": "true", **ENGLISH}


def text_of(answer):
    return answer.get_data(as_text=True)


@pytest.fixture
def signed_in(app):
    return factories.browser_of(app, factories.make_user())


@pytest.fixture
def guarded_app(app):
    """The same database behind an application that checks CSRF tokens and catches faults."""
    strict = create_app(**{
        **TEST_SETTINGS, "WTF_CSRF_ENABLED": True, "TESTING": False,
        "SQLALCHEMY_DATABASE_URI": app.config["SQLALCHEMY_DATABASE_URI"],
        "DATA_FOLDER": app.config["DATA_FOLDER"],
    })
    yield strict
    with strict.app_context():
        db.engine.dispose()


def token_in(answer):
    return text_of(answer).split('name="csrf_token" value="', 1)[1].split('"', 1)[0]


def test_every_answer_carries_the_headers(app, client):
    factories.make_user()
    with app.test_request_context():
        addresses = [
            url_for(rule.endpoint, **dummies(rule), _external=False)
            for rule in app.url_map.iter_rules()
            if "GET" in rule.methods and rule.endpoint != "static"
        ]
    answers = {at: client.get(at) for at in [*addresses, "/no/such/page", "/static/none.css"]}

    assert len(addresses) > 10
    for at, answer in answers.items():
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'"), at
        assert "unsafe" not in answer.headers["Content-Security-Policy"], at
        assert answer.headers["X-Content-Type-Options"] == "nosniff", at
        assert answer.headers["Referrer-Policy"] == "same-origin", at
        assert answer.headers["X-App"] == "contest", at


def test_over_https_the_cookie_is_of_this_host_alone(app):
    factories.make_user()
    db.session.commit()
    secure = create_app(**{
        **TEST_SETTINGS, "SECURE_COOKIES": True, "DATA_FOLDER": app.config["DATA_FOLDER"],
        "SQLALCHEMY_DATABASE_URI": app.config["SQLALCHEMY_DATABASE_URI"],
    })
    answer = secure.test_client().get("/sign-in", base_url="https://contest.local", headers=ENGLISH)
    plain = app.test_client().get("/sign-in", headers=ENGLISH)
    with secure.app_context():
        db.engine.dispose()

    [cookie], [open_cookie] = (one.headers.getlist("Set-Cookie") for one in (answer, plain))
    name, *rest = cookie.split("; ")
    assert name.startswith("__Host-session=") and open_cookie.startswith("session=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(rest)
    assert not any(one.startswith("Domain") for one in rest)


def test_trace_is_not_taken(app, client):
    for rule in app.url_map.iter_rules():
        assert "TRACE" not in rule.methods
    assert client.open("/sign-in", method="TRACE").status_code == 405


def test_pages_are_not_stored_but_static_files_may_be(client):
    assert client.get("/").headers["Cache-Control"] == "no-store"
    assert "no-store" not in client.get("/static/css/tokens.css").headers["Cache-Control"]


def test_a_page_says_what_its_answer_depends_on(client):
    factories.make_user()

    varies = client.get("/sign-in").headers["Vary"]
    assert {"HX-Request", "Accept-Language", "Cookie"} <= set(varies.split(", "))


def test_a_refusal_is_a_page_for_browsers(signed_in):
    answer = signed_in.get("/accounts")

    assert answer.status_code == 403
    assert "<html" in text_of(answer)
    assert "Your role does not open this page." in text_of(answer)


def test_a_refusal_is_a_notice_for_htmx(signed_in):
    answer = signed_in.get("/accounts", headers=HTMX)

    assert answer.status_code == 403
    assert "<html" not in text_of(answer)
    assert 'id="notice"' in text_of(answer)
    assert answer.headers["HX-Retarget"] == "#notice"
    assert answer.headers["HX-Reswap"] == "outerHTML"


def test_a_refusal_is_an_error_for_programs(signed_in):
    answer = signed_in.post("/language", json={"language": "en"}, headers=ENGLISH)

    assert answer.status_code == 422
    assert answer.json == {
        "error": {
            "code": "invalid", "message": "Pages speak Chinese or English only.", "fields": {},
        }
    }


@pytest.mark.parametrize(
    ("language", "sentence"), [("zh", "没有这份邀请"), ("en", "There is no such invitation.")]
)
def test_a_refusal_speaks_the_readers_language(client, language, sentence):
    answer = client.get("/invitation/x", headers={"Accept-Language": language})

    assert sentence in text_of(answer)


def test_an_address_that_does_not_exist_is_told_in_a_sentence(client):
    answer = client.get("/no/such/page", headers=ENGLISH)

    assert answer.status_code == 404
    assert "There is no such page." in text_of(answer)
    assert client.get("/api/v1/none").json["error"]["code"] == "http"


def test_a_method_that_is_not_taken_is_405(client):
    answer = client.get("/language", headers=ENGLISH)

    assert answer.status_code == 405
    assert "does not take that kind of request" in text_of(answer)


def test_a_file_too_large_is_413(client):
    answer = client.post("/sign-in", data=b"x" * (21 * 1024 * 1024), headers=ENGLISH,
                         content_type="application/x-www-form-urlencoded")

    assert answer.status_code == 413
    assert "at most 20 MB" in text_of(answer)


def test_a_refused_body_is_answered_to_whoever_is_signed_in(guarded_app):
    user = factories.make_user("Petra")
    browser = factories.browser_of(guarded_app, user)
    form = {"Referer": "http://localhost/contests/1/roster?step=2"}

    large = browser.post("/language", data=b"x" * (21 * 1024 * 1024), headers=form,
                         content_type="application/x-www-form-urlencoded")
    unsigned = browser.post("/language", data={"language": "zh"}, headers=form)
    foreign = browser.post("/language", data={"language": "zh"},
                           headers={"Referer": "http://elsewhere/form"})

    for answer, status in ((large, 413), (unsigned, 400)):
        assert answer.status_code == status
        assert "Petra" in text_of(answer) and "Sign in" not in text_of(answer)
        assert 'href="/contests/1/roster?step=2"' in text_of(answer)
    assert "elsewhere" not in text_of(foreign)


def test_a_form_without_its_token_changes_nothing_and_says_why(guarded_app):
    factories.make_user(login="wang", password_hash=hash_secret("correct horse"))
    form = {"login": "wang", "password": "correct horse"}
    client = guarded_app.test_client()

    answer = client.post("/sign-in", data=form, headers=ENGLISH)
    foreign = client.post("/sign-in", data={**form, "csrf_token": "made-up"}, headers=ENGLISH)

    assert answer.status_code == foreign.status_code == 400
    assert "so nothing was saved" in text_of(answer)
    assert "so nothing was saved" in text_of(foreign)
    assert client.get("/my/account").status_code == 303
    assert db.session.query(TrailRow).count() == 0


def test_another_browsers_token_is_foreign(guarded_app):
    factories.make_user(login="wang", password_hash=hash_secret("correct horse"))
    theirs = token_in(guarded_app.test_client().get("/sign-in"))
    form = {"login": "wang", "password": "correct horse", "csrf_token": theirs}

    client = guarded_app.test_client()
    client.get("/sign-in")
    assert client.post("/sign-in", data=form).status_code == 400


def test_a_form_with_its_token_works(guarded_app):
    factories.make_user(login="wang", password_hash=hash_secret("correct horse"))
    client = guarded_app.test_client()
    token = token_in(client.get("/sign-in"))

    form = {"login": "wang", "password": "correct horse", "csrf_token": token}
    assert client.post("/sign-in", data=form).status_code == 303


def test_the_token_of_the_page_before_signing_in_is_void_after_it(guarded_app):
    factories.make_user(login="wang", password_hash=hash_secret("correct horse"))
    client = guarded_app.test_client()
    token = token_in(client.get("/sign-in"))
    form = {"login": "wang", "password": "correct horse", "csrf_token": token}
    client.post("/sign-in", data=form)

    assert client.post("/sign-out", data={"csrf_token": token}).status_code == 400


def test_a_fault_shows_no_inner_words(guarded_app, monkeypatch):
    def broken():
        raise RuntimeError("secret inner words")

    monkeypatch.setitem(guarded_app.view_functions, "accounts.front", broken)
    client = guarded_app.test_client()

    page, piece = client.get("/", headers=ENGLISH), client.get("/", headers=HTMX)

    assert page.status_code == piece.status_code == 500
    assert "Something went wrong on our side." in text_of(page)
    assert "<html" not in text_of(piece)
    assert "secret inner words" not in text_of(page) + text_of(piece)


def test_a_line_end_in_an_address_makes_no_line_of_the_log(guarded_app, monkeypatch, caplog):
    def broken(**_parts):
        raise RuntimeError("why")

    monkeypatch.setitem(guarded_app.view_functions, "accounts.enter_by_card", broken)
    answer = guarded_app.test_client().get("/enter/x%0Afault at GET forged", headers=ENGLISH)
    assert answer.status_code == 500

    [line] = [record.getMessage() for record in caplog.records if "fault at" in record.getMessage()]
    assert "forged" in line and "\n" not in line


@pytest.mark.parametrize(
    ("goal", "taken"),
    [
        ("/", True), ("/contests/1?x=1&y=张", True), (None, False), ("", False),
        ("https://evil.example", False), ("//evil.example", False), ("/\\evil.example", False),
        ("/\t/evil.example", False), ("/\n/evil.example", False), ("\\\\evil.example", False),
        ("javascript:alert(1)", False), (" /x", False), ("x", False),
    ],
)
def test_only_an_address_of_ours_is_gone_on_to(app, goal, taken):
    with app.test_request_context():
        assert pages.local_goal(goal) == (goal if taken else "/")


def test_a_door_is_found_with_the_facts_it_needs_or_not_at_all(app):
    with app.test_request_context():
        assert pages.find_address("accounts.front", contest_id=7, slug="x") == "/"
        assert pages.find_address("accounts.list_accounts", contest_id=7) == "/contests/7/accounts"
        assert pages.find_address("accounts.list_accounts") == "/accounts"
        assert pages.find_address("accounts.print_cards") is None
        assert pages.find_address("no.such_page", contest_id=7) is None


@pytest.mark.parametrize(
    ("headers", "piece"),
    [
        ({}, False), ({"HX-Request": "true"}, True),
        ({"HX-Request": "true", "HX-Boosted": "true"}, False),
        ({"HX-Request": "true", "HX-History-Restore-Request": "true"}, False),
    ],
)
def test_only_a_swap_gets_a_piece(app, headers, piece):
    with app.test_request_context(headers=headers):
        assert request.headers.get("HX-Request") == headers.get("HX-Request")
        assert pages.wants_piece() is piece


def test_points_are_printed_as_they_are_kept():
    assert pages.points("9.50") == "9.50"
    assert pages.points(Decimal("9.5"), 2) == "9.50"
    assert pages.points(None) == "–"


def test_moments_and_days_are_shown_in_the_installations_time(app):
    moment = datetime(2026, 11, 23, 16, 30, 5, tzinfo=UTC)

    assert pages.moment(moment) == "2026-11-24 00:30"
    assert pages.moment(moment, "second") == "2026-11-24 00:30:05"
    assert pages.moment(None) == pages.day(None) == ""
    assert pages.day(date(2026, 11, 23)) == "2026-11-23"


def test_a_refusal_within_a_refusal_is_translated_with_its_words(app):
    with app.test_request_context(headers={"Accept-Language": "en"}):
        refusal = errors.Invalid("The password must have at least %(least)s characters.", least=8)
        assert pages.say(refusal) == "The password must have at least 8 characters."
        assert pages.say("") == ""


def test_only_invalid_brings_a_form_back():
    with pytest.raises(TypeError):
        pages.form_refusal(errors.Missing("x"), {})
    wrong = errors.Invalid("x", fields={"a": errors.Invalid("y")})
    assert pages.form_refusal(wrong, {"a": "1"})["values"] == {"a": "1"}


def test_a_refused_form_leads_back_to_its_page_with_the_sentence(as_role):
    contest = factories.make_contest()
    browser, address = as_role("organiser", contest), f"/contests/{contest.id}/results"
    there = {"Referer": f"http://localhost{address}?show=teams"}

    answer = browser.post(
        f"{address}/provisional", headers=there, data={"word": factories.WORD}
    )
    page = browser.get(answer.headers["Location"]).text

    assert (answer.status_code, answer.headers["Location"]) == (303, f"{address}?show=teams")
    assert "Results cannot be published yet" in page


@pytest.mark.parametrize("referer", [
    None, "http://elsewhere.test/contests/1/results", "http://localhost/no/such/page",
    "http://localhost//elsewhere.test/", "http://localhost/contests/1/results/provisional",
])
def test_a_refused_form_from_nowhere_is_answered_with_a_page_of_its_own(as_role, referer):
    contest = factories.make_contest()
    headers = {"Referer": referer} if referer else {}

    answer = as_role("organiser", contest).post(
        f"/contests/{contest.id}/results/provisional", headers=headers,
        data={"word": factories.WORD},
    )

    assert answer.status_code == 409


def test_a_piece_and_a_program_get_the_refusal_itself(as_role):
    contest = factories.make_contest()
    browser, address = as_role("organiser", contest), f"/contests/{contest.id}/results"
    there = {"Referer": f"http://localhost{address}"}

    piece = browser.post(
        f"{address}/provisional", headers={**there, "HX-Request": "true"},
        data={"word": factories.WORD},
    )

    assert (piece.status_code, piece.headers["HX-Retarget"]) == (409, "#notice")


@pytest.mark.parametrize(("language", "sentence"), [
    ("en", "Hold the draw first: Risk is judged under blind codes."),
    ("zh", "请先抽签：风险辨识 实行盲评。"),
])
def test_a_sentence_names_a_module_in_its_own_language(app, language, sentence):
    refused = errors.Conflict(
        "Hold the draw first: %(module)s is judged under blind codes.",
        module=both_names({"name": "风险辨识", "name_en": "Risk"}),
    )

    with app.test_request_context(headers={"Accept-Language": language}):
        assert pages.say(refused) == sentence
    assert str(refused) == "Hold the draw first: Risk is judged under blind codes."
