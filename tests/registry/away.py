"""A contest that was held in another installation, on a database of its own, and its archive."""

import shutil
from contextlib import contextmanager
from datetime import date

from contest import create_app
from contest.awards import actions as awards
from contest.db import db
from contest.results import actions as results
from contest.results import verification_queries
from contest.setup import actions as setup
from tests import factories

AWARDS = [
    {"key": "first", "name": "一等奖", "name_en": "First prize", "to": "entrant", "rule": "count",
     "count": 1},
    {"key": "second", "name": "二等奖", "name_en": "Second prize", "to": "entrant", "rule": "count",
     "count": 1},
]


@contextmanager
def elsewhere(empty_database, folder, settings):
    """Within the block another installation answers."""
    shutil.copy(empty_database, folder / "away.sqlite")
    app = create_app(**settings, SQLALCHEMY_DATABASE_URI=f"sqlite:///{folder / 'away.sqlite'}")
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def hold_contest(slug="away", is_archived=True):
    """The id of a contest with final results and granted awards; archived if wanted."""
    document = factories.plan_document(awards=AWARDS)
    document["modules"][1]["blind"] = False
    contest, _ = factories.make_marked_contest(
        {"钟一": ("90", "9"), "华二": ("80", "8"), "吴三": ("70", "5")}, document=document, slug=slug,
        name="外地的比武", name_en="A contest elsewhere",
        host="外地工会", place="外地", starts_on=date(2025, 10, 12),
    )
    first, second = (factories.make_official(name, "organiser", contest=contest) for name in "ab")
    results.publish_results(first, contest.id, "provisional")
    results.publish_results(second, contest.id, "final")
    awards.grant_awards(first, contest.id)
    if is_archived:
        setup.take_step(first, contest.id, "archived")
    return contest.id


def archive_of(contest_id):
    """The bytes of its archive."""
    return verification_queries.zipped_ledger(contest_id)[1]
