"""Whom the identity numbers of a roster name already."""

from sqlalchemy import select

from contest.db import db
from contest.people import number_queries, queries, sealing
from contest.people.person_queries import get_person
from contest.people.personal_models import IdNumber
from contest.people.roster_number_rules import Known

PLACE = "pending_import.rows"  # to what the numbers of a list that waits are bound


def known_of(contest_id, numbers, lines):
    """({row: Known}, {row: the Human whose number it is}) of {row: number}."""
    here = {entrant.id: get_person(entrant.human_id).id for entrant in queries.list_entrants(contest_id)}
    by_match = {sealing.match_of(number): row for row, number in numbers.items()}
    rows = db.session.execute(
        select(IdNumber.match, IdNumber.human_id).where(IdNumber.match.in_(list(by_match)))
    )
    holder_of = {match: get_person(human_id) for match, human_id in rows}
    own = {line.row: here.get(line.entrant_id) for line in lines}
    names = {line.row: line.values["name"] for line in lines}
    known, holders = {}, {}
    for row, number in numbers.items():
        match = sealing.match_of(number)
        holder = holder_of.get(match)
        kept = number_queries.find_number(own[row]) if own[row] else None
        known[row] = Known(
            holder.id if holder else None, holder is not None and holder.name == names[row], own[row],
            kept is not None and kept.match != match,
            holder is not None and holder.id != own[row] and holder.id in here.values(),
        )
        if holder is not None:
            holders[row] = holder
    return known, holders


def opened(documents):
    """{row: number} of a list that waits, whose numbers lie sealed."""
    return {one["row"]: sealing.unseal(one["sealed"], PLACE) for one in documents if one.get("sealed")}
