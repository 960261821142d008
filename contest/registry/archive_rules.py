"""An earlier contest from a list: what must be said of it, its columns, and what becomes of each row.

What is brought in stands apart from everything that was computed here: it is shown as its source has it,
and never ranked, rounded or added up again.
"""

from collections import defaultdict
from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal

from contest.errors import Conflict, Invalid
from contest.i18n import N_
from contest.people.columns import NAME, ORGANISATION, ROSTER
from contest.people.roster_rules import same_words
from contest.people.tables import Column
from contest.registry import import_rules, life_rules
from contest.registry.import_rules import RowFound, said
from contest.registry.ladder_rules import CONTEST_LEVELS

_OF_ROSTER = {column.key: column for column in ROSTER}
TEAM = replace(_OF_ROSTER["team"], headers=(*_OF_ROSTER["team"].headers, "班组", "集体"))
COLUMNS = (
    replace(NAME, required=False), ORGANISATION, TEAM, _OF_ROSTER["born_on"], _OF_ROSTER["group"],
    _OF_ROSTER["trade"],
    Column("place", N_("Place"), ("名次", "排名", "place", "rank"), kind="number", least="1", top="99999",
           places=0),
    Column("total", N_("Total"), ("总分", "总成绩", "成绩", "得分", "total", "score"), kind="number"),
    Column("award", N_("Award"), ("奖项", "所获奖项", "获奖", "荣誉", "荣誉称号", "award", "prize"), most=80),
    import_rules.IS_TITLE,
    Column("document", N_("Document number"), ("文号", "文件号", "发文字号", "document number", "document"),
           most=60),
    Column("granted_on", N_("Granted on"), ("授予日期", "授予时间", "granted on"), kind="date"),
)
MARKS = ("organisation", "name", "team", "born_on", "group", "award")


@dataclass(frozen=True)
class About:
    """What is said of an earlier contest; source: where its list stands."""

    name: str
    name_en: str
    held_on: date
    contest_level: str
    authority: str
    document_number: str
    source: str

    def document(self):
        """The same as plain JSON."""
        return {**asdict(self), "held_on": self.held_on.isoformat()}

    @classmethod
    def of(cls, document):
        """Back from plain JSON."""
        return cls(**{**document, "held_on": date.fromisoformat(document["held_on"])})


def read_about(form, now):
    """The About of a form; Invalid names each field that cannot be taken."""
    wrong, level = {}, form.get("contest_level") or ""
    read = {
        "name": life_rules.read_text(form, "archive_name", 80, wrong),
        "name_en": life_rules.read_text(form, "name_en", 120, wrong, False),
        "held_on": life_rules.read_day(form, "held_on", now, wrong),
        "authority": life_rules.read_text(form, "authority", 80, wrong),
        "document_number": life_rules.read_text(form, "document_number", 60, wrong),
        "source": life_rules.read_text(form, "source", 200, wrong),
    }
    if level and level not in CONTEST_LEVELS:
        wrong["contest_level"] = Invalid("Choose the level of the contest.")
    life_rules.check(wrong)
    return About(contest_level=level, **read)


def check_new(is_archived, was_held_here):
    """An earlier contest is brought in once, and never beside results that were computed here; Conflict."""
    if was_held_here:
        raise Conflict("A contest of this name was held here; its results were computed and stand already.")
    if is_archived:
        raise Conflict("This contest of this day has been brought in already.")


def check_withdrawable(is_withdrawn):
    """What was brought in is withdrawn once; Conflict."""
    if is_withdrawn:
        raise Conflict("This has been withdrawn already.")


def judge(number, values, problem, known, seen, about):
    """The RowFound of a row, as import_rules.judge; a row without a name is of a team or of the unit."""
    why = problem or _missing(values, about)
    mark = tuple(same_words(values.get(key) or "") for key in MARKS)
    if not why and mark in seen:
        why = said(N_("The same row stands above."))
    seen.add(mark)
    if why:
        return RowFound(number, "faulty", values, sentence=why)
    if not values.get("name"):
        return RowFound(number, "new", values)
    kind, one, sentence = import_rules.whose(values, known)
    if kind == "known" and (values.get("award"), document_of(values, about)) in one.honours:
        sentence = said(N_("The honour is on record already; only the result is added."))
    sure = one is None or import_rules.is_sure(values, one)
    return RowFound(number, kind, values, one.human_id if one else None, (), sentence, sure)


def document_of(values, about):
    """The document behind a row's award: its own, or the contest's."""
    return values.get("document") or about.document_number


def _missing(values, about):
    """Why a row whose cells can be read cannot be taken, or None."""
    if not any(values.get(key) for key in ("place", "total", "award")):
        return said(N_("Neither a place nor a total nor an award stands in this row."))
    if (why := import_rules.lacks_honour(values.get("is_title"), values.get("award"))) is not None:
        return why
    if (values.get("born_on") or "") >= about.held_on.isoformat():
        return {**said(N_("%(day)s does not lie before the contest."), day=values["born_on"]),
                "column": _OF_ROSTER["born_on"].label}
    if values.get("granted_on") and values["granted_on"] < about.held_on.isoformat():
        return {**said(N_("%(day)s lies before the contest."), day=values["granted_on"]),
                "column": COLUMNS[-1].label}
    return None


def with_doubts(rows):
    """The rows, with a sentence where a total contradicts the places; they are taken as the list has them."""
    lists = defaultdict(list)
    for row in rows:
        if row.is_taken and row.values.get("place") and row.values.get("total"):
            kind = "person" if row.values.get("name") else "team" if row.values.get("team") else "unit"
            lists[kind, row.values.get("group") or ""].append(row)
    doubts = {}
    for some in lists.values():
        least = None  # (total, place) of the lowest total on a better place
        for row in sorted(some, key=lambda one: int(one.values["place"])):
            total, place = Decimal(row.values["total"]), int(row.values["place"])
            if least is not None and place > least[1] and total > least[0]:
                doubts[row.number] = said(
                    N_("The total %(total)s is higher than the %(other)s of place %(place)s."),
                    total=row.values["total"], other=str(least[0]), place=least[1],
                )
            if least is None or total < least[0]:
                least = total, place
    return [replace(row, sentence=row.sentence or doubts.get(row.number, {})) for row in rows]
