"""0045: awards stay as they are, what is annulled is never changed, on both databases and back again."""

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from contest import clock
from contest.audit.work import work
from contest.awards.models import Annulment, Award
from contest.db import db
from contest.errors import Conflict
from contest.setup.models import Contest
from tests import factories
from tests.audit.tampering import findings, make_chain
from tests.awards.certified import PETRA

BOTH = pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)
ADD = (
    "INSERT INTO annulment (contest_id, kind, entrant_id, award_id, reason, minutes, decided_on, at) VALUES "
    "({contest}, 'annulled', {entrant}, {award}, 'r', 'm', '2026-11-20', '2026-11-23 04:00:00+00:00')"
)


def run(statement):
    db.session.execute(text(statement))
    db.session.commit()


@BOTH
def test_0045_keeps_every_award_and_forbids_change(app):
    contest = factories.make_contest()
    award = factories.make_award(contest)
    ids = {"contest": contest.id, "award": award.id, "entrant": "NULL"}
    db.session.remove()

    downgrade(revision="0042_gates_in_the_chain")
    assert "annulment" not in inspect(db.engine).get_table_names()
    upgrade(revision="0045_annulments")

    assert db.session.get(Award, ids["award"]).name == "一等奖"
    run(ADD.format(**ids))
    for statement in ("UPDATE annulment SET reason = 'x'", "DELETE FROM annulment"):
        with pytest.raises(DBAPIError, match="append-only"):
            run(statement)
        db.session.rollback()


@BOTH
def test_0045_does_not_go_back_from_what_the_chain_binds(app):
    """The row would go, the chain would be broken, and what was annulled would stand again."""
    contest_id = make_chain(2)
    award = factories.make_award(db.session.get(Contest, contest_id))
    with work(PETRA, "award.annul", contest_id=contest_id):
        db.session.add(Annulment(contest_id=contest_id, kind="annulled", award_id=award.id, reason="r",
                                 minutes="m", decided_on=clock.now().date(), at=clock.now()))
    db.session.remove()

    with pytest.raises(Conflict, match="links: 1.*stays as it is"):
        downgrade(revision="0044_guest_keys")

    db.session.remove()
    upgrade()
    assert db.session.query(Annulment).one().reason == "r"
    assert findings(contest_id).is_whole


@BOTH
def test_one_row_is_about_one_thing(app):
    contest = factories.make_contest()
    award = factories.make_award(contest)
    with pytest.raises(IntegrityError):
        run(ADD.format(contest=contest.id, award=award.id, entrant=award.entrant_id))
    db.session.rollback()
    with pytest.raises(IntegrityError):
        run(ADD.format(contest=contest.id, award="NULL", entrant="NULL"))
