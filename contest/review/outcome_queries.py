"""What came of a decision for somebody: a figure that changed, or a stated reason why none does."""

from dataclasses import dataclass

from sqlalchemy import select

from contest.accounts.models import User
from contest.db import db
from contest.results import queries as results
from contest.results.models import ResultSheet
from contest.results.result_document import result_document
from contest.review.correction_rules import own_figures
from contest.review.models import Appeal, Notice, Objection, UnchangedReason
from contest.setup.queries import get_contest


@dataclass(frozen=True)
class Outcome:
    """Of a decision for somebody. is_changed: in what is published; reason, by: why nothing is, and who
    said so."""

    is_changed: bool
    reason: UnchangedReason | None
    by: str

    @property
    def is_settled(self):
        """True when nothing more has to come of the decision."""
        return self.is_changed or self.reason is not None


def outcome_of_appeal(appeal):
    """The Outcome of an appeal that was upheld; None of any other."""
    if appeal.outcome != "upheld":
        return None
    return Outcome(_has_changed(appeal), *_reason(appeal_id=appeal.id))


def outcome_of_objection(objection):
    """The Outcome of an objection that was founded; None of any other."""
    if objection.outcome != "founded":
        return None
    notice = db.session.get(Notice, objection.notice_id)
    shown = db.session.get(ResultSheet, notice.result_sheet_id)
    latest = results.find_latest_sheet(notice.contest_id, notice.stage)
    return Outcome(latest.document_hash != shown.document_hash, *_reason(objection_id=objection.id))


def unsettled(contest_id, stage):
    """(Appeals of a stage, objections to its notices) of whose decision nothing has come yet."""
    appeals = db.session.scalars(
        select(Appeal).filter_by(contest_id=contest_id, stage=stage, outcome="upheld").order_by(Appeal.number)
    )
    objections = db.session.scalars(
        select(Objection).join(Notice, Notice.id == Objection.notice_id)
        .where(Objection.contest_id == contest_id, Objection.outcome == "founded", Notice.stage == stage)
        .order_by(Objection.number)
    )
    return (
        [one for one in appeals if not outcome_of_appeal(one).is_settled],
        [one for one in objections if not outcome_of_objection(one).is_settled],
    )


def _reason(**about):
    row = db.session.execute(
        select(UnchangedReason, User.name).outerjoin(User, User.id == UnchangedReason.by_id)
        .filter_by(**about)
    ).first()
    return (row[0], row[1] or "") if row else (None, "")


def _has_changed(appeal):
    """Whether what is published says something else of the contestant than when the appeal was filed."""
    latest = results.find_latest_sheet(appeal.contest_id, appeal.stage)
    if latest is None:
        return False
    since = appeal.handed_in_at or appeal.filed_at
    shown = results.find_latest_sheet(appeal.contest_id, appeal.stage, as_of=since)
    if shown is not None:
        before = own_figures(shown.document, appeal.entrant_id)
        return before != own_figures(latest.document, appeal.entrant_id)
    # Filed when only a module was announced: of the others marks came meanwhile anyway.
    official = results.standings(appeal.contest_id, appeal.stage, as_of=since)
    document = result_document(get_contest(appeal.contest_id), official.force, official)
    figures = [own_figures(one, appeal.entrant_id) for one in (document, latest.document)]
    if appeal.module_key:
        figures = [one and one["modules"].get(appeal.module_key) for one in figures]
    return figures[0] != figures[1]
