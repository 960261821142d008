"""A contest as a hall sees it: many contestants of several groups and teams, names of every kind."""

from contest.db import db
from tests import factories

# Names as they come: two characters, nineteen, minority names, Latin, characters beyond the first plane.
NAMES = (
    "王芳", "欧阳曌", "阿卜杜热合曼·买买提依明江·艾合买提", "李𬭸", "𠮷野𡈽", "司马相如",
    "古丽米热·阿布都克里木", "José Müller-Lüdenscheidt", "张䶮", "赵一鸣", "钱多多", "孙悟",
    "李小龙", "周全", "吴用", "郑和", "冯唐", "陈真", "褚遂良", "卫青", "蒋干", "沈括", "韩信", "杨修",
)
UNITS = (
    ("云溪水泥", "Yunxi Cement"),
    ("苍岭建材集团股份有限公司第三分公司", "Cangling Building Materials Group, Third Branch"),
    ("职业学院", "Vocational College"), ("东江粉磨站", "Dongjiang Mill"),
)
GROUPS = ("职工组", "学生组")


def crowd_plan(by_group=False, **changes):
    """Four modules of scores, teams, prizes and a table of the organisations."""
    part = {"stage": "final", "weight": 50}
    modules = [
        ("paper", "theory", "理论考试", "Theory paper", 100),
        ("risk", "practical", "风险辨识与管控", "Risk control", 40),
        ("drill", "practical", "应急演练", "Emergency drill", 30),
        ("talk", "practical", "班前会", "Shift talk", 30),
    ]
    return factories.plan_document(
        parts=[{"key": "theory", "name": "理论", "name_en": "Theory", **part},
               {"key": "practical", "name": "实操", "name_en": "Practical", **part}],
        modules=[
            {"key": key, "part": own, "name": name, "name_en": name_en, "weight": weight, "max": 100,
             "entry": "scores", "kind": "theory" if own == "theory" else "practical"}
            for key, own, name, name_en, weight in modules
        ],
        ranking={"shared": True, "by_group": by_group, "ties": []},
        teams={"method": "sum", "size": 3},
        awards=[
            {"key": key, "name": name, "name_en": name_en, "to": "entrant", "rule": "count", "count": count}
            for key, name, name_en, count in (
                ("first", "一等奖", "First prize", 1), ("second", "二等奖", "Second prize", 3),
                ("third", "三等奖", "Third prize", 5),
            )
        ],
        organisations={"points": [{"award": "first", "points": 4}, {"award": "second", "points": 3},
                                  {"award": "third", "points": 2}], "order": "points"},
        **changes,
    )


def make_crowd(count=24, by_group=False, unfinished=4, slug="crowd", document=None):
    """(contest, entrants): everybody has marks, the last few only the first of them."""
    contest = factories.make_contest(
        document or crowd_plan(by_group), slug=slug, name="水泥行业班组长综合管理技能竞赛（决赛）",
        name_en="Cement shift-leaders' contest, final", host="省建材行业协会",
    )
    units = [factories.make_organisation(f"{name}{slug}" if slug != "crowd" else name, name_en=name_en)
             for name, name_en in UNITS]
    teams = [factories.make_team(contest, unit, f"{unit.name}{n}队") for unit in units for n in "一二"]
    entrants = []
    for n in range(count):
        entrant = factories.make_entrant(
            contest, NAMES[n % len(NAMES)], team=teams[n % len(teams)], number=f"A{n + 1:03d}",
            group=GROUPS[n % 2],
        )
        entrants.append(entrant)
        keys = ("paper",) if n >= count - unfinished else ("paper", "risk", "drill", "talk")
        for at, key in enumerate(keys):
            give(contest, entrant, key, 95 - (n * (7 + 4 * at)) % 41)
    return contest, entrants


def give(contest, entrant, key, points):
    """One mark, as a clerk types it in."""
    factories.make_theory(contest, entrant, str(points), key)
    contest.marks_version += 1
    db.session.commit()
