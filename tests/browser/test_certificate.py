"""A certificate checked by phone: listed, forged, and with the office out of reach."""

import os

import pytest

from contest.awards.certificate_routes import LOOKUPS
from contest.offline import verify_certificate
from tests import factories
from tests.awards.certified import issued_contest


@pytest.fixture
def made(app):
    LOOKUPS.forget()
    _, _, made, _ = issued_contest(app)
    return made


def picture(page, name):
    """Kept where CONTEST_PICTURES says, for whoever looks at the pages."""
    if folder := os.environ.get("CONTEST_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_a_phone_checks_a_certificate_with_and_without_the_office(live, made, check_page):
    codes, where = [one.code for one in made], live.url
    page = live.open(width=390, height=844, worker=True)
    page.goto(f"{where}/c#{codes[0]}")
    page.wait_for_selector("#certificate-said[data-state=listed]")
    assert "张三" in page.inner_text("#certificate-said")
    check_page(page)
    picture(page, "c_listed")

    forged = codes[0][:-3] + ("AAA" if codes[0][-3:] != "AAA" else "BBB")
    page.goto(f"{where}/c#{forged}")
    page.wait_for_selector("#certificate-here[data-state=bad]")
    picture(page, "c_forged")

    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.context.set_offline(True)
    page.goto("about:blank")
    page.goto(f"{where}/c#{codes[1]}")
    page.wait_for_selector("#certificate-here[data-state=warn]")
    text = page.inner_text("#certificate-here")
    assert "技术能手" in text
    assert "not reachable" in text or "无法连接" in text
    picture(page, "c_offline")


def test_the_office_draws_by_itself_until_all_are_there(live, made, check_page):
    contest_id = made[0].contest_id
    organiser = factories.make_user("Olga")
    factories.make_grant(organiser, "organiser")
    page = live.open(organiser)
    page.goto(f"{live.url}/contests/{contest_id}/certificates")
    check_page(page)
    picture(page, "c_office")
    page.click("#certificate-progress button")
    page.wait_for_selector("#certificate-progress a[href$='all.zip']")
    picture(page, "c_office_drawn")


def test_a_phone_downloads_the_proof_and_reads_the_signed_lists(live, made, check_page, tmp_path):
    page = live.open(width=390, height=844)
    page.goto(f"{live.url}/c#{made[0].code}")
    page.wait_for_selector("#certificate-said[data-state=listed]")
    with page.expect_download() as loading:
        page.click("form[action='/c/proof'] button")
    file = tmp_path / "proof.json"
    loading.value.save_as(file)
    assert verify_certificate.main([str(file)]) == 0

    page.goto(f"{live.url}/c/lists/{made[0].contest_id}")
    check_page(page)
    picture(page, "c_lists")
