"""The 50 yuan of S4: on record before aid is granted; by hand, from a list, taken back, through a merge."""

import io
from datetime import date

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from werkzeug.datastructures import MultiDict

from contest import clock
from contest.audit.models import TrailRow
from contest.db import db
from contest.documents import Column, Table, as_xlsx
from contest.errors import Conflict, Invalid, Missing, NotAllowed
from contest.member_services import (
    case_actions,
    case_queries,
    catalogue_queries,
    catalogue_rules,
    contribution_actions,
    contribution_queries,
    item_actions,
    office_actions,
)
from contest.member_services.contribution_models import PaidContribution, TakenBackContribution
from contest.member_services.membership_models import Membership
from contest.members import erasing, telling
from contest.people.models import PersonAccount
from contest.registry import person_actions
from tests import factories
from tests.member_services.test_s04_medical_aid import STAY
from tests.member_services.walking import (
    act,
    apply,
    at,
    at_once,
    contribute,
    form,
    officer,
    one_behind_the_other,
    person,
)

BOTH = pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)
HEADERS = ("会员号", "姓名", "单位", "年度", "金额（元）", "缴费日期", "票据号")


def sheet(*rows):
    """A spreadsheet with these rows below a title and the headers, from row 3 on."""
    columns = tuple(Column(name, name) for name in HEADERS)
    texts = [["" if cell is None else str(cell) for cell in row] for row in rows]
    return as_xlsx(Table("名单", columns, tuple(dict(zip(HEADERS, row, strict=True)) for row in texts)))


def typed(human, **values):
    return form(**{"name": human.name, "for_year": "2026", "amount": "50", "paid_on": "2026-01-08", **values})


def take_in(desk, *rows, **ticks):
    return contribution_actions.import_list(desk, "medical_aid", sheet(*rows), "缴费名单.xlsx", **ticks)


def count():
    return db.session.scalar(select(func.count()).select_from(PaidContribution))


def aid(human, **values):
    """A case that waits for its decision."""
    case = apply("medical_aid", human, own_payment="8000", **{**STAY, **values})
    act(officer("受理"), case, "accept")
    return case


def last_facts(did):
    return db.session.scalars(select(TrailRow).filter_by(did=did).order_by(TrailRow.id.desc())).first().facts


def test_without_a_payment_nothing_is_granted_until_it_is_entered(app):
    cashier, reviewer = officer("出纳", "cashier"), officer("复核", "aid_reviewer")
    human = person("钟一", member=True, paid=False)
    case = aid(human)

    with pytest.raises(Invalid, match="No contribution for 2026 is on record") as refused:
        act(reviewer, case, "decide")
    assert set(refused.value.fields) == {"without_contribution"}
    db.session.rollback()
    assert (case.state, case.amount) == ("accepted", None)

    contribution_actions.enter(cashier, "medical_aid", typed(human, reference="SJ-0001"))
    act(reviewer, case, "decide")
    assert (case.state, case.amount) == ("decided", 280_000)
    [row] = contribution_queries.record_of(human.id, "medical_aid")
    assert (row.year, row.amount, row.paid_on, row.reference, row.who, row.by_id, row.file_name) == (
        2026, 5_000, date(2026, 1, 8), "SJ-0001", "出纳", cashier.user_id, ""
    )


def test_the_year_that_counts_is_that_of_leaving_hospital(app):
    reviewer, human = officer("复核", "aid_reviewer"), person("钟一", member=True, paid=False)
    contribute(human, 2026)
    case = aid(human, left_hospital="2025-12-30")

    with pytest.raises(Invalid, match="for 2025 is on record"):
        act(reviewer, case, "decide")
    db.session.rollback()
    contribute(human, 2025)
    db.session.commit()
    act(reviewer, case, "decide")
    assert case.state == "decided"


def test_who_decides_may_grant_without_it_and_the_reason_is_kept(app):
    reviewer, human = officer("复核", "aid_reviewer"), person("钟一", member=True, paid=False)
    case = aid(human)

    act(reviewer, case, "decide", without_contribution="  单位已汇缴，\n名单未到 ")

    facts = last_facts("service.move")
    assert (facts["without_contribution"], facts["reason"]) == (2026, "单位已汇缴， 名单未到")
    [event] = [one for one in case_queries.history(case, True) if one.kind == "without"]
    assert (event.words, event.is_inner, event.who) == ("单位已汇缴， 名单未到", True, "复核")
    assert "without" not in [one.kind for one in case_queries.history(case, False)]


def test_whose_case_it_is_has_to_be_said_first(app):
    """A service for everybody asks for no entitlement, so this is asked for by itself."""
    document = dict(catalogue_queries.document_of("medical_aid"))
    document["entitled"], document["amount"] = {"everyone": True}, {**document["amount"], "per_year": False}
    document["amount"]["parts"] = document["amount"]["parts"][:1]
    office_actions.enter_version(officer("组委会", role="organiser"), catalogue_rules.write_toml(document))
    case = aid(None)

    with pytest.raises(Conflict, match="Say first whose case it is"):
        act(officer("复核", "aid_reviewer"), case, "decide")


def test_only_the_cashier_enters_and_takes_back_once_one_is_named(app):
    human = person("钟一", member=True, paid=False)
    anybody = officer("甲")
    last_year = typed(human, for_year="2025", paid_on="2025-01-08")
    row = contribution_actions.enter(anybody, "medical_aid", last_year)
    officer("出纳", "cashier")

    for attempt in (
        lambda: contribution_actions.enter(anybody, "medical_aid", typed(human)),
        lambda: take_in(anybody, (None, "钟一", None, 2026, 50, "2026-01-08", None)),
        lambda: contribution_actions.take_back(anybody, row.id, "录错"),
    ):
        with pytest.raises(NotAllowed, match="answered for by"):
            attempt()
    assert (count(), db.session.query(TakenBackContribution).count()) == (1, 0)
    with pytest.raises(Missing):
        contribution_actions.enter(anybody, "hardship", typed(human))


@pytest.mark.parametrize(("values", "field", "says"), [
    ({"name": ""}, "name", "This is needed"),
    ({"name": "无此人"}, "name", "Nobody called 无此人 is known here"),
    ({"unit": "别的厂"}, "unit", "is known at 别的厂"),
    ({"card_number": "T9"}, "card_number", "card number T9"),
    ({"for_year": "26"}, "for_year", "Write a year"),
    ({"for_year": "2028"}, "for_year", "up to the year 2027"),
    ({"amount": "五十"}, "amount", "amount in yuan"), ({"amount": "0"}, "amount", "above 0"),
    ({"amount": "5"}, "amount", "is 50.00 yuan, here stand 5.00"),
    ({"paid_on": "2026-12-31"}, "paid_on", "in the future"), ({"paid_on": ""}, "paid_on", "year-month-day"),
    ({"paid_on": "2021-01-08"}, "for_year", "is it the right year"),
])
def test_what_is_typed_wrongly_is_told_at_its_field_and_not_stored(app, values, field, says):
    desk, human = officer("出纳", "cashier"), person("钟一", member=True, paid=False)

    with pytest.raises(Invalid) as refused:
        contribution_actions.enter(desk, "medical_aid", typed(human, **values))

    assert says in str(refused.value.fields[field])
    assert count() == 0


def test_another_amount_is_taken_once_somebody_has_looked(app):
    desk, human = officer("出纳", "cashier"), person("钟一", member=True, paid=False)
    row = contribution_actions.enter(desk, "medical_aid", typed(human, amount="40", looked="1"))
    assert row.amount == 4_000


def test_the_same_payment_twice_and_another_of_the_same_year_are_refused(app):
    desk, human = officer("出纳", "cashier"), person("钟一", member=True, paid=False)
    contribution_actions.enter(desk, "medical_aid", typed(human))
    with pytest.raises(Conflict, match="on record already"):
        contribution_actions.enter(desk, "medical_aid", typed(human))
    with pytest.raises(Invalid, match="take it back first"):
        contribution_actions.enter(desk, "medical_aid", typed(human, paid_on="2026-03-01"))
    assert count() == 1


def test_namesakes_are_told_apart_by_card_number_or_unit(app):
    desk, mine = officer("出纳", "cashier"), factories.make_organisation(name="云溪水泥")
    one = person("钟一", mine, member=True, paid=False)
    other = person("钟一", factories.make_organisation(name="海州矿业"), member=True, paid=False)
    with pytest.raises(Invalid, match="2 people are called"):
        contribution_actions.enter(desk, "medical_aid", typed(one))
    by_unit = contribution_actions.enter(desk, "medical_aid", typed(one, unit="云溪 水泥"))
    number = db.session.scalar(select(Membership.number).filter_by(human_id=other.id))
    by_card = contribution_actions.enter(desk, "medical_aid", typed(other, card_number=number))
    assert (by_unit.human_id, by_card.human_id) == (one.id, other.id)
    with pytest.raises(Invalid, match="another name"):
        contribution_actions.enter(desk, "medical_aid", typed(person("李四"), card_number=number))


def test_a_list_is_stored_whole_and_a_second_time_changes_nothing(app):
    desk = officer("出纳", "cashier")
    humans = [person(f"会员{n:03d}", member=True, paid=False) for n in range(40)]
    rows = [(None, one.name, None, 2026, 50, "2026-01-08", f"SJ{one.id}") for one in humans]
    assert take_in(desk, *rows) == {"new": 40, "known": 0, "left_out": 0}
    assert take_in(desk, *rows) == {"new": 0, "known": 40, "left_out": 0}
    assert count() == 40
    facts = last_facts("service.contributions")
    assert (facts["count"], facts["known"], facts["file_name"]) == (0, 40, "缴费名单.xlsx")
    assert {one.file_name for one in db.session.query(PaidContribution)} == {"缴费名单.xlsx"}


def test_each_bad_line_is_told_with_row_and_column_and_nothing_is_stored(app):
    desk, human = officer("出纳", "cashier"), person("钟一", member=True, paid=False)
    rows = (
        (None, "钟一", None, 2026, 50, "2026-01-08", None),
        (None, "钟一", None, 2026, 50, "2026-01-08", None),
        (None, "无此人", None, 2026, 50, "2026-01-08", None),
        (None, "钟一", None, "今年", 50, "2026-01-08", None),
        (None, "钟一", None, 2025, 50, "2026-12-30", None),
        ("T999", "钟一", None, 2024, 50, "2024-01-08", None),
    )
    with pytest.raises(contribution_actions.BadLines, match="cannot be taken: 5") as refused:
        take_in(desk, *rows)
    found = [(one.row, one.column) for one in refused.value.problems]
    assert found == [
        (4, "Year"), (5, "Name"), (6, "Year"), (7, "Day of payment"), (8, "Card number"),
    ]
    assert "row 3" in str(refused.value.problems[0])
    assert count() == 0
    assert take_in(desk, *rows, leaves_out=True) == {"new": 1, "known": 0, "left_out": 5}
    assert [one.human_id for one in db.session.query(PaidContribution)] == [human.id]


def test_lines_with_another_amount_are_looked_at_first(app):
    desk = officer("出纳", "cashier")
    person("钟一", member=True, paid=False)
    row = (None, "钟一", None, 2026, 5, "2026-01-08", None)
    with pytest.raises(contribution_actions.BadLines, match="looked at: 1") as refused:
        take_in(desk, row)
    [problem] = refused.value.problems
    assert (problem.kind, problem.row, problem.column) == ("warn", 3, "Amount in yuan")
    assert count() == 0
    assert take_in(desk, row, looked=True)["new"] == 1


def test_what_is_taken_back_stays_with_its_reason_and_counts_no_longer(app):
    desk, reviewer = officer("出纳", "cashier"), officer("复核", "aid_reviewer")
    human = person("钟一", member=True, paid=False)
    row = contribution_actions.enter(desk, "medical_aid", typed(human))
    case = aid(human)
    with pytest.raises(Invalid, match="Give the reason"):
        contribution_actions.take_back(desk, row.id, "  ")
    contribution_actions.take_back(desk, row.id, "录错了人")
    with pytest.raises(Conflict, match="taken back already"):
        contribution_actions.take_back(desk, row.id, "再来一次")

    with pytest.raises(Invalid, match="is on record"):
        act(reviewer, case, "decide")
    db.session.rollback()
    [kept] = contribution_queries.record_of(human.id, "medical_aid")
    assert (kept.taken_back.reason, kept.taken_back.who) == ("录错了人", "出纳")
    contribution_actions.enter(desk, "medical_aid", typed(human))
    act(reviewer, case, "decide")
    assert case.state == "decided"


def test_contributions_go_with_a_person_and_back_again(app):
    curator = officer("管理员", role="curator")
    keep, gone = person("钟一", member=True, paid=False), person("钟一", paid=False)
    contribute(gone, 2026)
    db.session.commit()
    merge = person_actions.merge_people(curator, keep.id, gone.id, "同一人")
    assert [one.year for one in contribution_queries.record_of(keep.id, "medical_aid")] == [2026]
    desk = officer("出纳", "cashier")
    with pytest.raises(Conflict, match="on record already"):
        contribution_actions.enter(desk, "medical_aid", typed(keep))
    person_actions.split_people(curator, merge.id, "不是同一人")
    assert contribution_queries.record_of(keep.id, "medical_aid") == []
    assert len(contribution_queries.record_of(gone.id, "medical_aid")) == 1


def test_a_copy_tells_them_and_an_erasure_keeps_them_for_the_books(app):
    owner, human = officer("组委会", role="organiser"), person("钟一", paid=False)
    contribute(human, 2026)
    db.session.commit()
    [told] = telling.everything(human.id)["tables"]["paid_contribution"]
    assert (told["year"], told["amount"]) == (2026, 5_000)
    done = erasing.erase(owner, human.id, "钟一", "本人书面要求")
    assert {"table": "paid_contribution", "why": "paid", "rows": 1} in done.kept
    assert count() == 1


@BOTH
def test_the_database_keeps_every_row_and_refuses_wrong_ones(app):
    human = person("钟一", paid=False)
    row = contribute(human, 2026)
    db.session.add(TakenBackContribution(contribution_id=row.id, reason="录错", who="出纳", at=row.at))
    db.session.commit()
    copied = "INSERT INTO paid_contribution (service_key, human_id, year, amount, paid_on, reference, " \
        "file_name, who, at) SELECT {service}, human_id, {year}, {amount}, paid_on, '', '', {who}, at " \
        "FROM paid_contribution"
    good = {"service": "service_key", "year": "year", "amount": "amount", "who": "who"}
    for statement, says in (
        *((f"{verb} {table}{rest}", "append-only")
          for table in ("paid_contribution", "taken_back_contribution")
          for verb, rest in (("UPDATE", " SET who = 'x'"), ("DELETE FROM", ""))),
        (copied.format(**{**good, "year": "226"}), "year is no number in its range"),
        (copied.format(**{**good, "amount": "0"}), "amount is no number in its range"),
        (copied.format(**{**good, "service": "' '"}), "service_key is empty"),
        (copied.format(**{**good, "who": "''"}), "who is empty"),
    ):
        with pytest.raises(DBAPIError, match=says):
            db.session.execute(text(statement))
        db.session.rollback()
    db.session.execute(text(copied.format(**good)))


@BOTH
def test_the_migration_goes_back_and_forth_with_cases_in_it(app):
    case = aid(person("钟一", member=True, paid=False))
    receipt, desk = case.receipt, officer("小队")
    register = item_actions.open_register(desk, "micro_wish", form(title="岁末圆梦", asked="107"))
    item_actions.add_lines(desk, register.id, "想要台灯 | 199")
    db.session.remove()
    downgrade(revision="0064_given_passwords")
    assert db.session.execute(text("SELECT text FROM register_item")).scalar() == "想要台灯"
    db.session.remove()
    upgrade()
    assert count() == 0
    found = db.session.execute(text("SELECT text, cost FROM register_item")).one()
    assert tuple(found) == ("想要台灯", None)
    assert db.session.execute(text("SELECT asked FROM item_register")).scalar() is None
    assert db.session.execute(text("SELECT receipt FROM service_case")).scalar() == receipt
    contribute(person("李四"), 2026)
    db.session.commit()
    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(text("UPDATE paid_contribution SET amount = 1"))
    db.session.rollback()
    with pytest.raises(DBAPIError, match="year is no number"):
        contribute(person("王五"), 1926)


def test_an_entry_with_a_contribution_that_nobody_can_ask_for_is_not_taken(app):
    document = dict(catalogue_queries.document_of("medical_aid"))
    for changed, says in (
        ({"year_of": "nothing"}, "no field nothing that asks for a day"),
        ({"year_of": "own_payment"}, "no field own_payment that asks for a day"),
    ):
        with pytest.raises(Invalid, match=says):
            asked = {**document["contribution"], **changed}
            catalogue_rules.read_service({**document, "contribution": asked})
    nobody = catalogue_rules.read_service(
        {**document, "contribution": {**document["contribution"], "who": "nobody"}}
    )
    with pytest.raises(Invalid, match="Contributions are entered by “nobody”"):
        catalogue_rules.check_answered(nobody)


def test_the_member_and_the_desk_read_it_on_their_pages(app, as_role):
    human = person("钟一", member=True, paid=False)
    desk = as_role("service_officer")
    case = aid(human)
    page = desk.get(f"/service-desk/cases/{case.id}").text
    assert "2026: no payment on record" in page and 'name="without_contribution"' in page
    receipt = f"/applications/{case.receipt}"
    assert "2026: no payment on record" in app.test_client().get(receipt).text

    sent = desk.post("/service-desk/contributions", data=MultiDict({
        "service": "medical_aid", "name": "钟一", "for_year": "2026", "amount": "50", "paid_on": "2026-01-08",
    }))
    assert sent.status_code == 303
    page = desk.get(f"/service-desk/cases/{case.id}").text
    assert "2026: 50.00 yuan" in page and 'name="without_contribution"' not in page
    assert "paid on" in app.test_client().get(receipt).text

    user = factories.make_user("钟一")
    member = factories.browser_of(app, user)
    db.session.add(PersonAccount(human_id=human.id, user_id=user.id, linked_at=clock.now()))
    db.session.commit()
    mine = member.get("/my-services").text
    assert "Yearly contribution" in mine and "2026: 50.00 yuan" in mine
    assert "2026: 50.00 yuan" in member.get("/my").text
    at("2027-02-01 10:00")
    member = factories.browser_of(app, user)
    assert "2027: no payment on record" in member.get("/my-services").text
    assert "2027: no payment on record" in member.get("/services/medical_aid").text


def test_a_refused_form_and_list_come_back_with_what_was_typed(app, as_role):
    person("钟一", member=True, paid=False)
    desk = as_role("service_officer")
    back = desk.post("/service-desk/contributions", data={
        "service": "medical_aid", "name": "钟一", "for_year": "2026", "amount": "5", "paid_on": "2026-01-08",
    })
    assert back.status_code == 422 and 'value="2026-01-08"' in back.text and 'name="looked"' in back.text
    bad = sheet((None, "无此人", None, 2026, 50, "2026-01-08", None))
    back = desk.post("/service-desk/contributions/list", data={
        "service": "medical_aid", "file": (io.BytesIO(bad), "名单.xlsx"),
    })
    assert back.status_code == 422 and "Row 3" in back.text and "无此人" in back.text
    back = desk.post("/service-desk/contributions/list", data={"service": "medical_aid"})
    assert back.status_code == 422 and "Choose a file" in back.text


@BOTH
def test_the_same_payment_entered_by_several_at_once_is_on_record_once(app):
    desk, human = officer("出纳", "cashier"), person("钟一", member=True, paid=False)
    sent = typed(human)
    db.session.remove()

    found = at_once(app, [lambda: contribution_actions.enter(desk, "medical_aid", sent).id] * 5)

    assert sorted(type(one).__name__ for one in found) == ["Conflict"] * 4 + ["int"], found
    assert count() == 1


@pytest.mark.parametrize("app", ["postgres"], indirect=True)
def test_nothing_is_granted_on_a_payment_that_is_taken_back_at_the_same_moment(app):
    desk, reviewer = officer("出纳", "cashier"), officer("复核", "aid_reviewer")
    human = person("钟一", member=True, paid=False)
    row_id, case = contribution_actions.enter(desk, "medical_aid", typed(human)).id, aid(human)
    case_id, revision = case.id, case.revision

    taken, decided = one_behind_the_other(
        app, lambda: contribution_actions.take_back(desk, row_id, "录错了人").id,
        lambda: case_actions.move_case(reviewer, case_id, revision, "decide", form()),
    )

    assert taken == row_id and isinstance(decided, Invalid), (taken, decided)
