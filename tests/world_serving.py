"""Member services with cases in every state, and programs with tokens."""

from datetime import date, timedelta

from werkzeug.datastructures import MultiDict

from contest import clock
from contest.api import actions as api_actions
from contest.api import rules as api_rules
from contest.db import db
from contest.letters import actions as letter_actions
from contest.letters.models import LetterNotice, LetterTry, PersonLetter
from contest.member_services import (
    apply_actions,
    benefit_actions,
    case_actions,
    contribution_actions,
    item_actions,
    item_queries,
    office_actions,
    place_actions,
)
from contest.member_services.entitlement_models import BenefitPayment, Entitlement, StandingLevel
from contest.member_services.membership_models import Membership
from contest.member_services.models import ServiceDuty
from contest.members import entry_actions, own_actions, own_queries, personal_actions, personal_queries
from contest.people.models import Entrant, Human, PersonAccount
from contest.webhooks import actions as webhook_actions
from contest.webhooks.models import WebhookAttempt, WebhookMessage


def serve(world):
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
        world.actor("owner"), "minimum_standard", "云溪区", "800", "2026-01-01", "云民〔2026〕1号"
    )
    # The officer of this world is the chair's, too, and opens letters.
    for duty in ("means_checker", "aid_reviewer", "chair"):
        office_actions.name_for_duty(world.actor("owner"), duty, officer.user_id)
    office_actions.enter_budget(world.actor("owner"), "welfare", MultiDict({
        "organisation_id": str(unit), "budget_year": "2026", "total": "20000", "for_members": "15000",
    }))
    station = place_actions.save_station(world.actor("owner"), None, MultiDict({
        "name": "云溪驿站", "district": "云溪区", "point": "34.1650, 112.8410", "hours": "08:30–18:00",
        "keeper": "站长", "equipment": "饮水机、微波炉", "keeper_id": str(officer.user_id),
    }))
    slot = place_actions.save_slot(officer, MultiDict({
        "service": "counselling", "station_id": str(station.id), "topic": "亲子教育", "capacity": "2",
        "starts_at": "2026-11-30T09:00", "ends_at": "2026-11-30T10:00",
    }))
    apply_for_more(world, officer, human, slot)
    pay_monthly(world, officer, unit)
    keep_people(world, human)
    council = item_actions.open_register(officer, "council", MultiDict({"title": "第三季度议事会"}))
    item_actions.add_lines(
        officer, council.id, "薪酬福利\t职工甲\t奖金何时发\n食堂与生活后勤\t职工乙\t夜班没有热饭"
    )
    items = item_queries.items_of(council.id)
    item_actions.make_topic(officer, council.id, "夜班用餐", "", [items[1].id])
    world.examples |= {
        "station_id": station.id, "slot_id": slot.id, "register_id": council.id, "item_id": items[0].id,
        "membership_id": member.id,
        "duty_id": db.session.query(ServiceDuty.id).filter_by(duty="means_checker").scalar(),
    }
    for endpoint in ("edit_entry", "enter_version", "download_entry"):
        world.special[f"member_services.{endpoint}"] = {"key": "medical_aid"}


def keep_people(world, human):
    """The member's number and a look at it, a wish to be erased, an invitation, a file that was asked for."""
    curator, why = world.actor("curator"), "核对职业资格等级"
    personal_actions.enter_number(curator, human.id, "11010519491231002X", why)
    personal_actions.reveal_number(curator, human.id, why)
    own_actions.ask_for_erasure(world.actor("contact"), human.id, "我不再参加活动")
    invited = next(
        one.human_id for one in db.session.query(Entrant).filter_by(contest_id=world.finished)
        if one.human_id != human.id
    )
    token = entry_actions.invite(curator, invited)
    personal_actions.ask_for_numbers(world.actor("organiser"), world.finished, why)
    [asked] = personal_queries.requests_of(world.finished)
    world.examples |= {"human_id": human.id, "request_id": asked.id}
    world.more["invited"] = invited
    for endpoint in ("open_invitation", "join", "take_invitation", "join_by_union", "take_by_union"):
        world.special[f"members.{endpoint}"] = {"token": token}
    for endpoint in ("show_numbers", "ask_for_numbers", "allow_numbers", "take_numbers"):
        world.special[f"members.{endpoint}"] = {"contest_id": world.finished}
    world.special["members.uninvite"] = {"human_id": invited}
    certificate = next(one for one in own_queries.certificates_of(human.id) if one.state == "issued")
    for endpoint in ("download_my_certificate", "download_my_proof"):
        world.special[f"members.{endpoint}"] = {"certificate_id": certificate.id}


def apply_for_more(world, officer, human, slot):
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
    learn(world, officer, sent, door)
    case_actions.add_note(officer, hardship.id, "家中有老人", True)
    held = Entitlement(
        human_id=human.id, service_key="hardship", ground="need", start_on=date(2025, 11, 20),
        review_on=date(2026, 11, 20), opened_at=today,
    )
    db.session.add(held)
    db.session.commit()
    world.examples |= {"case_id": hardship.id, "entitlement_id": held.id}
    world.more |= {"late_case": late.id, "returned": returned.receipt, "done": done.receipt}
    book_what_is_called_off(world, officer, human)
    for endpoint in ("complete_case", "write_message", "withdraw_case", "give_feedback"):
        world.special[f"member_services.{endpoint}"] = {"receipt": returned.receipt}


def learn(world, officer, sent, door):
    """A course of one meeting, completed."""
    course = place_actions.save_slot(officer, MultiDict({
        "service": "training_course", "topic": "焊工", "occasion": "2026 冬季班", "capacity": "2",
        "starts_at": "2026-12-01T09:00", "ends_at": "2026-12-01T17:00",
    }))
    learned = apply_actions.apply_for(
        officer, "training_course", MultiDict({**sent, "slot_id": str(course.id), "trade": "焊工"}), door=door
    )
    place_actions.note_attendance(officer, course.id, 1, [learned.id])
    for act in ("accept", "step", "step"):
        case_actions.move_case(officer, learned.id, learned.revision, act, MultiDict())
    world.special["member_services.download_course_certificate"] = {"receipt": learned.receipt}


def book_what_is_called_off(world, officer, human):
    """A counselling hour that was called off after it was booked, and aid that waits to be paid."""
    door, sent = apply_actions.Door(human_id=human.id), {"name": human.name, "phone": "0571 8765 4321"}
    first, _ = [
        place_actions.save_slot(officer, MultiDict({
            "service": "counselling", "topic": "压力与睡眠", "capacity": "3", "place": "职工之家",
            "starts_at": f"2026-12-0{day}T09:00", "ends_at": f"2026-12-0{day}T10:00",
        })) for day in (1, 2)
    ]
    booked = apply_actions.apply_for(officer, "counselling", MultiDict({
        **sent, "group": "front", "topic": "stress", "slot_id": str(first.id),
    }), door=door)
    place_actions.cancel_slot(officer, first.id, "咨询师生病")
    aid = apply_actions.apply_for(officer, "medical_aid", MultiDict({
        **sent, "joined": "1", "left_hospital": "2026-11-02", "own_payment": "8000", "serious": "no",
        "bank": "云溪农商银行", "account": "6228480000000000017",
    }), door=door)
    case_actions.move_case(officer, aid.id, aid.revision, "accept", MultiDict())
    row = contribution_actions.enter(officer, "medical_aid", MultiDict({
        "name": human.name, "for_year": "2026", "amount": "50", "paid_on": "2026-01-08",
    }))
    world.examples["contribution_id"] = row.id
    case_actions.move_case(officer, aid.id, aid.revision, "decide", MultiDict())
    world.more |= {"called_off": booked.receipt, "called_off_slot": first.id, "aid": aid.id}
    world.special["member_services.book_again"] = {"receipt": booked.receipt}


def pay_monthly(world, officer, unit_id):
    """Two on a level whose applications were granted: of one the autumn is paid, of the other nothing.

    The latest transfer came back.
    """
    first = clock.now().date().replace(day=1)
    for name, level in (("钟技师", "技师"), ("梁首席", "首席技师")):
        human = Human(name=name, organisation_id=unit_id)
        db.session.add(human)
        db.session.flush()
        db.session.add(StandingLevel(human_id=human.id, ladder="eight", level=level, since=date(2026, 8, 10)))
        case = apply_actions.apply_for(officer, "skill_allowance", MultiDict({
            "name": name, "phone": "0571 8765 4321", "unit": "云溪水泥", "since": "2019-05",
            "bank": "云溪农商银行", "account": "6228480000000000025",
        }), door=apply_actions.Door(human_id=human.id))
        for act in ("accept", "step", "decide"):
            case_actions.move_case(officer, case.id, case.revision, act, MultiDict())
        if level == "技师":
            for month in (date(2026, 10, 1), first):
                benefit_actions.pay_month(
                    officer, "skill_allowance", month, {human.id: 50_000}, f"YH{month:%Y%m}-0001"
                )
    paid, back = db.session.query(BenefitPayment).order_by(BenefitPayment.id)
    benefit_actions.note_return(officer, back.id, {
        "reason": "账号已销户", "came_back_on": clock.now().date().isoformat(),
    })
    world.examples["payment_id"] = paid.id


def tell_outside(world):
    """A system that takes what it is told, with a message that was tried twice, and one that is paused."""
    owner = world.actor("owner")
    told, _ = webhook_actions.add_webhook(
        owner, "市职工服务平台", "https://members.example/hooks/jiangsai", ["honour", "case"],
        ["skill_allowance", "green_lane"], ["name", "number"],
    )
    paused, _ = webhook_actions.add_webhook(
        owner, "技能津贴发放系统", "https://allowance.example/", ["level", "entitlement"],
        ["skill_allowance"], [],
    )
    webhook_actions.pause_webhook(owner, paused.id)
    message = db.session.query(WebhookMessage).filter_by(webhook_id=told.id).first()
    for status, problem in ((None, "timeout"), (503, "status"), (204, "")):
        db.session.add(WebhookAttempt(
            message_id=message.id, at=clock.now(), status=status, problem=problem, duration_ms=31,
        ))
    message.state, message.delivered_at = "delivered", clock.now()
    webhook_actions.try_webhook(owner, told.id)
    world.examples |= {"webhook_id": told.id, "message_id": message.id}
    world.more["paused_webhook"] = paused.id
    world.special["webhooks.resume_webhook"] = {"webhook_id": paused.id}


def tell_people(world):
    """What the contact was told, by mail that came through and by one that was given up."""
    me = world.actor("contact")
    human_id = own_queries.human_of(me.user_id).id
    own_actions.set_phone(me, human_id, "13800138000", "由本人选择")
    for kind in ("level.changed", "entitlement.opened"):
        letter_actions.write(kind, human_id)
    for problem, state in (("", "sent"), ("recipient", "failed")):
        letter_actions.new_notice(human_id, "mail", "news")
        db.session.flush()
        row = db.session.query(LetterNotice).order_by(LetterNotice.id.desc()).first()
        row.state = state
        db.session.add(LetterTry(notice_id=row.id, at=clock.now(), problem=problem))
    db.session.commit()
    letter = db.session.query(PersonLetter).filter_by(human_id=human_id).first()
    world.examples |= {"letter_id": letter.id, "notice_id": row.id}


def open_to_programs(world):
    """A token of the contest's organiser, one of the whole house, and what stands for parts of /api/v1."""
    for name, contest_id, walker in (
        ("house_token", None, "owner"), ("token_id", world.running, "organiser"),
    ):
        row, world.more[name] = api_actions.make_token(
            world.actor(walker), contest_id, "成绩屏", ["standings:read"], 90, api_rules.SCOPES
        )
        world.special["tokens.revoke_house_token"] = world.special.get("tokens.revoke_house_token") or {
            "token_id": row.id}
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
        "api.list_slots": {"key": "counselling"}, "awards.show_badge_status": {"number": 0},
        **{f"api.{deed}": {"receipt": world.more["returned"]} for deed in (
            "complete_application", "write_about_application", "withdraw_application", "rate_application",
            "book_application_again",
        )},
    }
