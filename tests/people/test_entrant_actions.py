"""What is done with one entrant, and what is refused."""

from datetime import date, timedelta

import pytest

from contest import clock
from contest.errors import Conflict, Invalid, Missing
from contest.people import entrant_actions, forms, queries
from contest.people.columns import ROSTER
from tests.factories import make_contest, make_entrant, make_organisation, make_team

KEYS = tuple(column.key for column in ROSTER)


@pytest.fixture
def open_contest(app):
    return make_contest(state="registration")


def typed(**values):
    return forms.read_entrant({"name": "张三", "organisation": "海螺水泥", **values}, KEYS)


def fields_of(call):
    with pytest.raises(Invalid) as refused:
        call()
    return list(refused.value.fields)


def test_somebody_is_registered_with_the_next_number(open_contest, petra, trail):
    make_entrant(open_contest, number="A009")

    entrant_id = entrant_actions.add_entrant(
        petra, open_contest.id, typed(team="一队", born_on="1990.1.2", skill_level="高级工")
    )

    entrant = queries.get_entrant(open_contest.id, entrant_id)
    assert entrant.number == "A010"
    assert entrant.human.born_on == date(1990, 1, 2)
    assert (entrant.skill_level, entrant.team.name) == ("senior", "一队")
    assert trail() == ["entrant.add"]


def test_the_same_person_is_not_registered_twice(open_contest, petra):
    entrant_actions.add_entrant(petra, open_contest.id, typed())

    assert fields_of(lambda: entrant_actions.add_entrant(petra, open_contest.id, typed())) == [
        "name"
    ]
    assert len(queries.list_entrants(open_contest.id)) == 1


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": " "}, "name"),
        ({"organisation": ""}, "organisation"),
        ({"born_on": "1990-02-30"}, "born_on"),
        ({"gender": "x"}, "gender"),
        ({"number": "x" * 21}, "number"),
    ],
)
def test_a_field_that_cannot_be_taken_is_named(values, field):
    assert fields_of(lambda: typed(**values)) == [field]


def test_a_number_that_is_taken_is_refused(open_contest, petra):
    make_entrant(open_contest, number="A1")

    assert fields_of(
        lambda: entrant_actions.add_entrant(petra, open_contest.id, typed(number="A1"))
    ) == ["number"]


def test_a_birth_date_to_come_is_refused(open_contest, petra):
    assert fields_of(
        lambda: entrant_actions.add_entrant(petra, open_contest.id, typed(born_on="2030-01-01"))
    ) == ["born_on"]


def test_a_team_of_another_organisation_is_refused(open_contest, petra):
    make_team(open_contest, make_organisation("他厂"), "一队")

    assert fields_of(
        lambda: entrant_actions.add_entrant(petra, open_contest.id, typed(team="一队"))
    ) == ["team"]


def test_mending_changes_what_was_typed_and_takes_out_what_is_empty(open_contest, petra):
    entrant_id = entrant_actions.add_entrant(
        petra, open_contest.id, typed(team="一队", trade="焊工", born_on="1990-01-02")
    )

    entrant_actions.edit_entrant(
        petra,
        open_contest.id,
        entrant_id,
        typed(name="张叁", organisation="新厂", number="B7", born_on="1990-01-03"),
    )

    entrant = queries.get_entrant(open_contest.id, entrant_id)
    assert (entrant.human.name, entrant.human.name_key) == ("张叁", "zhang san")
    assert (entrant.organisation.name, entrant.number) == ("新厂", "B7")
    assert (entrant.team, entrant.trade, entrant.human.born_on) == (None, "", date(1990, 1, 3))


def test_a_person_may_keep_everything_when_mended(open_contest, petra):
    entrant_id = entrant_actions.add_entrant(
        petra, open_contest.id, typed(team="一队", number="B7")
    )

    entrant_actions.edit_entrant(
        petra, open_contest.id, entrant_id, typed(team="一队", number="B7")
    )

    assert len(queries.list_entrants(open_contest.id)) == 1


def test_a_unit_mends_only_its_own_people(open_contest, petra):
    mine, other = make_organisation("我厂"), make_entrant(open_contest)

    with pytest.raises(Missing):
        entrant_actions.edit_entrant(petra, open_contest.id, other.id, typed(), mine.id)


def test_a_unit_cannot_give_numbers(open_contest, petra):
    home = make_organisation("海螺水泥")

    entrant_id = entrant_actions.add_entrant(
        petra, open_contest.id, typed(number="Z9", organisation="他厂"), home.id
    )

    entrant = queries.get_entrant(open_contest.id, entrant_id)
    assert (entrant.number, entrant.organisation_id) == ("001", home.id)


def test_a_state_stands_until_the_next_one(open_contest, petra, trail):
    entrant = make_entrant(open_contest)
    before = open_contest.marks_version

    entrant_actions.set_state(petra, open_contest.id, entrant.id, state="withdrawn", reason="伤病")
    entrant_actions.set_state(
        petra, open_contest.id, entrant.id, state="absent", reason="迟到", module_key="risk"
    )

    assert queries.entrant_states(open_contest.id) == {
        (entrant.id, ""): "withdrawn",
        (entrant.id, "risk"): "absent",
    }
    assert open_contest.marks_version == before + 2
    assert trail() == ["entrant.state", "entrant.state"]
    assert [event.reason for event in queries.state_history(entrant.id)] == ["迟到", "伤病"]


def test_states_can_be_read_as_of_a_moment(open_contest, petra):
    entrant, noon = make_entrant(open_contest), clock.now()
    entrant_actions.set_state(petra, open_contest.id, entrant.id, state="absent", reason="x")

    assert queries.entrant_states(open_contest.id, noon - timedelta(seconds=1)) == {}
    assert queries.entrant_states(open_contest.id, noon) == {(entrant.id, ""): "absent"}


def test_a_state_without_a_reason_changes_nothing(open_contest, petra, trail):
    entrant = make_entrant(open_contest)

    assert fields_of(
        lambda: entrant_actions.set_state(
            petra, open_contest.id, entrant.id, state="absent", reason=" "
        )
    ) == ["reason"]
    assert (queries.entrant_states(open_contest.id), trail()) == ({}, [])


def test_an_unknown_module_is_refused(open_contest, petra):
    entrant = make_entrant(open_contest)

    assert fields_of(
        lambda: entrant_actions.set_state(
            petra, open_contest.id, entrant.id, state="absent", reason="x", module_key="nope"
        )
    ) == ["module_key"]


def test_arriving_twice_is_noted_once(open_contest, petra, trail):
    entrant = make_entrant(open_contest)

    assert entrant_actions.check_in(petra, open_contest.id, entrant.id) is True
    assert entrant_actions.check_in(petra, open_contest.id, entrant.id) is False
    assert trail() == ["entrant.check_in"]
    assert queries.arrivals(open_contest.id).arrived == 1


def test_an_arrival_can_be_taken_back(open_contest, petra, trail):
    entrant = make_entrant(open_contest)
    entrant_actions.check_in(petra, open_contest.id, entrant.id)

    entrant_actions.undo_check_in(petra, open_contest.id, entrant.id)
    entrant_actions.undo_check_in(petra, open_contest.id, entrant.id)

    assert queries.arrivals(open_contest.id).arrived == 0
    assert trail() == ["entrant.check_in", "entrant.check_in_undo"]


def test_somebody_disqualified_cannot_arrive(open_contest, petra):
    entrant = make_entrant(open_contest)
    entrant_actions.set_state(petra, open_contest.id, entrant.id, state="disqualified", reason="x")

    with pytest.raises(Conflict):
        entrant_actions.check_in(petra, open_contest.id, entrant.id)


@pytest.mark.parametrize("written", ["A07", "a07", "Ａ０７", " A07 "])
def test_a_number_is_found_as_it_is_typed_at_the_door(open_contest, written):
    entrant = make_entrant(open_contest, number="A07")

    assert entrant_actions.find_at_door(open_contest.id, written).id == entrant.id


def test_a_room_and_titles_are_typed_and_mended(open_contest, petra):
    entrant_id = entrant_actions.add_entrant(
        petra, open_contest.id, typed(room="甲", titles="技术能手，五一奖章")
    )
    entrant = queries.get_entrant(open_contest.id, entrant_id)
    assert (entrant.room, entrant.titles) == ("甲", ["技术能手", "五一奖章"])

    entrant_actions.edit_entrant(
        petra, open_contest.id, entrant_id, typed(number=entrant.number, room="乙", titles="")
    )

    assert (entrant.room, entrant.titles) == ("乙", [])


def test_a_unit_leaves_the_room_as_it_is(open_contest, petra):
    home = make_organisation("海螺水泥")
    entrant = make_entrant(open_contest, "张三", organisation=home, room="甲")

    entrant_actions.edit_entrant(
        petra, open_contest.id, entrant.id, typed(room="乙", titles="技术能手"), home.id
    )

    assert (entrant.room, entrant.titles) == ("甲", ["技术能手"])


@pytest.mark.parametrize(("typed_number", "found"), [
    ("1", "001"), ("01", "001"), ("0001", "001"), ("10", "010"), ("a7", "A007"), ("A07", "A007"),
    ("７", "007"), ("0", None), ("00", None), ("100", None), ("7A", None),
])
def test_a_number_is_found_without_its_zeros(open_contest, typed_number, found):
    for number in ("001", "007", "010", "A007"):
        make_entrant(open_contest, number=number)

    if found is None:
        with pytest.raises(Invalid):
            entrant_actions.find_at_door(open_contest.id, typed_number)
    else:
        assert entrant_actions.find_at_door(open_contest.id, typed_number).number == found


def test_a_number_that_might_be_several_is_nobodys(open_contest):
    for number in ("01", "001"):
        make_entrant(open_contest, number=number)

    assert entrant_actions.find_at_door(open_contest.id, "001").number == "001"
    with pytest.raises(Invalid):
        entrant_actions.find_at_door(open_contest.id, "1")
