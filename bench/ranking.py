"""How long the scoring core takes to rank: everything at once, and again after one changed sheet."""

import resource
import statistics
import time
from decimal import Decimal

import numpy as np

from bench.reporting import main
from contest.scoring.book import Book
from contest.scoring.running import Running
from contest.scoring.scheme_reading import plan_from
from contest.scoring.score import score

JUDGES, ASPECTS = 7, 50
REPEATS = 30
TARGETS = {
    "one sheet changed, 140 x 7 x 50: median ms": "≤ 0.2",
    "one sheet changed, 1,000 x 7 x 50: median ms": "≤ 1",
    "one sheet changed, 10,000 x 7 x 50: median ms": "≤ 10",
    "one sheet changed, 100,000 x 7 x 50: median ms": "≤ 40",
    "everything, 100,000 x 7 x 50: s": "≤ 0.6",
    "memory at its highest, MiB": "≤ 1,024",
}
CHANGED_IN, ALL_AT = (140, 1_000, 10_000, 100_000), (1_000, 10_000, 100_000)


def plan():
    """Trimmed means of 50 aspects in two modules, weights, a penalty, four keys for ties, teams."""
    halves = [("drill", range(25)), ("rescue", range(25, ASPECTS))]
    return plan_from({
        "format": 1, "name": "bench",
        "rounding": {"places": 2, "steps": ["module", "part", "stage"]},
        "ranking": {"ties": [
            {"by": "module", "key": "drill"}, {"by": "aspect", "module": "rescue", "key": "A26"},
            {"by": "better_places"}, {"by": "untrimmed"},
        ]},
        "stages": [{"key": "final", "name": "final"}],
        "parts": [{"key": "practical", "stage": "final", "name": "practical", "weight": 100}],
        "teams": {"method": "sum", "size": 5},
        "modules": [
            {
                "key": key, "part": "practical", "name": key, "entry": "sheets", "weight": 50,
                "max": 10 * len(numbers),
                "panel": {"judges": JUDGES, "drop_high": 1, "drop_low": 1},
                "criteria": [{"key": "A", "name": "A", "aspects": [
                    {"key": f"A{number + 1}", "name": f"A{number + 1}", "kind": "points", "max": 10,
                     "step": Decimal("0.5")} for number in numbers
                ]}],
            }
            for key, numbers in halves
        ],
    })


def book(rules, count, seed=1):
    """Every sheet handed in, marks by chance around how good each entrant is."""
    rng = np.random.default_rng(seed)
    level = rng.integers(6, 17, (count, 1, 1))
    raw, given, submitted = {}, {}, {}
    for module in rules.modules:
        shape = (count, JUDGES, len(module.columns))
        raw[module.key] = (level + rng.integers(0, 4, shape)) * 5_000
        given[module.key] = np.ones(shape, dtype=bool)
        submitted[module.key] = np.ones(shape[:2], dtype=bool)
    teams = -(-count // 5)
    return Book(
        entrants=tuple(map(str, range(count))), team=np.arange(count) // 5,
        teams=tuple(map(str, range(teams))), raw=raw, given=given, submitted=submitted,
        penalty={"drill": rng.integers(0, 2, count) * 10_000},
    )


def measure(changed_in=CHANGED_IN, all_at=ALL_AT):
    """{figure's name: value}."""
    rules, found = plan(), {}
    for count in changed_in:
        found.update(_changed(rules, count))
    for count in all_at:
        found.update(_all(rules, count))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return found | {"memory at its highest, MiB": round(peak / 1024)}


def _changed(rules, count):
    marks = book(rules, count)
    running = Running(rules, marks)
    running.standings()
    times, rng = [], np.random.default_rng(2)
    for number in range(REPEATS):
        row = int(rng.integers(count))
        sheet = marks.raw["drill"][row, number % JUDGES]
        sheet[:] = rng.integers(0, 21, len(sheet)) * 5_000
        began = time.perf_counter()
        running.changed("drill", np.array([row]))
        running.standings()
        times.append(time.perf_counter() - began)
    return {f"one sheet changed, {count:,} x {JUDGES} x {ASPECTS}: median ms":
            round(statistics.median(times) * 1000, 2)}


def _all(rules, count):
    marks = book(rules, count)
    began = time.perf_counter()
    score(rules, marks)
    return {f"everything, {count:,} x {JUDGES} x {ASPECTS}: s":
            round(time.perf_counter() - began, 3)}


if __name__ == "__main__":
    main(measure, __doc__)
