"""The contests before, after and beside the one that is being judged."""

from datetime import timedelta

from flask import current_app
from werkzeug.datastructures import MultiDict

from contest import clock
from contest.accounts import actions as accounts
from contest.accounts.models import Invitation
from contest.accounts.rules import Person
from contest.audit import key_actions
from contest.audit.work import Actor
from contest.awards import actions as awards
from contest.awards import (
    annulment_actions,
    certificate_papers,
    certificate_queries,
    decision_actions,
    nomination_rules,
    vote_queries,
)
from contest.awards import certificate_actions as certificates
from contest.awards import nomination_actions as nominations
from contest.board import actions as board_actions
from contest.ceremony import actions as ceremony
from contest.ceremony import screen_actions
from contest.checks.models import ScoreCheck, SheetCheck
from contest.db import db
from contest.i18n import LANGUAGES
from contest.judging import chief_actions, tablet_actions
from contest.judging.models import Penalty
from contest.judging.tablet_rules import Flag
from contest.member_services import (
    apply_actions,
)
from contest.paper.rules import number_of
from contest.people import judge_actions, roster_actions, unit_actions
from contest.people.models import Entrant
from contest.quiz import actions as quiz_actions
from contest.quiz.setting_rules import Settings, typed_form
from contest.registry import actions as registry
from contest.registry.models import Honour
from contest.registry.queries import waiting_awards
from contest.results import actions as results
from contest.results import bulletin_actions
from contest.review import appeal_actions, notice_actions
from contest.review.models import Appeal, Notice, Objection
from contest.setup import procedure_actions
from contest.setup.procedure_rules import FORMAL, Procedure, stored_form
from contest.setup.proposal_queries import find_open
from contest.theory import actions as theory
from contest.theory.queries import latest_entry_id
from tests import factories
from tests.judging.panels import RISK
from tests.quiz import stages
from tests.world_parts import BUILDER, NAMES, SHANGHAI
from tests.world_register import keep_register

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


def build_noticed(world):
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
                     "take_objection", "decide_objection", "state_objection_unchanged",
                     "download_notice"):
        world.special[f"review.{endpoint}"] = there
    for endpoint in ("show_timeline", "show_list", "show_revision", "new_objection",
                     "object_to_notice"):
        world.special[f"review.{endpoint}"] = {"slug": "noticed", "revision": 1}
    world.examples["objection_id"] = objection.id


def build_staged(world):
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


def build_quiz(world):
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


def build_registering(world):
    contest = factories.make_contest(state="registration", slug="registering", name="报名中的比武",
                                    name_en="Contest to come")
    world.registering = contest.id
    unit, token = unit_actions.invite_unit(BUILDER, contest.id, "云溪水泥")
    contact = Person(world.people["contact"], NAMES["contact"], 0)
    accounts.accept_invitation_as(contact, token)
    _, world.more["invitation"] = unit_actions.invite_unit(BUILDER, contest.id, "苍岭水泥")
    team = factories.make_team(contest, unit, "云溪一队")
    world.more["own_entrant"] = factories.make_entrant(contest, "赵一", team=team, number="B001").id


def build_finished(world):
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
    decide(world, contest, entrants["吴三"].number)
    votes = {unit.id: "3" for unit in vote_queries.organisations(contest.id)[:1]}
    decision = {"minutes": "纪要〔2026〕3号", "decided_on": "2026-11-20"}
    awards.enter_votes(BUILDER, contest.id, "organiser", votes, decision)
    awards.grant_awards(BUILDER, contest.id)
    issue_certificates(world, contest, signer)
    nominate(world, contest)
    said = {"reason": "查实替考", "minutes": "纪要〔2026〕9号", "decided_on": "2026-11-20"}
    annulment_actions.propose_annulment(first, contest.id, {"whom": f"entrant-{entrants['吴三'].id}"}, said)
    world.more["annulment_proposal"] = find_open(contest.id, "annul").id
    [waiting] = [rows for of, rows in waiting_awards() if of.id == contest.id]
    # One award still waits for the curator: of a person, as that of the unit is shown on its page.
    waits = next(one for one in waiting if one.entrant_id not in (None, world.more["winner"]))
    registry.confirm_honours(
        world.actor("curator"), contest.id, [award.id for award in waiting if award is not waits], "省总工会",
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
    [of_unit] = db.session.query(Honour).filter(Honour.organisation_id.is_not(None)).all()
    world.special |= {
        "registry.show_unit_evidence": {
            "organisation_id": of_unit.organisation_id, "honour_id": of_unit.id,
        },
        "registry.show_craftsman": {"token": titled.craftsman.token},
        "registry.show_evidence": {"token": titled.craftsman.token},
        "registry.describe_craftsman": {"token": titled.craftsman.token},
    }
    world.examples |= {"honour_id": titled.id, "entitlement_id": case.entitlement_id}
    keep_register(world, titled.craftsman)
    world.special["member_services.show_receipt"] = {"receipt": case.receipt}


def decide(world, contest, number):
    """The committee passes over somebody and takes it back."""
    said = {"reason": "核查材料", "minutes": "纪要〔2026〕2号", "decided_on": "2026-11-19"}
    made = decision_actions.pass_over(BUILDER, contest.id, "first", {"number": number}, said)
    decision_actions.take_back(BUILDER, contest.id, "first", made.id, said | {"reason": "核查无误"})
    world.examples["decision_id"] = made.id


def nominate(world, contest):
    """One case whose papers are gathered, and one that went out."""
    asked = {"kind": "medal", "title": "省五一劳动奖章", "authority": "省总工会", "deeds": "二十年看火。"}
    award = world.more["award"]
    open_one = nominations.prepare(BUILDER, contest.id, award, asked)
    world.examples["submission_id"] = open_one.id
    crew = {"kind": "pioneer", "title": "全国工人先锋号", "authority": "全国总工会", "crew": "一号窑班组"}
    sent = nominations.prepare(BUILDER, contest.id, award, crew)
    form = nomination_rules.Piece("03-form.pdf", "申报表", "records", b"%PDF")
    pack = nomination_rules.pack_of([form], "申报表\n")
    for slot in nomination_rules.NEEDED:
        scan = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF"
        nominations.add_file(BUILDER, contest.id, sent.id, slot, f"{slot}.pdf", scan)
    nominations.send(
        BUILDER, contest.id, sent.id, {"on": "2026-11-20", "document_number": "赛组〔2026〕6号"}, pack
    )
    world.more["sent_nomination"] = sent.id


def issue_certificates(world, contest, signer):
    """The look, and a certificate for every award."""
    style = {"issuer": "省总工会", "event": contest.name, "issuer_code": "ZGH", "event_code": "SN"}
    certificates.set_style(BUILDER, contest.id, style)
    lines = certificate_queries.list_lines(contest.id)
    made, _ = certificates.issue_certificates(BUILDER, contest.id, signer, "2026-11-27")
    world.more["award"], world.more["certificate"] = lines[0].award.id, made[0].id
    for language in LANGUAGES:
        certificate_papers.draw_some(
            current_app.config["DATA_FOLDER"] / "certificates", contest.id, "http://localhost", language, 60
        )


def build_foreign(world):
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
    # Of a module that the plan no longer has: nobody has a place whom the published results do not hold.
    factories.make_theory(contest, entrant, "61", module_key="gone")
    entry_id = latest_entry_id(contest.id, "gone", entrant.id)
    score_check = ScoreCheck(
        contest_id=contest.id, entry_id=entry_id, agrees=False, note="别人的成绩差异", at=clock.now()
    )
    db.session.add_all([check, score_check])
    db.session.commit()
    world.strange = {
        "score_id": entry_id, "score_check_id": score_check.id,
        "check_id": check.id, "screen_id": screen.id, "picture_id": picture.id,
        "proposal_id": find_open(contest.id, "procedure").id,
        "flag_id": strange_flag.id,
        "contest_id": contest.id, "entrant_id": entrant.id, "judge_id": judge.id,
        "sheet_id": sheet.id, "sheet_number": number_of(sheet.id), "team_id": team.id,
        "user_id": judge.user_id,
        "invitation_id": invitation.id, "penalty_id": penalty.id, "pending_id": pending_id,
        "code": "nobody", **foreign_reviews(contest, entrant),
    }


def foreign_reviews(contest, entrant):
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


def wait_for_yes(world):
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
