"""`contest score`: what it prints, and one sentence with exit code 2 for what it cannot use."""

import json
import subprocess
import sys

import pytest

from contest.offline.command import main

PLAN = """
format = 1
name = "试"
stages = [{key = "final", name = "决赛"}]
parts = [{key = "p", stage = "final", name = "技能", weight = 100}]
[[modules]]
key = "drill"
part = "p"
name = "演练"
weight = 60
panel = {judges = 3, drop_high = 1, drop_low = 1}
adjust = 0.5
[[modules.criteria]]
key = "A"
name = "标准"
[[modules.criteria.aspects]]
key = "A1"
name = "质量"
kind = "points"
max = 8
step = 0.5
[[modules.criteria.aspects]]
key = "A2"
name = "用时"
kind = "measured"
highest = 60
attempts = 2
better = "low"
max = 2
table = [{upto = 30, points = 2}]
[[modules]]
key = "paper"
part = "p"
name = "理论"
weight = 40
max = 100
entry = "scores"
[[awards]]
key = "first"
name = "一等奖"
to = "entrant"
rule = "count"
count = 1
"""
FAULTS = PLAN.replace(
    "weight = 100}]", 'weight = 50}, {key = "t", stage = "final", name = "另一部分", weight = 50}]'
) + """
[[modules]]
key = "faults"
part = "t"
name = "扣分"
weight = 100
difficulty = {lowest = 1, highest = 2}
panel = {judges = 1}
[[modules.criteria]]
key = "A"
name = "标准"
[[modules.criteria.aspects]]
key = "A1"
name = "扣分"
kind = "deductions"
max = 10
reasons = [{name = "甲", points = 1, most = 2}, {name = "乙", points = 2}]
"""
HEADER = "entrant,item,judge,value,attempt,status\n"
SHEETS = "".join(
    f"{code},drill.A1,j{judge},{mark},,\n{code},drill.A2,j{judge},{time},1,\n"
    for code, marks in {"甲": ((8, 20), (7, 31), (6, 20)), "乙": ((5, 20), (5, 20), (8, 20))}.items()
    for judge, (mark, time) in enumerate(marks)
)
MARKS = HEADER + SHEETS + "甲,paper,,80,,\n乙,paper,,90.5,,\n"


@pytest.fixture
def files(tmp_path):
    """A plan and marks; `files(marks=…, plan=…)` writes others and gives the arguments."""

    def write(marks=MARKS, plan=PLAN, entrants=None):
        (tmp_path / "plan.toml").write_text(plan, "utf-8")
        raw = marks if isinstance(marks, bytes) else marks.encode()
        (tmp_path / "marks.csv").write_bytes(raw)
        arguments = ["score", str(tmp_path / "plan.toml"), str(tmp_path / "marks.csv")]
        if entrants is not None:
            (tmp_path / "entrants.csv").write_text(entrants, "utf-8")
            arguments += ["--entrants", str(tmp_path / "entrants.csv")]
        return arguments

    return write


def test_the_table_shows_places_marks_and_awards(files, capsys):
    assert main(files()) == 0

    # 甲: sheets 10, 7, 8 → 8; 8 ÷ 10 × 60 + 80 × 0.4 = 80. 乙: 7, 7, 10 → 7; 42 + 36.2 = 78.2.
    header, first, second = capsys.readouterr().out.splitlines()
    assert header.split() == [
        "place", "entrant", "drill", "paper", "p", "total", "awards", "decided_by", "state"
    ]
    assert first.split() == ["1", "甲", "8.00", "80.00", "80.00", "80.00", "first"]
    assert second.split() == ["2", "乙", "7.00", "90.50", "78.20", "78.20", "total"]


def test_json_holds_every_figure_and_csv_the_table(files, capsys):
    main([*files(), "--format", "json"])
    answer = json.loads(capsys.readouterr().out)
    assert [(one["code"], one["total"], one["place"]) for one in answer["entrants"]] == [
        ("甲", "80.00", 1), ("乙", "78.20", 2),
    ]
    assert answer["final"] is True

    main([*files(), "--format", "csv"])
    assert capsys.readouterr().out.splitlines()[1].startswith("1,甲,8.00,80.00")


def test_explain_gives_one_entrants_road(files, capsys):
    assert main([*files(), "--explain", "乙"]) == 0
    assert "78.2" in capsys.readouterr().out
    assert main([*files(), "--explain", "丙"]) == 2
    assert "丙" in capsys.readouterr().err


def test_against_another_plan_only_what_changes_is_told(files, tmp_path, capsys):
    other = tmp_path / "other.toml"
    other.write_text(PLAN.replace("weight = 60", "weight = 10").replace("= 40", "= 90"), "utf-8")

    assert main([*files(), "--against", str(other)]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["who", "甲", "乙"]
    assert "1 → 2" in lines[1] and "first → –" in lines[1]
    assert main([*files(), "--against", str(tmp_path / "plan.toml")]) == 0
    assert capsys.readouterr().out == "Nobody's total, place or award would change.\n"


def test_what_was_not_yet_marked_is_no_zero(files, capsys):
    main([*files(marks=HEADER + SHEETS), "--format", "json"])
    one = json.loads(capsys.readouterr().out)["entrants"][0]
    assert one["modules"]["paper"] == {
        "mark": None, "done": False, "state": "", "raw": None, "odd": False,
    }
    assert one["complete"] is False


BAD = {
    "a mark out of range": ("甲,drill.A1,j0,9,,\n", "line 2", "between 0 and 8"),
    "a mark off the step": ("甲,drill.A1,j0,7.3,,\n", "line 2", "steps of 0.5"),
    "a comma for a point": ('甲,drill.A1,j0,"1,5",,\n', "line 2", "number between 0 and 8"),
    "an empty mark": ("甲,drill.A1,j0,,,\n", "line 2", "leave the line out"),
    "no such item": ("甲,drill.B1,j0,1,,\n", "line 2", "drill.B1"),
    "which aspect": ("甲,drill,j0,1,,\n", "line 2", "drill.A1, drill.A2"),
    "one attempt too many": ("甲,drill.A2,j0,20,3,\n", "line 2", "from 1 to 2"),
    "a judge too many": (
        "".join(f"甲,drill.A1,j{j},1,,\n" for j in range(4)), "line 5", "has 3 seats"
    ),
    "a score out of range": ("甲,paper,,101,,\n", "line 2", "between 0 and 100"),
    "a score twice": ("甲,paper,,10,,\n甲,paper,,10,,\n", "line 3", "second time"),
    "a mark twice": (
        "甲,drill.A1,j0,1,,\n乙,drill.A1,j0,1,,\n甲,drill.A1,j0,1,,\n", "line 4",
        "The mark of drill.A1 by “j0” of “甲” stands here a second time; it stands in line 2 already."
    ),
    "an attempt twice": (
        "甲,drill.A2,j0,1,2,\n甲,drill.A2,j0,1,2,\n", "line 3",
        "The mark of drill.A2 by “j0” in attempt 2 of “甲”", "line 2"
    ),
    "a state twice": ("甲,,,,,absent\n甲,,,,,withdrawn\n", "line 3", "state of “甲”", "line 2"),
    "a module's state twice": (
        "甲,drill,,,,absent\n甲,drill,,,,void\n", "line 3", "state in drill of “甲”", "line 2"
    ),
    "an absence with a judge": ("甲,drill,j0,,,absent\n", "line 2", "does not fit"),
    "no judge": ("甲,drill.A1,,1,,\n", "line 2", "name of its judge"),
    "an attempt of thousands of digits": (f"甲,drill.A2,j0,20,{'9' * 5000},\n", "line 2", "from 1 to 2"),
    "an attempt that is no digit": ("甲,drill.A2,j0,20,²,\n", "line 2", "from 1 to 2"),
    "no attempt where there are several": ("甲,drill.A2,j0,20,,\n", "line 2", "from 1 to 2"),
    "a failed attempt with a value": ("甲,drill.A2,j0,20,1,void\n", "line 2", "has no value"),
    "a score with a judge": ("甲,paper,j0,10,,\n", "line 2", "without judge"),
    "a penalty with a status": ("甲,drill.penalty,,1,,void\n", "line 2", "has no status"),
    "deductions in small digits": ("甲,faults,j,²:1,,\n", "line 2", "are written 1:2;3:1"),
    "deductions of thousands of digits": (
        f"甲,faults,j,1:{'9' * 5000},,\n", "line 2", "are written 1:2;3:1"
    ),
    "a reason twice": ("甲,faults,j,1:1;1:1,,\n", "line 2", "reason 1 stands twice"),
    "a difficulty too fine": ("甲,faults.difficulty,,1.25,,\n", "line 2", "at most one decimal"),
    "a cell without end": (f'甲,paper,,"{"1" * 200_000}\n', "line 2", "quotation mark"),
    "an adjustment beyond the limit": ("甲,drill.adjustment,,0.6,,\n", "line 2", "-0.5 and 0.5"),
    "an adjustment twice": (
        "甲,drill.adjustment,,0.1,,\n甲,drill.adjustment,,0.1,,\n", "line 3", "second time"
    ),
    "a penalty below nothing": ("甲,final.penalty,,-1,,\n", "line 2", "between 0"),
    "a status that is none": ("甲,,,,,ill\n", "line 2", "not_finished"),
    "a status with a value": ("甲,drill,,5,,absent\n", "line 2", "has no value"),
    "points are no failed attempt": ("甲,drill.A1,j0,,,void\n", "line 2", "no attempts"),
    "a score has no judge": ("甲,paper,j0,,,excused\n", "line 2", "takes scores"),
    "no entrant": (",paper,,10,,\n", "line 2", "no entrant"),
    "cells lacking": ("甲,paper\n", "line 2", "2 cells"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_marks_are_one_sentence_with_the_line(files, capsys, name):
    lines, *words = BAD[name]
    assert main(files(marks=HEADER + lines, plan=FAULTS)) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1 and err.startswith("marks.csv")
    assert [word for word in words if word not in err] == []


@pytest.mark.parametrize(
    ("marks", "words"),
    [
        ("entrant,item,value\n", "lacks judge"),
        ("entrant,item,judge,value,colour\n", "colour is unknown"),
        ("entrant,entrant,item,judge,value\n", "twice"),
        ("entrant,item,judge,value\n甲,paper,,1\n".encode("gb18030"), "line 2: This line is not UTF-8"),
        (MARKS.encode("utf-16"), "line 1: This line is not UTF-8"),
        (b"", "lacks entrant"),
    ],
)
def test_a_file_that_is_no_list_of_marks_is_refused(files, capsys, marks, words):
    assert main(files(marks=marks)) == 2
    assert words in capsys.readouterr().err


ENTRANTS = "code,group,birth_date,gender,ruling\n"


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("甲,,2001-02-30,,\n", "2001-05-31"),
        ("甲,,,man,\n", "female, male or empty"),
        ("甲,,,,first\n", "whole number"),
        (f"甲,,,,{'9' * 5000}\n", "whole number"),
        ("甲,,,,²\n", "whole number"),
        ("甲,,,,\n甲,,,,\n", "line 3: The code “甲” stands twice: in line 2 already"),
        (",,,,\n", "code is empty"),
        ("甲,,,,\n", "no entrant “乙”"),
    ],
)
def test_bad_entrants_are_one_sentence(files, capsys, lines, words):
    assert main(files(entrants=ENTRANTS + lines)) == 2
    err = capsys.readouterr().err
    assert words in err and err.count("\n") == 1


def test_a_bad_plan_names_the_place_and_the_sum(files, capsys):
    assert main(files(plan=PLAN.replace("weight = 40", "weight = 30"))) == 2
    err = capsys.readouterr().err
    assert "plan.toml" in err and "drill 60 + paper 30 = 90" in err
    assert main(files(plan="name = ")) == 2
    assert main([*files(), "--stage", "semi"]) == 2


def test_a_plan_in_another_coding_and_one_that_is_not_there_are_refused(files, capsys, tmp_path):
    arguments = files()
    (tmp_path / "plan.toml").write_bytes(PLAN.encode("gb18030"))
    assert main(arguments) == 2
    (tmp_path / "plan.toml").unlink()
    assert main(arguments) == 2
    first, second = capsys.readouterr().err.splitlines()
    assert first == "plan.toml, line 3: This line is not UTF-8; save the file as UTF-8."
    assert second.startswith("plan.toml: This file cannot be read")


def test_reasons_stand_in_any_order_with_full_width_digits(files, capsys):
    lines = "甲,faults,j,２:1; 1:2,,\n甲,faults.difficulty,,1.5,,\n"
    assert main([*files(marks=HEADER + lines, plan=FAULTS), "--format", "json"]) == 0
    (one,) = json.loads(capsys.readouterr().out)["entrants"]
    assert one["modules"]["faults"]["mark"] == "9.00"


def test_full_width_digits_and_a_byte_order_mark_are_understood(files, capsys):
    marks = MARKS.replace("甲,paper,,80", "甲,paper,,８０")
    assert main(files(marks=b"\xef\xbb\xbf" + marks.encode())) == 0
    assert "80.00" in capsys.readouterr().out


def test_neither_flask_nor_a_database_is_loaded(files):
    code = (
        "import sys; from contest.offline.command import main; code = main(sys.argv[1:]);"
        "loaded = [n for n in ('flask', 'sqlalchemy', 'click') if n in sys.modules];"
        "sys.exit(code or len(loaded))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *files()], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
