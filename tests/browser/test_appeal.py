"""One story: an appeal from the card on a phone, its decision, the notice, an objection."""

from playwright.sync_api import expect

from contest.accounts.passwords import hash_secret
from contest.db import about_to_write
from tests import factories
from tests.review.scene import PDF, WITH_NOTICE, provisional

WORDS = "four calm words here"


def test_from_the_card_to_the_objection(live, check_page):
    review = provisional(WITH_NOTICE)
    review.announce()
    contest_id, slug = review.contest.id, review.contest.slug
    token = review.entrants["钟一"].check_in_token
    supervisor = factories.make_user("郝监督")
    factories.make_grant(supervisor, "supervisor", review.contest)
    organiser = factories.make_user("周组委", password_hash=hash_secret(WORDS))
    factories.make_grant(organiser, "organiser", review.contest)

    phone = live.open(width=390, height=844)
    phone.goto(f"/contests/{contest_id}/my-result/{token}")
    phone.get_by_role("link", name="File an appeal").click()
    expect(phone.locator(".countdown").first).to_contain_text("Remaining")
    check_page(phone)
    phone.select_option("#field-ground", "scoring")
    phone.get_by_role("button", name="File the appeal").click()
    expect(phone.locator("#field-text-error")).to_contain_text("10 to 2000")
    phone.fill("#field-text", "第二项漏记了一分，请复核评分表。")
    phone.set_input_files(
        "#field-files", {"name": "a.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    phone.get_by_role("button", name="File the appeal").click()
    expect(phone.get_by_text("Waits for a decision")).to_be_visible()
    check_page(phone)
    receipt = phone.url

    desk = live.open(supervisor)
    desk.goto(f"/contests/{contest_id}/appeals")
    check_page(desk)
    desk.get_by_role("link", name="Appeal 1").click()
    check_page(desk)
    desk.get_by_text("Upheld", exact=True).click()
    desk.fill("#field-decision", "复核属实，已更正。")
    desk.fill("#field-unchanged", "漏记的一分另行补记，公布的分数不变。")
    desk.get_by_role("button", name="Decide").click()
    phone.goto(receipt)
    expect(phone.get_by_text("复核属实，已更正。")).to_be_visible()

    about_to_write(True)
    review.pass_time(hours=3)
    about_to_write(False)
    office = live.open(organiser)
    office.goto(f"/contests/{contest_id}/notice")
    check_page(office)
    office.fill("#word-notice", WORDS)
    office.get_by_role("button", name="Put it on notice").click()
    expect(office.get_by_text("Running")).to_be_visible()
    check_page(office)

    object_by_phone(phone, slug, check_page)
    office.reload()
    expect(office.get_by_text("ming@example.org")).to_be_visible()
    check_page(office)


def object_by_phone(phone, slug, check_page):
    """From the board to the list on notice, and an objection to it."""
    phone.goto(f"/board/{slug}")
    phone.get_by_role("link", name="Appeals, public notice and corrections").click()
    check_page(phone)
    phone.get_by_role("link", name="The list on notice").click()
    check_page(phone)
    phone.get_by_role("link", name="Object").click()
    phone.fill("#field-text", "名单中第二名的单位写错了，请核实。")
    phone.fill("#field-name", "李明")
    phone.fill("#field-contact", "ming@example.org")
    check_page(phone)
    phone.get_by_role("button", name="Send the objection").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Objection 1")
