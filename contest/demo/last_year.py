"""Last year's contest of the demonstration: finished, awarded, its winners on the register."""

import csv
import io
from datetime import date

from contest import clock
from contest.accounts.queries import find_user
from contest.audit.work import Actor
from contest.awards import actions as awards
from contest.awards import certificate_actions, certificate_queries, vote_queries
from contest.demo import build
from contest.demo.invent import Dice, roster
from contest.judging import decoding_actions as decoding
from contest.registry import actions as registry
from contest.registry import queries as register
from contest.results import actions as results
from contest.setup import actions as setup
from contest.setup.forms import Details
from contest.setup.queries import get_contest

DETAILS = Details(
    name="水泥行业班组长综合管理技能竞赛（2025 年）", name_en="Cement shift-leaders' contest 2025",
    slug="cement-2025", host="省建材行业协会", place="云溪水泥培训中心",
    starts_on=date(2025, 11, 20), ends_on=date(2025, 11, 22),
)
# The second team of each of these companies came; most of them compete again this year.
TEAMS = ("苍岭水泥二队", "望湖水泥二队", "云溪水泥制造二队")
LIVES = (
    "从一线看火工做起，二十年把一条窑的能耗降到全省最低；带出的班组连续六年零事故。",
    "自创“听音辨障”法，设备隐患发现率居全集团之首。",
    "把岗位操作规程编成口诀，被三家兄弟企业采用。",
)
HEADERS = ("单位", "代表队", "姓名", "性别", "出生日期", "组别", "工种", "技能等级", "用工形式", "参赛号")


def build_last_year(progress, signer):
    """Hold last year's contest from registration to the register; the accounts exist already.

    signer: signs its certificates; returns what the code on the first of them says.
    """
    contest_id = setup.create_contest_from_preset(build.ACTOR, DETAILS, build.PRESET).id
    setup.take_step(build.ACTOR, contest_id, "registration")
    people = [row for row in roster() if row[1] in TEAMS]
    build.import_roster(contest_id, _file(HEADERS, people), "roster-2025.csv")
    build.import_judges(contest_id)
    build.begin_final(contest_id)
    build.import_theory(contest_id, _file(("参赛号", "姓名", "成绩"), _theory(people)), "theory-2025.csv")
    everybody = dict.fromkeys(build.PROGRESS, 100)
    build.mark(contest_id, everybody, progress, "last year")
    _publish(contest_id)
    _list_winners(contest_id)
    return _certify(contest_id, signer)


def _file(headers, rows):
    text = io.StringIO()
    csv.writer(text).writerows([headers, *rows])
    return text.getvalue().encode("utf-8-sig")


def _theory(people):
    dice = Dice("theory-2025")
    return [(row[9], row[2], str(dice.bell(66, 97))) for row in people]


def _actor(login):
    user = find_user(login)
    return Actor(user.id, user.name, word_at=clock.now())  # a program on the machine asks no password


def _publish(contest_id):
    """Two people decode and publish, the committee votes, the awards are granted."""
    decoding.decode(_actor("organiser"), _actor("organiser2"), contest_id, build.STAGE)
    results.publish_results(_actor("organiser"), contest_id, "provisional")
    results.publish_results(_actor("organiser2"), contest_id, "final")
    votes = {unit.id: str(9 - 2 * n) for n, unit in enumerate(vote_queries.organisations(contest_id))}
    decision = {"minutes": "组委会会议纪要〔2025〕7 号", "decided_on": "2025-11-28"}
    awards.enter_votes(_actor("organiser"), contest_id, "organiser_prize", votes, decision)
    awards.grant_awards(_actor("organiser"), contest_id)


def _list_winners(contest_id):
    """The curator confirms every award and writes a line of life for the first three."""
    curator = _actor("curator")
    [waiting] = [lines for contest, lines in register.waiting_awards() if contest.id == contest_id]
    # Being put forward for a title is no honour yet.
    waiting = [award for award in waiting if award.award_key != "pioneer"]
    people = [award for award in sorted(waiting, key=_by_place) if award.entrant is not None]
    best = list(dict.fromkeys(award.entrant.human_id for award in people))
    registry.confirm_honours(
        curator, contest_id, [award.id for award in waiting], "省建材行业协会", "建协〔2025〕48 号",
        "2025-12-01", is_checked=True,
    )
    for human_id, words in zip(best, LIVES, strict=False):
        registry.describe_craftsman(curator, register.find_craftsman(human_id).token, words)


def _certify(contest_id, signer):
    """Every winner gets a certificate, of the usual look."""
    organiser = _actor("organiser")
    usual = certificate_queries.suggested_style(get_contest(contest_id))
    certificate_actions.set_style(organiser, contest_id, {
        "design": usual.design, "pattern": usual.pattern, "issuer_code": "JCXH",
        "event_code": "SN2025", "issuer": usual.issuer, "event": usual.event,
        "signer_title": "会长", "signer_name": "许建国",
    })
    made, _ = certificate_actions.issue_certificates(organiser, contest_id, signer, "2025-12-01")
    return made[0].code


def _by_place(award):
    return award.place or 1000
