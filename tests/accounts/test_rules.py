from datetime import UTC, datetime, timedelta

import pytest

from contest.accounts import rules
from contest.accounts.rules import Person
from contest.errors import Conflict, Invalid, NotAllowed

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def person(*grants, user_id=1):
    return Person(user_id=user_id, name="Jana", session_id=1, grants=frozenset(grants))


def test_a_role_in_one_contest_does_not_count_in_another():
    jana = person(("judge", 7))

    assert jana.has_role("judge", 7)
    assert not jana.has_role("judge", 8)
    assert not jana.has_role("judge")


def test_a_role_in_the_whole_installation_counts_in_every_contest():
    assert person(("organiser", None)).has_any(("organiser", "judge"), 8)


def test_without_a_contest_a_role_held_anywhere_counts():
    assert person(("judge", 7)).has_any(("judge",))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        pytest.param("  王  建国 ", "王 建国", id="blanks"),
        pytest.param("王\u200b建\u202e国\x07", "王建国", id="invisible and turning characters"),
        pytest.param("Ju\u0308rgen", "J\u00fcrgen", id="composed"),
        pytest.param("阿依古丽·买买提", "阿依古丽·买买提", id="the dot in names stays"),
        pytest.param("王\t建国\n", "王 建国", id="tabs and line ends"),
        pytest.param(None, "", id="nothing"),
    ],
)
def test_a_name_is_kept_without_invisible_characters(typed, kept):
    assert rules.clean_name(typed) == kept


def test_a_login_is_the_same_in_capitals_and_full_width():
    assert rules.clean_login(" ＷＡＮＧ１２ ") == "wang12" == rules.clean_login("Wang12")


@pytest.mark.parametrize("login", ["a", "", "-abc", "a b c", "a/b/c", "x" * 41, "<script>"])
def test_an_odd_login_is_refused(login):
    with pytest.raises(Invalid):
        rules.check_login(login)


@pytest.mark.parametrize("login", [
    "abc", "li", "王五", "13800138000", "王建国", "li.ming@cement.cn", "x" * 40])
def test_an_ordinary_login_is_taken(login):
    assert rules.check_login(login) is None


@pytest.mark.parametrize("name", ["", "x" * 61])
def test_a_name_too_short_or_too_long_is_refused(name):
    with pytest.raises(Invalid):
        rules.check_name(name)


@pytest.mark.parametrize(
    "password",
    [
        pytest.param("short12", id="seven characters"),
        pytest.param("x" * 201, id="too long"),
        pytest.param("password", id="the most common one"),
        pytest.param("PassWord2026", id="a common one with a year"),
        pytest.param("12345678", id="a run of digits"),
        pytest.param("87654321", id="a run backwards"),
        pytest.param("qwertyuiop", id="a row of keys"),
        pytest.param("abcdefgh", id="the alphabet"),
        pytest.param("aaaaaaaa", id="one letter"),
        pytest.param("abababab", id="two letters again and again"),
        pytest.param("１２３４５６７８", id="full-width digits"),
        pytest.param("a123456789", id="a common Chinese one"),
        pytest.param("my-wang-word", id="the login within"),
    ],
)
def test_a_weak_password_is_refused(password):
    with pytest.raises(Invalid):
        rules.check_password(password, "wang")


@pytest.mark.parametrize("password", ["correct horse", "七月流火九月授衣", "xK9#mQ2p"])
def test_a_good_password_is_taken(password):
    assert rules.check_password(password, "wang") is None


# After the fifth failure 30 s, then 1, 2, 4, 8 minutes, and never more than 15.
@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(0, 0), (4, 0), (5, 30), (6, 60), (7, 120), (9, 480), (10, 900), (11, 900), (5000, 900)],
)
def test_the_wait_doubles_from_the_fifth_failure_on(failures, seconds):
    assert rules.wait_after(failures) == timedelta(seconds=seconds)


def test_a_blocked_account_is_told_when_to_try_again():
    with pytest.raises(Invalid) as short:
        rules.check_not_blocked(NOON + timedelta(seconds=29, microseconds=500), NOON)
    with pytest.raises(Invalid) as long:
        rules.check_not_blocked(NOON + timedelta(minutes=7, seconds=10), NOON)

    assert short.value.params == {"seconds": 30}
    assert long.value.params == {"minutes": 8}


def test_a_block_that_is_over_lets_in():
    assert rules.check_not_blocked(NOON, NOON) is None
    assert rules.check_not_blocked(None, NOON) is None


@pytest.mark.parametrize(
    ("role", "contest_id"), [("judge", None), ("curator", 7), ("king", 7), ("king", None)]
)
def test_a_role_is_given_only_where_it_belongs(role, contest_id):
    with pytest.raises(Invalid):
        rules.check_role(role, contest_id)


def test_every_role_is_explained_and_can_be_given_somewhere():
    assert rules.ROLE_NOTES.keys() == rules.ROLES.keys()
    assert {*rules.ROLES_IN_CONTEST, *rules.ROLES_EVERYWHERE} == set(rules.ROLES)


def test_a_contests_organiser_does_not_administer_people_with_roles_elsewhere():
    organiser = person(("organiser", 7))

    assert rules.may_administer(organiser, {("judge", 7)})
    assert not rules.may_administer(organiser, {("judge", 7), ("judge", 8)})
    assert not rules.may_administer(organiser, {("organiser", None)})
    assert rules.may_administer(person(("organiser", None)), {("judge", 7), ("organiser", None)})


def test_nobody_takes_the_organisers_role_from_themselves():
    with pytest.raises(Conflict):
        rules.check_keeps_own_role(1, 1, ("organiser",), ("judge",))
    assert rules.check_keeps_own_role(1, 2, ("organiser",), ()) is None


def test_the_last_organiser_stays():
    with pytest.raises(Conflict):
        rules.check_not_last_organiser(0)


def test_a_revoked_card_and_a_switched_off_account_are_refused():
    with pytest.raises(NotAllowed):
        rules.check_card(NOON, True)
    with pytest.raises(NotAllowed):
        rules.check_card(None, False)
    assert rules.check_card(None, True) is None


def test_an_invitation_is_good_once_and_for_a_time():
    later = NOON + timedelta(days=1)
    with pytest.raises(Conflict):
        rules.check_invitation(True, None, later, NOON)
    with pytest.raises(NotAllowed):
        rules.check_invitation(False, NOON, later, NOON)
    with pytest.raises(NotAllowed):
        rules.check_invitation(False, None, NOON, NOON)
    assert rules.check_invitation(False, None, later, NOON) is None
