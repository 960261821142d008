"""What a line of the catalogue of question banks must say, and what a later list may change in it."""

import re
from dataclasses import dataclass
from datetime import date

from contest.errors import Conflict, Invalid
from contest.i18n import N_
from contest.people.columns import SKILL_LEVEL_NAMES
from contest.people.problems import Problem
from contest.people.rules import SKILL_LEVELS
from contest.people.tables import Column

MOST_BANKS = 5_000
SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
# What makes a bank this bank: told otherwise, it is another version.
FIXED = ("questions", "sha256")
FREE = ("from_on", "until_on", "keeper")
SHA_COLUMN = Column(
    "sha256", "SHA-256", ("SHA-256", "SHA256", "校验值", "文件校验值", "fingerprint"), required=True, most=64
)
COLUMNS = (
    Column("trade", N_("Trade"), ("工种", "职业", "职业工种", "trade", "occupation"), required=True, most=50),
    Column(
        "grade", N_("Grade"), ("等级", "技能等级", "级别", "grade", "level", "skill level"), kind="choice",
        required=True, choices={key: (*SKILL_LEVEL_NAMES[key], SKILL_LEVELS[key]) for key in SKILL_LEVELS},
    ),
    Column("title", N_("Question bank"), ("题库", "题库名称", "question bank", "title"), required=True),
    Column("version", N_("Version"), ("版本", "题库版本", "version"), required=True, most=40),
    Column("questions", N_("Number of questions"),
           ("题量", "题数", "试题数", "number of questions", "questions"), kind="number",
           required=True, least="1", top="1000000", places=0),
    Column("from_on", N_("In force from"), ("启用日期", "生效日期", "in force from", "from"), kind="date",
           required=True),
    Column("until_on", N_("In force until"), ("停用日期", "失效日期", "in force until", "until"),
           kind="date"),
    Column("keeper", N_("Kept by"), ("保管人", "保管单位", "保管", "kept by", "keeper"), required=True),
    SHA_COLUMN,
)


@dataclass(frozen=True)
class BankLine:
    """One line of a list as it is kept. row: its number in the file."""

    row: int
    trade: str
    grade: str
    title: str
    version: str
    questions: int
    from_on: date
    until_on: date | None
    keeper: str
    sha256: str

    @property
    def key(self):
        """What tells one version of one bank from another."""
        return (self.trade, self.grade, self.title, self.version)


class BadBanks(Invalid):
    """A list with lines that cannot be taken; `problems` names each of them."""

    def __init__(self, problems):
        count = sum(problem.kind == "bad" for problem in problems)
        super().__init__(
            "The file was not taken: %(count)s cells have to be mended first.", count=count
        )
        self.problems = problems


def read_lines(rows):
    """(BankLines, Problems) of rows whose cells could be read one by one."""
    lines, problems, seen = [], [], {}
    for row in rows:
        line = _line(row)
        wrong = _wrong(line, seen)
        if wrong:
            problems.append(Problem("bad", wrong[1], row=row.number, column=wrong[0], **wrong[2]))
        seen.setdefault(line.key, row.number)
        lines.append(line)
    return lines, problems


def _line(row):
    values = row.values
    days = {
        key: date.fromisoformat(values[key]) if values.get(key) else None for key in ("from_on", "until_on")
    }
    plain = {key: values.get(key) or "" for key in ("trade", "grade", "title", "version", "keeper")}
    return BankLine(
        row.number, questions=int(values.get("questions") or 0),
        sha256=re.sub(r"\s", "", values.get("sha256") or "").lower(), **days, **plain,
    )


def _wrong(line, seen):
    """(column, sentence, its facts) of the first thing that is wrong, or None."""
    if line.sha256 and not SHA256.fullmatch(line.sha256):
        return SHA_COLUMN.label, N_("A SHA-256 is 64 digits and letters from a to f."), {}
    if line.from_on and line.until_on and line.until_on < line.from_on:
        return N_("In force until"), N_("It ends before it begins."), {}
    if line.key in seen:
        return N_("Version"), N_("This version of the bank stands in row %(other)s already."), {
            "other": seen[line.key]
        }
    return None


def changes_of(known, line):
    """{what: value} that a line changes in a bank on record; a Problem when it would be another bank."""
    if any(getattr(known, key) != getattr(line, key) for key in FIXED):
        return Problem(
            "bad",
            N_("This version is on record with other questions; what has changed is another version."),
            row=line.row, column=N_("Version"),
        )
    return {key: getattr(line, key) for key in FREE if getattr(known, key) != getattr(line, key)}


def is_in_force(bank, day):
    """True when a bank may be drawn from on a day."""
    return bank.from_on <= day and (bank.until_on is None or day <= bank.until_on)


def read_sha256(text):
    """A SHA-256 as it was typed, or "" for no text; Invalid otherwise."""
    plain = re.sub(r"\s", "", text or "").lower()
    if plain and not SHA256.fullmatch(plain):
        raise Invalid("A SHA-256 is 64 digits and letters from a to f.")
    return plain


def check_open(contest):
    """What papers were drawn from is said before the results are final; Conflict later."""
    if contest.state in ("final", "archived"):
        raise Conflict("The results are final: what they rest on does not change any more.")
