"""The list of a selection: as the review's results would make it now, as it was published, its stories."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from contest.db import db
from contest.errors import Missing
from contest.registry.models import Craftsman
from contest.results.models import ResultSheet
from contest.results.queries import find_latest_sheet
from contest.selection import list_rules, queries
from contest.selection.models import SelectedList, Story, UnitNomination
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


def preview(contest_id):
    """The Preview of a selection; without lines before results of its last stage were published."""
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
    candidates = [
        list_rules.Candidate(
            entrant_id, row["group"], kinds.get(entrant_id, ""), row["place"] or None,
            row["total"] if row["place"] else None,
        ) for entrant_id, row in rows.items()
    ]
    return Preview(sheet, due, list_rules.choose(candidates, terms), rows)


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


def chosen(document):
    """The lines of a published document that stand on the list."""
    return [
        line for line in document["lines"] if line["outcome"] in (list_rules.CHOSEN, list_rules.MOVED)
    ]


def stories(contest_id):
    """{entrant id: the latest Story}, for whoever stands on the published list."""
    rows = db.session.scalars(
        select(Story).filter_by(contest_id=contest_id).where(Story.text != "").order_by(Story.id)
        .options(joinedload(Story.entrant))
    )
    return {row.entrant_id: row for row in rows}


def get_line(contest_id, entrant_id):
    """The line of somebody on the published list, or Missing."""
    found = find_list(contest_id)
    line = next(
        (one for one in chosen(found.document) if one["entrant_id"] == entrant_id), None
    ) if found else None
    if line is None:
        raise Missing("This person does not stand on a published list.")
    return line


def get_story(contest_id, entrant_id):
    """The latest Story of somebody on the published list, or Missing."""
    get_line(contest_id, entrant_id)
    story = stories(contest_id).get(entrant_id)
    if story is None:
        raise Missing("No story has been told of this person.")
    return story


def find_page(entrant):
    """The row of somebody on the public register, or None."""
    return db.session.scalar(
        select(Craftsman).filter_by(human_id=entrant.human_id).where(Craftsman.listed_at.is_not(None))
    )
