"""A title that an authority granted to a person or a crew put forward becomes an honour on the register."""

from contest import clock, signals
from contest.awards.nomination_models import Nomination
from contest.board.queries import switches
from contest.db import db
from contest.registry import queries, rules
from contest.registry.listing_actions import list_person, show_level
from contest.registry.models import Honour


@signals.nomination_granted.connect
def put_on_the_register(_sender, nomination_id):
    """The honour of the person or the crew, with its authority, document and day, within the same work.

    Conflict while the board is frozen.
    """
    nomination = db.session.get(Nomination, nomination_id)
    rules.check_not_frozen(switches(nomination.contest_id, clock.now()).cutoff)
    award, event = nomination.award, nomination.events[-1]
    sent = next(one for one in reversed(nomination.events) if one.state == "sent")
    sheet = queries.get_result_sheet(award.result_sheet_id)
    honour = Honour(
        **_holder(nomination), contest_id=nomination.contest_id, award_id=_award_of(nomination, award),
        name=nomination.title, level=award.level if nomination.kind == "expert" else "", is_title=True,
        authority=nomination.authority, document_number=event.document_number, granted_on=event.on,
        place=award.place, state="listed", confirmed_by_id=event.by_id, confirmed_at=clock.now(),
        evidence={
            "total": award.total, "why": award.why, "result_revision": sheet.revision,
            "result_hash": sheet.document_hash, "result_at": sheet.at.isoformat(),
            "nomination": nomination.id, "pack_sha256": sent.pack_sha256,
        },
    )
    db.session.add(honour)
    if honour.craftsman is not None:
        show_level(honour.craftsman)
    db.session.flush()
    signals.honour_changed.send("nomination.grant", honour_id=honour.id, state=honour.state)


def _holder(nomination):
    """Whose honour it is: columns of an Honour."""
    unit = nomination.organisation
    if nomination.human_id is None:
        return {"organisation_id": unit.id, "team_name": nomination.crew, "unit": unit.name}
    entrant = nomination.award.entrant
    craftsman = list_person(entrant.human, entrant.trade or "", entrant.organisation.name, "")
    return {"craftsman": craftsman, "unit": craftsman.unit}


def _award_of(nomination, award):
    """The award that is this very title and waits for its honour; None beside another honour."""
    is_the_title = nomination.kind == "expert" and award.is_title
    is_taken = db.session.query(Honour.id).filter_by(award_id=award.id).first() is not None
    return award.id if is_the_title and not is_taken else None
