"""What a step of a service does beyond the case itself: a file opened, a member placed, an item listed."""

from contest import clock, signals
from contest.db import db
from contest.errors import Conflict, Invalid
from contest.member_services import (
    case_queries,
    case_rules,
    course_rules,
    entitlement_actions,
    entitlement_queries,
    item_queries,
    line_actions,
    membership_actions,
    place_queries,
)
from contest.member_services.item_actions import add_item, find_or_open
from contest.member_services.models import Case
from contest.member_services.money_rules import read_voucher
from contest.member_services.moving_actions import begin_step, log
from contest.people.person_queries import get_person

# The registry says here who trained whom: fn(human_id) -> [human ids of the masters] (R3).
MASTERS_OF = []
OWN = ("account", "id_number", "file", "consent")  # kinds of fields that say something of the applicant alone


def run(actor, case, service, step, form):
    """What a finished step does, if anything; Conflict when it cannot be done yet."""
    if step is not None and step.does in EFFECTS:
        EFFECTS[step.does](actor, case, service, form)


def undo(actor, case, step, words):
    """What a refusal at a step does: a file that is checked and found wanting is closed."""
    if step is not None and step.does == "review_file":
        row = entitlement_queries.find_open(case.human_id, "hardship")
        if row is not None:
            entitlement_actions.review(row, False, words, actor.name)


def _open_file(actor, case, service, _form):
    if case.human_id is None:
        raise Conflict("Say first whose case it is: a file is opened for a person.")
    row = entitlement_actions.open_by_need(
        case, service, actor.name, case.aids or (), clock.today()
    )
    case.entitlement_id = row.id


def _review_file(actor, case, _service, _form):
    row = entitlement_queries.find_open(case.human_id, "hardship")
    if row is None:
        raise Conflict("There is no open file of this person.")
    entitlement_actions.review(row, True, "", actor.name)


def _to_register(actor, case, service, form):
    title, company = "", (case.answers or {}).get("company", "")
    if company:
        title = f"{company} {case.answers.get('month', '')}".strip()
    register = find_or_open(actor, service, title, company)
    groups = item_queries.named_answers(service, case.answers)
    group = next((one for one in groups if one in service.register_.groups), "")
    source = next((one for one in groups if one != group), "") or case.channel
    text = line_actions.text_of(case)
    add_item(
        register, service, text, group=group, source=source, case_id=case.id, who=actor.name,
        cost=line_actions.cost_of(case, service),
    )


def read_giver(step, form):
    """Who grants a wish, where a step matches the two."""
    return (form.get("giver") or "").strip()[:60] if step is not None and step.does == "match_line" else ""


def _match_line(_actor, case, service, form):
    """A wish is matched: who grants it is written down, here or on the list."""
    is_open = any(one.state == "open" for one in item_queries.lines_of_case(case.id))
    if is_open and not read_giver(service.step(case.step_key), form):
        sentence = Invalid("Say who grants it.")
        raise Invalid(sentence.message, fields={"giver": sentence})


def _pay(actor, case, _service, form):
    """What was granted has been paid: with the number of the transfer, so that it is found again."""
    voucher = read_voucher(form.get("voucher"))
    if case.amount is None:
        raise Conflict("Nothing was granted in this case, so nothing is paid.")
    log(case, actor, "paid", words=voucher, facts={"amount": case.amount, "voucher": voucher})


def _place_member(actor, case, _service, form):
    membership_actions.place(actor, case, form.get("organisation_id"), form.get("is_another") == "1")


def _confirm_member(actor, case, _service, _form):
    number = membership_actions.confirm(case)
    log(case, actor, "told", words=number)


def _welcome_pack(_actor, case, _service, _form):
    membership_actions.give_pack(case)


def _certificate(actor, case, service, _form):
    slot = place_queries.get_slot(case.slot_id)
    attended = place_queries.meetings_attended(case.id, slot.id)
    course_rules.check_attended(attended, slot.sessions, service.slots.attend_percent)
    number = course_rules.certificate_number(clock.today().year, slot.id, case.id)
    case.answer = number
    log(case, actor, "told", words=number, facts={"certificate": number, "attended": attended})


def _extend_to_master(actor, case, service, _form):
    """The same reward for the master who trained the worker, as a case of its own."""
    if (case.answers or {}).get("masters") != "yes":
        return
    for human_id in sorted({one for find in MASTERS_OF for one in find(case.human_id)}):
        human = get_person(human_id)
        other = Case(
            service_key=case.service_key, version_id=case.version_id, human_id=human_id, name=human.name,
            receipt=case_queries.new_receipt(), phone="–", answers=_for_another(service, case.answers),
            at=clock.now(), channel=case.channel, state="decided", decided_at=clock.now(),
            honour_id=case.honour_id,
        )
        db.session.add(other)
        db.session.flush()
        log(other, actor, "applied", now="decided", facts={"extended_from": case.id})
        begin_step(other, service, case_rules.next_step(service, case.step_key))
        signals.case_moved.send("applied", case_id=other.id, was="", now="decided")
        log(case, actor, "told", words=human.name, facts={"extended_to": other.id})


def _for_another(service, answers):
    """What was answered, without what is the applicant's own: the account would be paid for the master."""
    own = {one.key for one in service.fields if one.kind in OWN} | {"bank"}
    return {key: value for key, value in answers.items() if key not in own} | {"masters": "no"}


EFFECTS = {
    "open_file": _open_file, "review_file": _review_file, "to_register": _to_register,
    "match_line": _match_line, "place_member": _place_member, "confirm_member": _confirm_member,
    "welcome_pack": _welcome_pack,
    "certificate": _certificate, "pay": _pay, "extend_to_master": _extend_to_master,
}
