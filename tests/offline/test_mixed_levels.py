"""Panels of one module that combine sheets and panels that combine aspects, beside each other."""

import pytest

from contest.recount import recount
from tests.offline.first import differences, first


def plan_of(spread):
    judgement = {"kind": "judgement", "max": 10, "levels": [{"name": str(n)} for n in range(4)]}
    return {
        "format": 1, "name": "mixed",
        "rounding": {"places": 0, "steps": ["sheet"]},
        "stages": [{"key": "final", "name": "final"}],
        "parts": [{"key": "practical", "stage": "final", "name": "practical", "weight": 100}],
        "modules": [{
            "key": "dance", "part": "practical", "name": "dance", "entry": "sheets", "weight": 100,
            "max": 20,
            "panels": [
                {"key": "form", "name": "form", "judges": 2, "level": "aspect", "spread": spread},
                {"key": "art", "name": "art", "judges": 2, "level": "sheet", "spread": spread},
            ],
            "criteria": [
                {"key": "A", "name": "A", "panel": "form",
                 "aspects": [{"key": "A1", "name": "A1", **judgement}]},
                {"key": "B", "name": "B", "panel": "art",
                 "aspects": [{"key": "B1", "name": "B1", **judgement}]},
            ],
        }],
    }


@pytest.mark.parametrize(("marks", "mark", "odd"), [
    # By aspect nothing is rounded: 3⅓ and 0 lie further apart than 3; (3⅓ + 0) ÷ 2 = 1⅔.
    ({"A1": (1, 0), "B1": (0, 0)}, "2", True),
    # By sheet 3⅓ is 3, which does not; (3 + 0) ÷ 2 = 1½.
    ({"A1": (0, 0), "B1": (1, 0)}, "2", False),
    # 1⅔ + 1½ = 3⅙: were the form panel's sheets rounded too, it would be 1½ + 1½ = 3 exactly.
    ({"A1": (1, 0), "B1": (1, 0)}, "3", True),
])
def test_only_sheets_that_are_combined_as_sheets_are_rounded(tmp_path, marks, mark, odd):
    rows = [
        {"entrant": "a", "item": f"dance.{key}", "judge": f"{key}{judge}", "value": str(value)}
        for key, values in marks.items() for judge, value in enumerate(values)
    ]
    document = plan_of(3)

    answer = first(tmp_path, document, rows, [{"code": "a"}])

    found = answer["entrants"][0]["modules"]["dance"]
    assert (found["mark"], found["odd"]) == (mark, odd)
    assert differences(answer, recount(document, rows, [{"code": "a"}])) == []
