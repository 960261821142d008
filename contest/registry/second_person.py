"""Two people stand behind a move on a ladder and behind a record, and not one with two accounts."""

from contest.accounts.hands import hands_behind, name_of
from contest.accounts.queries import get_user
from contest.registry import level_rules, person_queries, person_rules
from contest.setup import pair_rules

ROLES = ("curator",)


def check_apart(first_id, first_at, second_id):
    """NotAllowed when one of two people may be the other's second self since the first one acted."""
    both = (first_id, second_id)
    if None in both:
        return
    for one in both:
        user = get_user(one)
        pair_rules.check_own_password(user.name, user.password_is_given)
    check_two_persons(*both)
    # Who gave a role or a password since the first one acted may be both people.
    behind = [hands_behind(one, None, ROLES, first_at) for one in both]
    shared = sorted(behind[0] & behind[1])
    level_rules.check_apart(name_of(shared[0]) if shared else None)


def check_two_persons(first_id, second_id):
    """NotAllowed when two accounts are, or may be, one person's; one that is tied to nobody says nothing."""
    accounts = (first_id, second_id)
    people = [person_queries.whose_account(one) for one in accounts]
    if None not in people and person_queries.may_be_one(*people, accounts):
        person_rules.refuse_two_accounts(*(get_user(one).login for one in accounts))
