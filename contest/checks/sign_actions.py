"""Signing for sheets, each time with the password or PIN typed again."""

from contest import clock
from contest.audit.work import work
from contest.checks import sign_queries
from contest.checks import sign_rules as rules
from contest.checks.models import Signature
from contest.db import db
from contest.errors import Missing
from contest.judging.queries import lock_contest
from contest.setup.pairing import check_two_people
from contest.setup.queries import get_contest
from contest.setup.stepping import check_word


def sign_module(actor, contest_id, module_key, seen):
    """A judge signs for all own sheets of a module as they were shown. seen: {sheet id: revision}."""
    lock_contest(contest_id)
    check_word(actor)
    mine = {b.module.key: b for b in sign_queries.own_bundles(contest_id, actor.user_id)}
    if module_key not in mine:
        raise Missing("You have no sheets in this module.")
    bundle = mine[module_key]
    contest = get_contest(contest_id)
    check_two_people(contest, None, actor.user_id, ("judge",))
    rules.check_may_sign(contest.state, bundle.sheets)
    rules.check_seen(seen, bundle.revisions)
    _sign(actor, contest_id, "judge", module_key, bundle.revisions)


def sign_stage(actor, contest_id, role, seen):
    """The chief judge signs for the whole stage, or the supervisor countersigns.

    seen: sign_queries.Signed.whole as it was shown; Conflict when anything that counts has changed since.
    """
    lock_contest(contest_id)
    check_word(actor)
    contest = get_contest(contest_id)
    found = sign_queries.signed(contest_id)
    sheets = [sheet for bundle in found.bundles for sheet in bundle.sheets]
    rules.check_may_sign(contest.state, sheets)
    rules.check_stage_seen(seen, found.whole)
    if role == "chief_judge":
        rules.check_in_order(role, found.unsigned)
        check_two_people(contest, None, actor.user_id, (role,))
    else:
        rules.check_in_order(role, found.state_of("chief_judge") != "signed")
        chief_id = found.signer_of("chief_judge")
        rules.check_not_chief(actor.user_id, chief_id)
        check_two_people(contest, chief_id, actor.user_id, ("chief_judge", role))
    _sign(actor, contest_id, role, "", found.revisions, found.fingerprint)


def _sign(actor, contest_id, role, module_key, revisions, fingerprint=None):
    stage = get_contest(contest_id).stage
    # Nothing of the fingerprint in the trail: by trial it would tell who is behind a code.
    with work(
        actor, "signature.add", contest_id=contest_id, subject=f"stage {stage}", role=role,
        module=module_key, count=len(revisions),
    ):
        db.session.add(
            Signature(
                contest_id=contest_id, stage=stage, role=role, module_key=module_key,
                sheets={str(one): rev for one, rev in revisions.items()}, fingerprint=fingerprint or {},
                by_id=actor.user_id, at=clock.now(),
            )
        )
