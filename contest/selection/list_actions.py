"""Publishing the list of a selection, with its honours, and telling the stories of those on it."""

from contest import clock
from contest.audit.work import work
from contest.awards.annulment_queries import annulled_entrants
from contest.db import db
from contest.errors import Conflict, Invalid
from contest.people.models import Entrant
from contest.registry import listing
from contest.registry import rules as registry_rules
from contest.results.queries import lock_contest
from contest.selection import (
    list_queries,
    list_rules,
    nomination_rules,
    queries,
    trail_words,  # noqa: F401 (names deeds)
)
from contest.selection.call_rules import ALL_WRONG
from contest.selection.models import SelectedList, Story


def publish_list(actor, contest_id, form):
    """Publish the list of final results; everybody on it gets the honour on the register.

    form: authority, document_number, granted_on, level (of the register's ladder, or empty), is_checked.
    Conflict before final results, a second time, and while somebody waits for a ruling.
    """
    contest, call = lock_contest(contest_id), queries.get_call(contest_id)
    list_rules.check_listable(contest.state, list_queries.find_list(contest_id) is not None)
    found = list_queries.preview(contest_id)
    list_rules.check_decided(found.lines)
    _check_none_annulled(contest_id, found.lines)
    listing.check_not_frozen(contest_id)
    authority, number, granted_on, level = _read(form)
    document = list_queries.document_of(call, found)
    lines = list_queries.chosen(document)
    with work(
        actor, "selection.publish", contest_id=contest_id, subject=call.title, listed=len(lines),
        authority=authority, document=number, hash=list_rules.document_hash(document),
    ):
        listed = SelectedList(
            contest_id=contest_id, result_sheet_id=found.sheet.id, document=document,
            document_hash=list_rules.document_hash(document), authority=authority, document_number=number,
            granted_on=granted_on, by_id=actor.user_id, at=clock.now(),
        )
        db.session.add(listed)
        for line in lines:
            grant(actor, listed, call, line, level, number, granted_on, listed.document_hash)
    return listed


def _check_none_annulled(contest_id, lines):
    gone = annulled_entrants(contest_id)
    if any(line.is_chosen and line.candidate.entrant_id in gone for line in lines):
        raise Conflict("A result on the list was annulled: confirm first who moves up.")


def _read(form):
    registry_rules.check_compared(form.get("is_checked") == "1")
    number, granted_on, wrong = read_decision(form)
    authority = form.get("authority", "").strip()
    if not 1 <= len(authority) <= 80:
        wrong["authority"] = Invalid("Enter the authority that grants the honours.")
    level = form.get("level", "")
    if level and level not in registry_rules.LEVELS:
        wrong["level"] = Invalid("Choose one of the levels.")
    if wrong:
        raise Invalid(ALL_WRONG, fields=wrong)
    return authority, number, granted_on, level


def read_decision(form):
    """(number of the decision, day from which it grants, {field: Invalid} of what is wrong with them)."""
    number, wrong, granted_on = form.get("document_number", "").strip(), {}, None
    if not 1 <= len(number) <= 60:
        wrong["document_number"] = Invalid("Enter the number of the decision.")
    try:
        granted_on = registry_rules.read_day(form.get("granted_on"))
    except Invalid as refused:
        wrong["granted_on"] = refused
    return number, granted_on, wrong


def grant(actor, listed, call, line, level, number, granted_on, list_hash):
    """Within a larger act: somebody on the list gets its honour, by the decision of this number.

    list_hash: of the document on which the line stands, which after a change is a later revision.
    """
    entrant = db.session.get(Entrant, line["entrant_id"])
    listing.add_honour(
        "selection.publish", actor.user_id, listing.holder_of_entrant(entrant),
        contest_id=listed.contest_id,
        name=list_rules.honour_name(call.title, line["category"], listed.document["categories"]),
        name_en=call.title_en, level=level, is_title=True, authority=listed.authority,
        document_number=number, granted_on=granted_on, place=line["place"],
        evidence={
            "total": line["total"], "why": {"message": line["message"], "params": line["params"]},
            "result_revision": listed.document["result_revision"],
            "result_hash": listed.document["result_hash"], "list_hash": list_hash,
            "result_at": clock.now().isoformat(),
        },
    )


def tell_story(actor, contest_id, entrant_id, title, text):
    """Publish the story of somebody on the published list; told again, the later one stands."""
    lock_contest(contest_id)
    line = list_queries.get_line(contest_id, entrant_id)
    if entrant_id in list_queries.revoked(contest_id):
        raise Conflict("The honour was revoked; its story is not told any more.")
    title, text = nomination_rules.check_story(title, text)
    with work(
        actor, "selection.story", contest_id=contest_id, subject=line["name"], entrant=line["number"],
        name=title,
    ):
        story = Story(
            contest_id=contest_id, entrant_id=entrant_id, title=title, text=text, by_id=actor.user_id,
            at=clock.now(),
        )
        db.session.add(story)
    return story
