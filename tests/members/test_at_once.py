"""Of two who act on one person's data at once on PostgreSQL one is told, and neither meets an error."""

import pytest

from contest.db import db
from contest.errors import Conflict
from contest.members import entry_actions, personal_actions
from contest.members.models import MemberInvitation
from contest.people import number_queries
from contest.people.personal_models import IdNumber
from tests.member_services.walking import officer, one_behind_the_other, person
from tests.members.conftest import NUMBER

pytestmark = pytest.mark.parametrize("app", ["postgres"], indirect=True)
WHY = "本人出示身份证"


@pytest.mark.parametrize("names", [("李四", "王五"), ("李四", "李四")])
def test_a_number_that_two_enter_at_once_is_one_persons(app, names):
    keeper = officer("管理员", role="curator")
    people = {name: person(name).id for name in dict.fromkeys(names)}

    def entering(name):
        def enter():
            personal_actions.enter_number(keeper, people[name], NUMBER, WHY)
            return people[name]
        return enter

    first, second = one_behind_the_other(app, *map(entering, names))

    assert (first, type(second)) == (people["李四"], Conflict) and "just entered" in str(second)
    assert db.session.query(IdNumber).count() == 1
    assert number_queries.find_human(NUMBER).id == people["李四"]


def test_of_two_invitations_that_are_made_at_once_one_works(app):
    desk, human_id = officer("管理员", role="curator"), person("李四").id

    one_behind_the_other(app, *[lambda: entry_actions.invite(desk, human_id)] * 2)

    rows = db.session.query(MemberInvitation).filter_by(human_id=human_id).all()
    assert len(rows) == 2 and [one.ended_at for one in rows].count(None) == 1
