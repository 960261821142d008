"""The list of a selection: as the review's results would make it now, as it was published, its stories."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from contest.db import db
from contest.errors import Conflict, Missing
from contest.people.models import Entrant
from contest.registry.models import Craftsman, Honour
from contest.results.models import ResultSheet
from contest.results.queries import HOLDS_RESULTS, find_latest_sheet
from contest.selection import list_rules, queries
from contest.selection.models import ListChange, SelectedList, Story, UnitNomination
from contest.setup.queries import find_plan_in_force


@dataclass(frozen=True)
class Preview:
    """What the list would be by the latest published results. due: {category: {kind: places}}."""

    sheet: ResultSheet | None
    due: dict
    lines: list  # list_rules.Line
    names: dict  # entrant id: row of the published results

    @property
    def waiting(self):
        """How many wait for a ruling of the chief judge."""
        return sum(line.outcome == list_rules.WAITS for line in self.lines)


def preview(contest_id, leaving=()):
    """The Preview of a selection; without lines before results of its last stage were published.

    leaving: ids of those without whom it is asked for, beside whoever left already.
    """
    terms = queries.terms_of(queries.get_call(contest_id))
    due, force = list_rules.places_of(terms), find_plan_in_force(contest_id)
    sheet = find_latest_sheet(contest_id, force.plan.last_stage.key) if force else None
    if sheet is None:
        return Preview(None, due, [], {})
    rows = {row["entrant_id"]: row for row in sheet.document["rows"]}
    kinds = {
        row.entrant_id: row.values["kind"]
        for row in db.session.scalars(
            select(UnitNomination).filter_by(contest_id=contest_id, state="admitted")
        )
    }
    gone = {*leaving, *(change.entrant_id for change in changes(contest_id))}
    candidates = [
        list_rules.Candidate(
            entrant_id, row["group"], kinds.get(entrant_id, ""), row["place"] or None,
            row["total"] if row["place"] else None,
        ) for entrant_id, row in rows.items()
    ]
    return Preview(sheet, due, list_rules.choose(candidates, terms, gone), rows)


def document_of(call, found):
    """A Preview as the document that is published."""
    return {
        "title": call.title, "title_en": call.title_en,
        "categories": [
            {"name": name, "places": places, "due": found.due[name]}
            for name, places in queries.terms_of(call).categories
        ],
        "result_revision": found.sheet.revision, "result_hash": found.sheet.document_hash,
        "lines": [_line(line, found.names[line.candidate.entrant_id]) for line in found.lines],
    }


def _line(line, row):
    one = line.candidate
    return {
        "entrant_id": one.entrant_id, "number": row["number"], "name": row["name"],
        "unit": row["organisation"], "unit_en": row["organisation_en"], "category": one.category,
        "kind": one.kind, "place": one.place, "total": one.total, "outcome": line.outcome,
        "message": line.message, "params": line.params,
    }


def find_list(contest_id):
    """The published SelectedList, or None."""
    return db.session.get(SelectedList, contest_id)


def changes(contest_id):
    """Every ListChange of a selection, the first one first."""
    return db.session.scalars(
        select(ListChange).filter_by(contest_id=contest_id).order_by(ListChange.number)
        .options(joinedload(ListChange.entrant))
    ).all()


def standing_document(contest_id):
    """The document of the published list as its latest revision says it, or None before it went out."""
    listed = find_list(contest_id)
    if listed is None:
        return None
    return next((one.document for one in reversed(changes(contest_id)) if one.document), listed.document)


def chosen(document):
    """The lines of a published document that stand on the list."""
    return [
        line for line in document["lines"] if line["outcome"] in (list_rules.CHOSEN, list_rules.MOVED)
    ]


def honours_of_list(contest_id):
    """{entrant id: the Honour} that the published list gave; {} before it."""
    listed = find_list(contest_id)
    if listed is None:
        return {}
    rows = db.session.execute(
        select(Entrant.id, Honour).join(Craftsman, Craftsman.human_id == Entrant.human_id)
        .join(Honour, Honour.craftsman_id == Craftsman.id)
        .where(Entrant.contest_id == contest_id, Honour.contest_id == contest_id).order_by(Honour.id)
    )
    return {
        entrant_id: honour for entrant_id, honour in rows
        if honour.evidence.get("list_hash") == listed.document_hash
    }


def revoked(contest_id):
    """{entrant id: why} of those on the published list whose honour of the list was revoked since."""
    return {
        entrant_id: honour.state_reason for entrant_id, honour in honours_of_list(contest_id).items()
        if honour.state == "revoked"
    }


def stories(contest_id):
    """{entrant id: the latest Story}, for whoever stands on the published list."""
    rows = db.session.scalars(
        select(Story).filter_by(contest_id=contest_id).where(Story.text != "").order_by(Story.id)
        .options(joinedload(Story.entrant))
    )
    return {row.entrant_id: row for row in rows}


def get_line(contest_id, entrant_id):
    """The line of somebody on the published list, or Missing."""
    document = standing_document(contest_id)
    line = next(
        (one for one in chosen(document) if one["entrant_id"] == entrant_id), None
    ) if document else None
    if line is None:
        raise Missing("This person does not stand on a published list.")
    return line


def get_story(contest_id, entrant_id):
    """The latest Story of somebody on the published list, or Missing; of nobody whose honour was revoked."""
    get_line(contest_id, entrant_id)
    if entrant_id in revoked(contest_id):
        raise Missing("The honour was revoked; its story is not told any more.")
    story = stories(contest_id).get(entrant_id)
    if story is None:
        raise Missing("No story has been told of this person.")
    return story


def find_page(entrant):
    """The row of somebody on the public register, or None."""
    return db.session.scalar(
        select(Craftsman).filter_by(human_id=entrant.human_id).where(Craftsman.listed_at.is_not(None))
    )


def why_results_are_held(contest_id):
    """A list that went out rests on the results: they are not opened again underneath it."""
    if find_list(contest_id) is not None:
        return Conflict(
            "The list of this selection was published on these results, so they can no longer be opened "
            "again. Whoever should not stand on it loses the honour on the register; the list shows that."
        )
    return None


HOLDS_RESULTS.append(why_results_are_held)
