"""What the curator does: confirm honours, describe a craftsman, revoke an honour."""

from contest import clock
from contest.audit.work import work
from contest.db import db
from contest.errors import Invalid
from contest.people.queries import get_organisation
from contest.registry import honour_queries, listing, queries, rules
from contest.registry.life_models import UnitWords
from contest.results.queries import lock_contest


def confirm_honours(
    actor, contest_id, award_ids, authority, document_number, granted_on, is_checked
):
    """Put the winners of these awards on the register, each honour with its evidence.

    granted_on: as typed. Raises Missing when an award does not wait, Invalid when the authority or the
    number of the decision is missing, the day is none, or nobody says that the lines were compared.
    """
    lock_contest(contest_id)  # no award is annulled between the look at those that wait and their honours
    awards = queries.get_waiting(contest_id, award_ids)
    listing.check_not_frozen(contest_id)
    rules.check_compared(is_checked)
    granted_on = rules.read_day(granted_on)
    authority = authority.strip()
    if not authority:
        raise Invalid("Enter the authority that grants the honours.")
    document_number = document_number.strip()
    if not document_number:
        raise Invalid("Enter the number of the decision.")
    with work(
        actor, "registry.confirm", contest_id=contest_id, subject=f"{len(awards)} awards",
        awards=[award.id for award in awards], authority=authority, document=document_number,
    ):
        for award in awards:
            listing.add_honour(
                "registry.confirm", actor.user_id, listing.holder_of_award(award),
                contest_id=contest_id, award_id=award.id, name=award.name, name_en=award.name_en,
                level=award.level, is_title=award.is_title, authority=authority,
                document_number=document_number, granted_on=granted_on, place=award.place,
                evidence=listing.evidence_of_award(award),
            )
    return awards


def describe_craftsman(actor, token, words):
    """Change the line of life on a craftsman's page."""
    craftsman = queries.get_craftsman(token)
    words = _read_words(words)
    with work(
        actor, "registry.describe", subject=craftsman.human.name, old=craftsman.words, new=words
    ):
        craftsman.words = words
    return craftsman


def describe_unit(actor, organisation_id, words):
    """Change the line of life on the page of a unit that has honours or records; Missing for any other."""
    honour_queries.public_honours_of(organisation_id)
    unit, row = get_organisation(organisation_id), honour_queries.find_words(organisation_id)
    words = _read_words(words)
    with work(
        actor, "registry.describe_unit", subject=unit.name, old=row.words if row else "", new=words
    ):
        if row is None:
            row = UnitWords(organisation_id=organisation_id)
            db.session.add(row)
        row.words, row.by_id, row.at = words, actor.user_id, clock.now()
    return row


def _read_words(words):
    words = (words or "").strip()
    if len(words) > 300:
        sentence = Invalid("At most %(most)s characters are taken here.", most=300)
        raise Invalid(sentence.message, fields={"words": sentence}, **sentence.params)
    return words


def revoke_honour(actor, honour_id, reason):
    """Take an honour back with a reason; it stays on the page as revoked and opens nothing.

    The level that it gave goes with it, unless another honour gives it too.
    """
    honour = queries.hold_honour(honour_id)
    rules.check_revocable(honour.state)
    reason = reason.strip()
    if not reason:
        raise Invalid("Give the reason for revoking the honour.")
    with work(
        actor, "registry.revoke", contest_id=honour.contest_id, subject=f"honour {honour.id}",
        name=honour.name, person=queries.holder_of(honour).name, reason=reason,
    ) as facts:
        facts.update(listing.revoke_within("registry.revoke", honour, reason))
    return honour
