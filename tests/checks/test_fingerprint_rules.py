"""A signature is compared in the encoding in which it was given, whatever a later program encodes."""

import numpy as np
import pytest

from contest.checks import fingerprint_rules, sign_queries
from contest.checks.fingerprint_rules import NEWEST, Facts, encode, version_of
from contest.checks.models import Signature
from contest.db import db
from contest.scoring.book import Book
from tests.checks import test_road
from tests.checks.test_signed_results import add_penalty, mend_birth_date, states

road = test_road.road
SHEETS = np.arange(12, dtype=np.int64).reshape(3, 2, 2)
FIRST = {
    "plan": "91a01bfb7e3dcb0f", "marks": "ed2777d10b70a68e", "scores": "fa4f7eebbdb17462",
    "figures": "08284ae57380cc98", "penalties": "59ee2bd8cf5d9710", "adjustments": "75b44af51348beaf",
    "states": "6742592baee8c71a", "rulings": "23014195a748c98d", "people": "3516d9a7df1ed772",
    "result": "cfa45267dd74908b",
}
SECOND = FIRST | {"figures": "9d948f2d6236d78e", "people": "241606726e5277bc"}


def made_facts(**changes):
    """Three entrants with something of everything; their ids stand in another order than they do."""
    yes, some = np.ones(3, dtype=bool), np.array([True, False, True])
    book = {
        "entrants": ("12", "7", "30"), "group": ("甲", "乙", "甲"), "team": np.array([0, -1, 1]),
        "teams": ("4", "5"), "state": np.array([0, 1, 3], dtype=np.int8),
        "raw": {"risk": SHEETS * 5_000}, "given": {"risk": SHEETS > 3},
        "submitted": {"risk": np.array([[True, True], [True, False], [False, False]])},
        "excused": {"risk": np.zeros((3, 2), dtype=bool)},
        "score": {"paper": np.array([870_000, 5, 900_000])}, "score_given": {"paper": some},
        "module_state": {"risk": np.array([0, 1, 2], dtype=np.int8)},
        "penalty": {"risk": np.array([0, 10_000, 0])}, "adjustment": {"risk": np.array([500, 0, -500])},
        "difficulty": {"risk": np.array([12_000, 0, 11_000])}, "difficulty_given": {"risk": some},
        "ruling": np.array([0, 2, 1]), "team_ruling": np.array([1, 2]), "entered": {"final": yes},
        "organisation": ("一厂", "二厂", "一厂"), "room": ("", "1", "2"), "person": ("1", "2", "3"),
        "gender": ("f", "m", ""), "employment": ("", "", "full"),
        "titles": (frozenset(), frozenset({"b", "a"}), frozenset()),
        "data": {"birth_date": np.array([7_276_580_000, 0, 7_300_000_000]), "weight": np.array([1, 2, 3])},
        "data_given": {"birth_date": some, "weight": yes},
        **changes,
    }
    who = [[7, "A1", "张三", "一厂", None], [12, "A2", "李四", "二厂", 4], [30, "A3", "王五", "一厂", 5]]
    result = ["final", [[7, 1, "87.50", "normal"]], [[4, 1, "80", [12]]]]
    return Facts([3, "0" * 64], Book(**book), who, [[4, "一队", "一厂", ""]], result)


@pytest.mark.parametrize("version, parts", [(1, FIRST), (2, SECOND)])
def test_an_encoding_stays_what_it_was(version, parts):
    """Whoever changes one of these figures makes every signature void that was given in this version."""
    found = encode(made_facts(), version)

    assert {part: text[:16] for part, text in found.items() if part != "version"} == parts
    assert version_of(found) == version


def test_a_birth_date_says_who_somebody_is_and_is_no_figure():
    before = made_facts()
    data = {**before.book.data, "birth_date": np.array([0, 0, 7_300_000_000])}
    given = {**before.book.data_given, "birth_date": np.array([False, False, True])}
    after = made_facts(data=data, data_given=given)

    differ = [
        {part for part, text in encode(before, version).items() if encode(after, version)[part] != text}
        for version in (1, 2)
    ]

    assert differ == [{"figures"}, {"people"}]


def sign_in(road, monkeypatch, version):
    """Both sign with a program whose newest encoding is this one."""
    with monkeypatch.context() as other:
        other.setattr(sign_queries, "NEWEST", version)
        road.sign()
    return db.session.query(Signature).filter_by(role="supervisor").one().fingerprint


def test_a_changed_encoding_voids_no_signature_that_was_given_before(road, monkeypatch):
    found = sign_in(road, monkeypatch, 1)

    assert version_of(found) == 1 != NEWEST and states(road.contest.id) == ["signed", "signed"]
    mend_birth_date(road)
    told = [one.changed for one in sign_queries.signed(road.contest.id).stage]
    assert told == [("Since the signature a recorded figure has changed.",)] * 2
    road.contest.state = "final"
    assert states(road.contest.id) == ["signed", "signed"]


def test_an_encoding_that_is_still_to_come_voids_none_of_today(road, monkeypatch):
    mend_birth_date(road)
    road.sign()
    monkeypatch.setitem(fingerprint_rules.PERSONAL, 3, ())
    monkeypatch.setattr(sign_queries, "NEWEST", 3)

    found = sign_queries.signed(road.contest.id)
    assert version_of(found.fingerprint) == 3
    assert [found.state_of(role) for role in ("chief_judge", "supervisor")] == ["signed", "signed"]
    add_penalty(road)
    assert states(road.contest.id) == ["void", "void"]


def test_a_signature_of_a_newer_program_is_not_taken_for_one_that_holds(road, monkeypatch):
    with monkeypatch.context() as other:
        other.setitem(fingerprint_rules.PERSONAL, 9, ())
        assert version_of(sign_in(road, monkeypatch, 9)) == 9

    [told, _] = [one.changed for one in sign_queries.signed(road.contest.id).stage]
    assert told == ("The signature is from a newer version of the program, which alone can compare it.",)
    road.contest.state = "final"
    assert states(road.contest.id) == ["signed", "signed"]
