import pytest

from contest.accounts import queries, tickets
from contest.accounts.passwords import hash_secret, is_secret
from contest.db import db
from contest.errors import Invalid
from tests import factories


def test_a_new_user_is_clean_and_has_an_id(app):
    user = tickets.new_user(" WANG ", "王  建国")

    assert user.id
    assert (user.login, user.name, user.password_hash) == ("wang", "王 建国", None)


def test_a_taken_login_is_refused(app):
    tickets.new_user("wang", "Wang")

    with pytest.raises(Invalid) as refused:
        tickets.new_user("Wang", "Another")

    assert refused.value.fields.keys() == {"login"}


def test_nothing_is_committed(app):
    tickets.new_user("wang", "Wang")
    db.session.rollback()

    assert queries.find_user("wang") is None


def test_free_logins_count_on(app):
    assert tickets.free_login("judge") == "judge-01"
    tickets.new_user("judge-01", "One")

    assert tickets.free_login("judge") == "judge-02"
    assert tickets.free_login("Panel 3/A") == "panel3a-01"
    assert tickets.free_login("///") == "user-01"


def test_a_role_is_given_once(app):
    contest, user = factories.make_contest(), factories.make_user()

    tickets.grant(user, "judge", contest.id)
    tickets.grant(user, "judge", contest.id)
    tickets.grant(user, "organiser")
    tickets.grant(user, "organiser")

    assert sorted((g.role, g.contest_id) for g in user.grants) == [
        ("judge", contest.id), ("organiser", None)
    ]


def test_a_new_card_takes_the_earlier_one_back(app):
    user = factories.make_user()

    first, second = tickets.new_card(user), tickets.new_card(user)

    assert queries.find_card(first) is None
    assert queries.find_card(second).user_id == user.id
    assert queries.get_card(first).revoked_at is not None


def test_a_new_pin_lifts_the_block(app):
    user = factories.make_user(failures=9)

    pin = tickets.new_pin(user)

    assert is_secret(user.pin_hash, pin)
    assert (user.failures, user.blocked_until) == (0, None)


def test_a_pin_may_be_hashed_beforehand(app):
    user = factories.make_user()
    made = ("123456", hash_secret("123456"))

    assert tickets.new_pin(user, made) == "123456"
    assert user.pin_hash == made[1]


def test_an_invitation_keeps_only_the_hash_of_its_token(app):
    contest, unit = factories.make_contest(), factories.make_organisation()

    token = tickets.new_invitation(contest.id, unit.id)

    invitation = queries.find_invitation(token)
    assert invitation.organisation_id == unit.id
    assert token not in invitation.token_hash
    assert (invitation.expires_at - invitation.issued_at).days == 30


def test_ending_sessions_spares_what_it_was_told_to(app):
    user = factories.make_user()
    keep = tickets.new_session(user, "one", "password", tickets.timedelta(hours=1))
    tickets.new_session(user, "two", "card", tickets.timedelta(hours=1))
    db.session.flush()
    kept = queries.find_person(keep)

    assert tickets.end_sessions(user.id, entered_by="password", keep_id=kept.session_id) == 0
    assert tickets.end_sessions(user.id, keep_id=kept.session_id) == 1
    assert [row.device for row in queries.list_sessions(user.id)] == ["one"]
