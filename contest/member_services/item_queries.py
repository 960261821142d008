"""Registers with their items, topics, owners, and what of them is answered and done."""

from dataclasses import dataclass

from sqlalchemy import func, select

from contest import clock
from contest.db import db
from contest.errors import Missing
from contest.member_services import item_rules
from contest.member_services.case_rules import UNDER_WAY
from contest.member_services.item_models import Item, ItemEvent, ItemRegister
from contest.member_services.models import Case


@dataclass(frozen=True)
class Figures:
    """How far a register is: lines that count are its topics where it has some, else its items."""

    items: int
    topics: int
    groups: int
    answered: int
    done: int
    late: int
    cost: int  # in fen, without what was dropped

    @property
    def lines(self):
        """How many lines are to be answered."""
        return self.topics or self.items

    @property
    def percent(self):
        """Answered lines in a hundred, rounded down: 100 only when every one is."""
        return self.answered * 100 // self.lines if self.lines else 0


def get_register(register_id):
    """The register, or Missing."""
    found = db.session.get(ItemRegister, register_id)
    if found is None:
        raise Missing("There is no such register.")
    return found


def hold_register(register_id):
    """The register as it is now, or Missing; held, so that meanwhile nobody closes it or adds a line."""
    get_register(register_id)
    return db.session.scalar(
        select(ItemRegister).filter_by(id=register_id).with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )


def registers(service_key=None, only_open=False):
    """The registers of a service or all, the latest first."""
    statement = select(ItemRegister).order_by(ItemRegister.closed_at.is_not(None), ItemRegister.id.desc())
    if service_key is not None:
        statement = statement.filter_by(service_key=service_key)
    if only_open:
        statement = statement.where(ItemRegister.closed_at.is_(None))
    return db.session.scalars(statement).all()


def find_register(service_key, title=""):
    """The open register of a service with a title, or its latest; None when there is none."""
    statement = select(ItemRegister).filter_by(service_key=service_key, closed_at=None)
    if title:
        statement = statement.filter_by(title=title)
    return db.session.scalar(statement.order_by(ItemRegister.id.desc()).limit(1))


def last_register(service_key, owner):
    """The latest register of a service, open or closed; of one owner ("owner month") where one is named."""
    statement = select(ItemRegister).filter_by(service_key=service_key)
    if owner:
        statement = statement.where(ItemRegister.title.startswith(f"{owner} ", autoescape=True))
    return db.session.scalar(statement.order_by(ItemRegister.id.desc()).limit(1))


def receipts_under_way(register_id):
    """The beginnings of the receipts of cases behind lines of a register that are not done."""
    found = db.session.scalars(
        select(Case.receipt).join(Item, Item.case_id == Case.id)
        .where(Item.register_id == register_id, Case.state.in_(UNDER_WAY)).order_by(Case.id)
    )
    return [one[:4] for one in found]


def items_of(register_id, is_topic=False, group=None):
    """The items (or topics) of a register by number."""
    statement = select(Item).filter_by(register_id=register_id, is_topic=is_topic).order_by(Item.number)
    if group:
        statement = statement.filter_by(group=group)
    return db.session.scalars(statement).all()


def get_item(item_id):
    """The item, or Missing."""
    found = db.session.get(Item, item_id)
    if found is None:
        raise Missing("There is no such item.")
    return found


def items_under(topic):
    """The items that a topic draws together; none of what is no topic."""
    if not topic.is_topic:
        return []
    return db.session.scalars(select(Item).filter_by(topic_id=topic.id).order_by(Item.number)).all()


def lines_of_case(case_id):
    """The lines that a case stands behind."""
    return db.session.scalars(_lines_of(case_id)).all()


def hold_lines_of(case_id):
    """The same as they are now, held until the transaction ends: they are to go where the case went."""
    return db.session.scalars(
        _lines_of(case_id).with_for_update().execution_options(populate_existing=True)
    ).all()


def _lines_of(case_id):
    return select(Item).filter_by(case_id=case_id).order_by(Item.id)


def next_number(register_id, is_topic):
    """The next number in a register, which is held until the line is stored: two take two numbers."""
    db.session.execute(select(ItemRegister.id).filter_by(id=register_id).with_for_update(key_share=True))
    top = db.session.scalar(
        select(func.max(Item.number)).filter_by(register_id=register_id, is_topic=is_topic)
    )
    return (top or 0) + 1


def history_of(item_id):
    """What happened to an item, in order."""
    return db.session.scalars(select(ItemEvent).filter_by(item_id=item_id).order_by(ItemEvent.id)).all()


def figures(register_id):
    """The Figures of a register."""
    items, topics, now = items_of(register_id), items_of(register_id, is_topic=True), clock.now()
    lines = topics or items
    return Figures(
        len(items), len(topics), len({one.group for one in items if one.group}),
        sum(bool(one.answer) or one.state in item_rules.OVER for one in lines),
        sum(one.state in item_rules.OVER for one in lines),
        sum(one.due_at is not None and one.due_at <= now and one.state not in item_rules.OVER
            for one in lines),
        sum(one.cost or 0 for one in items if one.state != "dropped"),
    )


def named_answers(service, answers):
    """The Chinese names of what was chosen in an application, in the order of its fields."""
    found = []
    for field in service.fields:
        if field.kind == "choice" and (option := field.option((answers or {}).get(field.key, ""))):
            found.append(option.name)
    return found
