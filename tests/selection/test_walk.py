"""Whole selections: from the call to the story (C14), and with contest winners taken in (C6)."""

import io
import re
from collections import Counter
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from contest import clock, signals
from contest.accounts import tickets
from contest.accounts.models import Invitation
from contest.audit.chain_queries import check_chain
from contest.audit.work import Actor, work
from contest.awards.models import Annulment
from contest.db import db
from contest.draw import actions as draw
from contest.judging import actions as judging
from contest.judging.models import Sheet
from contest.people.models import Entrant, Judge
from contest.registry import actions as registry
from contest.registry.level_actions import note_level
from contest.registry.models import Honour
from contest.results import actions as results
from contest.results.queries import why_results_are_held
from contest.review import appeal_actions, notice_actions
from contest.scoring.scheme_reading import plan_document
from contest.selection import check_actions, list_queries
from contest.selection.models import UnitNomination
from contest.setup import actions as setup
from contest.setup.presets import find_preset
from contest.setup.procedure_rules import Procedure, stored_form
from tests import factories
from tests.judging.panels import open_codes, operation, witness
from tests.registry.climbing import take_up
from tests.world_parts import SHANGHAI
from tests.world_selection import PDF, filled

CALL = {
    "title": "最美护林员", "title_en": "Finest forest ranger", "words": "推荐扎根一线的护林员。",
    "opens_on": "2026-11-02", "closes_on": "2026-11-30", "years": "3", "papers": "推荐表",
    "categories": "最美护林员 2", "shares": "民营企业 30 +5\n国有单位 70", "unit_most": "4",
}
# Who is put forward: name, kind of unit, days in the job, the expert's points for what came of it.
RANGERS = {
    "杨守山": ("国有单位", [("2019-03-01", "")], 38),
    "和小林": ("民营企业", [("2020-01-01", "2023-11-30"), ("2023-12-01", "")], 30),
    "木向阳": ("国有单位", [("2023-11-30", "")], 34),  # three full years on the last day exactly
}
SHORT = {
    "李断续": [("2018-01-01", "2024-05-31"), ("2024-06-03", "")],  # a break of two days
    "王新来": [("2023-12-01", "")],  # three years but a day
}


class House:
    """A contest that holds a selection, and everybody who works on it."""

    def __init__(self, app, document, **values):
        self.app = app
        self.contest = factories.make_contest(
            document, state="setup", slug="rangers", name="最美护林员评选",
            procedure=stored_form(Procedure("own", notice=True, names="one")), **values,
        )
        self.organiser = factories.make_user("周组委")
        self.second = factories.make_user("秦组委")
        for user in (self.organiser, self.second):
            factories.make_grant(user, "organiser", self.contest)
        self.office = factories.browser_of(app, self.organiser)
        self.at = f"/contests/{self.contest.id}"

    def actor(self, user=None):
        return factories.proven(user or self.organiser)

    def step(self, to):
        setup.take_step(self.actor(), self.contest.id, to)

    def contact(self, unit):
        """A browser of somebody who speaks for this unit."""
        user = factories.make_user(f"{unit.name}联系人")
        factories.make_grant(user, "contact", self.contest)
        tickets.new_invitation(self.contest.id, unit.id)
        db.session.flush()
        invitation = db.session.scalars(select(Invitation).order_by(Invitation.id.desc())).first()
        invitation.used_by_id = user.id
        db.session.commit()
        return factories.browser_of(self.app, user)

    def nominate(self, browser, **values):
        """Hand a nomination in with its paper; the answer."""
        return browser.post(f"{self.at}/my-nominations/new", data={
            **filled(**values).to_dict(), "to": "hand_in",
            "paper-1": (io.BytesIO(PDF), "推荐表.pdf"), "paper-0": (io.BytesIO(PDF), "材料.pdf"),
        })

    def decide(self, row, decided, **said):
        form = {"decided": decided, "met-years": "yes", "met-papers": "yes", "met-consent": "yes", **said}
        return self.office.post(f"{self.at}/selection/nominations/{row.id}", data=form)

    def to_the_notice(self):
        """Publish provisional results and put them before the public."""
        results.publish_results(self.actor(), self.contest.id, "provisional")
        appeal_actions.announce_results(self.actor(), self.contest.id, "")
        clock.stand_still(clock.now() + timedelta(hours=30))
        notice_actions.give_notice(self.actor(), self.contest.id, SHANGHAI)

    def to_the_end(self):
        clock.stand_still(clock.now() + timedelta(days=20))
        results.publish_results(self.actor(self.second), self.contest.id, "final")
        self.office = factories.browser_of(self.app, self.organiser)  # the first session is over


def rows_of(house):
    return {
        row.values["name"]: row
        for row in db.session.scalars(select(UnitNomination).filter_by(contest_id=house.contest.id))
    }


def spans(days):
    return {
        f"{part}-{n}": day for n, pair in enumerate(days, start=1)
        for part, day in zip(("since", "until"), pair, strict=True)
    }


def test_a_selection_from_the_call_to_the_story(app, client):
    """C14: nomination, three years without a break, blind review, notice, list, story."""
    clock.stand_still(datetime(2026, 11, 10, 4, tzinfo=UTC))
    house = House(app, plan_document(find_preset("c14_selection").plan))
    assert house.office.post(f"{house.at}/selection/call", data=CALL).status_code == 303
    house.step("registration")
    assert house.office.post(f"{house.at}/selection/call", data=CALL).status_code == 409  # it is out

    unit = factories.make_organisation("苍岭林场")
    contact = house.contact(unit)
    nominate_rangers(house, contact)
    check_rangers(house)
    judges = review(house)
    assert_experts_read_without_names(house, judges[0])

    house.to_the_notice()
    on_notice = client.get("/selections/rangers").text
    assert "杨*山" in on_notice and "杨守山" not in on_notice
    house.to_the_end()
    publish(house)

    shown = client.get("/selections/rangers").text
    assert "杨守山" in shown and "和小林" in shown and "木向阳" not in shown
    told = house.office.post(
        f"{house.at}/selection/list/{entrant_of('杨守山').id}/story",
        data={"title": "山里的守夜人", "text": "二十年，他走过的山路可绕赤道一圈。"},
    )
    assert told.status_code == 303
    assert "可绕赤道一圈" in client.get(f"/selections/rangers/stories/{entrant_of('杨守山').id}").text
    assert_a_revoked_honour_is_shown_so(house, client)
    assert_the_list_holds_its_results(house)
    assert check_chain(house.contest.id).problems == []
    clock.stand_still(None)


def assert_a_revoked_honour_is_shown_so(house, client):
    """The list that went out stays; who lost the honour is marked on it, and the story is told no more."""
    ranger = entrant_of("杨守山")
    [honour] = [one for one in db.session.scalars(select(Honour)) if one.craftsman.human == ranger.human]

    registry.revoke_honour(house.actor(), honour.id, "事迹不实")

    shown = client.get("/selections/rangers").text
    assert shown.count("事迹不实") == 1 and "山里的守夜人" not in shown
    assert client.get(f"/selections/rangers/stories/{ranger.id}").status_code == 404
    told = house.office.post(
        f"{house.at}/selection/list/{ranger.id}/story", data={"title": "再说一遍", "text": "还是他。"},
    )
    assert told.status_code == 409 and "事迹不实" in told.text


def assert_the_list_holds_its_results(house):
    """They are not opened again; whose result is annulled loses the honour of the list."""
    assert "list of this selection was published" in str(why_results_are_held(house.contest.id))
    lost = entrant_of("和小林")
    with work(house.actor(), "award.annul", contest_id=house.contest.id):
        db.session.add(Annulment(
            contest_id=house.contest.id, entrant_id=lost.id, kind="annulled", reason="替考", minutes="3号",
            decided_on=clock.today(), at=clock.now(),
        ))
        db.session.flush()
        signals.result_annulled.send("award.annul", contest_id=house.contest.id, reason="替考")
    assert list_queries.revoked(house.contest.id)[lost.id] == "替考"


def nominate_rangers(house, contact):
    """Three complete ones and one short in years are handed in; the quota of the unit holds."""
    named = house.nominate(contact, name="杨守山", deeds="杨守山二十年巡山。")
    assert named.status_code == 422 and "take “杨守山” out" in named.text
    draft = rows_of(house)["杨守山"]
    assert draft.state == "draft"  # kept, though it is faulty
    again = contact.post(f"{house.at}/my-nominations/{draft.id}", data={
        **filled(name="杨守山", kind="国有单位", **spans(RANGERS["杨守山"][1])).to_dict(), "to": "hand_in",
    })
    assert again.status_code == 303
    for name, kind, days in (
        *((name, kind, days) for name, (kind, days, _) in list(RANGERS.items())[1:]),
        ("李断续", "国有单位", SHORT["李断续"]),
    ):
        assert house.nominate(contact, name=name, kind=kind, **spans(days)).status_code == 303
    fifth = house.nominate(contact, name="王新来", kind="国有单位", **spans(SHORT["王新来"]))
    assert fifth.status_code == 422 and "may put forward 4 at most" in fifth.text


def check_rangers(house):
    """The rule says of each why; a person confirms; whoever lacks a year is not admitted."""
    rows = rows_of(house)
    page = house.office.get(f"{house.at}/selection/nominations/{rows['李断续'].id}").text
    assert "A break from 2024-06-01 to 2024-06-02; since then 2 full years, 3 are asked for." in page
    otherwise = house.decide(rows["李断续"], "admitted")
    assert otherwise.status_code == 422 and "give the reason" in otherwise.text
    refused = house.decide(
        rows["李断续"], "refused", words="2024 年中断两日。", **{"met-years": "no"}
    )
    assert refused.status_code == 303
    assert "2024 年中断两日。" in house.office.get(
        f"{house.at}/selection/nominations/{rows['李断续'].id}"
    ).text
    for name in RANGERS:
        assert house.decide(rows[name], "admitted").status_code == 303
    assert {entrant.human.name for entrant in db.session.scalars(select(Entrant))} == set(RANGERS)


def entrant_of(name):
    return next(one for one in db.session.scalars(select(Entrant)) if one.human.name == name)


def review(house):
    """Seven experts mark what they see under codes; the highest and the lowest are left out."""
    judges = [factories.make_judge(house.contest) for _ in range(7)]
    for seat, judge in enumerate(judges, start=1):
        factories.make_seat(house.contest, judge, seat, "deeds")
    coder = factories.make_official("石加密", "coding_judge", contest=house.contest)
    draw.hold_draw(coder, house.contest.id, "review", "lottery-478")
    witness(house.contest)
    house.step("scoring")
    judging.hand_out_sheets(Actor(None, "test"), house.contest.id)
    points = {entrant_of(name).id: figures[2] for name, figures in RANGERS.items()}
    for sheet in db.session.scalars(select(Sheet).filter_by(contest_id=house.contest.id)).all():
        judge = db.session.get(Judge, sheet.judge_id)
        marks = {"A1": "25", "A2": str(points[sheet.entrant_id]), "B1": "15", "B2": "8"}
        judging.take_operation(
            Actor(judge.user_id, judge.name), sheet.id, operation(marks, sheet.rev, "submit")
        )
    open_codes(house.contest, "review")
    house.contest.state = "decoded"
    db.session.commit()
    return judges


def assert_experts_read_without_names(house, judge):
    sheet = db.session.scalars(select(Sheet).filter_by(judge_id=judge.id)).first()
    browser = factories.browser_of(house.app, db.session.get(type(house.organiser), judge.user_id))
    page = browser.get(f"/deeds/{sheet.id}").text
    assert "二十年巡山护林" in page
    assert [name for name in (*RANGERS, "苍岭林场", "材料.pdf") if name in page] == []
    papers = re.findall(rf"/deeds/{sheet.id}/files/\d+", page)
    assert all(browser.get(path).data == PDF for path in papers)
    other = db.session.scalars(select(Sheet).where(Sheet.judge_id != judge.id)).first()
    assert browser.get(f"/deeds/{other.id}").status_code == 403


def publish(house):
    """Two places, 35 percent of them for private companies: one each, though 木向阳 stands second."""
    page = house.office.get(f"{house.at}/selection/list").text
    assert "units of the kind “民营企业” have 1 places" in page
    take_up(house.actor())
    with work(house.actor(), "registry.level"):
        note_level(entrant_of("杨守山").human, "three_step", "", "backbone", "raised", {})
    form = {"authority": "县林业局", "document_number": "〔2026〕8号", "granted_on": "2026-12-20"}
    assert house.office.post(f"{house.at}/selection/list", data=form).status_code == 422  # not compared
    answer = house.office.post(f"{house.at}/selection/list", data={**form, "is_checked": "1"})
    assert answer.status_code == 303
    assert house.office.post(
        f"{house.at}/selection/list", data={**form, "is_checked": "1"}
    ).status_code == 409
    honours = db.session.scalars(select(Honour).order_by(Honour.id)).all()
    assert [honour.craftsman.human.name for honour in honours] == ["杨守山", "和小林"]
    assert {honour.name for honour in honours} == {"最美护林员"}
    # The step that somebody holds on a ladder is shown, though this honour carries no level.
    assert [honour.craftsman.level for honour in honours] == ["技术骨干", ""]
    assert {honour.unit for honour in honours} == {"苍岭林场"}
    assert {honour.evidence["list_hash"] for honour in honours} == {
        list_queries.find_list(house.contest.id).document_hash
    }


# C6: a city's chain feeds a yearly selection of 30 craftsmen, 5 teachers, 11 little craftsmen.
CHAIN = {"城市工匠": 30, "工匠教师": 5, "校园小工匠": 11}


def by_scores():
    """A selection reviewed by one paper, so that many can be placed quickly."""
    document = factories.plan_document(
        ranking={"shared": True, "by_group": True, "ties": []}, awards=[],
        parts=[{"key": "theory", "stage": "final", "name": "评审", "name_en": "Review", "weight": 100}],
    )
    document["modules"] = document["modules"][:1]
    return document


def test_contest_winners_feed_the_yearly_selection(app, client):
    clock.stand_still(datetime(2026, 11, 10, 4, tzinfo=UTC))
    sources = {category: winners(places + 2) for category, places in CHAIN.items()}
    house = House(app, by_scores())
    lines = "\n".join(f"{name} {places}" for name, places in CHAIN.items())
    house.office.post(f"{house.at}/selection/call", data={
        "title": "年度工匠", "opens_on": "2026-11-02", "closes_on": "2026-11-30", "categories": lines,
        "wants_prize": "1",
    })
    house.step("registration")
    for category, contest in sources.items():
        taken = house.office.post(f"{house.at}/selection/winners", data={
            "from": contest.id, "category": category, "most": "99",
        })
        assert taken.status_code == 303
    again = check_actions.take_winners(house.actor(), house.contest.id, sources["工匠教师"].id, "工匠教师",
                                       "", 3)
    assert again == (0, 3)
    for number, row in enumerate(rows_of(house).values()):
        assert "一等奖" in house.office.get(f"{house.at}/selection/nominations/{row.id}").text or number > 2
        answer = house.office.post(f"{house.at}/selection/nominations/{row.id}", data={
            "decided": "admitted", "met-prize": "yes", "met-consent": "yes", "why-consent": "本人已签字同意",
        })
        assert answer.status_code == 303
    for at, entrant in enumerate(db.session.scalars(select(Entrant).filter_by(contest_id=house.contest.id))):
        factories.make_theory(house.contest, entrant, str(50 + at / 2))
    house.contest.state = "collected"
    db.session.commit()
    house.to_the_notice()
    house.to_the_end()
    answer = house.office.post(f"{house.at}/selection/list", data={
        "authority": "市总工会", "document_number": "〔2026〕30号", "granted_on": "2026-12-20",
        "level": "工匠", "is_checked": "1",
    })
    assert answer.status_code == 303, re.findall(r"notice-bad.*", answer.text)

    found = list_queries.find_list(house.contest.id)
    assert Counter(line["category"] for line in list_queries.chosen(found.document)) == CHAIN
    assert db.session.query(Honour).filter_by(contest_id=house.contest.id, level="工匠").count() == 46
    assert "年度工匠（校园小工匠）" in {one.name for one in db.session.scalars(select(Honour))}
    clock.stand_still(None)


def winners(count):
    """A contest with final results and so many winners."""
    contest = factories.make_contest(state="final")
    sheet = factories.make_result_sheet(contest)
    for place in range(1, count + 1):
        factories.make_award(contest, factories.make_entrant(contest, trade="汝瓷烧制"), sheet, place=place)
    return contest
