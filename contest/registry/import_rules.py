"""An existing register from a spreadsheet: its columns, and for each row whose it is or why it is refused."""

from dataclasses import dataclass, field

from contest.errors import Conflict
from contest.i18n import N_, listed
from contest.people.columns import NAME, ORGANISATION, ROSTER
from contest.people.roster_rules import same_words
from contest.people.tables import Column

_BORN_ON = next(column for column in ROSTER if column.key == "born_on")
_TRADE = next(column for column in ROSTER if column.key == "trade")
IS_TITLE = Column(
    "is_title", N_("Title (yes or no)"), ("是否称号", "is a title", "title (yes or no)"), kind="choice",
    choices={"yes": ("是", "yes", "y", "1"), "no": ("否", "no", "n", "0")},
)
COLUMNS = (
    NAME, ORGANISATION, _BORN_ON, _TRADE,
    Column("place", N_("Place on the register"), ("地区", "所在地", "属地", "place", "region"), most=50),
    Column("level", N_("Level"), ("等级", "工匠等级", "层级", "级别", "level", "step"), most=50),
    Column("level_on", N_("Level since"), ("等级认定日期", "认定日期", "level since"), kind="date"),
    Column("honour", N_("Honour"), ("荣誉", "荣誉名称", "称号", "荣誉称号", "honour", "title"), most=80),
    IS_TITLE,
    Column("authority", N_("Authority"), ("授予单位", "授予机关", "发文单位", "authority"), most=80),
    Column("document", N_("Document number"), ("文号", "文件号", "发文字号", "document number", "document"),
           most=60),
    Column("granted_on", N_("Granted on"), ("授予日期", "授予时间", "获得日期", "granted on", "date"),
           kind="date"),
    Column("work", N_("Work"), ("作品", "成果", "创新成果", "代表作品", "work"), most=120),
    Column("patent", N_("Patent"), ("专利", "专利名称", "patent"), most=120),
    Column("patent_number", N_("Number of the patent"), ("专利号", "专利编号", "patent number"), most=60),
    Column("work_on", N_("Day of the work or patent"),
           ("作品或专利日期", "专利日期", "成果日期", "授权日期", "day of the work or patent"), kind="date"),
    Column("words", N_("A few words"), ("简介", "事迹", "主要事迹", "words"), most=300),
)
KINDS = {
    "new": N_("New"), "known": N_("Known"), "unchanged": N_("On record already"), "faulty": N_("Left out"),
}


@dataclass(frozen=True)
class Known:
    """Somebody who is known by a name in the file. units: as same_words compares them."""

    human_id: int
    born_on: str
    units: frozenset
    honours: frozenset = frozenset()  # (name, document number) in force
    works: frozenset = frozenset()  # (kind, title, number)


@dataclass(frozen=True)
class RowFound:
    """One row of the file: what becomes of it, and one sentence where a person should look."""

    number: int
    kind: str  # KINDS
    values: dict
    human_id: int | None = None
    step: tuple = ()  # (ladder's key, step's key)
    sentence: dict = field(default_factory=dict)  # {"message", "params"}, of one cell also its "column"
    is_sure: bool = True  # False: somebody known was found by name and unit alone

    @property
    def is_taken(self):
        """True for a row that confirming stores."""
        return self.kind in ("new", "known")


def said(message, **params):
    """A sentence as it is kept."""
    return {"message": message, "params": params}


def judge(number, values, problem, known, steps, seen, today):
    """What becomes of a row; problem: the first cell that could not be read, as a sentence, or None.

    known: the Known of this name; steps: {word: (ladder, step)}; seen: what stood in rows above, added to.
    """
    why = problem or _missing(values, steps, today)
    mark = (values["name"], same_words(values["organisation"] or ""), values.get("born_on") or "",
            values.get("honour") or "", values.get("document") or "", *works_of(values))
    if not why and mark in seen:
        why = said(N_("The same row stands above."))
    seen.add(mark)
    if why:
        return RowFound(number, "faulty", values, sentence=why)
    step = steps.get(values.get("level") or "", ())
    kind, one, sentence = whose(values, known)
    if kind != "known":
        return RowFound(number, kind, values, None, step if kind == "new" else (), sentence)
    left = not_on_record(values, one)
    if left != values and not (left.get("honour") or works_of(left)):
        return RowFound(number, "unchanged", values, one.human_id)
    return RowFound(number, "known", left, one.human_id, step, is_sure=is_sure(values, one))


def works_of(values):
    """What a row says of works and patents: (kind, title, number) each."""
    found = [("work", values.get("work"), ""), ("patent", values.get("patent"), values.get("patent_number"))]
    return [(kind, title, number or "") for kind, title, number in found if title]


def not_on_record(values, one):
    """A row without the honour, work and patent that somebody known has on record already."""
    gone = {kind: "" for kind, *rest in works_of(values) if (kind, *rest) in one.works}
    if values.get("honour") and (values["honour"], values.get("document") or "") in one.honours:
        gone["honour"] = ""
    return {**values, **gone}


def whose(values, known):
    """("new", "known" or "faulty", the Known or None, a sentence or {}) of a row with a name and a unit."""
    matches = [one for one in known if _is_same(values, one)]
    if len(matches) > 1:
        return "faulty", None, said(
            N_("%(count)s people of this name fit; give the date of birth, or make them one first."),
            count=len(matches),
        )
    if matches:
        return "known", matches[0], {}
    other = said(N_("Somebody of this name is known in another unit; a new row is made."))
    return "new", None, other if known else {}


def lacks_honour(is_title, honour):
    """Why a row that says “title” cannot be taken, with its column; None when an honour stands in it."""
    if is_title != "yes" or honour:
        return None
    return {**said(N_("This row says that it is a title, but no honour stands in it.")),
            "column": IS_TITLE.label}


def _missing(values, steps, today):
    """Why a row whose cells can be read cannot be taken, or None."""
    if (why := lacks_honour(values.get("is_title"), values.get("honour"))) is not None:
        return why
    if not values.get("honour") and not values.get("level") and not works_of(values):
        return said(N_("Neither an honour nor a level, work or patent stands in this row."))
    if works_of(values) and not values.get("work_on"):
        return said(N_("The work or patent lacks its day."))
    if bool(values.get("patent")) != bool(values.get("patent_number")):
        return said(N_("A patent has a title and a number."))
    if values.get("honour"):
        if not values.get("authority"):
            return said(N_("The honour lacks the authority that granted it."))
        if not values.get("document"):
            return said(N_("The honour lacks the number of the document that granted it."))
        if not values.get("granted_on"):
            return said(N_("The honour lacks the day on which it was granted."))
    if values.get("level") and values["level"] not in steps:
        return said(
            N_("“%(level)s” is no step of a ladder in force; allowed are %(allowed)s."),
            level=values["level"], allowed=listed(sorted(steps)) or "–",
        )
    for key in ("born_on", "granted_on", "level_on", "work_on"):
        if (values.get(key) or "") > today.isoformat():
            return said(N_("%(day)s lies in the future."), day=values[key])
    return None


def _is_same(values, one):
    """The same birth date, or the same unit with no birth date that speaks against it."""
    born_on = values.get("born_on") or ""
    if born_on and one.born_on:
        return born_on == one.born_on
    return same_words(values["organisation"]) in one.units


def is_sure(values, one):
    """True when the dates of birth of a row and of somebody known say that they are one person."""
    return bool(values.get("born_on") and one.born_on)


def doubtful(rows):
    """The rows that would be taken for somebody known who was found by name and unit alone."""
    return [row for row in rows if row.is_taken and not row.is_sure]


def check_doubtful(rows, are_same):
    """Conflict while rows are taken for somebody by name and unit alone and nobody said that it is right."""
    if (count := len(doubtful(rows))) and not are_same:
        raise Conflict(
            "%(count)s rows were found by name and unit alone. Look whether they are these people and tick "
            "it, or give the dates of birth in the list and here.", count=count,
        )


def check_faulty(counts, leaves_faulty_out):
    """Conflict while rows cannot be taken and nobody said to leave them out."""
    if counts["faulty"] and not leaves_faulty_out:
        raise Conflict(
            "%(count)s rows cannot be taken. Mend the file, or tick that they are left out.",
            count=counts["faulty"],
        )


def counts_of(rows):
    """{kind: how many rows}."""
    return {kind: sum(row.kind == kind for row in rows) for kind in KINDS}
