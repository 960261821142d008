"""Figure 49: what is due is gone, nothing else is; told before it is done; the terms are configuration."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from contest import clock
from contest.accounts.models import AuthSession
from contest.db import db
from contest.errors import Invalid
from contest.member_services import apply_actions
from contest.member_services.models import Case, CaseEvent
from contest.members import personal_actions, retention, retention_rules
from contest.people import id_rules
from contest.people.personal_models import IdNumber, PersonalAccess
from contest.review.models import Notice, Objection
from tests import factories
from tests.conftest import NOON
from tests.member_services import walking

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
                    ends_at=NOON + timedelta(days=5), rows=[], list_hash="", at=NOON)
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
