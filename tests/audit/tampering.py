"""A contest with a chain, and an intruder with the rights of the database's owner."""

from sqlalchemy import text

from contest.audit.chain_queries import check_chain
from contest.audit.work import Actor, work
from contest.db import db, snapshot
from contest.judging.ledger import add_revision
from contest.judging.models import Sheet
from contest.setup.queries import plan_in_force
from tests import factories

JUDGE = Actor(None, "评委")
APPEND_ONLY = ("sheet_revision", "trail", "chain_link")


def make_chain(revisions, state="scoring"):
    """A contest in which so many revisions of sheets were accepted; its id."""
    contest = factories.make_contest(state=state)
    judge, version = factories.make_judge(contest), plan_in_force(contest.id).version_id
    done, sheet = 0, None
    while done < revisions:
        if done % 10 == 0:
            sheet = Sheet(contest_id=contest.id, module_key="risk", seat=1, judge_id=judge.id,
                          entrant_id=factories.make_entrant(contest).id, marks={})
            db.session.add(sheet)
            db.session.commit()
        with work(JUDGE, "sheet.draft", contest_id=contest.id, subject=f"sheet {sheet.id}",
                  module="risk", changed={"A1": {"old": None, "new": str(done % 10)}}):
            add_revision(JUDGE, sheet, "draft", {"A1": str(done % 10)}, version, device="tablet 7")
        done += 1
    return contest.id


def drop_guards():
    """What whoever owns the database can do: take away the triggers that forbid change."""
    if db.engine.dialect.name == "postgresql":
        for table in APPEND_ONLY:
            db.session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
    else:
        for table in APPEND_ONLY:
            for act in ("update", "delete"):
                db.session.execute(text(f"DROP TRIGGER {table}_no_{act}"))
        db.session.execute(text("DROP TRIGGER sheet_revision_no_gap"))
    db.session.commit()


def run(statement, **values):
    """One statement of the intruder, committed."""
    db.session.execute(text(statement), values)
    db.session.commit()


def findings(contest_id):
    """What a check finds now."""
    with snapshot():
        return check_chain(contest_id)
