"""Invents the demonstration's people and writes them to the spreadsheets that are shipped.

Run `python -m contest.demo.invent` to make the files anew; the same names come out every time.
Nobody in them exists.
"""

import hashlib
from datetime import date, timedelta
from pathlib import Path

import xlsxwriter

FOLDER = Path(__file__).parent
COMPANIES = (
    "苍岭水泥有限公司", "澜川建材集团股份有限公司", "望湖水泥有限责任公司", "青坪新材料有限公司",
    "北岭特种水泥有限公司", "云溪水泥制造有限公司", "石门湾建材有限公司", "丰泽水泥（集团）有限公司",
    "白塔岭水泥有限公司", "龙潭口绿色建材有限公司", "南汀水泥有限公司",
)
# Teams of each company: 28 in all.
TEAMS = (4, 3, 3, 3, 3, 2, 2, 2, 2, 2, 2)
MEMBERS = 5
NEUTRAL = ("省建材行业协会", "省安全技术中心", "理工职业技术学院", "水泥装备研究所")
SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段"
)
GIVEN = (
    "建国志强海涛晓峰立新文斌永胜玉兰春华秋生雪梅丽娟俊杰振宇嘉禾思远明轩佳宁宏伟少康景行若曦子墨云帆"
    "长青向东慧敏博文一鸣正阳启航安澜承泽知行守义克勤"
)
# Names that test every column: long, with a middle dot, of two-character surnames, with rare characters.
REMARKABLE = (
    "阿卜杜热合曼·买买提江", "欧阳晓彤", "司马长风", "李䶮", "王㛃", "尉迟敬安", "单立新", "曾若曦",
)
TRADES = ("水泥生产制造工", "水泥混凝土制品工", "设备点检员", "中央控制室操作员")
LEVELS = ("中级工", "高级工", "技师", "高级技师")
SPECIALITIES = ("数字化", "安全", "设备", "现场管理", "应急")
JUDGES_PER_SPECIALITY = 9


class Dice:
    """A row of numbers that is the same on every machine and in every version of Python."""

    def __init__(self, word):
        self.word, self.count = word, 0

    def below(self, limit):
        """The next number, from 0 up to but not including `limit`."""
        self.count += 1
        digest = hashlib.sha256(f"{self.word}:{self.count}".encode()).digest()
        return int.from_bytes(digest[:8], "big") % limit

    def pick(self, choices):
        """One of `choices`."""
        return choices[self.below(len(choices))]

    def bell(self, low, high):
        """A number between `low` and `high`, mostly in the middle."""
        return low + sum(self.below(high - low + 1) for _ in range(4)) // 4


def names(dice, count):
    """`count` different invented names."""
    given = [GIVEN[i : i + 2] for i in range(0, len(GIVEN), 2)]
    found = list(REMARKABLE)
    while len(found) < count:
        name = dice.pick(SURNAMES) + (dice.pick(given) if dice.below(4) else dice.pick(given)[0])
        if name not in found:
            found.append(name)
    # The remarkable ones are spread over the teams instead of standing first.
    return sorted(found, key=lambda name: hashlib.sha256(name.encode()).digest())


def roster():
    """The rows of the roster: one contestant each, in the columns of the import template."""
    dice = Dice("roster")
    people = iter(names(dice, sum(TEAMS) * MEMBERS))
    number = 0
    for company, teams in zip(COMPANIES, TEAMS, strict=True):
        short = company.removesuffix("有限公司").removesuffix("有限责任公司")
        for team in range(teams):
            for _ in range(MEMBERS):
                number += 1
                born = date(1972, 1, 1) + timedelta(days=dice.below(27 * 365))
                yield (
                    company, f"{short}{'一二三四'[team]}队", next(people),
                    "女" if dice.below(5) == 0 else "男", born.isoformat(), "职工组",
                    dice.pick(TRADES), dice.pick(LEVELS), "在职职工", f"A{number:03d}",
                )


def judges():
    """The rows of the judges' list: nine for each speciality, most of them from neutral bodies."""
    dice = Dice("judges")
    pool = iter(reversed(names(dice, 400)[:200]))
    taken = {row[2] for row in roster()}
    for s, speciality in enumerate(SPECIALITIES):
        for seat in range(JUDGES_PER_SPECIALITY):
            name = next(name for name in pool if name not in taken)
            # Two of each nine come from competing companies; they never mark their own people.
            home = COMPANIES[(s * 2 + seat) % len(COMPANIES)] if seat >= 7 else dice.pick(NEUTRAL)
            yield name, home, speciality, f"judge{s * JUDGES_PER_SPECIALITY + seat + 1:02d}"


def theory():
    """The rows of the theory scores: number, name, score; two people were absent."""
    dice = Dice("theory")
    for row in roster():
        number, name = row[9], row[2]
        halves = dice.bell(98, 198)  # in half points
        absent = number in {"A057", "A121"}
        yield number, name, "缺考" if absent else f"{halves // 2}{'.5' if halves % 2 else ''}"


def write(path, headers, rows):
    """Write one sheet of text cells."""
    book = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False})
    # A fixed date: the same people give the same file.
    book.set_properties({"created": date(2026, 11, 23)})
    sheet = book.add_worksheet("Sheet1")
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(headers) - 1, 18)
    bold = book.add_format({"bold": True})
    for column, header in enumerate(headers):
        sheet.write_string(0, column, header, bold)
    for line, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            sheet.write_string(line, column, value)
    book.close()


def main():
    """Make the three files."""
    write(
        FOLDER / "roster.xlsx",
        ("单位", "代表队", "姓名", "性别", "出生日期", "组别", "工种", "技能等级", "用工形式", "参赛号"),
        roster(),
    )
    write(FOLDER / "judges.xlsx", ("姓名", "单位", "专长", "登录名"), judges())
    write(FOLDER / "theory.xlsx", ("参赛号", "姓名", "成绩"), theory())


if __name__ == "__main__":
    main()
