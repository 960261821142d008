import json
from datetime import timedelta

import pytest

from contest import clock
from contest.board import actions, pulse_queries, queries, rendering
from contest.db import db
from contest.draw.models import BlindCode, Draw
from contest.errors import Missing
from contest.results import actions as results_actions
from contest.scoring.scheme_reading import canonical, plan_from, plan_hash
from contest.setup.models import PlanVersion
from tests import factories
from tests.judging.panels import open_codes
from tests.results.scenes import make_scene


def board_of(scene, minutes=0):
    return queries.public_board(scene.contest.slug, clock.now() + timedelta(minutes=minutes))


def test_a_contest_that_is_not_public_has_no_board(app):
    scene = make_scene(1)
    scene.contest.is_public = False
    db.session.commit()

    with pytest.raises(Missing):
        board_of(scene)


def test_before_scoring_the_board_names_nobody(app):
    scene = make_scene(2, state="registration")

    board = board_of(scene)

    assert (board.state, board.rows) == ("coming", ())


def test_the_board_shows_places_totals_and_columns(app):
    scene = make_scene(3, teams=("甲队",), document=factories.plan_document(
        teams={"method": "sum", "size": 3}
    )).finish()

    board = board_of(scene)

    assert [(row.number, row.place) for row in board.rows] == [("A003", 1), ("A002", 2), ("A001", 3)]
    assert [column.weight for column in board.columns] == ["30", "70"]
    assert [cell.text for cell in board.rows[0].cells] == ["62.00", "13.00"]
    assert [member.name for member in board.teams[0].members] == ["选手3", "选手2", "选手1"]
    assert board.state == "scoring"


def test_the_newest_mark_is_told_first(app):
    scene = make_scene(3).finish()
    scene.minute = 5
    scene.theory(1, 99)

    news = board_of(scene, 6).news[0]

    assert (news.name, news.module.key, news.mark) == ("选手2", "paper", "99.00")


def test_before_a_module_is_complete_places_gained_in_ten_minutes_are_shown(app):
    scene = make_scene(3)
    scene.theory(2, 60)
    for entrant, points in ((0, 5), (1, 8)):
        scene.submit(entrant, 1, points)
        scene.submit(entrant, 2, points)
    before = {row.number: row.place for row in board_of(scene, 19).rows}
    scene.minute = 20
    scene.submit(0, 1, 10)
    scene.submit(0, 2, 10)
    after = {row.number: row.place for row in board_of(scene, 21).rows}

    moved = {row.number: row.moved for row in board_of(scene, 21).rows}
    later = {row.number: row.moved for row in board_of(scene, 31).rows}

    assert before != after
    assert moved == {number: before[number] - place for number, place in after.items()}
    assert later == {"A001": 0, "A003": 0, "A002": 0}


def test_nothing_but_public_facts_leaves_by_the_door(app):
    """Codes, birth dates, judges, reasons, ids and others' states stay inside."""
    scene = make_scene(2).finish()
    entrant = scene.entrants[0]
    entrant.human.born_on = clock.now().date()
    draw = Draw(contest_id=scene.contest.id, stage="final", seed="s" * 8, at=clock.now())
    db.session.add(draw)
    db.session.flush()
    db.session.add(BlindCode(
        contest_id=scene.contest.id, draw_id=draw.id, stage="final", entrant_id=entrant.id,
        code="K7QX", start_order=1,
    ))
    db.session.commit()
    open_codes(scene.contest)
    scene.state(1, "disqualified")
    scene.penalty(0, 1)

    said = rendering.data_of(board_of(scene, 1))

    for secret in ("K7QX", "born", "disqualified", "said so", "late", "judge", "entrant_id",
                   entrant.check_in_token, scene.judges[0].name):
        assert secret not in said
    assert {row["state"] for row in json.loads(said)["rows"]} == {"normal", "unranked"}


def actor():
    return factories.make_official("Olga", "organiser")


def everything_public(app, slug):
    """Every public byte of a contest: pages, wall, both languages, data, codes, stream."""
    guest = app.test_client()
    answers = []
    paths = [f"/{name}" for name in rendering.VIEWS if name != "page"]
    paths += [f"/events?view={name}" for name in rendering.VIEWS]
    for path in ("", *paths, "/data.json", "/feed", "/qr.svg"):
        for language in ("zh", "en"):
            answer = guest.get(f"/board/{slug}{path}", headers={"Accept-Language": language})
            answers.append((path, language, answer.status_code, answer.headers.get("ETag"), answer.data))
    return answers


EVENTS_AFTER = [
    lambda scene: scene.submit(0, 1, 10),
    lambda scene: scene.submit(2, 2, 0, deducted=5),
    lambda scene: scene.write(1, 1, "reopen"),
    lambda scene: scene.write(1, 2, "excuse"),
    lambda scene: scene.theory(3, 100),
    lambda scene: scene.theory(3, None, "withdrawn"),
    lambda scene: scene.penalty(2, 7),
    lambda scene: scene.state(3, "disqualified"),
    lambda scene: scene.state(2, "absent", "risk"),
]


@pytest.mark.parametrize("later", [*range(len(EVENTS_AFTER)), "all"])
def test_two_worlds_that_differ_after_the_freeze_look_alike(app, later):
    """No public byte may tell what happened after the cut-off."""
    scene = make_scene(4, teams=("甲队", "乙队"), document=factories.plan_document(
        teams={"method": "sum", "size": 2},
        organisations={"points": [{"award": "first", "points": 4}], "order": "points"},
    )).finish()
    start = clock.now()
    clock.stand_still(start + timedelta(minutes=1))
    actions.freeze_board(actor(), scene.contest.id)
    clock.stand_still(start + timedelta(minutes=5))
    first_world = everything_public(app, scene.contest.slug)

    for event in EVENTS_AFTER if later == "all" else [EVENTS_AFTER[later]]:
        event(scene)
    second_world = everything_public(app, scene.contest.slug)
    clock.stand_still(start + timedelta(minutes=50))
    much_later = everything_public(app, scene.contest.slug)

    assert first_world == second_world == much_later
    actions.reveal_board(actor(), scene.contest.id)
    assert everything_public(app, scene.contest.slug) != first_world


def test_publishing_behind_a_frozen_board_shows_nothing(app):
    scene = make_scene(2).finish()
    start = clock.now()
    clock.stand_still(start + timedelta(minutes=1))
    actions.freeze_board(actor(), scene.contest.id)
    clock.stand_still(start + timedelta(minutes=2))
    before = everything_public(app, scene.contest.slug)

    results_actions.publish_results(actor(), scene.contest.id, "provisional")
    results_actions.publish_results(actor(), scene.contest.id, "final")

    assert everything_public(app, scene.contest.slug) == before
    assert board_of(scene).state == "scoring"
    actions.reveal_board(actor(), scene.contest.id)
    assert board_of(scene).state == "final"


def shown(scene):
    board = board_of(scene, 1)
    return board.state, [(row.number, row.place, row.total) for row in board.rows]


def test_after_publication_the_board_shows_the_published_revision_and_nothing_newer(app):
    """What the chief or a correction changes afterwards is public when somebody publishes it."""
    scene = make_scene(3).finish()
    petra = actor()
    results_actions.publish_results(petra, scene.contest.id, "provisional")
    published = shown(scene)
    pulse = pulse_queries.pulses(clock.now())[scene.contest.slug]
    assert published[0] == "provisional"

    scene.write(2, 1, "reopen")
    assert shown(scene) == published
    scene.submit(2, 1, 0)
    scene.state(0, "absent")
    assert shown(scene) == published
    assert pulse_queries.pulses(clock.now())[scene.contest.slug] == pulse

    results_actions.publish_results(petra, scene.contest.id, "provisional", "marked again")
    assert shown(scene) != published
    assert pulse_queries.pulses(clock.now())[scene.contest.slug] != pulse


def test_the_published_board_says_the_same_as_the_marks_did(app):
    """Reading the revision back loses nothing that the live board told of the same marks."""
    scene = make_scene(4, teams=("甲队", "乙队"), document=factories.plan_document(
        teams={"method": "sum", "size": 2},
        organisations={"points": [{"award": "first", "points": 4}], "order": "points"},
    )).finish([2, 3, 3, 4])
    scene.state(0, "absent", "risk")
    scene.state(1, "disqualified")
    live = board_of(scene, 60)
    assert len(live.organisations) == 2

    results_actions.publish_results(actor(), scene.contest.id, "provisional")
    printed = board_of(scene, 60)

    for name in (
        "stage", "columns", "rows", "teams", "team_size", "competed", "awards", "organisations",
    ):
        assert getattr(printed, name) == getattr(live, name), name


def test_results_taken_back_are_shown_as_published_and_being_corrected(app):
    scene = make_scene(3).finish()
    results_actions.publish_results(actor(), scene.contest.id, "provisional")
    _, lines = shown(scene)

    results_actions.reopen_results(actor(), scene.contest.id, "appeal upheld")
    scene.penalty(2, 3)

    assert shown(scene) == ("correction", lines)
    assert board_of(scene).news == ()


def test_an_unfinished_sum_is_counted_as_unfinished_and_not_called_a_place(app):
    scene = make_scene(3)
    scene.theory(0, 70)
    scene.submit(0, 1, 5)
    scene.submit(0, 2, 5)
    scene.minute = 1
    scene.theory(1, 99)

    board = board_of(scene, 2)
    page = app.test_client().get(
        f"/board/{scene.contest.slug}", headers={"Accept-Language": "en"}
    ).text

    assert (board.finished, len(board.rows)) == (1, 3)
    assert [(news.name, news.place) for news in board.news][0] == ("选手2", None)
    assert "1 of 3 complete" in page
    assert page.count('class="medal medal-1"') <= 1


def test_a_new_plan_behind_a_frozen_board_shows_nothing(app):
    scene = make_scene(2).finish()
    start = clock.now()
    clock.stand_still(start + timedelta(minutes=1))
    actions.freeze_board(actor(), scene.contest.id)
    clock.stand_still(start + timedelta(minutes=2))
    before = everything_public(app, scene.contest.slug)

    document = factories.plan_document()
    document["parts"][0]["weight"], document["parts"][1]["weight"] = 70, 30
    document = json.loads(canonical(document))
    db.session.add(PlanVersion(
        contest_id=scene.contest.id, number=2, document=document,
        document_hash=plan_hash(plan_from(document)), proposed_at=clock.now(),
        in_force_at=clock.now(),
    ))
    scene.contest.marks_version += 1
    db.session.commit()

    assert everything_public(app, scene.contest.slug) == before


def test_officials_are_told_how_many_lines_differ(app):
    scene = make_scene(3).finish()
    start = clock.now()
    clock.stand_still(start + timedelta(minutes=1))
    actions.freeze_board(actor(), scene.contest.id)
    clock.stand_still(start + timedelta(minutes=5))

    scene.submit(0, 1, 10)
    scene.submit(0, 2, 10)

    assert queries.switches(scene.contest.id, clock.now()).differing == 3


def test_the_pulse_changes_when_a_freeze_begins_by_itself(app):
    scene = make_scene(1).finish()
    now = clock.now().replace(second=1)
    actions.freeze_board(actor(), scene.contest.id, now + timedelta(seconds=30))

    before = pulse_queries.pulses(now + timedelta(seconds=29))[scene.contest.slug]
    after = pulse_queries.pulses(now + timedelta(seconds=31))[scene.contest.slug]

    assert before != after


def drawn(scene):
    """Blind codes K1, K2, … for the entrants of a scene."""
    draw = Draw(contest_id=scene.contest.id, stage="final", seed="s" * 8, at=clock.now())
    db.session.add(draw)
    db.session.flush()
    for number, entrant in enumerate(scene.entrants, 1):
        db.session.add(BlindCode(
            contest_id=scene.contest.id, draw_id=draw.id, stage="final", entrant_id=entrant.id,
            code=f"K{number}", start_order=number,
        ))
    db.session.commit()
    return scene


def test_while_blind_works_are_marked_the_board_tells_codes_and_no_name(app):
    scene = drawn(make_scene(3, teams=("甲队",), document=factories.plan_document(
        teams={"method": "sum", "size": 3}
    )))
    for entrant in range(3):
        scene.theory(entrant, 60 + entrant)
    scene.sheet(2, 1)
    for entrant, points in ((0, 4), (1, 6)):
        for seat in (1, 2):
            scene.submit(entrant, seat, points)

    board = board_of(scene)
    said = rendering.data_of(board)
    assert board.by_code and board.teams == ()
    assert [(row.name, row.cells[0].text) for row in board.rows] == [
        ("K2", "16.00"), ("K1", "14.00"), ("K3", None)
    ]
    for secret in ("选手", "A00", "61.00", scene.entrants[0].organisation.name):
        assert secret not in said

    for seat in (1, 2):
        scene.submit(2, seat, 9)
    assert board_of(scene).by_code
    open_codes(scene.contest)
    board = board_of(scene)
    assert not board.by_code and [row.name for row in board.rows] == ["选手3", "选手2", "选手1"]


def test_a_frozen_board_stays_under_codes_when_the_last_sheet_comes_in_behind_it(app):
    scene = drawn(make_scene(2))
    scene.sheet(1, 2)
    for entrant, seat in ((0, 1), (0, 2), (1, 1)):
        scene.submit(entrant, seat, 5)
    start = clock.now()
    clock.stand_still(start + timedelta(minutes=1))
    actions.freeze_board(actor(), scene.contest.id)
    before = everything_public(app, scene.contest.slug)
    scene.minute = 5
    scene.submit(1, 2, 5)
    clock.stand_still(start + timedelta(minutes=9))

    assert everything_public(app, scene.contest.slug) == before
    assert queries.public_board(scene.contest.slug, clock.now()).by_code
