"""The committee's decisions: winners it names, people it passes over, one prize for each person."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from contest import clock
from contest.audit.models import TrailRow
from contest.awards import actions, certificate_queries, decision_actions, decision_queries, queries
from contest.awards.models import Award, CommitteeDecision
from contest.db import db
from contest.errors import Conflict, Invalid, Missing
from contest.people.models import Judge, PersonAccount
from contest.results import actions as results
from contest.results import award_queries, gate_queries, verification_queries
from contest.results.queries import scored, standings
from tests import factories
from tests.awards.certified import PETRA
from tests.kept_scenes import kept

AWARDS = [
    {"key": "first", "name": "一等奖", "to": "entrant", "rule": "count", "count": 1},
    {"key": "expert", "name": "技术能手", "name_en": "Expert", "to": "entrant", "rule": "top", "first": 1,
     "last": 2, "title": True, "level": "技术能手", "only": {"without_title": "全国技术能手"}},
    {"key": "judge", "name": "优秀裁判员", "to": "judge", "rule": "vote", "count": 1},
    {"key": "coach", "name": "优秀指导教师", "to": "coach", "rule": "vote", "count": 2},
    {"key": "spirit", "name": "突出贡献奖", "name_en": "Merit", "to": "entrant", "rule": "vote", "count": 1},
]
POINTS = {"张三": ("80", "9.5"), "李四": ("90", "8"), "王五": ("60", "5")}
SAID = {"reason": "工作出色", "minutes": "纪要〔2026〕3号", "decided_on": "2026-11-20"}


@pytest.fixture
def scene(app):
    return make_final()


@kept
def make_final(**more):
    document = factories.plan_document(awards=AWARDS, **more)
    contest, entrants = factories.make_marked_contest(POINTS, document=document, slug="decided")
    entrants["李四"].titles = ["全国技术能手"]
    db.session.commit()
    first, second = (factories.make_official(name, "organiser") for name in ("Petra", "Milan"))
    results.publish_results(first, contest.id, "provisional")
    results.publish_results(second, contest.id, "final")
    return contest, entrants


def a_judge(contest):
    return db.session.scalars(select(Judge).filter_by(contest_id=contest.id).order_by(Judge.id)).first()


def rows_of(contest, key):
    return dict((award.key, rows) for award, rows in queries.preview(contest.id).sections)[key]


def test_the_third_moves_up_because_the_second_holds_the_title_already(scene, as_role):
    contest, _ = scene
    one, other = rows_of(contest, "expert")

    assert (one.name, one.place, one.award_place) == ("张三", 1, None)
    assert (other.name, other.place, other.award_place) == ("王五", 3, 2)
    assert "moved" not in one.why
    page = as_role("organiser").get(f"/contests/{contest.id}/awards").text
    assert "Moved up: place 2 already holds the title 全国技术能手." in page
    assert "award place 2" in page


def test_a_judge_and_coaches_are_named_with_reason_and_minutes_and_get_certificates(scene, as_role):
    contest, entrants = scene
    judge, unit = a_judge(contest), entrants["张三"].organisation
    decision_actions.choose(PETRA, contest.id, "judge", {"judge_id": judge.id}, SAID)
    coach = {"name": " 陈 教练 ", "organisation_id": str(unit.id)}
    decision_actions.choose(PETRA, contest.id, "coach", coach, SAID)
    actions.grant_awards(PETRA, contest.id)

    lines = {line.award.award_key: line for line in certificate_queries.list_lines(contest.id)}
    assert (lines["judge"].name, lines["coach"].name) == (judge.name, "陈 教练")
    assert lines["coach"].unit == unit.name
    award = db.session.scalars(select(Award).filter_by(award_key="judge")).one()
    assert award.why["params"] == {"reason": "工作出色", "minutes": "纪要〔2026〕3号"}
    row = db.session.scalars(select(TrailRow).filter_by(did="award.choose")).first()
    assert (row.who, row.facts["minutes"], row.facts["person"]) == ("Petra", "纪要〔2026〕3号", judge.name)
    client = as_role("organiser")
    for form in ("csv", "xlsx", "docx", "pdf"):
        assert client.get(f"/contests/{contest.id}/papers/awards.{form}").status_code == 200
    assert "陈 教练" not in client.get(f"/contests/{contest.id}/papers/notice.csv").data.decode("utf-8-sig")


def test_whom_the_committee_passes_over_keeps_the_place_and_the_next_moves_up(scene):
    contest, entrants = scene
    decision = decision_actions.pass_over(
        PETRA, contest.id, "first", {"number": entrants["张三"].number}, SAID
    )
    [row] = rows_of(contest, "first")
    assert (row.name, row.place, row.award_place) == ("李四", 2, 1)
    assert [one["message"] for one in row.why["moved"]] == [
        "Moved up: the committee passed over place %(places)s."
    ]
    with pytest.raises(Conflict, match="passed over them"):
        decision_actions.pass_over(PETRA, contest.id, "first", {"number": entrants["张三"].number}, SAID)

    decision_actions.take_back(PETRA, contest.id, "first", decision.id, SAID | {"reason": "核实无误"})
    assert [one.name for one in rows_of(contest, "first")] == ["张三"]
    [line] = decision_queries.list_decisions(contest.id, "first")
    assert line.taken_back.reason == "核实无误"
    with pytest.raises(Missing):
        decision_actions.take_back(PETRA, contest.id, "first", decision.id, SAID)


def test_one_person_gets_one_prize_whoever_gives_the_second(app):
    contest, entrants = make_final(prizes={"one_each": True})
    number = {"number": entrants["张三"].number}
    with pytest.raises(Conflict, match="would have both 一等奖 and 突出贡献奖"):
        decision_actions.choose(PETRA, contest.id, "spirit", number, SAID)
    assert db.session.scalars(select(CommitteeDecision)).all() == []

    coach = {"name": "张三", "organisation_id": entrants["张三"].organisation_id}
    with pytest.raises(Conflict, match="一等奖 and 优秀指导教师"):
        decision_actions.choose(PETRA, contest.id, "coach", coach, SAID)

    judge = a_judge(contest)
    db.session.add(PersonAccount(
        user_id=judge.user_id, human_id=entrants["张三"].human_id, linked_at=clock.now()
    ))
    db.session.commit()
    with pytest.raises(Conflict, match="一等奖 and 优秀裁判员"):
        decision_actions.choose(PETRA, contest.id, "judge", {"judge_id": judge.id}, SAID)


def test_without_the_rule_a_person_may_have_two(scene):
    contest, entrants = scene
    decision_actions.choose(PETRA, contest.id, "spirit", {"number": entrants["张三"].number}, SAID)
    assert queries.preview(contest.id).double is None


def test_the_grant_looks_once_more_when_places_changed_after_the_choice(app):
    contest, entrants = make_final(prizes={"one_each": True})
    decision_actions.choose(PETRA, contest.id, "spirit", {"number": entrants["李四"].number}, SAID)
    decision_actions.pass_over(PETRA, contest.id, "first", {"number": entrants["张三"].number}, SAID)

    assert "would have both" in str(queries.preview(contest.id).double)
    with pytest.raises(Conflict, match="would have both"):
        actions.grant_awards(PETRA, contest.id)


@pytest.mark.parametrize(("change", "field"), [
    ({"reason": " "}, "reason"), ({"reason": "x" * 501}, "reason"), ({"minutes": ""}, "minutes"),
    ({"minutes": "x" * 121}, "minutes"), ({"decided_on": "20.11."}, "decided_on"),
    ({"decided_on": "2099-01-01"}, "decided_on"),
])
def test_a_decision_without_reason_minutes_or_day_is_not_taken(scene, change, field):
    contest, _ = scene
    with pytest.raises(Invalid) as refused:
        decision_actions.choose(PETRA, contest.id, "judge", {"judge_id": "0"}, SAID | change)
    assert set(refused.value.fields) == {field, "judge_id"}


@pytest.mark.parametrize(("key", "whom", "field"), [
    ("coach", {"name": "", "organisation_id": "x"}, "organisation_id"),
    ("spirit", {"number": "999"}, "number"),
])
def test_whom_nobody_knows_is_not_chosen(scene, key, whom, field):
    contest, _ = scene
    with pytest.raises(Invalid) as refused:
        decision_actions.choose(PETRA, contest.id, key, whom, SAID)
    assert field in refused.value.fields


def test_no_more_are_chosen_than_the_plan_gives_and_none_by_the_wrong_way(scene):
    contest, entrants = scene
    judges = db.session.scalars(select(Judge).filter_by(contest_id=contest.id).order_by(Judge.id)).all()
    decision_actions.choose(PETRA, contest.id, "judge", {"judge_id": judges[0].id}, SAID)
    with pytest.raises(Conflict, match="all are given"):
        decision_actions.choose(PETRA, contest.id, "judge", {"judge_id": judges[-1].id}, SAID)
    with pytest.raises(Conflict, match="does not leave it"):
        decision_actions.choose(PETRA, contest.id, "first", {"number": entrants["李四"].number}, SAID)
    with pytest.raises(Conflict, match="nobody to pass over"):
        decision_actions.pass_over(PETRA, contest.id, "judge", {"judge_id": judges[0].id}, SAID)


def test_after_the_grant_nothing_is_decided_and_the_database_keeps_what_was(scene):
    contest, _ = scene
    decision_actions.choose(PETRA, contest.id, "judge", {"judge_id": a_judge(contest).id}, SAID)
    actions.grant_awards(PETRA, contest.id)
    with pytest.raises(Conflict, match="granted already"):
        decision_actions.choose(PETRA, contest.id, "judge", {"judge_id": a_judge(contest).id}, SAID)
    for statement in ("UPDATE committee_decision SET reason = ''", "DELETE FROM committee_decision"):
        with pytest.raises(DatabaseError, match="append-only"):
            db.session.execute(db.text(statement))
        db.session.rollback()


def test_the_page_writes_decisions_down_and_keeps_what_was_typed(scene, as_role):
    contest, entrants = scene
    client, base = as_role("organiser"), f"/contests/{contest.id}/awards"
    wrong = client.post(f"{base}/spirit/decisions/choose", data=SAID | {"number": "999", "minutes": ""})
    assert wrong.status_code == 422
    assert "工作出色" in wrong.text
    assert "No contestant has this entry number." in wrong.text
    number = entrants["李四"].number
    assert client.post(f"{base}/spirit/decisions/choose", data=SAID | {"number": number}).status_code == 303
    assert client.post(f"{base}/first/decisions/pass-over", data=SAID | {"number": number}).status_code == 303
    page = client.get(f"{base}/spirit/decisions").text
    assert "李四" in page
    assert "纪要〔2026〕3号" in page
    assert client.get(f"{base}/none/decisions").status_code == 404
    [decision] = decision_queries.chosen(contest.id, "spirit")
    back = f"{base}/spirit/decisions/{decision.id}/back"
    assert client.post(back, data=SAID | {"reason": ""}).status_code == 422
    assert client.post(back, data=SAID).status_code == 303
    assert decision_queries.chosen(contest.id, "spirit") == []
    assert as_role("supervisor").get(f"{base}/spirit/decisions").status_code == 200


def test_the_sums_of_the_prizes_count_whom_the_committee_passed_over(scene):
    contest, entrants = scene
    decision_actions.pass_over(PETRA, contest.id, "first", {"number": entrants["张三"].number}, SAID)

    found = award_queries.given(contest.id)

    assert found.won()[entrants["李四"].id] == ["first"]
    assert "first" not in found.won().get(entrants["张三"].id, ())
    sums = {one.award.key: (one, names) for one, names in award_queries.prize_sums(found)}
    assert all(one.fits for one, _ in sums.values())
    assert gate_queries.award_notes(contest.id, standings(contest.id)) == []

    # A list that ignores the decision, as it is read from somewhere else, does not add up.
    wrong = found._replace(lines=[
        replace(line, index=index_of(found, entrants["张三"])) if line.award == "first" else line
        for line in found.lines
    ])
    one, names = {one.award.key: (one, names) for one, names in award_queries.prize_sums(wrong)}["first"]
    assert not one.fits and sorted(names) == sorted([entrants["张三"].number, entrants["李四"].number])


def index_of(found, entrant):
    return next(row for row, line in enumerate(found.scored.roster) if line.id == entrant.id)


BOTH = pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)


@BOTH
def test_points_of_the_organisations_and_the_second_scorer_follow_whom_the_committee_passed_over(app):
    """The award list moves up; the medal table, the receipts and the second count move with it."""
    contest, entrants = make_final(organisations={"points": [{"award": "first", "points": "4"}]})

    def points():
        official = scored(contest.id).official
        return {row.name: row.points for row in official.organisations if row.points != "0"}

    def second():
        shown = verification_queries.shown(contest.id)
        counted = verification_queries.count(shown)
        [first] = [row["code"] for row in shown.answer["awards"] if row["award"] == "first"]
        return first, counted.differences

    gone, next_one = entrants["张三"], entrants["李四"]
    assert points() == {gone.organisation.name: "4"} and second() == (gone.number, [])

    stamp = verification_queries.stamp_of(contest.id, "final")
    decision = decision_actions.pass_over(PETRA, contest.id, "first", {"number": gone.number}, SAID)
    # What was counted before this is not published after it.
    assert verification_queries.stamp_of(contest.id, "final") != stamp

    assert points() == {next_one.organisation.name: "4"} and second() == (next_one.number, [])
    decision_actions.take_back(PETRA, contest.id, "first", decision.id, SAID)
    assert points() == {gone.organisation.name: "4"} and second() == (gone.number, [])
