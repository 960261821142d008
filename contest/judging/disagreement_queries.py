"""Where a judge's tablet says something else than the ledger: what holds results back until it is settled.

A newer comparison of the same judge that finds the sheet equal settles it, or the chief judge's written word.
"""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import select

from contest import signals
from contest.db import db
from contest.errors import Missing
from contest.i18n import N_, listed
from contest.judging.called_queries import called
from contest.judging.models import Sheet
from contest.judging.number_rules import OVER_STATES
from contest.judging.total_models import SheetTotal, TotalRuling
from contest.judging.total_queries import list_totals
from contest.judging.total_rules import left_open
from contest.setup.queries import DESK_NOTES, get_contest, procedure_of
from contest.setup.rules import Note


@dataclass(frozen=True)
class Disagreement:
    """One tablet in one judge's hands that does not agree, and is not settled.

    left: total_rules.left_open; sheets: their names, without anybody's.
    """

    row: SheetTotal
    left: dict
    sheets: tuple

    @property
    def sheet_names(self):
        """The sheets as a list in a sentence."""
        return listed(self.sheets)


def get_total(contest_id, total_id):
    """What one tablet of the contest last told, or Missing."""
    row = db.session.scalar(select(SheetTotal).filter_by(contest_id=contest_id, id=total_id))
    if row is None:
        raise Missing("No tablet has told a total code here.")
    return row


def rulings_on(row):
    """The chief judges' words on what this tablet told, the latest first."""
    return db.session.scalars(
        select(TotalRuling)
        .filter_by(contest_id=row.contest_id, user_id=row.user_id, device_id=row.device_id)
        .order_by(TotalRuling.id.desc())
    ).all()


def left_of(row):
    """What of it agrees with nothing and is not settled; {} where all is well."""
    if not row.wrong:
        return {}
    later = db.session.scalars(
        select(SheetTotal.found).where(
            SheetTotal.contest_id == row.contest_id, SheetTotal.user_id == row.user_id, SheetTotal.at > row.at
        )
    )
    agreed = {sheet_id for found in later for sheet_id in found["equal"]}
    return left_open(row.wrong, [one.wrong for one in rulings_on(row)], agreed)


def disagreements(contest_id):
    """The Disagreements of a contest, the latest first."""
    rows = db.session.scalars(
        select(SheetTotal).filter_by(contest_id=contest_id).order_by(SheetTotal.at.desc(), SheetTotal.id)
    )
    return [
        Disagreement(row, left, sheet_words(contest_id, left)) for row in rows if (left := left_of(row))
    ]


def sheet_words(contest_id, left):
    """What the sheets are called; by its number one that the database no longer has."""
    ids = sorted(map(int, left))
    sheets = db.session.scalars(
        select(Sheet).where(Sheet.id.in_(ids), Sheet.contest_id == contest_id).order_by(Sheet.id)
    ).all()
    known = {sheet.id for sheet in sheets}
    return (*called(contest_id, sheets), *(f"#{one}" for one in ids if one not in known))


@signals.step_asked.connect
def hold_until_agreed(act, contest_id, to, problems):
    """Nothing is published while a judge's tablet says something else than the ledger.

    Where no four eyes are asked for, the one who publishes may also pass over it, tablet by tablet and with
    a reason, as over one that holds what is not sent.
    """
    is_asked = procedure_of(get_contest(contest_id)).four_eyes
    if act != "publish" and (is_asked or act != "finalise"):
        return
    problems += [Note(
        N_("The tablet %(tablet)s of %(judge)s handed in otherwise than the server holds: %(sheets)s. The "
           "judge opens the list of sheets once more, or the chief judge settles it in writing."),
        {"tablet": one.row.name, "judge": one.row.user.name, "sheets": one.sheet_names},
        "judging.show_tablets", "todo" if is_asked else "confirm",
    ) for one in disagreements(contest_id)]


def unheard(contest_id):
    """Judges who handed sheets in and of whom no tablet ever told a total code: paper, or no tablet."""
    counts = defaultdict(int)
    for line in list_totals(contest_id):
        if line.total.digests and not line.told:
            counts[line.judge] += len(line.total.digests)
    return dict(counts)


def desk_notes(contest_id):
    """Said to whoever publishes, and no obstacle: for these judges two sides were never compared."""
    if get_contest(contest_id).state in ("setup", "registration", *OVER_STATES):
        return []
    counts = unheard(contest_id)
    return [Note(
        N_("Judges whose tablet has told no total code, with their sheets in brackets: %(judges)s. Nothing "
           "of theirs was compared; that keeps nobody from publishing."),
        {"judges": listed(f"{name} ({count})" for name, count in counts.items())},
        "judging.show_tablets", "info",
    )] if counts else []


DESK_NOTES.append(desk_notes)
