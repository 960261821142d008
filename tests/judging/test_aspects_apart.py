"""An aspect whose judges' marks lie further apart than its own limit: the panel is called to talk of it."""

import copy
import re
from decimal import Decimal
from fractions import Fraction

import pytest

from contest.accounts.models import User
from contest.audit.models import TrailRow
from contest.audit.work import Actor
from contest.db import db
from contest.errors import Conflict
from contest.judging import again_queries, apart_rules, chief_actions, desk_queries
from contest.judging.again_queries import Line
from contest.judging.apart_rules import Given
from contest.judging.attempt_lines import value_of
from contest.results.queries import standings
from contest.scoring.scheme import Aspect
from contest.setup.queries import plan_in_force
from tests import factories
from tests.judging.panels import EVERY_KIND, make_panel, mark

CHIEF = Actor(None, "chief")


def limited():
    """The small plan, whose A1 may lie 2 points apart; the sums 5."""
    document = factories.plan_document()
    document["modules"][1]["criteria"][0]["aspects"][0]["apart"] = Decimal("2")
    return document


@pytest.fixture
def panel(app):
    """701: A1 lies 3 apart and the sums 3 less 2; 702: A1 lies 2 apart."""
    made = make_panel(2, document=limited())
    give(made, ("9", {"0": 1}), ("6", {}))  # 17 and 16
    give(made, ("9", {}), ("7", {}), entrant=1)
    return made


def give(panel, *marks, entrant=0):
    for seat, (points, reasons) in enumerate(marks, start=1):
        mark(panel, {"A1": points, "A2": reasons}, seat=seat, entrant=entrant)


def words(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))


def test_the_desk_finds_it_and_names_the_aspect_and_what_each_judge_gave(panel):
    matrix = desk_queries.matrix(panel.contest.id, "risk", "odd")
    names = [judge.name for judge in panel.judges]

    [row] = matrix.rows
    [bench] = row.benches
    assert (row.code, bench.odd, bench.is_apart, matrix.counts["odd"]) == ("701", False, True, 1)
    [talk] = bench.talk
    assert (talk.aspect.key, talk.gap, talk.limit) == ("A1", "3", "2")
    assert talk.given == (Given(1, names[0], "9"), Given(2, names[1], "6"))
    assert standings(panel.contest.id).rows[0].modules["risk"].done


def test_desk_and_page_say_it_in_words(panel, as_role):
    chief = as_role("chief_judge", panel.contest)
    desk = f"/contests/{panel.contest.id}/chief"

    told = words(chief, f"{desk}?module=risk&kind=odd").split("What the panels have to talk about")[1]
    given = " ".join(f"Seat {seat} {panel.judges[seat - 1].name} {text}" for seat, text in ((1, 9), (2, 6)))
    assert f"701 A1 Complete : 3 apart, allowed 2 {given}" in told
    assert "702" not in told
    assert "have to talk about" not in words(chief, f"{desk}?module=risk")

    page = words(chief, f"{desk}/risk/701")
    assert "the marks of an aspect differ by more than the plan" in page
    assert "the sums of this panel differ" not in page and "judges differ by" not in page
    assert f"A1 Complete : 3 apart, allowed 2 {given}" in page
    assert "have to talk" not in page and "the marks of an aspect" not in words(chief, f"{desk}/risk/702")


def test_sums_and_aspects_are_told_beside_each_other(panel, as_role):
    give(made := make_panel(1, document=limited()), ("10", {}), ("2", {}))
    [bench] = desk_queries.matrix(made.contest.id, "risk").rows[0].benches

    assert [(talk.aspect and talk.aspect.key, talk.gap, talk.limit) for talk in bench.talk] == [
        (None, "8.00", "5"), ("A1", "8", "2"),
    ]
    assert [cell.shown for cell in bench.cells] == ["odd", "odd"]
    page = words(as_role("chief_judge", made.contest), f"/contests/{made.contest.id}/chief/risk/701")
    assert "The sums : 8.00 apart, allowed 5" in page and "Far apart: the judges differ by 8.00" in page


def test_the_panel_marks_again_and_both_marks_of_the_aspect_are_kept(panel, as_role):
    where = (panel.contest.id, "risk", panel.entrants[0].id)
    assert chief_actions.mark_again(CHIEF, *where, "", "look at A1") == 2
    with pytest.raises(Conflict, match="not too far apart"):
        chief_actions.mark_again(CHIEF, panel.contest.id, "risk", panel.entrants[1].id, "", "no")
    row = db.session.query(TrailRow).filter_by(did="sheets.mark_again").one()
    assert row.facts["aspects"] == ["A1"]

    give(panel, ("8", {"0": 1}), ("7.5", {}))
    [found] = again_queries.rounds(*where, plan_in_force(panel.contest.id).plan.rounding)
    names = [judge.name for judge in panel.judges]
    assert found.aspects == (("A1", (Line(1, names[0], "9", "8"), Line(2, names[1], "6", "7.5"))),)
    page = words(as_role("chief_judge", panel.contest), f"/contests/{panel.contest.id}/chief/risk/701")
    told = page.split("Marked again by the panel")[1]
    assert f"A1 Complete Seat 1 {names[0]} 9 8 A1 Complete Seat 2 {names[1]} 6 7.5" in told


def test_a_chief_whose_own_sheet_is_open_is_told_nothing(app):
    made = make_panel(2, document=limited())
    user = db.session.get(User, made.judges[0].user_id)
    factories.make_grant(user, "chief_judge", made.contest)
    give(made, ("9", {"0": 2}), ("5.5", {}), entrant=1)
    mark(made, {"A1": "9", "A2": {"0": 2}}, "draft")
    mark(made, {"A1": "4.5", "A2": {}}, seat=2)
    client, desk = factories.browser_of(app, user), f"/contests/{made.contest.id}/chief"

    told = words(client, f"{desk}?module=risk&kind=odd")
    assert "702 A1 Complete : 3.5 apart" in told and "701" not in told and "4.5" not in told
    assert "the marks of an aspect differ" not in words(client, f"{desk}/risk/701")

    mark(made, {"A1": "9", "A2": {"0": 2}})
    assert "701 A1 Complete : 4.5 apart" in words(client, f"{desk}?module=risk&kind=odd")


def test_a_struck_out_sheet_is_not_compared(panel):
    chief_actions.excuse_seat(CHIEF, panel.contest.id, panel.sheet(seat=2).id, "ill")

    assert desk_queries.matrix(panel.contest.id, "risk").counts["odd"] == 0


def test_the_desk_and_the_results_find_the_same(app):
    document = limited()
    timed = copy.deepcopy(EVERY_KIND[4]) | {"key": "A3", "apart": 5, "attempts": 2, "better": "low"}
    del document["modules"][1]["panel"]["spread"]
    document["modules"][1]["criteria"][0]["aspects"].append(timed)
    document["modules"][1]["max"] = 60
    made = make_panel(4, document=document)
    times = [
        (["300", "x"], ["x", "305"]), (["300"], ["306"]), (["x"], ["300"]), (["350", "300"], ["310", "305"]),
    ]
    for entrant, pair in enumerate(times):
        for seat, each in enumerate(pair, start=1):
            mark(made, {"A1": "5", "A2": {}, "A3": each}, seat=seat, entrant=entrant)

    rows = desk_queries.matrix(made.contest.id, "risk").rows
    found = {row.entrant_id: row.modules["risk"].note for row in standings(made.contest.id).rows}
    assert [row.odd for row in rows] == [False, True, False, False]
    assert [found[row.entrant_id] == "odd" for row in rows] == [False, True, False, False]


@pytest.mark.parametrize(("kind", "value", "expected"), [
    ("points", "9.5", 95_000), ("points", None, None), ("points", "99", None), ("points", "x", None),
    ("judgement", 2, 20_000), ("measured", "x", None), ("measured", "3", 30_000),
])
def test_what_a_mark_puts_at_stake(kind, value, expected):
    aspect = Aspect("A1", "质量", kind, 100_000, step=5_000, highest=100_000)

    assert value_of(aspect, value) == (None if expected is None else Fraction(expected))


def test_an_attempt_that_failed_is_shown_and_not_compared():
    aspect = Aspect("A1", "用时", "measured", 100_000, highest=100_000, apart=0)
    sheets = [(seat, "裁判", {"A1": value}) for seat, value in enumerate(("3", "x", "4"), start=1)]
    talk = apart_rules.apart_in(aspect, sheets)

    assert ([one.text for one in talk.given], talk.gap) == (["3", "×", "4"], "1")
