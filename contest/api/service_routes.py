"""Member services over the API: the catalogue, times, applications and what their applicants do."""

from base64 import b64decode
from binascii import Error as NotBase64

from werkzeug.datastructures import MultiDict

from contest.accounts.guards import needs, open_to_all
from contest.api import door, rules, service_shapes
from contest.api.routes import bp, paged
from contest.errors import Invalid
from contest.i18n import N_
from contest.member_services import (
    apply_actions,
    case_queries,
    case_rules,
    catalogue_queries,
    entitlement_queries,
    file_rules,
    place_actions,
    place_queries,
)
from contest.member_services.blueprint import actor, is_office
from contest.member_services.public_routes import own_human

TAG = N_("Services")


@door.operation(
    bp, "GET", "/entitlements", service_shapes.Entitlements,
    guard=needs("organiser", "service_officer", everywhere=True), scope="entitlements:read", tag=TAG,
    summary=N_("Who is entitled to what, ended ones too"), query=service_shapes.EntitlementsQuery,
)
def list_entitlements(query):
    rows = entitlement_queries.list_after(
        rules.key_of(query.after), query.limit + 1, query.person, query.service
    )
    items, cursor = paged(query, rows, lambda one: one.id).values()
    return {"next": cursor, "items": [
        {"id": one.id, "person": one.human_id, "service": one.service_key, "ground": one.ground,
         "honour": one.honour_id, "ladder": one.ladder, "level": one.level, "start_on": one.start_on,
         "end_on": one.end_on, "is_open": one.ended_at is None} for one in items
    ]}


@door.operation(
    bp, "GET", "/services", service_shapes.Services, guard=open_to_all, scope="services:read", tag=TAG,
    summary=N_("The catalogue of member services"),
)
def list_services():
    return {"items": [_service(one) for one in catalogue_queries.services().values()]}


@door.operation(
    bp, "GET", "/services/<key>", service_shapes.ServiceFacts, guard=open_to_all, scope="services:read",
    tag=TAG, summary=N_("One service and what an application must say"),
)
def show_service(key):
    return _service(catalogue_queries.get_service(key))


def _service(service):
    names = set(service_shapes.ServiceFacts.model_fields) & set(type(service).model_fields)
    return {
        **{name: getattr(service, name) for name in names},
        "is_for_everybody": not service.is_restricted,
        "needs_slot": service.slots is not None and service.slots.needed,
    }


@door.operation(
    bp, "GET", "/services/<key>/slots", service_shapes.Slots, guard=open_to_all, scope="services:read",
    tag=TAG, summary=N_("The times that can be booked, with the places that are free"),
    query=service_shapes.PageQuery, find=catalogue_queries.get_service,
)
def list_slots(key, query):
    lines = sorted(place_queries.slots(key), key=lambda one: one.slot.id)
    page = paged(query, lines, lambda one: one.slot.id)
    page["items"] = [
        {**{name: getattr(one.slot, name) for name in (
            "id", "topic", "occasion", "place", "starts_at", "ends_at", "sessions", "capacity",
        )}, "station": one.slot.station.name if one.slot.station else "", "free": one.free}
        for one in page["items"]
    ]
    return page


@door.operation(
    bp, "POST", "/services/<key>/applications", service_shapes.ApplicationFacts, guard=open_to_all,
    scope="services:write", tag=TAG, summary=N_("Apply for a service, with files and a booked time"),
    body=service_shapes.Applying, find=catalogue_queries.get_service, status=201,
)
def apply_for(key, body):
    at = apply_actions.Door(None if is_office() else own_human(), body.honour_id, is_office())
    chosen = {name: str(value) for name in ("slot_id", "station_id") if (value := getattr(body, name))}
    return _application(
        apply_actions.apply_for(actor(), key, MultiDict({**body.answers, **chosen}), _files(body), at)
    )


def _files(body):
    """The files of a body as a form brings them: (field, name, content); Invalid at a broken one."""
    found = []
    for number, one in enumerate(body.files):
        try:
            found.append((one.field, one.name, b64decode(one.content, validate=True)))
        except (NotBase64, ValueError) as broken:
            sentence = Invalid("The content of a file is written in Base64.")
            raise Invalid(sentence.message, fields={f"files.{number}.content": sentence}) from broken
    return found


@door.operation(
    bp, "GET", "/applications/<receipt>", service_shapes.ApplicationFacts, guard=open_to_all,
    scope="services:read", tag=TAG, summary=N_("How an application stands, by the code of its receipt"),
)
def show_application(receipt):
    return _application(case_queries.get_by_receipt(receipt))


def _application(row):
    line = case_queries.line_of(row)
    return {
        "receipt": row.receipt, "service": row.service_key, "state": row.state, "step": row.step_key,
        "at": row.at, "due_at": row.due_at, "is_late": line.is_late, "answer": row.answer,
        "slot_id": row.slot_id,
        "acts": (*case_rules.own_acts(row.state), *(("slot",) if place_queries.called_off(row) else ())),
        "files": [{"number": one.number, "field": one.field_key, "size": one.size, "sha256": one.sha256}
                  for one in case_queries.files_of(row.id) if one.field_key != file_rules.BY_OFFICE],
    }


@door.operation(
    bp, "POST", "/applications/<receipt>/complete", service_shapes.ApplicationFacts, guard=open_to_all,
    scope="services:write", tag=TAG, summary=N_("Send a returned application again with what was missing"),
    body=service_shapes.Completing, find=case_queries.get_by_receipt,
)
def complete_application(receipt, body):
    return _application(
        apply_actions.complete_case(actor(), receipt, MultiDict(body.answers), _files(body))
    )


@door.operation(
    bp, "POST", "/applications/<receipt>/messages", service_shapes.ApplicationFacts, guard=open_to_all,
    scope="services:write", tag=TAG, summary=N_("Write to the office about an application"),
    body=service_shapes.Message, find=case_queries.get_by_receipt,
)
def write_about_application(receipt, body):
    apply_actions.write_message(actor(), receipt, body.text)
    return _application(case_queries.get_by_receipt(receipt))


@door.operation(
    bp, "POST", "/applications/<receipt>/withdraw", service_shapes.ApplicationFacts, guard=open_to_all,
    scope="services:write", tag=TAG, summary=N_("Take an application back; a booked time is free again"),
    body=service_shapes.Withdrawing, find=case_queries.get_by_receipt,
)
def withdraw_application(receipt, body):
    apply_actions.withdraw_case(actor(), receipt, body.reason)
    return _application(case_queries.get_by_receipt(receipt))


@door.operation(
    bp, "POST", "/applications/<receipt>/slot", service_shapes.ApplicationFacts, guard=open_to_all,
    scope="services:write", tag=TAG, summary=N_("Take another time instead of one that was called off"),
    body=service_shapes.Booking, find=case_queries.get_by_receipt,
)
def book_application_again(receipt, body):
    place_actions.book_again(actor(), receipt, str(body.slot_id))
    return _application(case_queries.get_by_receipt(receipt))


@door.operation(
    bp, "POST", "/applications/<receipt>/feedback", service_shapes.ApplicationFacts, guard=open_to_all,
    scope="services:write", tag=TAG, summary=N_("Say how a service went, once, when it is done"),
    body=service_shapes.Feedback, find=case_queries.get_by_receipt,
)
def rate_application(receipt, body):
    scores = {f"score-{key}": str(score) for key, score in body.scores.items()}
    return _application(
        apply_actions.give_feedback(actor(), receipt, MultiDict({**scores, "text": body.text}))
    )
