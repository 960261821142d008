"""Figure 48: a person's data are told and erased; what stays is declared; an old copy is erased again."""

import sqlite3
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select, text

from contest import clock
from contest.accounts.models import User
from contest.audit import chain_checks
from contest.db import db
from contest.errors import Conflict, Invalid
from contest.member_services import apply_actions
from contest.member_services.models import CaseFile
from contest.members import data_map, erasing, personal_actions
from contest.members.models import CodeAddress, Erasure
from contest.people.models import Human, PersonAccount
from contest.results import actions as results
from contest.results import verification_queries
from contest.results.models import ResultSheet
from contest.selection import emptying, nomination_rules
from tests import factories
from tests.member_services import walking
from tests.members.conftest import NUMBER

WHY = "本人书面申请"
BOTH = pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)
# Words of which nothing may be left, each as long as nothing else in the database.
TOLD = ("13800138000", "家中三口收入两千五", "zhong@example.org", "补充说明低保证在卷", "诊断内容")


@pytest.fixture
def teller(app):
    """Somebody who told a lot: number, address, account, a case with a file and messages."""
    human = Human(name="钟一", gender="female")
    db.session.add(human)
    db.session.commit()
    return tell(human)


def tell(human):
    keeper = factories.make_official("管理员", "curator")
    personal_actions.enter_number(keeper, human.id, NUMBER, WHY)
    personal_actions.set_address(keeper, human.id, TOLD[2], WHY)
    user = factories.make_user(human.name, login="zhongyi")
    db.session.add(PersonAccount(user_id=user.id, human_id=human.id, linked_at=clock.now()))
    factories.browser_of(db.session.get_bind() and _app(), user)
    case = apply_actions.apply_for(
        walking.officer(), "letterbox",
        walking.form(name=human.name, phone=TOLD[0], topic="safety", words=TOLD[1]),
        door=apply_actions.Door(human_id=human.id),
    )
    db.session.add(CaseFile(
        case_id=case.id, number=1, name="a.pdf", ending="pdf", size=3, sha256="0" * 64,
        content=TOLD[4].encode(), at=clock.now(),
    ))
    apply_actions.write_message(walking.GUEST, case.receipt, TOLD[3])
    db.session.commit()
    return human


def _app():
    from flask import current_app

    return current_app._get_current_object()


def everything_readable():
    """Every value of every row as the program reads it, seals opened."""
    db.session.expire_all()
    found = []
    for table in db.metadata.sorted_tables:
        found += [repr(tuple(row)) for row in db.session.execute(select(table))]
    return "\n".join(found)


def official():
    return factories.make_official("管理员", "curator")


def test_every_table_that_leads_to_a_person_is_on_the_map():
    """CI fails for a table that is not: whoever adds one says how it is told and erased."""
    reached, front = set(), ["human"]
    while front:
        there = front.pop()
        for table in db.metadata.sorted_tables:
            leads = any(key.column.table.name == there for column in table.c for key in column.foreign_keys)
            if leads and table.name not in reached:
                reached.add(table.name)
                front.append(table.name)
    on_map = data_map.data_map()
    assert reached - on_map.keys() == set()
    assert on_map.keys() - set(db.metadata.tables) == set()


def test_the_map_says_something_sensible_of_each():
    for name, entry in data_map.data_map().items():
        assert entry["erase"] in ("delete", "blank", "keep"), name
        assert entry["purpose"] and entry["class"] and entry["term"], name
        assert entry.get("why", "log") in data_map.WHYS, name
        columns = {*entry.get("blank", {}), *entry.get("published_blank", {}), entry["of"]}
        for within in (entry.get("within", {}), entry.get("published_within", {})):
            columns |= within.keys()
        assert columns <= set(data_map.table(name).c.keys()), name
        if entry["erase"] != "delete":
            assert "why" in entry or entry["erase"] == "blank", name
            assert name in data_map.TABLES, name


def test_what_a_nomination_says_is_all_on_the_map():
    """A field that is added to the form is blanked, or said to name nobody."""
    typed = data_map.data_map()["unit_nomination"]
    assert {*typed["within"]["typed"], *emptying.STAYS} == set(nomination_rules.FIELDS)
    assert {"name", *typed["published_within"]["typed"]} == set(typed["within"]["typed"])


@BOTH
def test_nothing_is_left_of_what_was_told(app, teller):
    before = everything_readable()
    assert all(word in before for word in (*TOLD[:4], "钟一")) and db.session.scalar(select(CaseFile.content))

    done = erasing.erase(official(), teller.id, "钟一", WHY)

    after = everything_readable()
    # What the trail and the log say of who acted stays, and is told; names of others stay anyway.
    assert [word for word in TOLD if word in after] == []
    assert db.session.scalar(select(CaseFile.content)) is None
    assert db.session.get(Human, teller.id).name == "–"
    assert db.session.scalar(select(User.is_active).where(User.login.startswith("erased-"))) is False
    told = {one["table"] for one in done.kept}
    assert {"service_case", "case_event", "case_file", "personal_access"} <= told


def test_in_the_raw_file_nothing_is_left_either(app, teller):
    erasing.erase(official(), teller.id, "钟一", WHY)
    db.session.remove()
    db.engine.dispose()
    path = app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///")
    with sqlite3.connect(path) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = Path(path).read_bytes()  # free pages and all: nobody tidies the file up
    assert [word for word in (*TOLD, NUMBER) if word.encode() in data] == []


def test_sqlite_overwrites_what_is_erased_also_where_its_build_would_not(app):
    def as_shipped_elsewhere():
        connection = sqlite3.connect(":memory:")
        connection.execute("PRAGMA secure_delete = OFF")
        return connection

    engine = create_engine("sqlite://", creator=as_shipped_elsewhere)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA secure_delete").scalar() == 1
    engine.dispose()


def test_sessions_end_with_the_account(app, teller):
    user = db.session.scalar(select(User).filter_by(login="zhongyi"))
    browser = factories.browser_of(app, user)
    assert browser.get("/my").status_code == 200
    erasing.erase(official(), teller.id, "钟一", WHY)
    assert browser.get("/my").status_code == 303


@pytest.mark.parametrize(("name", "reason"), [("钟二", WHY), ("", WHY), ("钟一", "短")])
def test_a_slip_erases_nothing(app, teller, name, reason):
    before = everything_readable()
    with pytest.raises(Invalid):
        erasing.erase(official(), teller.id, name, reason)
    assert db.session.get(Human, teller.id).name == "钟一"
    assert db.session.scalar(select(Erasure)) is None
    assert all(word in before for word in TOLD[:4])


def test_whoever_competes_now_is_not_erased(app):
    contest = factories.make_contest()
    entrant = factories.make_entrant(contest, "张三")
    with pytest.raises(Conflict, match="not over"):
        erasing.erase(official(), entrant.human_id, "张三", WHY)


@pytest.fixture
def published(app):
    """A contest with published results; the winner told a lot as well."""
    contest, entrants = factories.make_marked_contest({"张三": ("80", "9.5"), "李四": ("90", "8")})
    results.publish_results(factories.make_official("Petra", "organiser"), contest.id, "provisional")
    contest.state = "final"
    db.session.commit()
    winner = entrants["李四"]
    sheet = db.session.scalar(select(ResultSheet))
    honour = factories.make_honour(contest, factories.make_award(contest, winner, sheet))
    tell(winner.human)
    return contest, winner, honour


def test_published_results_and_honours_stay_and_it_is_told_why(app, published):
    contest, winner, honour = published
    human_id = winner.human_id

    done = erasing.erase(official(), human_id, "李四", WHY)

    after = everything_readable()
    assert [word for word in TOLD if word in after] == []
    human = db.session.get(Human, human_id)
    assert (human.name, human.gender, human.born_on) == ("李四", "", None)
    assert db.session.get(type(honour), honour.id).name == honour.name
    kept = {one["table"]: one["why"] for one in done.kept}
    assert kept["human"] == "name_published" and kept["honour"] == "honoured" and kept["award"] == "won"
    page = factories.browser_of(app, _curator()).get(f"/people/{human_id}").get_data(as_text=True)
    assert "who was honoured stays on record" in page


def _curator():
    user = factories.make_user()
    factories.make_grant(user, "curator")
    return user


def test_chain_and_second_count_still_hold(app, published):
    contest, winner, _ = published
    before = verification_queries.shown(contest.id).fingerprint
    erasing.erase(official(), winner.human_id, "李四", WHY)

    assert chain_checks.check_now(contest.id, "test").is_whole
    assert verification_queries.shown(contest.id).fingerprint == before
    assert verification_queries.count(verification_queries.shown(contest.id)).differences == []


def test_what_a_rule_looks_at_stays_and_is_told(app):
    award = {"key": "young", "name": "青年奖", "to": "entrant", "rule": "count", "count": 1,
             "only": {"most_age": 35, "on": "2026-11-23"}}
    contest = factories.make_contest(factories.plan_document(awards=[award]))
    entrant = factories.make_entrant(contest, "张三")
    entrant.human.born_on, entrant.human.gender = date(2000, 1, 2), "male"
    factories.make_result_sheet(contest)
    contest.state = "final"
    db.session.commit()

    done = erasing.erase(official(), entrant.human_id, "张三", WHY)

    human = db.session.get(Human, entrant.human_id)
    assert (human.born_on, human.gender) == (date(2000, 1, 2), "")
    assert "age" in [one["why"] for one in done.kept]


def test_a_restored_copy_is_erased_again(app, teller, tmp_path):
    """The copy knows nothing of the erasure; the journal beside it does."""
    path = app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///")
    with sqlite3.connect(path) as living, sqlite3.connect(tmp_path / "copy") as copy:
        db.session.rollback()
        living.backup(copy)
    done = erasing.erase(official(), teller.id, "钟一", WHY)
    db.session.remove()
    with sqlite3.connect(tmp_path / "copy") as copy, sqlite3.connect(path) as living:
        copy.backup(living)
    assert TOLD[1] in everything_readable()

    assert erasing.erase_again(official()) == 1

    after = everything_readable()
    assert [word for word in TOLD if word in after] == []
    assert db.session.scalar(select(Erasure.mark)) == done.mark
    assert erasing.erase_again(official()) == 0


def test_the_journal_names_nobody_and_outlives_a_crash(app, teller):
    erasing.erase(official(), teller.id, "钟一", WHY)
    journal = app.config["DATA_FOLDER"] / erasing.JOURNAL
    said = journal.read_text()
    assert "钟一" not in said and WHY not in said
    assert journal.stat().st_mode & 0o077 == 0

    # The disk was full in the middle of a line: the database has it still, so it is written again.
    journal.write_text(said[: len(said) // 2])
    erasing.write_journal()
    assert len(erasing.read_journal()) == 1


@BOTH
@pytest.mark.parametrize("statement", [
    "UPDATE case_event SET words = 'forged'", "UPDATE case_event SET kind = 'x'", "DELETE FROM case_event",
    "UPDATE case_event SET words = '', who = 'x'", "UPDATE personal_erasure SET reason = 'x'",
    "DELETE FROM personal_erasure",
])
def test_what_happened_is_erased_in_words_alone(app, teller, statement):
    db.session.add(Erasure(human_id=1, mark="m", at=clock.now(), who="", reason="", kept=[]))
    db.session.commit()
    with pytest.raises(Exception, match="append-only"):
        db.session.execute(text(statement))
    db.session.rollback()


def test_an_address_that_was_erased_gets_no_code(app, teller):
    erasing.erase(official(), teller.id, "钟一", WHY)
    assert db.session.scalar(select(CodeAddress.human_id)) is None
