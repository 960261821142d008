"""`contest score` for people: every table shows what the answer holds, in each format."""

import csv
import io
import json
from pathlib import Path

import pytest

from contest.offline.command import main
from tests.offline.test_command import MARKS, PLAN

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "rules" / "examples"


@pytest.fixture
def scored(capsys):
    """scored(example, *options): what `contest score` prints about an example of the rules."""

    def run(example, *options):
        folder = EXAMPLES / example
        people = folder / "ENTRANTS.csv"
        files = [str(folder / "plan.toml"), str(folder / "MARKS.csv")]
        files += ["--entrants", str(people)] if people.exists() else []
        assert main(["score", *files, *options]) == 0
        return capsys.readouterr().out

    return run


@pytest.mark.parametrize("example", ["adjust_group_mean", "adjust_z", "adjust_robust"])
def test_the_raw_mark_stands_beside_the_adjusted_one(scored, example):
    answer = {one["code"]: one for one in json.loads(scored(example, "--format", "json"))["entrants"]}
    rows = list(csv.DictReader(io.StringIO(scored(example, "--format", "csv"))))
    (column,) = [name for name in rows[0] if name.startswith("raw ")]
    key = column.removeprefix("raw ")

    assert list(rows[0]).index(column) == list(rows[0]).index(key) + 1
    assert len(rows) == len(answer)
    for row in rows:
        module = answer[row["entrant"]]["modules"][key]
        assert (row[key], row[column]) == (module["mark"] or "", module["raw"] or "")
    assert any(row[key] != row[column] for row in rows)
    assert column in scored(example).splitlines()[0]


def test_without_an_adjustment_there_is_no_raw_column(scored):
    assert "raw" not in scored("adjust_none").splitlines()[0]


def test_the_table_shows_the_teams_below_the_entrants(scored):
    teams = json.loads(scored("award_team", "--format", "json"))["teams"]
    entrants, below = scored("award_team").split("\n\n")
    lines = below.splitlines()

    assert lines[0].split()[:2] == ["place", "team"]
    assert len(lines) == 1 + len(teams)
    for team in teams:
        (line,) = [line for line in lines if team["team"] in line]
        assert team["total"] in line.split()
        assert [award for award in team["awards"] if award not in line.split()] == []
    assert any(team["awards"] for team in teams)


def test_the_table_shows_the_medal_table_below(scored):
    rows = json.loads(scored("medals_table", "--format", "json"))["organisations"]
    lines = scored("medals_table").split("\n\n")[-1].splitlines()

    assert lines[0].split() == ["place", "organisation", *rows[0]["counts"], "points", "average", "competed"]
    for row, line in zip(rows, lines[1:], strict=True):
        counts = [str(count) for count in row["counts"].values()]
        assert line.split() == [
            str(row["place"]), row["organisation"], *counts, row["points"], row["average"],
            str(row["competed"]),
        ]


def test_csv_is_one_table(scored):
    assert "\n\n" not in scored("award_team", "--format", "csv")


@pytest.fixture
def files(tmp_path):
    """The arguments for the small plan and its marks, and for another plan."""
    (tmp_path / "plan.toml").write_text(PLAN, "utf-8")
    (tmp_path / "marks.csv").write_text(MARKS, "utf-8")
    other = PLAN.replace("weight = 60", "weight = 10").replace("= 40", "= 90")
    (tmp_path / "other.toml").write_text(other, "utf-8")
    return ["score", str(tmp_path / "plan.toml"), str(tmp_path / "marks.csv")], str(tmp_path / "other.toml")


def test_a_receipt_ends_with_the_awards_and_why(files, capsys):
    arguments, _ = files
    for code, wins in (("甲", True), ("乙", False)):
        assert main([*arguments, "--explain", code]) == 0
        last = capsys.readouterr().out.splitlines()[-1]
        assert (last == "first  Place 1; this prize goes to 1.") is wins


def test_another_plans_changes_come_as_json_and_csv(files, capsys):
    arguments, other = files
    assert main([*arguments, "--against", other, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert main([*arguments, "--against", other, "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    sides = []
    for plan in (arguments[1], other):
        assert main(["score", plan, arguments[2], "--format", "json"]) == 0
        sides.append({one["code"]: one for one in json.loads(capsys.readouterr().out)["entrants"]})

    assert found["stage"] == found["against"]["stage"] == "final"
    assert {one["code"] for one in found["changes"]} == {"甲", "乙"}
    for one, row in zip(found["changes"], rows, strict=True):
        for side, answer, then in zip((one["before"], one["after"]), sides, ("", "_then"), strict=True):
            whole = answer[one["code"]]
            assert side == {name: whole[name] for name in ("total", "place", "complete", "awards")}
            told = (row[f"total{then}"], row[f"place{then}"], row[f"awards{then}"])
            assert told == (whole["total"], str(whole["place"]), " ".join(whole["awards"]))


def test_an_unknown_stage_and_an_unknown_code_have_sentences_of_their_own(files, capsys):
    arguments, _ = files
    assert main([*arguments, "--stage", "semi"]) == 2
    assert capsys.readouterr().err == (
        "plan.toml: There is no stage “semi” (--stage); the plan has: final.\n"
    )
    assert main([*arguments, "--explain", "丙"]) == 2
    assert capsys.readouterr().err == "marks.csv: There is no entrant “丙” (--explain) in this file.\n"
