"""A contest in which judges meet every rule of docs/rules/README.md, sections 1 and 2.

Three open modules: `jump` (every kind of mark, two judges who mark again when they are apart),
`show` (two panels of two judges), `beauty` (three judges put the contestants in an order).
"""

from contest.audit.work import Actor
from contest.judging import actions
from tests import factories
from tests.judging.panels import NAMES, Panel

JUMP = [
    {"key": "A1", "name": "跳远", "name_en": "Long jump", "kind": "measured", "max": 10,
     "unit": "米", "unit_en": "m", "places": 2, "lowest": 0, "highest": 10, "itself": True,
     "attempts": 3, "take": "best"},
    {"key": "A2", "name": "四次试做", "name_en": "Four trials", "kind": "points", "max": 30,
     "step": "0.5", "attempts": 4, "take": "sum", "drop_worst": 1},
    {"key": "A3", "name": "工艺等级", "name_en": "Grade of work", "kind": "grade", "max": 20,
     "grades": [
         {"key": "A", "name": "优秀", "name_en": "Excellent", "points": 20},
         {"key": "B", "name": "良好", "name_en": "Good", "points": 15},
         {"key": "C", "name": "合格", "name_en": "Sufficient", "points": "9.5"},
         {"key": "D", "name": "不合格", "name_en": "Failed", "points": 0}]},
    {"key": "B1", "name": "操作规范", "name_en": "Procedure", "kind": "deductions", "max": 20,
     "key_item": "sheet",
     "reasons": [
         {"name": "漏项", "name_en": "Step left out", "points": 3, "most": 4},
         {"name": "未断电作业", "name_en": "Worked under power", "points": 20, "loses": True}]},
    {"key": "B2", "name": "百米", "name_en": "100 metres", "kind": "measured", "max": 1200,
     "unit": "秒", "unit_en": "s", "places": 2, "lowest": 5, "highest": 30,
     "power": {"scale": "25.4347", "from": 18, "exponent": "1.81", "better": "low"}},
    {"key": "B3", "name": "用时加减", "name_en": "Time bonus", "kind": "measured", "max": 10,
     "unit": "秒", "unit_en": "s", "places": 0, "lowest": 0, "highest": 600, "clamp": False,
     "formula": {"start": 10, "from": 60, "points": -1, "per": 10, "whole": True}},
    {"key": "C1", "name": "整体印象", "name_en": "Impression", "kind": "judgement", "max": 9,
     "levels": NAMES},
    {"key": "C2", "name": "安全确认", "name_en": "Safety check", "kind": "checklist",
     "key_item": "module", "items": [
         {"name": "戴安全帽", "name_en": "Helmet on", "points": 5},
         {"name": "系安全带", "name_en": "Belt on", "points": 5}]},
]
FULL = {
    "A1": ["5.87", "x", "6.02"], "A2": ["8", "x", "9.5", "10"], "A3": "B", "B1": {"0": 1},
    "B2": "10.40", "B3": "35", "C1": 2, "C2": [True, False],
}  # 6.02 + 27.5 + 15 + 17 + 999 + 12 + 6 + 5
FULL_TOTAL = "1087.52"
DIFFICULTY = {"D1": "6.5"}
EXECUTION = {"E1": "8.2", "E2": 2}


def _criterion(key, aspects, **more):
    return {"key": key, "name": f"标准{key}", "name_en": f"Criterion {key}", "aspects": aspects,
            **more}


def _points(key, name, name_en, top):
    return {"key": key, "name": name, "name_en": name_en, "kind": "points", "max": top,
            "step": "0.1"}


def _module(key, name, name_en, top, **more):
    return {"key": key, "part": "practical", "name": name, "name_en": name_en, "max": top,
            "entry": "sheets", "kind": "practical", "blind": False, **more}


def every_rule():
    """The plan document."""
    aspects = {letter: [a for a in JUMP if a["key"][0] == letter] for letter in "ABC"}
    document = factories.plan_document()
    document["parts"] = [
        {"key": "all", "stage": "final", "name": "全部", "name_en": "All", "weight": 100,
         "combine": "points"},
        # Nested: a module's part may stand within another.
        {"key": "practical", "within": "all", "name": "实操", "name_en": "Practical",
         "combine": "points"},
    ]
    document["ranking"] = {"shared": True}
    document["modules"] = [
        _module("jump", "全能", "All-round", 1309,
                panel={"judges": 2, "method": "mean", "remark": True},
                criteria=[_criterion(letter, aspects[letter]) for letter in "ABC"]),
        _module("show", "自由操", "Floor", 29,
                panels=[
                    {"key": "d", "name": "难度组", "name_en": "Difficulty", "judges": 2},
                    {"key": "e", "name": "完成组", "name_en": "Execution", "judges": 2,
                     "spread": 1, "remark": True}],
                criteria=[
                    _criterion("D", [_points("D1", "难度", "Difficulty", 10)], panel="d"),
                    _criterion("E", [
                        _points("E1", "完成", "Execution", 10),
                        {"key": "E2", "name": "艺术", "name_en": "Artistry", "kind": "judgement",
                         "max": 9, "levels": NAMES}], panel="e")]),
        _module("beauty", "作品评比", "Works", 10,
                panel={"judges": 3, "method": "borda"},
                criteria=[_criterion("R", [
                    {"key": "R1", "name": "名次", "name_en": "Rank", "kind": "rank"}])]),
    ]
    return document


def make_every_rule(entrants=3, hand_out=True, document=None):
    """The contest being judged; judges 1 and 2 sit first on every panel, judge 3 and 4 on E."""
    contest = factories.make_contest(document or every_rule())
    people = [factories.make_entrant(contest, name=f"选手{n}") for n in range(entrants)]
    judges = [factories.make_judge(contest) for _ in range(4)]
    for seat in (1, 2):
        factories.make_seat(contest, judges[seat - 1], seat, "jump")
    for seat in (1, 2, 3):
        factories.make_seat(contest, judges[seat - 1], seat, "beauty")
    for seat in (1, 2, 3, 4):
        factories.make_seat(contest, judges[seat - 1], seat, "show")
    if hand_out:
        actions.hand_out_sheets(Actor(None, "test"), contest.id)
    return Panel(contest, people, judges)
