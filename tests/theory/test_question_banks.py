"""C13: 547 question banks of 183 trades as a catalogue, and which one a paper was drawn from."""

import hashlib
from datetime import date
from io import BytesIO

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from contest.audit.models import TrailRow
from contest.audit.work import Actor
from contest.awards import actions as awards
from contest.db import db
from contest.documents import Column, Table, as_xlsx
from contest.errors import Conflict, Invalid, Missing
from contest.registry import actions as registry
from contest.registry.models import Craftsman
from contest.registry.queries import waiting_awards
from contest.results import actions as results
from contest.theory import bank_actions, bank_queries, bank_rules
from contest.theory.bank_models import ModuleBank, QuestionBank
from contest.theory.bank_queries import BankSearch
from tests import factories
from tests.awards.test_many_trades import PLAN, TRADES
from tests.kept_scenes import kept

BOTH = pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)
KEEPER = Actor(None, "保管员")
GRADES = ("初级工", "中级工", "高级工", "技师", "高级技师")
HEADERS = ("工种", "等级", "题库", "版本", "题量", "启用日期", "停用日期", "保管人", "SHA-256")


def sha(text):
    return hashlib.sha256(text.encode()).hexdigest()


def lines(count=547):
    """So many banks over 183 trades: three a trade but for the last two."""
    return [
        [TRADES[at % 183], GRADES[at // 183], f"{TRADES[at % 183]}题库", "2026版", str(800 + at % 7),
         "2026-01-01", "", "技能鉴定中心", sha(f"bank {at}")] for at in range(count)
    ]


def book(rows):
    """The list as an office sends it."""
    columns = tuple(Column(f"c{at}", name) for at, name in enumerate(HEADERS))
    return as_xlsx(Table("题库", columns, tuple(
        {f"c{at}": cell for at, cell in enumerate(row)} for row in rows
    )))


def take(rows, name="题库.xlsx"):
    return bank_actions.import_banks(KEEPER, book(rows), name)


def test_547_banks_of_183_trades_come_in_at_one_go_and_again_without_a_change(app):
    rows = lines()
    assert take(rows) == {"new": 547, "changed": 0, "unchanged": 0}

    assert len(bank_queries.trades()) == 183
    assert sum(bank_queries.trades().values()) == 547
    assert list(bank_queries.banks_of_trade(TRADES[0])) == ["junior", "intermediate", "senior"]
    assert take(rows) == {"new": 0, "changed": 0, "unchanged": 547}
    trail = db.session.query(TrailRow).filter_by(did="banks.import").all()
    assert [row.facts["new"] for row in trail] == [547, 0]


def test_one_wrong_line_keeps_all_of_them_out_and_each_wrong_line_is_told(app):
    rows = lines()
    rows[3][8] = "abc"
    rows[10][6] = "2025-12-31"
    rows[20][1] = "大师"
    rows[30][4] = "0"
    rows[546] = rows[0][:]
    with pytest.raises(bank_rules.BadBanks) as refused:
        take(rows)
    told = {one.row - 1: one.message for one in refused.value.problems if one.kind == "bad"}
    first = min(told)
    assert {at - first for at in told} == {0, 7, 17, 27, 543}
    assert "64 digits" in told[first] and "before it begins" in told[first + 7]
    assert db.session.query(QuestionBank).count() == 0


def test_a_version_on_record_gets_other_days_but_never_other_questions(app):
    take(lines(2))
    rows = lines(2)
    rows[0][6], rows[1][7] = "2026-12-31", "培训中心"
    assert take(rows) == {"new": 0, "changed": 2, "unchanged": 0}
    kept = bank_queries.on_record()[TRADES[0], "junior", f"{TRADES[0]}题库", "2026版"]
    assert kept.until_on == date(2026, 12, 31)

    rows[0][8] = sha("others")
    with pytest.raises(bank_rules.BadBanks) as refused:
        take(rows)
    assert "another version" in refused.value.problems[0].message
    rows[0][3] = "2027版"
    assert take(rows) == {"new": 1, "changed": 0, "unchanged": 1}


@BOTH
def test_of_two_lists_at_once_the_second_is_refused_with_a_sentence(app, as_role, monkeypatch):
    take(lines(2))
    rows = [*lines(3)[2:], *lines(2)]
    monkeypatch.setattr(bank_queries, "on_record", dict)  # as whoever read before the first was stored
    with pytest.raises(Conflict, match="at the same moment"):
        take(rows)

    page = as_role("curator").post("/question-banks", data={"file": (BytesIO(book(rows)), "题库.xlsx")})

    assert page.status_code == 409 and "at the same moment" in page.text
    assert db.session.query(QuestionBank).count() == 2


@pytest.mark.parametrize(("search", "count"), [
    (BankSearch(), 547), (BankSearch(words="工种077"), 3), (BankSearch(grade="senior"), 181),
    (BankSearch(trade="工种183"), 2), (BankSearch(words="100%"), 0), (BankSearch(sha256=sha("bank 5")), 1),
    (BankSearch(day=date(2025, 12, 31)), 0), (BankSearch(day=date(2026, 1, 1)), 547),
])
def test_banks_are_found_by_words_trade_grade_fingerprint_and_day(app, search, count):
    take(lines())
    assert bank_queries.find_banks(search)[1] == count


def test_the_pages_show_the_catalogue_and_the_page_of_a_trade_to_its_keepers_alone(app, as_role):
    take(lines())
    browser = as_role("curator")
    page = browser.get("/question-banks?words=工种077").text
    assert page.count("工种077题库") == 3
    assert "Next page" in browser.get("/question-banks?page=2").text
    assert browser.get("/question-banks?sha256=xyz").status_code == 422
    trade = browser.get("/question-banks/trade?trade=工种077").text
    assert "2026版" in trade and trade.count("<h2>") == 3
    assert browser.get("/question-banks/trade?trade=无").status_code == 404
    rows = lines(3)
    rows[1][8] = "abc"
    bad = browser.post("/question-banks", data={"file": (BytesIO(book(rows)), "题库.xlsx")})
    assert bad.status_code == 422 and "64 digits" in bad.text
    rows[1][8], rows[1][3] = sha("x"), "2028版"
    good = browser.post("/question-banks", data={"file": (BytesIO(book(rows)), "题库.xlsx")})
    assert good.status_code == 303 and db.session.query(QuestionBank).count() == 548
    assert as_role("judge").get("/question-banks").status_code == 403


@kept
def contest_of_trades():
    take(lines())
    made = factories.make_contest(factories.plan_document(**PLAN), slug="trades", name="油田技能竞赛")
    unit = factories.make_organisation("采油一厂")
    for at, trade in enumerate(TRADES[:2]):
        entrant = factories.make_entrant(
            made, f"{trade}选手", unit, number=f"{at:03d}", group=trade, trade=trade
        )
        factories.make_theory(made, entrant, str(90 - at))
    return made


@pytest.fixture
def contest(app):
    return contest_of_trades()


def bank(trade, grade="senior"):
    return bank_queries.banks_of_trade(trade)[grade][0]


def test_a_module_names_its_banks_and_the_trail_keeps_their_fingerprints(contest):
    offered = bank_queries.candidates(contest.id, "paper", date(2026, 11, 1))
    assert len(offered) == 6  # three grades of the two trades that take part

    chosen = [bank(trade).id for trade in TRADES[:2]]
    assert bank_actions.name_banks(KEEPER, contest.id, "paper", chosen) == 2
    assert bank_actions.name_banks(KEEPER, contest.id, "paper", chosen) == 0
    assert bank_actions.name_banks(KEEPER, contest.id, "paper", chosen[:1]) == 1
    assert [one.id for one in bank_queries.drawn(contest.id)["paper"]] == chosen[:1]
    assert db.session.query(ModuleBank).count() == 3  # nothing is forgotten
    rows = db.session.query(TrailRow).filter_by(did="banks.name").all()
    assert bank(TRADES[1]).sha256 in rows[1].facts["taken_back"][0]


def test_only_known_banks_of_known_modules_are_named_and_not_once_the_results_are_final(contest):
    with pytest.raises(Invalid):
        bank_actions.name_banks(KEEPER, contest.id, "paper", [9999])
    with pytest.raises(Missing):
        bank_actions.name_banks(KEEPER, contest.id, "other", [])
    contest.state = "final"
    db.session.commit()
    with pytest.raises(Conflict, match="final"):
        bank_actions.name_banks(KEEPER, contest.id, "paper", [bank(TRADES[0]).id])


def test_the_published_record_behind_an_honour_names_the_bank_of_the_trade_and_no_question(app, contest):
    bank_actions.name_banks(KEEPER, contest.id, "paper", [bank(trade).id for trade in TRADES[:2]])
    one, two = (factories.make_official(name, "organiser") for name in ("Petra", "Milan"))
    results.publish_results(one, contest.id, "provisional")
    results.publish_results(two, contest.id, "final")
    awards.grant_awards(one, contest.id)
    [(_, waiting)] = waiting_awards()
    first = next(row for row in waiting if row.award_key == "first")
    registry.confirm_honours(one, contest.id, [first.id], "油田工会", "1号", "2026-11-20", True)
    craftsman = db.session.query(Craftsman).one()

    page = app.test_client().get(f"/register/{craftsman.token}/evidence/{craftsman.honours[0].id}").text

    assert f"{TRADES[0]}题库" in page and bank(TRADES[0]).sha256 in page and "2026版" in page
    assert f"{TRADES[1]}题库" not in page


def test_the_page_of_a_module_names_banks(contest, as_role):
    browser = as_role("clerk", contest)
    address = f"/contests/{contest.id}/theory/paper/banks"
    assert browser.get(address).text.count('name="bank"') == 6
    assert browser.post(address, data={"bank": [str(bank(TRADES[0]).id)]}).status_code == 303
    assert browser.get(address).text.count(" checked") == 1
    assert f"{TRADES[0]}题库" in browser.get(f"/contests/{contest.id}/theory").text
    assert browser.post(address, data={"bank": ["9999"]}).status_code == 422
    reader = as_role("supervisor", contest)
    assert 'name="bank"' not in reader.get(address).text and reader.post(address).status_code == 403


def make_final(contest_id):
    """From another connection, as another worker publishes; True when it got through."""
    engine = create_engine(db.engine.url)
    wait = "SET lock_timeout = 200" if engine.dialect.name == "postgresql" else "PRAGMA busy_timeout = 0"
    try:
        with engine.connect() as connection:
            connection.execute(text(wait))
            connection.execute(text("UPDATE contest SET state = 'final' WHERE id = :id"), {"id": contest_id})
            connection.commit()
    except OperationalError:
        return False
    finally:
        engine.dispose()
    return True


@BOTH
def test_nobody_publishes_while_banks_are_named(app, contest, monkeypatch):
    contest_id, bank_id, got_through = contest.id, bank(TRADES[0]).id, []
    db.session.rollback()
    check = bank_rules.check_open

    def then_publish(row):
        check(row)
        got_through.append(make_final(contest_id))

    monkeypatch.setattr(bank_rules, "check_open", then_publish)

    assert bank_actions.name_banks(KEEPER, contest_id, "paper", [bank_id]) == 1
    assert got_through == [False]


@pytest.mark.parametrize("app", ["postgres"], indirect=True)
def test_what_was_read_of_the_contest_before_does_not_count(app, contest):
    contest_id, bank_id = contest.id, bank(TRADES[0]).id
    assert contest.state != "final" and make_final(contest_id)

    with pytest.raises(Conflict, match="final"):
        bank_actions.name_banks(KEEPER, contest_id, "paper", [bank_id])
    assert db.session.query(ModuleBank).count() == 0
