"""From whose hands a person has a role, a password or a PIN, as far as that is recent."""

from contest.accounts.queries import get_user
from contest.i18n import two_names

# Whoever works at the machine itself gives roles and passwords without a name: one hand like another.
MACHINE = 0
AT_THE_MACHINE = two_names("在服务器命令行上操作的人", "whoever works at the command line of this machine")


def hands_behind(user_id, contest_id, roles, since):
    """The ids of this person and of everybody through whom, since a moment, he may be somebody's second self.

    Who gave the password or the PIN could enter in his place; who gave every role of `roles` that
    he holds here made him what he is in the act. The same is asked of those people in their turn,
    as organisers. since None: nothing is recent.
    """
    found, waiting = {user_id}, _hands_of(user_id, contest_id, roles, since)
    while waiting - found:
        one = (waiting - found).pop()
        found.add(one)
        waiting |= _hands_of(one, contest_id, ("organiser",), since)
    return found


def _hands_of(user_id, contest_id, roles, since):
    if since is None or user_id == MACHINE:
        return set()
    user = get_user(user_id)
    hands = {
        _id_of(by) for by, at in ((user.password_by_id, user.password_at), (user.pin_by_id, user.pin_at))
        if at is not None and at >= since
    }
    held = [
        grant for grant in user.grants
        if grant.role in roles and grant.contest_id in (None, contest_id)
    ]
    # One role from before is enough: whoever adds another one takes nobody out of the contest.
    if all(grant.granted_at is not None and grant.granted_at >= since for grant in held):
        hands |= {_id_of(grant.granted_by_id) for grant in held}
    return hands - {user_id}


def _id_of(by):
    return MACHINE if by is None else by


def name_of(hand):
    """What somebody is called whose hands are behind another one."""
    return AT_THE_MACHINE if hand == MACHINE else get_user(hand).name
