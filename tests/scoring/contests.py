"""Plan documents and books for the tests: believable defaults, keywords to change."""

import numpy as np

from contest.scoring.book import Book
from contest.scoring.marks import parse_number, read_sheet
from contest.scoring.scheme_reading import plan_from
from contest.scoring.units import units_of

YES = {"submitted": True, "excused": False}


def points_aspect(key="A1", top="100", step="0.5"):
    return {"key": key, "name": f"评分 {key}", "kind": "points", "max": top, "step": step}


def sheet_module(key="drill", part="practical", weight="100", aspects=None, **panel):
    """A module marked on sheets, by one judge unless said."""
    aspects = aspects or [points_aspect()]
    top = sum(_top_of(aspect) for aspect in aspects)
    return {
        "key": key,
        "part": part,
        "name": f"模块 {key}",
        "weight": weight,
        "max": str(top),
        "panel": {"judges": 1, **panel},
        "criteria": [{"key": "A", "name": "标准", "aspects": aspects}],
    }


def _top_of(aspect):
    if "max" in aspect:
        return parse_number(aspect["max"])
    return sum(parse_number(item["points"]) for item in aspect["items"])


def score_module(key="paper", part="theory", weight="100", top="100"):
    """A module into which scores come."""
    name = f"模块 {key}"
    entry = {"weight": weight, "max": top, "entry": "scores", "kind": "theory"}
    return {"key": key, "part": part, "name": name, **entry}


def part(key, weight, stage="final", **more):
    return {"key": key, "stage": stage, "name": f"部分 {key}", "weight": weight, **more}


def plan_of(modules, parts=None, stages=None, **more):
    """A plan of one stage; its parts share the weight when they are not said."""
    return {
        "format": 1,
        "name": "技能竞赛",
        "stages": stages or [{"key": "final", "name": "决赛"}],
        "parts": parts or [part(modules[0]["part"], "100")],
        "modules": modules,
        **more,
    }


def scores_only(**more):
    """The smallest plan: one module, one score each."""
    return plan_of([score_module()], **more)


def theory_and_practical(**more):
    """Theory 30, practical 70, both as scores."""
    modules = [score_module("paper", "theory"), score_module("work", "practical")]
    parts = [part("theory", "30", pass_mark="60"), part("practical", "70", pass_mark="60")]
    return plan_of(modules, parts, **more)


def entrant(scores=None, sheets=None, **more):
    """One entrant as the oracle and `book_of` read it; sheets: {module: [values per judge]}."""
    seats = {
        key: [{"values": values, **YES} if "values" not in values else values for values in rows]
        for key, rows in (sheets or {}).items()
    }
    return {"scores": scores or {}, "sheets": seats, **more}


def book_of(document, entrants):
    """The arrays of entrants written as dicts."""
    plan = plan_from(document)
    names = sorted({one.get("team") for one in entrants} - {None})
    team = [names.index(one["team"]) if one.get("team") else -1 for one in entrants]
    arrays = {
        "raw": {},
        "given": {},
        "submitted": {},
        "excused": {},
        "score": {},
        "score_given": {},
    }
    for module in plan.modules:
        if module.entry == "scores":
            texts = [one["scores"].get(module.key) for one in entrants]
            score = [0 if text is None else units_of(parse_number(text)) for text in texts]
            arrays["score"][module.key] = np.array(score, dtype=np.int64)
            arrays["score_given"][module.key] = np.array([text is not None for text in texts])
            continue
        rows = [_seats(module, one) for one in entrants]
        shape = (len(entrants), module.seats, len(module.columns))
        raw = [[read_sheet(module, seat["values"])[0] for seat in row] for row in rows]
        given = [[read_sheet(module, seat["values"])[1] for seat in row] for row in rows]
        arrays["raw"][module.key] = np.array(raw, dtype=np.int64).reshape(shape)
        arrays["given"][module.key] = np.array(given, dtype=bool).reshape(shape)
        for name in ("submitted", "excused"):
            flags = np.array([[seat[name] for seat in row] for row in rows], dtype=bool)
            arrays[name][module.key] = flags.reshape(shape[:2])
    return Book(
        entrants=tuple(str(number) for number in range(len(entrants))),
        group=tuple(one.get("group", "") for one in entrants),
        team=np.array(team, dtype=np.int64),
        teams=tuple(names),
        state=np.array([one.get("state", 0) for one in entrants], dtype=np.int8),
        ruling=np.array([one.get("ruling", 0) for one in entrants], dtype=np.int64),
        module_state=_by_key(entrants, "module_state", int, np.int8),
        penalty=_by_key(entrants, "penalty", lambda text: units_of(parse_number(text)), np.int64),
        entered={
            plan.last_stage.key: np.array([one.get("entered", True) for one in entrants])
        },
        **arrays,
    )


def _seats(module, one):
    empty = {"values": {}, "submitted": False, "excused": False}
    return one["sheets"].get(module.key, [empty] * module.seats)


def _by_key(entrants, name, read, dtype):
    keys = {key for one in entrants for key in one.get(name, {})}
    return {
        key: np.array([read(one.get(name, {}).get(key, 0)) for one in entrants], dtype=dtype)
        for key in keys
    }
