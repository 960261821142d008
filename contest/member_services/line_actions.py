"""A case and its line in a register go together: what happens to the one is told to the other."""

from sqlalchemy import select

from contest import clock, signals
from contest.db import db
from contest.errors import Conflict
from contest.member_services import case_rules, duty_rules, item_queries, item_rules
from contest.member_services.catalogue_queries import service_of
from contest.member_services.item_models import Item, ItemEvent
from contest.member_services.models import Case
from contest.member_services.moving_actions import check_answers, log, put

LISTED = (None, "match_line", "to_register")  # what steps do that moving the line does as well


def note(item, kind, words, who):
    """One line of an item's history."""
    db.session.add(ItemEvent(item_id=item.id, kind=kind, words=words, who=who, at=clock.now()))


def put_line(item, state, words, giver=""):
    """Another state of a line, with its answer."""
    now = clock.now()
    item.answer, item.giver = words or item.answer, giver or item.giver
    if words and state in ("answered", "done", "dropped"):
        item.answered_at = item.answered_at or now
    if state in item_rules.OVER:
        item.done_at = item.done_at or now
    item.state = state


def hold(items):
    """Hold the cases behind lines, then the lines, and read them as they are now.

    Whoever moves a case holds it before its line (moving_actions): the other way round two would wait for
    each other.
    """
    for table, ids in ((Case, {one.case_id for one in items} - {None}), (Item, {one.id for one in items})):
        db.session.scalars(
            select(table).where(table.id.in_(ids)).order_by(table.id).with_for_update()
            .execution_options(populate_existing=True)
        ).all()


def text_of(case):
    """What a line says of its case: the title and the words of the application."""
    return " ".join(filter(None, ((case.answers or {}).get("title"), case.words)))


def cost_of(case, service):
    """What a line says that its case costs, in fen; None where lines of this register cost nothing."""
    key = service.register_.cost if service.register_ else None
    return (case.answers or {}).get(key) if key else None


def correct_lines(case, before, who):
    """An application that came again with other words: its open lines say the new ones, within its work.

    before: what they said. A line that the office has worded itself stays.
    """
    cost = cost_of(case, service_of(case.version))
    for item in item_queries.hold_lines_of(case.id):
        if item.state not in item_rules.OVER and item.cost != cost:
            item.cost = cost
            note(item, "corrected", "", who)
        if item.state not in item_rules.OVER and item.text == before != text_of(case):
            item.text = text_of(case)
            note(item, "corrected", "", who)  # not what it said: this history is never emptied


def follow_case(actor, case, words, facts, giver=""):
    """The lines of a case that has moved: answered with it, done with it, dropped with it.

    words: what the office said; facts: of the case's row in the trail, which names the line.
    """
    rule = service_of(case.version).register_
    for item in item_queries.hold_lines_of(case.id):
        wanted = item_rules.state_with(case.state, item.state, bool(words), giver, rule)
        if wanted is None:
            continue
        # What was answered stays; the last word of a case is about the case.
        put_line(item, wanted, "" if wanted == "done" and item.answer else words, giver)
        note(item, wanted, words, actor.name)
        facts |= {"line": f"{item.register.title} {item.number}", "line_state": wanted}


def _case_of(item):
    return db.session.get(Case, item.case_id) if item.case_id else None


def check_case(actor, item, wanted):
    """The case behind a line may go where the line goes; Conflict or NotAllowed otherwise."""
    case = _case_of(item)
    if case is None or case.state not in case_rules.UNDER_WAY:
        return
    service = service_of(case.version)
    if item_rules.case_with(wanted, service.register_)[1] == "":
        return
    if wanted == "dropped":
        case_rules.check_act(service, case, "refuse")
        step = service.step(case.step_key) if case.step_key else None
        if step is not None and step.kind == "decide" and case.ended_at is None:
            check_answers(actor, case, step)
        return
    if case.ended_at is not None:
        raise Conflict("The entitlement behind this case has ended, so it can only be ended too.")
    if not case.step_key:  # returned: it goes on where the applicant takes it up again
        raise _does_not_follow(case)
    for key in service.step_keys[service.step_keys.index(case.step_key):]:
        step = service.step(key)
        if step.kind == "decide":
            raise Conflict("The case behind this line is decided on first.")
        if step.who not in duty_rules.ROLES:
            check_answers(actor, case, step, for_assignee=key == case.step_key)
        if step.does not in LISTED:
            raise _does_not_follow(case)


def _does_not_follow(case):
    return Conflict("The case is “%(state)s”; that does not follow.", state=case_rules.STATES[case.state])


def follow_line(actor, item, was, words, did, facts):
    """The case behind a line that has moved: it says so, and is done or refused with it."""
    case = _case_of(item)
    if case is None or case.state not in case_rules.UNDER_WAY or (item.state == was and not words):
        return
    before, said = case.state, words or item.answer
    kind, state = item_rules.case_with(item.state, service_of(case.version).register_)
    if not kind:
        return
    case.answer = said or case.answer
    log(case, actor, kind, was=before, now=state or before, words=said)
    if state:
        late = case.due_at is not None and clock.now() >= case.due_at
        case.times_late += late
        put(case, state)
        signals.case_moved.send(did, case_id=case.id, was=before, now=state)
        facts |= {"case": case.id, "case_state": state}
