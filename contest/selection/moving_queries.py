"""Who would move up on a list if somebody left it, and what changed on it so far."""

from dataclasses import dataclass

from contest.awards.annulment_queries import annulled_entrants
from contest.errors import Missing
from contest.selection import list_queries, moving_rules, queries
from contest.selection.models import ListChange


@dataclass(frozen=True)
class Leaver:
    """Somebody on the list whose place is or would be free; proposed: lines of who would move up."""

    line: dict
    proposal: moving_rules.Proposal
    proposed: list
    is_due: bool  # the honour or the result is gone, the place waits for a decision

    @property
    def choices(self):
        """Pairs of the number and the name of those of whom one moves up."""
        return [(str(line["entrant_id"]), f"{line['name']} {line['unit']}") for line in self.proposed]


@dataclass(frozen=True)
class Told:
    """A ListChange with the lines of whoever left and moved up, as the page lists it."""

    row: ListChange
    left: dict
    moved_up: list


def document_now(contest_id):
    """The document of the list: as last published, or as it would be now; None before any results."""
    standing = list_queries.standing_document(contest_id)
    if standing is not None:
        return standing
    found = list_queries.preview(contest_id)
    return list_queries.document_of(queries.get_call(contest_id), found) if found.sheet else None


def propose(contest_id, document, entrant_id):
    """The Proposal of the rule for the place of somebody on the list."""
    terms = queries.terms_of(queries.get_call(contest_id))
    if list_queries.find_list(contest_id) is not None:
        return moving_rules.next_up(document["lines"], entrant_id, bool(terms.shares), terms.least)
    before = {line["entrant_id"] for line in list_queries.chosen(document)}
    after = list_queries.preview(contest_id, leaving=(entrant_id,)).lines
    return moving_rules.Proposal(tuple(
        line.candidate.entrant_id for line in after
        if line.is_chosen and line.candidate.entrant_id not in before
    ))


def leavers(contest_id, document):
    """A Leaver for whoever may leave: before publication all on the list, then who lost the honour."""
    is_out = list_queries.find_list(contest_id) is not None
    gone = set(list_queries.revoked(contest_id)) if is_out else annulled_entrants(contest_id)
    lines = {line["entrant_id"]: line for line in document["lines"]}
    found = []
    for line in list_queries.chosen(document):
        if is_out and line["entrant_id"] not in gone:
            continue
        proposal = propose(contest_id, document, line["entrant_id"])
        found.append(Leaver(
            line, proposal, [lines[key] for key in proposal.ids], line["entrant_id"] in gone,
        ))
    return found


def get_leaver(contest_id, entrant_id):
    """The Leaver of this number, or Missing for whoever is not on the list or keeps the honour."""
    document = document_now(contest_id)
    for one in leavers(contest_id, document) if document else ():
        if one.line["entrant_id"] == entrant_id:
            return one
    raise Missing("Nobody of this number can leave the list.")


def told(contest_id, document):
    """Every change so far as Told, the first one first."""
    lines = {line["entrant_id"]: line for line in document["lines"]}
    return [
        Told(row, lines[row.entrant_id], [lines[key] for key in row.moved_up if key in lines])
        for row in list_queries.changes(contest_id) if row.entrant_id in lines
    ]
