"""A record's two people are two: neither gave the other a role since, nor do two accounts hide one person."""

from datetime import date

import pytest

from contest import clock
from contest.accounts.models import User
from contest.db import db
from contest.errors import NotAllowed
from contest.people.models import Human, PersonAccount
from contest.registry import level_actions, person_actions, record_actions
from tests import factories
from tests.registry.test_levels import take_up, winner
from tests.registry.test_records import House

BORN = date(1980, 3, 1)


@pytest.fixture
def house(app):
    return House()


def tie(actor, name, born_on=BORN, human=None):
    """The account is that of a person of this name."""
    if human is None:
        human = Human(name=name, born_on=born_on)
        db.session.add(human)
        db.session.flush()
    db.session.add(PersonAccount(user_id=actor.user_id, human_id=human.id, linked_at=clock.now()))
    db.session.commit()
    return human


def test_who_got_the_role_from_whoever_defined_the_record_does_not_confirm_it(house):
    line, neutral = house.line(), factories.make_official("第三人", "curator")
    contest = house.held({"甲": ("90", "9")}, "2026-05-01")
    record_actions.let_in(neutral, line.id, contest.id)
    grant = db.session.get(User, house.second.user_id).grants[0]
    grant.granted_by_id, grant.granted_at = house.curator.user_id, clock.now()
    db.session.commit()

    with pytest.raises(NotAllowed, match="neither depends"):
        house.confirm(line, "甲")


@pytest.mark.parametrize("who", ["defined", "let in"])
def test_one_person_behind_two_accounts_is_one_person(house, who):
    neutral = factories.make_official("第三人", "curator")
    defines, lets_in = (house.curator, neutral) if who == "defined" else (neutral, house.curator)
    contest = house.held({"甲": ("90", "9")}, "2026-05-01")
    line = house.line()
    line.by_id = defines.user_id
    db.session.commit()
    record_actions.let_in(lets_in, line.id, contest.id)
    one, other = tie(house.curator, "顾馆长"), tie(house.second, "顾馆长")

    with pytest.raises(NotAllowed, match="may belong to one person"):
        house.confirm(line, "甲")
    assert house.mark(line, "甲").state == "proposed"

    person_actions.tell_apart(neutral, one.id, other.id, "同名同日生，两人均到场核对")
    assert house.confirm(line, "甲").state == "confirmed"


def test_nobody_says_of_the_own_two_accounts_that_they_are_two_people(house):
    line = house.line(house.held({"甲": ("90", "9")}, "2026-05-01"))
    one, other = tie(house.curator, "顾馆长"), tie(house.second, "顾馆长")
    person_actions.tell_apart(house.second, one.id, other.id, "不是一个人")

    with pytest.raises(NotAllowed, match="may belong to one person"):
        house.confirm(line, "甲")


def test_rows_that_became_one_are_followed_to_the_person(house):
    line = house.line(house.held({"甲": ("90", "9")}, "2026-05-01"))
    kept, gone = Human(name="顾馆长"), Human(name="顾某")
    db.session.add_all([kept, gone])
    db.session.flush()
    gone.merged_into_id = kept.id
    tie(house.curator, "", human=kept)
    tie(house.second, "", human=gone)

    with pytest.raises(NotAllowed, match="may belong to one person"):
        house.confirm(line, "甲")


def test_namesakes_of_other_days_of_birth_and_accounts_tied_to_nobody_are_two(house):
    line = house.line(house.held({"甲": ("90", "9")}, "2026-05-01"))
    tie(house.curator, "顾馆长")
    tie(house.second, "顾馆长", date(1991, 7, 8))
    assert house.confirm(line, "甲").state == "confirmed"

    other = house.line(house.held({"乙": ("90", "9")}, "2026-05-02"))
    free = factories.make_official("无名氏", "curator")
    assert record_actions.confirm_mark(free, house.mark(other, "乙").id).state == "confirmed"


def test_a_holder_does_not_confirm_by_an_account_of_another_row(house):
    line = house.line(house.held({"甲": ("90", "9")}, "2026-05-01"))
    holder = house.entrants["甲"].human
    holder.born_on = BORN
    db.session.commit()
    row = tie(house.second, holder.name)

    with pytest.raises(NotAllowed, match="of their own"):
        house.confirm(line, "甲")
    person_actions.tell_apart(house.curator, row.id, holder.id, "同名同日生")
    assert house.confirm(line, "甲").state == "confirmed"


def test_the_second_person_on_a_ladder_is_asked_the_same(app):
    one, two = (factories.make_official(name, "curator") for name in ("顾馆长", "秦馆员"))
    take_up(one)
    _, human = winner(one)
    decision = level_actions.confirm_level(one, "three_step", human.id, "backbone")
    tie(one, "顾馆长")
    tie(two, "顾馆长")

    with pytest.raises(NotAllowed, match="may belong to one person"):
        level_actions.second_level(two, decision.id)
