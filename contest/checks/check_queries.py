"""What is known of the sheets that were compared again: in the review, and in the paper check."""

from dataclasses import dataclass

from sqlalchemy import select

from contest.accounts.models import User
from contest.checks import review_rules as rules
from contest.checks.models import CheckStatement, SheetCheck
from contest.db import db
from contest.errors import Missing


@dataclass(frozen=True)
class Checks:
    """Every check of a contest's sheets.

    latest: {sheet id: SheetCheck}; differed: ids of sheets that any check found to differ; names: of
    who checked or stated, by user id; statements: {check id: CheckStatement}.
    """

    latest: dict
    differed: set
    names: dict
    statements: dict

    def line(self, sheet):
        """The review_rules.Line of a StageSheet."""
        check = self.latest.get(sheet.id)
        return rules.Line(
            sheet.id, sheet.entrant_id, sheet.rev, check, self.statements.get(check.id) if check else None
        )

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
    return Checks(
        {check.sheet_id: check for check, _ in rows},
        {check.sheet_id for check, _ in rows if not check.agrees},
        {row.by_id: name or "" for row, name in (*rows, *stated)},
        {statement.check_id: statement for statement, _ in stated},
    )


def get_check(contest_id, check_id):
    """One SheetCheck of a contest, or Missing."""
    found = db.session.get(SheetCheck, check_id)
    if found is None or found.contest_id != contest_id:
        raise Missing("There is no such check of a sheet.")
    return found
