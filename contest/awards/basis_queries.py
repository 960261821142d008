"""What awards and papers rest on: the last published revision, or before that the marks of now."""

from dataclasses import dataclass

from contest.awards import rules
from contest.results.queries import book as book_of
from contest.results.queries import find_latest_sheet, published_standings, scored, stage_of
from contest.setup.queries import get_contest
from contest.setup.rules import UNPUBLISHED_IN


@dataclass(frozen=True)
class Basis:
    """What awards and papers rest on: the last published revision, or before that the marks of now.

    official: the figures as they are printed; standings, roster, book: the arithmetic behind
    them.
    sheet: the ResultSheet, or None. is_final: final results that hold. is_taken_back: the revision
    was published, but officials are correcting it.
    """

    official: object
    standings: object
    roster: tuple
    book: object
    sheet: object
    is_final: bool
    is_taken_back: bool

    @property
    def as_of(self):
        """The moment up to which marks count in it; None for now."""
        return self.sheet.at if self.sheet else None

    @property
    def revision(self):
        """The number of the published revision, or None."""
        return self.sheet.revision if self.sheet else None


def final_sheet(contest_id):
    """The latest final result sheet of the stage that decides the awards, or None."""
    return find_latest_sheet(contest_id, last_stage(contest_id), "final")


def basis(contest_id, stage=None):
    """The Basis of awards and papers of a stage (None: the last one); Missing for an unknown one.

    Never marks that nobody has published since. The contest's state speaks of the stage that is
    held; of another one what was published.
    """
    key = stage or last_stage(contest_id)
    sheet = find_latest_sheet(contest_id, key)
    official, standings, roster, book = scored(contest_id, key, as_of=sheet.at if sheet else None)
    state, is_held = get_contest(contest_id).state, key == stage_of(contest_id)
    return Basis(
        published_standings(sheet) if sheet else official, standings, roster, book, sheet,
        is_final=sheet is not None and sheet.kind == "final"
        and (rules.is_final(state) or not is_held),
        is_taken_back=sheet is not None and is_held and state in UNPUBLISHED_IN,
    )


def last_stage(contest_id):
    """The key of the stage that decides the awards."""
    force, _, _ = book_of(contest_id)
    return force.plan.last_stage.key
