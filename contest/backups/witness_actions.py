"""Naming witnesses, and sending them the head: reliability.md, 5.2 (c)."""

import logging
import smtplib

from contest import clock
from contest.audit.rules import DEEDS, FACT_NAMES, VALUES_OF
from contest.audit.sentence_rules import SENTENCES
from contest.audit.work import Actor, work
from contest.backups import witness_queries, witness_rules
from contest.backups.witness_models import HeadLetter, HeadWitness
from contest.db import db, writing
from contest.i18n import N_

log = logging.getLogger(__name__)
PROGRAM = Actor(None, "chain")

DEEDS.update({
    "witness.add": N_("Witness of the chain named"),
    "witness.end": N_("Witness of the chain taken off the list"),
    "witness.tell": N_("Head of the chain sent to a witness"),
})
FACT_NAMES.update({"occasion": N_("occasion"), "seq": N_("link of the chain")})
VALUES_OF["occasion"] = witness_rules.OCCASIONS
SENTENCES.update({
    "witness.add": N_("Named %(about)s as a witness of the chain"),
    "witness.end": N_("Took %(about)s off the list of witnesses"),
    "witness.tell": N_("Sent the head of the chain to %(about)s"),
})


def add_witness(actor, contest_id, name, address):
    """Send the heads of this contest to somebody outside from now on; Invalid, Conflict."""
    name, address = witness_rules.read_name(name), witness_rules.read_address(address)
    known = [one.address for one in witness_queries.list_witnesses(contest_id)]
    witness_rules.check_may_add(address, known)
    with work(actor, "witness.add", contest_id=contest_id, subject=name):
        db.session.add(HeadWitness(contest_id=contest_id, name=name, address=address, added_at=clock.now()))


def end_witness(actor, contest_id, witness_id):
    """Send nothing to this witness any more; the letters stay on record."""
    row = witness_queries.get_witness(contest_id, witness_id)
    with work(actor, "witness.end", contest_id=contest_id, subject=row.name):
        row.ended_at = clock.now()


def tell_witnesses(sender):
    """Write the letters that are due and send what waits; returns how many were sent.

    sender: None where no way of sending is set up; letters then wait, and the page says so.
    """
    with writing():
        for contest_id in witness_queries.witnessed_contests():
            _write_due(contest_id)
    if sender is None:
        return 0
    waiting = [
        (letter.id, witness.contest_id) for letter, witness in witness_queries.waiting_letters()
        if letter.tried_at is None
        or witness_rules.next_try(letter.tries, letter.tried_at) <= clock.now()
    ]
    db.session.rollback()
    return sum(_send(sender, *one) for one in waiting)


def _write_due(contest_id):
    """One head for all: what was written to one witness stands in the letter of the other."""
    stand, now = witness_queries.stand_of(contest_id), clock.now()
    revisions = None
    for witness in witness_queries.list_witnesses(contest_id):
        occasion = witness_rules.occasion(stand, witness_queries.last_letter(witness.id), now)
        if occasion is None:
            continue
        revisions = witness_queries.count_revisions(contest_id) if revisions is None else revisions
        db.session.add(HeadLetter(
            witness_id=witness.id, occasion=occasion, state=stand.state, publications=stand.publications,
            revisions=revisions, seq=stand.head.seq, hash=stand.head.hash.hex(), at=now,
        ))
    db.session.commit()


def _send(sender, letter_id, contest_id):
    """True when it went. Sending may take seconds, and holds nothing meanwhile."""
    letter = db.session.get(HeadLetter, letter_id)
    witness = db.session.get(HeadWitness, letter.witness_id)
    name, address, occasion, seq = witness.name, witness.address, letter.occasion, letter.seq
    slug, text = witness_queries.slug_of(contest_id), _text(letter, contest_id)
    db.session.rollback()
    try:
        sender.send(address, f"{slug} {seq}", text)
    except (OSError, smtplib.SMTPException) as failed:
        log.warning("The head of %s could not be sent: %s", slug, type(failed).__name__)
        with writing():
            _note_try(letter_id)
            db.session.commit()
        return False
    with writing():
        with work(
            PROGRAM, "witness.tell", contest_id=contest_id, subject=name, occasion=occasion, seq=seq
        ):
            _note_try(letter_id).sent_at = clock.now()
    return True


def _note_try(letter_id):
    letter = db.session.get(HeadLetter, letter_id)
    letter.tries, letter.tried_at = letter.tries + 1, clock.now()
    return letter


def _text(letter, contest_id):
    return witness_rules.LETTER.format(
        slug=witness_queries.slug_of(contest_id), head=f"{letter.seq}:{letter.hash}", seq=letter.seq,
        revisions=letter.revisions, publications=letter.publications, state=letter.state,
        at=letter.at.isoformat(timespec="seconds"),
    )
