"""Whom the identity numbers of a roster name already."""

from sqlalchemy import select

from contest.db import db
from contest.people import number_queries, phone_queries, queries, sealing
from contest.people.person_queries import get_person
from contest.people.personal_models import IdNumber
from contest.people.roster_number_rules import Known

# What lies sealed in a line of a list that waits: the identity number, the telephone number.
SEALED = ("sealed", "sealed_phone")
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


def opened(documents, key="sealed"):
    """{row: number} of a list that waits, whose numbers lie sealed; key: of SEALED."""
    return {one["row"]: sealing.unseal(one[key], PLACE) for one in documents if one.get(key)}


def close(documents, numbers, key="sealed"):
    """Put the numbers, {row: number}, sealed into the documents of a list that waits."""
    for document in documents:
        if document["row"] in numbers:
            document[key] = sealing.seal(numbers[document["row"]], PLACE)


def replaced_phones(contest_id, phones, lines):
    """The rows of a list whose person has another telephone number."""
    if not phones:
        return set()
    here = {entrant.id: entrant.human_id for entrant in queries.list_entrants(contest_id)}
    persons = {line.row: here[line.entrant_id] for line in lines if line.entrant_id and line.row in phones}
    kept = phone_queries.phones_among(set(persons.values()))
    return {
        row for row, human_id in persons.items()
        if human_id in kept and kept[human_id].number != phones[row]
    }
