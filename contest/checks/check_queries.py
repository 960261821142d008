"""What is known of the sheets that were compared again: in the review, and in the paper check."""

from dataclasses import dataclass

from sqlalchemy import select

from contest.accounts.models import User
from contest.checks import review_rules as rules
from contest.checks.models import CheckStatement, ScoreCheck, ScoreStatement, SheetCheck
from contest.checks.queries import score_key
from contest.db import db
from contest.errors import Missing
from contest.theory.models import TheoryEntry


@dataclass(frozen=True)
class Checks:
    """Every check of a contest's sheets and scores.

    latest: {StageSheet's id: SheetCheck or ScoreCheck}; differed: ids that any check found to differ;
    names: of who checked or stated, by user id; statements: {(of a score?, check id): the statement}.
    """

    latest: dict
    differed: set
    names: dict
    statements: dict

    def line(self, sheet):
        """The review_rules.Line of a StageSheet, or of a Sheet."""
        check = self.latest.get(sheet.id)
        statement = self.statements.get((isinstance(sheet.id, str), check.id)) if check else None
        return rules.Line(sheet.id, sheet.entrant_id, sheet.rev, check, statement)

    def checker(self, line):
        """Who checked a line last; "" for a program, or when nobody did."""
        return self.names.get(line.check.by_id, "") if line.check else ""

    def stated_by(self, line):
        """Which chief judge stated why the figures stand; "" when nobody did."""
        return self.names.get(line.statement.by_id, "") if line.statement else ""


def checks_of(contest_id):
    """The Checks of a contest."""
    rows = db.session.execute(
        select(SheetCheck, User.name)
        .outerjoin(User, SheetCheck.by_id == User.id)
        .where(SheetCheck.contest_id == contest_id)
        .order_by(SheetCheck.id)
    ).all()
    stated = db.session.execute(
        select(CheckStatement, User.name)
        .outerjoin(User, CheckStatement.by_id == User.id)
        .where(CheckStatement.contest_id == contest_id)
    ).all()
    of_scores, stated_of_scores = _of_scores(contest_id)
    known = [(check.sheet_id, check) for check, _ in rows]
    known += [(score_key(entrant_id, module_key), check) for check, _, entrant_id, module_key in of_scores]
    everybody = (*rows, *stated, *(row[:2] for row in of_scores), *stated_of_scores)
    return Checks(
        dict(known),
        {key for key, check in known if not check.agrees},
        {row.by_id: name or "" for row, name in everybody},
        {(is_score, statement.check_id): statement
         for is_score, found in ((False, stated), (True, stated_of_scores)) for statement, _ in found},
    )


def _of_scores(contest_id):
    checks = db.session.execute(
        select(ScoreCheck, User.name, TheoryEntry.entrant_id, TheoryEntry.module_key)
        .join(TheoryEntry, ScoreCheck.entry_id == TheoryEntry.id)
        .outerjoin(User, ScoreCheck.by_id == User.id)
        .where(ScoreCheck.contest_id == contest_id)
        .order_by(ScoreCheck.id)
    ).all()
    stated = db.session.execute(
        select(ScoreStatement, User.name)
        .outerjoin(User, ScoreStatement.by_id == User.id)
        .where(ScoreStatement.contest_id == contest_id)
    ).all()
    return checks, stated


def get_score_check(contest_id, check_id):
    """One ScoreCheck of a contest, or Missing."""
    found = db.session.get(ScoreCheck, check_id)
    if found is None or found.contest_id != contest_id:
        raise Missing("There is no such check of a score.")
    return found


def get_check(contest_id, check_id):
    """One SheetCheck of a contest, or Missing."""
    found = db.session.get(SheetCheck, check_id)
    if found is None or found.contest_id != contest_id:
        raise Missing("There is no such check of a sheet.")
    return found
