"""Question banks as they are looked for: by trade, by words, in force; and what a module was drawn from."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import joinedload

from contest.db import db
from contest.errors import Missing
from contest.people.models import Entrant
from contest.people.rules import SKILL_LEVELS
from contest.theory.bank_models import ModuleBank, QuestionBank

PAGE_SIZE = 100
GRADES = tuple(SKILL_LEVELS)


@dataclass(frozen=True)
class BankSearch:
    """What is looked for; empty: everything. day: only banks in force on it."""

    words: str = ""
    trade: str = ""
    grade: str = ""
    sha256: str = ""
    day: object = None


def find_banks(search, page=1):
    """(QuestionBanks of a page, how many in all), by trade, grade and title, the latest version first."""
    asked = _asked(search)
    count = db.session.scalar(select(func.count()).select_from(asked.subquery()))
    rows = db.session.scalars(
        asked.order_by(
            QuestionBank.trade, _height(), QuestionBank.title, QuestionBank.from_on.desc(), QuestionBank.id
        ).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
    ).all()
    return rows, count


def _height():
    return case({key: at for at, key in enumerate(GRADES)}, value=QuestionBank.grade, else_=len(GRADES))


def _asked(search):
    asked = select(QuestionBank)
    if search.words:
        asked = asked.where(or_(*(
            column.contains(search.words, autoescape=True)
            for column in (QuestionBank.title, QuestionBank.trade, QuestionBank.version, QuestionBank.keeper)
        )))
    for key in ("trade", "grade", "sha256"):
        if value := getattr(search, key):
            asked = asked.where(getattr(QuestionBank, key) == value)
    if search.day is not None:
        asked = asked.where(
            QuestionBank.from_on <= search.day,
            or_(QuestionBank.until_on.is_(None), QuestionBank.until_on >= search.day),
        )
    return asked


def trades():
    """{trade: how many banks and versions of banks}, by name."""
    return dict(db.session.execute(
        select(QuestionBank.trade, func.count()).group_by(QuestionBank.trade).order_by(QuestionBank.trade)
    ).all())


def banks_of_trade(trade):
    """{grade: [QuestionBank]} of a trade from the lowest grade up, or Missing."""
    rows = db.session.scalars(
        select(QuestionBank).filter_by(trade=trade)
        .order_by(_height(), QuestionBank.title, QuestionBank.from_on.desc(), QuestionBank.id)
    ).all()
    if not rows:
        raise Missing("There is no question bank of this trade.")
    found = {}
    for row in rows:
        found.setdefault(row.grade, []).append(row)
    return found


def on_record():
    """{(trade, grade, title, version): QuestionBank} of all."""
    return {(row.trade, row.grade, row.title, row.version): row
            for row in db.session.scalars(select(QuestionBank))}


def drawn(contest_id, module_key=None):
    """{module's key: [QuestionBank]} from which papers of a contest were drawn, by trade and grade."""
    asked = select(ModuleBank).filter_by(contest_id=contest_id)
    if module_key is not None:
        asked = asked.filter_by(module_key=module_key)
    latest = {
        (row.module_key, row.bank_id): row
        for row in db.session.scalars(asked.options(joinedload(ModuleBank.bank)).order_by(ModuleBank.id))
    }
    found = {}
    for row in latest.values():
        if row.is_drawn:
            found.setdefault(row.module_key, []).append(row.bank)
    return {key: sorted(banks, key=_order) for key, banks in found.items()}


def _order(bank):
    height = GRADES.index(bank.grade) if bank.grade in GRADES else len(GRADES)
    return (bank.trade, height, bank.title, bank.id)


def drawn_for(contest_id, entrant_id):
    """The same as far as it concerns one entrant: the banks of the own trade, or all where none is of it."""
    entrant = db.session.get(Entrant, entrant_id) if entrant_id else None
    found = drawn(contest_id)
    if entrant is None or not entrant.trade:
        return found
    return {
        key: [one for one in banks if one.trade == entrant.trade] or banks for key, banks in found.items()
    }


def candidates(contest_id, module_key, day):
    """Banks to choose from for a module: drawn already, or in force on a day for a trade of the entrants.

    Where none is of such a trade, every bank in force.
    """
    chosen = drawn(contest_id, module_key).get(module_key, [])
    of_entrants = set(trades_of_entrants(contest_id)) - {""}
    rows = db.session.scalars(_asked(BankSearch(day=day))).all()
    fitting = [one for one in rows if one.trade in of_entrants]
    return sorted({one.id: one for one in [*chosen, *(fitting or rows)]}.values(), key=_order)


def trades_of_entrants(contest_id):
    """{trade: how many entrants} of a contest; "" for those without one."""
    return Counter(db.session.scalars(select(Entrant.trade).filter_by(contest_id=contest_id)))
