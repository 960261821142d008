"""The committee's decisions, and a nomination from the form to the answer, at the office and by thumb."""

import os

from contest.awards import decision_actions
from tests import factories
from tests.awards.certified import PETRA, issued_contest
from tests.awards.test_decisions import SAID, make_final

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF"
FORM = {"title": "江苏省五一劳动奖章", "authority": "江苏省总工会"}


def picture(page, name):
    """Kept where CONTEST_PICTURES says, for whoever looks at the pages."""
    if folder := os.environ.get("CONTEST_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def office(live, *roles, **window):
    person = factories.make_user("Olga")
    for role in roles:
        factories.make_grant(person, role)
    return live.open(person, **window)


def test_a_title_is_put_forward_sent_and_granted_by_thumb(live, app, check_page):
    contest, _, _, _ = issued_contest(app)
    page = office(live, "organiser", "curator", width=390, height=844)
    page.goto(f"{live.url}/contests/{contest.id}/nominations")
    page.click("text=May Day Labour Medal")
    for name, text in FORM.items():
        page.fill(f"[name={name}]", text)
    check_page(page)
    picture(page, "n_list_390")
    page.click("button:has-text('Prepare the nomination')")
    page.wait_for_selector("#pack")
    check_page(page)
    picture(page, "n_case_390")
    page.fill("#on-sent", "2026-11-20")
    page.fill("#document-sent", "苏工竞〔2026〕5号")
    page.click("button:has-text('It goes out')")
    page.wait_for_selector("text=The pack is not complete and does not go out yet.")
    check_page(page)
    for number, slot in enumerate(("notice", "result", "form"), start=1):
        page.select_option("[name=slot]", slot)
        page.set_input_files("[name=files]", {"name": "a.pdf", "mimeType": "application/pdf", "buffer": PDF})
        page.click("button:has-text('Add')")
        page.wait_for_selector(f"section[aria-labelledby=pack] ul > li:nth-child({number})")
    page.fill("#on-sent", "2026-11-20")
    page.fill("#document-sent", "苏工竞〔2026〕5号")
    page.click("button:has-text('It goes out')")
    page.wait_for_selector("text=Fingerprint of the archive")
    page.fill("#on-granted", "2026-11-22")
    page.click("button:has-text('The authority granted it')")
    assert page.input_value("#on-granted") == "2026-11-22"
    assert "Enter the number" in page.inner_text("main")
    page.fill("#document-granted", "苏工发〔2026〕88号")
    page.click("button:has-text('The authority granted it')")
    page.wait_for_selector(".badge:has-text('Granted'), :text('Granted by the authority')")
    page.set_viewport_size({"width": 1440, "height": 900})
    check_page(page)
    picture(page, "n_granted_1440")


def test_decisions_are_read_and_taken_back_on_a_tablet(live, app, check_page):
    contest, entrants = make_final()
    decision_actions.pass_over(PETRA, contest.id, "first", {"number": entrants["张三"].number}, SAID)
    page = office(live, "organiser", width=1024, height=768)
    page.goto(f"{live.url}/contests/{contest.id}/awards")
    check_page(page)
    picture(page, "d_awards_1024")
    assert "Moved up: the committee passed over place 1." in page.inner_text("#award-first")
    page.click("#award-first a:has-text('Decisions of the committee')")
    check_page(page)
    picture(page, "d_decisions_1024")
    page.click("summary:has-text('Take back')")
    decision = page.locator(".confirm-panel")
    decision.locator("[name=minutes]").fill("纪要〔2026〕4号")
    decision.locator("[name=decided_on]").fill("2026-11-21")
    decision.locator("[name=reason]").fill("核查无误")
    picture(page, "d_take_back_1024")
    decision.locator("button").click()
    page.wait_for_selector("text=Taken back: 核查无误")
