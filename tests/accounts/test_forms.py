import pytest
from werkzeug.datastructures import MultiDict

from contest.accounts import forms
from contest.errors import Invalid

GOOD = {
    "login": "Wang", "name": "王 建国",
    "password": "correct horse", "password_again": "correct horse",
}


def test_an_own_account_is_read_clean():
    account = forms.read_new_account(GOOD)

    assert account == forms.NewAccount("wang", "王 建国", "correct horse")


def test_every_wrong_field_is_named_at_once():
    with pytest.raises(Invalid) as refused:
        forms.read_new_account({"login": "x", "name": " ", "password": "short"})

    assert refused.value.fields.keys() == {"login", "name", "password"}


def test_two_different_passwords_are_refused():
    with pytest.raises(Invalid) as refused:
        forms.read_new_account({**GOOD, "password_again": "correct house"})

    assert refused.value.fields.keys() == {"password_again"}


def test_a_person_needs_a_role():
    with pytest.raises(Invalid) as refused:
        forms.read_person(MultiDict({"login": "wang", "name": "Wang"}), 7)

    assert refused.value.fields.keys() == {"roles"}


def test_a_role_of_the_installation_cannot_be_given_in_a_contest():
    form = MultiDict([("login", "wang"), ("name", "Wang"), ("roles", "curator")])
    with pytest.raises(Invalid) as refused:
        forms.read_person(form, 7)

    assert refused.value.fields.keys() == {"roles"}


def test_roles_come_in_one_order_and_once():
    form = MultiDict([("roles", "clerk"), ("roles", "judge"), ("roles", "clerk")])

    assert forms.read_roles(form, 7) == ("judge", "clerk")


def test_no_role_at_all_may_be_chosen():
    assert forms.read_roles(MultiDict(), 7) == ()
