"""Figure 56: from every revision of the tables with a marked contest in it to the newest; no place moves.

The way there is the way back: the rows of a contest made today, taken back to that revision, which
loses what it did not know yet, and forward again. `make test` takes two revisions, `make soak` every one.
"""

import os

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import func, select

from contest.audit.chain_queries import check_chain
from contest.commands import database
from contest.db import db, snapshot
from contest.results import actions, queries, verification_queries
from contest.results.models import ResultSheet
from contest.results.readings import forget_readings
from tests import factories
from tests.proof.sizes import report, size
from tests.results.test_actions import actors
from tests.results.test_verification import rich_scene

FOLDER = os.path.join(os.path.dirname(database.__file__), "..", "migrations", "versions")
EVERY = sorted(name[:4] for name in os.listdir(FOLDER) if name[:4].isdecimal())
TRIED = size(["0001", EVERY[-2]], EVERY[:-1])
ENGINES = pytest.mark.parametrize("app", size(["sqlite"], ["sqlite", "postgres"]), indirect=True)
# What no revision may lose: what was marked and what was published.
KEPT = ("entrant", "human", "judge", "sheet", "sheet_revision", "theory_entry", "penalty", "state_event",
        "trail", "plan_version", "result_sheet", "contest")


def figures(contest_id):
    """What everybody is told: places, totals, module marks, teams; counted from the tables."""
    forget_readings()
    found = queries.standings(contest_id)
    return (
        [(row.number, row.place, row.total, {key: mark.text for key, mark in row.modules.items()})
         for row in found.rows],
        [(team.name, team.place, team.total) for team in found.teams],
    )


def rows():
    tables = db.metadata.tables
    return {name: db.session.scalar(select(func.count()).select_from(tables[name])) for name in KEPT}


def published(contest_id):
    sheet = db.session.query(ResultSheet).filter_by(contest_id=contest_id).one()
    return sheet.document, sheet.document_hash


@ENGINES
@pytest.mark.parametrize("revision", TRIED)
def test_no_place_moves_from_this_revision_to_the_newest(app, revision):
    contest_id = marked().contest.id
    before, counted, sheet = figures(contest_id), rows(), published(contest_id)
    db.session.remove()
    downgrade(revision=revision)
    upgrade()

    after = figures(contest_id)

    report(56, revision=revision, engine=db.engine.dialect.name, entrants=len(after[0]),
           places_moved=sum(one != other for one, other in zip(before[0], after[0], strict=True)))
    assert after == before
    assert (rows(), published(contest_id)) == (counted, sheet)
    assert verification_queries.count(verification_queries.shown(contest_id)).differences == []
    is_marked_on(contest_id)


def marked():
    """A contest with teams, penalties, absences and a struck-out judge, published as provisional."""
    scene = rich_scene()
    actions.publish_results(actors()[0], scene.contest.id, "provisional")
    return scene


def is_marked_on(contest_id):
    """The contest goes on: its next mark is linked, and the chain over old rows and new ones holds."""
    contest = db.session.get(factories.Contest, contest_id)
    latecomer = factories.make_entrant(contest)
    judge = factories.make_judge(contest)
    factories.make_submitted_sheet(contest, latecomer, judge, 1, {"A1": "5", "A2": {}})
    with snapshot():
        assert check_chain(contest_id).is_whole
