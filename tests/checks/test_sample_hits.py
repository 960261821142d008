"""Figure 58: a sample of the size that is told hits what it promises, and every sheet at a line is in it.

54 of 300 sheets for a 95 % chance of one bad sheet when 5 % are bad; `make test` draws from fewer.
"""

import random
from fractions import Fraction
from math import comb, sqrt

from contest.checks import sample_queries, sample_rules
from contest.results import verification_queries
from tests.proof.sizes import report, size
from tests.results.scenes import make_scene

ENTRANTS = size(15, 150)  # two sheets each
DRAWS = size(500, 5000)
CHANCES = size(300, 10_000)


def test_the_lot_hits_a_bad_sheet_as_often_as_was_promised():
    """Other bad sheets and another seed each time; the labels are those of 300 sheets."""
    labels = [f"A{n:03d} risk {seat}" for n in range(1, 151) for seat in (1, 2)]
    drawn = sample_rules.sample_size(len(labels), 5, 95)
    rng, hits = random.Random(58), 0
    for turn in range(DRAWS):
        bad = set(rng.sample(labels, 15))
        hits += not bad.isdisjoint(sample_rules.draw(labels, drawn, f"seed {turn}"))

    promised = 1 - Fraction(comb(285, drawn), comb(300, drawn))
    report(58, drawn=f"{drawn} of 300", draws=DRAWS, hits=hits, share=f"{hits / DRAWS:.2%}",
           exactly=f"{float(promised):.2%}")
    assert drawn == 54 and promised >= Fraction(95, 100)
    # The lot is as good as chance: four standard deviations of so many draws.
    assert abs(hits / DRAWS - promised) <= 4 * sqrt(float(promised * (1 - promised)) / DRAWS)


def test_every_sheet_at_a_line_is_compared(app):
    scene = make_scene(ENTRANTS).finish([Fraction(n % 20, 2) for n in range(ENTRANTS)])
    contest_id = scene.contest.id

    found = sample_queries.sample(contest_id, 95, 5, Fraction(1, 2), "6 2 5")

    answer = verification_queries.shown(contest_id).answer["entrants"]
    touched = near_a_line(answer, Fraction(1, 2))
    lines = {(line.number, line.sheet.seat) for line in found.lines if line.why}
    assert found.sheets == 3 * ENTRANTS  # two sheets and a score each
    assert found.drawn == sample_rules.sample_size(3 * ENTRANTS, 5, 95)
    assert lines == {(code, seat) for code in touched for seat in (0, 1, 2)}
    report(58, sheets=found.sheets, drawn=found.drawn, at_a_line=found.at_a_line, missed=0)
    assert touched or not any(row["awards"] for row in answer)


def near_a_line(rows, margin):
    """As said in words: the last who wins and the first who does not, and whoever is so near to them."""
    placed = [row for row in rows if row["place"]]
    found = set()
    for prize in {prize for row in placed for prize in row["awards"]}:
        winners = [row for row in placed if prize in row["awards"]]
        losers = [row for row in placed if prize not in row["awards"]]
        last = max(row["place"] for row in winners)
        first = min(row["place"] for row in losers)
        edges = [row for row in placed if row["place"] in (last, first)]
        for row in placed:
            found |= {row["code"] for edge in edges
                      if row is edge or abs(Fraction(row["total"]) - Fraction(edge["total"])) <= margin}
    return found


def test_no_sheet_that_could_move_a_line_is_left_out():
    """Standings by chance, with equals: whom one error within the margin could bring over is in."""
    rng = random.Random(580)
    moved = 0
    for _ in range(CHANCES):
        rows, winners = standings_by_chance(rng)
        margin = Fraction(rng.randrange(0, 5), 2)
        compared = sample_rules.at_a_line(rows, margin)
        for row in rows:
            changed = could_change(rows, winners, row, margin)
            moved += changed
            assert not changed or row["code"] in compared
    report(58, standings=CHANCES, entrants_who_could_move_a_line=moved, left_out=0)
    assert moved > CHANCES / 4


def standings_by_chance(rng):
    totals = sorted((Fraction(rng.randrange(20), 2) for _ in range(rng.randint(3, 9))), reverse=True)
    places = [totals.index(total) + 1 for total in totals]
    winners = rng.randint(1, len(totals) - 1)
    rows = [
        {"code": f"A{n}", "place": place, "total": str(float(total)), "goes_on": False,
         "awards": ["first"] if place <= winners else []}
        for n, (total, place) in enumerate(zip(totals, places, strict=True))
    ]
    return rows, winners


def could_change(rows, winners, row, margin):
    """Would this one's total, wrong by as much as the margin, win what is not won, or lose what is?"""
    others = [Fraction(one["total"]) for one in rows if one is not row]
    return any(
        (sum(other > total for other in others) < winners) != bool(row["awards"])
        for total in (Fraction(row["total"]) - margin, Fraction(row["total"]) + margin)
    )
