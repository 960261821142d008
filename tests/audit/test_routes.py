from datetime import timedelta

import pytest

from contest import clock
from contest.audit.models import TrailRow
from contest.audit.work import Actor, work
from contest.db import db
from tests import factories


@pytest.fixture
def contest(app):
    contest = factories.make_contest(name_en="Cement contest")
    with work(Actor(None, "王建国"), "plan.change", contest_id=contest.id, subject="weights",
              old={"weight": "30"}, new={"weight": "40"}, reason="专家组"):
        pass
    return contest


def text_of(answer):
    return answer.get_data(as_text=True)


@pytest.mark.parametrize("role", ["organiser", "chief_judge", "supervisor"])
def test_those_who_watch_read_the_trail_with_old_and_new_values(as_role, contest, role):
    page = text_of(as_role(role, contest).get(f"/contests/{contest.id}/trail"))

    assert "weights" in page
    assert "<del>" in page
    assert "30</del>" in page
    assert "40</ins>" in page


@pytest.mark.parametrize("role", ["judge", "clerk", "contact", "host", "coding_judge"])
def test_others_do_not(as_role, contest, role):
    assert as_role(role, contest).get(f"/contests/{contest.id}/trail").status_code == 403


def test_a_guest_is_sent_to_sign_in(client, contest):
    assert client.get(f"/contests/{contest.id}/trail").location.startswith("/sign-in?next=")


def test_the_whole_trail_is_for_organisers_of_everything(as_role, contest):
    assert "weights" in text_of(as_role("organiser").get("/trail"))
    assert as_role("organiser", contest).get("/trail").status_code == 403


def test_page_and_piece_agree(as_role, contest):
    browser, address = as_role("organiser"), f"/contests/{contest.id}/trail?text=专家组"

    piece = text_of(browser.get(address, headers={"HX-Request": "true"}))

    assert piece.strip().startswith('<div id="trail-lines"')
    assert piece.strip() in text_of(browser.get(address))
    assert "weights" in piece


def test_a_search_is_narrowed_and_kept_in_the_form(as_role, contest):
    browser, address = as_role("organiser"), f"/contests/{contest.id}/trail"

    assert "No row fits." in text_of(browser.get(address + "?who=nobody"))
    assert "No row fits." in text_of(browser.get(address + "?last_on=2026-11-22"))
    found = text_of(browser.get(address + "?first_on=2026-11-23&last_on=2026-11-23"))
    assert "weights" in found
    assert 'value="2026-11-23"' in found


def test_a_day_that_cannot_be_read_comes_back_and_shows_nothing(as_role, contest):
    answer = as_role("organiser").get(f"/contests/{contest.id}/trail?first_on=23.11.2026")

    assert answer.status_code == 422
    assert "Write the day as year-month-day" in text_of(answer)
    assert 'value="23.11.2026"' in text_of(answer)
    assert "weights" not in text_of(answer)


def test_pages_keep_the_search(as_role, contest):
    for number in range(60):
        with work(Actor(None, "program"), "thing.do", contest_id=contest.id, subject=str(number)):
            pass

    page = text_of(as_role("organiser").get(f"/contests/{contest.id}/trail?did=thing.do&page=2"))

    assert "did=thing.do" in page
    assert "Page 2 of 2" in page


def test_what_people_typed_is_never_markup(as_role, contest):
    with work(Actor(None, "<script>alert(1)</script>"), "thing.do", contest_id=contest.id,
              subject="<b>", note="<img src=x>", sentence="<u>", **{"<i>": "1"}):
        pass

    page = text_of(as_role("organiser").get(f"/contests/{contest.id}/trail"))

    assert "<script>alert" not in page
    assert "<img src=x>" not in page
    assert "&lt;b&gt;" in page
    assert "<i>" not in page and "&lt;i&gt;" in page
    assert "<u>" not in page and "&lt;u&gt;" in page


def test_an_answer_is_told_in_the_language_of_the_reader(as_role, contest):
    with work(Actor(None, "guest"), "request.refused", contest_id=contest.id, subject="/x",
              sentence="Your role does not open this page."):
        pass
    browser = as_role("organiser")
    browser.post("/language", data={"language": "zh"})
    page = text_of(browser.get(f"/contests/{contest.id}/trail"))

    assert "您的角色无权打开此页面" in page and "访客" in page
    assert "Your role does not open this page" not in page


def test_a_refused_request_is_in_the_trail_of_its_contest(as_role, contest):
    as_role("judge", contest).get(f"/contests/{contest.id}/trail")

    row = db.session.query(TrailRow).filter_by(did="request.refused").one()
    assert row.contest_id == contest.id
    assert row.subject == f"/contests/{contest.id}/trail"
    assert row.facts["status"] == 403
    assert row.facts["method"] == "GET"


def test_a_guessed_address_of_somebody_signed_in_is_in_the_trail(as_role):
    browser = as_role("judge", factories.make_contest())
    browser.get("/no/such/page")
    browser.get("/contests/999/accounts")

    rows = db.session.query(TrailRow).filter_by(did="request.refused").all()
    assert [(row.subject, row.contest_id) for row in rows] == [
        ("/no/such/page", None), ("/contests/999/accounts", None)
    ]


def test_a_guest_who_misses_the_way_leaves_no_row(client, contest):
    before = db.session.query(TrailRow).count()
    client.get("/no/such/page")
    client.get(f"/contests/{contest.id}/trail")

    assert db.session.query(TrailRow).count() == before


def test_a_guests_guessed_card_is_in_the_trail_without_the_token(client):
    client.get("/enter/abcdefghijklmnop")

    [row] = db.session.query(TrailRow).filter_by(did="request.refused")
    assert (row.who, row.user_id, row.subject) == ("guest", None, "/enter/abcd…")
    assert row.facts["status"] == 404 and row.facts["address"] == "127.0.0.1"


def test_guesses_are_noted_only_so_often_in_an_hour(client, monkeypatch):
    monkeypatch.setattr("contest.audit.actions.GUESTS_AN_HOUR", 3)

    def noted():
        for number in range(5):
            client.get(f"/invitation/guess-{number}-number")
        return db.session.query(TrailRow).filter_by(did="request.refused").count()

    assert noted() == 3
    clock.stand_still(clock.now() + timedelta(hours=1, minutes=1))
    assert noted() == 6


def test_a_state_is_said_in_the_readers_language_and_a_reason_as_it_was_typed(app, as_role):
    contest = factories.make_contest()
    with work(Actor(None, "x"), "entrant.state", contest_id=contest.id, old="normal", new="withdrawn",
              reason="Withdrawn by the unit", proposed_by="organiser"):
        pass
    browser = as_role("supervisor", contest)
    browser.post("/language", data={"language": "zh"})

    page = browser.get(f"/contests/{contest.id}/trail").text

    assert "弃权" in page and ">withdrawn<" not in page
    assert "Withdrawn by the unit" in page and ">organiser<" in page


def test_the_states_between_which_a_case_moved_are_said_in_the_readers_language(as_role):
    with work(Actor(None, "段专员"), "service.move", subject="case 1", was="accepted", now="decided"):
        pass

    browser = as_role("organiser")
    browser.post("/language", data={"language": "zh"})

    page = text_of(browser.get("/trail"))

    assert "已审批" in page and "decided" not in page


def test_a_deed_without_a_sentence_of_its_own_is_told_alone_and_in_the_readers_language(as_role, contest):
    with work(Actor(None, "王建国"), "screen.picture", contest_id=contest.id, name="logo.png"):
        pass
    browser = as_role("organiser")
    browser.post("/language", data={"language": "zh"})

    page = text_of(browser.get(f"/contests/{contest.id}/trail"))

    assert '<span class="trail-deed">屏幕图片已保存</span>' in page
