"""What applicants do: apply, complete what was missing, write, withdraw, say how it went."""

from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError

from contest import clock, signals
from contest.audit.work import Actor, work
from contest.db import db
from contest.errors import Conflict, Invalid
from contest.i18n import N_
from contest.member_services import case_queries as queries
from contest.member_services import (
    case_rules,
    catalogue_queries,
    catalogue_rules,
    entitlement_queries,
    field_forms,
    file_rules,
    limit_rules,
    line_actions,
    membership_actions,
    place_queries,
)
from contest.member_services.models import Case, CaseFile, ServiceVersion
from contest.member_services.moving_actions import begin_step, check_limit, log, moving, put

PUBLIC = Actor(None, "public form")


@dataclass(frozen=True)
class Door:
    """How an application comes in. human_id: of the signed-in person; is_office: an officer typed it."""

    human_id: int | None = None
    honour_id: int | None = None
    is_office: bool = False


def apply_for(actor, service_key, form, files=(), door=Door()):  # noqa: B008  (it never changes)
    """Take an application and give it a receipt code; Invalid brings the form back.

    The same form with the same files, sent twice within minutes, is one application: the first is returned
    again. Raises
    Conflict when the honour that is named does not open this service, or when a case for it is open.
    """
    service = catalogue_queries.get_service(service_key)
    honour = queries.lock_honour(door.honour_id) if door.honour_id else None
    if door.honour_id and (honour is None or service not in catalogue_queries.services_of(honour)):
        raise Conflict("This honour does not entitle to this service.")
    values, taken, slot, station_id = _read(service, form, files)
    honour_id = honour.id if honour else None
    slot_id, hashes = slot.id if slot else None, [one.sha256 for _, one in taken]
    version_id = keep_version(service_key).id
    queries.lock_version(version_id)  # the same form may come twice at the same moment
    if before := queries.find_sent_before(service.key, honour_id, values, slot_id, hashes):
        return before
    if wrong := _no_place(slot):  # asked only now: what was sent twice holds the last place itself
        raise Invalid("Some fields are missing or wrong; nothing was sent.", fields=wrong)
    if honour is not None:
        case_rules.check_one_open(
            queries.open_applicants(service.key, honour.id), values["name"], honour.craftsman.human.name
        )
    case = Case(
        service_key=service.key, version_id=version_id,
        receipt=queries.new_receipt(), honour_id=honour_id,
        human_id=door.human_id, station_id=station_id, slot_id=slot_id,
        channel=_channel(service, form, door), at=clock.now(), state="applied",
        agent=(form.get("agent") or "").strip()[:40], **values,
    )
    _know(case, service, honour)
    # Whoever names somebody is not told what that person had; accepting it asks again.
    if case.human_id is not None:
        year = place_queries.year_of(case)
        for limit in limit_rules.limits_of(service, case.answers):
            limit_rules.check_left(
                limit, place_queries.times_of(case.human_id, service.key, limit, year), year
            )
    with work(actor, "service.apply", subject=service.key, kind=case.channel) as facts:
        if slot is not None:
            place_queries.check_free(place_queries.lock_slot(slot.id))
        db.session.add(case)
        db.session.flush()
        facts["application"] = case.id
        keep_files(case, taken)
        begin_step(case, service, service.steps[0].key)
        log(case, actor, "applied", now="applied", words=case.words,
            facts={"files": hashes})
        signals.case_moved.send("applied", case_id=case.id, was="", now="applied")
    return case


def _read(service, form, files):
    """Values, files, slot and station of a form, with everything that is wrong in it at once."""
    wrong, values, slot, station_id = {}, None, None, None
    taken = file_rules.read_files(files)
    try:
        values = field_forms.read_application(service, form, {key for key, _ in taken})
    except Invalid as refused:
        wrong |= refused.fields
    try:
        slot = place_queries.read_slot(service, form.get("slot_id"))
    except Invalid as refused:
        wrong["slot_id"] = refused
    try:
        station_id = place_queries.read_station(service, form.get("station_id"), slot)
    except Invalid as refused:
        wrong["station_id"] = refused
    if wrong:
        raise Invalid(
            "Some fields are missing or wrong; nothing was sent.", fields={**_no_place(slot), **wrong}
        )
    return values, taken, slot, station_id


def _no_place(slot):
    """{"slot_id": why} where a booked time can be had no more."""
    try:
        if slot is not None:
            place_queries.check_free(slot)
    except Invalid as refused:
        return {"slot_id": refused}
    return {}


def _channel(service, form, door):
    """How it came in: who applies alone comes online."""
    wanted = form.get("channel", "")
    return wanted if door.is_office and wanted in service.channels else "online"


def _know(case, service, honour):
    """What is known about the applicant: the entitlement, the unit, whether the case goes first."""
    human_id = case.human_id
    if honour is not None and case_rules.is_same_name(case.name, honour.craftsman.human.name):
        human_id = human_id or honour.craftsman.human_id
    found = entitlement_queries.find_open(human_id, service.key)
    case.entitlement_id = found.id if found else None
    member = entitlement_queries.active_membership(human_id) if human_id else None
    case.organisation_id = member.organisation_id if member else None
    case.is_first = case_rules.goes_first(
        service, case.answers, case.channel, entitlement_queries.held_keys(human_id)
    )


def keep_version(key):
    """The row that holds an entry as it stands now, so that the case keeps it; made when there is none."""
    document = catalogue_queries.document_of(key)
    fingerprint = catalogue_rules.fingerprint(document)
    if (found := catalogue_queries.find_version(key, fingerprint)) is not None:
        return found
    row = ServiceVersion(
        key=key, number=catalogue_queries.next_number(key), source="shipped", document=document,
        document_hash=fingerprint, at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:  # somebody else kept it at the same moment
        return catalogue_queries.find_version(key, fingerprint)
    return row


def keep_files(case, taken):
    """Store files of a case, numbered behind those that are there, within the caller's work."""
    start = len(queries.files_of(case.id))
    db.session.add_all(
        CaseFile(
            case_id=case.id, number=number, field_key=key, name=one.name, ending=one.ending,
            size=len(one.content), sha256=one.sha256, content=one.content, at=clock.now(),
        )
        for number, (key, one) in enumerate(taken, start=start + 1)
    )


class MultiTyped:
    """A form with some fields set."""

    def __init__(self, form, values):
        self.form, self.values = form, values

    def get(self, key):
        """The first value of a field."""
        return self.values.get(key, self.form.get(key))

    def getlist(self, key):
        """Every value of a field."""
        return [self.values[key]] if key in self.values else self.form.getlist(key)


def complete_case(actor, receipt, form, files=()):
    """Send a returned application again with what was missing: it goes on where it was, its clock anew."""
    case = queries.get_by_receipt(receipt)
    if case.state != "returned":
        raise Conflict("Nothing is missing in this application.")
    service = catalogue_queries.service_of(case.version)
    there = [one for one in queries.files_of(case.id) if one.field_key != file_rules.BY_OFFICE]
    taken = file_rules.read_files(files, len(there))
    keys = {key for key, _ in taken} | {one.field_key for one in there}
    typed = MultiTyped(form, _left_as_it_is(case, service, form))
    values = field_forms.read_application(service, typed, keys)
    state, step_key = _returned_from(case, service)
    with moving(actor, case, "service.move", act="complete"):
        said = line_actions.text_of(case)
        for name, value in values.items():
            setattr(case, name, value)
        if state == "accepted":
            check_limit(case, service)  # an answer may have brought it under one
        case.is_first = case_rules.goes_first(  # or into the green lane, or out of it
            service, case.answers, case.channel, entitlement_queries.held_keys(case.human_id)
        )
        line_actions.correct_lines(case, said, actor.name)
        keep_files(case, taken)
        put(case, state)
        case.step_key = step_key
        log(case, actor, "completed", was="returned", now=state,
            facts={"files": [one.sha256 for _, one in taken]})
        begin_step(case, service, step_key)  # behind the line that says from when its clock counts
    return case


def _left_as_it_is(case, service, form):
    """What is never shown to whoever has the code alone: left empty it stays."""
    kept, field = {"phone": form.get("phone") or case.phone}, field_forms.number_field(service)
    if field is not None:
        kept[field.key] = form.get(field.key) or (case.answers or {}).get(field.key)
    return kept


def _returned_from(case, service):
    """(state, key of the step) at which the office sent an application back."""
    event = next((one for one in reversed(queries.history(case, True)) if one.kind == "returned"), None)
    if event is None or event.was != "accepted" or service.step(event.step_key) is None:
        return "applied", service.steps[0].key
    return event.was, event.step_key


def write_message(actor, receipt, text):
    """A message of the applicant to the office."""
    case = queries.get_by_receipt(receipt)
    if case.state in case_rules.OVER:
        raise Conflict("This case is closed; apply again, or ask at the service desk.")
    words = case_rules.read_words(text, N_("Write what you want to say."), "text")
    with moving(actor, case, "service.write"):
        log(case, actor, "written", words=words)


def withdraw_case(actor, receipt, reason=""):
    """The applicant takes the application back; a booked slot is free again."""
    case = queries.get_by_receipt(receipt)
    if case.state not in case_rules.WITHDRAWN_FROM:
        raise Conflict("The case is “%(state)s”; that does not follow.", state=case_rules.STATES[case.state])
    words, was = case_rules.read_words(reason), case.state
    with moving(actor, case, "service.move", act="withdraw") as facts:
        put(case, "withdrawn")
        log(case, actor, "withdrawn", was=was, now="withdrawn", words=words)
        # Why somebody takes an application back is told to the office alone: a line may be public.
        line_actions.follow_case(actor, case, "", facts)
        membership_actions.release(case, case_rules.EVENTS["withdrawn"])


def give_feedback(actor, receipt, form):
    """How it went. Who is satisfied closes the case; who is not is asked again by the office."""
    case = queries.get_by_receipt(receipt)
    if case.state != "done":
        raise Conflict("Feedback is taken once, when the service is done.")
    service = catalogue_queries.service_of(case.version)
    words = case_rules.read_words(form.get("text"))
    scores = case_rules.read_scores(service.questions, form)
    is_content = case_rules.is_satisfied(scores)
    with moving(actor, case, "service.feedback", points=list(scores.values())) as facts:
        case.scores = scores
        put(case, "closed" if is_content else "feedback")
        log(case, actor, "feedback", was="done", now=case.state, words=words, facts={"scores": scores})
        if is_content:  # what the applicant says of it is no answer: a line may be public
            line_actions.follow_case(actor, case, "", facts)
    return case
