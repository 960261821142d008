from dataclasses import replace

import pytest

from contest.ceremony import rules
from contest.ceremony.rules import Heading, Line
from contest.errors import Conflict, Invalid


def line(number, place, **values):
    return Line(key=f"k{number}", name=f"选手{number}", place=place, total=f"{100 - number}.00", **values)


FIVE = tuple(line(number, number) for number in range(1, 6))
SHARED = (line(1, 1), line(2, 2), line(3, 2), line(4, 4))


def names(lines):
    return [one.name for one in lines]


def individuals(lines=FIVE, **options):
    return rules.script_of_ladders("individuals", [(Heading(), lines)], **options)


def prizes():
    return rules.script_of_ladders("prizes", [
        (Heading("二等奖", "Second prize"), (line(2, 2), line(3, 3))),
        (Heading("优秀组织奖", "Best organiser"), ()),
        (Heading("一等奖", "First prize"), (line(1, 1),)),
    ])


def items():
    first = (line(1, 1, cells=("60.00",)), line(2, 2, cells=("50.00",)))
    second = (line(2, 1, cells=("50.00", "90.00")), line(1, 2, cells=("60.00", "10.00")))
    return rules.script_of_tables(
        [(Heading("理论", "Theory"), first), (Heading("实操", "Practical"), second)]
    )


SCRIPTS = {
    "individuals": individuals(), "shared": individuals(SHARED), "together": individuals(from_place=2),
    "at once": individuals(names="all"), "prizes": prizes(), "items": items(),
    "groups": rules.script_of_ladders(
        "individuals", [(Heading("职工组", "Staff"), FIVE[:2]), (Heading("学生组", "Students"), FIVE[2:])]
    ),
}
every_script = pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)


def test_from_last_to_first_each_step_tells_one_more():
    told = [names(rules.scene(individuals(), step).newest) for step in range(1, 6)]

    assert told == [["选手5"], ["选手4"], ["选手3"], ["选手2"], ["选手1"]]
    assert names(rules.scene(individuals(), 3).rows) == ["选手3", "选手4", "选手5"]
    assert rules.scene(individuals(), 6).kind == "all"
    assert names(rules.scene(individuals(), 6).rows) == ["选手1", "选手2", "选手3", "选手4", "选手5"]


def test_so_many_equals_that_no_screen_holds_them_are_told_in_several_steps():
    crowd = (line(1, 1), *(line(number, 2) for number in range(2, 42)))
    script = individuals(crowd)
    told = [one.lines for one in script.beats if one.kind == "lines"]

    assert [len(lines) for lines in told] == [8, 8, 8, 8, 8, 1]
    assert names([one for lines in reversed(told) for one in lines]) == names(crowd)
    assert all(len(rules.scene(script, step).newest) <= rules.MOST_ROWS for step in range(script.last + 1))


def test_equal_places_are_told_together():
    told = [names(rules.scene(individuals(SHARED), step).newest) for step in range(1, 4)]

    assert told == [["选手4"], ["选手2", "选手3"], ["选手1"]]


def test_those_behind_a_place_are_told_at_once_before_the_others():
    script = individuals(from_place=2)

    assert rules.scene(script, 1).kind == "together"
    assert names(rules.scene(script, 1).rows) == ["选手3", "选手4", "选手5"]
    assert names(rules.scene(script, 2).newest) == ["选手2"]


def test_prizes_go_up_and_an_empty_one_is_not_told():
    scenes = [rules.scene(prizes(), step) for step in range(1, prizes().last + 1)]

    assert [(one.kind, one.heading.name, names(one.newest)) for one in scenes] == [
        ("heading", "二等奖", []), ("lines", "二等奖", ["选手3"]), ("lines", "二等奖", ["选手2"]),
        ("all", "二等奖", []), ("heading", "一等奖", []), ("lines", "一等奖", ["选手1"]),
        ("all", "一等奖", []),
    ]


def test_item_by_item_the_table_is_ranked_anew():
    first, second = rules.scene(items(), 2), rules.scene(items(), 4)

    assert [(one.name, one.place, one.moved, one.cells) for one in first.rows] == [
        ("选手1", 1, None, ("60.00",)), ("选手2", 2, None, ("50.00",)),
    ]
    assert [(one.name, one.moved) for one in second.rows] == [("选手2", 1), ("选手1", -1)]
    assert [column.name for column in first.columns] == ["理论"]


@every_script
def test_step_zero_is_a_curtain_that_says_nothing(script):
    assert rules.scene(script, 0) == rules.Scene(0, "curtain")


@every_script
def test_a_scene_follows_from_the_step_alone(script):
    """Forth and back, in any order, from the kept document too: the same step is the same scene."""
    forth = [rules.scene(script, step) for step in range(script.last + 1)]
    back = [rules.scene(script, step) for step in range(script.last, -1, -1)]
    kept = rules.script_from(rules.document_of(script))

    assert back[::-1] == forth
    assert kept == script
    assert [rules.scene(kept, step) for step in range(script.last + 1)] == forth
    assert len(set(forth)) == script.last + 1


@every_script
def test_no_scene_knows_what_comes_after(script):
    """Whatever the later beats say, the scenes before them stay the same."""
    for step in range(script.last):
        later = tuple(
            replace(beat, lines=(line(99, 99),), kind="lines") for beat in script.beats[step:]
        )
        other = replace(script, beats=script.beats[:step] + later)
        assert [rules.scene(other, one) for one in range(step + 1)] == [
            rules.scene(script, one) for one in range(step + 1)
        ]


@every_script
@pytest.mark.parametrize("beyond", [-1, 1])
def test_there_is_no_step_beyond_the_script(script, beyond):
    with pytest.raises(Invalid):
        rules.scene(script, beyond if beyond < 0 else script.last + beyond)


@every_script
def test_the_presenter_reads_two_steps_ahead(script):
    assert [note.step for note in rules.notes(script, 0)] == [1, 2][: script.last]
    assert [note.step for note in rules.notes(script, script.last - 1)] == [script.last]
    assert rules.notes(script, script.last) == ()
    for note in rules.notes(script, 0):
        assert note.scene == rules.scene(script, note.step)


def test_a_long_list_leaves_room_for_the_spotlight():
    script = individuals(tuple(line(number, number) for number in range(1, 31)))

    assert len(rules.scene(script, 30).rows) == rules.MOST_ROWS
    assert names(rules.scene(script, 30).rows)[0] == "选手1"


def test_a_reveal_of_what_is_known_is_refused():
    with pytest.raises(Conflict, match="already sees"):
        rules.check_begin(individuals(), True, None)
    with pytest.raises(Conflict, match="Another"):
        rules.check_begin(individuals(), False, object())
    with pytest.raises(Conflict, match="nothing to reveal"):
        rules.check_begin(rules.script_of_ladders("teams", []), False, None)


@pytest.mark.parametrize(("step", "paused"), [(-1, False), (7, False), (3, True)])
def test_a_step_that_cannot_be_taken_is_refused(step, paused):
    with pytest.raises(Conflict):
        rules.check_step(step, 6, paused)


@pytest.mark.parametrize(
    ("kind", "form", "field"),
    [
        ("sideways", {}, "kind"), ("teams", {}, "kind"), ("individuals", {"group": "无"}, "group"),
        ("items", {}, "group"),
        ("prizes", {"names": "some"}, "names"), ("individuals", {"from_place": "0"}, "from_place"),
        ("individuals", {"from_place": "many"}, "from_place"),
    ],
)
def test_wrong_options_name_their_field(kind, form, field):
    with pytest.raises(Invalid) as refused:
        rules.read_options(kind, form, ("职工组",), has_teams=False)

    assert set(refused.value.fields) == {field}


def test_the_board_opens_at_the_end_only():
    rules.check_end(6, 6, True)
    rules.check_end(3, 6, False)
    with pytest.raises(Conflict, match="last step"):
        rules.check_end(5, 6, True)


def test_many_at_once_are_told_in_pages_from_the_end():
    script = individuals(tuple(line(number, number) for number in range(1, 26)), names="all")

    told = [[one.place for one in rules.scene(script, step).rows] for step in (1, 2, 3)]
    assert told == [list(range(16, 26)), list(range(6, 16)), list(range(1, 11))]
