"""The doors of this area: by card, by unit, from paper, by code; who sees what; what the public reads."""

import io
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from contest import clock
from contest.accounts.models import Invitation
from contest.db import db
from contest.judging import blind_queries
from contest.review import (
    appeal_actions,
    appeal_queries,
    notice_actions,
    notice_queries,
    notice_rules,
)
from contest.review.public_rules import personal_numbers
from contest.setup.calendar_actions import enter_days
from contest.setup.procedure_rules import stored_form
from contest.setup.proposal_queries import find_open
from contest.setup.queries import get_contest
from tests import factories
from tests.review.scene import APPEAL, OBJECTION, PDF, PUBLIC, WITH_NOTICE, provisional
from tests.review.test_notice import SHANGHAI

EVIL = b"%PDF-1.7\n<script>alert(1)</script>\n%%EOF"


@pytest.fixture
def client(app):
    """A guest's browser, in English."""
    guest = app.test_client()
    with guest.session_transaction() as session:
        session["language"] = "en"
    return guest


@pytest.fixture
def review(app):
    found = provisional(WITH_NOTICE)
    found.announce()
    return found


def post_appeal(client, address, name="证据.pdf", content=PDF, **changes):
    form = {**APPEAL, "files": (io.BytesIO(content), name), **changes}
    return client.post(address, data=form, content_type="multipart/form-data")


def card(review, name="钟一"):
    token = review.entrants[name].check_in_token
    return f"/contests/{review.contest.id}/my-result/{token}/appeals"


def on_notice(review):
    review.pass_time(hours=3)
    notice_actions.give_notice(review.actor("organiser"), review.contest.id, SHANGHAI)


def test_by_the_card_from_the_own_result_to_the_receipt(client, review):
    own = client.get(card(review).removesuffix("/appeals")).get_data(as_text=True)
    assert card(review) in own
    answer = post_appeal(client, card(review))
    assert answer.status_code == 303
    receipt = client.get(answer.location).get_data(as_text=True)
    assert "Waits for a decision" in receipt
    assert review.entrants["钟一"].human.name not in receipt  # whoever holds the code may be anybody
    assert APPEAL["text"] not in receipt


def test_what_was_typed_comes_back_with_the_reason(client, review):
    wrong = post_appeal(client, card(review), name="page.pdf", content=b"<html>")
    assert wrong.status_code == 422
    page = wrong.get_data(as_text=True)
    assert APPEAL["text"] in page and "is not what its name says" in page
    review.pass_time(hours=2)
    late = post_appeal(client, card(review))
    assert late.status_code == 409
    page = late.get_data(as_text=True)
    assert APPEAL["text"] in page
    assert "The time for appeals ended at 2026-11-23 14:00:00" in page  # in Shanghai
    assert "The time for appeals is over" in client.get(card(review)).get_data(as_text=True)


def test_a_unit_files_for_its_own_people_only(app, client, review):
    entrant = review.entrants["钟一"]
    user = factories.make_user("史领队")
    factories.make_grant(user, "contact", review.contest)
    db.session.add(Invitation(
        token_hash="h", contest_id=review.contest.id, organisation_id=entrant.organisation_id,
        role="contact", issued_at=clock.now(), expires_at=clock.now(), used_by_id=user.id,
    ))
    db.session.commit()
    contact = factories.browser_of(app, user)
    address = f"/contests/{review.contest.id}/my-unit/appeals"
    page = contact.get(address).get_data(as_text=True)
    assert entrant.number in page and review.entrants["华二"].number not in page
    foreign = post_appeal(contact, address, number=review.entrants["华二"].number)
    assert foreign.status_code == 422
    assert post_appeal(contact, address, number=entrant.number).status_code == 303
    [appeal] = appeal_queries.appeals_of(review.contest.id)
    assert (appeal.entrant_id, appeal.door, appeal.by_id) == (entrant.id, "contact", user.id)


def test_a_clerk_types_paper_with_both_moments(as_role, review):
    clerk = as_role("clerk", review.contest)
    handed_in = (clock.now() + timedelta(minutes=30)).astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M")
    review.pass_time(hours=3)
    address = f"/contests/{review.contest.id}/appeals/new"
    number = review.entrants["钟一"].number
    assert post_appeal(clerk, address, number="Z9").status_code == 422
    assert post_appeal(clerk, address, number=number).status_code == 409
    assert post_appeal(clerk, address, number=number, handed_in=handed_in).status_code == 303


@pytest.mark.parametrize("typed", ["0001-01-01T00:00", "9999-12-31T23:59", "2026-11-23", "gestern", "26:00"])
def test_a_moment_that_no_paper_was_handed_in_at_is_told_at_its_field(as_role, review, typed):
    clerk, number = as_role("clerk", review.contest), review.entrants["钟一"].number
    answer = post_appeal(
        clerk, f"/contests/{review.contest.id}/appeals/new", number=number, handed_in=typed
    )
    assert answer.status_code == 422 and f'value="{typed}"' in answer.text
    assert appeal_queries.appeals_of(review.contest.id) == []


@pytest.mark.parametrize("zone", [SHANGHAI, UTC])
def test_a_moment_of_another_zone_is_that_moment(as_role, review, zone):
    clerk, moment = as_role("clerk", review.contest), clock.now() + timedelta(minutes=30)
    review.pass_time(hours=3)
    typed = moment.astimezone(zone).isoformat(timespec="minutes")
    number = review.entrants["钟一"].number
    answer = post_appeal(
        clerk, f"/contests/{review.contest.id}/appeals/new", number=number, handed_in=typed
    )
    assert answer.status_code == 303
    assert appeal_queries.appeals_of(review.contest.id)[0].handed_in_at == moment


def test_a_file_is_handed_out_to_be_saved_under_our_name_and_never_run(as_role, client, review):
    post_appeal(client, card(review), name="评分表 <b>.pdf", content=EVIL)
    [appeal] = appeal_queries.appeals_of(review.contest.id)
    address = f"/contests/{review.contest.id}/appeals/{appeal.id}/files/1"
    answer = as_role("supervisor", review.contest).get(address)
    assert answer.data == EVIL
    assert answer.headers["Content-Disposition"] == 'attachment; filename="appeal-1-1.pdf"'
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].endswith("sandbox; frame-ancestors 'none'")
    assert client.get(address).status_code == 303  # a guest goes to sign in
    assert as_role("judge", review.contest).get(address).status_code == 403


def test_before_decoding_the_chief_learns_neither_who_appeals_nor_what_it_says(
    as_role, client, review, monkeypatch
):
    post_appeal(client, card(review))
    [appeal] = appeal_queries.appeals_of(review.contest.id)
    chief, supervisor = (as_role(role, review.contest) for role in ("chief_judge", "supervisor"))
    monkeypatch.setattr(
        blind_queries, "hides_names", lambda contest_id, stage=None: True,
    )
    base = f"/contests/{review.contest.id}/appeals"
    entrant = review.entrants["钟一"]
    secrets = (entrant.human.name, entrant.number, entrant.organisation.name, APPEAL["text"],
               appeal.receipt, "证据")
    for address in (base, f"{base}/{appeal.id}"):
        seen, hidden = (one.get(address).get_data(as_text=True) for one in (supervisor, chief))
        assert [word for word in secrets if word in hidden] == []
        assert entrant.human.name in seen
    assert chief.get(f"{base}/{appeal.id}/files/1").status_code == 403
    decision = {"outcome": "upheld", "decision": "x"}
    assert chief.post(f"{base}/{appeal.id}", data=decision).status_code == 403
    assert supervisor.post(f"{base}/{appeal.id}", data=decision).status_code == 303


def test_the_receipt_leads_to_the_second_instance_and_there_it_ends(as_role, client, review):
    post_appeal(client, card(review))
    [appeal] = appeal_queries.appeals_of(review.contest.id)
    base, receipt = f"/contests/{review.contest.id}/appeals", f"/receipts/{appeal.receipt}"
    supervisor = as_role("supervisor", review.contest)
    supervisor.post(f"{base}/{appeal.id}", data={"outcome": "rejected", "decision": "评分无误。"})
    assert "评分无误。" in client.get(receipt).get_data(as_text=True)
    assert client.post(f"{receipt}/second", data={"text": "短"}).status_code == 422
    answer = client.post(f"{receipt}/second", data={"text": "裁判漏看了录像中的动作，请重新认定。"})
    assert answer.status_code == 303 and answer.location != receipt
    assert client.post(f"{receipt}/second", data={"text": "再要求一次，请重新认定。"}).status_code == 409
    assert client.get(f"/receipts?receipt={appeal.receipt[:8]} {appeal.receipt[8:]}").status_code == 303
    code = appeal.receipt
    dashed = f"/receipts/{'-'.join(code[i:i + 4] for i in range(0, len(code), 4))}"
    assert "评分无误。" in client.get(dashed).get_data(as_text=True)
    assert client.post(f"{dashed}/second", data={"text": "再要求一次，请重新认定。"}).status_code == 409
    assert client.get("/receipts/2222222222222222").status_code == 404


def test_nothing_public_holds_numbers_of_people_or_whoever_objects(client, review):
    """Figure 46 for this area: every anonymous page and the paper, of data that holds such numbers."""
    review.contest.procedure = {**stored_form(WITH_NOTICE), "names": "one"}
    db.session.commit()
    post_appeal(client, card(review))
    on_notice_after_decision(review)
    objection = notice_actions.object_to_notice(PUBLIC, review.contest.id, OBJECTION)
    pages = ["", "/lists/1", "/revisions/final/1", "/objections"]
    texts = [client.get(f"/notices/review{page}").get_data(as_text=True) for page in pages]
    texts.append(client.get(f"/receipts/{objection.receipt}").get_data(as_text=True))
    assert "吴*三" in texts[1] and "吴*三" in texts[2]
    # One policy for all lists: else two of them, side by side, would give the name away.
    texts += [client.get(f"/board/review{page}").text for page in ("", "/wall", "/data.json")]
    assert "吴*三" in texts[-2]
    for text in texts:
        plain = re.sub(r"<[^>]*>", "\n", text)  # what stands in two cells is not one number
        assert personal_numbers(plain) == []
        for word in (*OBJECTION.values(), "吴小三", APPEAL["text"]):
            assert word not in text


def on_notice_after_decision(review):
    from contest.review.appeal_actions import decide_appeal

    [appeal] = appeal_queries.appeals_of(review.contest.id)
    decide_appeal(review.actor("supervisor"), review.contest.id, appeal.id, "upheld", "属实。", "仅作提醒。")
    on_notice(review)


def test_giving_notice_asks_for_the_password_again_and_lists_what_is_missing(app, review):
    from contest.accounts.passwords import hash_secret

    user = factories.make_user("周组委", password_hash=hash_secret("four calm words"))
    factories.make_grant(user, "organiser", review.contest)
    organiser = factories.browser_of(app, user)
    address = f"/contests/{review.contest.id}/notice"
    assert "Appeals are taken until 2026-11-23 14:00:00" in organiser.get(address).get_data(as_text=True)
    assert organiser.post(address, data={"word": "four calm words"}).status_code == 409
    review.pass_time(hours=2)
    assert organiser.post(address, data={"word": "wrong"}).status_code == 422
    assert get_contest(review.contest.id).state == "provisional"
    assert organiser.post(address, data={"word": "four calm words"}).status_code == 303
    found = notice_queries.find_notice(review.contest.id, "final")
    assert (found.phase, get_contest(review.contest.id).state) == ("running", "notice")


@pytest.mark.parametrize("form", ["docx", "pdf", "xlsx"])
def test_the_notice_prints(as_role, review, form):
    on_notice(review)
    answer = as_role("organiser", review.contest).get(f"/contests/{review.contest.id}/notice/paper.{form}")
    assert answer.status_code == 200
    assert answer.data[:4] == (b"%PDF" if form == "pdf" else b"PK\x03\x04")


def test_the_contact_of_whoever_objects_is_for_those_who_answer(as_role, review):
    on_notice(review)
    notice_actions.object_to_notice(PUBLIC, review.contest.id, OBJECTION)
    address = f"/contests/{review.contest.id}/notice"
    for role, sees in (("organiser", True), ("supervisor", True), ("chief_judge", False), ("clerk", False)):
        page = as_role(role, review.contest).get(address).get_data(as_text=True)
        assert OBJECTION["text"] in page
        assert (OBJECTION["contact"] in page, OBJECTION["name"] in page) == (sees, sees)


def test_an_old_revision_stays_at_its_address_with_a_banner(client, review):
    from contest.results.actions import reopen_results
    from contest.theory.actions import enter_score

    reopen_results(review.actor("organiser"), review.contest.id, "漏记")
    entrant = review.entrants["华二"]
    enter_score(review.actor("clerk"), review.contest.id, "paper", entrant.id, "100", 2, "漏记一题")
    review.contest.state = "collected"
    db.session.commit()
    review.publish(reason="理论漏记一题，电话 13812345678")
    old, new, line = (
        client.get(f"/notices/review{page}").get_data(as_text=True)
        for page in ("/revisions/final/1", "/revisions/final/2", "")
    )
    assert "This revision was corrected" in old and "理论漏记一题" in old and "90.00" in old
    assert "This revision was corrected" not in new
    assert "90.00" in new and "93.00" in new  # old and new, side by side
    assert "理论漏记一题" in line
    assert all("13812345678" not in text for text in (old, new, line))
    assert client.get("/notices/review/revisions/final/3").status_code == 404


def test_while_the_board_is_frozen_the_time_line_tells_nothing_newer(client, review):
    from contest.board.actions import freeze_board

    before = client.get("/notices/review").get_data(as_text=True)
    assert "revisions/final/1" in before
    clock.stand_still(clock.now() - timedelta(hours=1))
    freeze_board(review.actor("organiser"), review.contest.id, None)
    clock.stand_still(clock.now() + timedelta(hours=1))
    assert client.get("/notices/review/revisions/final/1").status_code == 404
    assert "revisions/final/1" not in client.get("/notices/review").get_data(as_text=True)
    review.contest.is_public = False
    db.session.commit()
    assert client.get("/notices/review").status_code == 404


def text_of(answer):
    """What a page says, in one line."""
    return " ".join(re.sub(r"<[^>]*>", " ", answer.get_data(as_text=True)).split())


def test_officials_read_what_keeps_the_list_from_the_public_before_they_try(as_role, review):
    review.pass_time(hours=3)
    review.contest.is_public = False
    db.session.commit()
    page = text_of(as_role("organiser", review.contest).get(f"/contests/{review.contest.id}/notice"))
    assert "hidden from the public: nobody could read the list" in page


def test_whoever_gives_a_notice_over_the_year_reads_that_its_holidays_are_not_announced(as_role, review):
    clock.stand_still(datetime(2026, 12, 28, 10, tzinfo=SHANGHAI))
    browser = as_role("organiser", review.contest)
    page = browser.get(f"/contests/{review.contest.id}/notice")
    assert "Given now, it lasts until 2027-01-05 00:00" in text_of(page)
    assert "The holidays of 2027 are not announced yet" in text_of(page)
    assert '<a href="/calendar?year=2027">' in page.text
    notice_actions.give_notice(review.actor("organiser"), review.contest.id, SHANGHAI)
    enter_days(review.actor("organiser"), date(2027, 1, 1), date(2027, 1, 3), "off", "元旦")
    guest = browser.application.test_client()
    with guest.session_transaction() as session:
        session["language"] = "en"
    moved = "to 2027-01-06 00:00, because days of its time turned out to be days off"
    for address in ("/notices/review", "/notices/review/lists/1"):
        assert moved in text_of(guest.get(address)), address
    assert moved in text_of(browser.get(f"/contests/{review.contest.id}/notice"))


def test_the_button_that_hides_says_why_it_is_not_there(as_role, review):
    on_notice(review)
    browser, cid = as_role("organiser", review.contest), review.contest.id
    for page in (f"/contests/{cid}", f"/contests/{cid}/board"):
        text = text_of(browser.get(page))
        assert "the contest stays public until the results are final" in text
        assert "Hide from the public" not in text and "Take the board away" not in text
    assert browser.post(f"/contests/{cid}/public", data={"public": "0"}).status_code == 409


def test_a_notice_is_proposed_and_confirmed_on_its_pages(app, review):
    from contest.accounts.passwords import hash_secret

    review.contest.procedure = stored_form(replace(WITH_NOTICE, four_eyes=True))
    review.pass_time(hours=3)
    browsers, cid = [], review.contest.id
    for name, role in (("周组委", "organiser"), ("吴监督", "supervisor")):
        user = factories.make_user(name, password_hash=hash_secret("four calm words"))
        factories.make_grant(user, role, review.contest)
        browsers.append(factories.browser_of(app, user))
    first, second = browsers
    at, word = f"/contests/{cid}/notice", {"word": "four calm words"}
    assert "It goes on notice when a second person confirms it." in text_of(first.get(at))
    assert first.post(at, data=word).status_code == 303
    assert get_contest(cid).state == "provisional"
    assert "It was proposed to put the list on public notice" in text_of(first.get(at))
    proposal = find_open(cid, "give_notice")
    assert f"{at}/proposals/{proposal.id}" in second.get(f"/contests/{cid}/proposals").text
    assert first.post(f"{at}/proposals/{proposal.id}", data=word).status_code == 403
    assert second.post(f"{at}/proposals/{proposal.id}", data=word).status_code == 303
    assert get_contest(cid).state == "notice"


def test_a_sender_of_too_much_keeps_what_was_typed_and_others_send_on(client, review):
    on_notice(review)
    notice_actions.SENDERS.forget()
    for _ in range(notice_rules.MOST_FROM_ONE):
        assert client.post("/notices/review/objections", data=OBJECTION).status_code == 303
    answer = client.post("/notices/review/objections", data=OBJECTION)
    assert answer.status_code == 409
    assert "not taken and stands here still" in text_of(answer)
    assert OBJECTION["text"] in answer.text and OBJECTION["contact"] in answer.text
    other = client.post(
        "/notices/review/objections", data=OBJECTION, environ_base={"REMOTE_ADDR": "192.0.2.9"}
    )
    assert other.status_code == 303


def test_a_clerk_types_paper_for_the_second_instance_on_the_appeals_page(as_role, review):
    first = review.file()
    appeal_actions.decide_appeal(
        review.actor("supervisor"), review.contest.id, first.id, "rejected", "评分无误。"
    )
    handed_in = clock.now().astimezone(SHANGHAI) + timedelta(hours=1)
    review.pass_time(hours=25)
    clerk, at = as_role("clerk", review.contest), f"/contests/{review.contest.id}/appeals/{first.id}"
    assert "Second instance, from paper" in text_of(clerk.get(at))
    form = {"text": "裁判漏看了录像中的动作。", "handed_in": ""}
    late = clerk.post(f"{at}/second", data=form)
    assert late.status_code == 409
    assert form["text"] in late.text and "The time for the second instance ended" in text_of(late)
    assert clerk.post(f"{at}/second", data={**form, "text": "短"}).status_code in (409, 422)
    form["handed_in"] = handed_in.strftime("%Y-%m-%dT%H:%M")
    assert clerk.post(f"{at}/second", data=form).status_code == 303
    assert appeal_queries.find_second(first).door == "clerk"
    review.pass_time(hours=24)
    assert "Second instance, from paper" not in text_of(clerk.get(at))


def test_what_came_of_a_decision_stands_on_its_pages(as_role, client, review):
    appeal = review.file(ground="equipment")
    at = f"/contests/{review.contest.id}/appeals/{appeal.id}"
    browser = as_role("supervisor", review.contest)
    wrong = browser.post(at, data={"outcome": "rejected", "decision": "无误。", "unchanged": "设备已更换。"})
    assert wrong.status_code == 422 and "设备已更换。" in wrong.text
    assert browser.post(at, data={"outcome": "upheld", "decision": "属实。"}).status_code == 303
    assert "Nothing has changed yet in what is published" in text_of(browser.get(at))
    assert browser.post(f"{at}/unchanged", data={"unchanged": " "}).status_code == 422
    assert browser.post(f"{at}/unchanged", data={"unchanged": "设备已更换。"}).status_code == 303
    assert "No figure changes, because:" in text_of(browser.get(at))
    assert "Why no figure changes 设备已更换。" in text_of(client.get(f"/receipts/{appeal.receipt}"))
    assert browser.post(f"{at}/unchanged", data={"unchanged": "再说一次。"}).status_code == 409


def test_what_came_of_an_objection_stands_on_its_pages(as_role, client, review):
    on_notice(review)
    objection = notice_actions.object_to_notice(PUBLIC, review.contest.id, OBJECTION)
    browser, at = as_role("supervisor", review.contest), f"/contests/{review.contest.id}/notice"
    mine = f"{at}/objections/{objection.id}"
    wrong = browser.post(mine, data={"outcome": "unfounded", "decision": "无误。", "unchanged": "名次不变。"})
    assert wrong.status_code == 422 and "名次不变。" in wrong.text
    assert browser.post(mine, data={"outcome": "founded", "decision": "属实。"}).status_code == 303
    assert "Nothing has changed yet in what is published" in text_of(browser.get(at))
    assert browser.post(f"{mine}/unchanged", data={"unchanged": ""}).status_code == 422
    assert browser.post(f"{mine}/unchanged", data={"unchanged": "名次不变。"}).status_code == 303
    assert "No figure changes, because:" in text_of(browser.get(at))
    assert "名次不变。" in client.get(f"/receipts/{objection.receipt}").text


def test_the_deadlines_say_from_when_they_are_counted(as_role, review):
    page = as_role("organiser", review.contest).get(f"/contests/{review.contest.id}/corrections")
    assert "counted from 2026-12-23 12:00, thirty days after the first publication" in text_of(page)
