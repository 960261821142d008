"""How many sheets are compared with their paper, and which."""

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.audit.models import TrailRow
from contest.checks import sample_queries, sample_rules
from contest.db import db
from contest.errors import Invalid
from contest.setup.models import Contest
from tests.results.scenes import make_scene


@pytest.mark.parametrize(("sheets", "bad", "size"), [
    (300, 5, 54), (1000, 5, 57), (300, 1, 189), (1000, 1, 258), (0, 5, 0), (1, 5, 1),
])
def test_the_figures_of_the_design_notes(sheets, bad, size):
    assert sample_rules.sample_size(sheets, bad, 95) == size


@given(st.integers(1, 400), st.integers(1, 50), st.integers(*sample_rules.CONFIDENCE))
def test_it_is_enough_and_one_less_is_not(sheets, percent, confidence):
    size = sample_rules.sample_size(sheets, percent, confidence)
    good = sheets - max(1, sheets * percent // 100)

    def misses(count):
        return comb(good, count) * 100 > (100 - confidence) * comb(sheets, count)

    assert not misses(size)
    assert size == 1 or misses(size - 1)


def test_the_same_seed_draws_the_same_whatever_the_order():
    labels = [f"A{n:03d} risk 1" for n in range(200)]

    first = sample_rules.draw(labels, 20, "3 1 4 1 5")

    assert sample_rules.draw(reversed(labels), 20, "3 1 4 1 5") == first
    assert sample_rules.draw(labels, 40, "3 1 4 1 5")[:20] == first
    assert set(sample_rules.draw(labels, 20, "3 1 4 1 6")) != set(first)


def row(code, place, total, *awards, goes_on=False):
    return {"code": code, "place": place, "total": total, "awards": list(awards), "goes_on": goes_on}


def test_those_next_to_a_line_are_compared_in_full():
    rows = [
        row("a", 1, "90.00", "first"), row("b", 2, "80.00", "second"), row("c", 3, "79.60", "second"),
        row("d", 4, "70.00"), row("e", 5, "69.60"), row("f", 6, "50.00"), row("g", None, None),
    ]

    assert sample_rules.at_a_line(rows, 0) == {
        "a": ["first"], "b": ["first"], "c": ["second"], "d": ["second"],
    }
    assert sample_rules.at_a_line(rows, 1)["e"] == ["second"]


def test_who_shares_a_place_at_a_line_is_at_it():
    rows = [row("a", 1, "9", goes_on=True), row("b", 2, "8", goes_on=True),
            row("c", 3, "7"), row("d", 3, "7")]

    assert set(sample_rules.at_a_line(rows, 0)) == {"b", "c", "d"}


@pytest.mark.parametrize(("form", "field"), [
    ({"confidence": "49"}, "confidence"), ({"confidence": "94.5"}, "confidence"),
    ({"bad": "0"}, "bad"), ({"bad": "nan"}, "bad"),
    ({"margin": "-1"}, "margin"), ({"seed": "x" * 201}, "seed"),
])
def test_what_cannot_be_read_is_named(form, field):
    with pytest.raises(Invalid) as refused:
        sample_rules.read_wishes(form)
    assert list(refused.value.fields) == [field]


@pytest.fixture
def scene(app):
    return make_scene(8).finish()


def test_a_sample_is_drawn_shown_and_kept_in_the_trail(as_role, scene):
    contest = db.session.get(Contest, scene.contest.id)
    browser = as_role("supervisor", contest)
    address = f"/contests/{contest.id}/results/sample"

    drawn = browser.post(address, data={"seed": "6 2 5", "bad": "20"}, follow_redirects=True).text

    kept = db.session.query(TrailRow).filter_by(did="sample.draw").one()
    found = sample_queries.sample(contest.id, 95, 20, 0, "6 2 5")
    assert kept.facts["sheets"] == 24  # sixteen sheets, eight scores
    assert found.drawn == found.size == kept.facts["size"]
    assert f"{found.size} of 24" in drawn
    assert "by lot" in drawn and "next to a line" in drawn


def test_without_a_seed_nothing_is_drawn(as_role, scene):
    contest = db.session.get(Contest, scene.contest.id)
    answer = as_role("supervisor", contest).post(f"/contests/{contest.id}/results/sample", data={})

    assert answer.status_code == 422
    assert db.session.query(TrailRow).filter_by(did="sample.draw").count() == 0
