"""Figure 57 in a browser: two clerks type in sheets of thirty aspects, key by key; a third person decides.

The clerks are simulated: each misreads one field in fifty. What people need to read a paper is not in the
time, and is not known: docs/paper-trial.md is for a school that tries it.
"""

import random
import time

from contest.db import db
from contest.paper.rules import number_of
from tests import factories
from tests.browser.test_paper import type_in
from tests.browser.waiting import wait_until
from tests.judging.panels import EVERY_KIND, make_panel, mark, two_modules
from tests.paper.test_sixty_papers import figures
from tests.proof.sizes import report, size

PAPERS, MISREAD = size(3, 60), 0.02
# What may stand in a field of each kind of EVERY_KIND, in order; two fields for the deductions.
FIELDS = {
    "A1": [[f"{half / 2:g}" for half in range(41)]],
    "A2": [["0", "1", "2", "3", "4"], ["0", "1", "2"]],
    "A3": [["00", "01", "10", "11"]],
    "A4": [["0", "1", "2", "3"]],
    "A5": [[str(seconds) for seconds in range(280, 421)]],
}
KINDS = [kind["key"] for kind in EVERY_KIND] * 6


def thirty_aspects():
    document = two_modules()
    drill = next(one for one in document["modules"] if one["key"] == "drill")
    drill["max"] = 600
    drill["criteria"][0]["aspects"] = [
        kind | {"key": f"A{at}"} for at, kind in enumerate(EVERY_KIND * 6, start=1)
    ]
    return document


def written(chance):
    """What a judge writes on one paper: a list of texts for each aspect."""
    return [[chance.choice(texts) for texts in FIELDS[kind]] for kind in KINDS]


def stored(paper):
    """The same as a tablet's marks."""
    return {f"A{at}": as_mark(kind, texts)
            for at, (kind, texts) in enumerate(zip(KINDS, paper, strict=True), start=1)}


def as_mark(kind, texts):
    if kind == "A2":
        return {str(at): int(text) for at, text in enumerate(texts) if text != "0"}
    if kind == "A3":
        return [sign == "1" for sign in texts[0]]
    return int(texts[0]) if kind == "A4" else texts[0]


def read(chance, paper):
    """What a clerk reads on it."""
    return [[chance.choice(could) if chance.random() < MISREAD else text
             for text, could in zip(texts, FIELDS[kind], strict=True)]
            for kind, texts in zip(KINDS, paper, strict=True)]


def settle(desk, papers, seen):
    """Of each aspect on which the clerks differ the one who read it right is taken; how many there were."""
    desk.get_by_role("link", name="Decide").first.click()
    desk.wait_for_selector(".paper-settle")
    at = [number_of(sheet_id) for sheet_id in papers].index(desk.locator(".paper-about strong").inner_text())
    right, readings = list(papers.values())[at], list(seen.values())[at]
    names = desk.eval_on_selector_all(".settle-line [value=first]", "all => all.map(one => one.name)")
    for name in names:
        key = name.removeprefix("took-")
        place = int(key[1:]) - 1
        first, second = (one[place] == right[place] for one in readings)
        took = "first" if first else "second" if second else "typed"
        desk.check(f"[name='{name}'][value={took}]")
        if took == "typed":
            for field, text in zip(desk.locator(f".settle-line:has([name='{name}']) [data-paper]").all(),
                                   right[place], strict=True):
                field.fill(text)
        desk.fill(f"[name='reason-{key}']", "as the paper says")
    desk.get_by_role("button", name="Store as decided").click()
    desk.wait_for_url("**/paper")
    return len(names)


def test_two_clerks_type_sheets_of_thirty_aspects_and_the_tablets_would_have_led_there(live):
    chance = random.Random(57)
    electronic, paper = (make_panel(PAPERS, document=thirty_aspects()) for _ in range(2))
    texts = [written(chance) for _ in range(PAPERS)]
    for entrant, own in enumerate(texts):
        mark(electronic, stored(own), entrant=entrant, module="drill")
    papers = {paper.sheet(entrant, module="drill").id: own for entrant, own in enumerate(texts)}
    clerks, contest_id = [factories.make_user(name) for name in ("甲统分", "乙统分")], paper.contest.id
    chief = factories.make_user("裁判长")
    for user, role in ((clerks[0], "clerk"), (clerks[1], "clerk"), (chief, "chief_judge")):
        factories.make_grant(user, role, paper.contest)
    *hands, desk = (live.open(user, has_touch=False) for user in (*clerks, chief))
    address, keys, seconds = f"/contests/{contest_id}/paper", [], []
    seen = {sheet_id: [read(chance, own) for _ in hands] for sheet_id, own in papers.items()}
    for clerk, page in enumerate(hands):
        page.goto(address)
        for sheet_id in papers:
            began = time.monotonic()
            fields = [text for aspect in seen[sheet_id][clerk] for text in aspect]
            keys.append(type_in(page, number_of(sheet_id), fields))
            page.wait_for_url(f"**{address}")
            wait_until(page, "document.activeElement?.matches('input')")
            seconds.append(time.monotonic() - began)
    desk.goto(address)
    decided = 0
    while desk.get_by_role("link", name="Decide").count():
        decided += settle(desk, papers, seen)

    db.session.rollback()
    spans = f"{sorted(seconds)[len(seconds) // 2]:.1f}, at most {max(seconds):.1f}"
    report(57, papers=PAPERS, aspects=30, keys_a_sheet=f"{min(keys)} to {max(keys)}",
           decided_by_a_third=decided, seconds_a_sheet_without_reading=spans)
    assert figures(paper) == figures(electronic)
    for entrant, own in enumerate(texts):
        # Where both misread alike nobody could tell; the seed holds no such case.
        assert paper.sheet(entrant, module="drill").marks == stored(own)
    # Four keys a second, forty-five seconds.
    assert max(keys) <= 4 * 45
