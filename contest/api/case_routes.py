"""The work of the service desk over the API: every act goes through what the desk's page calls."""

from base64 import b64encode

from flask import g
from werkzeug.datastructures import MultiDict

from contest.accounts.guards import needs
from contest.api import case_shapes, door, rules
from contest.api.routes import bp, paged
from contest.documents.attached import KINDS
from contest.i18n import N_
from contest.member_services import (
    case_actions,
    case_queries,
    case_rules,
    contribution_queries,
    desk_queries,
    duty_queries,
    file_rules,
    look_actions,
)
from contest.member_services.blueprint import OFFICE, actor

TAG = N_("Service desk")


def _find_case(case_id, number=None):
    """There is such a case, for whoever asks, and such a file of it; Missing, NotAllowed."""
    case = case_queries.get_case_for(g.person.user_id, case_id)
    if number is not None:
        case_queries.get_file(case, number)


def _of_desk(method, path, answer, scope, summary, **more):
    if "<" in path:
        more["find"] = _find_case
    return door.operation(
        bp, method, path, answer, guard=needs(*OFFICE, everywhere=True), scope=scope, tag=TAG,
        summary=summary, **more,
    )


@_of_desk("GET", "/cases", case_shapes.Cases, "cases:read",
          N_("The applications that the token's owner may see, by their numbers"),
          query=case_shapes.CasesQuery)
def list_cases(query):
    search = desk_queries.Search(
        state=query.state, service=query.service, user_id=g.person.user_id, is_late=query.late,
        since=query.since,
    )
    lines = desk_queries.list_after(search, rules.key_of(query.after), query.limit + 1)
    page = paged(query, lines, lambda one: one.case.id)
    page["items"] = _told_lines(page["items"])
    return page


def _told_lines(lines):
    moments = desk_queries.changed_at([one.case.id for one in lines])
    return [_line(one, moments.get(one.case.id, one.case.at)) for one in lines]


def _line(line, changed_at):
    case = line.case
    return {
        **{name: getattr(case, name) for name in (
            "id", "revision", "state", "at", "due_at", "is_first",
        )},
        "service": case.service_key, "step": case.step_key, "changed_at": changed_at,
        "is_late": line.is_late, "assignee": case.assignee_id, "person": case.human_id,
    }


def _told(case_id):
    """How a case stands after an act: no word of the applicant, for answers are kept under their key."""
    [line] = _told_lines([case_queries.line_of(case_queries.get_case(case_id))])
    return line


@_of_desk("GET", "/cases/<int:case_id>", case_shapes.CaseFacts, "cases:read",
          N_("One application with everything; that it was read stands in the access log"))
def show_case(case_id):
    user_id = g.person.user_id
    look_actions.note_look(actor(), case_queries.get_case_for(user_id, case_id))
    case = case_queries.get_case_for(user_id, case_id)
    line = case_queries.line_of(case)
    return {
        **_told(case_id), **_own_facts(case), "version": case.version.number,
        "answers": _answers(case, line.service), "steps": _steps(case, line.service),
        "history": [_event(one) for one in case_queries.history(case, for_office=True)],
        "files": [_file(one) for one in case_queries.files_of(case.id)],
        "acts": case_rules.acts(line.service, case.state, case.step_key, case.ended_at is not None),
        "aid_choices": line.service.aids, "officers": _officers(line.service),
        "contribution": _contribution(case, line.service),
    }


def _contribution(case, service):
    asked = contribution_queries.of_case(case, service)
    if asked is None or not asked.is_known:
        return None
    return {
        "year": asked.year, "paid_on": asked.paid and asked.paid.paid_on,
        "amount": asked.paid and asked.paid.amount,
    }


def _own_facts(case):
    same = {name: getattr(case, name) for name in (
        "receipt", "name", "phone", "words", "channel", "agent", "amount", "answer", "step_at",
        "decided_at", "done_at", "over_at", "times_late",
    )}
    return same | {
        "aids": case.aids or [], "unit": case.organisation_id, "honour": case.honour_id,
        "entitlement": case.entitlement_id, "station": case.station_id, "slot": case.slot_id,
    }


def _answers(case, service):
    given = case.answers or {}
    return [
        {"key": one.key, "name": one.name, "name_en": one.name_en, "kind": one.kind,
         "value": given.get(one.key)} for one in service.fields
    ]


def _steps(case, service):
    """The steps in order; those before the present one are done, and all of them when the case is."""
    keys = service.step_keys
    at = keys.index(case.step_key) if case.step_key in keys else len(keys) * (case.done_at is not None)
    return [
        {"key": one.key, "name": one.name, "name_en": one.name_en, "who": one.who, "kind": one.kind,
         "is_done": number < at, "is_now": one.key == case.step_key}
        for number, one in enumerate(service.steps)
    ]


def _event(row):
    names = ("at", "who", "kind", "was", "now", "words", "is_inner", "is_late")
    return {**{name: getattr(row, name) for name in names}, "step": row.step_key}


def _file(row):
    return {
        "number": row.number, "field": row.field_key, "name": row.name, "size": row.size,
        "sha256": row.sha256, "is_by_office": row.field_key == file_rules.BY_OFFICE,
    }


def _officers(service):
    known = duty_queries.holders(service.kept_by) if service.kept_by else duty_queries.officers()
    return [{"id": user_id, "name": name} for user_id, name in known.items()]


@_of_desk("GET", "/cases/<int:case_id>/files/<int:number>", case_shapes.CaseFileContent, "cases:files",
          N_("The content of a file; that it was read stands in the access log"))
def show_case_file(case_id, number):
    look_actions.note_look(actor(), case_queries.get_case_for(g.person.user_id, case_id), "case_files")
    case = case_queries.get_case_for(g.person.user_id, case_id)
    row, content = case_queries.get_file(case, number)
    return {
        "number": row.number, "name": file_rules.served_name(case.receipt, row.number, row.ending),
        "media_type": KINDS[row.ending][0], "size": row.size, "sha256": row.sha256,
        "content": b64encode(content).decode("ascii"),
    }


@_of_desk("POST", "/cases/<int:case_id>/acts", case_shapes.CaseLine, "cases:write",
          N_("Accept, return, finish a step, settle, grant, refuse or close, by the rules of the page"),
          body=case_shapes.CaseAct)
def act_on_case(case_id, body):
    typed = body.model_dump(exclude={"revision", "act", "aid", "is_another", "organisation_id"})
    form = MultiDict([
        *typed.items(), *(("aid", one) for one in body.aid), ("is_another", "1" if body.is_another else ""),
        ("organisation_id", str(body.organisation_id or "")),
    ])
    case_actions.move_case(actor(), case_id, body.revision, body.act, form)
    return _told(case_id)


@_of_desk("POST", "/cases/<int:case_id>/notes", case_shapes.CaseLine, "cases:write",
          N_("Write a note for the office, or a message to the applicant"), body=case_shapes.CaseNote)
def note_on_case(case_id, body):
    case_actions.add_note(actor(), case_id, body.text, body.is_inner)
    return _told(case_id)


@_of_desk("POST", "/cases/<int:case_id>/assignee", case_shapes.CaseLine, "cases:write",
          N_("Give the case to somebody else"), body=case_shapes.CaseAssignment)
def reassign_case(case_id, body):
    case_actions.assign_case(actor(), case_id, body.revision, body.assignee)
    return _told(case_id)


@_of_desk("POST", "/cases/<int:case_id>/person", case_shapes.CaseLine, "cases:write",
          N_("Say whose case it is"), body=case_shapes.CasePerson)
def tie_case(case_id, body):
    case_actions.link_person(actor(), case_id, body.revision, body.person)
    return _told(case_id)
