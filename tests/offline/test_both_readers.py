"""Both scorers read the same files: they take the same lines, and refuse the same with one sentence."""

import json

import pytest

from contest.offline.command import main as first
from contest.recount.__main__ import main as second
from tests.offline.test_command import FAULTS, HEADER

TIES = '[ranking]\nties = [{by = "data", key = "draw", order = "low"}]\n[[modules]]'
PLAN = FAULTS.replace("[[modules]]", TIES, 1)
OPEN = "code,draw,ruling,gender\n甲,1,,\n乙,2,,\n"


@pytest.fixture
def both(tmp_path, capsys):
    """both(marks, entrants, plan): (exit code, answer or sentence) of the two scorers."""

    def run(lines="", entrants=None, plan=PLAN):
        marks = lines if isinstance(lines, bytes) else HEADER + lines
        for name, content in {"plan.toml": plan, "marks.csv": marks, "people.csv": entrants}.items():
            if content is not None:
                data = content if isinstance(content, bytes) else content.encode()
                (tmp_path / name).write_bytes(data)
        files = [str(tmp_path / "plan.toml"), str(tmp_path / "marks.csv")]
        files += ["--entrants", str(tmp_path / "people.csv")] if entrants is not None else []
        found = []
        for program, arguments in ((first, ["score", *files, "--format", "json"]), (second, files)):
            code = program(arguments)
            out, err = capsys.readouterr()
            found.append((code, json.loads(out) if out else err))
        return found

    return run


TAKEN = {
    "full-width digits": "甲,drill.A1,j,７．５,,\n",
    "a full-width score": "甲,paper,,９０,,\n",
    "full-width deductions, with blanks": "甲,faults,j,２:1; １:２,,\n甲,faults.difficulty,,１．５,,\n",
    "no deductions": "甲,faults,j,０,,\n",
    "a full-width attempt": "甲,drill.A2,j,20,２,\n",
    "a whole mark with decimals": "甲,drill.A1,j,7.0,,\n",
    "a signed adjustment": "甲,drill.adjustment,,－0.5,,\n",
    "blanks": " 甲 , drill.A1 , j , 7 , , \n",
}


@pytest.mark.parametrize("name", TAKEN)
def test_a_line_is_taken_and_means_the_same(both, name):
    (code, answer), (other, again) = both(TAKEN[name])

    assert (code, other) == (0, 0)
    assert answer == again


REFUSED = {
    "small digits": ("甲,drill.A1,j,²,,\n", "line 2"),
    "thirteen digits": ("甲,final.penalty,,1234567890123,,\n", "line 2"),
    "a penalty with five decimals": ("甲,final.penalty,,0.00001,,\n", "line 2"),
    "a penalty beyond all bounds": ("甲,final.penalty,,1000001,,\n", "line 2"),
    "an adjustment with five decimals": ("甲,drill.adjustment,,0.00001,,\n", "line 2"),
    "a difficulty with two decimals": ("甲,faults.difficulty,,1.25,,\n", "line 2"),
    "two states": ("甲,,,,,absent\n甲,,,,,withdrawn\n", "line 3", "line 2"),
    "the same state twice": ("甲,,,,,absent\n甲,,,,,absent\n", "line 3", "line 2"),
    "two states of a module": ("甲,drill,,,,absent\n甲,drill,,,,void\n", "line 3", "line 2"),
    "a mark twice": (
        "甲,drill.A1,j,1,,\n乙,drill.A1,j,1,,\n甲,drill.A1,j,1,,\n", "line 4", "line 2", "drill.A1", "j", "甲"
    ),
    "an attempt twice": (
        "甲,drill.A2,j,1,2,\n甲,drill.A2,j,1,2,\n", "line 3", "line 2", "drill.A2", "attempt 2"
    ),
    "a score twice": ("甲,paper,,1,,\n甲,paper,,1,,\n", "line 3", "line 2", "paper"),
    "no entrant": (",paper,,1,,\n", "line 2"),
    "no judge": ("甲,drill.A1,,1,,\n", "line 2"),
    "a score with a judge": ("甲,paper,j,1,,\n", "line 2"),
    "no attempt": ("甲,drill.A2,j,1,,\n", "line 2"),
    "an attempt of thousands of digits": (f"甲,drill.A2,j,1,{'9' * 5000},\n", "line 2"),
    "deductions of thousands of digits": (f"甲,faults,j,1:{'9' * 5000},,\n", "line 2"),
    "a reason twice": ("甲,faults,j,1:1;1:1,,\n", "line 2"),
    "a void mark with a value": ("甲,drill.A2,j,1,1,void\n", "line 2"),
    "a cell without end": (f'甲,paper,,"{"1" * 200_000}\n', "line 2"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_line_is_refused_with_one_sentence(both, name):
    lines, *words = REFUSED[name]

    for code, sentence in both(lines):
        assert (code, sentence.count("\n")) == (2, 1)
        assert "marks.csv" in sentence
        assert [word for word in words if word not in sentence] == []


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("甲,1.00001,,", "four decimals"),
        ("甲,1000001,,", "1000000"),
        ("甲,1e3,,", "four decimals"),
        (f"甲,1,{'9' * 5000},", "whole number"),
        ("甲,1,²,", "whole number"),
        ("甲,1,1000000,", "whole number"),
        ("甲,1,1,man", "female, male or empty"),
        (",1,1,", "code"),
    ],
)
def test_an_entrant_is_refused_with_one_sentence(both, line, words):
    for code, sentence in both("", f"code,draw,ruling,gender\n{line}\n"):
        assert (code, sentence.count("\n")) == (2, 1)
        assert "people.csv, line 2" in sentence
        assert words in sentence


def test_a_code_that_stands_twice_names_both_lines(both):
    for code, sentence in both("", "code\n甲\n乙\n甲\n"):
        assert code == 2
        assert "line 4" in sentence and "line 2 already" in sentence


def test_full_width_rulings_and_data_are_read(both):
    (code, answer), (_, again) = both("甲,paper,,1,,\n", "code,draw,ruling\n甲,１．５,２\n乙,,\n")

    assert (code, answer) == (0, again)


BAD_PLANS = {
    "a part within itself": ('{key = "t", stage = "final"', '{key = "t", within = "t"'),
    "parts in a circle": (
        '{key = "p", stage = "final", name = "技能", weight = 50}, {key = "t", stage = "final"',
        '{key = "p", within = "t", name = "技能", weight = 50}, {key = "t", within = "p"',
    ),
    "weights for other judges": ("drop_high = 1, drop_low = 1", "weights = [1, 2]"),
    "a fraction of nothing": ('rule = "count"\ncount = 1', 'rule = "ratio"\nfraction = "1/0"'),
    "deep brackets": ("format = 1", "format = 1\nx = " + "[" * 2000 + "]" * 2000),
    "thousands of digits": ("judges = 3", "judges = " + "9" * 5000),
    "thousands of zeros": ("max = 8", "max = 1e999999999"),
    "an exponent of thousands of digits": ("max = 8", "max = 1e" + "9" * 30),
    "no number": ("max = 8", "max = nan"),
    "no kind": ('kind = "points"', 'kind = "pionts"'),
    "no aspects": ('kind = "points"', 'kind = ["points"]'),
    "no judges": ("judges = 3", "judges = 0"),
    "no step": ("step = 0.5", "step = 0"),
    "no such part": ('part = "t"', 'part = "u"'),
    "no such stage": ('{key = "t", stage = "final"', '{key = "t", stage = "semi"'),
    "no such column": ('by = "data", key = "draw"', 'by = "module", key = "draw"'),
    "a key is missing": ('key = "drill"\n', ""),
    "no TOML": ("format = 1", "format 1"),
    "not UTF-8": None,
}


@pytest.mark.parametrize("name", BAD_PLANS)
def test_a_plan_is_refused_with_one_sentence(both, name):
    plan = PLAN.encode("gb18030")
    if BAD_PLANS[name]:
        right, wrong = BAD_PLANS[name]
        assert right in PLAN
        plan = PLAN.replace(right, wrong, 1)

    for code, sentence in both("甲,paper,,1,,\n", plan=plan):
        assert (code, sentence.count("\n")) == (2, 1)
        assert "plan.toml" in sentence
        assert [word for word in ("Traceback", "recursion", "int()", "sys.") if word in sentence] == []


def test_of_parts_in_a_circle_the_circle_is_told_first(both):
    right, wrong = BAD_PLANS["parts in a circle"]
    (_, sentence), (_, again) = both(plan=PLAN.replace(right, wrong, 1))

    assert "parts[0]" in sentence and "itself" in sentence
    assert "stands within itself" in again


def test_a_file_in_another_coding_names_the_line(both):
    for code, sentence in both((HEADER + "甲,paper,,1,,\n").encode("gb18030")):
        assert code == 2
        assert "marks.csv, line 2: This line is not UTF-8" in sentence


@pytest.mark.parametrize("column", ["passed_over", "team_passed_over"])
def test_an_award_that_the_plan_does_not_have_is_refused_by_both(both, column):
    (code, sentence), (other, again) = both(entrants=f"code,{column}\n甲,\n乙,nowhere\n")

    assert (code, other) == (2, 2)
    assert "line 3" in sentence and "“nowhere”" in sentence
    assert again.endswith(sentence)  # the one says the file's name, the other where it lies
