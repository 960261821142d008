"""Figure 57: after a total failure sixty papers, typed in twice, lead to what the tablets would have led to.

Each clerk misreads one field in fifty; a third person looks at the paper where the two differ. The time
at the keys is counted in tests/paper/test_rules.py. `make test` types in six papers.
"""

import random

from contest.audit.work import Actor
from contest.db import db
from contest.errors import Invalid
from contest.judging.models import Sheet, SheetRevision
from contest.paper import actions, queries
from contest.paper.rules import Choice
from contest.results import queries as results
from tests import factories
from tests.judging.panels import make_panel, mark
from tests.proof.sizes import report, size

PAPERS = size(6, 60)  # two for each contestant
MISREAD = 0.02  # of the fields


def test_papers_lead_to_the_results_of_the_tablets(app):
    chance = random.Random(57)
    written = {
        (entrant, seat): (f"{chance.randrange(21) / 2:g}", str(chance.randrange(6)))
        for entrant in range(PAPERS // 2) for seat in (1, 2)
    }
    electronic, papers = make_panel(PAPERS // 2), make_panel(PAPERS // 2)
    first, second, third = (person(name) for name in ("甲统分", "乙统分", "丙统分"))

    for (entrant, seat), (points, missed) in written.items():
        mark(electronic, marks_of(points, missed), entrant=entrant, seat=seat)
        sheet = papers.sheet(entrant, seat)
        for clerk in (first, second):
            type_in(chance, papers, clerk, sheet.id, {"A1": [points], "A2": [missed]})
    decided = sum(
        decide(papers, third, written) for _ in range(PAPERS) if queries.unsettled(papers.contest.id)
    )

    assert queries.unsettled(papers.contest.id) == {}
    assert figures(papers) == figures(electronic)
    rows = db.session.query(SheetRevision).filter_by(contest_id=papers.contest.id, kind="submit").all()
    assert len(rows) == PAPERS and {row.device for row in rows} == {"paper"}
    report(57, papers=PAPERS, decided_by_a_third=decided, places_that_differ=0)


def marks_of(points, missed):
    return {"A1": points, "A2": {} if missed == "0" else {"0": int(missed)}}


def person(name):
    user = factories.make_user(name)
    return Actor(user.id, user.name)


def type_in(chance, panel, clerk, sheet_id, fields):
    """What a clerk reads; what the page refuses is read from the paper again."""
    seen = {key: [misread(chance, text) for text in texts] for key, texts in fields.items()}
    try:
        actions.type_in(clerk, panel.contest.id, sheet_id, seen)
    except Invalid:
        db.session.rollback()
        actions.type_in(clerk, panel.contest.id, sheet_id, fields)


def misread(chance, text):
    if chance.random() >= MISREAD:
        return text
    return chance.choice(["0", "1", "2", "3", "4", "5", "12", text + "0"])


def decide(panel, third, written):
    """The third person looks at one paper on which the clerks differ."""
    open_papers = [row for row in queries.list_papers(panel.contest.id) if row.state == "mismatch"]
    paper = queries.get_paper(panel.contest.id, open_papers[0].id)
    page, sheet = queries.get_settle_page(paper), db.session.get(Sheet, paper.sheet_id)
    at = [entrant.id for entrant in panel.entrants].index(sheet.entrant_id)
    right = marks_of(*written[at, sheet.seat])
    choices = {
        line.line.aspect.key: Choice("typed", "纸上如此", right[line.line.aspect.key])
        for line in page.differences
    }
    actions.settle(third, panel.contest.id, paper.id, choices, sheet.rev, False)
    return 1


def figures(panel):
    return [
        (row.place, row.total, {key: mark.text for key, mark in row.modules.items()})
        for row in results.standings(panel.contest.id).rows
    ]
