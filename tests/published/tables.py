"""Published result tables: for each a plan and what its rows say, in the terms of the rules.

Each function of `TABLES` takes the table as it was published and gives a list of cases
(document, marks, entrants, expected). `expected` holds what was printed, each by entrant: `totals`, `places`,
`awards`, `passed`; `columns` by (entrant, "modules" or "parts", key); `teams` as total, place, modules.
The data stay where they are: see `folder`.
"""

import copy
import json
import os
import tomllib
from decimal import Decimal
from pathlib import Path

HERE = Path(__file__).resolve().parent


def folder():
    """Where the published tables lie: CONTEST_PUBLISHED, or beside the project; None when nowhere."""
    place = os.environ.get("CONTEST_PUBLISHED") or HERE.parents[2] / "shared" / "data" / "published"
    return Path(place) if Path(place).is_dir() else None


def published(name):
    """One published table as it was stored."""
    return json.loads((folder() / name).read_text("utf-8"))


def plan(name):
    """A plan of this folder as a document."""
    return tomllib.loads((HERE / f"{name}.toml").read_text("utf-8"), parse_float=Decimal)


def records(table):
    """The rows with their columns by name; of `judges[9]` the name is `judges`."""
    names = [column.split("[")[0] for column in table["columns"]]
    return [dict(zip(names, row, strict=True)) for row in table["rows"]]


def line(entrant, item, value="", judge="", attempt="", status=""):
    """One line of MARKS.csv."""
    return {
        "entrant": entrant,
        "item": item,
        "judge": judge,
        "value": str(value),
        "attempt": str(attempt),
        "status": status,
    }


def cn_exam_a(table):
    rows = records(table)
    modules = {
        "written": "written_30",
        "oral": "oral_10",
        "interview": "interview_60",
        "first_exam": "first_exam_500",
    }
    marks = []
    for row in rows:
        for module, name in modules.items():
            absent = row[name] is None
            marks.append(
                line(row["id"], module, "" if absent else row[name], status="absent" if absent else "")
            )
    return [(plan("cn_exam_a"), marks, _in_groups(rows), _exam_figures(rows, table))]


def cn_exam_f(table):
    rows = records(table)
    modules = {
        "written": "written_100",
        "oral": "oral_10",
        "interview": "interview_70",
        "first_exam": "first_exam_500",
    }
    marks = []
    for row in rows:
        if row["final_total"] is None:
            marks.append(line(row["id"], "", status="absent"))
        else:
            marks += [line(row["id"], module, row[name]) for module, name in modules.items()]
    present = [row for row in rows if row["final_total"] is not None]
    return [(plan("cn_exam_f"), marks, _in_groups(rows), _exam_figures(present, table))]


def _in_groups(rows, name="group"):
    return [{"code": row["id"], "group": row[name]} for row in rows]


def _exam_figures(rows, table):
    """Who was admitted must have passed; that some who passed were not is a matter of seats."""
    doubtful = {d["row"] for d in table["known_disagreements"] if d["field"] == "admitted"}
    expected = {
        "totals": {row["id"]: row["final_total"] for row in rows},
        "columns": {(row["id"], "parts", "retest"): row["retest_total"] for row in rows},
        "passed": {row["id"]: True for row in rows if row["admitted"] and row["id"] not in doubtful},
    }
    if "published_order_in_group" in rows[0]:
        expected["places"] = {row["id"]: row["published_order_in_group"] for row in rows}
    return expected


def diving(table):
    rows, marks = records(table), []
    for row in rows:
        dive = f"dive{row['dive_no']}"
        marks.append(line(row["team"], f"{dive}.difficulty", row["dd"]))
        for aspect, panel in (("A1", "exec_a"), ("B1", "exec_b"), ("S1", "synchro")):
            marks += [
                line(row["team"], f"{dive}.{aspect}", value, f"J{n}") for n, value in enumerate(row[panel])
            ]
    events = {row["team"]: row["event"] for row in rows}
    expected = {
        "totals": {row["team"]: row["team_total"] for row in rows},
        "places": {row["team"]: row["medal_rank"] for row in rows},
        "columns": {(row["team"], "modules", f"dive{row['dive_no']}"): row["dive_points"] for row in rows},
    }
    return [(plan("diving"), marks, [{"code": t, "group": e} for t, e in events.items()], expected)]


def figure_skating(table):
    """For each segment two cases: as skated, and with factor 1, where the panels' own marks are seen."""
    rows, cases = records(table), []
    for segment in dict.fromkeys(row["segment"] for row in rows):
        mine = [row for row in rows if row["segment"] == segment]
        marks = [entry for row in mine for entry in _skater(row)]
        entrants = [{"code": row["id"]} for row in mine]
        document, plain = _with_factors(mine[0]["components"]), plan("figure_skating")
        expected = {
            "totals": {row["id"]: row["segment_score"] for row in mine},
            "places": {row["id"]: row["rank"] for row in mine},
            "columns": {(row["id"], "parts", "components"): row["component_score"] for row in mine},
        }
        panels = {
            (row["id"], "modules", f"component{n}"): panel
            for row in mine
            for n, (_, _, panel) in enumerate(row["components"], 1)
        }
        cases += [(document, marks, entrants, expected), (plain, marks, entrants, {"columns": panels})]
    return cases


def _with_factors(components):
    document = copy.deepcopy(plan("figure_skating"))
    for module in document["modules"][1:]:
        factor, _, _ = components[int(module["key"][-1]) - 1]
        module["panel"]["factor"] = Decimal(factor)
    return document


def _skater(row):
    yield line(row["id"], "elements", row["element_score"])
    yield line(row["id"], "segment.penalty", row["deductions"].lstrip("-"))
    for n, (_, judges, _) in enumerate(row["components"], 1):
        yield from (line(row["id"], f"component{n}", value, f"J{j}") for j, value in enumerate(judges, 1))


def gymnastics(table):
    rows, marks = records(table), []
    for row in rows:
        marks += [
            line(row["id"], "difficulty_score", row["d_score"]),
            line(row["id"], "execution", row["e_score"]),
            line(row["id"], "qualification.penalty", row["penalty"]),
        ]
    expected = {
        "totals": {row["id"]: row["score"] for row in rows},
        "places": {row["id"]: row["rank"] for row in rows},
    }
    return [(plan("gymnastics"), marks, _in_groups(rows, "list"), expected)]


def imo_medals(table):
    rows = records(table)
    marks = [line(row["id"], f"p{n}", row[f"p{n}"]) for row in rows for n in range(1, 7)]
    expected = {
        "totals": {row["id"]: row["total"] for row in rows},
        "places": {row["id"]: row["rank"] for row in rows},
        "awards": {row["id"]: [row["award"]] if row["award"] else [] for row in rows},
    }
    return [(plan("imo_medals"), marks, [{"code": r["id"], "team": r["team"]} for r in rows], expected)]


def imo_teams(table):
    marks, entrants, teams = [], [], {}
    for row in records(table):
        for number, problems in enumerate(row["members"], 1):
            code = f"{row['team']}-{number}"
            entrants.append({"code": code, "team": row["team"]})
            marks += [line(code, f"p{n}", points) for n, points in enumerate(problems, 1)]
        teams[row["team"]] = {
            "total": row["team_total"],
            "place": row["rank"],
            "modules": {f"p{n}": points for n, points in enumerate(row["team_p1_p6"], 1)},
        }
    return [(plan("imo_teams"), marks, entrants, {"teams": teams})]


def wca(table):
    """Two cases: the average of five with its places, and the best single of each, also printed."""
    rows, marks = records(table), []
    for row in rows:
        attempts = list(row["attempts_cs"]) + [-2] * (
            5 - len(row["attempts_cs"])
        )  # not taken: as good as void
        for number, value in enumerate(attempts, 1):
            void = value < 0
            marks.append(
                line(row["id"], "cube.A1", "" if void else value, "J1", number, "void" if void else "")
            )
    entrants = [{"code": row["id"]} for row in rows]
    averages = {row["id"]: row["average"] for row in rows if row["average"] > 0}
    single = plan("wca")
    aspect = single["modules"][0]["criteria"][0]["aspects"][0]
    aspect["take"], aspect["drop_best"], aspect["drop_worst"] = "best", 0, 0
    bests = {row["id"]: row["best"] for row in rows if row["best"] > 0}
    places = {row["id"]: row["rank"] for row in rows}
    return [
        (plan("wca"), marks, entrants, {"totals": averages, "places": places}),
        (single, marks, entrants, {"totals": bests}),
    ]


TABLES = {
    "cn-exam-interview-2018-a.json": cn_exam_a,
    "cn-exam-interview-2018-f.json": cn_exam_f,
    "diving-2016-olympics-synchro.json": diving,
    "figure-skating-2017-worlds-segments.json": figure_skating,
    "gymnastics-2022-worlds-qualification.json": gymnastics,
    "imo-2018-medal-ratios.json": imo_medals,
    "imo-2024-team-totals.json": imo_teams,
    "wca-2022-average-of-five.json": wca,
}
