"""Asking that published results be corrected, and signing for it when it is too late otherwise."""

from contest import clock
from contest.audit.rules import VALUES_OF
from contest.audit.work import work
from contest.db import db
from contest.errors import Conflict
from contest.results.queries import find_latest_sheet, lock_contest, stage_of
from contest.review import correction_queries, correction_rules
from contest.review.models import Correction, CorrectionSignature
from contest.review.public_rules import check_public_words
from contest.setup.pairing import check_two_people
from contest.setup.step_rules import WITNESSES
from contest.setup.stepping import check_word

VALUES_OF["kind"].update(correction_rules.KINDS)


def file_correction(actor, contest_id, kind, words, is_override=False):
    """Ask that published results be corrected; returns the request.

    After the deadline of its kind it is refused (and the try kept), unless it asks for the three
    signatures: then it holds nothing open before three people have signed.
    """
    contest = lock_contest(contest_id)
    stage = stage_of(contest_id)
    sheet = find_latest_sheet(contest_id, stage)
    if contest.state not in correction_rules.CORRECTED_IN or sheet is None:
        raise Conflict("Only published results are corrected.")
    kind, text = correction_rules.read_correction(kind, words)
    check_public_words("words", text)
    until, now = correction_queries.deadline(contest, kind, stage), clock.now()
    try:
        correction_rules.check_in_time(kind, until, now, is_override)
    except Conflict as late:
        db.session.rollback()
        with work(
            actor, "correction.refuse", contest_id=contest_id, subject=f"stage {stage}", kind=kind,
            sentence=str(late),
        ):
            pass
        raise
    is_late = until is not None and now >= until
    correction = Correction(
        contest_id=contest_id, result_sheet_id=sheet.id, kind=kind, words=text, is_late=is_late,
        by_id=actor.user_id, at=now,
    )
    with work(
        actor, "correction.file", contest_id=contest_id, subject=f"stage {stage}", kind=kind,
        revision=sheet.revision, reason=text, late=is_late,
    ):
        db.session.add(correction)
    return correction


def sign_correction(actor, contest_id, correction_id, words):
    """Agree in writing to a late correction, as one of three; NotAllowed without the word typed again."""
    contest = lock_contest(contest_id)
    correction = correction_queries.get_correction(contest_id, correction_id)
    signed = correction_queries.signers(correction_id)
    text = correction_rules.check_signature(correction, signed, actor, words)
    for signer_id in sorted(signed) or [None]:
        check_two_people(contest, signer_id, actor.user_id, WITNESSES)
    check_word(actor)
    with work(
        actor, "correction.sign", contest_id=contest_id, subject=f"correction {correction.id}",
        reason=text,
    ):
        db.session.add(CorrectionSignature(
            correction_id=correction.id, words=text, by_id=actor.user_id, at=clock.now(),
        ))
