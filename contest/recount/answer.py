"""Section 10, second half: the whole road from lines to standings, and the answer as one JSON object."""

from contest.recount.adjust import on_700_scale
from contest.recount.advance import going_on, lets_on
from contest.recount.amounts import ZERO, printed, rounded, short, written
from contest.recount.awards import Awards
from contest.recount.combine import Columns
from contest.recount.files import Book, people
from contest.recount.plan import read, without_drops
from contest.recount.rank import Ranking, Scene
from contest.recount.refusal import Refused
from contest.recount.teams import teams_of


def recount(document, marks, entrants=None, stage=None):
    """The answer for a plan (parsed TOML or JSON), lines of marks and of entrants; `Refused` on bad lines."""
    plan = read(document)
    listed = people(plan, entrants, marks)
    book = Book(plan, listed).read(marks)
    number = _stage_number(plan, book, stage)
    columns, ranking, problems, settled = _road(plan, document, book, listed, number)
    teams, open_team_ties = teams_of(ranking)
    awards = Awards(ranking, teams)
    return {
        "format": 1,
        "plan": plan["name"],
        "stage": ranking.scene.stage["key"],
        "final": settled and not problems,
        "open_ties": ranking.open_ties,
        "open_team_ties": open_team_ties,
        "problems": problems,
        "entrants": _entrants(columns, ranking, awards, number),
        "teams": [_team(columns, ranking.scene, team, awards) for team in teams],
        "organisations": _organisations(plan, awards),
        "awards": awards.given,
        "quotas": awards.quotas,
    }


def _stage_number(plan, book, stage):
    """The stage asked for, or the last one in which anything is marked, or the first one with a part."""
    keys = [s["key"] for s in plan["stages"]]
    if stage is not None:
        if stage not in keys:
            raise Refused(f"The plan has no stage {stage}; it has {', '.join(keys)}.")
        return keys.index(stage)
    begun = [
        n for n, s in enumerate(plan["stages"]) if any(m["key"] in book.marked for m in s["all_modules"])
    ]
    with_part = [n for n, s in enumerate(plan["stages"]) if s["all_parts"]]
    return max(begun) if begun else min(with_part, default=0)


def _road(plan, document, book, listed, last):
    """Every stage up to the last, each with those whom the stage before lets on."""
    columns = undropped = Columns(plan)
    if any(tie["by"] == "untrimmed" for tie in _ties(plan)):
        other = without_drops(document)
        undropped = Columns(other) if other else columns
    taking, problems, settled = list(listed), {}, True
    for number, stage in enumerate(plan["stages"][: last + 1]):
        if stage["key"] in book.taking:
            taking = [e for e in listed if e in book.taking[stage["key"]]]
        met = columns.add_stage(number, book, listed, taking)
        problems |= met if number == last or _matters(plan, number) else {}
        if undropped is not columns:
            undropped.add_stage(number, book, listed, taking)
        decides = number < last and lets_on(stage) and plan["stages"][number + 1]["key"] not in book.taking
        if number == last or decides:
            ranking = Ranking(Scene(plan, stage, columns, undropped, book, listed, taking))
            settled = settled and _settled(ranking)
        if decides:
            taking = going_on(ranking)
    sentences = [text for module in plan["modules"] for text in problems.get(module["key"], [])]
    return columns, ranking, sentences, settled


def _settled(ranking):
    """Whether everybody normal who takes part is complete, and no entrants or teams wait for a ruling."""
    scene = ranking.scene
    complete = all(scene.complete(e) for e in scene.taking if scene.state(e) == "normal")
    return complete and not ranking.open_ties and not teams_of(ranking)[1]


def _matters(plan, number):
    """Whether a stage decides anything in the next one."""
    return lets_on(plan["stages"][number]) or bool(plan["stages"][number + 1]["carry_percent"])


def _ties(plan):
    return plan["ranking"]["ties"] + [s["advance_by"] for s in plan["stages"] if s["advance_by"]]


def _entrants(columns, ranking, awards, last):
    scene = ranking.scene
    on = set(going_on(ranking)) if lets_on(scene.stage) else None
    scaled = _scaled(scene)
    stages = [stage for stage in scene.plan["stages"][: last + 1] if stage["all_parts"]]
    return [_entrant(columns, ranking, awards, stages, on, scaled, e) for e in scene.people]


def _entrant(columns, ranking, awards, stages, on, scaled, code):
    scene, person = ranking.scene, ranking.scene.people[code]
    plan, total = scene.plan, scene.total(code)
    return {
        "code": code,
        "group": person["group"],
        "team": person["team"],
        "organisation": person["organisation"],
        "state": scene.state(code),
        "entered": code in scene.taking,
        "finished": scene.finished(code),
        "complete": scene.complete(code),
        "passed": scene.passed[code],
        "goes_on": None if on is None else code in on,
        "modules": {
            m["key"]: _module(plan, columns.modules[m["key"]][code]) for s in stages for m in s["all_modules"]
        },
        "parts": {
            p["key"]: _column(plan, "part", columns.parts[p["key"]][code])
            for s in stages
            for p in s["all_parts"]
        },
        "stages": {s["key"]: _column(plan, "stage", columns.stages[s["key"]][code]) for s in stages},
        "total": printed(plan, "stage", total),
        "exact": str(total),
        "scaled": scaled.get(code),
        "place": ranking.place.get(code),
        "place_overall": ranking.overall.get(code),
        "decided_by": ranking.decided_by.get(code, ""),
        "awards": awards.held.get(("entrant", code), []),
    }


def _column(plan, step, cell):
    return {"mark": printed(plan, step, cell.value), "done": cell.done}


def _module(plan, cell):
    mark, raw = (
        None if value is None else printed(plan, "module", value) for value in (cell.value, cell.raw)
    )
    return {"mark": mark, "done": cell.done, "state": cell.state, "raw": raw, "odd": cell.odd}


def _scaled(scene):
    """The stage on the 700 scale, over those who are complete."""
    if scene.stage["scale"] != "robust":
        return {}
    complete = [
        e for e in scene.people if e in scene.taking and scene.state(e) == "normal" and scene.complete(e)
    ]
    totals = [scene.total(e) for e in complete]
    return {e: int(on_700_scale(scene.total(e), totals)) for e in complete}


def _team(columns, scene, team, awards):
    plan, sums = scene.plan, {}
    for key in (m["key"] for m in scene.stage["all_modules"]):
        cells = [columns.modules[key][e] for e in team.counting]
        sums[key] = printed(plan, "module", sum((c.value for c in cells if c.value is not None), ZERO))
    return {
        "team": team.name,
        "total": None if team.mark is None else printed(plan, "team", team.mark),
        "done": team.done,
        "place": team.place,
        "decided_by": team.decided_by,
        "counting": team.counting,
        "modules": sums,
        "awards": awards.held.get(("team", team.name), []),
    }


def _organisations(plan, awards):
    """By place, then name; none where the plan has no medal table, or before its last stage."""
    if plan["organisations"] is None:
        return []
    places = plan["rounding"]["places"]
    return [
        {
            "organisation": name,
            "counts": row["counts"],
            "points": short(row["points"]),
            "average": written(rounded(row["average"], places, plan["rounding"]["mode"]), places),
            "competed": row["competed"],
            "place": row["place"],
        }
        for name, row in sorted(awards.organisations.items(), key=lambda item: (item[1]["place"], item[0]))
    ]
