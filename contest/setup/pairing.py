"""The one place that asks whether two people of an act are two people."""

from datetime import UTC, datetime

from contest.accounts.hands import MACHINE, hands_behind, name_of
from contest.accounts.queries import get_user
from contest.setup import pair_rules, queries
from contest.setup.rules import STAGE_IS_OPEN_IN

LONG_AGO = datetime.min.replace(tzinfo=UTC)


def check_two_people(contest, first_id, second_id, roles):
    """NotAllowed unless these two may do an act together; a program (None) is nobody's second self.

    roles: those by which they act. Each has replaced a one-time password; and since the contest's
    first mark neither gave the other, nor anybody both of them, a role, a password or a PIN.
    """
    both = [one for one in (first_id, second_id) if one is not None]
    for one in both:
        user = get_user(one)
        pair_rules.check_own_password(user.name, user.password_is_given)
    if len(both) < 2:
        return
    since = _marked_since(contest)
    behind = [hands_behind(one, contest.id, roles, since) for one in both]
    if since == LONG_AGO:  # then nobody was there before, and the machine made all of them
        behind = [hands - {MACHINE} for hands in behind]
    shared = sorted(behind[0] & behind[1], key=lambda one: (one not in both, one))
    pair_rules.check_apart(name_of(shared[0]) if shared else None)


def _marked_since(contest):
    """The moment of a contest's first mark, or None before it.

    An old contest that is past its scoring may have kept none: then everything on record counts.
    """
    first = queries.first_frozen_at(contest.id)
    if first is None and contest.state not in STAGE_IS_OPEN_IN:
        return LONG_AGO
    return first
