"""docs/asvs.csv: each line of the security standard (OWASP ASVS 5.0) names places, and all of them exist."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
COLUMNS = ["id", "level", "requirement", "how", "evidence", "state"]
STATES = {"met", "partly", "not", "not applicable"}
# How many requirements of each level the text of 5.0.0 has; of level 3 only those that we took on.
IN_THE_STANDARD = {"1": 70, "2": 183}
TAKEN_ON = {"V1.2.10", "V2.3.5", "V4.1.5", "V7.5.3", "V14.2.6", "V15.4.2"}


def read_lines():
    with (ROOT / "docs/asvs.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


LINES = read_lines()
PLACES = sorted({place for line in LINES for place in line["evidence"].split(";")})


def key_of(name):
    """The numbers of an id; ValueError for anything else.

    >>> key_of("V1.2.10")
    (1, 2, 10)
    """
    if not re.fullmatch(r"V([1-9]|1[0-7])(\.[1-9][0-9]?){2}", name):
        raise ValueError(name)
    return tuple(map(int, name[1:].split(".")))


def has_test(path, name):
    """Is there a test function of this name at the left margin of the file?"""
    text = path.read_text("utf-8")
    return re.search(rf"^(async )?def {re.escape(name)}\(", text, re.MULTILINE) is not None


def test_the_columns_and_words_are_those_that_are_known():
    assert list(LINES[0]) == COLUMNS
    for line in LINES:
        assert None not in line and all(line[name].strip() == line[name] != "" for name in COLUMNS), line
        assert line["state"] in STATES, line["id"]
        assert len(line["requirement"]) <= 80 and len(line["how"]) <= 200, line["id"]


def test_every_id_is_one_and_they_stand_in_order():
    keys = [key_of(line["id"]) for line in LINES]

    assert keys == sorted(set(keys))


@pytest.mark.parametrize("wrong", ["1.2.3", "V18.1.1", "V0.1.1", "V1.2", "V1.2.3.4", "V1.02.3", "v1.2.3"])
def test_what_is_no_id_is_seen(wrong):
    with pytest.raises(ValueError, match=re.escape(wrong)):
        key_of(wrong)


def test_no_line_of_level_one_or_two_is_left_out():
    levels = Counter(line["level"] for line in LINES)

    assert {level: levels[level] for level in IN_THE_STANDARD} == IN_THE_STANDARD
    assert {line["id"] for line in LINES if line["level"] == "3"} == TAKEN_ON
    assert set(levels) == {"1", "2", "3"}


def test_what_is_partly_or_not_says_what_is_missing():
    for line in LINES:
        says = re.search(r"missing: \S", line["how"], re.IGNORECASE) is not None
        assert says == (line["state"] in {"partly", "not"}), line["id"]


@pytest.mark.parametrize("place", PLACES)
def test_every_place_exists(place):
    path, _, name = place.partition("::")

    assert (ROOT / path).is_file()
    assert (ROOT / path).resolve().is_relative_to(ROOT)
    if "::" in place:
        assert path.startswith("tests/") and has_test(ROOT / path, name)


def test_a_test_that_is_not_there_is_seen():
    here = Path(__file__)

    assert has_test(here, "test_every_place_exists")
    assert not has_test(here, "test_every_place")
    assert not has_test(here, "test_nowhere")
