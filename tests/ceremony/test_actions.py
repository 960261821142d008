from datetime import timedelta

import pytest
from sqlalchemy import select

from contest import clock
from contest.audit.models import TrailRow
from contest.board import actions as board_actions
from contest.board import queries as board
from contest.ceremony import actions, queries, rules
from contest.ceremony.models import Reveal
from contest.db import db
from contest.errors import Conflict
from contest.results import actions as results
from contest.setup import actions as setup_actions
from contest.setup.queries import plan_in_force
from tests import factories
from tests.ceremony.stages import begin, host, make_ready
from tests.results.scenes import make_scene

BOTH = pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)


def names(lines):
    return [line.name for line in lines]


def walk(scene, reveal):
    """Every Scene of a reveal, pressed through to the end."""
    contest_id, last = scene.contest.id, queries.script_of(reveal).last
    found = [queries.scene_of(reveal)]
    for step in range(last):
        actions.move_reveal(host(scene), contest_id, step, step + 1)
        found.append(queries.scene_of(queries.get_running(contest_id)))
    return found


def deeds(contest_id):
    return [
        (row.did, row.facts) for row in db.session.scalars(
            select(TrailRow).filter_by(contest_id=contest_id).order_by(TrailRow.id)
        ) if row.did.startswith("reveal.")
    ]


@BOTH
def test_individuals_are_revealed_from_last_to_first(app):
    scene = make_ready(4)

    scenes = walk(scene, begin(scene))

    assert [names(one.newest) for one in scenes] == [
        [], ["选手1"], ["选手2"], ["选手3"], ["选手4"], [],
    ]
    assert names(scenes[-1].rows) == ["选手4", "选手3", "选手2", "选手1"]


def test_teams_are_revealed_with_their_members(app):
    scene = make_ready(4)

    scenes = walk(scene, begin(scene, "teams"))

    assert [names(one.newest) for one in scenes] == [[], ["甲队"], ["乙队"], []]
    assert scenes[1].newest[0].members == ("选手1", "选手2")


def test_items_open_one_after_another_and_end_on_the_published_list(app):
    # In theory the first is best, in practice the last by far.
    scene = make_ready(3, teams=(), points=[2, 5, 9])
    for entrant, points in enumerate((99, 80, 60)):
        scene.theory(entrant, points)
    publisher = factories.make_official("Olga", "organiser", contest=scene.contest)
    results.publish_results(publisher, scene.contest.id, "provisional", "new scores")

    scenes = walk(scene, begin(scene, "items"))

    tables = [one for one in scenes if one.kind == "table"]
    assert names(tables[0].rows) == ["选手1", "选手2", "选手3"]
    assert [line.cells for line in tables[0].rows] == [("99.00",), ("80.00",), ("60.00",)]
    published = queries.latest_sheet(scene.contest.id).document["rows"]
    assert [(line.name, line.place, line.total) for line in tables[-1].rows] == [
        (row["name"], row["place"], row["total"]) for row in published
    ]


def test_prizes_are_revealed_from_the_last_to_the_first(app):
    awards = [
        {"key": "first", "name": "一等奖", "name_en": "First prize", "to": "entrant",
         "rule": "count", "count": 1},
        {"key": "second", "name": "二等奖", "name_en": "Second prize", "to": "entrant",
         "rule": "count", "count": 2},
    ]
    scene = make_ready(4, kinds=("provisional", "final"), changes={"awards": awards})

    scenes = walk(scene, begin(scene, "prizes"))

    told = [(one.heading.name, names(one.newest)) for one in scenes if one.kind == "lines"]
    assert told == [("二等奖", ["选手2"]), ("二等奖", ["选手3"]), ("一等奖", ["选手4"])]


def test_a_prize_that_is_still_voted_on_is_not_revealed(app):
    vote = {"key": "organiser", "name": "优秀组织奖", "name_en": "Best organiser",
            "to": "organisation", "rule": "vote", "count": 1}
    scene = make_ready(2, teams=(), changes={"awards": [vote]})

    with pytest.raises(Conflict, match="vote"):
        begin(scene, "prizes")


def test_each_group_has_its_own_part(app):
    scene = make_scene(4, document=factories.plan_document(
        ranking={"shared": True, "by_group": True, "ties": [{"by": "part", "key": "practical"}]},
    ))
    for number, group in enumerate(("职工组", "职工组", "学生组", "学生组")):
        scene.person(number, group=group)
    assert plan_in_force(scene.contest.id).plan.ranking.by_group
    scene.finish()
    board_actions.open_board(host(scene), scene.contest.id, False)
    results.publish_results(
        factories.make_official("Olga", "organiser", contest=scene.contest), scene.contest.id,
        "provisional",
    )

    both = queries.script_of(begin(scene))
    actions.end_reveal(host(scene), scene.contest.id, False)
    one = queries.script_of(begin(scene, group="学生组"))

    assert {heading.name for heading in both.chapters} == {"职工组", "学生组"}
    assert [heading.name for heading in one.chapters] == ["学生组"]
    assert [names(beat.lines) for beat in one.beats if beat.kind == "lines"] == [["选手3"], ["选手4"]]


@BOTH
def test_of_two_presses_on_the_same_step_one_moves_it(app):
    scene = make_ready(4)
    begin(scene)
    actions.move_reveal(host(scene), scene.contest.id, 0, 1)

    with pytest.raises(Conflict, match="Another controller"):
        actions.move_reveal(host(scene), scene.contest.id, 0, 1)

    assert queries.get_running(scene.contest.id).step == 1


@BOTH
def test_the_row_itself_moves_only_from_the_step_that_was_seen(app, monkeypatch):
    """The second controller has read step 0 before the first one's commit: its statement finds none."""
    scene = make_ready(4)
    begin(scene)
    contest_id = scene.contest.id
    check = rules.check_step

    def first_controller_is_faster(*words):
        monkeypatch.setattr(rules, "check_step", check)
        actions.move_reveal(host(scene), contest_id, 0, 1)
        return check(*words)

    monkeypatch.setattr(rules, "check_step", first_controller_is_faster)
    with pytest.raises(Conflict, match="Another controller"):
        actions.move_reveal(host(scene), contest_id, 0, 1)

    assert queries.get_running(contest_id).step == 1
    assert [did for did, _ in deeds(contest_id)] == ["reveal.begin", "reveal.step"]


def test_back_shows_what_was_shown_before(app):
    scene = make_ready(4)
    reveal = begin(scene)
    scenes = walk(scene, reveal)

    for step in range(len(scenes) - 1, 0, -1):
        actions.move_reveal(host(scene), scene.contest.id, step, step - 1)
        assert queries.scene_of(queries.get_running(scene.contest.id)) == scenes[step - 1]


def test_a_jump_and_every_other_step_stand_in_the_trail(app):
    scene = make_ready(4)
    begin(scene)
    contest_id = scene.contest.id
    actions.move_reveal(host(scene), contest_id, 0, 4)
    actions.blank_reveal(host(scene), contest_id, True)
    actions.move_reveal(host(scene), contest_id, 4, 3)

    assert queries.scene_of(queries.get_running(contest_id)).kind == "blank"
    assert [(did, facts.get("was"), facts.get("now")) for did, facts in deeds(contest_id)] == [
        ("reveal.begin", None, None), ("reveal.step", 0, 4), ("reveal.blank", None, None),
        ("reveal.step", 4, 3),
    ]
    actions.blank_reveal(host(scene), contest_id, False)
    assert names(queries.scene_of(queries.get_running(contest_id)).newest) == ["选手3"]


def test_a_paused_reveal_does_not_move(app):
    scene = make_ready(4)
    begin(scene)
    actions.pause_reveal(host(scene), scene.contest.id, True)

    with pytest.raises(Conflict, match="paused"):
        actions.move_reveal(host(scene), scene.contest.id, 0, 1)
    actions.pause_reveal(host(scene), scene.contest.id, False)
    actions.move_reveal(host(scene), scene.contest.id, 0, 1)

    assert queries.get_running(scene.contest.id).step == 1


def test_a_reveal_goes_on_after_a_crash_at_the_same_scene(app):
    """Nothing but the row is needed: not the marks, not a later revision, not this process's memory."""
    scene = make_ready(4)
    begin(scene)
    actions.move_reveal(host(scene), scene.contest.id, 0, 2)
    before = queries.scene_of(queries.get_running(scene.contest.id))

    queries._scripts.clear()
    db.session.expire_all()
    scene.theory(0, 100)
    results.publish_results(
        factories.make_official("Olga", "organiser", contest=scene.contest), scene.contest.id,
        "provisional", "corrected",
    )

    assert queries.scene_of(queries.get_running(scene.contest.id)) == before


def test_only_one_reveal_runs(app):
    scene = make_ready(4)
    begin(scene)

    with pytest.raises(Conflict, match="Another reveal"):
        begin(scene, "teams")

    assert db.session.query(Reveal).count() == 1


def test_what_the_public_knows_is_not_revealed(app):
    scene = make_ready(2)
    board_actions.reveal_board(host(scene), scene.contest.id)

    with pytest.raises(Conflict, match="already sees"):
        begin(scene)


def test_without_published_results_there_is_nothing_to_reveal(app):
    scene = make_scene(2).finish()

    with pytest.raises(Conflict, match="Nothing is published"):
        begin(scene)


def test_the_board_waits_for_the_end_of_the_reveal_and_opens_with_it(app):
    scene = make_ready(2, teams=())
    reveal = begin(scene)
    contest_id = scene.contest.id
    with pytest.raises(Conflict, match="A reveal is running"):
        board_actions.reveal_board(host(scene), contest_id)
    with pytest.raises(Conflict, match="last step"):
        actions.end_reveal(host(scene), contest_id, True)
    assert board.switches(contest_id, clock.now()).cutoff is not None

    walk(scene, reveal)
    actions.end_reveal(host(scene), contest_id, True)

    assert board.switches(contest_id, clock.now()).cutoff is None
    assert queries.find_running(contest_id) is None


def test_between_two_reveals_the_board_stays_frozen(app):
    scene = make_ready(4)
    begin(scene, "teams")
    actions.end_reveal(host(scene), scene.contest.id, False)

    assert board.switches(scene.contest.id, clock.now()).cutoff is not None
    begin(scene, "individuals")
    assert [one.kind for one in queries.list_reveals(scene.contest.id)] == ["individuals", "teams"]


def test_a_name_is_told_as_the_public_lists_print_it(app):
    scene = make_ready(2, teams=(), procedure={"name": "short", "names": "one"})

    script = queries.script_of(begin(scene))

    assert {line.name for beat in script.beats for line in beat.lines} == {"选*1", "选*2"}


def hidden_scene():
    """Results of a contest that nobody sees, published without a freeze."""
    scene = make_scene(3).finish()
    scene.contest.is_public = False
    db.session.commit()
    clock.stand_still(clock.now() + timedelta(minutes=1))
    organiser = factories.make_official("Olga", "organiser", contest=scene.contest)
    results.publish_results(organiser, scene.contest.id, "provisional")
    return scene, organiser


@pytest.mark.parametrize("show", [board_actions.open_board, setup_actions.show_to_public])
def test_a_hidden_contest_is_not_shown_in_the_midst_of_its_reveal(app, show):
    scene, organiser = hidden_scene()
    begin(scene)

    with pytest.raises(Conflict, match="reveal is running"):
        show(organiser, scene.contest.id, True)
    db.session.rollback()
    assert app.test_client().get(f"/board/{scene.contest.slug}").status_code == 404

    actions.end_reveal(host(scene), scene.contest.id, False)
    show(organiser, scene.contest.id, True)
    assert app.test_client().get(f"/board/{scene.contest.slug}").status_code == 200


def test_nobody_reads_the_own_result_while_the_hall_waits_for_it(app):
    scene, _ = hidden_scene()
    entrant = scene.entrants[0]
    path = f"/contests/{scene.contest.id}/my-result/{entrant.check_in_token}"
    english = {"headers": {"Accept-Language": "en"}}
    begin(scene)
    assert "not released yet" in app.test_client().get(path, **english).text
    actions.end_reveal(host(scene), scene.contest.id, False)
    assert "not released yet" not in app.test_client().get(path, **english).text
