"""The PIN page on a tablet that lies flat, under a browser that takes lines for its own bars."""

import pytest
from playwright.sync_api import expect

from contest.accounts import tickets
from contest.accounts.passwords import hash_secret
from contest.db import about_to_write, db
from tests import factories

SIZES = [(1024, 768), (1024, 620), (1180, 640)]


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_name_never_slides_under_the_status_bar(app, live, width, height):
    contest = factories.make_contest()
    judge = factories.make_user("司马相如")
    factories.make_grant(judge, "judge", contest)
    about_to_write(True)
    token = tickets.new_card(judge)
    tickets.new_pin(judge, ("135790", hash_secret("135790")), None)
    db.session.commit()
    about_to_write(False)
    page = live.open(width=width, height=height)
    page.goto(f"/enter/{token}")

    page.fill("#pin", "000000")
    page.click(".key.enter")

    expect(page.locator(".notice-bad, [role=alert]").first).to_be_visible()
    found = page.evaluate("""() => [
      scrollY, document.documentElement.scrollHeight - innerHeight,
      document.querySelector("h1").getBoundingClientRect().top
        - document.querySelector(".status-bar").getBoundingClientRect().bottom,
      innerHeight - document.querySelector(".key.enter").getBoundingClientRect().bottom,
    ]""")
    assert found[0] == 0 and found[1] <= 0 and found[2] >= 0 and found[3] >= 0


def test_the_pin_is_masked_until_it_is_asked_for(app, live):
    judge = factories.make_user("司马相如")
    factories.make_grant(judge, "judge", factories.make_contest())
    about_to_write(True)
    token = tickets.new_card(judge)
    tickets.new_pin(judge, ("135790", hash_secret("135790")), None)
    db.session.commit()
    about_to_write(False)
    page = live.open(width=1024, height=768)
    page.goto(f"/enter/{token}")
    field, show = page.locator("#pin"), page.locator("[data-show-pin]")

    for digit in "13579":
        page.click(f"[data-digit='{digit}']")
    expect(field).to_have_attribute("type", "password")
    show.click()
    expect(field).to_have_attribute("type", "text")
    expect(show).to_have_attribute("aria-pressed", "true")
    expect(field).to_have_value("13579")
    show.click()
    expect(field).to_have_attribute("type", "password")
    page.click("[data-digit='0']")
    page.click(".key.enter")

    page.wait_for_url(lambda url: "/enter/" not in url)
