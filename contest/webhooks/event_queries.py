"""What a message says: numbers and states, and of the person no more than the subscriber is told."""

import json

from contest.db import db
from contest.member_services import membership_queries
from contest.member_services.entitlement_models import Entitlement
from contest.member_services.models import Case
from contest.people.models import Human
from contest.registry.models import Honour
from contest.registry.record_models import RecordMark
from contest.registry.record_queries import NAMELESS, printed
from contest.setup.models import Contest


def honour_event(honour_id, state):
    """(kind, person's id, service "", data) of an honour that came to a state; a unit's is nobody's."""
    row = db.session.get(Honour, honour_id)
    return f"honour.{state}", row.craftsman.human_id if row.craftsman else None, "", {
        "honour": row.id, "state": state, "name": row.name, "name_en": row.name_en, "level": row.level,
        "is_title": row.is_title, "authority": row.authority, "document_number": row.document_number,
        "granted_on": row.granted_on.isoformat(), "contest": row.contest_id,
        "organisation": row.organisation.name if row.organisation else None, "team": row.team_name or None,
    }


def level_event(human_id, ladder, was, now):
    """The same of a person's step on a ladder."""
    return "level.changed", human_id, "", {"ladder": ladder, "was": was, "now": now}


def entitlement_event(did, entitlement_id):
    """The same of an entitlement that was opened, changed, reviewed or ended; no reason and no amount."""
    row = db.session.get(Entitlement, entitlement_id)
    return f"entitlement.{did}", row.human_id, row.service_key, {
        "entitlement": row.id, "service": row.service_key, "ground": row.ground, "honour": row.honour_id,
        "ladder": row.ladder, "level": row.level, "start_on": row.start_on.isoformat(),
        "end_on": row.end_on.isoformat() if row.end_on else None,
        "is_open": row.ended_at is None, "follows": row.follows_id,
    }


def case_event(case_id, was, now):
    """The same of a case that moved. Its receipt code opens the case and is told to nobody."""
    row = db.session.get(Case, case_id)
    return "case.moved", row.human_id, row.service_key, {
        "case": row.id, "service": row.service_key, "was": was, "now": now, "step": row.step_key,
        "entitlement": row.entitlement_id,
    }


def late_event(case_id):
    """The same of a case whose deadline is over, told once a step."""
    row = db.session.get(Case, case_id)
    return "case.late", row.human_id, row.service_key, {
        "case": row.id, "service": row.service_key, "state": row.state, "step": row.step_key,
        "due_at": row.due_at.isoformat(),
    }


def results_event(contest_id, stage, revision, kind, is_correction):
    """The same of published results: that they are, and of which contest; None of one that is not public.

    No figure, name or place stands in it: what the public may see is asked of the board, frozen or not.
    """
    contest = db.session.get(Contest, contest_id)
    if not contest.is_public:
        return None
    what = "corrected" if is_correction else {"provisional": "published", "final": "final"}[kind]
    return f"results.{what}", None, "", {
        "contest": contest.id, "slug": contest.slug, "name": contest.name, "name_en": contest.name_en,
        "stage": stage, "revision": revision, "is_final": kind == "final",
    }


def record_event(mark_id, state):
    """The same of a record that was confirmed or taken back, as far as the public page tells it; no reason.

    Where the contest is not public any more, or the holder was erased, nobody is named. A team's tells
    team and unit, and no person.
    """
    row = db.session.get(RecordMark, mark_id)
    line, contest = row.line, row.contest if row.contest.is_public else None
    is_told = contest is not None and row.name != NAMELESS
    team = {"team": row.name if is_told else "", "team_unit": row.unit if is_told else ""}
    human_id = row.entrant.human_id if is_told and row.entrant else None
    return f"record.{state}", human_id, "", (team if row.team_id else {}) | {
        "record": line.id, "name": line.name, "name_en": line.name_en, "event": line.event,
        "result": row.id, "value": printed(line, row.value), "unit": line.unit, "on": row.on.isoformat(),
        "contest": contest and contest.id, "slug": contest and contest.slug,
    }


def person_facts(human_id, facts):
    """The person in a message: a number, and what this subscriber is told beside it; None for nobody."""
    if human_id is None:
        return None
    told = {"person": human_id}
    human = db.session.get(Human, human_id)
    if "name" in facts:
        told["name"] = human.name
    if "unit" in facts:
        told["unit"] = human.organisation.name if human.organisation else ""
    if "number" in facts:
        member = membership_queries.membership_of(human_id)
        told["number"] = member.number if member else None
    return told


def body_of(kind, at, data, person):
    """The message as it is signed and sent: small, in one line, its letters as they are."""
    document = {"type": kind, "timestamp": at.isoformat(timespec="seconds"), "data": data}
    if person is not None:
        document["data"] = {**data, "about": person}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def case_of(body):
    """The number of the case that a message tells of, or None."""
    return json.loads(body)["data"].get("case") if body else None


def without_person(body):
    """The same message, its person a bare number."""
    document = json.loads(body)
    if about := document["data"].get("about"):
        document["data"]["about"] = {"person": about["person"]}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
