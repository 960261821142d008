"""Making the key with which this installation signs, and making it known in every contest's chain."""

from sqlalchemy import select

from contest import clock
from contest.audit import signing
from contest.audit.chain_models import ChainLink, SigningKey
from contest.audit.chaining import note_record
from contest.audit.work import work
from contest.db import db


def make_key(actor, path, passphrase=""):
    """Make a new signing key; from now on it signs, and every chain says so. Returns the Signer.

    What older keys have signed stays valid: their public halves are kept.
    """
    signer = signing.make_key(path, passphrase)
    contest = db.metadata.tables["contest"]
    with work(actor, "key.make", subject=signer.fingerprint):
        db.session.add(
            SigningKey(public=signer.public, fingerprint=signer.fingerprint, at=clock.now())
        )
        begun = select(ChainLink.contest_id).where(ChainLink.contest_id == contest.c.id).exists()
        for contest_id in db.session.scalars(
            # Held, so that nobody who submits there waits for the chain's end in another order.
            select(contest.c.id).where(contest.c.state != "archived", begun)
            .order_by(contest.c.id).with_for_update()
        ).all():
            note_record(contest_id, "key", {"key": signer.public.hex()})
    return signer
