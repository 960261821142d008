"""Keeping registers: opening them, lines, topics, owners, answers, closing."""

from contest import clock, working_days
from contest.audit.work import work
from contest.db import db
from contest.errors import Conflict, Invalid
from contest.i18n import N_
from contest.member_services import case_queries, case_rules, catalogue_queries, deadline_rules, item_rules
from contest.member_services import item_queries as queries
from contest.member_services.entitlement_queries import today
from contest.member_services.item_models import Item, ItemEvent, ItemRegister
from contest.registry.rules import read_day
from contest.setup.calendar_queries import calendar


def open_register(actor, service_key, form):
    """Open a register of a service: title, head, officers, speakers, the day of the meeting."""
    service = catalogue_queries.find_any(service_key)
    if service is None or service.register_ is None:
        raise Invalid("This service keeps no register.")
    title = (form.get("title") or "").strip()
    wrong = {} if 1 <= len(title) <= 80 else {"title": Invalid("The title has 1 to 80 characters.")}
    known, meets_on = case_queries.officers(), None
    officers = sorted({int(one) for one in form.getlist("officer") if one.isdecimal()} & set(known))
    if len(officers) < service.register_.officers:
        wrong["officer"] = Invalid("Choose at least %(count)s officers.", count=service.register_.officers)
    head = form.get("head", "")
    head_id = int(head) if head.isdecimal() and int(head) in known else None
    if service.register_.officers and head_id is None:
        wrong["head"] = Invalid("Choose who is the head.")
    try:
        meets_on = read_day(form.get("meets_on")) if form.get("meets_on") else None
    except Invalid as refused:
        wrong["meets_on"] = refused
    if wrong:
        raise Invalid("Some fields are missing or wrong; nothing was stored.", fields=wrong)
    names = (form.get("speakers") or "").replace("，", ",").replace("、", ",").split(",")
    register = ItemRegister(
        service_key=service_key, title=title, head_id=head_id, officers=officers, opened_on=today(),
        speakers=[one.strip() for one in names if one.strip()], meets_on=meets_on,
    )
    with work(actor, "register.open", subject=title, source=service_key):
        db.session.add(register)
        db.session.flush()
    return register


def find_or_open(actor, service, title=""):
    """The open register into which a case goes, within its work; made when there is none."""
    found = queries.find_register(service.key, title)
    if found is None:
        found = ItemRegister(
            service_key=service.key, title=title or f"{service.name} {today():%Y-%m}", head_id=actor.user_id,
            officers=[], speakers=[], opened_on=today(),
        )
        db.session.add(found)
        db.session.flush()
    return found


def add_item(
    register, service, text, *, group="", source="", case_id=None, who="", is_topic=False, number=None
):
    """One line more in a register, within the caller's work."""
    ends_at = working_days.end_of_working_days(
        calendar(), clock.now(), service.register_.days, deadline_rules.zone()
    )
    item = Item(
        register_id=register.id, is_topic=is_topic, group=group, text=text, source=source, case_id=case_id,
        number=number or queries.next_number(register.id, is_topic), owner_id=register.head_id,
        due_at=ends_at,
    )
    db.session.add(item)
    db.session.flush()
    note(item, "added", "", who)
    return item


def note(item, kind, words, who):
    """One line of an item's history."""
    db.session.add(ItemEvent(item_id=item.id, kind=kind, words=words, who=who, at=clock.now()))


def _open(register_id):
    register = queries.get_register(register_id)
    if register.closed_at is not None:
        raise Conflict("This register is closed.")
    return register, catalogue_queries.find_any(register.service_key)


def add_lines(actor, register_id, text):
    """Take a pasted list, one item a line; returns how many."""
    register, service = _open(register_id)
    lines = item_rules.read_lines(text, service.register_.groups)
    with work(actor, "register.add", subject=register.title, count=len(lines)):
        first = queries.next_number(register.id, False)
        for number, (group, source, words) in enumerate(lines, start=first):
            add_item(register, service, words, group=group, source=source, who=actor.name, number=number)
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
    register, service = _open(item.register_id)
    if item.revision != revision:
        raise Conflict("Somebody else has changed this item meanwhile. Look at it again, then decide.")
    wanted = form.get("state") or item.state
    words, giver = case_rules.read_words(form.get("words")), (form.get("giver") or "").strip()[:60]
    if wanted != item.state:
        item_rules.check_next(item.state, wanted, words, giver, service.register_)
    owner_id, due_at = _read_owner(form, item)
    with work(actor, "register.move", subject=register.title, number=item.number, was=item.state, now=wanted):
        item.owner_id, item.due_at = owner_id, due_at
        _put(item, wanted, words, giver)
        note(item, wanted, words, actor.name)
        if item.is_topic:
            for one in queries.items_of(register.id):
                if one.topic_id == item.id and one.state not in item_rules.OVER:
                    _put(one, wanted, words, giver)
    return item


def _read_owner(form, item):
    owner_id, due_at = item.owner_id, item.due_at
    text = form.get("owner", "")
    if text.isdecimal():
        if int(text) not in case_queries.officers():
            sentence = Invalid("Choose somebody who works at the service desk.")
            raise Invalid(sentence.message, fields={"owner": sentence})
        owner_id = int(text)
    if form.get("due_on"):
        due_at = working_days.end_of_day(read_day(form.get("due_on")), deadline_rules.zone())
    return owner_id, due_at


def _put(item, state, words, giver):
    now = clock.now()
    item.answer, item.giver = words or item.answer, giver or item.giver
    if words and state in ("answered", "done", "dropped"):
        item.answered_at = item.answered_at or now
    if state in item_rules.OVER:
        item.done_at = item.done_at or now
    item.state = state


def close_register(actor, register_id):
    """Close a register; Conflict while a line has no answer."""
    register, _ = _open(register_id)
    item_rules.check_closable([
        one.number for one in queries.counting(register.id)
        if not one.answer and one.state not in item_rules.OVER
    ])
    with work(actor, "register.close", subject=register.title):
        register.closed_at = clock.now()
    return register
