"""The hall at work: a controller on a phone, screens that follow it, the server killed in the middle."""

import re

import pytest
from playwright.sync_api import expect

from contest import clock
from contest.accounts.models import User
from contest.ceremony import actions, queries, screen_actions, screen_queries
from contest.db import about_to_write, db
from tests import factories
from tests.browser.watchdog import put_away
from tests.ceremony.stages import begin, host, make_ready
from tests.ceremony.test_screen_rules import png
from tests.proof.office import Office, environment_of

PHONE = {"width": 390, "height": 844}


class Hall:
    """A contest before its ceremony, its screens by name, and the host."""

    def __init__(self, kind="individuals", screens=("主会场左屏", "Side venue"), count=4, **options):
        self.scene = make_ready(count, teams=())
        self.leader = factories.make_user("万主持")
        factories.make_grant(self.leader, "host", self.scene.contest)
        self.contest_id, self.slug = self.scene.contest.id, self.scene.contest.slug
        self.desk = f"/contests/{self.contest_id}/ceremony"
        self.tokens = {}
        for name in screens:
            language = "en" if name.isascii() else "zh"
            screen = screen_actions.add_screen(host(self.scene), self.contest_id, name, language)
            screen_actions.switch_screens(host(self.scene), self.contest_id, [screen.id], "reveal", {})
            self.tokens[name] = screen.token
        if kind:
            begin(self.scene, kind, **options)

    def switch(self, name, shows, options):
        screen_actions.switch_screens(
            host(self.scene), self.contest_id,
            [
                line.screen.id for line in screen_queries.list_screens(self.scene.contest)
                if line.screen.name == name
            ],
            shows, options,
        )


def take_control(live, hall, **size):
    """The controller in the host's hand."""
    page = live.open(db.session.get(User, hall.leader.id), **(size or PHONE))
    page.goto(f"{hall.desk}/control")
    page.get_by_label("Your password or PIN").fill(factories.WORD)
    page.get_by_role("button", name="Take the controller").click()
    expect(page.get_by_text("The hall sees")).to_be_visible()
    return page


def press(page, name, step):
    page.get_by_role("button", name=name, exact=True).click()
    expect(page.locator("#control")).to_have_attribute("data-step", str(step))


def test_three_screens_follow_a_phone_to_the_right_list(live, check_page):
    hall = Hall(screens=("主会场左屏", "主会场右屏", "Side venue"))
    screens = []
    for token in hall.tokens.values():
        page = live.open(width=1920, height=1080)
        page.goto(f"/screens/{token}")
        screens.append(page)
    phone = take_control(live, hall)
    check_page(phone)

    for step, told in enumerate(("选手1", "选手2", "选手3", "选手4"), start=1):
        press(phone, "Next step", step)
        for page in screens:
            expect(page.locator(".stage-spot .stage-name")).to_have_text(told)
    press(phone, "Step back", 3)
    for page in screens:
        expect(page.locator(".stage-spot .stage-name")).to_have_text("选手3")
        assert "选手4" not in page.content()
    press(phone, "Next step", 4)
    press(phone, "Next step", 5)

    published = [row["name"] for row in queries.latest_sheet(hall.contest_id).document["rows"]]
    db.session.rollback()
    for page in screens:
        expect(page.locator(".stage-told .wall-name > span")).to_have_text(published)
        check_page(page)
    expect(phone.get_by_text("This is the last step.")).to_be_visible()
    check_page(phone)


def test_the_server_is_killed_in_the_middle_and_everything_goes_on_to_the_right_list(app, chromium, tmp_path):
    """Three screens and the controller find their place again; nobody touches a screen."""
    clock.stand_still(None)
    hall = Hall(screens=("主会场左屏", "主会场右屏", "Side venue"))
    published = [row["name"] for row in queries.latest_sheet(hall.contest_id).document["rows"]]
    user = db.session.get(User, hall.leader.id)
    cookie = factories.browser_of(app, user).get_cookie("session").value
    db.session.commit()
    db.session.remove()
    about_to_write(False)
    office = Office(environment_of(app, tmp_path) | {"CONTEST_CODES_KEY": app.config["CODES_KEY"]})
    url = f"http://127.0.0.1:{office.port}"
    contexts = [chromium.browser.new_context(base_url=url, locale="en-GB") for _ in range(2)]
    for context in contexts:
        context.set_default_timeout(30_000)
    contexts[0].add_cookies([{"name": "session", "value": cookie, "url": url}])
    try:
        office.start()
        phone = contexts[0].new_page()
        phone.set_viewport_size(PHONE)
        screens = [contexts[1].new_page() for _ in hall.tokens]
        for page, token in zip(screens, hall.tokens.values(), strict=True):
            page.goto(f"/screens/{token}")
        phone.goto(f"{hall.desk}/control")
        phone.get_by_label("Your password or PIN").fill(factories.WORD)
        phone.get_by_role("button", name="Take the controller").click()
        press(phone, "Next step", 1)
        press(phone, "Next step", 2)
        for page in screens:
            expect(page.locator(".stage-spot .stage-name")).to_have_text("选手2", timeout=30_000)

        office.kill_workers()
        for page in screens:  # what was shown stays shown
            assert "选手2" in page.locator(".stage-spot").inner_text()
        office.wait()

        phone.reload()
        expect(phone.locator("#control")).to_have_attribute("data-step", "2")
        press(phone, "Next step", 3)
        for page in screens:
            expect(page.locator(".stage-spot .stage-name")).to_have_text("选手3", timeout=30_000)
        press(phone, "Next step", 4)
        press(phone, "Next step", 5)
        for page in screens:
            expect(page.locator(".stage-told .wall-name > span")).to_have_text(published, timeout=30_000)
    finally:
        for context in contexts:
            put_away(context)
        office.stop()


def test_a_screen_that_shows_nothing_alarms_the_controller(live):
    hall = Hall(screens=("主会场左屏",))
    phone = take_control(live, hall)
    alarm = phone.locator(".control-alarm")
    expect(alarm).to_contain_text("Not opened yet")

    screen = live.open(width=1280, height=720)
    screen.goto(f"/screens/{hall.tokens['主会场左屏']}")
    expect(alarm).to_have_count(0)
    screen.evaluate(
        "Array.from(document.getElementById('screen-stage').children)"
        ".forEach((one) => { one.hidden = true; })"
    )

    expect(alarm).to_contain_text("Shows nothing")


def test_a_wall_in_a_screens_frame_that_is_an_error_alarms_too(live):
    hall = Hall(kind=None, screens=("主会场左屏",))
    hall.switch("主会场左屏", "board", {"rows": 10, "seconds": 10, "list": ""})
    db.session.rollback()
    screen = live.open(width=1280, height=720)
    screen.route(re.compile("/wall"), lambda route: route.fulfill(status=503, body="later"))

    with screen.expect_request(re.compile("dark=1")):
        screen.goto(f"/screens/{hall.tokens['主会场左屏']}")

    screen.unroute(re.compile("/wall"))
    with screen.expect_request(re.compile("dark=0"), timeout=60_000):
        screen.reload()


def test_what_was_unfolded_stays_unfolded_while_the_controller_keeps_itself_up_to_date(live):
    hall = Hall(screens=("主会场左屏",))
    phone = take_control(live, hall)
    phone.get_by_text("Jump, screens, end").click()
    phone.get_by_label("Jump to step").fill("3")

    with phone.expect_response(re.compile("/ceremony/control$")):
        pass
    with phone.expect_response(re.compile("/ceremony/control$")):
        pass

    expect(phone.get_by_label("Jump to step")).to_be_visible()
    expect(phone.get_by_label("Jump to step")).to_have_value("3")
    phone.get_by_role("button", name="Jump", exact=True).click()
    expect(phone.locator("#control")).to_have_attribute("data-step", "3")


def test_two_controllers_and_a_double_press_skip_no_step(live):
    hall = Hall()
    first, second = take_control(live, hall), take_control(live, hall)

    # The second one still shows step 0 when it is pressed.
    second.evaluate("document.getElementById('control').removeAttribute('hx-trigger')")
    press(first, "Next step", 1)
    second.evaluate(
        "document.querySelectorAll('.control-keys input[name=seen]').forEach((one) => { one.value = 0; });"
        "document.querySelectorAll('.control-keys input[name=step]').forEach((one) => { one.value = 1; });"
    )
    second.get_by_role("button", name="Next step", exact=True).click()

    expect(second.get_by_text(re.compile("Nothing was skipped"))).to_be_visible()
    expect(second.locator("#control")).to_have_attribute("data-step", "1")


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (3840, 2160)])
@pytest.mark.parametrize(
    ("shows", "options"),
    [
        ("message", {"title": "午餐休息", "text": "一点半在主会场继续\n二楼餐厅"}),
        ("countdown", {"title": "距开赛", "until": "2026-11-23T15:30:00+08:00"}),
        ("sponsors", {"title": "感谢赞助单位", "seconds": 3}),
        ("board", {"list": "", "rows": 8, "seconds": 9}),
        ("blank", {}),
    ],
    ids=["message", "countdown", "sponsors", "board", "blank"],
)
def test_what_a_screen_shows_is_whole_and_accessible(live, check_page, shows, options, width, height):
    hall = Hall(kind=None, screens=("主会场左屏",))
    if shows == "sponsors":
        pictures = [
            screen_actions.add_picture(host(hall.scene), hall.contest_id, f"{n}.png", png(320, 180)).id
            for n in range(2)
        ]
        options = {**options, "pictures": pictures}
    hall.switch("主会场左屏", shows, options)

    screen = live.open(width=width, height=height)
    screen.goto(f"/screens/{hall.tokens['主会场左屏']}")

    expect(screen.locator(f".stage-{shows}")).to_be_visible()
    assert screen.evaluate("document.documentElement.scrollHeight") <= height
    if shows == "board":
        frame = screen.frame_locator(".stage-frame")
        expect(frame.locator("[data-list=entrants] tr:visible").first).to_be_visible()
    check_page(screen)


@pytest.mark.parametrize("kind", ["individuals", "items"])
def test_no_row_of_a_scene_is_cut(live, kind):
    """The longest list and the longest table at 1080p, with long and rare names."""
    hall = Hall(kind=None, count=12)
    begin(hall.scene, kind, names="all")
    last = queries.script_of(queries.get_running(hall.contest_id)).last
    actions.move_reveal(host(hall.scene), hall.contest_id, 0, last)
    screen = live.open(width=1920, height=1080)
    screen.goto(f"/screens/{hall.tokens['主会场左屏']}")

    rows = screen.locator(".screen-stage tbody tr")
    expect(rows).to_have_count(10)
    screen.evaluate("Promise.all(document.getAnimations().map(function (one) { return one.finished; }))")
    box = rows.last.bounding_box()
    assert box["y"] + box["height"] <= 1080


def test_a_screen_stands_still_for_whom_motion_hurts(live):
    hall = Hall(screens=("主会场左屏",))
    screen = live.open(width=1920, height=1080, reduced_motion="reduce")
    screen.goto(f"/screens/{hall.tokens['主会场左屏']}")

    expect(screen.locator(".stage-words")).to_be_visible()
    assert screen.evaluate("document.getAnimations().length") == 0
