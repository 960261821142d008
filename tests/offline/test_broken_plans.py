"""Plans of the rules' examples, turned about at random: what is refused is told in a sentence, and what
both scorers take they score alike."""

import copy
import random
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from contest.offline.answer import answer_of
from contest.offline.refusal import FileError
from contest.offline.standings import score_files
from contest.recount import Refused, recount
from contest.recount.files import table
from contest.scoring.book import BookError
from contest.scoring.scheme import PlanError
from contest.scoring.scheme_reading import plan_from

EXAMPLES = sorted((Path(__file__).resolve().parents[2] / "docs" / "rules" / "examples").iterdir())
ODD = [
    None, 0, 1, -1, 2, 3, 10**6, 10**15, "", "x", "1", "0.5", "１", "mean", "high", "low", True, False, [],
    {}, [1], ["a"], Decimal("NaN"), Decimal("Infinity"), Decimal("1E+500"), Decimal("0.00001"),
    Decimal("2.0"),
    "final", "skill", "A1", "1/0",
]
TURNS = 12


def places_in(value, path=()):
    """The steps to everything in a document, but for the document itself."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, one in inner:
        yield (*path, step)
        yield from places_in(one, (*path, step))


def turned(document, rng):
    """The document with one thing left out, doubled, or made into something else."""
    document = copy.deepcopy(document)
    *way, last = rng.choice(list(places_in(document)))
    holder = document
    for step in way:
        holder = holder[step]
    chance = rng.random()
    if chance < 0.3:
        del holder[last]
    elif chance < 0.4 and isinstance(holder, list):
        holder.append(copy.deepcopy(holder[last]))
    else:
        holder[last] = copy.deepcopy(rng.choice(ODD))
    return document


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda folder: folder.name)
def test_a_broken_plan_is_refused_by_a_sentence_or_scored_alike(folder):
    rng = random.Random(folder.name)
    document = tomllib.loads((folder / "plan.toml").read_text("utf-8"), parse_float=Decimal)
    marks = folder / "MARKS.csv"
    people = folder / "ENTRANTS.csv" if (folder / "ENTRANTS.csv").exists() else None
    rows = table(str(marks), "marks", ("entrant", "item", "judge", "value"))
    listed = table(str(people), "entrants", ("code",)) if people else None
    refused = 0
    for _ in range(TURNS):
        broken = turned(document, rng)
        try:
            answer = answer_of(score_files(plan_from(broken), marks, people))
        except (PlanError, FileError, BookError) as why:
            assert str(why)
            answer, refused = None, refused + 1
        try:
            again = recount(broken, rows, listed)
        except Refused as why:
            assert str(why)
            again = None
        if answer is not None:
            assert again == answer
    assert refused
