"""The spreadsheets that are handed out to be filled in: one sheet to fill, one that explains."""

import io

import xlsxwriter

from contest import clock
from contest.people.columns import JUDGES, PHONE, ROSTER

SPARE_ROWS = 2000  # how far the lists to choose from reach

NOTES = {
    "organisation": ("单位全称，与公章一致。", "Full name of the organisation."),
    "team": (
        "同一单位可有多支代表队；个人参赛可不填。",
        "A unit may send several teams; may stay empty.",
    ),
    "name": ("与身份证件一致；少数民族姓名用间隔号“·”。", "As on the identity card."),
    "gender": ("从列表中选择。", "Choose from the list."),
    "born_on": ("写成 1990-01-02；1990/1/2、1990年1月2日也可以。", "Such as 1990-01-02."),
    "group": ("如 职工组、学生组。", "Such as workers or students."),
    "trade": ("如 水泥生产制造工。", "The trade or occupation."),
    "skill_level": ("从列表中选择。", "Choose from the list."),
    "employment": ("从列表中选择。", "Choose from the list."),
    "room": (
        "在哪个考场评分；方案要求考场之间可比时才需填写。",
        "Where the person is judged; needed only where the plan compares rooms.",
    ),
    "titles": (
        "已获得的称号，多项用“、”分隔；方案可据此不再重复授予。",
        "Titles held already, with 、 between; awards may pass over whoever has one.",
    ),
    "number": ("可不填，由系统编号。", "May stay empty; a number is given then."),
    "phone": (
        "本人手机号，可不填；加密保存，任何名单都不显示。",
        "The person's own, may stay empty; it is kept sealed, and no list shows it.",
    ),
    "specialities": (
        "多项专长用“、”分隔；不填表示都能评。",
        "Several are separated by 、; empty: all.",
    ),
    "login": ("可不填，由系统给出。", "May stay empty; a login is given then."),
}
RULES = (
    ("一人一行；不要合并单元格，不要插入公式。", "One person a row; no merged cells, no formulas."),
    (
        "再次导入时，空单元格不会清除已登记的内容。",
        "An empty cell leaves what is registered as it is.",
    ),
    (
        "导入前会先显示核对页，确认后才保存。",
        "A preview comes first; nothing is saved before you confirm.",
    ),
)


def roster_template(language):
    """The roster to fill in, as xlsx."""
    return _template((*ROSTER, PHONE), "报名表" if language == "zh" else "Roster", language)


def judges_template(language):
    """The list of judges to fill in, as xlsx."""
    return _template(JUDGES, "裁判名单" if language == "zh" else "Judges", language)


def _template(columns, title, language):
    chinese, file = language == "zh", io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"created": clock.now()})
    bold = book.add_format({"bold": True, "bg_color": "#F6F1E7", "bottom": 1})
    must = book.add_format({"bold": True, "bg_color": "#F9E6DE", "bottom": 1})
    text = book.add_format({"num_format": "@"})  # so that no number loses digits or zeros
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    page = book.add_worksheet(title)
    page.freeze_panes(1, 0)
    for place, column in enumerate(columns):
        header = column.headers[0] if chinese else column.label
        page.write_string(
            0, place, header + ("*" if column.required else ""), must if column.required else bold
        )
        page.set_column(place, place, 24 if column.key in {"organisation", "team"} else 16, text)
        if column.choices:
            names = [names[0] if chinese else names[-1] for names in column.choices.values()]
            page.data_validation(1, place, SPARE_ROWS, place, {"validate": "list", "source": names})
    notes = book.add_worksheet("填写说明" if chinese else "Notes")
    notes.set_column(0, 0, 20)
    notes.set_column(1, 1, 70)
    for line, column in enumerate(columns):
        notes.write_string(line, 0, column.headers[0] if chinese else column.label, wrap)
        notes.write_string(line, 1, NOTES[column.key][0 if chinese else 1], wrap)
    for line, rule in enumerate(RULES, start=len(columns) + 1):
        notes.write_string(line, 1, rule[0 if chinese else 1], wrap)
    book.close()
    return file.getvalue()
