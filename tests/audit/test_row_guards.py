"""What the database refuses of a single row, asked past the program by raw SQL on both databases."""

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from contest import clock
from contest.audit import chain_rules
from contest.audit.own_row_guards import GUARDS as OF_THE_CHAIN
from contest.awards import annulment_rules, decision_rules
from contest.awards.certificate_models import Certificate
from contest.awards.row_guards import GUARDS as OF_AWARDS
from contest.checks.row_guards import GUARDS as OF_CHECKS
from contest.db import db
from contest.figures.row_guards import GUARDS as OF_FIGURES
from contest.judging import key_rules
from contest.judging import rules as judging_rules
from contest.judging.key_row_guards import GUARDS as OF_KEYS
from contest.judging.models import Handover
from contest.judging.row_guards import GUARDS as OF_JUDGING
from contest.people import rules as people_rules
from contest.people.row_guards import GUARDS as OF_PEOPLE
from contest.quiz.row_guards import GUARDS as OF_QUIZ
from contest.results.bulletin_models import Bulletin
from contest.results.row_guards import GUARDS as OF_RESULTS
from contest.review import appeal_rules, correction_rules, notice_rules
from contest.review.models import CorrectionSignature
from contest.review.row_guards import GUARDS as OF_REVIEW
from contest.setup import rules as setup_rules
from contest.setup.models import Proposal
from contest.setup.row_guards import GUARDS as OF_SETUP
from contest.theory.row_guards import GUARDS as OF_THEORY
from tests import factories
from tests.audit.test_chain_rows import make_decided, unguarded

BOTH = pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)
GUARDS = {
    rows.table: rows for area in (
        OF_THE_CHAIN, OF_SETUP, OF_PEOPLE, OF_THEORY, OF_FIGURES, OF_QUIZ, OF_JUDGING, OF_RESULTS, OF_CHECKS,
        OF_REVIEW, OF_AWARDS, OF_KEYS,
    ) for rows in area
}
RULES = [(rows.table, rule) for rows in GUARDS.values() for rule in rows.rules]
ELSEWHERE = " is of another contest"
EACH_TABLE = pytest.mark.parametrize("table", GUARDS)
# SQLite alone would keep these where a number or yes and no belong.
LOOSE = ["'x'", "1.5"]
# What breaks a rule, by the rule's words behind the column's name.
BREAKS = {
    "is no known word": ["'mood'", "'DRAFT'"], "is empty": ["''", "'  '"],
    "is no fingerprint": ["'abc'", f"'{'A' * 64}'", f"'{'g' * 64}'", f"'{'0' * 63}'", f"'{'0' * 65}'"],
    "is no object": ["[]", "7", '"text"'], "is no array": ["{}", "7"],
}
NUMBERS = {
    ("paper_sample", "confidence"): ["0", "100"], ("appeal", "instance"): ["0", "3"],
    ("review_addition", "number"): ["1", "-2"], ("penalty", "units"): ["0", "-10000"],
    ("theory_entry", "units"): [], ("sheet_revision", "units"): [], ("recorded_figure", "units"): [],
    ("quiz_entry", "amount"): [], ("chain_link", "micros"): [],
}
FROM_ZERO = {"marks_version", "base_rev", "revision of appeal", "days of notice_change", "votes", "row_id",
             "rev of sheet", "rev of sheet_check"}
# What breaks the rules that are of one table only: other values for some columns of a good row.
OWN = {
    ("plan_version", "approved by the one who proposed it"):
        {"approved_by_id": ":user", "proposed_by_id": ":user", "in_force_at": ":at"},
    ("proposal", "decided by nobody knows whom when"): {"is_confirmed": "TRUE"},
    ("proposal", "confirmed by the one who proposed it"):
        {"is_confirmed": "TRUE", "decided_at": ":at", "decided_by_id": ":user", "proposed_by_id": ":user"},
    ("reopening", "confirmed at no moment"): {"is_confirmed": "TRUE"},
    ("reopening", "confirmed by the one who proposed it"):
        {"is_confirmed": "TRUE", "decided_at": ":at", "decided_by_id": ":user", "proposed_by_id": ":user"},
    ("annulment", "annulled by the one who proposed it"): {"proposed_by_id": ":user", "by_id": ":user"},
    ("state_event", "a module is taken part in or not"): {"module_key": "'risk'", "state": "'withdrawn'"},
    ("theory_entry", "points and state contradict each other"): {"state": "'absent'"},
    ("sheet_revision", "a number without its tablet"): {"device_seq": "3", "device_id": "''"},
    ("penalty", "this penalty cannot be lifted"): {"lifts_id": "id", "units": "units + 1"},
    ("handover", "handed over to the same judge"): {"to_id": "from_id"},
    ("device_ruling", "a word on a key without the key, or a key without one"): {"public": "''"},
    ("stage_opening", "the same stage again"): {"stage": "from_stage"},
    ("signature", "a judge signs for a module, the others for the stage"): {"role": "'supervisor'"},
    ("appeal", "decision and moment contradict each other"): {"outcome": "'upheld'"},
    ("objection", "decision and moment contradict each other"): {"decided_at": ":at"},
}


@pytest.fixture
def scene(app):
    """Ids of a contest with a row in every guarded table, of an empty contest, and of somebody."""
    contest_id, other = make_decided(1), factories.make_contest(slug="other")
    contest = db.session.get(factories.Contest, contest_id)
    user, now = factories.make_user("somebody"), clock.now()
    first, second = factories.make_judge(contest), factories.make_judge(contest)
    factories.make_seat(contest, first, 1)
    row_of = lambda table: db.session.scalar(text(f"SELECT min(id) FROM {table}"))  # noqa: E731
    db.session.add_all([
        Handover(contest_id=contest_id, sheet_id=row_of("sheet"), from_id=first.id, to_id=second.id,
                 kind="substitute", reason="ill", at=now),
        Proposal(contest_id=contest_id, act="reopen", subject="sheet 1", details={}, reason="why",
                 proposed_at=now),
        Bulletin(contest_id=contest_id, result_sheet_id=row_of("result_sheet"), data=b"{}",
                 public=bytes(32), signature=bytes(64), at=now),
        Certificate(contest_id=contest_id, award_id=row_of("award"), number="2026-1", token="a" * 32,
                    name="甲", prize="一等奖", event="竞赛", issuer="总工会", issued_on="2026-11-23",
                    code="code", public=bytes(32), issued_at=now),
        CorrectionSignature(correction_id=row_of("correction"), words="agreed", by_id=user.id, at=now),
    ])
    db.session.commit()
    return {"contest": contest_id, "other": other.id, "user": user.id, "at": "2026-11-23 04:00:00+00:00"}


def columns_of(table):
    """The columns of a table, without the number that the database gives."""
    keys = () if table == "chain_link" else ("id",)
    return [column.name for column in db.metadata.tables[table].c if column.name not in keys]


def try_copy(scene, table, changed):
    """Insert a copy of the table's first row with some columns changed; the refusal's words, or None."""
    names = columns_of(table)
    if "contest_id" in names:
        changed = {"contest_id": ":contest", **changed}
    values = ", ".join(changed.get(name, f'"{name}"') for name in names)
    first = "seq" if table == "chain_link" else "id"
    listed = ", ".join(f'"{name}"' for name in names)
    statement = f"INSERT INTO {table} ({listed}) SELECT {values} FROM {table} ORDER BY {first} LIMIT 1"
    return words_of(statement, scene)


def words_of(statement, scene):
    known = {name: value for name, value in scene.items() if f":{name}" in statement}
    try:
        db.session.execute(text(statement), known)
        db.session.flush()
    except DBAPIError as error:
        return str(error.orig)
    finally:
        db.session.rollback()
    return None


def breaking(table, rule):
    """Ways to break a rule: each {column: value in SQL}."""
    if (table, rule.words) in OWN:
        return [OWN[table, rule.words]]
    column, _, says = rule.words.partition(" ")
    if says in BREAKS:
        kind = db.metadata.tables[table].c
        column = next(one.name for one in kind if one.name == column)
        return [{column: in_sql(says, value)} for value in BREAKS[says]]
    if says == "has another length":
        blob = "'\\x0001'::bytea" if is_postgres() else "x'0001'"
        return [{column: blob.replace(":", "\\:")}]
    if says == "is neither yes nor no":
        return [] if is_postgres() else [{column: value} for value in ("7", *LOOSE)]
    assert says == "is no number in its range", rule.words
    names = {column, f"{column} of {table}"}
    low = NUMBERS.get((table, column), ["-1"] if names & FROM_ZERO else ["0", "-1"])
    return [{column: value} for value in (*low, *([] if is_postgres() else LOOSE))]


def in_sql(says, value):
    if says not in ("is no object", "is no array"):
        return value
    return f"CAST('{value}' AS JSONB)" if is_postgres() else f"'{value}'"


def is_postgres():
    return db.engine.dialect.name == "postgresql"


def own_rules(table):
    """The rules of a table that look at the row alone."""
    return [rule for rule in GUARDS[table].rules if not rule.words.endswith(ELSEWHERE)]


@BOTH
@EACH_TABLE
def test_a_row_that_breaks_a_rule_is_refused(app, scene, table):
    for rule in own_rules(table):
        ways = breaking(table, rule)
        assert ways or is_postgres(), rule
        for changed in ways:
            assert f"{table}: {rule.words}" in (try_copy(scene, table, changed) or "taken"), changed


@BOTH
@pytest.mark.parametrize(("table", "column"), [
    (table, rule.words.split()[0]) for table, rule in RULES if rule.words.endswith(ELSEWHERE)
])
def test_what_a_row_names_is_of_its_own_contest(app, scene, table, column):
    [key] = db.metadata.tables[table].c[column].foreign_keys
    named = key.column.table.name
    one = db.session.scalar(text(f"SELECT min(id) FROM {named}"))
    assert ELSEWHERE not in (try_copy(scene, table, {column: str(one)}) or "")

    # It moves to the other contest, as whoever owns the database could have it.
    unguarded(named)
    moved = "contest_id = :other" + (", number = number + 50" if named == "plan_version" else "")
    db.session.execute(text(f"UPDATE {named} SET {moved} WHERE id = {one}"), {"other": scene["other"]})
    reguarded(named)

    assert f"{table}: {column}{ELSEWHERE}" in (try_copy(scene, table, {column: str(one)}) or "taken")


def reguarded(table):
    if is_postgres():
        db.session.execute(text("SET LOCAL session_replication_role = origin"))
    elif table in GUARDS:
        for statement in GUARDS[table].sqlite:
            db.session.execute(text(statement))


@BOTH
@pytest.mark.parametrize("table", [table for table, rows in GUARDS.items() if rows.changing])
def test_a_row_that_may_change_cannot_be_changed_into_a_wrong_one(app, scene, table):
    tried = 0
    for rule in own_rules(table):
        for changed in breaking(table, rule):
            pairs = ", ".join(f'"{name}" = {value}' for name, value in changed.items())
            words = words_of(f"UPDATE {table} SET {pairs}", scene) or "taken"
            assert f"{table}: {rule.words}" in words or "keeps its module" in words, changed
            tried += 1
    assert tried > 0


@BOTH
@EACH_TABLE
def test_a_row_that_breaks_none_is_taken(app, scene, table):
    """The same copy, unchanged: whatever refuses it, no rule of this file does."""
    assert f"{table}: " not in (try_copy(scene, table, {}) or "")


def test_every_table_that_decides_is_held():
    deciding = {"sheet_revision", *chain_rules.DECIDING, *chain_rules.KEPT}
    assert deciding - GUARDS.keys() == {"team"}  # a team is a name and a unit


def words_allowed(table, column):
    [rule] = [one for one in GUARDS[table].rules if one.words == f"{column} is no known word"]
    return set(rule.sqlite.split("NOT IN (")[1].rstrip(")").replace("'", "").split(", "))


@pytest.mark.parametrize(("table", "column", "known"), [
    ("contest", "state", setup_rules.STATES), ("sheet", "state", judging_rules.SHEET_STATES),
    ("state_event", "state", people_rules.ENTRANT_STATES),
    ("device_ruling", "kind", {key_rules.ASK, key_rules.ASK_NO_MORE, key_rules.ADMIT, key_rules.WITHDRAW}),
    ("appeal", "ground", appeal_rules.GROUNDS), ("appeal", "door", appeal_rules.DOORS),
    ("appeal", "outcome", {"", *appeal_rules.OUTCOMES}),
    ("objection", "outcome", {"", *notice_rules.OUTCOMES}),
    ("correction", "kind", correction_rules.KINDS), ("annulment", "kind", annulment_rules.KINDS),
    ("committee_decision", "kind", decision_rules.KINDS),
])
def test_the_database_knows_the_words_that_the_program_knows(table, column, known):
    assert words_allowed(table, column) == set(known)


@BOTH
def test_tables_of_the_last_release_keep_their_rows_and_refuse_wrong_new_ones(app, scene):
    db.session.remove()
    downgrade(revision="0057_teams_and_phones")
    for changed in ({"units": "-7"}, {"scope": "''"}):
        assert try_copy(scene, "penalty", changed) is None  # taken by the last release
    names = ", ".join(columns_of("penalty"))
    wrong = names.replace("units", "-7")
    db.session.execute(text(f"INSERT INTO penalty ({names}) SELECT {wrong} FROM penalty"))
    db.session.commit()
    before = {table: count(table) for table in GUARDS}
    db.session.remove()

    upgrade()

    assert {table: count(table) for table in GUARDS} == before
    assert db.session.scalar(text("SELECT units FROM penalty ORDER BY id DESC LIMIT 1")) == -7
    assert "units is no number in its range" in try_copy(scene, "penalty", {"units": "-7"})


def count(table):
    return db.session.scalar(text(f"SELECT count(*) FROM {table}"))


def found_guards():
    if is_postgres():
        return set(db.session.scalars(text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")))
    return set(db.session.scalars(text("SELECT sql FROM sqlite_master WHERE type = 'trigger'")))


@BOTH
@pytest.mark.parametrize("back", ["", "0055_head_witnesses", "0001"])
def test_no_migration_loses_a_guard(app, back):
    """A table that SQLite copies for a new column comes without its triggers."""
    if back:
        db.session.remove()
        downgrade(revision=back)
        if back != "0001":
            assert not found_guards() & expected_guards()
        db.session.remove()
        upgrade()

    assert expected_guards() - found_guards() == set()


def expected_guards():
    if is_postgres():
        return {rows.trigger for rows in GUARDS.values()}
    return {statement for rows in GUARDS.values() for statement in rows.sqlite}
