import pytest
from sqlalchemy import select

from contest import signals
from contest.audit.models import TrailRow
from contest.db import db
from contest.errors import Conflict, Invalid, NotAllowed
from contest.results import actions, queries, rules
from contest.results.models import ResultSheet
from contest.setup.queries import is_frozen
from tests import factories
from tests.results.scenes import make_scene


def actors():
    return [factories.make_official(name, "organiser") for name in ("Petra", "Olga")]


def strict_plan(**changes):
    """The small plan, but equals are for the chief judge to rule on."""
    return factories.plan_document(ranking={"shared": False, "ties": []}, **changes)


def two_stages(advance=2):
    document = factories.plan_document(
        stages=[
            {"key": "first", "name": "初赛", "name_en": "First", "advance": advance},
            {"key": "final", "name": "决赛", "name_en": "Final"},
        ]
    )
    document["parts"][0].update(stage="first", weight=100)
    document["parts"][1].update(stage="final", weight=100)
    return document


def trail(did):
    return db.session.scalars(select(TrailRow).filter_by(did=did)).all()


def test_provisional_then_final_by_a_second_person(app):
    scene, (petra, olga) = make_scene(3).finish(), actors()
    heard = []

    with signals.results_finalised.connected_to(lambda _did, contest_id: heard.append(contest_id)):
        assert actions.publish_results(petra, scene.contest.id, "provisional") == 1
        assert actions.publish_results(olga, scene.contest.id, "final") == 2

    sheet = queries.find_latest_sheet(scene.contest.id, "final")
    assert (sheet.kind, scene.contest.state, heard) == ("final", "final", [scene.contest.id])
    assert sheet.document_hash == rules.fingerprint(sheet.document)
    assert [row["place"] for row in sheet.document["rows"]] == [1, 2, 3]
    assert sheet.document["rows"][0]["modules"] == {"paper": "62.00", "risk": "13.00"}
    assert len(trail("results.final")) == 1


def test_the_same_person_does_not_publish_both(app):
    scene, (petra, _) = make_scene(2).finish(), actors()
    actions.publish_results(petra, scene.contest.id, "provisional")

    with pytest.raises(NotAllowed):
        actions.publish_results(petra, scene.contest.id, "final")

    assert scene.contest.state == "provisional"
    assert trail("results.final") == []


def test_what_is_missing_stops_publishing_and_is_listed(app):
    scene, (petra, _) = make_scene(2).finish(), actors()
    scene.write(1, 2, "reopen")
    scene.theory(0, None, state="withdrawn")

    with pytest.raises(Conflict):
        actions.publish_results(petra, scene.contest.id, "provisional")

    found = rules.problems(queries.standings(scene.contest.id))
    assert [params["numbers"] for _, params in found] == ["A001", "A002"]
    assert db.session.scalars(select(ResultSheet)).all() == []


def test_figures_that_changed_are_published_again_first(app):
    scene, (petra, olga) = make_scene(2).finish(), actors()
    actions.publish_results(petra, scene.contest.id, "provisional")
    scene.penalty(0, 1)

    with pytest.raises(Conflict):
        actions.publish_results(olga, scene.contest.id, "final")
    with pytest.raises(Invalid):
        actions.publish_results(petra, scene.contest.id, "provisional")

    assert actions.publish_results(petra, scene.contest.id, "provisional", "late penalty") == 2
    assert actions.publish_results(olga, scene.contest.id, "final") == 3


def test_a_correction_of_final_results_is_a_later_revision_with_a_reason(app):
    scene, (petra, olga) = make_scene(2).finish(), actors()
    actions.publish_results(petra, scene.contest.id, "provisional")
    actions.publish_results(olga, scene.contest.id, "final")

    actions.propose_reopening(petra, scene.contest.id, "appeal upheld")
    actions.confirm_reopening(olga, scene.contest.id)
    scene.penalty(0, 1)
    actions.publish_results(petra, scene.contest.id, "provisional", "appeal upheld")
    with pytest.raises(Invalid):
        actions.publish_results(olga, scene.contest.id, "final")
    actions.publish_results(olga, scene.contest.id, "final", "appeal upheld")

    kinds = [(line.revision, line.kind) for line in queries.published(scene.contest.id)]
    assert kinds == [(4, "final"), (3, "provisional"), (2, "final"), (1, "provisional")]


def final_scene():
    scene, (petra, olga) = make_scene(2).finish(), actors()
    actions.publish_results(petra, scene.contest.id, "provisional")
    actions.publish_results(olga, scene.contest.id, "final")
    return scene, petra, olga


def test_final_results_are_taken_back_by_two_people_and_the_trail_names_both(app):
    scene, petra, olga = final_scene()

    with pytest.raises(Conflict):
        actions.reopen_results(petra, scene.contest.id, "appeal upheld")
    with pytest.raises(Conflict):
        actions.confirm_reopening(olga, scene.contest.id)
    actions.propose_reopening(petra, scene.contest.id, "appeal upheld")
    assert scene.contest.state == "final"
    with pytest.raises(NotAllowed):
        actions.confirm_reopening(petra, scene.contest.id)
    with pytest.raises(Conflict):
        actions.propose_reopening(olga, scene.contest.id, "the same again")
    assert scene.contest.state == "final"

    actions.confirm_reopening(olga, scene.contest.id)

    assert scene.contest.state == "scoring"
    assert [row.who for row in trail("results.reopen_propose")] == ["Petra"]
    assert [(row.who, row.facts["proposed_by"], row.facts["reason"])
            for row in trail("results.reopen")] == [("Olga", "Petra", "appeal upheld")]
    assert queries.find_reopening(scene.contest.id) is None


def test_a_declined_reopening_leaves_the_results_and_another_may_follow(app):
    scene, petra, olga = final_scene()
    actions.propose_reopening(petra, scene.contest.id, "appeal upheld")

    actions.decline_reopening(olga, scene.contest.id)

    assert (scene.contest.state, queries.find_reopening(scene.contest.id)) == ("final", None)
    with pytest.raises(Conflict):
        actions.confirm_reopening(olga, scene.contest.id)
    with pytest.raises(Conflict):
        actions.decline_reopening(olga, scene.contest.id)
    actions.propose_reopening(olga, scene.contest.id, "another appeal")
    actions.confirm_reopening(petra, scene.contest.id)
    assert scene.contest.state == "scoring"


def test_nothing_is_built_on_results_while_their_reopening_is_undecided(app):
    scene, (petra, olga) = make_scene(3, two_stages()), actors()
    scene.contest.stage = "first"
    for i in range(3):
        scene.theory(i, 60 + i)
    actions.publish_results(petra, scene.contest.id, "provisional")
    actions.publish_results(olga, scene.contest.id, "final")
    actions.propose_reopening(petra, scene.contest.id, "appeal upheld")

    with pytest.raises(Conflict):
        actions.open_next_stage(olga, scene.contest.id)

    actions.decline_reopening(petra, scene.contest.id)
    actions.open_next_stage(olga, scene.contest.id)
    assert scene.contest.stage == "final"


def test_a_tie_is_a_task_until_the_chief_rules(app):
    scene, (petra, _) = make_scene(3, strict_plan()), actors()
    for i in range(3):
        scene.theory(i, 70)
        scene.submit(i, 1, 5)
        scene.submit(i, 2, 5)
    ids = [entrant.id for entrant in scene.entrants]
    assert queries.standings(scene.contest.id).open_ties == (tuple(ids),)

    actions.rule_tie(petra, scene.contest.id, "entrants", [ids[2], ids[0], ids[1]], "drew lots")

    found = queries.standings(scene.contest.id)
    assert [(row.number, row.place) for row in found.rows] == [("A003", 1), ("A001", 2), ("A002", 3)]
    assert (found.open_ties, found.rows[1].decided_by) == ((), "ruling")


def test_a_ruling_lapses_when_others_are_tied(app):
    scene, (petra, _) = make_scene(3, strict_plan()), actors()
    for i, theory in enumerate((70, 70, 60)):
        scene.theory(i, theory)
        scene.submit(i, 1, 5)
        scene.submit(i, 2, 5)
    ids = [entrant.id for entrant in scene.entrants]
    actions.rule_tie(petra, scene.contest.id, "entrants", [ids[1], ids[0]], "drew lots")
    ruled = queries.standings(scene.contest.id)

    scene.theory(2, 70)

    assert ruled.open_ties == ()
    assert queries.standings(scene.contest.id).open_ties == (tuple(ids),)


def test_a_ruling_on_people_who_are_not_tied_is_refused(app):
    scene, (petra, _) = make_scene(2, strict_plan()).finish(), actors()
    ids = [entrant.id for entrant in scene.entrants]

    with pytest.raises(Conflict):
        actions.rule_tie(petra, scene.contest.id, "entrants", ids, "drew lots")

    assert trail("tie.rule") == []


def test_teams_that_tie_are_ruled_on_too(app):
    plan = strict_plan(teams={"method": "sum", "size": 1})
    scene, (petra, _) = make_scene(2, plan, teams=("甲队", "乙队")), actors()
    for i, theory in enumerate((70, 70)):
        scene.theory(i, theory)
        scene.submit(i, 1, 5)
        scene.submit(i, 2, 5)
    tie = queries.standings(scene.contest.id).open_team_ties[0]

    actions.rule_tie(petra, scene.contest.id, "teams", list(reversed(tie)), "drew lots")

    found = queries.standings(scene.contest.id)
    assert found.open_team_ties == ()
    assert [team.team_id for team in found.teams] == list(reversed(tie))


def test_who_goes_on_takes_part_in_the_next_stage(app):
    scene, (petra, olga) = make_scene(4, two_stages(), teams=()), actors()
    scene.contest.stage = "first"
    for i, points in enumerate((90, 80, 80, 70)):
        scene.theory(i, points)
    actions.publish_results(petra, scene.contest.id, "provisional")
    actions.publish_results(olga, scene.contest.id, "final")

    actions.open_next_stage(petra, scene.contest.id)

    # Two go on, but the second and the third are equal: all three.
    found = queries.standings(scene.contest.id)
    assert found.stage == "final"
    assert [row.number for row in found.rows] == ["A001", "A002", "A003"]
    assert scene.contest.state == "scoring"


def test_the_next_stage_waits_for_final_results(app):
    scene, (petra, _) = make_scene(2, two_stages()), actors()
    scene.contest.stage = "first"
    for i in range(2):
        scene.theory(i, 50 + i)
    actions.publish_results(petra, scene.contest.id, "provisional")

    with pytest.raises(Conflict):
        actions.open_next_stage(petra, scene.contest.id)


def test_a_published_sheet_freezes_the_plan(app):
    scene, (petra, _) = make_scene(2).finish(), actors()
    assert not is_frozen(scene.contest.id)

    actions.publish_results(petra, scene.contest.id, "provisional")

    assert is_frozen(scene.contest.id)
