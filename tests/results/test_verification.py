"""The second scorer before anything is published: agreement is kept, a difference is named and stops it."""

import hashlib
import io
import subprocess
import zipfile
from dataclasses import replace

import pytest
from flask_babel import force_locale
from sqlalchemy import select

from contest import pages
from contest.audit.models import TrailRow
from contest.db import db
from contest.errors import Conflict
from contest.results import actions, queries, reckoning, second_scorer, verification_queries
from contest.results.ledger_queries import FILES, ledger_of
from contest.results.models import ResultSheet
from tests import factories
from tests.judging.panels import hold_draw, open_codes
from tests.results.scenes import make_scene
from tests.results.test_actions import actors, strict_plan, trail, two_stages

RULES = {
    "rounding": {"places": 2, "mode": "half_up", "steps": ["module", "part", "stage"], "compare": "rounded"},
    "ranking": {"shared": True, "ties": [{"by": "data", "key": "draw", "order": "low"}]},
    "teams": {"method": "sum", "size": 3},
    "organisations": {"points": [{"award": "first", "points": "3"}]},
}


def rich_scene():
    """Teams, an organisation table, a penalty, an absence, a struck-out judge, a recorded number."""
    scene = make_scene(5, factories.plan_document(**RULES), teams=("甲队", "乙队")).finish()
    scene.penalty(1, 2)
    lifted = scene.penalty(2, 3)
    scene.penalty(2, 3, lifts=lifted.id)
    scene.state(4, "withdrawn")
    scene.state(3, "absent", "risk")
    scene.write(0, 2, "reopen")
    scene.write(0, 2, "excuse")
    scene.record(0, "data", "draw", 30_000)
    scene.record(0, "data", "draw", 20_000)
    return scene


def test_the_ledger_says_what_the_tables_say(app):
    scene = rich_scene()

    ledger = ledger_of(scene.contest.id, "final")

    assert [line for line in ledger.marks if line[0] == "A001"] == [
        ("A001", "paper", "", "60", "", ""),
        ("A001", "risk.A1", "seat 1", "2.0", "", ""), ("A001", "risk.A2", "seat 1", "0", "", ""),
        ("A001", "risk", "seat 2", "", "", "excused"),
    ]
    assert [line for line in ledger.marks if line[1] in ("", "risk", "risk.penalty")] == [
        ("A005", "", "", "", "", "withdrawn"), ("A004", "risk", "", "", "", "absent"),
        ("A001", "risk", "seat 2", "", "", "excused"), ("A002", "risk.penalty", "", "2", "", ""),
    ]
    assert ledger.entrants[0] | {"organisation": ""} == {
        "code": "A001", "group": "", "team": "甲队", "organisation": "", "room": "",
        "person": str(scene.entrants[0].human_id), "gender": "", "birth_date": "",
        "employment": "", "titles": "", "draw": "2",
    }


def test_what_is_not_handed_in_is_not_in_the_ledger(app):
    scene = make_scene(2)
    scene.write(0, 1, "draft", {"A1": "5"})
    scene.submit(0, 2, 5)
    scene.write(0, 2, "reopen", {"A1": "5", "A2": {}})
    scene.write(0, 2, "draft", {"A1": "6"})
    scene.write(1, 1, "submit", {"A1": "5", "gone": "3"})
    scene.theory(0, 70)
    scene.theory(0, None, state="withdrawn")
    scene.theory(1, 200)

    assert ledger_of(scene.contest.id, "final").marks == []


def test_a_sheet_handed_in_again_is_in_the_ledger_once_it_is_confirmed(app):
    scene = make_scene(1)
    scene.submit(0, 1, 5)
    scene.write(0, 1, "reopen", {"A1": "5", "A2": {}})
    scene.write(0, 1, "resubmit", {"A1": "6", "A2": {}})
    before = ledger_of(scene.contest.id, "final").marks
    scene.write(0, 1, "confirm", {"A1": "6", "A2": {}})

    after = ledger_of(scene.contest.id, "final").marks

    assert (before, [line[3] for line in after]) == ([], ["6", "0"])


def test_both_agree_on_a_rich_contest_and_the_revision_says_so(app):
    scene, (petra, _) = rich_scene(), actors()

    actions.publish_results(petra, scene.contest.id, "provisional")

    [sheet] = queries.published(scene.contest.id)
    counted = verification_queries.count(verification_queries.shown(scene.contest.id))
    assert counted.differences == []
    kept = sheet.second_count
    assert kept | {"at": ""} == {
        "figures": counted.figures, "plan_number": 1, "ledger": counted.digest, "at": "",
    }
    assert counted.figures > 150
    [row] = trail("results.provisional")
    assert (row.facts["figures"], row.facts["ledger"]) == (kept["figures"], kept["ledger"])


def test_the_fingerprint_is_that_of_the_files(app, tmp_path):
    counted = verification_queries.count(verification_queries.shown(rich_scene().contest.id))
    for name, data in counted.files.items():
        (tmp_path / name).write_bytes(data)

    sums = subprocess.run(["sha256sum", *FILES], cwd=tmp_path, capture_output=True, check=True).stdout

    assert hashlib.sha256(sums).hexdigest() == counted.digest


def tamper(monkeypatch, change):
    """Let the reckoning say of everybody's line what `change` makes of it."""
    told = reckoning.entrant_rows
    monkeypatch.setattr(
        reckoning, "entrant_rows", lambda *facts: tuple(map(change, told(*facts)))
    )


@pytest.mark.parametrize(("kind", "said"), [
    ("en", "Nothing was published: the second scorer counts otherwise. Differences: 1. The first: "
           "A002, total: shown 99.99, counted again 62.05."),
    ("zh", "没有公布：第二套计分程序的结果不同。差异：1 处。第一处：A002，总分：待公布 99.99，复算 62.05。"),
])
def test_a_wrong_total_is_named_and_nothing_is_published(app, monkeypatch, kind, said):
    scene, (petra, _) = make_scene(3).finish(), actors()
    tamper(monkeypatch, lambda row: replace(row, total="99.99") if row.number == "A002" else row)

    with pytest.raises(Conflict) as refused:
        actions.publish_results(petra, scene.contest.id, "provisional")

    with app.test_request_context(), force_locale(kind):
        assert pages.say(refused.value) == said
    assert db.session.scalars(select(ResultSheet)).all() == []
    assert scene.contest.state == "scoring"
    [row] = trail("results.miscounted")
    assert row.who == "Petra"
    assert row.facts["entrant · A002 · total"] == {"old": "99.99", "new": "62.05"}


@pytest.mark.parametrize(("language", "said"), [
    ("en", "The first: A001 · Risk, mark: shown 1.00, counted again 12.00."),
    ("zh", "第一处：A001 · 风险辨识，得分：待公布 1.00，复算 12.00。"),
])
def test_the_page_names_the_module_in_its_own_language(app, monkeypatch, language, said):
    scene, user = make_scene(2).finish(), factories.make_user("Petra")
    factories.make_grant(user, "organiser", scene.contest)
    tamper(monkeypatch, lambda row: replace(row, modules={
        **row.modules, "risk": replace(row.modules["risk"], text="1.00")}))
    browser = factories.browser_of(app, user)
    with browser.session_transaction() as session:
        session["language"] = language

    answer = browser.post(
        f"/contests/{scene.contest.id}/results/provisional", data={"word": factories.WORD}
    )

    assert (answer.status_code, said in answer.text) == (409, True)


WRONG = {
    "place": (lambda row: replace(row, place=row.place + 1), "place"),
    "decided_by": (lambda row: replace(row, decided_by="data:draw"), "decided_by"),
    "passed": (lambda row: replace(row, passed=not row.passed), "passed"),
    "mark": (lambda row: replace(row, modules={
        **row.modules, "risk": replace(row.modules["risk"], text="0.00")}), "mark"),
    "part": (lambda row: replace(row, parts={
        **row.parts, "theory": replace(row.parts["theory"], text="0.00")}), "mark"),
}


@pytest.mark.parametrize("figure", WRONG)
def test_every_printed_figure_is_compared(app, monkeypatch, figure):
    scene = make_scene(3).finish()
    change, field = WRONG[figure]
    tamper(monkeypatch, lambda row: change(row) if row.number == "A002" else row)

    counted = verification_queries.count(verification_queries.shown(scene.contest.id))

    assert [(each.figure.whose, each.figure.field) for each in counted.differences] == [("A002", field)]


def test_a_mistake_in_the_arithmetic_is_found_too(app, monkeypatch):
    scene = rich_scene()
    told = reckoning.Reckoning._penalties
    monkeypatch.setattr(
        reckoning.Reckoning, "_penalties", lambda self, rows: told(self, rows) | {
            "risk": 0 * told(self, rows)["risk"]}
    )

    counted = verification_queries.count(verification_queries.shown(scene.contest.id))

    assert ("A002", "risk", "mark") in {each.figure[1:] for each in counted.differences}


def test_a_second_scorer_that_cannot_count_stops_publication_and_says_why(app, monkeypatch):
    scene, (petra, _) = make_scene(2).finish(), actors()
    told = verification_queries.files_of
    monkeypatch.setattr(
        verification_queries, "files_of",
        lambda *facts: told(*facts) | {"MARKS.csv": b"entrant,item,judge,value\nA009,paper,,5\n"},
    )

    with pytest.raises(Conflict, match="could not count.*line 2: The entrant A009 is not in the list"):
        actions.publish_results(petra, scene.contest.id, "provisional")

    assert [row.who for row in trail("results.uncounted")] == ["Petra"]
    assert queries.published(scene.contest.id) == []


def test_what_changes_while_it_counts_is_not_published(app, monkeypatch):
    scene, (petra, _) = make_scene(2).finish(), actors()
    told = second_scorer.count_again

    def meanwhile(*facts):
        # The same total by another road: a figure that changed would be seen in the document.
        scene.record(0, "data", "draw", 10_000)
        return told(*facts)

    monkeypatch.setattr(second_scorer, "count_again", meanwhile)

    with pytest.raises(Conflict, match="Something changed while"):
        actions.publish_results(petra, scene.contest.id, "provisional")

    assert queries.published(scene.contest.id) == []


def test_nobody_waits_for_the_database_while_it_counts(app, monkeypatch):
    """The request that publishes holds no lock: another connection writes at once meanwhile."""
    from contest.db import about_to_write, writing

    scene, (petra, _) = make_scene(2).finish(), actors()
    told, wrote = second_scorer.count_again, []

    def meanwhile(*facts):
        with writing(), db.engine.begin() as other:
            other.execute(TrailRow.__table__.insert(), {
                "at": scene.at, "who": "a tablet", "did": "sheet.draft", "subject": "", "facts": {},
            })
        wrote.append(True)
        return told(*facts)

    monkeypatch.setattr(second_scorer, "count_again", meanwhile)
    about_to_write()
    try:
        actions.publish_results(petra, scene.contest.id, "provisional")
    finally:
        about_to_write(False)

    assert wrote == [True]


def test_a_ruling_that_holds_is_counted_again_and_one_that_lapsed_is_not(app):
    scene, (petra, _) = make_scene(4, strict_plan()), actors()
    for i, theory in enumerate((70, 70, 60, 60)):
        scene.theory(i, theory)
        scene.submit(i, 1, 5)
        scene.submit(i, 2, 5)
    ids = [entrant.id for entrant in scene.entrants]
    scene.ruling([0, 1, 2])
    actions.rule_tie(petra, scene.contest.id, "entrants", [ids[1], ids[0]], "drew lots")

    counted = verification_queries.count(verification_queries.shown(scene.contest.id))

    assert counted.differences == []
    ruled = {row.split(",")[0]: row.split(",")[10] for row in
             counted.files["ENTRANTS.csv"].decode().splitlines()[1:]}
    assert ruled == {"A001": "2", "A002": "1", "A003": "", "A004": ""}
    actions.rule_tie(petra, scene.contest.id, "entrants", [ids[2], ids[3]], "drew lots")
    actions.publish_results(petra, scene.contest.id, "provisional")


def test_who_withdraws_after_the_preliminary_lets_nobody_else_on(app):
    scene, (petra, olga) = make_scene(4, two_stages()), actors()
    scene.contest.stage = "first"
    for i, points in enumerate((90, 80, 70, 60)):
        scene.theory(i, points)
    actions.publish_results(petra, scene.contest.id, "provisional")
    actions.publish_results(olga, scene.contest.id, "final")
    actions.open_next_stage(petra, scene.contest.id)
    scene.state(0, "withdrawn")
    scene.submit(1, 1, 5)
    scene.submit(1, 2, 6)

    actions.publish_results(petra, scene.contest.id, "provisional")

    ledger = ledger_of(scene.contest.id, "final")
    assert [line for line in ledger.marks if line[5] == "takes_part"] == [
        ("A001", "final", "", "", "", "takes_part"), ("A002", "final", "", "", "", "takes_part"),
    ]
    with pytest.raises(Conflict, match="not been opened"):
        scene.contest.stage = "first"
        db.session.commit()
        verification_queries.shown(scene.contest.id, "final")


def test_before_the_last_stage_there_is_no_table_of_organisations(app):
    """It counts awards, and those are of the last stage: a preliminary is published without one."""
    document = two_stages()
    document["organisations"] = RULES["organisations"]
    scene, (petra, _) = make_scene(3, document), actors()
    scene.contest.stage = "first"
    for i in range(3):
        scene.theory(i, 60 + i)

    actions.publish_results(petra, scene.contest.id, "provisional")

    sheet = queries.find_latest_sheet(scene.contest.id, "first")
    assert sheet.document["organisations"] == []


def test_marks_from_before_a_change_of_the_plan_are_tried_again(app):
    """Sheets of another version count where they fit: what the plan no longer allows does not."""
    from contest import clock
    from contest.scoring.scheme_reading import canonical, plan_from, plan_hash
    from contest.setup.models import PlanVersion

    scene = make_scene(2).finish()
    scene.submit(1, 1, "9.5")
    document = factories.plan_document()
    document["modules"][1]["criteria"][0]["aspects"][0]["step"] = 2
    import json

    document = json.loads(canonical(document))
    db.session.add(PlanVersion(
        contest_id=scene.contest.id, number=2, document=document,
        document_hash=plan_hash(plan_from(document)), proposed_at=clock.now(), in_force_at=clock.now(),
    ))
    db.session.commit()

    counted = verification_queries.count(verification_queries.shown(scene.contest.id))

    assert counted.differences == []
    held = [line[:4] for line in counted.shown.ledger.marks if line[1] == "risk.A1"]
    assert held == [("A001", "risk.A1", "seat 1", "2.0"), ("A001", "risk.A1", "seat 2", "2.0")]


def test_the_ledger_is_given_out_when_the_blind_modules_are_decoded(app):
    scene = make_scene(2)
    hold_draw(scene.contest, scene.entrants)
    scene.submit(0, 1, 5)
    scene.write(0, 2, "draft", {"A1": "5"})
    for seat in (1, 2):
        scene.submit(1, seat, 4)
    address = f"/contests/{scene.contest.id}/results/ledger.zip"
    browsers = {}
    for role in ("organiser", "chief_judge", "supervisor"):
        user = factories.make_user()
        factories.make_grant(user, role, scene.contest)
        browsers[role] = factories.browser_of(app, user)

    found = {role: browser.get(address) for role, browser in browsers.items()}

    assert {role: answer.status_code for role, answer in found.items()} == {
        "organiser": 403, "chief_judge": 403, "supervisor": 403,
    }
    assert "when the blind modules are decoded" in found["organiser"].text
    scene.submit(0, 2, 5)
    assert browsers["chief_judge"].get(address).status_code == 403
    results = f"/contests/{scene.contest.id}/results"
    doors = ("results/ledger.zip", "results/sample")
    shown = browsers["supervisor"].get(results).text
    assert not any(door in shown for door in doors)  # no button leads to a refusal
    open_codes(scene.contest)
    shown = browsers["supervisor"].get(results).text
    assert all(door in shown for door in doors)
    answer = browsers["chief_judge"].get(address)
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert sorted(archive.namelist()) == sorted([*FILES, "answer.json", "archive.json", "chain.tsv"])
        assert archive.read("MARKS.csv").decode().count("A001,risk.A1") == 2
        assert "选手" not in archive.read("ENTRANTS.csv").decode()


def test_the_page_says_that_it_was_checked(app):
    scene, user = make_scene(2).finish(), factories.make_user("Petra")
    factories.make_grant(user, "organiser", scene.contest)
    actions.publish_results(factories.proven(user), scene.contest.id, "provisional")
    browser = factories.browser_of(app, user)
    [sheet] = queries.published(scene.contest.id)

    page = browser.get(f"/contests/{scene.contest.id}/results").text
    published = browser.get(f"/contests/{scene.contest.id}/results/published/final/1").text

    said = f"Checked by a second scorer: {sheet.second_count['figures']} figures equal."
    assert said in page and said in published
    assert sheet.second_count["ledger"] in published


