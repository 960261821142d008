"""A title that an authority granted to a person or a crew put forward becomes an honour on the register."""

from contest import signals
from contest.awards.nomination_models import Nomination
from contest.db import db
from contest.registry import listing
from contest.registry.models import Honour


@signals.nomination_granted.connect
def put_on_the_register(_sender, nomination_id):
    """The honour of the person or the crew, with its authority, document and day, within the same work.

    Conflict while the board is frozen.
    """
    nomination = db.session.get(Nomination, nomination_id)
    listing.check_not_frozen(nomination.contest_id)
    award, event = nomination.award, nomination.events[-1]
    sent = next(one for one in reversed(nomination.events) if one.state == "sent")
    award_id = _award_of(nomination, award)
    listing.add_honour(
        "nomination.grant", event.by_id, _holder(nomination), contest_id=nomination.contest_id,
        award_id=award_id, name=nomination.title, level=award.level if nomination.kind == "expert" else "",
        is_title=True, authority=nomination.authority, document_number=event.document_number,
        granted_on=event.on,
        # The place belongs to the honour of the award; a further title would count it a second time.
        place=award.place if award_id is not None else None,
        evidence={
            **listing.evidence_of_award(award), "nomination": nomination.id, "pack_sha256": sent.pack_sha256,
        },
    )


def _holder(nomination):
    if nomination.human_id is None:
        return listing.holder_of_unit(nomination.organisation, nomination.crew)
    return listing.holder_of_entrant(nomination.award.entrant)


def _award_of(nomination, award):
    """The award that is this very title and waits for its honour; None beside another honour."""
    is_the_title = nomination.kind == "expert" and award.is_title
    is_taken = db.session.query(Honour.id).filter_by(award_id=award.id).first() is not None
    return award.id if is_the_title and not is_taken else None
