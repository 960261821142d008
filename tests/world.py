"""One installation with something behind every door, and an example address for every route."""

import shutil
from dataclasses import dataclass, field
from datetime import timedelta

from contest import clock, create_app
from contest.accounts import actions as accounts
from contest.accounts import tickets
from contest.accounts.models import AuthSession, Grant, Invitation, User
from contest.accounts.passwords import hash_secret
from contest.accounts.rules import ROLES, Person
from contest.audit.work import Actor
from contest.awards import actions as awards
from contest.awards import queries as award_queries
from contest.db import about_to_write, db
from contest.draw import queries as draws
from contest.judging import actions as judging
from contest.judging import chief_actions
from contest.judging.models import Penalty
from contest.member_services import actions as services
from contest.people import judge_actions, roster_actions, unit_actions
from contest.people.models import Entrant
from contest.registry import actions as registry
from contest.registry.queries import waiting_awards
from contest.results import actions as results
from contest.setup import plan_actions, queries
from contest.setup.plan_text import toml_of
from contest.theory import actions as theory
from tests import factories
from tests.judging.panels import DRILL, RISK, Panel, hold_draw, mark, two_modules

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
        return Actor(self.people[walker], NAMES[walker])

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


def open_world(path, folder, **settings):
    """The application on a database file of its own, filled; the caller stops and starts the clock."""
    shutil.copy(path, folder / "contest.sqlite")
    url = f"sqlite:///{folder / 'contest.sqlite'}"
    app = create_app(**settings, SQLALCHEMY_DATABASE_URI=url, DATA_FOLDER=folder)
    with app.app_context():
        about_to_write(True)
        world = build_world()
        about_to_write(False)
        db.session.remove()
        db.engine.dispose()
    return app, world


def build_world():
    """Fill an empty database; call it within an application context."""
    world = World()
    _add_people(world)
    panel = _build_running(world)
    _build_registering(world)
    _build_finished(world)
    _build_foreign(world)
    _grant_roles(world)
    _name_examples(world, panel)
    _wait_for_yes(world)
    return world


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
    places = (world.running, world.finished, world.registering)
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


def _build_running(world):
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
    hold_draw(contest, entrants)
    judging.hand_out_sheets(BUILDER, contest.id)
    panel = Panel(contest, entrants, judges)
    _mark_running(world, panel)
    _change_plan(world)
    return panel


def _mark_running(world, panel):
    mark(panel, RISK, entrant=0)
    mark(panel, {"A1": "1", "A2": {"0": 1}}, entrant=0, seat=2)  # far apart
    mark(panel, RISK, entrant=2)
    mark(panel, {"A1": "5"}, kind="draft", entrant=1)
    mark(panel, DRILL, entrant=0, module="drill")
    chief = world.actor("chief_judge")
    contest_id = panel.contest.id
    chief_actions.reopen_sheet(chief, contest_id, panel.sheet(2).id, "漏看一项")
    world.more["penalty"] = chief_actions.add_penalty(
        chief, contest_id, panel.entrants[0].id, "risk", "1", "未戴安全帽"
    )
    chief_actions.set_state(chief, contest_id, panel.entrants[3].id, "withdrawn", "因病")
    clerk = world.actor("clerk")
    for entrant, typed in zip(panel.entrants, ("88.5", "缺考", "73"), strict=False):
        theory.enter_score(clerk, contest_id, "paper", entrant.id, typed, 0)


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


def _build_finished(world):
    points = {"钟一": ("80", "9.5"), "华二": ("90", "8"), "吴三": ("60", "5")}
    document = factories.plan_document(awards=AWARDS)
    contest, entrants = factories.make_marked_contest(
        points, document=document, slug="finished", name="去年的比武", name_en="Last year's contest"
    )
    world.finished = contest.id
    world.more["winner"] = entrants["钟一"].id
    world.more["winner_card"] = entrants["钟一"].check_in_token
    first, second = factories.make_user("甲发布"), factories.make_user("乙发布")
    results.publish_results(Actor(first.id, first.name), contest.id, "provisional")
    results.publish_results(Actor(second.id, second.name), contest.id, "final")
    votes = {unit.id: "3" for unit in award_queries.organisations(contest.id)[:1]}
    awards.enter_votes(BUILDER, contest.id, "organiser", votes)
    awards.grant_awards(BUILDER, contest.id)
    [waiting] = [rows for of, rows in waiting_awards() if of.id == contest.id]
    # One award still waits for the curator.
    registry.confirm_honours(
        world.actor("curator"), contest.id, [award.id for award in waiting[:-1]], "省总工会",
        "总工〔2026〕1号", clock.now().date().isoformat(), is_checked=True,
    )
    form = {"name": "钟一", "phone": "0571 8765 4321", "unit": "望湖水泥", "since": "2019-03"}
    craftsman = db.session.get(Entrant, world.more["winner"]).human_id
    honours = registry.queries.find_craftsman(craftsman).honours
    titled = next(honour for honour in honours if honour.is_title)
    application = services.apply_for("skill_allowance", titled.id, form)
    registry.describe_craftsman(world.actor("curator"), titled.craftsman.token, "二十年看火。")
    world.special |= {
        "member_services.show_receipt": {"receipt": application.receipt},
        "registry.show_craftsman": {"token": titled.craftsman.token},
        "registry.show_evidence": {"token": titled.craftsman.token},
        "registry.describe_craftsman": {"token": titled.craftsman.token},
    }
    world.examples |= {"honour_id": titled.id, "application_id": application.id}


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
    world.strange = {
        "contest_id": contest.id, "entrant_id": entrant.id, "judge_id": judge.id,
        "sheet_id": sheet.id, "team_id": team.id, "user_id": judge.user_id,
        "invitation_id": invitation.id, "penalty_id": penalty.id, "pending_id": pending_id,
        "code": "nobody",
    }


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
        "module_key": "risk", "stage": "final", "sheet_id": panel.sheet(1).id,
        "penalty_id": world.more["penalty"], "invitation_id": invitation.id,
        "number": 1, "older": 1, "newer": 2, "address": "modules.1", "kind": "awards",
        "award_key": "organiser", "revision": 2, "paper": "awards", "form": "pdf",
        "code": draws.codes(world.running, "final")[panel.entrants[0].id].code,
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
        "awards.download_paper": finished,
        "awards.download_report": published,
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
