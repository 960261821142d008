"""Believable documents for the tests of paper and files."""

from contest.documents import (
    Annex,
    Column,
    Document,
    Facts,
    Heading,
    Paragraph,
    Signatures,
    Table,
)

COLUMNS = (
    Column("number", "序号", "number", 6, "center"),
    Column("name", "姓名", width=10),
    Column("unit", "工作单位", width=30),
    Column("total", "总成绩", "number", 10),
    Column("on", "日期", "date", 12),
    Column("note", "备注", width=12),
)


def make_table(title="一等奖", count=3, **changes):
    rows = [
        {
            "number": place,
            "name": f"张{place}三",
            "unit": "云岭水泥集团曲靖有限责任公司",
            "total": f"{95 - place}.50",
            "on": "2026-11-20",
        }
        for place in range(1, count + 1)
    ]
    return Table(title, **({"columns": COLUMNS, "rows": rows} | changes))


def make_names(*names):
    """A table whose names are these, for hostile text."""
    rows = [{"name": name, "mark": "1.00"} for name in names]
    return Table("名单", (Column("name", "姓名"), Column("mark", "成绩", "number")), rows)


def make_list(**changes):
    first, second = make_table("一等奖", 3), make_table("二等奖", 6)
    parts = (
        Paragraph("各参赛单位：\n经评审，现将获奖名单予以公布。"),
        Annex("职工组获奖名单", (first, second)),
        Annex("优秀组织奖", (Paragraph("经组委会表决产生。"), make_names("云岭水泥"))),
    )
    facts = {
        "title": "关于公布班组长综合管理技能竞赛获奖名单的通知",
        "number": "云建材赛〔2026〕7号",
        "issuers": ("云南省建材行业工会", "竞赛组织委员会"),
        "issued_on": "2026年11月23日",
        "look": "list",
        "sealed": True,
        "parts": parts,
    }
    return Document(**(facts | changes))


def make_report(name="李四", **changes):
    parts = (
        Facts((("姓名", name), ("参赛编号", "A017"), ("工作单位", "曲靖水泥"), ("名次", "3"))),
        Heading("各模块成绩"),
        make_table("模块成绩", 5),
        Signatures(("统分人", "复核人"), seal="竞赛组委会"),
    )
    return Document(**({"title": "选手成绩单", "parts": parts, "look": "report"} | changes))
