"""Figure 17: both scorers agree on an exported ledger as large as was promised: 500 × 60 × 15 marks.

How long the second scorer takes is printed; no test fails because a machine is slow.
"""

import random
import time
from decimal import Decimal

from contest.results import second_scorer, verification_queries
from tests import factories
from tests.proof.sizes import report, size
from tests.results.stored import store

ENTRANTS, ASPECTS, JUDGES = size(8, 500), size(6, 60), size(5, 15)


def plan():
    """The small plan, its practical module with as many judges and aspects as are tried."""
    document = factories.plan_document()
    document["modules"][1] |= {
        "max": 10 * ASPECTS, "blind": False,
        "panel": {"judges": JUDGES, "level": "sheet", "method": "mean", "drop_high": 1, "drop_low": 1},
        "criteria": [{"key": "A", "name": "评分", "aspects": [
            {"key": f"A{n}", "name": f"评分点{n}", "kind": "points", "max": 10, "step": Decimal("0.5")}
            for n in range(1, ASPECTS + 1)
        ]}],
    }
    return document


def lines(rng):
    """(marks, entrants) as lines of the file, every sheet full."""
    codes = [f"A{n:03d}" for n in range(1, ENTRANTS + 1)]
    blank = dict.fromkeys(
        ("group", "team", "room", "gender", "birth_date", "employment", "titles", "ruling"), ""
    )
    entrants = [{"code": code, "organisation": "own", "person": code, **blank} for code in codes]
    marks = [line(code, "paper", "", rng.randrange(101)) for code in codes]
    marks += [
        line(code, f"risk.A{aspect}", f"j{judge}", rng.randrange(21) / 2)
        for code in codes for judge in range(1, JUDGES + 1) for aspect in range(1, ASPECTS + 1)
    ]
    return marks, entrants


def line(code, item, judge, value):
    return {"entrant": code, "item": item, "judge": judge, "value": str(value), "attempt": "", "status": ""}


def test_both_scorers_agree_on_a_ledger_of_the_promised_size(app, monkeypatch):
    stored = store(plan(), *lines(random.Random(17)))
    shown = verification_queries.shown(stored.contest.id)
    taken = timed(monkeypatch)

    counted = verification_queries.count(shown)

    report(17, entrants=ENTRANTS, aspects=ASPECTS, judges=JUDGES, marks=len(shown.ledger.marks),
           figures_compared=counted.figures, differences=len(counted.differences),
           second_scorer_seconds=round(taken[0], 1))
    assert len(shown.ledger.marks) == ENTRANTS * (1 + JUDGES * ASPECTS)
    assert counted.differences == []
    assert counted.figures > 5 * ENTRANTS


def timed(monkeypatch):
    """A list that will hold how many seconds the second scorer's program ran."""
    told, taken = second_scorer.count_folder, []

    def count_folder(*facts):
        began = time.perf_counter()
        answer = told(*facts)
        taken.append(time.perf_counter() - began)
        return answer

    monkeypatch.setattr(second_scorer, "count_folder", count_folder)
    return taken
