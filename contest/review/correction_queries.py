"""Published revisions one after the other, what each changed, and requests to correct the last."""

from dataclasses import dataclass

from sqlalchemy import select

from contest import clock, signals
from contest.accounts.models import User
from contest.board import queries as board
from contest.db import db
from contest.errors import Conflict, Missing
from contest.i18n import N_, listed
from contest.results.models import ResultSheet
from contest.results.queries import HOLDS_RESULTS, HOLDS_REVISIONS, find_latest_sheet, stage_of
from contest.review import correction_rules
from contest.review.appeal_queries import appeals_of
from contest.review.models import Correction, CorrectionSignature
from contest.review.queries import find_ceremony, offered_moments
from contest.setup.queries import DESK_NOTES, get_contest, procedure_of
from contest.setup.rules import Note


@dataclass(frozen=True)
class Revision:
    """One published revision. changes: against the one before; later: the one that corrected it."""

    sheet: ResultSheet
    changes: tuple
    later: ResultSheet | None


@dataclass(frozen=True)
class CorrectionLine:
    """A request to correct, with whose it is and who signed. is_done: a later revision followed."""

    correction: Correction
    by: str
    signatures: tuple  # (name, words, at) each
    is_admitted: bool
    is_done: bool


def sheets_of(contest_id, stage, as_of=None):
    """The published revisions of a stage, the earliest first (up to a moment)."""
    statement = (
        select(ResultSheet).filter_by(contest_id=contest_id, stage=stage)
        .order_by(ResultSheet.revision)
    )
    if as_of is not None:
        statement = statement.where(ResultSheet.at <= as_of)
    return db.session.scalars(statement).all()


def revisions(contest_id, stage, as_of=None):
    """The Revisions of a stage, the earliest first."""
    sheets = sheets_of(contest_id, stage, as_of)
    found = []
    for at, sheet in enumerate(sheets):
        before = sheets[at - 1] if at else None
        changes = ()
        if before is not None and before.document_hash != sheet.document_hash:
            changes = tuple(correction_rules.changes_between(before.document, sheet.document))
        later = next(
            (one for one in sheets[at + 1 :] if one.document_hash != sheet.document_hash), None
        )
        found.append(Revision(sheet, changes, later))
    return found


def public_revisions(contest_id, stage, now):
    """The Revisions that the public may see: while the board is frozen none that is newer."""
    return revisions(contest_id, stage, board.switches(contest_id, now).cutoff)


def get_public_revision(contest_id, stage, number, now):
    """One of them, or Missing."""
    for one in public_revisions(contest_id, stage, now):
        if one.sheet.revision == number:
            return one
    raise Missing("These results were not published.")


def counted_from(contest_id, stage):
    """The correction_rules.CountedFrom of a stage, or None while nothing is published."""
    stated = find_ceremony(contest_id, stage)
    ended = (one.at for one in offered_moments(contest_id, stage) if one.key == "reveal_ended")
    published_at = db.session.scalar(
        select(ResultSheet.at).filter_by(contest_id=contest_id, stage=stage)
        .order_by(ResultSheet.revision).limit(1)
    )
    return correction_rules.counted_from(stated and stated.ends_at, next(ended, None), published_at)


def deadline(contest, kind, stage):
    """Until when an error of a kind is corrected, or None while nothing is published."""
    procedure, counted = procedure_of(contest), counted_from(contest.id, stage)
    return correction_rules.deadline(
        kind, counted and counted.at, procedure.arithmetic_hours, procedure.identity_hours
    )


def deadlines(contest, stage):
    """{kind: until when, or None}."""
    return {kind: deadline(contest, kind, stage) for kind in correction_rules.KINDS}


def get_correction(contest_id, correction_id):
    """The request, if of this contest; else Missing."""
    correction = db.session.get(Correction, correction_id)
    if correction is None or correction.contest_id != contest_id:
        raise Missing("There is no such correction.")
    return correction


def signers(correction_id):
    """The ids of those who signed."""
    return set(db.session.scalars(
        select(CorrectionSignature.by_id).filter_by(correction_id=correction_id)
    ))


def lines(contest_id):
    """Every request to correct, the latest first."""
    rows = db.session.execute(
        select(Correction, User.name).outerjoin(User, User.id == Correction.by_id)
        .where(Correction.contest_id == contest_id).order_by(Correction.id.desc())
    ).all()
    latest = find_latest_sheet(contest_id, stage_of(contest_id))
    return [_line(correction, by or "", latest) for correction, by in rows]


def _line(correction, by, latest):
    signed = db.session.execute(
        select(User.name, CorrectionSignature.words, CorrectionSignature.at)
        .join(User, User.id == CorrectionSignature.by_id)
        .where(CorrectionSignature.correction_id == correction.id)
        .order_by(CorrectionSignature.id)
    ).all()
    return CorrectionLine(
        correction, by, tuple(tuple(row) for row in signed),
        correction_rules.is_admitted(correction.is_late, len(signed)),
        latest is None or latest.id != correction.result_sheet_id,
    )


def why_results_are_held(contest_id):
    """After the ceremony results are opened only for an admitted correction or an upheld appeal."""
    latest = _held_sheet(contest_id)
    if latest is None or _admitted_kinds(contest_id) or _is_upheld(contest_id, latest):
        return None
    return _held()


@signals.change_asked.connect
def hold_changes(_sender, contest_id, entrant_id, refusals):
    """After the ceremony nothing that counts changes in another way either.

    While an appeal waits, its own contestant's marks may: its decision keeps what they change.
    """
    latest = _held_sheet(contest_id)
    if latest is None or _admitted_kinds(contest_id) or _is_upheld(contest_id, latest):
        return
    waiting = [one for one in appeals_of(contest_id, latest.stage) if one.decided_at is None]
    if entrant_id not in {one.entrant_id for one in waiting}:
        refusals.append(_held())


def why_revision_is_held(contest_id, latest, document):
    """After the ceremony a later revision corrects only what was asked for, each kind in its time."""
    if _held_sheet(contest_id) is None or _is_upheld(contest_id, latest):
        return None
    kinds, waiting = _admitted_kinds(contest_id), appeals_of(contest_id, latest.stage)
    if not kinds and not any(one.decided_at is None for one in waiting):
        return _held()
    if "identity" in kinds:
        return None
    wrong = correction_rules.other_people(latest.document, document)
    if not wrong:
        return None
    return Conflict(
        "Only errors of arithmetic or entry may be corrected now, but who stands behind a result "
        "would change too: %(numbers)s. Put that back as it was published, or file a correction of "
        "identity.", numbers=listed(wrong),
    )


def _held_sheet(contest_id):
    """The latest published sheet of the stage once its ceremony was held, else None."""
    contest, stage = get_contest(contest_id), stage_of(contest_id)
    counted = counted_from(contest_id, stage)
    is_held = counted is not None and counted.is_held(contest.state, clock.now())
    return find_latest_sheet(contest_id, stage) if is_held else None


def _admitted_kinds(contest_id):
    return {
        line.correction.kind for line in lines(contest_id) if line.is_admitted and not line.is_done
    }


def _is_upheld(contest_id, latest):
    return any(
        one.outcome == "upheld" and one.decided_at >= latest.at
        for one in appeals_of(contest_id, latest.stage)
    )


def _held():
    return Conflict(
        "The ceremony was held, or the results have been final for a month. They are opened again only for a "
        "correction that was filed in time, or that three people signed: file it on the page of corrections "
        "first."
    )


def waits_for_ceremony(contest):
    """True when the results are final and nobody stated when the ceremony was: no deadline has begun."""
    if contest.state != "final":
        return False
    counted = counted_from(contest.id, stage_of(contest.id))
    return counted is not None and not counted.is_held(contest.state, clock.now())


_UNSTATED = N_(
    "Nobody has stated when the ceremony was, or the results were made known: the deadlines of corrections "
    "have not begun."
)


def _unstated(kind):
    return Note(_UNSTATED, {}, "review.show_register", kind)


@signals.step_asked.connect
def hold_until_stated(act, contest_id, to, problems):
    """No contest of a formal road is archived before the deadlines of corrections have begun."""
    contest = get_contest(contest_id)
    if act == "archive" and procedure_of(contest).name != "short" and waits_for_ceremony(contest):
        problems.append(_unstated("todo"))


def desk_notes(contest_id):
    """What the contest's desk says of the deadlines of corrections."""
    contest = get_contest(contest_id)
    if not waits_for_ceremony(contest):
        return []
    return [_unstated("info" if procedure_of(contest).name == "short" else "todo")]


DESK_NOTES.append(desk_notes)
HOLDS_RESULTS.append(why_results_are_held)
HOLDS_REVISIONS.append(why_revision_is_held)
