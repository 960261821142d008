"""One installation with something behind every door, and an example address for every route."""

import shutil
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from flask import current_app
from werkzeug.datastructures import MultiDict

from contest import clock, create_app
from contest.accounts import actions as accounts
from contest.accounts import tickets
from contest.accounts.models import AuthSession, Grant, Invitation, User
from contest.accounts.passwords import hash_secret
from contest.accounts.rules import ROLES, Person
from contest.api import actions as api_actions
from contest.api import rules as api_rules
from contest.audit import key_actions
from contest.audit.work import Actor
from contest.awards import actions as awards
from contest.awards import certificate_actions as certificates
from contest.awards import certificate_queries
from contest.awards import queries as award_queries
from contest.board import actions as board_actions
from contest.ceremony import actions as ceremony
from contest.ceremony import screen_actions
from contest.checks import sample_actions
from contest.checks.check_queries import checks_of
from contest.checks.models import SheetCheck
from contest.db import about_to_write, db
from contest.draw import actions as draw_actions
from contest.draw import order_actions
from contest.draw import queries as draws
from contest.judging import actions as judging
from contest.judging import chief_actions, tablet_actions
from contest.judging.models import Penalty, Sheet
from contest.judging.tablet_models import SheetFlag
from contest.judging.tablet_rules import Flag, Pulse
from contest.member_services import (
    apply_actions,
    case_actions,
    item_actions,
    item_queries,
    office_actions,
    place_actions,
)
from contest.member_services.entitlement_models import Entitlement
from contest.member_services.membership_models import Membership
from contest.member_services.models import ServiceDuty
from contest.paper import actions as papers
from contest.paper import queries as paper_queries
from contest.paper.rules import number_of
from contest.people import judge_actions, roster_actions, unit_actions
from contest.people.models import Entrant, PersonAccount
from contest.quiz import actions as quiz_actions
from contest.quiz.setting_rules import Settings, typed_form
from contest.registry import actions as registry
from contest.registry.queries import waiting_awards
from contest.results import actions as results
from contest.results import bulletin_actions
from contest.review import appeal_actions, correction_actions, notice_actions
from contest.review.models import Appeal, Notice, Objection
from contest.setup import calendar_actions, plan_actions, procedure_actions, queries
from contest.setup.plan_text import toml_of
from contest.setup.procedure_rules import FORMAL, Procedure, stored_form
from contest.setup.proposal_queries import find_open
from contest.theory import actions as theory
from tests import factories
from tests.judging.panels import DRILL, RISK, Panel, hold_draw, mark, two_modules
from tests.quiz import stages

SHANGHAI = ZoneInfo("Asia/Shanghai")
PASSWORD = "four calm words here"
BUILDER = Actor(None, "布置")
# Who walks through the doors: a guest, each role held in a contest (or, where it belongs to the
# whole installation, everywhere), and the owner, who is organiser everywhere.
WALKERS = ("guest", *ROLES, "owner")
AWARDS = [
    {"key": "first", "name": "一等奖", "name_en": "First prize", "to": "entrant",
     "rule": "count", "count": 1},
    {"key": "expert", "name": "技术能手", "name_en": "Expert", "to": "entrant", "rule": "top",
     "first": 1, "last": 2, "title": True, "level": "技术能手"},
    {"key": "organiser", "name": "优秀组织奖", "name_en": "Best organiser", "to": "organisation",
     "rule": "vote", "count": 1},
]
ROSTER = "单位,代表队,姓名,性别,参赛号\n云溪水泥,云溪一队,赵一,男,B001\n云溪水泥,云溪一队,钱二,女,B002\n"
UNIT_ROSTER = "代表队,姓名,性别\n云溪二队,孙三,男\n"
# One dot of a sponsor's colour.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63d8a02000"
    "00026400e179d2894d0000000049454e44ae426082"
)
SCORES = "参赛号,姓名,成绩\nA001,张三,90\nA003,王五,73\n"
JUDGES = "姓名,单位,专长\n严格,职业学院,风险\n"


class NoExample(Exception):
    """A route has no example address."""


@dataclass
class World:
    """The contests' ids, everybody's session token, and what stands for each part of an address."""

    running: int = 0
    finished: int = 0
    registering: int = 0
    noticed: int = 0  # provisional results before the public
    staged: int = 0  # published behind a freeze, its reveal before the curtain
    quiz: int = 0  # four teams in the middle of their wagers
    timed: int = 0  # a fire drill with the stopwatch
    foreign: int = 0  # nobody of `people` holds a role here
    people: dict = field(default_factory=dict)  # walker: user id
    tokens: dict = field(default_factory=dict)  # walker: session token
    examples: dict = field(default_factory=dict)  # part of an address: value
    special: dict = field(default_factory=dict)  # endpoint: parts that differ there
    strange: dict = field(default_factory=dict)  # part of an address: value in the foreign contest
    more: dict = field(default_factory=dict)  # things that only single tests name

    def arguments(self, rule):
        """Example values for every part of a route's address; NoExample says what is missing."""
        values = {**self.examples, **self.special.get(rule.endpoint, {})}
        wanted = rule.arguments - set(rule.defaults or {})
        if missing := sorted(wanted - set(values)):
            raise NoExample(
                f"{rule.endpoint} ({rule.rule}) has no example for {', '.join(missing)}: "
                "write one into tests/world.py, so that the page is tried by every role."
            )
        return {name: values[name] for name in wanted}

    def actor(self, walker):
        """Whoever holds this role, as the trail knows them."""
        return Actor(self.people[walker], NAMES[walker], word_at=clock.now())

    def browser(self, app, walker, language="en"):
        """A browser without a script in which this walker is signed in (the guest is not)."""
        client = app.test_client()
        with client.session_transaction() as session:
            session["language"] = language
            if walker != "guest":
                session["entry"] = self.tokens[walker]
        return client


NAMES = dict(zip(ROLES, (
    "周组委", "史领队", "严裁判", "秦裁判长", "石加密", "郝监督", "贾统分", "万主持", "顾馆长", "段专员",
), strict=True)) | {"owner": "房东"}


def open_world(path, folder, behind=(0, 1, 2, 3), **settings):
    """The application on a database file of its own, filled; the caller stops and starts the clock.

    behind: which entrant of the running contest stands behind the first code, the second, …
    """
    shutil.copy(path, folder / "contest.sqlite")
    url = f"sqlite:///{folder / 'contest.sqlite'}"
    app = create_app(**settings, SQLALCHEMY_DATABASE_URI=url, DATA_FOLDER=folder)
    with app.app_context():
        about_to_write(True)
        world = build_world(behind)
        about_to_write(False)
        db.session.remove()
        db.engine.dispose()
    return app, world


def build_world(behind=(0, 1, 2, 3)):
    """Fill an empty database; call it within an application context."""
    world = World()
    _add_people(world)
    panel = _build_running(world, behind)
    _build_registering(world)
    _build_finished(world)
    _build_noticed(world)
    _build_staged(world)
    _build_quiz(world)
    _build_foreign(world)
    _grant_roles(world)
    _serve(world)
    _name_examples(world, panel)
    _wait_for_yes(world)
    _fill_calendar(world)
    _review(world, panel)
    _open_to_programs(world)
    return world


def _open_to_programs(world):
    """A token of the contest's organiser, one of the whole house, and what stands for parts of /api/v1."""
    for name, contest_id, walker in (
        ("house_token", None, "owner"), ("token_id", world.running, "organiser"),
    ):
        row, world.more[name] = api_actions.make_token(
            world.actor(walker), contest_id, "成绩屏", ["standings:read"], 90, api_rules.SCOPES
        )
    world.examples["token_id"] = row.id
    other, _ = api_actions.make_token(
        world.actor("owner"), world.foreign, "别人的", ["contests:read"], 90, api_rules.SCOPES
    )
    world.strange["token_id"] = other.id
    world.examples["filename"] = "swagger-ui.css"
    service = {"key": "skill_allowance"}
    world.special |= {
        "api.show_service": service, "api.apply_for": service,
        "api.show_application": world.special["member_services.show_receipt"],
        "api.show_craftsman": world.special["registry.show_craftsman"],
        "api.list_awards": {"contest_id": world.finished},
    }


def _build_noticed(world):
    """A contest whose results stand before the public, with an objection."""
    points = {"秋一": ("85", "9"), "秋二": ("70", "8")}
    procedure = stored_form(Procedure("own", notice=True))
    contest, _ = factories.make_marked_contest(
        points, state="collected", slug="noticed", name="公示中的比武", name_en="Contest on notice",
        procedure=procedure,
    )
    world.noticed = contest.id
    organiser = factories.make_user("丙公示")
    factories.make_grant(organiser, "organiser", contest)
    actor = Actor(organiser.id, organiser.name, word_at=clock.now())
    results.publish_results(actor, contest.id, "provisional")
    appeal_actions.announce_results(actor, contest.id, "")
    today = clock.now()
    clock.stand_still(today + timedelta(hours=2))
    notice_actions.give_notice(
        Actor(organiser.id, organiser.name, word_at=clock.now()), contest.id, SHANGHAI
    )
    clock.stand_still(today)
    objection = notice_actions.object_to_notice(Actor(None, "public form"), contest.id, {
        "name": "李明", "contact": "ming@example.org", "text": "第二名的单位写错了，请核实。",
    })
    there = {"contest_id": contest.id}
    for endpoint in ("show_notice", "give_notice", "extend_notice", "enter_objection",
                     "take_objection", "decide_objection", "download_notice"):
        world.special[f"review.{endpoint}"] = there
    for endpoint in ("show_timeline", "show_list", "show_revision", "new_objection",
                     "object_to_notice"):
        world.special[f"review.{endpoint}"] = {"slug": "noticed", "revision": 1}
    world.examples["objection_id"] = objection.id


def _build_staged(world):
    """A contest in its ceremony: screens, a sponsor's picture, a reveal that has told one place."""
    contest, _ = factories.make_marked_contest(
        {"冬一": ("85", "9"), "冬二": ("70", "8")}, state="collected", slug="staged",
        name="典礼中的比武", name_en="Contest on stage",
    )
    world.staged = contest.id
    host = factories.make_official("丁主持", "host", contest=contest)
    board_actions.freeze_board(host, contest.id)
    today = clock.now()
    clock.stand_still(today + timedelta(minutes=1))
    publisher = factories.make_official("丁发布", "organiser", contest=contest)
    results.publish_results(publisher, contest.id, "provisional")
    clock.stand_still(today)
    screen = screen_actions.add_screen(host, contest.id, "主会场左屏", "zh")
    picture = screen_actions.add_picture(host, contest.id, "赞助单位.png", PNG)
    spare = screen_actions.add_picture(host, contest.id, "协办单位.png", PNG)
    shown = screen_actions.add_screen(host, contest.id, "第二分会场", "en")
    screen_actions.switch_screens(host, contest.id, [screen.id], "reveal", {})
    screen_actions.switch_screens(
        host, contest.id, [shown.id], "sponsors",
        {"pictures": [picture.id], "seconds": 9, "title": ""},
    )
    ceremony.begin_reveal(host, contest.id, "individuals", {})
    ceremony.move_reveal(host, contest.id, 0, 1)
    world.examples |= {"screen_id": screen.id, "picture_id": spare.id, "step": 1}
    there = {"contest_id": contest.id}
    for endpoint in (
        "show_desk", "list_screens", "add_screen", "switch_screens", "remove_screen", "add_picture",
        "remove_picture", "begin_reveal", "show_control", "enter_control", "move_reveal",
        "blank_reveal", "pause_reveal", "end_reveal", "preview_step",
    ):
        world.special[f"ceremony.{endpoint}"] = there
    for endpoint in ("show_screen", "stream_screen", "hear_screen", "show_picture"):
        world.special[f"ceremony.{endpoint}"] = {"token": screen.token}


def _build_quiz(world):
    """A quiz with an undone answer and an open wager; a timed event with a time and a void run."""
    quiz, ids = stages.make_stage(slug="quiz", name="知识抢答赛", name_en="Knowledge quiz")
    quiz_actions.begin(stages.HOST, quiz.id, "stage", *stages.press(quiz))
    stages.answer(quiz, ids[0], "must", True, "1")
    stages.answer(quiz, ids[1], "buzz", False, "2")
    quiz_actions.undo(stages.HOST, quiz.id, "stage", 6, *stages.press(quiz))
    stages.stake(quiz, ids[2], 30)
    timed, ids = stages.make_stage(
        rules=stages.TIMED, slug="timed", name="消防演练", name_en="Fire drill"
    )
    values = typed_form(Settings(faults=(("抢跑", 5_000), ("Hose twisted", 2_500))))
    quiz_actions.set_values(stages.HOST, timed.id, "hose", values, ids)
    stages.run(timed, ids[0], "1:02.35", 1, 0)
    quiz_actions.enter_void(
        stages.HOST, timed.id, "hose", ids[1], "水带爆裂", *stages.press(timed, "hose")
    )
    world.quiz, world.timed = quiz.id, timed.id
    for endpoint in ("show_desk", "begin", "enter_points", "undo", "tell_clock", "show_values",
                     "set_values"):
        world.special[f"quiz.{endpoint}"] = {"contest_id": quiz.id, "module_key": "stage"}
    world.special["quiz.enter_time"] = {"contest_id": timed.id, "module_key": "hose"}


def _review(world, panel):
    """An appeal with a file in the running contest, and a correction asked for in the finished one."""
    organiser = world.actor("organiser")
    appeal_actions.announce_results(world.actor("chief_judge"), world.running, "risk")
    entrant = db.session.get(Entrant, panel.entrants[0].id)
    appeal = appeal_actions.file_appeal(
        Actor(None, "admission card"), entrant, "entrant",
        {"module_key": "risk", "ground": "scoring", "text": "第二项漏记了一分，请复核。"},
        [("证据.pdf", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF")],
    )
    correction = correction_actions.file_correction(
        organiser, world.finished, "arithmetic", "合计有误"
    )
    world.examples |= {"appeal_id": appeal.id, "correction_id": correction.id}
    finished = {"contest_id": world.finished}
    for endpoint in ("show_corrections", "file_correction", "sign_correction", "state_ceremony"):
        world.special[f"review.{endpoint}"] = finished
    _compare_with_paper(world)
    own = {"contest_id": world.running, "token": entrant.check_in_token}
    for endpoint in ("show_own_appeals", "file_own_appeal"):
        world.special[f"review.{endpoint}"] = own
    for endpoint in ("show_unit_appeals", "file_unit_appeal"):
        world.special[f"review.{endpoint}"] = {"contest_id": world.registering}
    for endpoint in ("show_receipt", "go_to_second_instance"):
        world.special[f"review.{endpoint}"] = {"receipt": appeal.receipt}
    world.more["objection_receipt"] = db.session.get(
        Objection, world.examples["objection_id"]
    ).receipt


def _fill_calendar(world):
    """A day off in a year that was not announced when the program was released."""
    calendar_actions.enter_days(
        world.actor("owner"), date(2027, 1, 1), date(2027, 1, 1), "off", "元旦"
    )
    world.examples |= {"year": 2027, "day": "2027-01-01"}


def _add_people(world):
    hashed = hash_secret(PASSWORD)
    for role, name in NAMES.items():
        user = factories.make_user(name, login=role, password_hash=hashed)
        world.people[role] = user.id
        world.tokens[role] = tickets.new_session(user, "test", "password", timedelta(days=1))
    victim = factories.make_user("冯旁人", login="victim", password_hash=hashed)
    tickets.new_session(victim, "iPad", "password", timedelta(days=1))
    world.more["card"] = tickets.new_card(victim)
    world.more["pin"] = tickets.new_pin(victim)
    db.session.commit()
    world.more["victim"] = victim.id


def _grant_roles(world):
    """Roles of a contest are held in each contest that has something to show, the others anywhere."""
    places = (world.running, world.finished, world.registering, world.noticed, world.staged,
              world.quiz, world.timed)
    for walker, user_id in world.people.items():
        role = "organiser" if walker == "owner" else walker
        is_everywhere = walker == "owner" or walker in {"curator", "service_officer"}
        for contest_id in (None,) if is_everywhere else places:
            held = {"user_id": user_id, "role": role, "contest_id": contest_id}
            if db.session.query(Grant).filter_by(**held).first() is None:
                db.session.add(Grant(**held))
    db.session.add(
        Grant(user_id=world.more["victim"], role="clerk", contest_id=world.running)
    )
    db.session.commit()


def _build_running(world, behind):
    """A contest in the middle of its final, with every state a sheet can have."""
    document = two_modules()
    document["teams"] = {"method": "sum", "size": 2}
    document["awards"] = AWARDS
    document["modules"][0]["adjust"] = 3
    # As long as the names of real contests are; one of its marks is odd.
    document["modules"][1] |= {
        "weight": 60, "adjust": 2,
        "name_en": "Identification and assessment of risks on the production line",
    }
    document["ranking"]["ties"].append({"by": "data", "key": "draw", "order": "low"})
    contest = factories.make_contest(
        document, slug="running", name="水泥比武", name_en="Cement contest", host="省建材行业协会",
        place="苍岭基地",
    )
    world.running = contest.id
    units = [factories.make_organisation(name) for name in ("苍岭水泥", "望湖水泥")]
    teams = [factories.make_team(contest, unit, f"{unit.name}队") for unit in units]
    entrants = [
        factories.make_entrant(
            contest, name, team=teams[n // 2], number=f"A{n + 1:03d}", trade="水泥生产工",
            group="职工组", skill_level="senior", employment="employee",
        )
        for n, name in enumerate(("张三", "李四", "王五", "刘六"))
    ]
    user = db.session.get(User, world.people["judge"])
    judges = [
        factories.make_judge(contest, "严裁判", user=user, specialities=["风险"]),
        factories.make_judge(contest, "宽裁判", organisation=factories.make_organisation("职院")),
    ]
    for seat, judge in enumerate(judges, start=1):
        factories.make_seat(contest, judge, seat)
    factories.make_seat(contest, judges[0], 1, "drill")
    hold_draw(contest, [entrants[n] for n in behind])
    judging.hand_out_sheets(BUILDER, contest.id)
    panel = Panel(contest, entrants, judges)
    works = Panel(contest, [entrants[n] for n in behind], judges)
    _mark_running(world, panel, works)
    _type_in_from_paper(world, works)
    _change_plan(world)
    return panel


def _mark_running(world, panel, works):
    """works: the panel with its entrants in the order of their codes."""
    mark(works, RISK, entrant=0)
    mark(works, {"A1": "1", "A2": {"0": 1}}, entrant=0, seat=2)  # far apart
    mark(works, RISK, entrant=2)
    mark(works, {"A1": "5"}, kind="draft", entrant=1)
    mark(panel, DRILL, entrant=0, module="drill")
    chief = world.actor("chief_judge")
    contest_id = panel.contest.id
    factories.make_grant(db.session.get(User, chief.user_id), "chief_judge", panel.contest)
    chief_actions.reopen_sheet(chief, contest_id, works.sheet(2).id, "漏看一项")
    world.more["penalty"] = chief_actions.add_penalty(
        chief, contest_id, works.entrants[0].id, "risk", "1", "未戴安全帽"
    )
    chief_actions.set_state(chief, contest_id, panel.entrants[3].id, "withdrawn", "因病")
    _hear_tablets(world, works)
    clerk = world.actor("clerk")
    for entrant, typed in zip(panel.entrants, ("88.5", "缺考", "73"), strict=False):
        theory.enter_score(clerk, contest_id, "paper", entrant.id, typed, 0)


def _hear_tablets(world, panel):
    """One tablet that needs an eye, and a problem reported on it."""
    judge = world.actor("judge")
    late = clock.now() - timedelta(hours=1)
    tablet_actions.note_start()
    tablet_actions.note_pulse(judge, Pulse(
        "0123456789abcdef", "7F3K", late, battery=9, unsent=2, refused=1, clashing=1, made=12,
    ))
    flag = Flag("7b0e7f7e-9c1c-4b43-9d0f-0d6f7c0f4f11", "work", "工件掉落", "0123456789abcdef", 12)
    tablet_actions.raise_flag(judge, panel.sheet(1).id, flag)


def _type_in_from_paper(world, panel):
    """One sheet that two clerks read differently, and one that waits for the first."""
    contest_id, sheet = panel.contest.id, panel.sheet(2, seat=2)
    papers.take_in(world.actor("clerk"), contest_id, [panel.sheet(1, seat=2).id])
    for name, typed in (("丁统分", "7"), ("戊统分", "1")):
        user = factories.make_user(name)
        papers.type_in(
            Actor(user.id, name), contest_id, sheet.id, {"A1": [typed], "A2": ["0"]}
        )
    world.more["differing_paper"] = paper_queries.open_paper(sheet.id).id
    world.more["paper_number"] = number_of(panel.sheet(1, seat=2).id)


def _change_plan(world):
    """A change after the first sheet: it waits for a second person; another one is being written."""
    organiser = world.actor("organiser")
    for count in (2, 3):
        text = toml_of(queries.plan_in_force(world.running).plan)
        text = text.replace("count = 1", f"count = {count}", 1)
        plan_actions.load_text(organiser, world.running, text)
        if count == 2:
            rev = queries.get_draft(world.running).rev
            plan_actions.propose_plan(organiser, world.running, "多设一个一等奖", rev)
    world.more["rev"] = str(queries.get_draft(world.running).rev)
    procedure_actions.propose_procedure(
        organiser, world.running, FORMAL, "省赛须走完整程序"
    )
    world.examples["proposal_id"] = find_open(world.running, "procedure").id


def _build_registering(world):
    contest = factories.make_contest(state="registration", slug="registering", name="报名中的比武",
                                    name_en="Contest to come")
    world.registering = contest.id
    unit, token = unit_actions.invite_unit(BUILDER, contest.id, "云溪水泥")
    contact = Person(world.people["contact"], NAMES["contact"], 0)
    accounts.accept_invitation_as(contact, token)
    _, world.more["invitation"] = unit_actions.invite_unit(BUILDER, contest.id, "苍岭水泥")
    team = factories.make_team(contest, unit, "云溪一队")
    world.more["own_entrant"] = factories.make_entrant(contest, "赵一", team=team, number="B001").id

CERTIFICATE_PAGES = (
    "show_certificates", "set_certificate_style", "show_sample", "issue_certificates", "set_printed_name",
    "reissue_certificate", "revoke_certificate", "download_certificate", "download_badge",
    "draw_certificates", "download_certificates",
)


def _issue_certificates(world, contest, signer):
    """The look, and a certificate for every award."""
    style = {"issuer": "省总工会", "event": contest.name, "issuer_code": "ZGH", "event_code": "SN"}
    certificates.set_style(BUILDER, contest.id, style)
    lines = certificate_queries.list_lines(contest.id)
    made, _ = certificates.issue_certificates(BUILDER, contest.id, signer, "2026-11-27")
    world.more["award"], world.more["certificate"] = lines[0].award.id, made[0].id


def _build_finished(world):
    points = {"钟一": ("80", "9.5"), "华二": ("90", "8"), "吴三": ("60", "5")}
    document = factories.plan_document(awards=AWARDS)
    contest, entrants = factories.make_marked_contest(
        points, document=document, slug="finished", name="去年的比武", name_en="Last year's contest"
    )
    world.finished = contest.id
    world.more["winner"] = entrants["钟一"].id
    world.more["winner_card"] = entrants["钟一"].check_in_token
    first, second = (factories.make_official(name, "organiser", contest=contest)
                     for name in ("甲发布", "乙发布"))
    results.publish_results(first, contest.id, "provisional")
    results.publish_results(second, contest.id, "final")
    signer = key_actions.make_key(BUILDER, current_app.config["SIGNING_KEY"])
    bulletin_actions.sign_bulletin(BUILDER, contest.id, "final", 2, signer)
    votes = {unit.id: "3" for unit in award_queries.organisations(contest.id)[:1]}
    awards.enter_votes(BUILDER, contest.id, "organiser", votes)
    awards.grant_awards(BUILDER, contest.id)
    _issue_certificates(world, contest, signer)
    [waiting] = [rows for of, rows in waiting_awards() if of.id == contest.id]
    # One award still waits for the curator.
    registry.confirm_honours(
        world.actor("curator"), contest.id, [award.id for award in waiting[:-1]], "省总工会",
        "总工〔2026〕1号", clock.now().date().isoformat(), is_checked=True,
    )
    form = MultiDict({"name": "钟一", "phone": "0571 8765 4321", "unit": "望湖水泥", "since": "2019-03"})
    craftsman = db.session.get(Entrant, world.more["winner"]).human_id
    honours = registry.queries.find_craftsman(craftsman).honours
    titled = next(honour for honour in honours if honour.is_title)
    case = apply_actions.apply_for(
        apply_actions.PUBLIC, "skill_allowance", form, door=apply_actions.Door(honour_id=titled.id)
    )
    registry.describe_craftsman(world.actor("curator"), titled.craftsman.token, "二十年看火。")
    world.special |= {
        "registry.show_craftsman": {"token": titled.craftsman.token},
        "registry.show_evidence": {"token": titled.craftsman.token},
        "registry.describe_craftsman": {"token": titled.craftsman.token},
    }
    world.examples |= {"honour_id": titled.id, "entitlement_id": case.entitlement_id}
    world.special["member_services.show_receipt"] = {"receipt": case.receipt}


def _serve(world):
    """A member with a file, cases in several states, a station, times, registers with lines."""
    officer = world.actor("service_officer")
    human = db.session.get(Entrant, world.more["winner"]).human
    unit = human.organisation_id
    member = Membership(
        human_id=human.id, organisation_id=unit, number="2026000000017", state="active",
        since=date(2026, 3, 2),
    )
    db.session.add_all([member, PersonAccount(
        user_id=world.people["contact"], human_id=human.id, linked_at=clock.now()
    )])
    db.session.commit()
    office_actions.enter_setting(
        officer, "minimum_standard", "云溪区", "800", "2026-01-01", "云民〔2026〕1号"
    )
    office_actions.name_for_duty(officer, "means_checker", officer.user_id)
    office_actions.enter_budget(officer, "welfare", MultiDict({
        "organisation_id": str(unit), "budget_year": "2026", "total": "20000", "for_members": "15000",
    }))
    station = place_actions.save_station(officer, None, MultiDict({
        "name": "云溪驿站", "district": "云溪区", "point": "34.1650, 112.8410", "hours": "08:30–18:00",
        "keeper": "站长", "equipment": "饮水机、微波炉", "keeper_id": str(officer.user_id),
    }))
    slot = place_actions.save_slot(officer, MultiDict({
        "service": "counselling", "station_id": str(station.id), "topic": "亲子教育", "capacity": "2",
        "starts_at": "2026-11-30T09:00", "ends_at": "2026-11-30T10:00",
    }))
    _apply_for_more(world, officer, human, slot)
    council = item_actions.open_register(officer, "council", MultiDict({"title": "第三季度议事会"}))
    item_actions.add_lines(
        officer, council.id, "薪酬福利\t职工甲\t奖金何时发\n食堂与生活后勤\t职工乙\t夜班没有热饭"
    )
    items = item_queries.items_of(council.id)
    item_actions.make_topic(officer, council.id, "夜班用餐", "", [items[1].id])
    world.examples |= {
        "station_id": station.id, "slot_id": slot.id, "register_id": council.id, "item_id": items[0].id,
        "membership_id": member.id, "duty_id": db.session.query(ServiceDuty.id).scalar(),
    }
    for endpoint in ("edit_entry", "enter_version", "download_entry"):
        world.special[f"member_services.{endpoint}"] = {"key": "medical_aid"}


def _apply_for_more(world, officer, human, slot):
    """A hardship case with a table, a file and a test to be decided; one that is late, returned, done."""
    door = apply_actions.Door(human_id=human.id)
    sent = {"name": human.name, "phone": "0571 8765 4321"}
    hardship = apply_actions.apply_for(officer, "hardship", MultiDict({
        **sent, "region": "云溪区", "cause": "illness", "spending": "2000", "consent": "1",
        "household-0-person": "钟一", "household-0-relation": "本人", "household-0-income": "2500",
        "household-1-person": "李芳", "household-1-relation": "配偶", "household-1-income": "900.50",
    }), [("proof", "诊断证明.pdf", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF")], door)
    for act in ("accept", "step", "step"):
        case_actions.move_case(officer, hardship.id, hardship.revision, act, MultiDict({"words": "已核对"}))
    today = clock.now()
    clock.stand_still(today - timedelta(days=9))
    late = apply_actions.apply_for(apply_actions.PUBLIC, "letterbox", MultiDict({
        **sent, "topic": "safety", "words": "车间通风不好",
    }))
    clock.stand_still(today)
    returned = apply_actions.apply_for(officer, "welfare", MultiDict(
        [*sent.items(), ("items", "film"), ("items", "books")]
    ), door=door)
    case_actions.return_case(officer, returned.id, returned.revision, MultiDict({"words": "请补充会员号"}))
    done = apply_actions.apply_for(officer, "counselling", MultiDict({
        **sent, "group": "front", "topic": "stress", "slot_id": str(slot.id),
    }), door=door)
    case_actions.accept(officer, done.id, done.revision, MultiDict())
    case_actions.finish_step(officer, done.id, done.revision, MultiDict())
    case_actions.add_note(officer, hardship.id, "家中有老人", True)
    held = Entitlement(
        human_id=human.id, service_key="hardship", ground="need", start_on=date(2025, 11, 20),
        review_on=date(2026, 11, 20), opened_at=today,
    )
    db.session.add(held)
    db.session.commit()
    world.examples |= {"case_id": hardship.id, "entitlement_id": held.id}
    world.more |= {"late_case": late.id, "returned": returned.receipt, "done": done.receipt}
    for endpoint in ("complete_case", "write_message", "withdraw_case", "give_feedback"):
        world.special[f"member_services.{endpoint}"] = {"receipt": returned.receipt}


def _build_foreign(world):
    """Somebody else's contest: its ids are foreign in the others."""
    contest = factories.make_contest(slug="foreign", name="别人的比武",
                                    name_en="Contest of others")
    world.foreign = contest.id
    judge = factories.make_judge(contest)
    entrant = factories.make_entrant(contest, "局外人")
    sheet = factories.make_submitted_sheet(contest, entrant, judge, 1, RISK)
    team = factories.make_team(contest)
    unit_actions.invite_unit(BUILDER, contest.id, team.organisation.name)
    [invitation] = db.session.query(Invitation).filter_by(contest_id=contest.id)
    chief_actions.add_penalty(BUILDER, contest.id, entrant.id, "risk", "1", "迟到")
    [penalty] = db.session.query(Penalty).filter_by(contest_id=contest.id)
    pending_id = roster_actions.upload_roster(
        world.actor("organiser"), contest.id, ROSTER.encode(), "roster.csv"
    )
    procedure_actions.propose_procedure(BUILDER, contest.id, FORMAL, "别人的理由")
    other = Actor(judge.user_id, judge.name)
    strange_flag, _ = tablet_actions.raise_flag(other, sheet.id, Flag(
        "8b0e7f7e-9c1c-4b43-9d0f-0d6f7c0f4f11", "rule",
    ))
    screen = screen_actions.add_screen(other, contest.id, "别人的屏", "zh")
    picture = screen_actions.add_picture(other, contest.id, "别人的.png", PNG)
    check = SheetCheck(
        contest_id=contest.id, sheet_id=sheet.id, rev=sheet.rev, agrees=False, note="别人的差异",
        at=clock.now(),
    )
    db.session.add(check)
    db.session.commit()
    world.strange = {
        "check_id": check.id, "screen_id": screen.id, "picture_id": picture.id,
        "proposal_id": find_open(contest.id, "procedure").id,
        "flag_id": strange_flag.id,
        "contest_id": contest.id, "entrant_id": entrant.id, "judge_id": judge.id,
        "sheet_id": sheet.id, "sheet_number": number_of(sheet.id), "team_id": team.id,
        "user_id": judge.user_id,
        "invitation_id": invitation.id, "penalty_id": penalty.id, "pending_id": pending_id,
        "code": "nobody", **_foreign_reviews(contest, entrant),
    }


def _compare_with_paper(world):
    """A sample of the finished contest: one sheet agrees, one differs and waits for the chief judge."""
    supervisor, finished = world.actor("supervisor"), {"contest_id": world.finished}
    found = sample_actions.draw_sample(supervisor, world.finished, 95, 20, 1, "6 2 5")
    first, second, third, *_ = found.lines
    sample_actions.compare_sheet(supervisor, world.finished, first.sheet.id, first.sheet.rev, True)
    sample_actions.compare_sheet(
        supervisor, world.finished, second.sheet.id, second.sheet.rev, False, "A1", "9.0", "抄写时看错一行"
    )
    world.special |= {
        "checks.show_sample": finished, "checks.draw_sample": finished,
        "checks.compare_sheet": finished | {"sheet_id": third.sheet.id},
    }
    check = checks_of(world.finished).latest[second.sheet.id]
    for endpoint in ("state_sampled", "state_difference"):
        world.special[f"checks.{endpoint}"] = finished | {"check_id": check.id}


def _draw_order(world):
    """A starting order before everybody's eyes, and a seed that is sealed for the next one."""
    organiser = world.actor("organiser")
    order_actions.draw_order(organiser, world.running, "final", "3-1-4", late=("A003",), batch=2)
    draw_actions.seal_seed(organiser, world.running, "final", "order", 0)
    return draws.list_draws(world.running, "final", 0, "order")[0].draw.id


def _sheet_under(world, code):
    """The first judge's sheet of the work under this code."""
    entrant_id = draws.find_code(world.running, "final", code).entrant_id
    return db.session.query(Sheet.id).filter_by(
        contest_id=world.running, module_key="risk", entrant_id=entrant_id, seat=1
    ).scalar()


def _foreign_reviews(contest, entrant):
    """An appeal and an objection of the foreign contest."""
    now = clock.now()
    sheet = factories.make_result_sheet(contest, "provisional")
    notice = Notice(
        contest_id=contest.id, stage=contest.stage, number=1, result_sheet_id=sheet.id, days=5,
        ends_at=now, rows=[], list_hash="f" * 64, at=now,
    )
    db.session.add(notice)
    db.session.flush()
    appeal = Appeal(
        contest_id=contest.id, stage=contest.stage, number=1, receipt="F" * 16,
        entrant_id=entrant.id, ground="other", text="别人的申诉", door="entrant", filed_at=now,
    )
    objection = Objection(
        contest_id=contest.id, notice_id=notice.id, number=1, receipt="E" * 16, name="某某",
        contact="某处", text="别人的异议", at=now,
    )
    db.session.add_all([appeal, objection])
    db.session.commit()
    return {"appeal_id": appeal.id, "objection_id": objection.id}


def _name_examples(world, panel):
    session = db.session.query(AuthSession)
    [invitation] = db.session.query(Invitation).filter_by(
        contest_id=world.registering, used_by_id=None
    )
    token = world.more["invitation"]
    world.examples |= {
        "contest_id": world.running, "source_id": world.finished, "slug": "running",
        "entrant_id": panel.entrants[0].id, "judge_id": panel.judges[1].id,
        "user_id": world.more["victim"], "team_id": panel.entrants[0].team_id,
        "session_id": session.filter_by(user_id=world.more["victim"]).one().id,
        "module_key": "risk", "stage": "final", "sheet_id": _sheet_under(world, "702"),
        "draw_id": _draw_order(world),
        "flag_id": db.session.query(SheetFlag.id).filter_by(contest_id=world.running).scalar(),
        "penalty_id": world.more["penalty"], "invitation_id": invitation.id,
        "number": 1, "older": 1, "newer": 2, "address": "modules.1", "kind": "awards",
        "paper_id": world.more["differing_paper"], "sheet_number": world.more["paper_number"],
        "award_key": "organiser", "revision": 2, "paper": "awards", "form": "pdf",
        "code": "701", "award_id": world.more["award"], "certificate_id": world.more["certificate"],
    }
    world.more["open_drill"] = panel.sheet(1, module="drill").id
    world.more["closed_drill"] = panel.sheet(0, module="drill").id
    there = {"contest_id": world.registering}
    finished = {"contest_id": world.finished}
    published = {"contest_id": world.finished, "entrant_id": world.more["winner"]}
    world.special |= {
        "static": {"filename": "shell.js"},
        "setup.start_from_preset": {"key": "c1_cement"},
        "setup.create_from_preset": {"key": "c1_cement"},
        "setup.approve_plan": {"number": 2},
        "setup.decline_plan": {"number": 2},
        "member_services.show_service": {"key": "skill_allowance"},
        "member_services.apply_for": {"key": "skill_allowance"},
        "awards.show_own_result": {
            "contest_id": world.finished, "token": world.more["winner_card"],
        },
        "people.open_card": {"token": panel.entrants[0].check_in_token},
        "people.withdraw_invitation": there,
        "accounts.enter_by_card": {"token": world.more["card"]},
        "accounts.check_pin": {"token": world.more["card"]},
        "accounts.end_my_session": {
            "session_id": session.filter_by(user_id=world.people["organiser"]).one().id
        },
        "results.download_bulletin": finished, "results.download_signature": finished,
        "results.print_bulletin": finished, "results.sign_bulletin": finished | {"revision": 1},
        "results.show_published": published,
        "results.download_ledger": finished,
        "results.show_receipt": published,
        "results.reopen_results": finished,
        "results.propose_reopening": finished,
        "results.confirm_reopening": finished,
        "results.decline_reopening": finished,
        "results.open_next_stage": finished,
        "awards.show_awards": finished,
        "awards.enter_votes": finished,
        "awards.grant_awards": finished,
        "awards.leave_awards_out": finished,
        "awards.download_paper": finished,
        "awards.download_report": published,
        **{f"awards.{endpoint}": finished for endpoint in CERTIFICATE_PAGES},
        "registry.confirm_honours": finished,
    }
    for endpoint in ("show_column", "record_column", "paste_column"):
        world.special[f"figures.{endpoint}"] = {"kind": "data", "key": "draw"}
    for endpoint in ("list_adjustments", "adjust_score"):
        world.special[f"judging.{endpoint}"] = {"module_key": "paper"}
    for endpoint in ("open_invitation", "accept_invitation", "take_invitation"):
        world.special[f"accounts.{endpoint}"] = {"token": token}
    for endpoint in ("list_scores", "show_entry", "enter_score", "score_template",
                     "import_scores", "upload_scores", "preview_scores", "confirm_scores"):
        world.special[f"theory.{endpoint}"] = {"module_key": "paper"}
    own = {**there, "entrant_id": world.more["own_entrant"]}
    for endpoint in ("my_unit", "new_unit_entrant", "add_unit_entrant", "show_unit_entrant",
                     "edit_unit_entrant", "import_unit_roster", "upload_unit_roster",
                     "preview_unit_roster", "confirm_unit_roster"):
        world.special[f"people.{endpoint}"] = own


def _wait_for_yes(world):
    """Lists that were sent in and wait for a yes, each by somebody who may send them."""
    unit = db.session.query(Entrant).filter_by(id=world.more["own_entrant"]).one().organisation_id
    waiting = {
        "roster": roster_actions.upload_roster(
            world.actor("organiser"), world.running, ROSTER.encode(), "roster.csv"
        ),
        "unit_roster": roster_actions.upload_roster(
            world.actor("contact"), world.registering, UNIT_ROSTER.encode(), "roster.csv", unit
        ),
        "judges": judge_actions.upload_judges(
            world.actor("organiser"), world.running, JUDGES.encode(), "judges.csv"
        ),
        "scores": theory.upload_scores(
            world.actor("clerk"), world.running, "paper", SCORES.encode(), "scores.csv"
        ),
    }
    for name, pending_id in waiting.items():
        area = "theory" if name == "scores" else "people"
        for deed in ("preview", "confirm"):
            known = world.special.get(f"{area}.{deed}_{name}", {})
            world.special[f"{area}.{deed}_{name}"] = {**known, "pending_id": pending_id}
