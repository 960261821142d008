from datetime import timedelta

import pytest

from contest import clock
from contest.accounts import actions, queries, rules, tickets
from contest.accounts.forms import NewAccount
from contest.accounts.models import AuthSession
from contest.accounts.passwords import hash_secret
from contest.audit.models import TrailRow
from contest.db import db
from contest.errors import Conflict, Invalid, Missing, NotAllowed
from tests import factories
from tests.conftest import NOON

WANG = NewAccount("wang", "王建国", "correct horse")


@pytest.fixture
def wang(app):
    """Somebody with a password."""
    return factories.make_user("王建国", login="wang", password_hash=hash_secret("correct horse"))


@pytest.fixture
def card(app):
    """A judge's user, card token and PIN."""
    user = factories.make_user("赵明", login="judge-01")
    token, pin = tickets.new_card(user), tickets.new_pin(user)
    db.session.commit()
    return user, token, pin


def wrong_pin(pin):
    return f"{(int(pin) + 1) % 1_000_000:06d}"


def deeds():
    return [row.did for row in db.session.query(TrailRow).order_by(TrailRow.id)]


def fail(times, login="wang"):
    for _ in range(times):
        with pytest.raises(Invalid):
            actions.sign_in(login, "wrong horse", "test")


def test_the_set_up_code_makes_one_organiser(app):
    code = actions.issue_set_up_code()

    token = actions.set_up(f" {code.lower()} ", WANG, "test")

    person = queries.find_person(token)
    assert person.grants == {("organiser", None)}
    assert queries.find_set_up_code_hash() is None
    assert deeds() == ["installation.code", "installation.set_up"]


def test_the_set_up_code_itself_is_kept_nowhere(app):
    code = actions.issue_set_up_code()

    [row] = db.session.query(TrailRow)
    assert code not in queries.find_set_up_code_hash()
    assert code not in str(row.facts) + row.subject


def test_a_later_code_replaces_the_one_before(app):
    first, second = actions.issue_set_up_code(), actions.issue_set_up_code()

    with pytest.raises(Invalid) as refused:
        actions.set_up(first, WANG, "test")
    assert refused.value.fields.keys() == {"code"}
    assert not queries.has_any_user()
    assert actions.set_up(second, WANG, "test")


def test_without_a_code_nobody_sets_up(app):
    for code in ("", "None", "7F3K-9QWD-H2MX"):
        with pytest.raises(Invalid):
            actions.set_up(code, WANG, "test")


def test_accounts_without_an_organiser_leave_the_door_open(app):
    contest = factories.make_contest()
    factories.make_grant(factories.make_user("Clerk"), "clerk", contest)
    factories.make_grant(factories.make_user("Guest organiser"), "organiser", contest)

    assert actions.set_up(actions.issue_set_up_code(), WANG, "test")
    assert queries.is_set_up()


def test_an_installation_is_set_up_once(app):
    actions.set_up(actions.issue_set_up_code(), WANG, "test")

    with pytest.raises(Conflict):
        actions.issue_set_up_code()
    with pytest.raises(Conflict):
        actions.set_up("any", NewAccount("li-jd", "Li", "correct horse"), "test")


def test_the_right_password_opens_a_session(wang):
    token = actions.sign_in(" WANG", "correct horse", "Chrome · Windows")

    [session] = queries.list_sessions(wang.id)
    assert queries.find_person(token).user_id == wang.id
    assert session.expires_at - session.started_at == timedelta(hours=12)
    assert token not in session.token_hash
    assert deeds() == ["session.start"]


def test_what_follows_the_longest_password_is_not_cut_off(wang):
    longest = ("锤子 and nails, " * 20)[:rules.PASSWORD_MOST]
    wang.password_hash = hash_secret(longest)
    db.session.commit()

    with pytest.raises(Invalid):
        actions.sign_in("wang", longest + "x", "test")
    assert actions.sign_in("wang", longest, "test")


@pytest.mark.parametrize(("login", "password"), [("wang", "wrong"), ("nobody", "correct horse")])
def test_a_wrong_password_and_an_unknown_login_hear_the_same(wang, login, password):
    with pytest.raises(Invalid) as refused:
        actions.sign_in(login, password, "test")

    assert str(refused.value) == "The login or the password is wrong."
    assert queries.list_sessions(wang.id) == []


def test_the_fifth_failure_makes_even_the_right_password_wait(wang):
    fail(5)
    with pytest.raises(Invalid) as refused:
        actions.sign_in("wang", "correct horse", "test")
    clock.stand_still(NOON + timedelta(seconds=31))

    assert refused.value.params == {"seconds": 30}
    assert actions.sign_in("wang", "correct horse", "test")
    assert queries.find_user("wang").failures == 0


def test_waiting_attempts_are_not_counted(wang):
    fail(5)
    fail(3)

    assert queries.find_user("wang").failures == 5


def test_the_wait_grows_with_each_further_failure(wang):
    fail(5)
    clock.stand_still(NOON + timedelta(seconds=31))

    fail(1)

    user = queries.find_user("wang")
    assert user.failures == 6
    assert user.blocked_until == NOON + timedelta(seconds=91)


def test_failures_are_in_the_trail_without_what_was_typed(wang):
    fail(1)

    [row] = db.session.query(TrailRow)
    assert (row.did, row.subject, row.user_id) == ("session.refuse", "wang", None)
    assert "horse" not in str(row.facts)


def test_a_stranger_cannot_block_a_card_through_the_password_form(card):
    user, token, pin = card
    fail(7, login="judge-01")

    assert actions.enter_by_card(token, pin, "test")


def test_a_switched_off_account_does_not_open(wang):
    wang.is_active = False
    db.session.commit()

    with pytest.raises(Invalid):
        actions.sign_in("wang", "correct horse", "test")


def test_signing_in_again_ends_the_browsers_earlier_session(wang):
    first = actions.sign_in("wang", "correct horse", "test")

    second = actions.sign_in("wang", "correct horse", "test", leaving=first)

    assert queries.find_person(first) is None
    assert queries.find_person(second)


def test_card_and_pin_open_a_days_session(card):
    user, token, pin = card

    opened = actions.enter_by_card(token, f"{pin[:3]} {pin[3:]}", "test")

    [session] = queries.list_sessions(user.id)
    assert queries.find_person(opened).user_id == user.id
    assert session.expires_at - session.started_at == timedelta(hours=14)
    assert session.entered_by == "card"


def test_a_wrong_pin_is_counted_and_blocks(card):
    user, token, pin = card
    for _ in range(5):
        with pytest.raises(Invalid):
            actions.enter_by_card(token, wrong_pin(pin), "test")

    with pytest.raises(Invalid) as refused:
        actions.enter_by_card(token, pin, "test")

    assert "seconds" in refused.value.params
    assert queries.list_sessions(user.id) == []


def test_a_card_taken_back_is_refused_with_its_reason(card):
    user, token, pin = card
    tickets.new_card(user)
    db.session.commit()

    with pytest.raises(NotAllowed, match="no longer works"):
        actions.enter_by_card(token, pin, "test")


def test_an_unknown_card_is_missing(app):
    with pytest.raises(Missing):
        actions.enter_by_card("no such token", "123456", "test")


def test_a_session_ends_by_itself(wang):
    token = actions.sign_in("wang", "correct horse", "test")
    clock.stand_still(NOON + timedelta(hours=12))

    assert queries.find_person(token) is None


def test_signing_out_ends_this_session_only(wang):
    one, two = (actions.sign_in("wang", "correct horse", "test") for _ in range(2))

    actions.sign_out(queries.find_person(one))

    assert queries.find_person(one) is None
    assert queries.find_person(two)


def test_nobody_ends_somebody_elses_session_as_their_own(wang, card):
    user, token, pin = card
    theirs = queries.find_person(actions.enter_by_card(token, pin, "test"))
    mine = queries.find_person(actions.sign_in("wang", "correct horse", "test"))
    before = deeds()

    with pytest.raises(Missing):
        actions.end_own_session(mine, theirs.session_id)

    assert len(queries.list_sessions(user.id)) == 1
    assert deeds() == before


def test_last_seen_moves_at_most_once_a_minute(wang):
    session_id = queries.find_person(actions.sign_in("wang", "correct horse", "test")).session_id
    seen = []
    for seconds in (59, 60, 119):
        clock.stand_still(NOON + timedelta(seconds=seconds))
        actions.note_seen(session_id)
        seen.append(db.session.get(AuthSession, session_id).last_seen_at)

    assert seen == [NOON, NOON + timedelta(seconds=60), NOON + timedelta(seconds=60)]


def test_a_new_password_signs_other_devices_out(wang):
    here, there = (actions.sign_in("wang", "correct horse", "test") for _ in range(2))
    person = queries.find_person(here)

    actions.change_password(person, "correct horse", "七月流火九月授衣")

    assert queries.find_person(here)
    assert queries.find_person(there) is None
    assert actions.sign_in("wang", "七月流火九月授衣", "test")


def test_the_present_password_is_asked_and_guessing_it_is_counted(wang):
    person = queries.find_person(actions.sign_in("wang", "correct horse", "test"))

    with pytest.raises(Invalid) as refused:
        actions.change_password(person, "wrong", "七月流火九月授衣")

    assert refused.value.fields.keys() == {"old"}
    assert queries.find_user("wang").failures == 1
    assert actions.sign_in("wang", "correct horse", "test")


def test_the_language_is_kept_once(wang):
    person = queries.find_person(actions.sign_in("wang", "correct horse", "test"))
    actions.set_language(person, "en")
    actions.set_language(person, "en")

    assert queries.find_user("wang").language == "en"
    assert deeds().count("account.language") == 1
    with pytest.raises(Invalid):
        actions.set_language(person, "de")


@pytest.fixture
def invitation(app):
    contest, unit = factories.make_contest(), factories.make_organisation()
    token = tickets.new_invitation(contest.id, unit.id)
    db.session.commit()
    return contest, unit, token


def test_an_invitation_makes_the_contact_of_its_unit(invitation):
    contest, unit, token = invitation

    person = queries.find_person(actions.accept_invitation(token, WANG, "test"))

    assert person.grants == {("contact", contest.id)}
    assert queries.organisation_of_contact(contest.id, person.user_id) == unit.id
    assert queries.organisation_of_contact(factories.make_contest().id, person.user_id) is None
    assert deeds() == ["invitation.accept"]


def test_an_invitation_is_used_once(invitation):
    _, _, token = invitation
    actions.accept_invitation(token, WANG, "test")

    with pytest.raises(Conflict):
        actions.accept_invitation(token, NewAccount("li-jd", "Li", "correct horse"), "test")
    assert queries.find_user("li-jd") is None


def test_a_withdrawn_or_expired_invitation_is_refused(invitation):
    _, _, token = invitation
    clock.stand_still(NOON + timedelta(days=30))
    with pytest.raises(NotAllowed, match="expired"):
        actions.accept_invitation(token, WANG, "test")
    queries.find_invitation(token).revoked_at = NOON
    db.session.commit()

    with pytest.raises(NotAllowed, match="withdrawn"):
        actions.accept_invitation(token, WANG, "test")
    assert not queries.has_any_user()


def test_withdrawing_an_accepted_invitation_ends_the_acting(invitation):
    contest, _, token = invitation
    person = queries.find_person(actions.accept_invitation(token, WANG, "test"))
    queries.find_invitation(token).revoked_at = NOON
    db.session.commit()

    assert queries.organisation_of_contact(contest.id, person.user_id) is None


def test_an_account_that_exists_may_accept_but_for_one_unit_only(invitation, wang):
    contest, unit, token = invitation
    second = tickets.new_invitation(contest.id, factories.make_organisation().id)
    db.session.commit()
    person = factories.person_of(wang)

    assert actions.accept_invitation_as(person, token) == contest.id
    with pytest.raises(Conflict):
        actions.accept_invitation_as(person, second)
    assert queries.organisation_of_contact(contest.id, wang.id) == unit.id


def test_a_taken_login_leaves_the_invitation_open(invitation, wang):
    _, _, token = invitation

    with pytest.raises(Invalid):
        actions.accept_invitation(token, WANG, "test")
    db.session.rollback()

    assert queries.find_invitation(token).used_by_id is None
