"""The contest that is being judged."""

from dataclasses import replace
from datetime import timedelta

from contest import clock
from contest.accounts.models import User
from contest.audit.device_signatures import key_text
from contest.audit.work import Actor
from contest.checks import sample_actions, score_check_actions
from contest.checks.check_queries import checks_of
from contest.db import db
from contest.draw import actions as draw_actions
from contest.draw import order_actions
from contest.draw import queries as draws
from contest.judging import actions as judging
from contest.judging import chief_actions, key_actions, tablet_actions, total_actions
from contest.judging.models import Sheet
from contest.judging.tablet_queries import installation
from contest.judging.tablet_rules import Flag, Pulse
from contest.judging.total_rules import Told
from contest.paper import actions as papers
from contest.paper import photo_actions
from contest.paper import queries as paper_queries
from contest.paper.rules import number_of
from contest.people.models import Entrant
from contest.review import appeal_actions, correction_actions
from contest.review.models import Objection
from contest.setup import plan_actions, procedure_actions, queries
from contest.setup.plan_text import toml_of
from contest.setup.procedure_rules import FORMAL
from contest.setup.proposal_queries import find_open
from contest.theory import actions as theory
from contest.theory import bank_actions, bank_queries
from contest.theory.bank_queries import BankSearch
from tests import factories
from tests.judging.keyed import KeyedTablet
from tests.judging.panels import DRILL, RISK, Panel, hold_draw, mark, two_modules
from tests.world_parts import BUILDER
from tests.world_selection import PNG as PICTURE

AWARDS = [
    {"key": "first", "name": "一等奖", "name_en": "First prize", "to": "entrant",
     "rule": "count", "count": 1},
    {"key": "expert", "name": "技术能手", "name_en": "Expert", "to": "entrant", "rule": "top",
     "first": 1, "last": 2, "title": True, "level": "技术能手"},
    {"key": "organiser", "name": "优秀组织奖", "name_en": "Best organiser", "to": "organisation",
     "rule": "vote", "count": 1},
]


def build_running(world, behind):
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
    mark_running(world, panel, works)
    type_in_from_paper(world, works)
    change_plan(world)
    return panel


def mark_running(world, panel, works):
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
    hear_tablets(world, works)
    clerk = world.actor("clerk")
    for entrant, typed in zip(panel.entrants, ("88.5", "缺考", "73"), strict=False):
        theory.enter_score(clerk, contest_id, "paper", entrant.id, typed, 0)
    keep_banks(world, contest_id)


BANKS = "工种,等级,题库,版本,题量,启用日期,停用日期,保管人,SHA-256\n" + "".join(
    f"{trade},{grade},{trade}{grade}题库,{version},{questions},{begin},{end},技能鉴定中心,{at:064x}\n"
    for at, (trade, grade, version, questions, begin, end) in enumerate((
        ("采油工", "初级工", "2025版", 820, "2025-01-01", ""),
        ("采油工", "高级工", "2024版", 900, "2024-01-01", "2025-12-31"),
        ("采油工", "高级工", "2026版", 960, "2026-01-01", ""),
        ("集输工", "技师", "2026版", 1040, "2026-01-01", ""),
    ), start=0xA5C3 << 240)
)


def keep_banks(world, contest_id):
    """A catalogue of question banks, and the one from which the theory paper was drawn."""
    bank_actions.import_banks(world.actor("curator"), BANKS.encode(), "题库.csv")
    drawn = bank_queries.find_banks(BankSearch(trade="采油工", grade="senior"))[0][0]
    bank_actions.name_banks(world.actor("clerk"), contest_id, "paper", [drawn.id])


def hear_tablets(world, panel):
    """One tablet that needs an eye, and a problem reported on it."""
    judge = world.actor("judge")
    late = clock.now() - timedelta(hours=1)
    tablet_actions.note_start()
    tablet_actions.note_pulse(judge, Pulse(
        "0123456789abcdef", "7F3K", late, battery=9, unsent=2, refused=1, clashing=1, made=12,
        numbers={"contests": [{"contest": panel.contest.id, "accepted": [[1, 6]], "waiting": [[9, 11]],
                               "refused": [[7, 7]]}], "others": []},
    ))
    show_keys(world, panel)
    total_actions.note_totals(judge, "0123456789abcdef", "7F3K", {
        panel.contest.id: [Told(panel.sheet(1).id, 9, "0" * 64)],
    })
    flag = Flag("7b0e7f7e-9c1c-4b43-9d0f-0d6f7c0f4f11", "work", "工件掉落", "0123456789abcdef", 12)
    tablet_actions.raise_flag(judge, panel.sheet(1).id, flag)


def show_keys(world, panel):
    """A key that was admitted, and one that waits."""
    judge = world.actor("judge")
    for device in ("0123456789abcdef", "fedcba9876543210"):
        tablet = KeyedTablet(None, judge.user_id, device, secret=int(device, 16))
        shown = tablet.sign(key_text(installation(), device, tablet.public))
        key_actions.show_key(judge, device, "", tablet.public, shown)
    chief = replace(world.actor("chief_judge"), word_at=clock.now())
    key_actions.admit(chief, panel.contest.id, [tablet.short])


def type_in_from_paper(world, panel):
    """One sheet that two clerks read differently, and one that waits for the first."""
    contest_id, sheet = panel.contest.id, panel.sheet(2, seat=2)
    papers.take_in(world.actor("clerk"), contest_id, [panel.sheet(1, seat=2).id])
    for name, typed in (("丁统分", "7"), ("戊统分", "1")):
        user = factories.make_user(name)
        papers.type_in(
            Actor(user.id, name), contest_id, sheet.id, {"A1": [typed], "A2": ["0"]}
        )
    world.more["differing_paper"] = paper_queries.open_paper(sheet.id).id
    photo_actions.add_photos(
        world.actor("clerk"), contest_id, world.more["differing_paper"], [("评分表照片.png", PICTURE)]
    )
    world.more["paper_number"] = number_of(panel.sheet(1, seat=2).id)


def change_plan(world):
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


def review(world, panel):
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
    compare_with_paper(world)
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


def draw_order(world):
    """A starting order before everybody's eyes, and a seed that is sealed for the next one."""
    organiser = world.actor("organiser")
    order_actions.draw_order(organiser, world.running, "final", "3-1-4", late=("A003",), batch=2)
    draw_actions.seal_seed(organiser, world.running, "final", "order", 0)
    return draws.list_draws(world.running, "final", 0, "order")[0].draw.id


def sheet_under(world, code):
    """The first judge's sheet of the work under this code."""
    entrant_id = draws.find_code(world.running, "final", code).entrant_id
    return db.session.query(Sheet.id).filter_by(
        contest_id=world.running, module_key="risk", entrant_id=entrant_id, seat=1
    ).scalar()


def compare_with_paper(world):
    """A sample of the finished contest: one sheet agrees, one differs and waits for the chief judge."""
    supervisor, finished = world.actor("supervisor"), {"contest_id": world.finished}
    found = sample_actions.draw_sample(supervisor, world.finished, 95, 20, 1000, "6 2 5")
    first, second, third, *_ = [one for one in found.lines if not one.sheet.is_score]
    score, odd, *_ = [one.sheet for one in found.lines if one.sheet.is_score]
    score_check_actions.compare_score(
        supervisor, world.finished, odd.rev, False, "61", "抄写时看错一行"
    )
    sample_actions.compare_sheet(supervisor, world.finished, first.sheet.id, first.sheet.rev, True)
    sample_actions.compare_sheet(
        supervisor, world.finished, second.sheet.id, second.sheet.rev, False, "A1", "9.0", "抄写时看错一行"
    )
    world.special |= {
        "checks.show_sample": finished, "checks.draw_sample": finished,
        "checks.compare_sheet": finished | {"sheet_id": third.sheet.id},
        "checks.compare_score": finished | {"score_id": score.rev},
        "checks.check_score": finished | {"score_id": score.rev},
        "checks.state_score": finished | {"score_check_id": checks_of(world.finished).latest[odd.id].id},
    }
    check = checks_of(world.finished).latest[second.sheet.id]
    for endpoint in ("state_sampled", "state_difference"):
        world.special[f"checks.{endpoint}"] = finished | {"check_id": check.id}
