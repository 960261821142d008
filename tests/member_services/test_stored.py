"""What the database holds to: histories never change, no place is given twice, old applications go on."""


import pytest
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import DBAPIError

from contest import signals
from contest.audit.work import work
from contest.db import db
from contest.errors import Conflict, Invalid
from contest.member_services import case_actions, case_queries, entitlement_queries
from contest.member_services.catalogue_queries import service_of
from contest.member_services.models import Case, CaseFile
from tests import factories
from tests.member_services.test_s02_hardship import FAMILY
from tests.member_services.test_s08_counselling import TALK, slot
from tests.member_services.test_s12_welfare import budget, member
from tests.member_services.test_s19_allowance import granted, told
from tests.member_services.walking import GUEST, PDF, act, apply, at_once, form, officer, person

BOTH = pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)


@BOTH
@pytest.mark.parametrize("statement", [
    "UPDATE case_event SET words = 'x'", "DELETE FROM case_event", "DELETE FROM case_file",
    "UPDATE case_file SET content = name::bytea", "UPDATE case_file SET sha256 = 'x'",
    "UPDATE service_version SET number = 9", "DELETE FROM entitlement_event",
])
def test_history_files_and_versions_never_change(app, statement):
    human = person("李四")
    apply("hardship", human, files=[("proof", "证明.pdf", PDF)], **FAMILY)
    told(human, "", "技师")
    if db.engine.dialect.name == "sqlite":
        statement = statement.replace("name::bytea", "x'00'")

    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(text(statement))


@BOTH
def test_what_a_person_typed_is_erased_on_request_and_the_books_stay(app):
    human = person("李四")
    case = apply("hardship", human, files=[("proof", "证明.pdf", PDF)], words="家中有病人", **FAMILY)
    data = {}
    with work(GUEST, "registry.tell", subject="person"):
        signals.person_told.send("registry.tell", human_id=human.id, data=data, reader_id=None)
    assert data["services"][0]["answers"]["household"][0]["income"] == 420_000

    with work(GUEST, "registry.erase", subject="person"):
        signals.person_erased.send("registry.erase", human_id=human.id, data={})

    db.session.expire_all()
    assert (case.name, case.phone, case.words, case.answers) == ("–", "–", "", {})
    assert db.session.scalars(select(CaseFile.content)).all() == [None]
    assert case.receipt and case.state == "applied"


@BOTH
def test_two_rows_of_one_person_become_one_and_so_do_their_cases(app):
    keep, gone = person("李四", member=True), person("李四")
    case = apply("hardship", gone, **FAMILY)
    told(gone, "", "技师")
    moved = {}
    with work(GUEST, "registry.merge", subject="person"):
        signals.people_merged.send("registry.merge", keep_id=keep.id, gone_id=gone.id, moved=moved)
    db.session.expire_all()
    assert case.human_id == keep.id
    assert moved["service_case"] == [case.id]
    assert [one.level for one in entitlement_queries.levels_of(keep.id)] == ["技师"]
    assert "skill_allowance" in entitlement_queries.held_keys(keep.id)


@BOTH
def test_of_eight_who_book_the_last_place_one_gets_it(app):
    from tests.member_services.test_s09_stations import make_station

    desk = officer()
    one = slot(desk, make_station(desk)).id
    apply("counselling", slot_id=slot(desk, None).id, **TALK)  # the version of the entry is kept by now

    found = at_once(app, [
        lambda n=n: apply("counselling", name=f"会员{n}", slot_id=one, **TALK).id for n in range(8)
    ])

    assert sum(isinstance(each, int) for each in found) == 1
    assert sum(isinstance(each, Invalid) for each in found) == 7
    db.session.rollback()
    assert db.session.query(Case).filter_by(slot_id=one).count() == 1


@BOTH
def test_of_two_officers_who_move_a_case_at_once_one_does(app):
    desk = officer()
    case = apply("six_services", kind="health", words="体检")
    case_id, seen = case.id, case.revision
    db.session.rollback()

    found = at_once(app, [
        lambda what=what: case_actions.move_case(desk, case_id, seen, what, form(words="请补充")).state
        for what in ("accept", "return", "accept", "return")
    ])

    assert sum(isinstance(each, str) for each in found) == 1
    assert sum(isinstance(each, Conflict) for each in found) == 3
    db.session.rollback()
    assert len(case_queries.history(case_queries.get_case(case_id), True)) == 2  # applied, and one move


@BOTH
def test_a_units_budget_is_never_spent_twice(app):
    desk, unit = officer(), factories.make_organisation()
    budget(unit, "1000", "1000")
    cases = [apply("welfare", member(unit, f"会员{n}"), items=["health_check"]) for n in range(4)]
    for case in cases:
        act(desk, case, "accept")
    ids = [(case.id, case.revision) for case in cases]
    db.session.rollback()

    found = at_once(app, [
        lambda pair=pair: case_actions.move_case(desk, *pair, "decide", form()).amount for pair in ids
    ])

    assert sorted(str(type(each).__name__) for each in found) == ["Conflict"] * 3 + ["int"]
    db.session.rollback()
    assert case_queries.budget_of("welfare", unit.id, 2026).granted == 60_000


def before_0030(app):
    """The revision before that of the member services."""
    scripts = ScriptDirectory.from_config(app.extensions["migrate"].migrate.get_config())
    return scripts.get_revision("0026_member_services").down_revision


@BOTH
def test_applications_of_the_last_release_become_cases_and_their_codes_go_on(app):
    honour, human = granted(is_title=True)
    human_id, honour_id, name = human.id, honour.id, human.name
    clerk = factories.make_user("段专员").id
    db.session.remove()
    downgrade(revision=before_0030(app))
    rows = (
        ("A" * 16, "skill_allowance", honour_id, name, "applied", "", None),
        ("B" * 16, "green_lane", None, "王五", "accepted", "请带身份证", "2026-11-20 02:00:00"),
        ("C" * 16, "training_course", None, "赵六", "declined", "名额已满", "2026-11-20 02:00:00"),
        ("D" * 16, "skill_allowance", None, "孙七", "done", "已发放", "2026-11-20 02:00:00"),
    )
    for receipt, key, honour_of, who, state, answer, answered_at in rows:
        db.session.execute(text(
            "INSERT INTO application (service_key, receipt, honour_id, name, phone, words, answers, state, "
            "answer, at, answered_at, answered_by_id) VALUES (:key, :receipt, :honour, :name, '13800138000', "
            "'请快', '{\"unit\": \"苍岭水泥\", \"since\": \"2019-05\"}', :state, :answer, "
            "'2026-11-19 02:00:00', :answered_at, :by)"
        ), {"key": key, "receipt": receipt, "honour": honour_of, "name": who, "state": state,
            "answer": answer,
            "answered_at": answered_at, "by": clerk if answered_at else None})
    db.session.commit()
    db.session.remove()

    upgrade()

    assert "application" not in inspect(db.engine).get_table_names()
    found = [case_queries.get_by_receipt(row[0]) for row in rows]
    assert [one.state for one in found] == ["applied", "accepted", "refused", "done"]
    assert [one.step_key for one in found] == ["step_1", "step_2", "", ""]
    assert [one.due_at is not None for one in found] == [True, True, False, False]
    assert (found[0].human_id, found[1].human_id) == (human_id, None)
    steps = [one.name for one in service_of(found[1].version).steps]
    assert steps == ["首问受理", "代办员联系", "办结并回访"]
    lines = [(one.kind, one.who, one.words) for one in case_queries.history(found[2], False)]
    assert lines == [("applied", "public form", "请快"), ("refused", "段专员", "名额已满")]
    desk = officer()
    for what in ("step", "step"):
        act(desk, found[1], what)
    assert found[1].state == "done"
    fresh = apply("skill_allowance", unit="苍岭水泥", since="2019-05")
    assert fresh.version_id != found[0].version_id  # a new case has the new entry
    db.session.remove()

    downgrade(revision=before_0030(app))
    back = db.session.execute(text("SELECT receipt, state, answer FROM application ORDER BY id")).all()
    assert [tuple(row) for row in back][:4] == [
        ("A" * 16, "applied", ""), ("B" * 16, "done", "请带身份证"), ("C" * 16, "declined", "名额已满"),
        ("D" * 16, "done", "已发放"),
    ]
    db.session.remove()
    upgrade()
