"""Figure 49: what is due is gone, nothing else is; told before it is done; the terms are configuration."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text

from contest import clock
from contest.accounts.models import AuthSession
from contest.audit import chain_checks
from contest.db import db
from contest.errors import Invalid, Missing
from contest.member_services import apply_actions
from contest.member_services.entitlement_models import Entitlement
from contest.member_services.membership_models import Membership
from contest.member_services.models import Case, CaseEvent
from contest.members import data_map, personal_actions, personal_queries, retention, retention_rules
from contest.people import id_rules
from contest.people.models import Entrant, Human, PendingImport
from contest.people.personal_models import IdNumber, PersonalAccess
from contest.registry import contact_actions
from contest.registry.archive_models import ArchiveImport
from contest.registry.person_models import ContactRequest, RegisterImport
from contest.review import appeal_queries
from contest.review.models import Appeal, AppealFile, Notice, Objection
from contest.selection.models import UnitNomination
from tests import factories
from tests.conftest import NOON
from tests.member_services import walking
from tests.members.test_erasing_everywhere import nominate
from tests.world_selection import call_of

TERMS = retention_rules.load_terms("")
BOTH = pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)
WHY = "核对职业资格"


def later(**span):
    clock.stand_still(NOON + timedelta(**span))


def due():
    return {one.field: len(one.ids) for one in retention.find_due(TERMS) if one.ids}


@pytest.fixture
def numbers(app, keeper):
    """Somebody who won, somebody who did not, somebody in a contest that runs, somebody in none."""
    over, running = factories.make_contest(state="final"), factories.make_contest()
    winner, other = factories.make_entrant(over, "张三"), factories.make_entrant(over, "李四")
    now = factories.make_entrant(running, "王五")
    factories.make_award(over, winner)
    found = {"winner": winner.human_id, "other": other.human_id, "running": now.human_id}
    for n, human_id in enumerate(found.values()):
        stem = f"1101051949123100{n}"
        personal_actions.enter_number(keeper, human_id, stem + id_rules.check_sign(stem), WHY)
    return found


def kept():
    db.session.expire_all()
    return set(db.session.scalars(select(IdNumber.human_id)))


@BOTH
def test_numbers_go_when_their_time_is_over(app, numbers, keeper):
    later(days=180, seconds=-1)
    assert due() == {}
    later(days=181)
    assert due() == {"id_number": 1}
    retention.erase_due(keeper, TERMS)
    assert kept() == {numbers["winner"], numbers["running"]}

    later(days=3 * 365, seconds=-1)
    assert due() == {}
    later(days=3 * 365 + 1)
    retention.erase_due(keeper, TERMS)
    assert kept() == {numbers["running"]}


@pytest.fixture
def told(app):
    """A case that is over, one that is open, an objection, a session that ended."""
    officer = walking.officer()
    sent = {"name": "李四", "phone": "13800138000", "topic": "safety", "words": "车间通风不好"}
    over = apply_actions.apply_for(officer, "letterbox", walking.form(**sent))
    apply_actions.withdraw_case(walking.GUEST, over.receipt, "另行解决")
    still = apply_actions.apply_for(officer, "letterbox", walking.form(**sent | {"words": "灯坏了"}))
    contest = factories.make_contest(state="final")
    sheet = factories.make_result_sheet(contest)
    notice = Notice(contest_id=contest.id, stage="final", number=1, result_sheet_id=sheet.id, days=5,
                    ends_at=NOON + timedelta(days=5), rows=[], list_hash="f" * 64, at=NOON)
    db.session.add(notice)
    db.session.flush()
    db.session.add(Objection(contest_id=contest.id, notice_id=notice.id, number=1, receipt="R1", name="赵六",
                             contact="13900139000", text="名次有疑问", at=NOON))
    user = factories.make_user()
    factories.browser_of(app, user)
    db.session.commit()
    return over.id, still.id


@BOTH
def test_what_was_told_goes_in_time_and_nothing_else(app, told, keeper):
    over, still = told
    later(days=184)
    assert due() == {}
    later(days=186)
    assert due() == {"contact": 1}
    retention.erase_due(keeper, TERMS)
    row = db.session.scalar(select(Objection))
    assert (row.name, row.contact, row.text) == ("–", "", "名次有疑问")
    later(days=3 * 365 + 1)
    assert due()["case_answers"] == 1 and "contact" not in due()
    retention.erase_due(keeper, TERMS)

    db.session.expire_all()
    gone, left = db.session.get(Case, over), db.session.get(Case, still)
    assert (gone.name, gone.phone, gone.words, gone.answers) == ("–", "–", "", {})
    assert (left.name, left.phone, left.words) == ("李四", "13800138000", "灯坏了")
    words = db.session.scalars(select(CaseEvent.words).filter_by(case_id=over)).all()
    assert set(words) == {""} and len(words) >= 2
    assert due() == {}


def test_the_open_sessions_of_today_stay(app, told, keeper):
    later(days=400)
    user = factories.make_user()
    factories.browser_of(app, user)
    retention.erase_due(keeper, TERMS)
    assert db.session.scalars(select(AuthSession.user_id)).all() == [user.id]


def test_telling_changes_nothing(app, numbers, told):
    later(days=4 * 365)
    before = (kept(), len(db.session.scalars(select(PersonalAccess)).all()))
    assert set(due()) == {"id_number", "case_answers", "contact", "sessions"}
    assert (kept(), len(db.session.scalars(select(PersonalAccess)).all())) == before


def test_what_went_is_written_down(app, numbers, keeper):
    later(days=181)
    retention.erase_due(keeper, TERMS)
    row = db.session.scalars(select(PersonalAccess).order_by(PersonalAccess.id.desc())).first()
    assert (row.kind, row.fields, row.subjects, row.human_id) == ("retain", ["id_number"], 1, None)


def test_the_command_tells_and_does(app, numbers):
    later(days=181)
    runner = app.test_cli_runner()
    told = runner.invoke(args=["personal", "retain"])
    assert told.exit_code == 0 and len(kept()) == 3, told.output
    done = runner.invoke(args=["personal", "retain", "--do"])
    assert done.exit_code == 0 and len(kept()) == 2, done.output


@pytest.mark.parametrize("text", [
    "", "cases = 1", "cases = [", retention_rules.SHIPPED.read_text("utf-8").replace("1095", '"long"'),
    retention_rules.SHIPPED.read_text("utf-8").replace("180", "0"),
    retention_rules.SHIPPED.read_text("utf-8").replace("180", "true"),
    retention_rules.SHIPPED.read_text("utf-8") + "\nmore = 1",
])
def test_wrong_terms_are_refused_with_a_sentence(text):
    with pytest.raises(Invalid):
        retention_rules.read_terms(text)


def test_terms_of_ones_own_take_their_place(tmp_path):
    path = tmp_path / "terms.toml"
    path.write_text(retention_rules.SHIPPED.read_text("utf-8").replace("180", "90"), "utf-8")
    assert retention_rules.load_terms(path)["objections"] == timedelta(days=90)
    with pytest.raises(Invalid):
        retention_rules.load_terms(tmp_path / "nowhere")


def born(contest, name, born_on="1990-01-02", **values):
    """An entrant whose day of birth is known; the person's id."""
    entrant = factories.make_entrant(contest, name, **values)
    entrant.human.born_on = date.fromisoformat(born_on)
    db.session.commit()
    return entrant.human_id


def known_births():
    db.session.expire_all()
    return set(db.session.scalars(select(Human.id).where(Human.born_on.is_not(None))))


@BOTH
def test_days_of_birth_go_when_their_time_is_over_and_nothing_rests_on_them(app, keeper):
    over, running = factories.make_contest(state="final"), factories.make_contest()
    sheet = factories.make_result_sheet(over)
    award = {"key": "young", "name": "青年奖", "to": "entrant", "rule": "count", "count": 1,
             "only": {"most_age": 35, "on": "2026-11-23"}}
    by_age = factories.make_contest(factories.plan_document(awards=[award]), state="final")
    factories.make_result_sheet(by_age)
    gone = born(over, "张三")
    stay = {
        "runs": born(running, "李四"), "looked at": born(by_age, "王五"), "member": born(over, "赵六"),
        "entitled": born(over, "孙七"),
    }
    winner = born(over, "周八")
    later(days=400)
    award = factories.make_award(over, db.session.scalar(select(Entrant).filter_by(human_id=winner)), sheet)
    award.granted_at = clock.now()
    unit = factories.make_organisation()
    db.session.add_all([
        Membership(human_id=stay["member"], organisation_id=unit.id, number="T1", state="active",
                   since=date(2026, 1, 5)),
        Entitlement(human_id=stay["entitled"], service_key="allowance", ground="need",
                    start_on=date(2026, 1, 5), opened_at=clock.now()),
    ])
    db.session.commit()

    later(days=1095, seconds=-1)
    assert "born_on" not in due()
    later(days=1096)
    assert due()["born_on"] == 1
    retention.erase_due(keeper, TERMS)
    assert known_births() == {*stay.values(), winner}

    later(days=1095 + 401)
    retention.erase_due(keeper, TERMS)
    assert known_births() == {*stay.values()} and gone not in known_births()
    assert chain_checks.check_now(over.id, "test").is_whole


@pytest.fixture
def appeals(app):
    """Appeals with a file each: decided in a contest that is over, and in one that runs."""
    found = []
    for state in ("final", "notice"):
        contest = factories.make_contest(state=state)
        appeal = Appeal(
            contest_id=contest.id, stage="final", number=1, receipt=f"R{state}", ground="other",
            text="请复核", entrant_id=factories.make_entrant(contest).id, door="entrant", filed_at=NOON,
            outcome="rejected", decided_at=NOON,
        )
        db.session.add(appeal)
        db.session.flush()
        db.session.add(AppealFile(appeal_id=appeal.id, number=1, name="张三诊断.pdf", ending="pdf", size=3,
                                  sha256="0" * 64, content=b"abc"))
        found.append((contest, appeal))
    db.session.commit()
    return found


def appeal_files():
    db.session.expire_all()
    return [(row.name, row.size, row.sha256, row.content)
            for row in db.session.scalars(select(AppealFile).order_by(AppealFile.id))]


@BOTH
def test_files_of_appeals_go_when_their_time_is_over(app, appeals, keeper):
    later(days=1095, seconds=-1)
    assert "appeal_files" not in due()
    later(days=1096)
    assert due() == {"appeal_files": 1}
    retention.erase_due(keeper, TERMS)

    kept = ("0" * 64,)
    assert appeal_files() == [("", 3, *kept, None), ("张三诊断.pdf", 3, *kept, b"abc")]
    with pytest.raises(Missing, match="erased"):
        appeal_queries.get_file(appeals[0][1], 1)
    assert due() == {}


@BOTH
@pytest.mark.parametrize("statement", [
    "UPDATE appeal_file SET content = NULL, size = 9", "UPDATE appeal_file SET name = 'x'",
    "UPDATE appeal_file SET sha256 = 'x', content = NULL", "DELETE FROM appeal_file",
])
def test_of_an_appeals_file_nothing_else_changes(app, appeals, statement):
    with pytest.raises(Exception, match="append-only"):
        db.session.execute(text(statement))
    db.session.rollback()


@BOTH
def test_nominations_that_came_to_nothing_go_a_year_after_the_call(app, keeper):
    """What was admitted stays with the selection; what waits for a decision waits, until the end."""
    contest = factories.make_contest(state="registration")
    db.session.add(call_of(contest.id))  # it closes in ten days
    db.session.commit()
    entrant = factories.make_entrant(contest, "和小林")
    admitted = nominate(contest, "和小林", human=entrant.human, entrant=entrant, state="admitted")
    waits = nominate(contest, "木向阳")
    for state in ("draft", "returned", "refused", "withdrawn"):
        nominate(contest, "杨守山", state=state)

    later(days=365 + 10)
    assert due() == {}
    later(days=365 + 11)
    assert due() == {"nominations": 4}
    retention.erase_due(keeper, TERMS)
    rows = db.session.scalars(select(UnitNomination).order_by(UnitNomination.id)).all()
    assert [row.values["name"] for row in rows] == ["和小林", "木向阳", "–", "–", "–", "–"]
    assert due() == {}
    assert admitted.erased_at is None and waits.erased_at is None

    contest.state = "archived"
    db.session.commit()
    assert due() == {"nominations": 1}


def merged_of_old(keep_id, gone_id):
    """As earlier releases merged: the second row says whose it is, and keeps number and day of birth."""
    db.session.get(Human, gone_id).merged_into_id = keep_id
    db.session.commit()


@BOTH
def test_a_number_on_the_other_row_of_a_merge_lives_as_long_as_the_persons(app, numbers, keeper):
    entered = factories.make_entrant(factories.make_contest(state="final"), "王五")
    moved, stays = numbers["running"], entered.human_id
    now = db.session.scalar(select(Entrant).filter_by(human_id=moved))
    now.human_id = stays
    db.session.commit()
    merged_of_old(stays, moved)

    later(days=181)

    assert due() == {"id_number": 1}  # of the one who won nothing; the contest of this one runs
    retention.erase_due(keeper, TERMS)
    assert kept() == {numbers["winner"], moved}
    found = {line.human_id: number for line, number in personal_queries.numbers_of(now.contest_id)}
    assert found[stays].startswith("11010519491231002")
    assert personal_queries.count_numbers(now.contest_id) == 1


@BOTH
def test_the_day_of_birth_of_a_merged_row_goes_with_the_persons(app, keeper):
    over, running = factories.make_contest(state="final"), factories.make_contest()
    factories.make_result_sheet(over)
    keep = born(over, "张三")
    gone, stays = (factories.make_person("张三", born_on="1990-01-02").id for _ in range(2))
    merged_of_old(keep, gone)
    still = born(running, "李四")
    merged_of_old(still, stays)

    later(days=1096)
    retention.erase_due(keeper, TERMS)

    assert known_births() == {still, stays}


@BOTH
def test_what_was_told_to_employers_goes_a_year_after_the_answer(app, keeper):
    token = factories.make_honour().craftsman.token
    said = {"asker": "某人", "contact": "010-1", "purpose": "招聘"}
    answered = contact_actions.ask_contact(token, {"employer": "甲厂", **said})
    contact_actions.ask_contact(token, {"employer": "乙厂", **said})
    later(days=30)
    contact_actions.answer_for(keeper, answered.id, True, "139 0000", "电话")

    later(days=364)
    assert due() == {}
    later(days=365)
    assert due() == {"contacts": 1}
    retention.erase_due(keeper, TERMS)
    assert db.session.scalars(select(ContactRequest.employer)).all() == ["甲厂"]
    later(days=395)
    retention.erase_due(keeper, TERMS)
    assert db.session.query(ContactRequest).count() == 0


@BOTH
def test_lists_that_nobody_confirmed_go_after_their_day(app, keeper):
    contest = factories.make_contest()
    told = {"rows": [{"row": 1, "values": {"name": "张三"}}], "by_id": keeper.user_id, "at": clock.now()}
    named = {"file_name": "名单.csv", "file_hash": "0" * 64}
    db.session.add_all([
        PendingImport(contest_id=contest.id, kind="roster", **named, **told),
        RegisterImport(**named, **told), ArchiveImport(about={}, **named, **told),
    ])
    db.session.commit()

    later(days=1, seconds=-1)
    assert due() == {}
    later(days=1)
    assert due() == {"rosters": 1, "register_lists": 1, "archive_lists": 1}
    retention.erase_due(keeper, TERMS)

    for model in (PendingImport, RegisterImport, ArchiveImport):
        assert db.session.query(model).count() == 0
    assert set(data_map.waiting_lists()) == {model.__tablename__ for model, _ in retention.LISTS.values()}
    assert all(one["term"] == "1 day" for one in data_map.waiting_lists().values())
