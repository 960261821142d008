"""A chief judge has a panel that lies far apart mark again, and reads what came of it, on a tablet."""

from contest.db import about_to_write
from tests import factories
from tests.judging.panels import make_panel, mark


def give(panel, *points):
    about_to_write(True)
    for seat, each in enumerate(points, start=1):
        mark(panel, {"A1": each, "A2": {}}, seat=seat)
    about_to_write(False)


def test_a_panel_that_lies_far_apart_marks_again(app, live, check_page):
    panel = make_panel(1, document=factories.plan_document())
    give(panel, "10", "2")
    chief = factories.make_user("Petra")
    factories.make_grant(chief, "chief_judge", panel.contest)
    path = f"/contests/{panel.contest.id}/chief/risk/701"
    page = live.open(chief)
    page.goto(path)
    check_page(page)

    page.get_by_text("Open all these sheets again").first.tap()
    form = page.locator(".mark-again form")
    form.get_by_label("Reason").fill("talk it over")
    form.get_by_label("Password").fill(factories.WORD)
    form.get_by_role("button").last.tap()
    page.get_by_text("its judges see the reason").wait_for()
    give(panel, "8", "7")
    page.goto(path)

    table = page.get_by_role("table", name="The sums before and after")
    rows = [row.split("\t") for row in table.inner_text().splitlines() if row.strip()]
    assert [row[1:] for row in rows[-3:]] == [["20.00", "18.00"], ["12.00", "17.00"], ["8.00", "1.00"]]
    check_page(page)


def test_the_desk_lists_of_which_aspects_the_panels_have_to_talk(app, live, check_page):
    document = factories.plan_document()
    document["modules"][1]["criteria"][0]["aspects"][0]["apart"] = "2"
    panel = make_panel(2, document=document)
    give(panel, "9", "5.5")
    chief = factories.make_user("Petra")
    factories.make_grant(chief, "chief_judge", panel.contest)
    desk = f"/contests/{panel.contest.id}/chief"

    for width in (1024, 360):
        page = live.open(chief, width=width)
        page.goto(f"{desk}?module=risk&kind=odd")
        assert "Complete: 3.5 apart, allowed 2" in page.locator("#to-talk-about").inner_text()
        check_page(page)
        page.locator("#to-talk-about").get_by_role("link", name="701").tap()
        assert "differ by more than the plan" in page.locator(".mark-again").inner_text()
        check_page(page)
