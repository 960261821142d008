"""The same question supposing that something were otherwise: another plan, or other marks."""

from dataclasses import replace

from contest.results.mark_book import MarkBook, read_event
from contest.results.reckoning import Reckoning


class Supposed(Reckoning):
    """A Reckoning's question under another plan, or with sheets counting at other revisions.

    revisions: {sheet id: the revision that counts, or 0 for none}. Ask it while the Reckoning it is
    made from is held. Nothing of it is kept.
    """

    def __init__(self, question, plan=None, revisions=None):
        vars(self).update(vars(question))
        self.force = question.force if plan is None else replace(question.force, plan=plan)
        self._revisions = revisions or {}

    def __enter__(self):
        raise TypeError("a supposed question is asked within the one it is made from")

    def _mark_book(self, ids):
        plan = self.force.plan
        book = MarkBook(plan, ids)
        for row in self.until.ledger:
            counts = self._revisions.get(row.sheet_id)
            if counts is not None and row.rev > counts:
                continue
            event = read_event(plan, row, always=row.rev == counts)
            if event is not None:
                book.apply(event)
        return book
