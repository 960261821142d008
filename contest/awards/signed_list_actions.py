"""Signing the list of a contest's certificates anew, whenever one was issued or does not stand any more."""

import hashlib

from contest import clock
from contest.audit.signing import find_key
from contest.audit.work import work
from contest.awards import signed_list_queries as queries
from contest.awards import signed_list_rules as rules
from contest.awards.signed_list_models import CertificateLeaf, CertificateList
from contest.db import db
from contest.errors import Conflict
from contest.results.queries import lock_contest


def sign_list(actor, contest_id, signer):
    """Sign the list as the certificates are now; the CertificateList. Earlier lists stay.

    Conflict where it says that already, and without a key that this installation knows.
    """
    contest = lock_contest(contest_id)
    if signer is None or find_key(signer.public) is None:
        raise Conflict(
            "There is no signing key here that this installation knows. Make one: contest key make"
        )
    if not queries.is_due(contest_id):
        raise Conflict("The newest signed list of certificates says all that there is to say.")
    with work(actor, "certificate.list", contest_id=contest_id, subject=contest.name) as facts:
        add_list(actor, contest, signer, facts)
    return queries.newest_list(contest_id)


def add_list(actor, contest, signer, facts):
    """Within the caller's work: leaves for those without one, and a signed list of all; facts learn of it."""
    db.session.flush()
    first = queries.count_leaves(contest.id)
    db.session.add_all(
        CertificateLeaf(
            contest_id=contest.id, certificate_id=one.id, position=position, hash=rules.leaf_of(one.code)
        ) for position, one in enumerate(queries.without_leaf(contest.id), first)
    )
    db.session.flush()
    at = clock.now()
    number, data = queries.draft(contest, signer, at)
    db.session.add(CertificateList(
        contest_id=contest.id, number=number, data=data, public=signer.public,
        signature=signer.sign(data, rules.DOMAIN), by_id=actor.user_id, at=at,
    ))
    facts["list_number"], facts["list_hash"] = number, hashlib.sha256(data).hexdigest()
