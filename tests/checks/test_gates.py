"""Figure 18: each gate before a publication, violated alone and with every other one.

The contest is made once; each violation begins from a copy of its database. `make test` tries every
gate alone and some of the pairs, `make soak` all of them.
"""

import random
import re
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from itertools import combinations
from pathlib import Path

import pytest
from flask import url_for

from contest import clock
from contest.audit.chain_models import ChainWitness
from contest.audit.work import Actor
from contest.db import db
from contest.errors import Refusal
from contest.judging.models import Penalty
from contest.judging.tablet_models import SheetFlag, Tablet
from contest.paper.models import PaperSheet
from contest.people.models import Entrant, Judge
from contest.results import actions as results
from contest.results import award_queries, gate_queries, reckoning
from contest.results.models import ResultSheet
from contest.results.readings import forget_readings
from contest.setup.models import Contest
from contest.setup.procedure_rules import SHORT
from contest.setup.proposal_queries import find_open
from tests import factories
from tests.audit.tampering import drop_guards
from tests.checks import test_road
from tests.checks.test_road import Road, ready
from tests.judging.panels import make_panel, mark, witness
from tests.proof.sizes import report, size

PAIRS = size(4, None)  # None: all of them


def hold_paper(road, monkeypatch):
    sheet = road.panel.sheet(0, 1)
    db.session.add(PaperSheet(contest_id=road.contest.id, sheet_id=sheet.id, number=1, base_rev=sheet.rev,
                              by_id=road.people["organiser"].user_id, at=clock.now()))
    db.session.commit()


def hold_report(road, monkeypatch):
    sheet = road.panel.sheet(1, 1)
    db.session.add(SheetFlag(
        op_id="8b0e7f7e-9c1c-4b43-9d0f-0d6f7c0f4f77", fingerprint="f" * 64, contest_id=road.contest.id,
        sheet_id=sheet.id, module_key="risk", entrant_id=sheet.entrant_id,
        user_id=road.panel.judges[0].user_id, reason="rule", text="", device_id="0" * 16, at=clock.now(),
    ))
    db.session.commit()


def hold_tablet(road, monkeypatch):
    now = clock.now()
    db.session.add(Tablet(
        device_id="0" * 16, user_id=road.panel.judges[0].user_id, name="tablet 7", version="1",
        first_seen_at=now, seen_at=now, offset_s=0, unsent=0, refused=0, clashing=1, made=3,
        keeps_pages=True,
    ))
    db.session.commit()


def lose_an_operation(road, monkeypatch):
    """A tablet has settled everything by its counts, and made an operation that never arrived."""
    now = clock.now()
    db.session.add(Tablet(
        device_id="1" * 16, user_id=road.panel.judges[0].user_id, name="tablet 8", version="1",
        first_seen_at=now, seen_at=now, offset_s=0, unsent=0, refused=0, clashing=0, made=3,
        keeps_pages=True, numbers={"contests": [{
            "contest": road.contest.id, "accepted": [[1, 1]], "waiting": [], "refused": [[2, 2]],
        }], "others": []},
    ))
    db.session.commit()


def make_tie(road, monkeypatch):
    """3.8 points off the first make 89.70 twice, and the plan knows nothing to tell them apart."""
    db.session.add(Penalty(contest_id=road.contest.id, entrant_id=road.panel.entrants[0].id,
                           scope="final", units=38_000, reason="late", at=clock.now()))
    road.contest.marks_version += 1
    db.session.commit()


def lose_somebody(road, monkeypatch):
    roster = gate_queries.roster
    monkeypatch.setattr(gate_queries, "roster", lambda contest_id: [
        *roster(contest_id), replace(roster(contest_id)[0], id=999, number="999"),
    ])


def lose_a_place(road, monkeypatch):
    """Somebody who competed stands without a place."""
    told = reckoning.entrant_rows
    monkeypatch.setattr(reckoning, "entrant_rows", lambda *facts: tuple(
        replace(row, place=None) if row.number == road.panel.entrants[2].number else row
        for row in told(*facts)
    ))
    forget_readings()


def give_a_prize_away(road, monkeypatch):
    """The rules give the first prize to nobody."""
    give = award_queries.awards

    def without_first(*facts):
        lines, quotas = give(*facts)
        return [line for line in lines if line.award != "first"], quotas

    monkeypatch.setattr(award_queries, "awards", without_first)


def show_a_strange_head(road, monkeypatch):
    db.session.add(ChainWitness(contest_id=road.contest.id, seq=3, hash="ab" * 32, fits=False, source="typed",
                                device="", by_id=None, at=clock.now()))
    db.session.commit()


def break_chain(road, monkeypatch):
    drop_guards()
    db.session.execute(db.text("UPDATE trail SET subject = 'nobody' WHERE id = (SELECT max(id) FROM "
                               "trail WHERE contest_id = :contest)"), {"contest": road.contest.id})
    db.session.commit()


def count_otherwise(road, monkeypatch):
    told = reckoning.entrant_rows
    monkeypatch.setattr(reckoning, "entrant_rows", lambda *facts: tuple(
        replace(row, total="1.00") if row.total else row for row in told(*facts)
    ))
    forget_readings()


def go_alone(road, monkeypatch):
    road.people["supervisor"] = road.people["organiser"]


def forget_the_word(road, monkeypatch):
    who = road.people["supervisor"]
    road.people["supervisor"] = Actor(who.user_id, who.name, word_at=clock.now() - timedelta(minutes=6))


def from_road(violate):
    return lambda road, monkeypatch: violate(road)


# Told together, in one refusal; a tie or a missing score is told first, in general, and named on the page.
TOLD = {
    "review": (from_road(test_road.unreview), "differ and wait for a correction: 1"),
    "signature": (from_road(test_road.unsign), "Judges have not signed"),
    "rules": (from_road(test_road.change_rules), "its fingerprint differs"),
    "reopening": (from_road(test_road.propose_reopening), "proposed to open a sheet again"),
    "paper": (hold_paper, "Sheets on paper that are not settled: 1 (number 1)"),
    "reports": (hold_report, "Judges' reports that nobody has answered: "),
    "numbers": (lose_an_operation, "never arrived, by order number: tablet 8 ("),
    "devices": (hold_tablet, "Tablets with something that is not sent, was refused or is in conflict: "
                             "tablet 7"),
    "sum": (lose_somebody, "in the list stand #: 999."),
    "places": (lose_a_place, "# must have a place, and # have one ("),
    "award list": (give_a_prize_away, "# must have it, and # have it ("),
    "anchors": (show_a_strange_head, "not on the chain: 1 (3·abababab)"),
}
MISSING = {
    "sheets": (from_road(test_road.lose_a_score), "missing scores: #"),
    "ties": (make_tie, "Ties that wait for the chief judge's ruling: # ("),
}
# Looked at one after the other once nothing of the above is left, in this order.
LATER = {
    "two people": (go_alone, "A second person must confirm this"),
    "word": (forget_the_word, "Type your password or PIN again"),
    "chain": (break_chain, "does not hold"),
    "second count": (count_otherwise, "second scorer counts otherwise"),
}
GATES = TOLD | MISSING | LATER
VOIDED = {"signed results": (None, "Since the signature a place or a total has changed")}
# Who has a place or a prize is known, and told, when every mark is in (gate_queries.award_notes).
AFTER_SHEETS = {"places", "award list"}


def combinations_tried():
    pairs = list(combinations(GATES, 2))
    some = pairs if PAIRS is None else random.Random(18).sample(pairs, PAIRS)
    return [*((one,) for one in GATES), *some]


@pytest.fixture
def road(app):
    return walked(road_panel())


def road_panel():
    """Three contestants whose sheets are still to be marked."""
    document = factories.plan_document()
    document["modules"][1]["blind"] = False
    document["ranking"] = {"shared": False}
    document["rounding"]["places"] = 2
    return make_panel(3, document=document)


def walked(panel):
    """The Road of a panel: every sheet handed in, and nothing in the way of a publication."""
    witness(panel.contest)
    panel.contest.procedure = test_road.stored_form(test_road.PROCEDURE)
    for entrant, person in enumerate(panel.entrants):
        factories.make_theory(panel.contest, person, str(90 - entrant))
        for seat in (1, 2):
            mark(panel, {"A1": str(9 - entrant), "A2": {}}, entrant=entrant, seat=seat)
    roles = ("organiser", "chief_judge", "supervisor")
    people = {role: factories.make_official(role, role, contest=panel.contest) for role in roles}
    road = Road(panel, people)
    ready(road)
    return road


def reasons_of(road):
    """Every sentence of the refusal, and of what the page lists; None when it was published."""
    try:
        road.propose()
        proposal = find_open(road.contest.id, "publish").id
        results.confirm_publication(road.people["supervisor"], road.contest.id, proposal)
    except Refusal as refused:
        db.session.rollback()
        step = results.find_step(road.contest, "publish", "provisional")
        notes = results.step_problems(road.contest, step)
        return str(refused), " ".join(str(note.text % note.params) for note in notes)
    return None


def is_right(names, refusal, notes):
    """Is each gate told for what it is: in the refusal itself, or listed on the page it leads to?"""
    noted = [name for name in names if name not in LATER]
    if "sheets" in noted:
        noted = [name for name in noted if name not in AFTER_SHEETS]
    # Whoever signed saw other totals: what the first scorer says otherwise voids the signatures first.
    if not noted and "second count" in names:
        noted = ["signed results"]
    if noted:
        is_first = any(name in MISSING for name in noted)
        told = GATES | VOIDED
        words = "Results cannot be published yet" if is_first else told[noted[0]][1]
        return says(words, refusal) and all(says(told[name][1], notes) for name in noted)
    return GATES[next(name for name in LATER if name in names)][1] in refusal and notes == ""


def says(words, text):
    """`#` in the words is any number: who else is violated changes how many there are."""
    return re.search(re.escape(words).replace(r"\#", r"\d+"), text) is not None


def test_each_gate_alone_and_with_another_refuses_with_its_reason(app, road, monkeypatch, tmp_path):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("the database is copied as a file")
    path, kept = Path(db.engine.url.database), tmp_path / "ready.sqlite"
    people = dict(road.people)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("VACUUM INTO ?", (str(kept),))
    tried, wrong = combinations_tried(), []
    for names in tried:
        put_back(road, people, path, kept)
        with monkeypatch.context() as patched:
            for name in names:
                GATES[name][0](road, patched)
            found = reasons_of(road)
            published = db.session.query(ResultSheet).count()
        if found is None or published or not is_right(names, *found):
            wrong.append((names, found))

    report(18, gates=len(GATES), combinations=len(tried), wrong=len(wrong))
    assert wrong == [], "\n".join(map(repr, wrong))
    put_back(road, people, path, kept)
    assert reasons_of(road) is None  # with nothing violated it is published


def put_back(road, people, path, kept):
    """The database as it was, and the road on its rows."""
    db.session.remove()
    db.engine.dispose()
    for end in ("-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)
    shutil.copy(kept, path)
    forget_readings()
    road.people = dict(people)
    road.panel.contest = db.session.query(Contest).one()
    road.panel.entrants = db.session.query(Entrant).order_by(Entrant.id).all()
    road.panel.judges = db.session.query(Judge).order_by(Judge.id).all()


def test_the_page_tells_of_a_tablet_and_the_short_procedure_does_not_wait(road, as_role, monkeypatch):
    hold_tablet(road, monkeypatch)
    address = f"/contests/{road.contest.id}/results"
    told = "Tablets with something that is not sent, was refused or is in conflict: tablet 7"
    browser = as_role("organiser", road.contest)

    page = browser.get(address)

    assert page.status_code == 200 and told in page.text
    step = results.find_step(road.contest, "publish", "provisional")
    [note] = results.step_problems(road.contest, step)
    assert browser.get(url_for(note.endpoint, contest_id=road.contest.id)).status_code == 200
    road.contest.procedure = test_road.stored_form(SHORT)
    road.contest.state = "scoring"
    db.session.commit()
    assert told not in browser.get(address).text
