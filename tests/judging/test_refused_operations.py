"""What the server does not take is kept for the chief judge; one id and one number stand for one thing."""

import json

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from contest.accounts.models import User
from contest.db import db
from contest.judging import refused_actions, refused_queries
from contest.judging.mark_words import mark_words
from contest.judging.models import SheetRevision
from contest.judging.queries import module_of
from contest.judging.rules import on_seat
from contest.judging.sheet_rules import form_hash
from contest.judging.tablet_models import RefusedOperation, SheetFlag
from contest.results import queries as results
from contest.scoring.scheme import Aspect, Grade, Item, Level, Reason
from contest.setup.queries import plan_in_force
from tests import factories
from tests.judging.panels import RISK, make_panel, mark, swap_reasons
from tests.judging.tablets import beat, carry, file_of, made, report, send


@pytest.fixture
def panel(app):
    return make_panel()


@pytest.fixture
def tablet(app, panel):
    return factories.browser_of(app, db.session.get(User, panel.judges[0].user_id))


@pytest.fixture
def chief(as_role, panel):
    return as_role("chief_judge", panel.contest)


def kept():
    return [(row.kind, row.code, json.loads(row.body).get("marks")) for row in
            db.session.query(RefusedOperation).order_by(RefusedOperation.id)]


def counts():
    return db.session.query(SheetRevision).count(), db.session.query(SheetFlag).count()


def test_the_id_of_an_operation_is_no_report_s_and_the_other_way_round(tablet, panel):
    sheet_id, body = panel.sheet().id, made(1)
    assert send(tablet, sheet_id, body).status_code == 200

    answer = report(tablet, sheet_id, op_id=body["op_id"], device_seq=2)

    assert answer.status_code == 422
    assert "already sent" in answer.json["error"]["message"]
    assert report(tablet, sheet_id, op_id="5b0e7f7e-9c1c-4b43-9d0f-0d6f7c0f4f11").status_code == 200
    other = made(3, 1, op_id="5b0e7f7e-9c1c-4b43-9d0f-0d6f7c0f4f11")
    assert send(tablet, sheet_id, other).status_code == 422
    assert counts() == (1, 1)


def test_one_order_number_stands_for_one_thing(tablet, panel):
    sheet_id, body = panel.sheet().id, made(1)
    assert send(tablet, sheet_id, body).status_code == 200

    for answer in (
        send(tablet, sheet_id, made(1, 1, marks={"A1": "4"})),
        send(tablet, panel.sheet(1).id, made(1)),
        report(tablet, sheet_id, device_seq=1),
    ):
        assert answer.status_code == 422
        assert "order number" in answer.json["error"]["message"]
    assert report(tablet, sheet_id, device_seq=2).status_code == 200
    assert send(tablet, sheet_id, made(2, 1)).status_code == 422
    assert counts() == (1, 1)
    assert send(tablet, sheet_id, body).json["replayed"] is True
    assert send(tablet, sheet_id, made(1, 1, device_id="f" * 32)).status_code == 200
    unnumbered = [made(1, n, device_id="", device_seq=None) for n in (2, 3)]
    assert [send(tablet, sheet_id, one).status_code for one in unnumbered] == [200, 200]


def test_the_database_itself_holds_one_number_to_one_row(tablet, panel):
    send(tablet, panel.sheet().id, made(1))
    with pytest.raises(DBAPIError):
        db.session.execute(text(
            "INSERT INTO sheet_revision (contest_id, sheet_id, op_id, fingerprint, rev, base_rev, kind, "
            "marks, plan_version_id, reason, device, device_id, device_seq, at) SELECT contest_id, "
            "sheet_id, 'other', '', 2, 1, kind, marks, plan_version_id, reason, device, device_id, "
            "device_seq, at FROM sheet_revision"
        ))


def test_a_refused_and_a_conflicting_operation_are_kept_with_their_values(tablet, chief, panel):
    sheet_id = panel.sheet().id
    send(tablet, sheet_id, made(1, marks={"A1": "9"}))
    bad, late = made(2, 1, marks={"A1": "77"}), made(3, 0, marks={"A1": "3.5"})

    assert [send(tablet, sheet_id, one).status_code for one in (bad, bad, late)] == [422, 422, 409]

    assert kept() == [("draft", "invalid", {"A1": "77"}), ("draft", "conflict", {"A1": "3.5"})]
    page = chief.get(f"/contests/{panel.contest.id}/chief/tablets").text
    assert "Sent and not taken: 2" in page
    assert "3.5" in page and "701 · Risk" in page and panel.judges[0].name in page
    for entrant in panel.entrants:
        assert entrant.human.name not in page
        assert all(entrant.human.name not in row.body for row in db.session.query(RefusedOperation))


def test_a_closed_sheet_and_a_report_without_words_leave_a_copy_too(tablet, panel):
    mark(panel, RISK)
    sheet_id = panel.sheet().id

    assert send(tablet, sheet_id, made(1, 1, marks={"A1": "2"})).status_code == 423
    assert report(tablet, sheet_id, reason="other", text="").status_code == 422

    assert [(kind, code) for kind, code, _ in kept()] == [("draft", "closed"), ("flag", "invalid")]


def test_what_is_stored_or_is_another_judge_s_leaves_none(tablet, panel):
    send(tablet, panel.sheet().id, made(1))
    send(tablet, panel.sheet().id, made(2, 1, "submit", RISK))
    assert send(tablet, panel.sheet(seat=2).id, made(3)).status_code == 403

    assert kept() == []


def test_no_judge_fills_the_disk(tablet, panel, monkeypatch):
    monkeypatch.setattr(refused_actions, "MOST_OF_A_SHEET", 3)
    for number in range(1, 6):
        send(tablet, panel.sheet().id, made(number, marks={"A1": str(70 + number)}))

    assert len(kept()) == 3


def test_it_counts_nowhere_and_nothing_changes_it(tablet, panel):
    mark(panel, RISK)
    mark(panel, RISK, seat=2)
    before = [(row.number, row.total) for row in results.standings(panel.contest.id).rows]
    send(tablet, panel.sheet().id, made(1, 1, marks={"A1": "2"}))

    assert [(row.number, row.total) for row in results.standings(panel.contest.id).rows] == before
    assert len(kept()) == 1
    db.session.commit()
    for statement in ("UPDATE refused_operation SET body = ''", "DELETE FROM refused_operation"):
        with pytest.raises(DBAPIError):
            db.session.execute(text(statement))
        db.session.rollback()


def test_what_a_file_brings_and_is_refused_is_kept_as_well(tablet, chief, panel):
    beat(tablet)
    carry(chief, panel, file_of(panel, (panel.sheet().id, made(1, marks={"A1": "99"}))))

    assert kept() == [("draft", "invalid", {"A1": "99"})]


def told(panel):
    """[(name, mark, why)] of each operation that was not taken, newest first, in English."""
    return [
        [(english(one.name), english(one.mark), one.why and one.why["message"] % one.why["params"])
         for one in line.values]
        for line in refused_queries.refused_of(panel.contest.id, None)
    ]


def english(words):
    return getattr(words, "english", words)


def test_every_mark_is_told_in_words_with_its_own_reason(tablet, chief, panel):
    sheet_id = panel.sheet(module="drill").id
    marks = {"A1": "77", "A2": {"0": 9, "1": 1}, "A3": [True, None], "A4": 2, "A5": "350"}
    send(tablet, sheet_id, made(1, marks=marks))

    [line] = told(panel)

    names = {name: (mark, why) for name, mark, why in line}
    assert names["Drill · A1 Talk"][0] == "77"
    assert "between 0 and 20" in names["Drill · A1 Talk"][1]
    assert names["Drill · A2 Moves"][0] == "Step left out × 9, Wrong order × 1"
    assert names["Drill · A2 Moves"][1]
    assert [names[f"Drill · {rest}"] for rest in ("A3 Check", "A4 Teamwork", "A5 Time")] == [
        ("Helmet ✓, Belt –", None), ("Exceeds (2)", None), ("350 s", None),
    ]
    page = chief.get(f"/contests/{panel.contest.id}/chief/tablets").text
    assert "Step left out × 9" in page and "between 0 and 20" in page
    assert '{"0"' not in page.replace("&#34;", '"')


def test_marks_of_an_older_form_are_told_by_that_form(tablet, panel):
    sheet = panel.sheet(module="drill")
    typed = form_hash(on_seat(module_of(plan_in_force(panel.contest.id), "drill"), 1))
    swap_reasons(panel.contest)
    send(tablet, sheet.id, made(1, marks={"A2": {"0": 2}}, rules=typed))
    send(tablet, sheet.id, made(2, marks={"A2": {"0": 2}}, rules="0" * 32))
    send(tablet, sheet.id, made(3, 5, marks={"A2": {"0": 2}}))

    assert [line[0][:2] for line in told(panel)] == [
        ("Drill · A2 Moves", "Wrong order × 2"), ("A2", '{"0": 2}'),
        ("Drill · A2 Moves", "Step left out × 2"),
    ]


def test_what_is_missing_is_named_and_a_report_is_told_in_its_words(tablet, panel):
    send(tablet, panel.sheet().id, made(1, kind="submit", marks={"A1": "9"}))
    report(tablet, panel.sheet().id, reason="other", text="", device_seq=2)

    [said, missing] = told(panel)

    assert said == [("", "Something else", None)]
    assert [(mark, why) for _, mark, why in missing] == [("9", None), ("Not yet marked", "Not yet marked.")]


@pytest.mark.parametrize(("kind", "value", "said"), [
    ("points", ["9", "x", None], "9 · × · –"), ("points", True, "true"), ("points", None, "Not yet marked"),
    ("deductions", {}, "Nothing to deduct"), ("deductions", {"7": 1}, '{"7": 1}'),
    ("deductions", "2", "2"), ("checklist", [True], "✓"), ("judgement", "9", "9"), ("grade", "B", "Good (B)"),
    ("grade", "Z", "Z"), (None, {"0": 1}, '{"0": 1}'),
])
def test_what_is_no_mark_is_told_as_it_came(kind, value, said):
    aspect = kind and Aspect(
        "A1", "讲解", kind, 10, reasons=(Reason("漏", 1, "Left out"),),
        items=(Item("帽", 1, "Helmet"), Item("带", 1, "Belt")), levels=(Level("合格", "Meets"),) * 4,
        grades=(Grade("B", "良好", 1, "Good"),),
    )
    words = mark_words(aspect, value)
    assert english(words) == said
