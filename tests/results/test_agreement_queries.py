import pytest

from contest.db import db
from contest.errors import Missing
from contest.judging.models import Sheet
from contest.results import agreement_queries
from tests import factories
from tests.results.scenes import make_scene


def health_of(scene, module="risk"):
    healths = agreement_queries.panel_healths(scene.contest.id)
    return agreement_queries.choose_health(healths, module)


def test_each_judge_is_compared_with_the_others(app):
    scene = make_scene(3)
    for entrant, (one, other) in enumerate([(8, 6), (7, 6), (6, 3)]):
        scene.submit(entrant, 1, one)
        scene.submit(entrant, 2, other)

    health = health_of(scene)

    # +2 +1 +3: mean 2
    assert [line.figures.offset for line in health.judges] == pytest.approx([2, -2])
    assert [line.name for line in health.judges] == [judge.name for judge in scene.judges]
    assert [line.seats for line in health.judges] == [(1,), (2,)]
    assert health.found.concordance.entrants == 3
    assert (health.sheets, health.handed_out) == (6, 3)


def test_a_reopened_sheet_counts_no_longer(app):
    scene = make_scene(3)
    for entrant in range(3):
        scene.submit(entrant, 1, 5)
        scene.submit(entrant, 2, 6)
    scene.write(0, 2, "reopen")

    assert [line.figures.sheets for line in health_of(scene).judges] == [3, 2]


def test_a_reserve_is_a_judge_of_their_own_behind_the_holder_of_the_seat(app):
    scene = make_scene(4)
    reserve = factories.make_judge(scene.contest)
    for entrant in range(4):
        scene.submit(entrant, 1, 5 + entrant)
        scene.submit(entrant, 2, 6 + entrant)
    sheet = db.session.get(Sheet, scene.sheets[(3, 2, "risk")])
    sheet.judge_id = reserve.id
    db.session.commit()

    lines = health_of(scene).judges

    assert [line.name for line in lines] == [*(judge.name for judge in scene.judges), reserve.name]
    assert [line.is_reserve for line in lines] == [False, False, True]
    assert [line.figures.sheets for line in lines] == [4, 3, 1]
    assert health_of(scene).found.concordance.entrants == 3


def test_sheets_of_the_own_organisation_are_told(app):
    scene = make_scene(3)
    scene.judges[0].organisation_id = scene.entrants[1].organisation_id
    db.session.commit()
    for entrant in range(3):
        scene.submit(entrant, 1, 5)
        scene.submit(entrant, 2, 5)

    homes = {entrant.organisation_id for entrant in scene.entrants}
    expected = 3 if len(homes) == 1 else 1
    assert health_of(scene).judges[0].figures.own.sheets == expected
    assert [each.judge for each in health_of(scene).findings] == [0]


def test_who_is_absent_or_has_withdrawn_is_left_out(app):
    scene = make_scene(3)
    for entrant in range(3):
        scene.submit(entrant, 1, 5)
        scene.submit(entrant, 2, 5)
    scene.state(0, "withdrawn")
    scene.state(1, "absent", "risk")

    assert [line.figures.sheets for line in health_of(scene).judges] == [1, 1]


def test_a_module_without_sheets_and_one_that_is_not_there(app):
    scene = make_scene(2)

    assert health_of(scene).sheets == 0 and health_of(scene).judges == ()
    assert health_of(scene, None).module.key == "risk"
    for module in ("paper", "nowhere"):
        with pytest.raises(Missing):
            health_of(scene, module)
    assert agreement_queries.choose_health([], None) is None


def test_a_blind_module_names_nobody(app):
    scene = make_scene(2)
    scene.submit(0, 1, 8)
    scene.submit(0, 2, 5)

    [line, _] = health_of(scene).judges

    assert health_of(scene).module.blind
    assert line.largest == ("–", None)  # no draw was held, so there is no code either


def two_panels():
    """The small plan with one panel of two for each of its two aspects."""
    document = factories.plan_document()
    risk = document["modules"][1]
    del risk["panel"]
    [criterion] = risk["criteria"]
    first, second = criterion["aspects"]
    risk["panels"] = [
        {"key": key, "name": name, "name_en": key, "judges": 2, "level": "sheet", "method": "mean"}
        for key, name in (("talk", "讲"), ("deed", "做"))
    ]
    risk["criteria"] = [
        {**criterion, "key": "A", "panel": "talk", "aspects": [first]},
        {**criterion, "key": "B", "panel": "deed", "aspects": [second]},
    ]
    return document


def test_each_of_several_panels_is_a_health_of_its_own(app, as_role):
    scene = make_scene(3, two_panels())
    scene.judges += [factories.make_judge(scene.contest) for _ in range(2)]
    for entrant, (one, other) in enumerate([(8, 6), (7, 6), (6, 3)]):
        scene.write(entrant, 1, "submit", {"A1": str(one)})
        scene.write(entrant, 2, "submit", {"A1": str(other)})
        scene.write(entrant, 3, "submit", {"A2": {}})
        scene.write(entrant, 4, "submit", {"A2": {"0": entrant}})

    talk, deed = health_of(scene, "risk.talk"), health_of(scene, "risk.deed")

    assert health_of(scene, "risk").key == talk.key
    assert [line.seats for line in deed.judges] == [(3,), (4,)]
    assert [line.figures.offset for line in talk.judges] == pytest.approx([2, -2])
    # Nothing, one and two times a deduction of 2 from 10: 0, 2 and 4 points apart.
    assert [line.figures.offset for line in deed.judges] == pytest.approx([2, -2])
    assert (talk.found.top, deed.found.top) == (10, 10)
    page = as_role("organiser", scene.contest).get(
        f"/contests/{scene.contest.id}/results/agreement?module=risk.deed"
    )
    assert "Risk · deed" in page.text
