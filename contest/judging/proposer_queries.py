"""Who proposed what a second person did to a contestant's sheets, read from the trail."""

from sqlalchemy import select

from contest.audit.models import TrailRow
from contest.db import db

DEEDS = {"reopen": ("sheet.reopen", "sheets.mark_again"), "excuse": ("sheet.excuse",)}


class Proposers:
    """The proposed acts on some sheets of a contest, looked up once for all of them."""

    def __init__(self, contest_id, sheet_ids):
        rows = db.session.scalars(
            select(TrailRow).where(
                TrailRow.contest_id == contest_id,
                TrailRow.did.in_([did for deeds in DEEDS.values() for did in deeds]),
            ).order_by(TrailRow.id)
        )
        self.of_sheet = {sheet_id: [] for sheet_id in sheet_ids}
        for row in rows:
            for sheet_id in _sheets_of(row):
                if sheet_id in self.of_sheet and row.facts.get("proposed_by"):
                    self.of_sheet[sheet_id].append(row)

    def find(self, sheet_id, kind, at, by_id, reason):
        """The name of who proposed this act of the ledger; empty when one person did it alone."""
        return next((
            row.facts["proposed_by"] for row in self.of_sheet.get(sheet_id, ())
            if row.did in DEEDS.get(kind, ()) and row.at >= at
            and (row.user_id, row.facts["reason"]) == (by_id, reason)
        ), "")


def _sheets_of(row):
    if row.did == "sheets.mark_again":
        return row.facts["sheets"]
    return [int(row.subject.removeprefix("sheet "))]
