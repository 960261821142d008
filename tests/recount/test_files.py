"""Section 10: the two files, the command and the answer."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from contest.recount import Refused
from contest.recount.__main__ import main
from tests.recount.sheets import (
    answer,
    column,
    judged,
    lines,
    mark,
    measured,
    module,
    of,
    plan,
    points,
    scores,
)

ROOT = Path(__file__).resolve().parents[2]
PLAN = """
format = 1
name = "Small"
[[stages]]
key = "final"
name = "Final"
[[parts]]
key = "all"
stage = "final"
name = "All"
weight = 100
[[modules]]
key = "paper"
part = "all"
name = "Paper"
weight = 100
max = 50
entry = "scores"
"""


def written(folder, **files):
    return [
        str(folder / name)
        for name, text in files.items()
        if (folder / name).write_text(text, "utf-8-sig") or True
    ]


def test_the_command_prints_the_answer(tmp_path):
    plan_file = tmp_path / "plan.toml"
    plan_file.write_text(PLAN, "utf-8")
    marks, people = written(tmp_path, marks="value,judge,item,entrant\n40,,paper,a\n", people="code\na\nb\n")

    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "contest.recount",
            str(plan_file),
            marks,
            "--entrants",
            people,
            "--stage",
            "final",
        ],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )

    result = json.loads(done.stdout)
    assert (done.returncode, result["plan"], column(result, "total")) == (
        0,
        "Small",
        {"a": "80.00", "b": "0.00"},
    )


@pytest.mark.parametrize(
    "marks, words",
    [
        pytest.param("entrant,item,judge,value\na,paper,,51\n", "line 2", id="above the top"),
        pytest.param(
            "entrant,item,judge,value\na,paper,,5\na,paper,,5\n", "line 3", id="the same mark twice"
        ),
        pytest.param("entrant,item,judge\na,paper,\n", "line 1", id="a column is missing"),
        pytest.param("entrant,item,judge,value\nz,paper,,5\n", "line 2", id="a stranger"),
    ],
)
def test_a_bad_line_is_one_sentence_and_exit_code_2(tmp_path, capsys, marks, words):
    plan_file = tmp_path / "plan.toml"
    plan_file.write_text(PLAN, "utf-8")
    marks, people = written(tmp_path, marks=marks, people="code\na\n")

    assert main([str(plan_file), marks, "--entrants", people]) == 2
    said = capsys.readouterr().err
    assert marks in said and words in said and said.count("\n") == 1


def test_a_plan_that_is_not_toml_is_refused(tmp_path, capsys):
    bad, marks = written(tmp_path, bad="= 3", marks="entrant,item,judge,value\n")

    assert main([bad, marks]) == 2
    assert bad in capsys.readouterr().err


def test_a_plan_may_be_json_with_amounts_as_text():
    document = plan(module("m", points(top="10", step="0.5"), weight="100"))

    assert mark(answer(json.loads(json.dumps(document)), "a m J1 7.5"), "a") == "7.5"


REFUSED = [
    pytest.param("a x - 5", id="no such module"),
    pytest.param("a m.A9 J1 5", id="no such aspect"),
    pytest.param("a m J1 5", id="a module of two aspects needs the aspect"),
    pytest.param("a m.A1 - 5", id="no judge"),
    pytest.param("a m.A1 J1 5\na m.A1 J2 5\na m.A1 J3 5", id="more judges than seats"),
    pytest.param("a m.A1 J1 5\na m.A1 J1 5", id="the same mark twice"),
    pytest.param("a m.A1 J1 5 2", id="a second attempt where there is one"),
    pytest.param("a m.A1 J1 5 1 void", id="a void attempt has no value"),
    pytest.param("a - - - - lost", id="no such state"),
    pytest.param("a - - - - absent\na - - - - absent", id="the state twice"),
    pytest.param("a m.adjustment - 6", id="an adjustment above the most"),
    pytest.param("a m.difficulty - 2", id="a difficulty where there is none"),
    pytest.param("a m.penalty - much", id="a penalty that is no number"),
    pytest.param("a m - - - excused", id="excused without a judge"),
    pytest.param("a paper J1 5", id="a score has no judge"),
    pytest.param("a paper - 5.00001", id="more than four places"),
    pytest.param("a paper - -1", id="below the lowest"),
    pytest.param("a dive.difficulty - 2.55", id="a difficulty with two places"),
    pytest.param("a dive.difficulty - 5", id="a difficulty above the highest"),
]


@pytest.mark.parametrize("rows", REFUSED)
def test_a_line_is_refused(rows):
    document = plan(
        module("m", points("A1"), points("A2"), panel={"judges": 2}, adjust=5),
        module("paper"),
        module("dive", points(), difficulty={"lowest": 1, "highest": 4}),
    )

    with pytest.raises(Refused):
        answer(document, rows)


def test_seats_go_by_first_appearance_in_the_whole_file():
    """K appears first, with b; so K has the first seat and weight 3. a: (3 x 80 + 60) / 4 = 75."""
    document = plan(module("m", points(), panel={"judges": 2, "weights": [3, 1]}))

    assert mark(answer(document, "b m K 50\na m L 60\na m K 80"), "a") == "75"


def test_penalties_add_up_and_may_name_module_part_or_stage():
    rows = scores(m={"a": 90}) + lines(
        "a m.penalty - 1\na m.penalty - 2\na all.penalty - 3\na final.penalty - 4.5"
    )

    row = of(answer(plan(module("m")), rows), "a")

    assert (row["modules"]["m"]["mark"], row["parts"]["all"]["mark"], row["total"]) == (
        "87.0000",
        "84.0000",
        "79.5000",
    )


def test_attempts_left_empty_count_as_not_taken():
    aspect = measured(itself=True, attempts=3)

    assert mark(answer(plan(module("m", aspect)), "a m J1 7 2"), "a") == "7"


def test_without_a_list_the_entrants_are_those_of_the_marks_in_order():
    assert list(column(answer(plan(module("m")), scores(m={"b": 1, "a": 2})), "code")) == ["b", "a"]


def test_with_a_list_entrants_without_marks_are_listed_too():
    result = answer(plan(module("m")), scores(m={"b": 1}), [{"code": "a"}, {"code": "b"}])

    assert (list(column(result, "code")), of(result, "a")["entered"], result["final"]) == (
        ["a", "b"],
        True,
        False,
    )


@pytest.mark.parametrize(
    "people",
    [
        pytest.param([{"code": "a"}, {"code": "a"}], id="a code twice"),
        pytest.param([{"code": "a", "birth_date": "31.5.2001"}], id="a date in another form"),
        pytest.param([{"code": "a", "ruling": "first"}], id="a ruling that is no number"),
        pytest.param([{"code": "a", "draw": "early"}], id="a tie key that is no number"),
        pytest.param([{"code": "b"}], id="a stranger has a mark"),
    ],
)
def test_a_list_of_entrants_is_refused(people):
    document = plan(module("m"), ranking={"ties": [{"by": "data", "key": "draw"}]})

    with pytest.raises(Refused):
        answer(document, scores(m={"a": 1}), people)


def test_the_stage_is_the_last_in_which_anything_is_marked():
    parts = [{"key": k, "stage": k, "name": k, "combine": "points"} for k in ("one", "two", "three")]
    stages = [{"key": k, "name": k, "combine": "points"} for k in ("one", "two", "three")]
    document = plan(
        module("m", part="one"),
        module("n", part="two"),
        module("o", part="three"),
        parts=parts,
        stages=stages,
    )

    assert answer(document, scores(m={"a": 1}))["stage"] == "one"
    assert answer(document, scores(m={"a": 1}, n={"a": 1}))["stage"] == "two"
    assert answer(document, scores(m={"a": 1}), stage="three")["stage"] == "three"
    with pytest.raises(Refused):
        answer(document, scores(m={"a": 1}), stage="four")


def test_the_whole_answer():
    """One judge, 87.5 of 100 in the only module: everything the answer says, field by field."""
    document = plan(
        module("drill", points(step="0.5")),
        rounding={},
        awards=[{"key": "first", "name": "First", "to": "entrant", "rule": "count", "count": 1}],
    )

    assert answer(document, judged("drill", a=("87.5",))) == {
        "format": 1,
        "plan": "case",
        "stage": "final",
        "final": True,
        "open_ties": [],
        "open_team_ties": [],
        "problems": [],
        "entrants": [
            {
                "code": "a",
                "group": "",
                "team": "",
                "organisation": "",
                "state": "normal",
                "entered": True,
                "finished": 1,
                "complete": True,
                "passed": True,
                "goes_on": None,
                "modules": {
                    "drill": {"mark": "87.50", "done": True, "state": "", "raw": "87.50", "odd": False}
                },
                "parts": {"all": {"mark": "87.50", "done": True}},
                "stages": {"final": {"mark": "87.50", "done": True}},
                "total": "87.50",
                "exact": "175/2",
                "scaled": None,
                "place": 1,
                "place_overall": 1,
                "decided_by": "",
                "awards": ["first"],
            }
        ],
        "teams": [],
        "organisations": [],
        "awards": [
            {"award": "first", "to": "entrant", "code": "a", "group": "", "place": 1, "award_place": 1}
        ],
        "quotas": [{"award": "first", "group": "", "base": 0, "count": 1, "given": 1}],
    }


def test_the_standings_are_final_only_when_everybody_who_takes_part_is_complete():
    document = plan(module("m"), module("n"))
    rows = scores(m={"a": 1, "b": 2}, n={"a": 1})

    assert answer(document, rows)["final"] is False
    assert answer(document, rows + lines("b - - - - not_finished"))["final"] is True


def test_a_field_that_json_writes_as_null_is_left_out():
    entry = module("m", points(step=None), cap=None, adjustment=None, panels=None)

    assert mark(answer(plan(entry, teams=None, awards=None), "a m J1 7"), "a") == "7"


def test_an_excused_line_gives_the_judge_his_seat():
    """K is struck out for a and has the first seat, weight 3; L the second, 1. b: (3 x 80 + 60) / 4 = 75."""
    document = plan(module("m", points(), panel={"judges": 2, "weights": [3, 1]}))

    result = answer(document, "a m K - - excused\na m L 50\nb m L 60\nb m K 80")

    assert (mark(result, "a"), mark(result, "b")) == ("50", "75")


def test_a_void_line_with_a_judge_is_an_attempt_and_without_one_a_cancelled_mark():
    document = plan(module("m", measured(itself=True)), module("n"))
    rows = scores(n={"a": 1, "b": 1})

    tried, cancelled = (answer(document, rows + lines(f"a m {judge} - - void")) for judge in ("J1", "-"))

    assert [of(r, "a")["modules"]["m"]["mark"] for r in (tried, cancelled)] == ["0.0000", "0.0000"]
    assert [of(r, "a")["modules"]["m"]["state"] for r in (tried, cancelled)] == ["void", "void"]


def test_the_command_reads_a_plan_in_json(tmp_path, capsys):
    document = tmp_path / "plan.json"
    document.write_text(json.dumps(plan(module("m"))), "utf-8")
    (marks,) = written(tmp_path, marks="entrant,item,judge,value,attempt,status\na,m,,7.5,,\n")

    assert main([str(document), marks]) == 0
    assert json.loads(capsys.readouterr().out)["entrants"][0]["total"] == "7.5000"


@pytest.mark.parametrize(
    "marks", ["entrant,item,judge,value\na,paper\n", "entrant,item,judge,value\na,paper,,5,6\n"]
)
def test_a_line_with_too_few_or_too_many_fields_is_refused(tmp_path, capsys, marks):
    plan_file = tmp_path / "plan.toml"
    plan_file.write_text(PLAN, "utf-8")

    assert main([str(plan_file), *written(tmp_path, marks=marks)]) == 2
    assert "line 2" in capsys.readouterr().err


def test_a_file_that_is_not_there_or_not_utf_8_is_refused(tmp_path, capsys):
    plan_file, latin = tmp_path / "plan.toml", tmp_path / "latin.csv"
    plan_file.write_text(PLAN, "utf-8")
    latin.write_bytes("entrant,item,judge,value\nä,paper,,5\n".encode("latin-1"))

    assert main([str(plan_file), str(tmp_path / "none.csv")]) == 2
    assert main([str(plan_file), str(latin)]) == 2
    assert str(latin) in capsys.readouterr().err


@pytest.mark.parametrize(
    "row, stage",
    [
        pytest.param("a n J1 5", "two", id="a mark"),
        pytest.param("a n - - - absent", "two", id="an absence"),
        pytest.param("a n - - - void", "two", id="a cancellation"),
        pytest.param("a n J1 - - excused", "one", id="a judge struck out is none"),
        pytest.param("a n.penalty - 1", "one", id="nor is a penalty"),
        pytest.param("a - - - - withdrawn", "one", id="nor a state"),
    ],
)
def test_a_stage_is_marked_by_a_mark_an_absence_or_a_cancellation(row, stage):
    """The stage `none` has no part: when nothing is marked, the first one with a part is scored."""
    stages = [{"key": k, "name": k, "combine": "points"} for k in ("none", "one", "two")]
    parts = [{"key": k, "stage": k, "name": k, "combine": "points"} for k in ("one", "two")]
    document = plan(module("m", part="one"), module("n", points(), part="two"), parts=parts, stages=stages)

    assert answer(document, row)["stage"] == stage


@pytest.mark.parametrize("name", ["ruling", "team_ruling"])
@pytest.mark.parametrize("value", ["first", "1.5", "0"])
def test_a_ruling_is_a_whole_number_from_1(name, value):
    with pytest.raises(Refused) as refused:
        answer(plan(module("m")), scores(m={"a": 1}), [{"code": "a", name: value}])

    assert refused.value.where == "entrants"


def test_an_excused_line_gives_no_seat_where_there_are_several_panels():
    """J sits in p by his mark of b; K has no mark anywhere, so nobody knows which seat is meant."""
    entry = module("m", points("A1", 10)) | {
        "panels": [{"key": "p", "name": "P", "judges": 1}, {"key": "q", "name": "Q", "judges": 1}]
    }
    entry["criteria"] = [
        {"key": k, "name": k, "panel": p, "aspects": [points(f"{k}1", 10)]} for k, p in ("Ap", "Bq")
    ]

    marks = "a m.A1 J 7\na m.B1 L 2\nb m.A1 J 8\nb m.B1 L 1"

    with pytest.raises(Refused, match="K has no marks on any panel of m") as refused:
        answer(plan(entry), f"a m K - - excused\n{marks}")

    assert refused.value.line == 2
    result = answer(plan(entry), marks)
    assert (mark(result, "a"), mark(result, "b")) == ("9", "9")
