"""What the curator does: confirm honours, describe a craftsman, revoke an honour."""

from contest import clock, signals
from contest.audit.work import work
from contest.board.queries import switches
from contest.db import db
from contest.errors import Invalid
from contest.registry import queries, rules
from contest.registry.listing_actions import list_person, show_level
from contest.registry.models import Honour


def confirm_honours(
    actor, contest_id, award_ids, authority, document_number, granted_on, is_checked
):
    """Put the winners of these awards on the register, each honour with its evidence.

    granted_on: as typed. Raises Missing when an award does not wait, Invalid when the authority is
    not named, the day is none, or nobody says that the lines were compared with the decision.
    """
    awards = queries.get_waiting(contest_id, award_ids)
    rules.check_not_frozen(switches(contest_id, clock.now()).cutoff)
    rules.check_compared(is_checked)
    granted_on = rules.read_day(granted_on)
    authority = authority.strip()
    if not authority:
        raise Invalid("Enter the authority that grants the honours.")
    with work(
        actor, "registry.confirm", contest_id=contest_id, subject=f"{len(awards)} awards",
        awards=[award.id for award in awards], authority=authority, document=document_number,
    ):
        for award in awards:
            honour = Honour(
                contest_id=contest_id, award_id=award.id,
                name=award.name, name_en=award.name_en, level=award.level,
                is_title=award.is_title, authority=authority,
                document_number=document_number.strip(), granted_on=granted_on,
                place=award.place, evidence=_evidence(award), state="listed",
                confirmed_by_id=actor.user_id, confirmed_at=clock.now(), **_holder(award),
            )
            db.session.add(honour)
            db.session.flush()
            if honour.craftsman is not None:
                show_level(honour.craftsman)
            signals.honour_changed.send("registry.confirm", honour_id=honour.id, state=honour.state)
    return awards


def _holder(award):
    """Whose the honour is: the person's row of the register, or the organisation, for its team or itself."""
    if award.entrant is not None:
        entrant = award.entrant
        craftsman = list_person(
            entrant.human, entrant.trade, entrant.organisation.name, entrant.organisation.region
        )
        return {"craftsman": craftsman, "unit": entrant.organisation.name}
    organisation = award.team.organisation if award.team is not None else award.organisation
    return {
        "organisation": organisation, "unit": organisation.name,
        "team_name": award.team.name if award.team is not None else "",
    }


def _evidence(award):
    """What the honour rests on, copied, so that it can be checked against the published results."""
    sheet = queries.get_result_sheet(award.result_sheet_id)
    return {
        "total": award.total,
        "why": award.why,
        "result_revision": sheet.revision,
        "result_hash": sheet.document_hash,
        "result_at": sheet.at.isoformat(),
    }


def describe_craftsman(actor, token, words):
    """Change the line of life on a craftsman's page."""
    craftsman = queries.get_craftsman(token)
    words = words.strip()
    if len(words) > 300:
        raise Invalid("At most %(most)s characters are taken here.", most=300)
    with work(
        actor, "registry.describe", subject=craftsman.human.name, old=craftsman.words, new=words
    ):
        craftsman.words = words
    return craftsman


def revoke_honour(actor, honour_id, reason):
    """Take an honour back with a reason; it stays on the page as revoked and opens nothing.

    The level that it gave goes with it, unless another honour gives it too.
    """
    honour = queries.get_honour(honour_id)
    rules.check_revocable(honour.state)
    reason = reason.strip()
    if not reason:
        raise Invalid("Give the reason for revoking the honour.")
    with work(
        actor, "registry.revoke", contest_id=honour.contest_id, subject=f"honour {honour.id}",
        name=honour.name, person=queries.holder_of(honour).name, reason=reason,
    ) as facts:
        honour.state = "revoked"
        honour.state_reason = reason
        if honour.craftsman is not None:
            facts["old"] = honour.craftsman.level
            show_level(honour.craftsman)
            facts["new"] = honour.craftsman.level
        db.session.flush()
        signals.honour_changed.send("registry.revoke", honour_id=honour.id, state="revoked")
    return honour
