"""A doubt about a list that somebody sends as a file: a sentence, where, and what stands there."""

from contest.errors import Refusal
from contest.people import cells


class Problem(Refusal):
    """A doubt about the file or one cell: a sentence, where, and what stands there.

    `|say` translates the sentence; `found` is the cell's text, unless the sentence tells it itself.
    """

    def __init__(self, kind, message, /, row=None, column="", cell="", **params):
        super().__init__(message, **params)
        self.kind, self.row, self.column = kind, row, column
        self.found = "" if "value" in params else _shortened(cell)

    def to_document(self):
        """The same as plain JSON."""
        return [self.kind, self.message, self.row, self.column, self.params, self.found]

    @classmethod
    def from_document(cls, document):
        """Back from plain JSON; lists kept by an earlier version lack the cell's text."""
        kind, message, row, column, params, *found = document
        return cls(kind, message, row=row, column=column, cell=found[0] if found else "", **params)


def _shortened(cell):
    """A cell of any type as one short line."""
    text = cell if isinstance(cell, str) else str(cell[1])
    text = cells.BLANK.sub(" ", cells.CONTROL.sub("", cells.UNSEEN.sub("", text))).strip()
    return text if len(text) <= 40 else text[:40] + "…"
