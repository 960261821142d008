"""Contests made by chance, put into the database: both scorers agree on what was exported.

CONTEST_STORED says how many; the marks that come out are the ones that went in.
"""

import os
import random

import pytest

from contest.recount import recount
from contest.results import verification_queries
from contest.results.ledger_lines import judge_name
from contest.results.verification_rules import differences, figures_of
from tests.offline.test_two_scorers import lets_on
from tests.results.stored import FIGURES, is_full, publish_going_on, sayable, store
from tests.scoring.plans import random_contest

CONTESTS = int(os.environ.get("CONTEST_STORED", "30"))
AT_ONCE = 10


def stored_contest(seed, bias=()):
    """(Stored, its lines, the second scorer's answer on the lines it came from)."""
    document, marks, entrants = random_contest(random.Random(seed), bias)
    marks, entrants = sayable(marks, entrants)
    answer = recount(document, marks, entrants)
    stored = store(document, marks, entrants)
    stored.contest.stage = answer["stage"]
    if lets_on(document) == answer["stage"]:
        first = document["stages"][0]["key"]
        before = recount(document, marks, entrants, first)
        publish_going_on(stored, first, {e["code"] for e in before["entrants"] if e["goes_on"]})
    return stored, marks, answer


def said(answer, contest):
    """Figures of an answer; the stage before is no longer asked whether it was final, once published."""
    found = figures_of(answer)
    unit = f" {contest.id}"
    return {
        figure._replace(whose=figure.whose.removesuffix(unit)):
            value.removesuffix(unit) if figure.field == "organisation" else value
        for figure, value in found.items() if figure.field != "final"
    }


@pytest.mark.parametrize("start", range(0, CONTESTS, AT_ONCE))
def test_both_scorers_agree_on_what_the_database_holds(app, start):
    for seed in range(start, start + AT_ONCE):
        stored, _, answer = stored_contest(seed)

        shown = verification_queries.shown(stored.contest.id)
        count = verification_queries.count(shown)

        assert (seed, count.differences) == (seed, [])
        found = differences(said(shown.answer, stored.contest), said(answer, stored.contest))
        assert (seed, found) == (seed, [])


def test_the_marks_that_come_out_are_the_ones_that_went_in(app):
    kinds = set()
    for seed in range(15):
        stored, marks, answer = stored_contest(seed, ("attempts", "excused", "panels"))

        ledger = verification_queries.shown(stored.contest.id).ledger

        exported = sorted(line for line in ledger.marks if line[5] != "takes_part")
        assert (seed, exported) == (seed, sorted(expected(stored, marks, answer["stage"])))
        kinds |= {line[5] for line in exported}
    assert kinds >= {"", "void", "excused", "absent"}


def expected(stored, marks, stage):
    """The lines as the export writes them: every item named in full, judges by their seats."""
    plan = stored.plan
    inside = [each.key for each in plan.stages]
    inside = set(inside[: inside.index(stage) + 1])
    for row in marks:
        key, _, rest = row["item"].partition(".")
        if key and stage_of(plan, key) not in inside:
            continue
        module = next((m for m in plan.modules if m.key == key), None)
        is_sheet = module is not None and module.entry == "sheets" and rest not in FIGURES
        if not is_sheet or row["status"] == "absent":
            yield tuple(plain(row[name]) if name == "value" else row[name] for name in row)
            continue
        for seat, panel in seats_of(stored, module, rest, row["judge"]):
            sheet = (key, row["entrant"], seat)
            if row["status"] == "excused":
                item = f"{key}.{panel.key}" if module.panels else key
                yield (row["entrant"], item, judge_name(seat), "", "", "excused")
            elif sheet not in stored.excused and is_full(module, seat, stored.sheets[sheet]):
                aspect = rest or module.aspects[0].key
                yield (row["entrant"], f"{key}.{aspect}", judge_name(seat), row["value"],
                       row["attempt"], row["status"])


def seats_of(stored, module, rest, judge):
    """Where a judge sits: on the panel of the aspect, or (struck out) wherever there are marks."""
    for panel in module.all_panels:
        own = {module.aspects[i].key for i in module.aspect_indexes(panel)}
        if (not rest or rest in own) and judge in stored.seats.get((module.key, panel.key), {}):
            yield stored.seats[module.key, panel.key][judge], panel


def stage_of(plan, key):
    """The stage of a module, part or stage (of two with one key, of the module or stage)."""
    if key in {stage.key for stage in plan.stages}:
        return key
    parts = {part.key: part for part in plan.parts}
    part = next((parts[m.part] for m in plan.modules if m.key == key), None) or parts[key]
    while part.within:
        part = parts[part.within]
    return part.stage


def plain(text):
    """An amount without idle zeros, as the export writes it."""
    return text.rstrip("0").rstrip(".") if "." in text else text
