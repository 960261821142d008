"""Taking in a catalogue of question banks, and saying from which banks papers were drawn."""

import hashlib

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from contest import clock
from contest.audit.work import work
from contest.db import db
from contest.errors import Conflict, Invalid
from contest.people.problems import Problem
from contest.people.tables import is_usable, read_table
from contest.theory import (
    bank_queries,
    bank_rules,
    queries,
    trail_words,  # noqa: F401  (names deeds)
)
from contest.theory.bank_models import ModuleBank, QuestionBank


def import_banks(actor, data, file_name):
    """Take a catalogue in, all of it or nothing; returns {"new", "changed", "unchanged"}.

    Invalid for a file that is no list, BadBanks with a sentence for each line that cannot be taken. A
    bank on record gets other days and another keeper; other questions are another version. Conflict when
    somebody else took one of these banks in at the same moment.
    """
    db.session.rollback()  # reading may take seconds; nobody else should wait for the database
    rows, problems = read_table(data, file_name, bank_rules.COLUMNS)
    if len(rows) > bank_rules.MOST_BANKS:
        raise Invalid("At most %(most)s rows are taken at once.", most=bank_rules.MOST_BANKS)
    bad = {one.row for one in problems if one.kind == "bad"}
    lines, more = bank_rules.read_lines([row for row in rows if row.number not in bad])
    file_hash = hashlib.sha256(data).hexdigest()
    try:
        with work(actor, "banks.import", subject=file_name[:100], file_hash=file_hash) as facts:
            counts, doubts = _store(actor, lines)
            problems = sorted([*problems, *more, *doubts], key=lambda one: one.row or 0)
            if not is_usable(problems):
                raise bank_rules.BadBanks(problems)
            facts.update(counts)
    except IntegrityError as other_was_first:
        raise Conflict(
            "Somebody else took in one of these question banks at the same moment, and nothing of this file "
            "was stored. Take the file in again."
        ) from other_was_first
    return counts


def _store(actor, lines):
    known, counts, doubts = bank_queries.on_record(), {"new": 0, "changed": 0, "unchanged": 0}, []
    for line in lines:
        row = known.get(line.key)
        if row is None:
            values = {key: value for key, value in line.__dict__.items() if key != "row"}
            db.session.add(QuestionBank(**values, by_id=actor.user_id, at=clock.now()))
            counts["new"] += 1
            continue
        changes = bank_rules.changes_of(row, line)
        if isinstance(changes, Problem):
            doubts.append(changes)
            continue
        for key, value in changes.items():
            setattr(row, key, value)
        counts["changed" if changes else "unchanged"] += 1
    return counts, doubts


def name_banks(actor, contest_id, module_key, bank_ids):
    """Say from exactly which banks a module's papers were drawn; returns how many changed.

    Missing for no such module, Conflict once the results are final, Invalid for a bank that is not known.
    """
    # Nobody makes the results final, or names others, between what is read here and what is written.
    contest = queries.lock_contest(contest_id)
    module = queries.get_module(contest_id, module_key)
    bank_rules.check_open(contest)
    chosen = db.session.scalars(select(QuestionBank).where(QuestionBank.id.in_(set(bank_ids)))).all()
    if len(chosen) != len(set(bank_ids)):
        raise Invalid("One of these question banks is not in the catalogue.")
    before = {one.id: one for one in bank_queries.drawn(contest_id, module.key).get(module.key, [])}
    after = {one.id: one for one in chosen}
    moved = [(one, True) for key, one in after.items() if key not in before]
    moved += [(one, False) for key, one in before.items() if key not in after]
    if not moved:
        return 0
    with work(
        actor, "banks.name", contest_id=contest_id, subject=module.name, module=module.key,
        named=[_said(one) for one, is_drawn in moved if is_drawn],
        taken_back=[_said(one) for one, is_drawn in moved if not is_drawn],
    ):
        db.session.add_all(
            ModuleBank(contest_id=contest_id, module_key=module.key, bank_id=one.id, is_drawn=is_drawn,
                       by_id=actor.user_id, at=clock.now())
            for one, is_drawn in moved
        )
    return len(moved)


def _said(bank):
    """With its fingerprint: the contest's chain then binds which questions it was."""
    return f"{bank.trade} {bank.title} {bank.version} {bank.sha256}"
