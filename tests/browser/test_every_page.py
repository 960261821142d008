"""Every page that can be read, opened by somebody who may, in both languages, looked at closely."""

import re
import threading
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from babel.messages.pofile import read_po
from werkzeug.serving import make_server

from contest import clock, create_app
from contest.accounts.rules import ROLES
from tests.browser.watchdog import put_away
from tests.conftest import NOON, TEST_SETTINGS
from tests.world import open_world
from tests.world_parts import World

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
READ_PAGE = (HERE / "every_page.js").read_text("utf-8")
MAP = create_app(**TEST_SETTINGS).url_map
VIEWS = create_app(**TEST_SETTINGS).view_functions

# Who opens a page, where the first role of its guard would not find it.
WALKERS = {
    "accounts.list_accounts": "owner",
    "webhooks.list_webhooks": "owner",
    "api.list_entitlements": "owner",
    "webhooks.show_webhook": "owner",
    "people.preview_unit_roster": "contact",
    "people.roster_template": "contact",
    "theory.preview_scores": "clerk",
    "setup.desk": "chief_judge",
    "board.show_switches": "host",
    "awards.show_awards": "supervisor",
    # The supervisor of this house supervises one contest.
    "registry.show_whole_trail": "curator",
    "registry.download_whole": "curator",
    "audit.show_trail": "supervisor",
    "audit.show_chain": "supervisor",
    "member_services.show_desk": "service_officer",
    "member_services.my_services": "contact",
    "members.my_page": "contact",
    "members.download_my_certificate": "contact",
    "members.download_my_proof": "contact",
    "members.my_data": "contact",
    "letters.list_letters": "contact",
    "letters.list_notices": "owner",
    "members.list_people": "curator",
    "members.show_person": "curator",
    "registry.show_curation": "curator",
    "registry.show_craftsman": "curator",
    "points.show_office": "curator",
    "points.show_list": "curator",
    "points.download_list": "curator",
}
# These answer with a file or with data for a program; the type that they must have.
FILES = {
    "static": "text/javascript",
    "judging.show_worker": "text/javascript",
    "board.show_data": "application/json",
    "board.show_code": "image/svg+xml",
    **dict.fromkeys((
        "api.list_contests", "api.show_contest", "api.list_entrants", "api.list_sheets", "api.show_sheet",
        "api.show_standings", "api.show_board", "api.list_awards", "api.list_craftsmen",
        "api.show_craftsman", "api.list_entitlements", "api.list_services", "api.show_service",
        "api.show_application", "api.describe", "api.list_points", "api.list_slots",
        "api.list_records", "api.show_record", "api.list_cases", "api.show_case", "api.show_case_file",
    ), "application/json"),
    # Somebody else's page, with styles of its own: tests/browser/test_api_docs.py looks at it.
    "api.show_docs": "text/html",
    "api.show_docs_file": "text/css",
    "board.stream_events": "text/event-stream",
    "ceremony.stream_screen": "text/event-stream",
    "ceremony.hear_screen": "text/plain",
    "ceremony.show_picture": "image/png",
    # A screen has a language of its own, whoever looks: test_ceremony.py looks at it.
    "ceremony.show_screen": "text/html",
    "board.stream_feed": "text/event-stream",
    "people.download_roster": "spreadsheetml",
    "people.roster_template": "spreadsheetml",
    "people.judges_template": "spreadsheetml",
    "theory.score_template": "spreadsheetml",
    "quiz.tell_clock": "application/json",
    "setup.download_plan": "application/toml",
    "setup.download_schema": "application/schema+json",
    "awards.download_paper": "application/pdf",
    "results.download_ledger": "application/zip",
    "audit.show_head_code": "image/svg+xml",
    "results.download_bulletin": "application/json",
    "results.download_signature": "application/json",
    "results.print_bulletin": "application/pdf",
    "results.download_verifier": "text/x-python",
    "awards.download_report": "application/pdf",
    "awards.download_certificate": "application/pdf",
    "awards.download_badge": "application/jwt",
    "awards.show_badge_status": "application/jwt",
    "awards.download_certificates": "application/zip",
    "awards.download_certificate_proof": "application/json",
    "awards.download_certificate_list": "application/json",
    "awards.download_list_signature": "application/json",
    "awards.download_certificate_verifier": "text/x-python",
    "awards.download_pack": "application/zip",
    "awards.show_sample": "image/png",
    "awards.show_certificate_worker": "text/javascript",
    "checks.print_list": "application/pdf",
    "draw.download_draw": "application/json",
    "draw.download_public": "application/json",
    "review.download_notice": "application/pdf",
    "review.download_file": "application/pdf",
    "selection.download_paper": "application/pdf",
    "selection.download_own_paper": "application/pdf",
    "selection.download_deed": "application/pdf",
    "member_services.download_file": "application/pdf",
    "member_services.download_course_certificate": "application/pdf",
    "registry.download_document": "application/pdf",
    "registry.download_whole": "application/zip",
    "registry.show_picture": "image/png",
    "selection.show_story_picture": "image/png",
    "member_services.download_entry": "application/toml",
    "member_services.download_benefits":
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "member_services.download_payments":
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "members.download_my_certificate": "application/pdf",
    "members.download_my_proof": "application/json",
    "paper.print_sheet": "application/pdf",
    "points.download_list": "application/pdf",
    "paper.print_module": "application/pdf",
    "paper.download_photo": "image/png",
}
# Answers with nothing to read: "I am in use", and 204.
SILENT = {"accounts.say_here"}
# Pages that refuse by design: this installation is set up already.
# Single marks beside entry numbers wait until the blind modules are in.
# The controller is not in the hand of who has not typed the PIN.
# No trade is named in the address.
# No union's sign-in is set up, and nobody comes back from one.
STATUSES = {
    "accounts.set_up": 409, "ceremony.preview_step": 403, "members.go_to_union": 404,
    "theory.show_trade": 404,
    "members.come_from_union": 409, "members.join_by_union": 409,
}
# The same pages in other states: name, address with parts in braces, who opens it, status.
MORE = (
    ("front-of-the-organiser", "/", "organiser", 200),
    ("front-of-a-judge", "/", "judge", 200),
    ("front-of-the-contact", "/", "contact", 200),
    ("record-on-which-nothing-rests", "/curation/records/{fresh_record}", "curator", 200),
    ("record-at-the-desk-that-stands", "/curation/records/{record}", "curator", 200),
    ("desk-of-the-organiser", "/contests/{contest_id}", "organiser", 200),
    ("desk-of-a-finished-contest", "/contests/{finished}", "organiser", 200),
    ("desk-in-registration", "/contests/{registering}", "organiser", 200),
    ("appeals-with-a-window", "/contests/{contest_id}/appeals", "chief_judge", 200),
    ("appeal-to-decide", "/contests/{contest_id}/appeals/{appeal_id}", "supervisor", 200),
    ("notice-with-an-objection", "/contests/{noticed}/notice", "supervisor", 200),
    ("objection-by-its-code", "/receipts/{objection_receipt}", "guest", 200),
    ("calendar-to-be-filled", "/calendar?year=2027", "owner", 200),
    ("awards-of-the-organiser", "/contests/{finished}/awards", "organiser", 200),
    ("a-nomination-that-went-out", "/contests/{finished}/nominations/{sent_nomination}", "organiser", 200),
    ("a-nomination-to-grant", "/contests/{finished}/nominations/{sent_nomination}", "curator", 200),
    ("annulments-of-a-supervisor", "/contests/{finished}/awards/annulments", "supervisor", 200),
    ("annulments-of-a-curator", "/contests/{finished}/awards/annulments", "curator", 200),
    ("annulments-before-the-grant", "/contests/{contest_id}/awards/annulments", "organiser", 200),
    ("decisions-by-votes", "/contests/{finished}/awards/organiser/decisions", "organiser", 200),
    ("awards-before-results", "/contests/{contest_id}/awards", "organiser", 200),
    ("desk-of-the-ceremony-before-results", "/contests/{contest_id}/ceremony", "organiser", 200),
    ("desk-of-the-ceremony-only-looked-at", "/contests/{staged}/ceremony", "supervisor", 200),
    ("quiz-with-wagers", "/contests/{quiz}/quiz?show=risk", "host", 200),
    ("quiz-with-other-points", "/contests/{quiz}/quiz?show=other", "clerk", 200),
    ("quiz-only-looked-at", "/contests/{quiz}/quiz", "supervisor", 200),
    ("quiz-of-a-contest-without-one", "/contests/{finished}/quiz", "clerk", 200),
    ("stopwatch", "/contests/{timed}/quiz", "clerk", 200),
    ("values-of-a-timed-event", "/contests/{timed}/quiz/hose/values", "clerk", 200),
    ("scores-of-a-quiz", "/contests/{quiz}/theory", "clerk", 200),
    ("scores-of-a-timed-event", "/contests/{timed}/theory", "clerk", 200),
    ("board-of-a-finished-contest", "/board/finished", "guest", 200),
    ("wall-of-a-finished-contest", "/board/finished/wall", "guest", 200),
    ("overlay-of-the-first-five", "/board/finished/overlay?show=top5", "guest", 200),
    ("side-venue-of-one-module", "/board/running/side?module=drill", "guest", 200),
    ("printed-board-of-a-finished-contest", "/board/finished/print", "guest", 200),
    ("board-by-one-module", "/board/running?module=paper&mine=A001&mine=A002", "guest", 200),
    ("switches-of-the-organiser", "/contests/{contest_id}/board", "organiser", 200),
    ("results-of-teams", "/contests/{contest_id}/results?show=teams", "organiser", 200),
    ("results-that-are-final", "/contests/{finished}/results", "chief_judge", 200),
    ("receipt-of-a-running-contest", "/contests/{contest_id}/results/entrants/{entrant_id}",
     "organiser", 200),
    ("what-if-of-a-proposal", "/contests/{contest_id}/results/what-if?plan=2", "organiser", 200),
    ("panel-health-of-one-judge", "/contests/{contest_id}/results/agreement?module=drill",
     "supervisor", 200),
    ("panel-health-of-a-finished-contest", "/contests/{finished}/results/agreement",
     "chief_judge", 200),
    ("draw-of-the-coding-judge", "/contests/{contest_id}/draw", "coding_judge", 200),
    ("desk-of-the-chief-only-the-odd", "/contests/{contest_id}/chief?kind=odd", "chief_judge", 200),
    ("desk-of-the-chief-drill", "/contests/{contest_id}/chief?module=drill", "supervisor", 200),
    ("a-sheet-of-every-kind", "/judging/sheets/{open_drill}", "judge", 200),
    ("a-summary-of-every-kind", "/judging/sheets/{open_drill}/summary", "judge", 200),
    ("a-sheet-handed-in", "/judging/sheets/{closed_drill}", "judge", 200),
    ("the-whole-plan-as-a-form", "/contests/{contest_id}/plan/edit/modules.2.criteria.0.aspects.1",
     "organiser", 200),
    ("the-rounding-as-a-form", "/contests/{contest_id}/plan/edit/rounding", "organiser", 200),
    ("the-ranking-as-a-form", "/contests/{contest_id}/plan/edit/ranking", "organiser", 200),
    ("an-award-as-a-form", "/contests/{contest_id}/plan/edit/awards.0", "organiser", 200),
    ("entrants-searched-in-vain", "/contests/{contest_id}/entrants?text=nobody", "organiser", 200),
    ("register-searched-in-vain", "/register?text=nobody", "guest", 200),
    ("own-page-of-nobody", "/my", "judge", 200),
    ("members-found-by-name", "/people?text=钟", "service_officer", 200),
    ("person-with-an-invitation", "/people/{invited}", "service_officer", 200),
    ("levels-of-the-eight-steps", "/curation/levels?ladder=eight_step", "curator", 200),
    ("one-person-on-eight-steps", "/curation/levels/eight_step/people/{human_id}", "curator", 200),
    ("ladder-to-be-changed", "/curation/ladders?preset=eight_step", "curator", 200),
    ("people-found-by-name", "/curation/people?text=白工&first={other_id}", "curator", 200),
    ("a-master-to-be-entered", "/curation/craftsmen/{craftsman}/life?text=鲁", "curator", 200),
    ("register-of-a-year", "/register?year=2026&level=技术能手", "guest", 200),
    ("who-asks-for-the-person", "/register/mine", "contact", 200),
    ("honour-of-somebody-known", "/curation/honours/new?text=钟一", "curator", 200),
    ("services-of-a-member", "/services", "contact", 200),
    ("service-with-brackets", "/services/medical_aid", "guest", 200),
    ("service-with-a-table", "/services/hardship", "guest", 200),
    ("service-with-times", "/services/counselling", "guest", 200),
    ("service-typed-in-by-an-officer", "/services/green_lane", "service_officer", 200),
    ("case-that-was-returned", "/applications/{returned}", "guest", 200),
    ("case-that-asks-how-it-went", "/applications/{done}", "guest", 200),
    ("case-whose-time-was-called-off", "/applications/{called_off}", "guest", 200),
    ("time-that-was-called-off", "/service-desk/slots/{called_off_slot}", "service_officer", 200),
    ("case-that-waits-to-be-paid", "/service-desk/cases/{aid}", "service_officer", 200),
    ("monthly-benefits-of-a-month-that-is-paid-in-part", "/service-desk/payments/monthly?month=2026-10",
     "service_officer", 200),
    ("monthly-benefits-of-no-month", "/service-desk/payments/monthly?month=never", "service_officer", 422),
    ("question-banks-of-a-trade", "/question-banks/trade?trade=采油工", "curator", 200),
    ("question-banks-that-none-fits", "/question-banks?words=none", "curator", 200),
    ("question-banks-with-a-bad-fingerprint", "/question-banks?sha256=abc", "curator", 422),
    ("payments-of-no-month", "/service-desk/payments?month=never", "service_officer", 422),
    ("case-that-is-late", "/service-desk/cases/{late_case}", "service_officer", 200),
    ("desk-with-what-is-late", "/service-desk?state=late", "service_officer", 200),
    ("tokens-of-the-service-desk", "/tokens", "service_officer", 200),
    ("settings-that-name-duties", "/service-desk/settings", "owner", 200),
    ("stations-nearest-first", "/stations?point=34.16,112.84", "guest", 200),
    ("stations-from-nowhere", "/stations?point=nowhere", "guest", 422),
    ("webhook-that-is-paused", "/webhooks/{paused_webhook}", "owner", 200),
    ("trail-with-a-bad-day", "/contests/{contest_id}/trail?first_on=yesterday", "organiser", 422),
    ("trail-of-the-house", "/trail", "owner", 200),
    ("people-by-a-name-from-elsewhere", "/people?text=钟", "curator", 200),
    ("points-of-organisations", "/points?period=2026-Q3&by=organisations", "guest", 200),
    ("points-of-a-year", "/points?period=2026", "guest", 200),
    ("points-of-organisations-in-full", "/points/office/2026/organisations", "curator", 200),
    ("selection-that-takes-nominations", "/contests/{registering}/selection", "organiser", 200),
    ("a-contest-without-a-selection", "/contests/{noticed}/selection", "organiser", 200),
    ("public-call", "/selections/running", "guest", 200),
    ("accounts-of-a-contest", "/contests/{contest_id}/accounts", "organiser", 200),
    ("a-door-that-stays-shut", "/contests/{contest_id}/entrants", "judge", 403),
    ("a-page-that-is-not-there", "/nowhere", "guest", 404),
    ("a-contest-of-others", "/contests/{foreign}", "organiser", 403),
)
SETTINGS = {
    "zh": {"viewport": {"width": 1024, "height": 768}, "locale": "zh-CN"},
    "en": {"viewport": {"width": 390, "height": 844}, "locale": "en-GB"},
}
WIDTHS = (390, 820, 1024, 1440)
LEFTOVER = re.compile(r"%\(|\bNone\b(?! [a-z])|\bundefined\b|\bNaN\b|\[object |\{\{|\}\}|&amp;|&lt;")
ENGLISH = re.compile(r"\b[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}\b")


@dataclass(frozen=True)
class Visit:
    """One page to be opened: its endpoint's or own name, its rule or address, who opens it."""

    name: str
    rule: object
    address: str
    walker: str
    status: int = 200


def visits():
    """A visit for every route that can be read, and the pages in other states."""
    for rule in sorted(MAP.iter_rules(), key=lambda rule: (rule.endpoint, rule.rule)):
        if "GET" not in rule.methods or rule.endpoint in FILES.keys() | SILENT:
            continue
        walker = walker_for(rule)
        # What has two addresses is told apart by the defaults of the shorter one.
        name = rule.endpoint + ("-of-the-house" if rule.defaults else "")
        yield Visit(name, rule, "", "owner" if rule.defaults else walker,
                    STATUSES.get(rule.endpoint, 200))
    for name, address, walker, status in MORE:
        yield Visit(name, None, address, walker, status)


def walker_for(rule):
    guard = VIEWS[rule.endpoint].guard if rule.endpoint != "static" else ("everybody",)
    if rule.endpoint in WALKERS:
        return WALKERS[rule.endpoint]
    if guard == ("everybody",):
        return "guest"
    role = "organiser" if guard == ("signed in",) else next(r for r in ROLES if r in guard)
    is_everywhere = getattr(VIEWS[rule.endpoint], "is_everywhere", False)
    # Whoever organises one contest is no organiser of the whole installation.
    return "owner" if role == "organiser" and is_everywhere and "contest_id" not in rule.arguments else role


VISITS = list(visits())


@dataclass
class Tour:
    """The running house, and for each language a browser that stays open."""

    app: object
    world: World
    url: str
    chromium: object
    axe: str
    pages: dict = field(default_factory=dict)
    seen: list = field(default_factory=list)

    def address(self, visit):
        """Where a visit goes."""
        if visit.rule is not None:
            parts = self.world.arguments(visit.rule)
            with self.app.test_request_context():
                return visit.rule.build({**(visit.rule.defaults or {}), **parts})[1]
        places = {
            "finished": self.world.finished, "registering": self.world.registering,
            "noticed": self.world.noticed, "staged": self.world.staged,
            "quiz": self.world.quiz, "timed": self.world.timed,
            "foreign": self.world.foreign,
        }
        return visit.address.format(**{**self.world.examples, **self.world.more, **places})

    def context(self, walker, language, **options):
        """A new browser in which this walker is signed in and reads this language."""
        context = self.chromium.new_context(base_url=self.url, **SETTINGS[language], **options)
        context.set_default_timeout(15_000)
        self.sign_in(context, walker, language)
        return context

    def sign_in(self, context, walker, language):
        """From now on this browser is this walker's."""
        context.clear_cookies()
        if walker != "guest":
            cookie = self.world.browser(self.app, walker, language).get_cookie("session")
            context.add_cookies([{"name": "session", "value": cookie.value, "url": self.url}])

    def page(self, walker, language):
        """The open page of this language, in the hands of this walker."""
        if language not in self.pages:
            page = self.context("guest", language).new_page()
            page.on("console", self._hear)
            page.on("pageerror", lambda error: self.seen.append(f"fault: {error}"))
            page.on("request", self._follow)
            self.pages[language] = page
        self.sign_in(self.pages[language].context, walker, language)
        return self.pages[language]

    def _hear(self, message):
        # The browser also complains about a refused page itself, which is expected there.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.seen.append(f"console: {message.text}")

    def _follow(self, request):
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob"} and f"{parts.scheme}://{parts.netloc}" != self.url:
            self.seen.append(f"foreign: {request.url}")

    def violations(self, page):
        """What axe finds."""
        page.evaluate(self.axe)
        found = page.evaluate(
            "async () => (await axe.run({resultTypes: ['violations'], preload: false})).violations"
        )
        return [(v["id"], [node["html"][:160] for node in v["nodes"][:3]]) for v in found]


@pytest.fixture(scope="module")
def tour(chromium, axe_source, empty_database, tmp_path_factory):
    clock.stand_still(NOON)
    settings = {**TEST_SETTINGS, "WTF_CSRF_ENABLED": True, "SEND_FILE_MAX_AGE_DEFAULT": 600}
    app, world = open_world(empty_database, tmp_path_factory.mktemp("tour"), **settings)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    opened = Tour(app, world, f"http://127.0.0.1:{server.server_port}", chromium.browser, axe_source)
    yield opened
    for page in opened.pages.values():
        put_away(page.context)
    server.shutdown()
    thread.join()
    server.server_close()
    clock.stand_still(None)


@pytest.fixture(scope="module")
def catalogue():
    """Chinese by English, where they differ and the English is more than a mark."""
    with open(ROOT / "contest/translations/zh/LC_MESSAGES/messages.po", "rb") as file:
        pairs = {m.id: m.string for m in read_po(file) if isinstance(m.id, str) and m.id}
    return {en: zh for en, zh in pairs.items() if en != zh and re.search("[A-Za-z]{3}", en)}


@pytest.fixture(autouse=True)
def at_noon(tour):
    clock.stand_still(NOON)


@pytest.mark.parametrize("language", SETTINGS)
@pytest.mark.parametrize("visit", VISITS, ids=[visit.name for visit in VISITS])
def test_a_page_stands_up_to_a_close_look(tour, catalogue, visit, language):
    page = tour.page(visit.walker, language)
    tour.seen.clear()
    is_dark = (VISITS.index(visit) + (language == "en")) % 2 == 1
    page.emulate_media(color_scheme="dark" if is_dark else "light", reduced_motion="reduce")

    answer = page.goto(tour.address(visit))

    assert answer.status == visit.status
    found = page.evaluate(READ_PAGE)
    assert found["lang"] == {"zh": "zh-CN", "en": "en"}[language]
    assert (found["overflow"] <= 0, found["wide"] if found["overflow"] > 0 else []) == (True, [])
    shown = [*found["texts"], *found["values"], found["leftovers"]]
    assert [text[:200] for text in shown if LEFTOVER.search(text)] == []
    left = untranslated(found["texts"], catalogue, language)
    assert left == [], "\n".join(left)
    # Before axe, which tries out styles that the policy refuses.
    assert tour.seen == []
    assert tour.violations(page) == []
    assert [width for width in WIDTHS if is_too_wide(page, width)] == []
    page.set_viewport_size(SETTINGS[language]["viewport"])


def is_too_wide(page, width):
    """Has the page to be moved sideways at this width, in whichever language it is?"""
    page.set_viewport_size({"width": width, "height": 800})
    return page.evaluate("document.documentElement.scrollWidth > window.innerWidth")


def untranslated(texts, catalogue, language):
    """Words in the wrong language: a sentence of the catalogue, or a run of English words."""
    if language == "en":
        chinese = {zh for zh in catalogue.values() if len(zh) > 5}
        return [text for text in texts if text in chinese]
    return [text for text in texts if text in catalogue or ENGLISH.search(text)]


@pytest.mark.parametrize("endpoint", sorted(FILES))
def test_a_file_is_what_it_says(tour, endpoint):
    rule = next(MAP.iter_rules(endpoint))
    walker = walker_for(rule)
    answer = tour.page(walker, "zh").context.request.get(tour.address(Visit(endpoint, rule, "", walker)))

    assert answer.status == 200
    assert FILES[endpoint] in answer.headers["content-type"]
    assert len(answer.body()) > 20


def test_what_says_nothing_answers_so(tour):
    for endpoint in SILENT:
        rule = next(MAP.iter_rules(endpoint))
        walker = walker_for(rule)
        answer = tour.page(walker, "zh").context.request.get(tour.address(Visit(endpoint, rule, "", walker)))

        assert (answer.status, answer.body()) == (204, b"")


def test_every_route_that_can_be_read_is_visited(tour):
    """A new route is in the map at once; only its example has to be written by hand."""
    readable = {rule.endpoint for rule in MAP.iter_rules() if "GET" in rule.methods}

    assert readable == {visit.rule.endpoint for visit in VISITS if visit.rule} | set(FILES) | SILENT
    assert all(tour.world.arguments(rule) is not None for rule in MAP.iter_rules())
