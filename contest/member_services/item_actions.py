"""Keeping registers: opening them, lines, topics, owners, answers, closing."""

from contextlib import contextmanager
from functools import partial

from sqlalchemy.orm.exc import StaleDataError

from contest import clock, working_days
from contest.audit.work import work
from contest.db import db
from contest.errors import Conflict, Invalid
from contest.i18n import N_
from contest.member_services import (
    case_rules,
    catalogue_queries,
    duty_queries,
    duty_rules,
    field_forms,
    item_rules,
)
from contest.member_services import item_queries as queries
from contest.member_services.item_models import Item, ItemRegister
from contest.member_services.line_actions import check_case, follow_line, hold, note, put_line
from contest.numbers import read_whole
from contest.registry.rules import read_day
from contest.setup.calendar_queries import calendar


def open_register(actor, service_key, form):
    """Open a register of a service: title, head, officers, speakers, the day of the meeting."""
    service = catalogue_queries.find_any(service_key)
    if service is None or service.register_ is None:
        raise Invalid("This service keeps no register.")
    title = (form.get("title") or "").strip()
    wrong = {} if 1 <= len(title) <= 80 else {"title": Invalid("The title has 1 to 80 characters.")}
    known, meets_on = duty_queries.officers(), None
    officers = sorted({read_whole(one) for one in form.getlist("officer")} & set(known))
    if len(officers) < service.register_.officers:
        wrong["officer"] = Invalid("Choose at least %(count)s officers.", count=service.register_.officers)
    head_id = read_whole(form.get("head"))
    head_id = head_id if head_id in known else None
    if not form.get("head") and not service.register_.officers and actor.user_id in known:
        head_id = actor.user_id  # somebody answers for every line
    if head_id is None:
        wrong["head"] = Invalid("Choose who is the head.")
    try:
        meets_on = read_day(form.get("meets_on")) if form.get("meets_on") else None
    except Invalid as refused:
        wrong["meets_on"] = refused
    asked = (form.get("asked") or "").strip()
    if asked and not 1 <= read_whole(asked, 0) <= 10_000_000:
        wrong["asked"] = Invalid("Write a whole number from %(least)s to %(most)s.", least=1, most=10_000_000)
    if wrong:
        raise Invalid("Some fields are missing or wrong; nothing was stored.", fields=wrong)
    names = (form.get("speakers") or "").replace("，", ",").replace("、", ",").split(",")
    register = ItemRegister(
        service_key=service_key, title=title, head_id=head_id, officers=officers, opened_on=clock.today(),
        asked=read_whole(asked), speakers=[one.strip() for one in names if one.strip()], meets_on=meets_on,
    )
    with work(actor, "register.open", subject=title, source=service_key):
        db.session.add(register)
        db.session.flush()
    return register


def find_or_open(actor, service, title="", owner=""):
    """The open register into which a case goes, within its work; made when there is none.

    It has somebody responsible from the first line on: whoever answered for the last list of the same
    owner (a company), else the holders of the service's duties. Conflict when there are too few of them.
    """
    found = _held(queries.find_register(service.key, title))
    if found is None:
        catalogue_queries.hold_catalogue()  # somebody may be opening just this one
        found = _held(queries.find_register(service.key, title))
    if found is None:
        head_id, officers = _responsible(actor, service, owner)
        found = ItemRegister(
            service_key=service.key, title=title or f"{service.name} {clock.today():%Y-%m}", head_id=head_id,
            officers=officers, speakers=[], opened_on=clock.today(),
        )
        db.session.add(found)
        db.session.flush()
    return found


def _held(register):
    """The register, held; None where somebody closes it just now, for no line comes into it then."""
    found = queries.hold_register(register.id) if register is not None else None
    return None if found is None or found.closed_at is not None else found


def _responsible(actor, service, owner):
    """(head, officers) of a register that a case opens."""
    known, last = duty_queries.officers(), queries.last_register(service.key, owner)
    head_id = last.head_id if last is not None and last.head_id in known else None
    officers = [one for one in (last.officers if last is not None else ()) if one in known]
    if service.register_.officers and (head_id is None or len(officers) < service.register_.officers):
        raise Conflict(
            "Nobody answers for the list of “%(owner)s” yet: open it under Registers, with its head and "
            "%(count)s officers, then go on with the case.", owner=owner or service.name,
            count=service.register_.officers,
        )
    if head_id is None:
        head_id = actor.user_id if actor.user_id in known else None
    duties = {step.who for step in service.steps} - set(duty_rules.ROLES)
    holders = {one for duty in sorted(duties) for one in duty_queries.holders(duty)} & set(known)
    officers = officers or sorted(holders - {head_id})
    if head_id is None and officers:
        head_id = officers.pop(0)
    if head_id is None:
        raise Conflict("Nobody answers for this register yet: open it under Registers, with its head.")
    return head_id, officers


def add_item(
    register, service, text, *, group="", source="", case_id=None, who="", is_topic=False, number=None,
    cost=None,
):
    """One line more in a register, within the caller's work."""
    ends_at = working_days.end_of_working_days(
        calendar(), clock.now(), service.register_.days, clock.zone()
    )
    item = Item(
        register_id=register.id, is_topic=is_topic, group=group, text=text, source=source, case_id=case_id,
        cost=cost, number=number or queries.next_number(register.id, is_topic), owner_id=register.head_id,
        due_at=ends_at,
    )
    db.session.add(item)
    db.session.flush()
    note(item, "added", "", who)
    return item


def _open(register_id, get=queries.hold_register):
    register = get(register_id)
    if register.closed_at is not None:
        raise Conflict("This register is closed.")
    return register, catalogue_queries.find_any(register.service_key)


def add_lines(actor, register_id, text):
    """Take a pasted list, one item a line; returns how many."""
    register, service = _open(register_id)
    field = service.field(service.register_.cost) if service.register_.cost else None
    read_cost = partial(field_forms.read_money, field) if field else None
    lines = item_rules.read_lines(text, service.register_.groups, read_cost)
    with work(actor, "register.add", subject=register.title, count=len(lines)):
        first = queries.next_number(register.id, False)
        for number, (group, source, words, cost) in enumerate(lines, start=first):
            add_item(
                register, service, words, group=group, source=source, who=actor.name, number=number, cost=cost
            )
    return len(lines)


def make_topic(actor, register_id, text, group, item_ids):
    """Draw items together under a topic, which is answered for all of them."""
    register, service = _open(register_id)
    if not service.register_.topic:
        raise Conflict("This register has no topics.")
    words = case_rules.read_words(text, N_("Name the topic."), "text")
    items = [one for one in queries.items_of(register.id) if one.id in set(item_ids)]
    if not items:
        sentence = Invalid("Choose the items that belong to the topic.")
        raise Invalid(sentence.message, fields={"item": sentence})
    with work(actor, "register.topic", subject=register.title, name=words, count=len(items)):
        topic = add_item(
            register, service, words, group=group or items[0].group, is_topic=True, who=actor.name
        )
        for item in items:
            item.topic_id = topic.id
    return topic


def move_item(actor, item_id, revision, form):
    """Give an item an owner, a day, a giver, an answer, another state; its topic's items go with it."""
    item = queries.get_item(item_id)
    register, service = _open(item.register_id, queries.get_register)
    under = queries.items_under(item)
    hold([item, *under])
    if item.revision != revision:
        raise Conflict("Somebody else has changed this item meanwhile. Look at it again, then decide.")
    wanted = form.get("state") or item.state
    words, giver = case_rules.read_words(form.get("words")), (form.get("giver") or "").strip()[:60]
    if wanted != item.state:
        item_rules.check_next(item.state, wanted, words, giver, service.register_)
    (owner_id, due_at), cost = _read_owner(form, item), _read_cost(form, item, service)
    group, topic_id = _read_sorting(form, item, service)
    together = [item]
    if wanted != item.state or words:
        together += [one for one in under if one.state not in item_rules.OVER]
    for one in together:
        check_case(actor, one, wanted)
    with _moving(actor, register, item, wanted, words) as facts:
        item.owner_id, item.due_at, item.cost = owner_id, due_at, cost
        item.group, item.topic_id = group, topic_id
        for one in together:
            was = one.state
            put_line(one, wanted, words, giver)
            note(one, wanted, words, actor.name)
            follow_line(actor, one, was, words, "register.move", facts)
    return item


@contextmanager
def _moving(actor, register, item, wanted, words):
    said = {"reason": words} if words and wanted != item.state else {}
    try:
        with work(
            actor, "register.move", subject=register.title, number=item.number, was=item.state, now=wanted,
            **said,
        ) as facts:
            yield facts
            db.session.flush()
    except StaleDataError:
        raise Conflict(
            "Somebody else has changed this item meanwhile. Look at it again, then decide."
        ) from None


def _read_owner(form, item):
    owner_id, due_at = item.owner_id, item.due_at
    if (form.get("owner") or "").strip():
        owner_id = read_whole(form.get("owner"))
        if owner_id not in duty_queries.officers():
            sentence = Invalid("Choose somebody who works at the service desk.")
            raise Invalid(sentence.message, fields={"owner": sentence})
    if form.get("due_on"):
        due_at = working_days.end_of_day(read_day(form.get("due_on")), clock.zone())
    return owner_id, due_at


def _read_sorting(form, item, service):
    """(class, topic's id) of a line; a topic that is answered takes no further line."""
    group, topic_id = form.get("sorted_as") or item.group, item.topic_id
    if group != item.group and group not in service.register_.groups:
        sentence = Invalid("Choose one of the classes.")
        raise Invalid(sentence.message, fields={"sorted_as": sentence})
    wanted = form.get("under")
    if wanted is None or item.is_topic:
        return group, topic_id
    open_ids = {one.id for one in queries.items_of(item.register_id, is_topic=True) if one.state == "open"}
    topic = read_whole(wanted, 0) if wanted else None
    if topic != topic_id and {topic, topic_id} - {None} - open_ids:
        sentence = Invalid("Choose a topic that is not answered yet; otherwise answer the line itself.")
        raise Invalid(sentence.message, fields={"under": sentence})
    return group, topic


def _read_cost(form, item, service):
    """What a line costs that was typed; one of an application says what that says."""
    text = (form.get("cost") or "").strip()
    if not service.register_.cost or item.case_id is not None or item.is_topic or not text:
        return item.cost
    try:
        return field_forms.read_money(service.field(service.register_.cost), text)
    except Invalid as refused:
        raise Invalid(refused.message, fields={"cost": refused}, **refused.params) from refused


def close_register(actor, register_id):
    """Close a register; Conflict names what is not done yet: topics, lines, cases behind them."""
    register, service = _open(register_id)
    alone = [one for one in queries.items_of(register.id) if one.topic_id is None]  # others go with a topic
    topics, lines = (
        [one.number for one in rows if not item_rules.is_closed(one, service.register_)]
        for rows in (queries.items_of(register.id, is_topic=True), alone)
    )
    item_rules.check_closable(topics, lines, queries.receipts_under_way(register.id))
    with work(actor, "register.close", subject=register.title):
        register.closed_at = clock.now()
    return register
