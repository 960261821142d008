from datetime import UTC, datetime, timedelta
from types import SimpleNamespace as Row

import pytest

from contest.audit.work import Actor
from contest.errors import Conflict, Invalid, NotAllowed
from contest.results import rules

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)


def ruling(order, stage="final", about="entrants"):
    return Row(order=order, stage=stage, about=about)


def test_the_stage_of_a_moment_is_the_one_before_the_next_opening():
    openings = [Row(at=NOON, from_stage="first"), Row(at=NOON + timedelta(days=1), from_stage="second")]

    assert rules.stage_at("third", openings, NOON - timedelta(hours=1)) == "first"
    assert rules.stage_at("third", openings, NOON) == "second"
    assert rules.stage_at("third", openings, None) == "third"


@pytest.mark.parametrize(
    ("rulings", "expected"),
    [
        pytest.param([ruling([7, 5])], {1: 1, 0: 2}, id="exactly these"),
        pytest.param([ruling([7, 5]), ruling([5, 7])], {0: 1, 1: 2}, id="the latest stands"),
        pytest.param([ruling([7, 5, 9])], {}, id="one too many"),
        pytest.param([ruling([7])], {}, id="one too few"),
        pytest.param([ruling([7, 99])], {}, id="somebody who is gone"),
        pytest.param([ruling([7, 5], stage="first")], {}, id="another stage"),
        pytest.param([ruling([7, 5], about="teams")], {}, id="about teams"),
    ],
)
def test_a_ruling_holds_only_while_exactly_these_are_tied(rulings, expected):
    rows = {5: 0, 7: 1, 9: 2}

    assert rules.ruled_order(rulings, "final", "entrants", rows, [(0, 1)]) == expected


def test_an_order_is_read_from_typed_places():
    assert rules.read_order({11: "2", 12: "1", 13: "3"}) == [12, 11, 13]


@pytest.mark.parametrize("typed", [("1", "1"), ("1", "3"), ("0", "1"), ("1", ""), ("1", "x")])
def test_an_order_with_gaps_or_doubles_is_refused(typed):
    with pytest.raises(Invalid) as refused:
        rules.read_order(dict(zip((11, 12), typed, strict=True)))

    assert refused.value.fields


def test_a_ruling_needs_a_reason():
    with pytest.raises(Invalid):
        rules.check_ruling([1, 2], [(2, 1)], "  ")


def test_a_ruling_on_others_is_refused():
    with pytest.raises(Conflict):
        rules.check_ruling([1, 3], [(2, 1)], "drew lots")


def sheet(kind="provisional", document_hash="f", by_id=1):
    return Row(kind=kind, document_hash=document_hash, by_id=by_id)


def test_a_second_person_makes_results_final():
    rules.check_final("provisional", sheet(), "f", Actor(2, "Petra"))

    with pytest.raises(NotAllowed):
        rules.check_final("provisional", sheet(), "f", Actor(1, "Jana"))


@pytest.mark.parametrize(
    ("state", "latest", "fingerprint"),
    [
        ("scoring", sheet(), "f"), ("provisional", None, "f"), ("final", sheet(), "f"),
        ("provisional", sheet(kind="final"), "f"), ("provisional", sheet(), "other"),
    ],
)
def test_only_what_was_published_unchanged_becomes_final(state, latest, fingerprint):
    with pytest.raises(Conflict):
        rules.check_final(state, latest, fingerprint, Actor(2, "Petra"))


def test_equal_documents_have_equal_fingerprints():
    assert rules.fingerprint({"a": 1, "b": "名"}) == rules.fingerprint({"b": "名", "a": 1})
    assert rules.fingerprint({"a": 1}) != rules.fingerprint({"a": "1"})
