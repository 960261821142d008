"""Two hundred hostile lists (reliability.md 9, figure 44): not one row comes out silently wrong.

Each file holds rows that are known; a flaw is put at a place by chance. Whoever sends it is told: a sentence
about the file, or a problem that names row and column. Lists without a flaw come out as they stand.
"""

import csv
import io
import random
import zipfile
from dataclasses import dataclass
from datetime import date

import pytest

from contest.errors import Invalid
from contest.people.tables import Column, read_table
from tests.people.spreadsheets import computed, ods_of, rewritten, xls_of, xlsx_of

COLUMNS = (
    Column("organisation", "Organisation", ("单位",), required=True),
    Column("name", "Name", ("姓名",), kind="name", required=True, most=50),
    Column("number", "Number", ("参赛号",), most=30),
    Column("born_on", "Date of birth", ("出生日期",), kind="date"),
    Column("gender", "Gender", ("性别",), kind="choice", choices={"male": ("男",), "female": ("女",)}),
    Column("score", "Score", ("成绩",), kind="number", top="100", places=2, scores=True),
)
HEADERS = ["单位", "姓名", "参赛号", "出生日期", "性别", "成绩"]
PLACE = {column.key: index for index, column in enumerate(COLUMNS)}
LABEL = {column.key: column.label for column in COLUMNS}
SURNAMES, GIVEN = "赵钱孙李周吴郑王冯陈", "秀英建国志强丽华永福海龙䶮㛃𬮠"
BOOKS, TEXTS = ("xlsx", "xls", "ods"), ("utf-8", "utf-8-sig", "gb18030", "utf-16", "tab", "semicolon")


@dataclass(frozen=True)
class Told:
    """A problem is named by its row and column (the letter, where no known header stands above it)."""

    row: int
    column: str


@dataclass(frozen=True)
class Refused:
    """The whole file is refused with a sentence that holds these words."""

    sentence: str


def good_rows(chance, count):
    """Rows as people write them; every value is text that has one meaning."""
    rows = []
    for n in range(count):
        day = date(1970 + chance.randrange(35), 1 + chance.randrange(12), 1 + chance.randrange(28))
        rows.append([
            f"{chance.choice(SURNAMES)}氏机械厂", chance.choice(SURNAMES) + "".join(chance.sample(GIVEN, 2)),
            f"32010{chance.randrange(10**12):012d}{n % 10}", day.isoformat(), chance.choice("男女"),
            f"{60 + chance.randrange(4000) / 100:.2f}",
        ])
    return rows


def truth(rows):
    """What must come out of good rows, counted without the reader."""
    return [
        {
            "organisation": row[0], "name": row[1], "number": row[2], "born_on": row[3],
            "gender": {"男": "male", "女": "female"}[row[4]], "score": row[5].rstrip("0").rstrip("."),
        }
        for row in rows
    ]


def file_of(kind, lines):
    """The same lines as a file of one kind."""
    if kind in BOOKS:
        return {"xlsx": xlsx_of, "xls": xls_of, "ods": ods_of}[kind](lines)
    file = io.StringIO()
    between = {"tab": "\t", "semicolon": ";"}.get(kind, ",")
    csv.writer(file, delimiter=between).writerows(lines)
    return file.getvalue().encode({"tab": "utf-8", "semicolon": "utf-8"}.get(kind, kind))


def put(key, value, kinds=BOOKS + TEXTS):
    """A flaw in one cell, which must be refused at that cell."""
    def make(chance, kind, rows):
        at = chance.randrange(len(rows))
        rows[at] = [*rows[at][:PLACE[key]], value, *rows[at][PLACE[key] + 1:]]
        return file_of(kind, [HEADERS, *rows]), Told(at + 2, LABEL[key])
    return make, kinds


def line(make_line, key, kinds=BOOKS + TEXTS):
    """A line among the rows that is none of them, or a row that has slipped."""
    def make(chance, kind, rows):
        at = chance.randrange(1, len(rows))
        lines = [HEADERS, *rows[:at], make_line(rows[at]), *rows[at:]]
        return file_of(kind, lines), Told(at + 2, LABEL.get(key, key))
    return make, kinds


def text_file(change, kinds=("utf-8", "gb18030"), sentence=None, column=None):
    """A flaw in the bytes of a text file."""
    def make(chance, kind, rows):
        at = chance.randrange(1, len(rows) - 1)
        coding = "gb18030" if kind == "gb18030" else "utf-8"
        lines = [",".join(cells).encode(coding) for cells in [HEADERS, *rows]]
        return change(lines, at + 1, coding), Refused(sentence) if sentence else Told(at + 2, column)
    return make, kinds


def replaced(new):
    """The bytes of one name changed."""
    def change(lines, at, _coding):
        cells = lines[at].split(b",")
        cells[1] = new(cells[1])
        lines[at] = b",".join(cells)
        return b"\r\n".join(lines)
    return change


def quote_left_open(lines, at, _coding):
    """A quotation mark that opens in one row and is closed in the next one."""
    cells, below = lines[at].split(b","), lines[at + 1].split(b",")
    lines[at] = b",".join([cells[0], b'"' + cells[1], *cells[2:]])
    lines[at + 1] = b",".join([below[0], below[1] + b'"', *below[2:]])
    return b"\r\n".join(lines)


def in_two_codings(lines, at, coding):
    """Two files put together, each saved in its own way."""
    other = "utf-8" if coding == "gb18030" else "gb18030"
    lines[at] = lines[at].decode(coding).encode(other)
    return b"\r\n".join(lines)


def in_big5(lines, _at, coding):
    table = str.maketrans("单参赛号别绩机械厂赵钱孙吴郑冯陈强丽华龙",
                          "單參賽號別績機械廠趙錢孫吳鄭馮陳強麗華龍")
    return b"\r\n".join(lines).decode(coding).translate(table).encode("big5", "replace")


def xlsx_flaw(prepare, change=None, key=None, sentence=None):
    """A flaw that only a spreadsheet has; `prepare(book, page, at)` writes it."""
    def make(chance, _kind, rows):
        at = chance.randrange(1, len(rows))
        data = xlsx_of([HEADERS, *rows], lambda book, page: prepare(book, page, at))
        return change(data) if change else data, Refused(sentence) if sentence else Told(at + 1, LABEL[key])
    return make, ("xlsx",)


def percent(book, page, at):
    page.write_number(at, PLACE["score"], 0.85, book.add_format({"num_format": "0%"}))


def padded(book, page, at):
    page.write_number(at, PLACE["number"], 7, book.add_format({"num_format": "000"}))


def merged_down(_book, page, at):
    page.merge_range(at, 0, at + 1, 0, "两行合一")


def failed_formula(_book, page, at):
    page.write_formula(at, PLACE["score"], "=1/0", None, "#DIV/0!")


def day_as_number(_book, page, at):
    page.write_number(at, PLACE["born_on"], 32875)


def id_as_number(_book, page, at):
    page.write_number(at, PLACE["number"], 320102199001021234)


def uncounted(_book, page, at):
    page.write_formula(at, PLACE["score"], "=80+5")


FLAWS = {
    "a decimal comma": put("score", "16,10"),
    "a full stop of Chinese": put("score", "85。5"),
    "the letter O": put("score", "9O"),
    "a unit behind": put("score", "85.5分"),
    "too many places": put("score", "85.555"),
    "more than the most": put("score", "100.01"),
    "less than nothing": put("score", "-1"),
    "two numbers": put("score", "85 86"),
    "a power of ten": put("score", "8e1"),
    "a share of a hundred": put("score", "85%"),
    "absent": put("score", "缺考"),
    "the place in words": put("score", "第1名"),
    "a formula as text": put("score", "=80+5"),
    "day before month": put("born_on", "02/01/1990"),
    "a month too many": put("born_on", "1990-13-01"),
    "no such day": put("born_on", "1990-02-30"),
    "a year of two digits": put("born_on", "90-01-02"),
    "a day of a spreadsheet": put("born_on", "32875"),
    "only a month": put("born_on", "1990-01"),
    "another word": put("gender", "男性"),
    "a number for a word": put("gender", "1"),
    "a number that lost its end": put("number", "3.20102E+17"),
    "no name": put("name", ""),
    "no unit": put("organisation", "   "),
    "a lost letter": put("name", "王\ufffd强"),
    "a question mark for a letter": put("name", "王?强"),
    "a hidden name": put("name", "王*强"),
    "a box for a letter": put("name", "王□强"),
    "a name of signs": put("name", "——"),
    "a name too long": put("name", "王" * 51),
    "the headers again": line(lambda row: HEADERS, "organisation"),
    "the headers again, shorter": line(lambda row: [*HEADERS[:2], "", "", "", ""], "organisation"),
    "a sum below": line(lambda row: ["合计", "", "", "", "", "300"], "name"),
    "a remark": line(lambda row: ["注：以上为第一组", "", "", "", "", ""], "name"),
    "one cell too many": line(lambda row: [*row[:5], "16", "10"], "G"),
    "one cell too few": line(lambda row: [row[0], *row[2:]], "", kinds=TEXTS),
    "slipped to the right": line(lambda row: ["", *row], "organisation"),
    "a quotation mark left open": text_file(quote_left_open, column=LABEL["name"]),
    "two codings": text_file(in_two_codings, sentence="Row"),
    "another script's coding": text_file(in_big5, kinds=("utf-8",), sentence="expected headers"),
    "bytes that are no letter": text_file(replaced(lambda cell: cell[:-1] + b"\xff"), sentence="save the"),
    "a letter cut in half": text_file(replaced(lambda cell: cell[:-1]), ("utf-8",), sentence="Row"),
    "a byte of nothing": text_file(replaced(lambda cell: cell + b"\x00"), sentence="no list"),
    "a percentage": xlsx_flaw(percent, key="score"),
    "zeros that are only shown": xlsx_flaw(padded, key="number"),
    "merged downwards": xlsx_flaw(merged_down, sentence="Cells are merged"),
    "a formula that failed": xlsx_flaw(failed_formula, computed, key="score"),
    "a formula that nobody counted": xlsx_flaw(uncounted, key="score"),
    "a day as a number": xlsx_flaw(day_as_number, key="born_on"),
    "an identity number as a number": xlsx_flaw(id_as_number, key="number"),
}


def hostile_files():
    """(flaw, kind) of at least 200 files: every flaw in every kind of file that can hold it."""
    return [(flaw, kind) for flaw, (_make, kinds) in FLAWS.items() for kind in kinds]


def outcome(data):
    """What whoever sends the file gets: a refusal, problems of cells, or rows."""
    try:
        rows, problems = read_table(data, "list", COLUMNS)
    except Invalid as refused:
        return str(refused), None
    return [row.values for row in rows], [p for p in problems if p.kind in {"bad", "warn"}]


@pytest.mark.parametrize("kind", BOOKS + TEXTS)
def test_without_a_flaw_every_row_comes_out_as_it_stands(kind):
    rows = good_rows(random.Random(kind), 12)

    assert outcome(file_of(kind, [HEADERS, *rows])) == (truth(rows), [])


def test_a_day_counted_from_1904_is_the_day_that_is_seen():
    rows = good_rows(random.Random(4), 3)
    born = [date.fromisoformat(row[PLACE["born_on"]]) for row in rows]
    lines = [[*row[:3], (day - date(1904, 1, 1)).days, *row[4:]] for row, day in zip(rows, born, strict=True)]

    def as_days(book, page):
        look = book.add_format({"num_format": "yyyy-mm-dd"})
        for at, row in enumerate(lines, start=1):
            page.write_number(at, PLACE["born_on"], row[PLACE["born_on"]], look)

    data = rewritten(
        xlsx_of([HEADERS, *lines], as_days), "xl/workbook.xml",
        lambda text: text.replace("<workbookPr ", '<workbookPr date1904="1" '),
    )

    assert b"date1904" in zipfile.ZipFile(io.BytesIO(data)).read("xl/workbook.xml")
    assert outcome(data) == (truth(rows), [])


@pytest.mark.parametrize("look", ['0.00"%"', r"0.00\%", "0.00", "#,##0.00;[Red]-0.00"])
def test_a_look_that_shows_the_number_itself_is_no_flaw(look):
    rows = good_rows(random.Random(7), 3)
    lines = [[*row[:5], float(row[5])] for row in rows]

    def looking(book, page):
        for at, row in enumerate(lines, start=1):
            page.write_number(at, PLACE["score"], row[5], book.add_format({"num_format": look}))

    assert outcome(xlsx_of([HEADERS, *lines], looking)) == (truth(rows), [])


@pytest.mark.parametrize(("flaw", "kind"), hostile_files())
def test_a_flaw_is_told_with_its_place(flaw, kind):
    chance = random.Random(f"{flaw} {kind}")
    data, expected = FLAWS[flaw][0](chance, kind, good_rows(chance, 4 + chance.randrange(12)))

    found, problems = outcome(data)

    if isinstance(expected, Refused):
        assert problems is None and expected.sentence in found
    else:
        assert problems, found
        assert (expected.row, expected.column) in [(p.row, p.column) for p in problems]


def test_there_are_two_hundred_files():
    assert len(hostile_files()) >= 200
