"""The main job, as people do it: from the set-up code to a craftsman's receipt, through pages only.

Two judges mark three contestants; the plan gives theory 30 and one practical module 70 percent.
A sheet is A1 (0 to 10) and A2 (10, less 2 for each item missed), so at most 20 points.

              theory   judge 1            judge 2          mean     of 20     30 % and 70 %   half up
    张三      80       8.5 + 8 = 16.5     9 + 10 = 19      17.75    88.75     24 + 62.125     86.13
    李四      90       7 + 10 = 17        8 + 10 = 18      17.5     87.5      27 + 61.25      88.25
    王五      60       6 + 6 = 12         7.5 + 10 = 17.5  14.75    73.75     18 + 51.625     69.63

The two sheets of 王五 are 5.5 apart, more than the 5 that the plan allows: the chief sees it.
"""

import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import expect

from contest import serving
from contest.scoring.scheme_reading import plan_from
from contest.setup.plan_text import toml_of
from tests import factories
from tests.browser.watchdog import put_away
from tests.ports import free_port

ROSTER = """单位,姓名,性别,参赛号,工种
苍岭水泥,张三,男,A001,看火工
望湖水泥,李四,女,A002,看火工
云溪水泥,王五,男,A003,看火工
"""
JUDGES = "姓名,单位,专长,登录名\n严裁判,职业学院,风险,yan\n宽裁判,技师学院,风险,kuan\n"
THEORY = {"A001": "80", "A002": "90", "A003": "６０"}  # the clerk's keyboard was full-width
# By entry number: what each judge gives, as (A1, items missed).
MARKS = {
    "A001": (("8.5", 1), ("9", 0)),
    "A002": (("7", 0), ("8", 0)),
    "A003": (("6", 2), ("7.5", 0)),
}
NAMES = {"A001": "张三", "A002": "李四", "A003": "王五"}
TOTALS = [("1", "李四", "88.25"), ("2", "张三", "86.13"), ("3", "王五", "69.63")]
PEOPLE = {  # login: name, roles as their page names them, in the contest or everywhere
    "chief": ("秦裁判长", ["chief_judge"], True),
    "coder": ("石加密", ["coding_judge"], True),
    "clerk": ("贾统分", ["clerk"], True),
    "second": ("郝组委", ["organiser"], True),
    "curator": ("顾馆长", ["curator"], False),
}
AWARDS = [
    {"key": "first", "name": "一等奖", "name_en": "First prize", "to": "entrant", "rule": "count",
     "count": 1},
    {"key": "expert", "name": "技术能手", "name_en": "Expert", "to": "entrant", "rule": "top",
     "first": 1, "last": 1, "title": True, "level": "技术能手"},
]


def wait_for(address):
    """Return once a server answers there."""
    for _ in range(300):
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"nothing answers at {address}")


@dataclass
class Venue:
    """The two servers of an installation, and everybody's device."""

    office: str
    board: str
    code: str
    browser: object
    contexts: list = field(default_factory=list)

    def device(self, width=1440, height=900, **options):
        """A page on a new device, in English."""
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, base_url=self.office, locale="en-GB",
            **options,
        )
        context.set_default_timeout(15_000)
        self.contexts.append(context)
        return context.new_page()


@pytest.fixture
def venue(chromium, tmp_path):
    """Office and board node as they are run for real, on an empty installation."""
    ports = free_port(), free_port()
    addresses = [f"http://127.0.0.1:{port}" for port in ports]
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("CONTEST_")},
        "CONTEST_DATA": str(tmp_path), "CONTEST_BOARD_URL": addresses[1],
        "CONTEST_NUDGE_PORT": str(serving.free_datagram_port()), "LANG": "en_GB.UTF-8",
    }
    made = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "contest", "init"], env=environment, text=True,
        capture_output=True, check=True, cwd=serving.STATIC.parent,
    )
    code = re.search(r"Set-up code: (\S+)", made.stdout).group(1)
    children = [
        serving.start_office("127.0.0.1", ports[0], environment=environment),
        serving.start_board("127.0.0.1", ports[1], environment),
    ]
    opened = Venue(*addresses, code, chromium.browser)
    try:
        wait_for(f"{addresses[0]}/sign-in")
        wait_for(f"{addresses[1]}/board/nowhere")
        yield opened
    finally:
        for context in opened.contexts:
            put_away(context)
        serving.stop(children)


WORDS = {}  # page: what whoever is signed in there types again when an act asks for it


def press(page, name):
    """Press a button, say yes if it asks, and wait for the page that follows."""
    question = page.locator("main summary", has_text=name)
    button = page.locator("main").get_by_role("button", name=name, exact=True)
    expect(question.or_(button).first).to_be_visible()
    if question.count():
        question.first.click()
        button = page.locator("details[open] .confirm-panel button[type=submit]")
        word = page.locator("details[open] .confirm-panel input[name=word]")
        if word.count():
            word.fill(WORDS[page])
    with page.expect_navigation():
        button.first.click()


def says(page, text):
    """The page says so in a message above its content."""
    expect(page.locator("main")).to_contain_text(text)


def set_up(venue):
    """The first visitor with the code becomes the organiser."""
    page = venue.device()
    page.goto("/")
    page.goto("/sign-in")  # an empty installation leads to the set-up
    page.get_by_label("Set-up code").fill(venue.code)
    page.get_by_label("Your name").fill("周组委")
    page.get_by_label("Login").fill("zhou")
    page.get_by_label("Password", exact=False).first.fill("four calm words here")
    page.get_by_label("Repeat the password").fill("four calm words here")
    press(page, "Become the organiser")
    expect(page.locator(".menu-name")).to_have_text("周组委")
    WORDS[page] = "four calm words here"
    return page


def make_contest(page):
    """A plan file becomes a contest in registration; returns the start of its addresses."""
    document = factories.plan_document(awards=AWARDS)
    plan = toml_of(plan_from(document)).encode()
    page.goto("/contests/new/file")
    page.get_by_label("Name in Chinese").fill("小比武")
    page.get_by_label("Name in English").fill("Small contest")
    page.get_by_label("Short name in addresses").fill("small-2026")
    page.get_by_label("Host").fill("省总工会")
    page.get_by_label("Last day").fill("2026-11-24")
    page.locator("input[name=road][value=short]").check()
    page.set_input_files("input[name=file]", {"name": "plan.toml", "mimeType": "", "buffer": plan})
    press(page, "Create the contest")
    expect(page.get_by_role("heading", level=1)).to_have_text("Small contest")
    at = re.search(r"/contests/\d+", page.url).group()
    press(page, "Show to the public")
    press(page, "Open the registration")
    return at


def add_people(venue, page, at):
    """The organiser adds each person; each signs in with the one-time password and replaces it."""
    pages = {}
    for login, (name, roles, is_here) in PEOPLE.items():
        page.goto(f"{at if is_here else ''}/accounts/new")
        page.get_by_label("Name").fill(name)
        page.get_by_label("Login").fill(login)
        for role in roles:
            page.locator(f"input[name=roles][value={role}]").check()
        press(page, "Add the person")
        password = page.locator(".secret-word").inner_text()
        pages[login] = venue.device()
        pages[login].goto("/sign-in")
        pages[login].get_by_label("Login").fill(login)
        pages[login].get_by_label("Password").fill(password)
        press(pages[login], "Sign in")
        WORDS[pages[login]] = replace_password(pages[login], password)
        expect(pages[login].locator(".menu-name")).to_have_text(name)
    return pages


def replace_password(page, old):
    """Put an own password in the place of the one that somebody else knows; returns it."""
    new = "four calm words here"
    page.goto("/my/account")
    page.get_by_label("Present password").fill(old)
    page.get_by_label("New password").fill(new)
    page.get_by_label("Repeat the password").fill(new)
    press(page, "Change the password")
    page.goto("/")
    return new


def import_lists(page, at):
    """The roster and the judges come in as files; a preview comes before anything is stored."""
    page.goto(f"{at}/entrants/import")
    broken = ROSTER.replace("王五,男", "王五,公")
    upload(page, "roster.csv", broken.encode("gb18030"))
    says(page, "The file was not taken")
    upload(page, "roster.csv", ROSTER.encode("gb18030"))
    says(page, "王五")
    page.goto(f"{at}/entrants")
    expect(page.locator("main")).not_to_contain_text("王五")
    page.go_back()
    press(page, "Store this list")
    says(page, "3 new, 0 changed, 0 unchanged.")
    page.goto(f"{at}/judges/import")
    upload(page, "judges.csv", JUDGES.encode())
    press(page, "Store this list")
    says(page, "2 new, 0 changed, 0 unchanged.")


def upload(page, name, data):
    page.set_input_files("input[name=file]", {"name": name, "mimeType": "text/csv", "buffer": data})
    press(page, "Read the file")


def draw(coder, at):
    """The coding judge draws; only that page knows which code is whose: {entry number: code}."""
    coder.goto(f"{at}/draw")
    press(coder, "Hold the draw")
    says(coder, "The draw was held.")
    lines = coder.locator("#codes tbody tr")
    return {
        line.locator("td[data-label='Entry number']").inner_text():
        line.locator(".blind-code").inner_text()
        for line in lines.all()
    }


def issue_card(page, at, name):
    """A new card for a judge: the address behind its QR code and the PIN."""
    page.goto(f"{at}/accounts")
    page.get_by_role("link", name=name).first.click()
    press(page, "New card and PIN")
    return page.locator(".secret-link").inner_text(), page.locator(".secret-word").inner_text()


def enter_by_card(venue, card, pin):
    """A judge scans the card on a tablet and taps the PIN."""
    tablet = venue.device(1024, 768, has_touch=True)
    tablet.goto(card)
    for digit in pin:
        tablet.tap(f"[data-digit='{digit}']")
    if "/enter/" in tablet.url and tablet.locator(".key.enter").is_visible():
        tablet.tap(".key.enter")
    expect(tablet.locator(".own-code").first).to_be_visible()
    return tablet


def mark_by_touch(tablet, code, points, missed):
    """One sheet on the glass: keypad, counters, summary, handing in."""
    tablet.goto("/judging")
    tablet.locator("a[data-sheet]", has_text=code).tap()
    tablet.tap("#mark-A1")
    for digit in points:
        tablet.tap(f"[data-key='{digit}']")
    tablet.tap("[data-key='close']")
    if missed == 0:
        tablet.tap("#aspect-A2 .none-choice")
    for _ in range(missed):
        tablet.tap("#aspect-A2 [data-count-up] >> nth=0")
    expect(tablet.locator("#sheet-state")).to_have_attribute("data-state", "stored")
    tablet.tap("[data-check]")
    tablet.wait_for_url("**/summary")
    tablet.tap("#submit-form button")
    expect(tablet.get_by_role("heading", level=1)).to_have_text(f"{code} is handed in.")


def mark_by_program(tablet, code, points, missed):
    """One sheet through the tablets' door, as a program sends it."""
    tablet.goto("/judging")
    sheet = tablet.locator("a[data-sheet]", has_text=code).get_attribute("data-sheet")
    answer = tablet.request.post(
        f"/api/v1/sheets/{sheet}/operations",
        headers={"X-Contest": "1"},
        data={
            "op_id": str(uuid.uuid4()), "base_rev": 0, "kind": "submit", "device": "test",
            "marks": {"A1": points, "A2": {"0": missed} if missed else {}},
        },
    )
    assert answer.status == 200, answer.text()
    return answer.json()


def enter_theory(clerk, at):
    """The clerk types one score after the other; Enter goes on to the next contestant."""
    clerk.goto(f"{at}/theory?module=paper&number=A001")
    for number in sorted(THEORY):
        expect(clerk.get_by_role("heading", level=1)).to_contain_text(number)
        clerk.get_by_label("Score").fill(THEORY[number])
        clerk.get_by_label("Score").press("Enter")
        says(clerk, f"{number} {NAMES[number]}: {int(THEORY[number])} stored.")


def row_of(phone, name):
    return phone.locator("#individuals tbody tr", has_text=name)


def test_the_main_job_from_the_set_up_code_to_a_receipt(venue):
    organiser = set_up(venue)
    at = make_contest(organiser)
    people = add_people(venue, organiser, at)
    import_lists(organiser, at)

    people["chief"].goto(f"{at}/panels")
    press(people["chief"], "Fill all panels")
    says(people["chief"], "The judges were put on the panels.")
    codes = draw(people["coder"], at)
    assert sorted(codes) == ["A001", "A002", "A003"]
    organiser.goto(at)
    press(organiser, "Begin the scoring")
    people["chief"].goto(f"{at}/chief")
    press(people["chief"], "Hand out sheets")
    says(people["chief"], "Sheets handed out: 6.")

    judge_and_watch(venue, organiser, people, at, codes)
    publish(organiser, people, at)
    craftsman = award_and_list(venue, organiser, people, at)
    apply_with_the_honour(craftsman)


def judge_and_watch(venue, organiser, people, at, codes):
    """Everything is marked while a phone in the hall watches; nothing there is reloaded by hand."""
    phone = venue.device(390, 844)
    phone.goto(f"{venue.board}/board/small-2026?lang=en")
    first = enter_by_card(venue, *issue_card(organiser, at, "严裁判"))
    second = enter_by_card(venue, *issue_card(organiser, at, "宽裁判"))
    expect(first.locator("body")).not_to_contain_text("张三")  # judges know codes, never names

    mark_by_touch(first, codes["A001"], *MARKS["A001"][0])
    enter_theory(people["clerk"], at)
    answer = mark_by_program(second, codes["A001"], *MARKS["A001"][1])
    assert answer["total"] == "19.00"
    # While works are judged blind, what they come to stands beside no name.
    expect(row_of(phone, codes["A001"])).to_contain_text("62.13")
    phone.evaluate("window.isTheSamePage = true")  # with the first mark the whole list came, by itself
    expect(phone.locator("#individuals")).not_to_contain_text("张三")

    for number in ("A002", "A003"):
        mark_by_program(first, codes[number], *MARKS[number][0])
        mark_by_program(second, codes[number], *MARKS[number][1])
    # The last sheet opens no code: two people do.
    expect(row_of(phone, codes["A003"])).to_contain_text("51.63")
    expect(phone.locator("#individuals")).not_to_contain_text("张三")
    assert phone.evaluate("window.isTheSamePage") is True
    # Names under the headings of codes: the phone fetches the whole page, by itself.
    decode(people["coder"], organiser, at)
    expect(row_of(phone, "张三").locator(".board-total")).to_contain_text("86.13")
    expect(row_of(phone, "王五").locator(".board-total")).to_contain_text("69.63")

    people["chief"].goto(f"{at}/chief")
    odd = people["chief"].locator("tr.row-odd")
    expect(odd).to_have_count(1)
    expect(odd).to_contain_text(codes["A003"])
    expect(odd.locator(".gap")).to_have_text("5.50")


def decode(coder, organiser, at):
    """The coding judge and the organiser open the codes together, at one screen."""
    coder.goto(f"{at}/decoding")
    coder.locator("main input[name=word]").fill(WORDS[coder])
    coder.get_by_label("Login of the second person").fill("zhou")
    coder.locator("input[name=second_word]").fill(WORDS[organiser])
    press(coder, "Decode")
    says(coder, "The layer is decoded.")


def publish(organiser, people, at):
    """Provisional by one person, final by another."""
    organiser.goto(f"{at}/results")
    lines = organiser.locator("#standings tbody tr")
    for line, (place, name, total) in zip(lines.all(), TOTALS, strict=True):
        expect(line).to_contain_text(name)
        expect(line.locator("td[data-label=Rank]")).to_contain_text(place)
        expect(line.locator("td[data-label=Total]")).to_have_text(total)
    press(organiser, "Publish as provisional")
    says(organiser, "Published as revision 1.")
    says(organiser, "another organiser must make them final")
    expect(organiser.get_by_text("Make final", exact=True)).to_have_count(0)
    expect(organiser.locator("#publishing")).to_contain_text("Provisional")
    second = people["second"]
    second.goto(f"{at}/results")
    press(second, "Make final")
    says(second, "Published as revision 2.")


def award_and_list(venue, organiser, people, at):
    """The awards are granted, the curator confirms them; a stranger finds the winner's page."""
    organiser.goto(f"{at}/awards")
    press(organiser, "Grant the awards")
    says(organiser, "Awards granted: 2.")
    curator = people["curator"]
    curator.goto("/curation")
    curator.get_by_label("Document number").fill("总工〔2026〕7号")
    curator.get_by_label("Granted on").fill("2026-11-24")
    curator.get_by_label("I have compared the chosen lines").check()
    press(curator, "Confirm the chosen honours")
    says(curator, "总工〔2026〕7号")

    stranger = venue.device(390, 844)
    stranger.goto("/register?text=李四")
    stranger.get_by_role("link", name="李四").first.click()
    expect(stranger.get_by_role("heading", level=1)).to_have_text("李四")
    honours = stranger.locator(".honours")
    for words in ("Expert", "First prize", "88.25", "总工〔2026〕7号", "省总工会", "2026-11-24"):
        expect(honours).to_contain_text(words)
    return stranger


def apply_with_the_honour(page):
    """The honour opens the allowance; the application has a receipt by which it is found again."""
    page.get_by_role("link", name="Skill allowance").first.click()
    page.get_by_label("Your name").fill("李四")
    page.get_by_label("Telephone").fill("0571 8765 4321")
    page.get_by_label("Present employer").fill("望湖水泥")
    page.get_by_label("In this post since").fill("2019-03")
    press(page, "Send the application")
    receipt = page.locator(".receipt-code").inner_text()
    assert re.fullmatch(r"([2-9A-HJ-NP-Z]{4} ){3}[2-9A-HJ-NP-Z]{4}", receipt)

    page.goto("/applications")
    page.locator("input[name=receipt]").fill(receipt)
    page.locator("main form button[type=submit]").click()

    expect(page.locator(".receipt-code")).to_have_text(receipt)
    says(page, "Applied")
