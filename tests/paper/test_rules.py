"""Numbers of papers, what a clerk may type, and what two clerks' figures come to (figure 22)."""

import random

import pytest

from contest.errors import Invalid, NotAllowed
from contest.paper import rules
from contest.paper.forms import fields_of
from contest.scoring.scheme_reading import plan_from
from tests.judging.panels import EVERY_KIND, two_modules

DRILL = next(m for m in plan_from(two_modules()).modules if m.key == "drill")
GOOD = {"A1": ["18.5"], "A2": ["1", "1"], "A3": ["10"], "A4": ["2"], "A5": ["350"]}
STORED = {"A1": "18.5", "A2": {"0": 1, "1": 1}, "A3": [True, False], "A4": 2, "A5": "350"}


def read(**changes):
    return rules.read_typed(DRILL, GOOD | changes)


def refusal(**changes):
    with pytest.raises(Invalid) as caught:
        read(**changes)
    return {key: str(why) for key, why in caught.value.fields.items()}


def test_a_wrong_digit_and_two_that_changed_places_are_found_in_a_number():
    for sheet_id in (7, 1204, 90_817, 2_000_000_000):
        digits, letter = rules.number_of(sheet_id).split("-")
        assert rules.read_number(f"{digits}{letter.lower()}") == sheet_id
        wrong = {digits[:at] + d + digits[at + 1:] for at in range(len(digits)) for d in "0123456789"}
        wrong |= {
            digits[:at] + digits[at + 1] + digits[at] + digits[at + 2:] for at in range(len(digits) - 1)
        }
        for other in wrong - {digits}:
            with pytest.raises(Invalid):
                rules.read_number(f"{other}-{letter}")


@pytest.mark.parametrize("text", ["", "1204", "P", "1204-", "９９９９９９９９９９９-A", "1204-P-2", "no/one"])
def test_what_is_no_number_is_refused_beside_its_field(text):
    with pytest.raises(Invalid) as caught:
        rules.read_number(text)
    assert set(caught.value.fields) == {"number"}


def test_every_kind_of_mark_is_typed_in_fields_of_its_own():
    assert read() == (STORED, ())
    names = {aspect.key: fields_of(aspect) for aspect in DRILL.aspects}
    assert names["A2"] == ["mark-A2-0", "mark-A2-1"]
    assert names["A3"] == ["mark-A3"]


def test_nothing_is_guessed():
    """A comma, a mark between the steps, an answer too few, an empty field: each is refused by itself."""
    assert set(refusal(A1=["16,10"])) == {"A1"}
    assert "between the steps" in refusal(A1=["16.1"])["A1"]
    assert "2 lines" in refusal(A3=["101"])["A3"]
    assert "2 lines" in refusal(A3=["1z"])["A3"]
    assert set(refusal(A1=[""], A2=["", ""], A5=["1e3"])) == {"A1", "A2", "A5"}
    assert "0 to 4" in refusal(A2=["5", ""])["A2"]


def test_nothing_to_deduct_is_typed_as_zero_and_full_width_digits_are_the_same_figure():
    assert read(A2=["0", ""])[0]["A2"] == {}
    assert read(A1=["１８．５"])[0] == STORED


def test_what_cannot_be_read_is_always_decided_by_a_third_person():
    marks, unclear = read(A4=["?"], A2=["", "？"])
    assert unclear == ("A2", "A4") and "A4" not in marks
    both = [rules.Version(source, marks, unclear) for source in ("first", "second")]
    assert rules.differing(DRILL, both) == ("A2", "A4")


def test_a_third_person_decides_each_field_with_a_reason():
    other = STORED | {"A1": "15.5", "A4": 3}
    both = [rules.Version("first", STORED), rules.Version("second", other)]
    why = "纸上是 15.5"
    with pytest.raises(Invalid) as caught:
        rules.decide(DRILL, both, {"A1": rules.Choice("second", ""), "A4": rules.Choice("tablet", why)})
    assert set(caught.value.fields) == {"A1", "A4"}
    decided = rules.decide(
        DRILL, both, {"A1": rules.Choice("second", why), "A4": rules.Choice("typed", why, "1")}
    )
    assert decided == STORED | {"A1": "15.5", "A4": 1}


def test_a_typed_decision_has_to_be_a_mark_as_well():
    both = [rules.Version("first", STORED), rules.Version("second", STORED | {"A1": "2"})]
    with pytest.raises(Invalid) as caught:
        rules.decide(DRILL, both, {"A1": rules.Choice("typed", "看不清", "20.5")})
    assert "out of range" in str(caught.value.fields["A1"])


def test_clerks_are_two_people_and_no_judges_and_the_third_is_another():
    rules.check_clerk(3, {1}, [2])
    for user_id in (1, 2):
        with pytest.raises(NotAllowed):
            rules.check_clerk(user_id, {1}, [2])
        with pytest.raises(NotAllowed):
            rules.check_third(user_id, {1}, [2, 4], "mismatch", True)
    rules.check_third(3, {1}, [2, 4], "mismatch", False)
    with pytest.raises(NotAllowed):
        rules.check_third(3, {1}, [2, 4], "overtaken", False)


def typist(chance, true):
    """What somebody types who misses one key in fifty: a neighbour, a digit twice, left out or swapped."""
    typed = {}
    for key, texts in true.items():
        typed[key] = []
        for text in texts:
            signs = list(text)
            for at in range(len(signs)):
                if chance.random() < 0.02:
                    signs[at] = chance.choice(["", signs[at] * 2, chance.choice("0123456789."), "/"])
            typed[key].append("".join(signs))
    return typed


def true_sheet(chance):
    return {
        "A1": [str(chance.randrange(41) / 2)],
        "A2": [str(chance.randrange(5)), str(chance.randrange(3))],
        "A3": ["".join(chance.choice("01") for _ in range(2))],
        "A4": [str(chance.randrange(4))],
        "A5": [str(chance.randrange(1801))],
    }


def enter(chance, true):
    """A clerk types until the fields are taken: what is refused is read again from the paper."""
    typed = typist(chance, true)
    while True:
        try:
            return rules.read_typed(DRILL, typed)[0]
        except Invalid as refused:
            typed |= {key: typist(chance, true)[key] for key in refused.fields}


def test_every_error_of_a_single_typist_is_caught_on_a_thousand_sheets():
    """Figure 22: 2 % typos for each typist; nothing wrong is stored unless both made the same mistake."""
    chance = random.Random(22)
    caught = alike = 0
    for _ in range(1000):
        true = true_sheet(chance)
        right, _ = rules.read_typed(DRILL, true)
        first, second = enter(chance, true), enter(chance, true)
        differs = rules.differing(
            DRILL, [rules.Version("first", first), rules.Version("second", second)]
        )
        wrong = {key for key in right if (first[key] == right[key]) != (second[key] == right[key])}
        assert wrong <= set(differs)
        caught += bool(wrong)
        alike += not differs and first != right
    assert caught > 50
    assert alike <= 1


def test_thirty_aspects_are_typed_within_forty_five_seconds():
    """Figure 57: at four keys a second; every field is its figures and Enter, and nothing else."""
    kinds = (EVERY_KIND * 6)[:30]
    one = {kind["key"]: GOOD[kind["key"]] for kind in EVERY_KIND}
    keys = sum(len(text) + 1 for kind in kinds for text in one[kind["key"]])
    number = len(rules.number_of(1204)) + 1
    assert keys + number <= 45 * 4
