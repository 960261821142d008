"""Selections in three contests (being nominated, being reviewed, with a published list), and points."""

from datetime import date, timedelta

from werkzeug.datastructures import MultiDict

from contest import clock
from contest.accounts.models import Invitation
from contest.db import db
from contest.people.models import Entrant
from contest.points import actions as points
from contest.points.day_rules import Period
from contest.points.models import PointsEntry
from contest.registry.quota_rules import Share
from contest.results.queries import find_latest_sheet
from contest.selection import (
    call_rules,
    list_actions,
    list_queries,
    list_rules,
    nomination_actions,
    nomination_rules,
    picture_actions,
)
from contest.selection.models import Call, SelectedList, UnitNomination, UnitNominationFile
from contest.setup.models import Contest
from contest.setup.queries import plan_in_force

# One dot of a colour.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63d8a02000"
    "00026400e179d2894d0000000049454e44ae426082"
)
PDF = b"%PDF-1.7\n1 0 obj << >> endobj\n%%EOF\n"
TERMS = call_rules.Terms(
    years=3, papers=("推荐表",), categories=(("最美护林员", 2),),
    shares=(Share("民营企业", 3000, 500), Share("国有单位", 7000)), unit_most=4, trade_limits=(("护林", 3),),
)
ENTRIES = [
    ("R-1", "和小林", "苍岭林场", "reading", "12", "2026-08-03"),
    ("R-2", "和小林", "苍岭林场", "course", "4", "2026-09-10"),
    ("R-3", "木向阳", "望湖林场", "practice", "7", "2026-08-20"),
    ("R-4", "木向阳", "望湖林场", "reading", "8", "2026-10-12"),
]


def filled(**values):
    """The form of a complete nomination."""
    return MultiDict({
        **dict.fromkeys(nomination_rules.FIELDS, ""), "name": "杨守山", "gender": "male",
        "born_on": "1980-05-04", "category": "最美护林员", "kind": "国有单位", "trade": "护林",
        "since-1": "2019-03-01", "where-1": "苍岭林场", "deeds": "二十年巡山护林，未发生一起火情。",
        "consents": "1", "joint": "县林业局、县总工会", **values,
    })


def hold_selections(world):
    """Calls in three contests, nominations, a list with a story, and a ledger of points."""
    for contest_id in (world.registering, world.running, world.finished, world.foreign):
        db.session.add(call_of(contest_id))
    db.session.commit()
    _nominate(world)
    _review(world)
    _publish(world)
    _fill_ledger(world)


def call_of(contest_id, **values):
    """A call that is open, for a title with two places."""
    today = clock.now().date()
    return Call(**{
        "contest_id": contest_id, "title": "最美护林员", "title_en": "Finest forest ranger",
        "words": "推荐扎根一线的护林员。", "opens_on": today - timedelta(days=5),
        "closes_on": today + timedelta(days=10), "terms": call_rules.document_of(TERMS),
        "changed_at": clock.now(), **values,
    })


def _nominate(world):
    contact = world.actor("contact")
    unit_id = db.session.query(Invitation.organisation_id).filter_by(
        contest_id=world.registering, used_by_id=contact.user_id
    ).scalar()
    row = nomination_actions.save_nomination(
        contact, world.registering, unit_id, None, filled(), [("推荐表", "表.pdf", PDF)], True
    )
    row = nomination_actions.save_nomination(
        contact, world.registering, unit_id, None, filled(name="白护林", trade=""), [
            ("", "材料.pdf", PDF)
        ], False
    )
    there = {
        "contest_id": world.registering, "nomination_id": row.id,
        "file_id": db.session.query(UnitNominationFile.id).filter_by(nomination_id=row.id).scalar(),
    }
    for endpoint in ("my_nominations", "new_nomination", "add_nomination", "my_nomination",
                     "edit_nomination", "withdraw_nomination", "download_own_paper"):
        world.special[f"selection.{endpoint}"] = there
    world.special["members.erase_nomination"] = {"nomination_id": row.id}  # tied to nobody


def _review(world):
    """Everybody in the running contest and in the foreign one was nominated, with the same words."""
    for entrant in db.session.query(Entrant).filter(
        Entrant.contest_id.in_((world.running, world.foreign))
    ).order_by(Entrant.id):
        contest_id = entrant.contest_id
        store = world.examples if contest_id == world.running else world.strange
        row = UnitNomination(
            contest_id=contest_id, organisation_id=entrant.organisation_id, human_id=entrant.human_id,
            entrant_id=entrant.id, values=dict(filled(name=entrant.human.name)), state="admitted",
            at=clock.now(), handed_in_at=clock.now(),
        )
        db.session.add(row)
        db.session.flush()
        papers = [
            UnitNominationFile(
                nomination_id=row.id, kind=kind, name=f"{kind}.pdf", ending="pdf", size=len(PDF),
                sha256="0" * 64, content=PDF, at=clock.now(),
            ) for kind in ("推荐表", "")
        ]
        db.session.add_all(papers)
        db.session.commit()
        store |= {"nomination_id": row.id, "file_id": papers[0].id}


def _publish(world):
    """The finished contest has a list, as if it had been published: honours are another builder's."""
    contest = db.session.get(Contest, world.finished)
    call = db.session.get(Call, world.finished)
    given = call.terms
    call.terms = call_rules.document_of(call_rules.Terms(categories=(("", 2),)))
    found = list_queries.preview(contest.id)
    document = list_queries.document_of(call, found)
    for one in document["lines"]:
        one["category"] = "最美护林员"  # the contest was made without groups
    document["categories"][0]["name"] = "最美护林员"
    call.terms = given
    sheet = find_latest_sheet(contest.id, plan_in_force(contest.id).plan.last_stage.key)
    db.session.add(SelectedList(
        contest_id=contest.id, result_sheet_id=sheet.id, document=document,
        document_hash=list_rules.document_hash(document), authority="省总工会",
        document_number="〔2026〕9号", granted_on=date(2026, 11, 20), at=clock.now(),
    ))
    db.session.commit()
    chosen = list_queries.chosen(document)[0]["entrant_id"]
    list_actions.tell_story(
        world.actor("owner"), contest.id, chosen, "山里的守夜人", "二十年，他走过的山路可绕赤道一圈。"
    )
    picture = picture_actions.add_picture(
        world.actor("owner"), contest.id, chosen, PNG, "护林员站在山脊上", "本人书面同意"
    )
    told = {
        "contest_id": contest.id, "entrant_id": chosen, "slug": "finished", "picture_id": picture.id,
    }
    for endpoint in ("show_list", "publish_list", "tell_story", "show_selection", "show_story",
                     "add_picture", "remove_picture", "show_story_picture", "move_up"):
        world.special[f"selection.{endpoint}"] = told


def _fill_ledger(world):
    curator = world.actor("curator")
    keys = ("reference", "name", "organisation", "kind", "quantity", "earned_on")
    points.record_points(
        curator, "职工学堂", list(enumerate((dict(zip(keys, one, strict=True)) for one in ENTRIES), 1))
    )
    entry = db.session.query(PointsEntry).order_by(PointsEntry.id.desc()).first()
    points.reverse_points(curator, entry.id, "重复计入")
    points.publish_lists(curator, Period(2026, 3))
    first = db.session.query(PointsEntry).order_by(PointsEntry.id).first()
    world.examples |= {"entry_id": first.id, "period_key": "2026-Q3", "by_what": "people"}
