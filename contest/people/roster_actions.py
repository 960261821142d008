"""Taking in a roster: read it, show what it would change, and store it after a yes."""

import hashlib

from contest import clock, signals
from contest.audit.work import work
from contest.db import db
from contest.errors import Invalid
from contest.i18n import N_
from contest.people import (
    import_queries,
    number_queries,
    phone_queries,
    queries,
    roster_number_queries,
    roster_number_rules,
    roster_phone_rules,
    sealing,
    trail_words,  # noqa: F401  (names a fact)
)
from contest.people.columns import ID_NUMBER, PHONE, ROSTER, UNIT_ROSTER
from contest.people.models import PendingImport
from contest.people.number_keeping import keep_number, keep_phone
from contest.people.personal_models import PersonalAccess
from contest.people.roster_rules import IDENTITY, old_and_new, same_words
from contest.people.roster_writer import RosterWriter
from contest.people.rules import check_registration_open, check_roster_open
from contest.people.tables import Problem, is_usable, read_table
from contest.setup.models import Contest
from contest.setup.queries import get_contest


class BadList(Invalid):
    """A list with cells that cannot be taken; `problems` names each of them."""

    def __init__(self, problems):
        count = sum(problem.kind == "bad" for problem in problems)
        super().__init__(
            N_("The file was not taken: %(count)s cells have to be mended first."), count=count
        )
        self.problems = problems


def upload_roster(actor, contest_id, data, file_name, organisation_id=None):
    """Read a roster and keep it for confirming; returns the pending list's id.

    With `organisation_id` only people of that unit may stand in it. Raises Invalid for a file
    that is no list and BadList for bad cells; then nothing is kept.
    """
    _check_open(contest_id, organisation_id)
    home = queries.get_organisation(organisation_id).name if organisation_id else None
    db.session.rollback()  # Reading may take seconds; nobody else should wait for the database.
    rows, problems = read_table(data, file_name, (*(UNIT_ROSTER if home else ROSTER), PHONE, ID_NUMBER))
    documents = [{"row": row.number, "values": row.values} for row in rows]
    numbers, phones = roster_number_rules.split_off(documents), roster_phone_rules.split_off(documents)
    if home:
        problems += _stand_for(documents, home)
    problems += _unborn(documents)
    # Everything that is wrong is said in one round; who stands in a row with a bad name is not known.
    unsure = {one.row for one in problems if one.kind == "bad" and one.column in IDENTITY}
    lines, more, _ = import_queries.roster_preview(contest_id, documents, organisation_id, unsure)
    of_numbers, _ = _number_problems(contest_id, numbers, lines)
    problems += [*of_numbers, *_phone_problems(contest_id, phones, lines)]
    if not is_usable(problems + more):
        raise BadList(sorted(problems + more, key=lambda one: one.row or 0))
    roster_number_queries.close(documents, numbers)
    roster_number_queries.close(documents, phones, "sealed_phone")
    with work(actor, "roster.upload", contest_id=contest_id, subject=file_name[:100]) as facts:
        import_queries.forget_old()
        pending = PendingImport(
            contest_id=contest_id,
            kind="roster",
            file_name=file_name[:200],
            file_hash=hashlib.sha256(data).hexdigest(),
            rows=documents,
            notes=[problem.to_document() for problem in problems],
            by_id=actor.user_id,
            at=clock.now(),
        )
        db.session.add(pending)
        db.session.flush()
        facts.update(rows=len(documents), file_hash=pending.file_hash)
    return pending.id


def _check_open(contest_id, organisation_id):
    state = get_contest(contest_id).state
    if organisation_id is not None:
        check_registration_open(state)
    check_roster_open(state)


def _stand_for(documents, home):
    """Every row belongs to the unit that sends the file; says which do not."""
    problems = []
    for document in documents:
        given = document["values"]["organisation"]
        if given and same_words(given) != same_words(home):
            problems.append(
                Problem(
                    "bad",
                    "This file may only hold people of %(organisation)s.",
                    row=document["row"],
                    column="Organisation",
                    cell=given,
                    organisation=home,
                )
            )
        document["values"]["organisation"] = home
    return problems


def _unborn(documents):
    today = clock.today().isoformat()
    return [
        Problem("bad", "This day lies in the future.", row=document["row"], column="Date of birth",
                cell=document["values"]["born_on"])
        for document in documents
        if (document["values"].get("born_on") or "") > today
    ]


def _number_problems(contest_id, numbers, lines):
    """(problems of the identity numbers, {row: the Human whose number it is already})."""
    known, holders = roster_number_queries.known_of(contest_id, numbers, lines)
    values = {line.row: line.values for line in lines}
    return list(roster_number_rules.number_problems(numbers, values, known)), holders


def _phone_problems(contest_id, phones, lines):
    replaced = roster_number_queries.replaced_phones(contest_id, phones, lines)
    return roster_phone_rules.phone_problems(phones, replaced)


def _keep_phones(actor, writer, lines, phones, file_name):
    """Keep each telephone number with its person; how many were not known, each in its person's own log."""
    people = {
        line.row: (writer.written.get(line.row) or writer.entrants[line.entrant_id]).human_id
        for line in lines if line.row in phones
    }
    kept = phone_queries.phones_among(set(people.values()))
    new = {row: human_id for row, human_id in people.items()
           if human_id not in kept or kept[human_id].number != phones[row]}
    for row, human_id in new.items():
        keep_phone(human_id, phones[row], actor.user_id)
        _note(actor, human_id, "phone", file_name)
    return len(new)


def _note(actor, human_id, field, file_name):
    db.session.add(PersonalAccess(
        at=clock.now(), user_id=actor.user_id, who=actor.name, human_id=human_id, kind="enter",
        fields=[field], reason=f"报名表 {file_name}"[:200],
    ))


def _keep_numbers(actor, writer, lines, numbers, file_name):
    """Seal each number with its person; every one of them finds it in their own log."""
    for line in lines:
        if line.row not in numbers:
            continue
        entrant = writer.written.get(line.row) or writer.entrants[line.entrant_id]
        kept = number_queries.find_number(entrant.human_id)
        if kept is not None and kept.match == sealing.match_of(numbers[line.row]):
            continue
        keep_number(entrant.human_id, numbers[line.row], actor.user_id)
        _note(actor, entrant.human_id, "id_number", file_name)


def confirm_roster(actor, contest_id, pending_id, organisation_id=None, progress=iter):
    """Store a list that was looked at, in one transaction; returns counts of each kind of line.

    Everything is compared again: what others registered meanwhile is seen, and the same file
    confirmed twice changes nothing the second time. progress: see RosterWriter.write.
    """
    _check_open(contest_id, organisation_id)
    pending = import_queries.get_pending(contest_id, pending_id, "roster", actor.user_id)
    lines, problems, counts = import_queries.roster_preview(
        contest_id, pending.rows, organisation_id
    )
    numbers = roster_number_queries.opened(pending.rows)
    of_numbers, holders = _number_problems(contest_id, numbers, lines)
    if not is_usable(problems + of_numbers):
        raise BadList(problems + of_numbers)
    contest = get_contest(contest_id)
    with work(
        actor,
        "roster.import",
        contest_id=contest_id,
        subject=pending.file_name,
        tell=signals.marks_changed,
        file_hash=pending.file_hash,
        **counts,
    ) as facts:
        writer = RosterWriter(contest_id)
        writer.known_by_number = holders
        facts["corrected"] = {
            writer.entrants[line.entrant_id].number: old_and_new(line.changes)
            for line in lines if line.kind == "changed"
        }
        writer.write(lines, progress)
        _keep_numbers(actor, writer, lines, numbers, pending.file_name)
        if numbers:
            facts["id_numbers"] = len(numbers)
        phones = roster_number_queries.opened(pending.rows, "sealed_phone")
        if count := _keep_phones(actor, writer, lines, phones, pending.file_name):
            facts["phones"] = count
        contest.marks_version = Contest.marks_version + 1
        db.session.delete(pending)
    return counts
