"""Erasing a person's data: once, and again in every copy of the database that is put back.

The journal of erasures lies beside the database, not in it: it outlives a restore. It holds numbers of
rows and moments, no name.
"""

import json
import os
import secrets
from pathlib import Path

from flask import current_app
from sqlalchemy import delete, exists, func, select, update

from contest import clock, signals
from contest.accounts.models import Grant
from contest.audit.chain_changes import note_change
from contest.awards.models import Award
from contest.db import db
from contest.errors import Conflict, Invalid
from contest.i18n import N_
from contest.member_services import benefit_queries, payment_queries
from contest.member_services.membership_models import Membership
from contest.members import personal_queries as queries
from contest.members.data_map import data_map, of_person, rows_of, table
from contest.members.models import Erasure
from contest.members.touching import touching
from contest.people import id_rules
from contest.people import person_queries as people
from contest.people.models import Entrant, Human, PersonAccount
from contest.registry import whole_emptying
from contest.registry.archive_models import ArchiveContest, ArchiveResult
from contest.registry.models import Craftsman, Honour
from contest.results.models import ResultSheet
from contest.selection import emptying
from contest.setup.models import Contest, PlanVersion

JOURNAL = "erasures.jsonl"
AGAIN = N_("A copy from before the erasure was put back")
OVER = ("final", "archived")
LOOKS_AT = {"born_on": ("birth_date", "most_age", "least_age"), "gender": ("gender",)}


def erase(actor, human_id, confirmed_name, reason):
    """Erase what may go and keep what must stay; returns the Erasure, which says what stays and why.

    Invalid without a reason or with another name typed; Conflict while the person is in a contest that
    is not over, a membership goes on, or money that was granted is not paid: its account would be gone.
    """
    human, ids = queries.get_human(human_id), people.rows_of(human_id)
    reason = id_rules.read_reason(reason)
    if (confirmed_name or "").strip() != human.name:
        sentence = Invalid("Type the person's name as it stands here.")
        raise Invalid(sentence.message, fields={"confirmed_name": sentence})
    _check_may_go(ids)
    mark, at = secrets.token_hex(16), clock.now()
    with touching(actor, "personal.erase", "erase", ("everything",), reason, human_id) as facts:
        kept, nomination_ids = _erase(ids)
        facts["kept"] = sorted({one["table"] for one in kept})
        done = Erasure(
            human_id=human_id, also=ids[1:], nomination_ids=nomination_ids, mark=mark, at=at, who=actor.name,
            by_id=actor.user_id, reason=reason, kept=kept,
        )
        db.session.add(done)
    write_journal()
    return done


def erase_nomination(actor, nomination_id, reason):
    """Erase what a nomination tied to no person says of one, because the person asks; Invalid, Missing."""
    emptying.get_untied(nomination_id)
    reason = id_rules.read_reason(reason)
    with touching(actor, "personal.erase_nomination", "erase", ("nominations",), reason):
        emptying.empty_nominations([nomination_id])
        db.session.add(Erasure(
            human_id=0, nomination_id=nomination_id, mark=secrets.token_hex(16), at=clock.now(),
            who=actor.name, by_id=actor.user_id, reason=reason, kept=[],
        ))
    write_journal()


def erase_whole_name(actor, whole_id, entrant_id, reason):
    """Erase a name from the lists of a contest from elsewhere, because the person asks; Invalid, Missing.

    The archive itself stays: it is evidence as a whole, and whoever wants the name out of it withdraws it.
    """
    found = whole_emptying.get_named(whole_id, entrant_id)
    reason = id_rules.read_reason(reason)
    names = [[found.whole.genesis, entrant_id]]
    with touching(actor, "personal.erase_whole_name", "erase", ("whole_names",), reason) as facts:
        facts["whole"] = whole_id
        whole_emptying.withhold(names)
        db.session.add(Erasure(
            human_id=0, whole_names=names, mark=secrets.token_hex(16), at=clock.now(), who=actor.name,
            by_id=actor.user_id, reason=reason, kept=[],
        ))
    write_journal()


def _check_may_go(ids):
    running = db.session.scalar(
        select(Contest.name).join(Entrant, Entrant.contest_id == Contest.id)
        .where(Entrant.human_id.in_(ids), Contest.state.not_in(OVER)).limit(1)
    )
    if running is not None:
        raise Conflict(
            "The person is entered in %(contest)s, which is not over. Remove the entry or wait for the "
            "final results.", contest=running,
        )
    if db.session.scalar(
        select(Membership.id).where(Membership.human_id.in_(ids), Membership.state != "ended").limit(1)
    ) is not None:
        raise Conflict("The person's membership goes on: end it first.")
    if receipts := [one.case.receipt for one in payment_queries.due() if one.case.human_id in ids]:
        raise Conflict(
            "What was granted to the person is not paid yet, and its account would go: pay or settle first "
            "%(receipts)s.", receipts=", ".join(receipts),
        )
    if months := benefit_queries.open_months(ids):
        raise Conflict(
            "Months are due to the person and not paid yet, and the account would go: pay first %(months)s.",
            months=", ".join(f"{month:%Y-%m}" for month in months),
        )


def is_published(ids):
    """True when a person (the ids of its rows) stands in published results, holds an award or an honour.

    Results of an earlier contest that was brought in are published as well, until they are withdrawn.
    """
    in_results = exists().where(
        Entrant.human_id.in_(ids), ResultSheet.contest_id == Entrant.contest_id
    )
    holds = exists().where(Award.entrant_id == Entrant.id, Entrant.human_id.in_(ids))
    honoured = exists().where(Honour.craftsman_id == Craftsman.id, Craftsman.human_id.in_(ids))
    in_archive = exists().where(
        ArchiveResult.human_id.in_(ids), ArchiveContest.id == ArchiveResult.archive_id,
        ArchiveContest.withdrawn_at.is_(None),
    )
    return db.session.scalar(select(in_results | holds | honoured | in_archive))


def _is_staff(ids):
    return db.session.scalar(
        select(exists().where(PersonAccount.human_id.in_(ids), Grant.user_id == PersonAccount.user_id))
    )


def looked_at(ids):
    """Of date of birth and gender, those that the rules of a contest with published results look at."""
    plans = db.session.scalars(
        select(PlanVersion.document).join(ResultSheet, ResultSheet.plan_version_id == PlanVersion.id)
        .join(Entrant, Entrant.contest_id == ResultSheet.contest_id)
        .where(Entrant.human_id.in_(ids))
    ).all()
    texts = [json.dumps(plan) for plan in plans]
    return {
        column for column, words in LOOKS_AT.items()
        if any(f'{word}"' in text for word in words for text in texts)
    }


def _erase(ids):
    """Erase a person, within a larger act; (what stays, as [{"table", "why", "rows"}], nominations' ids).

    ids: the row that stands for the person first, then those that were found to be it.
    """
    published, staff, kept = is_published(ids), _is_staff(ids), []
    # The rows that lead to others go last.
    names = sorted(data_map(), key=lambda name: data_map()[name].get("last", False))
    data = {"nominations": list(emptying.tied(ids))}
    for human_id in ids:
        signals.person_erased.send("personal.erase", human_id=human_id, data=data)
    db.session.flush()
    for name in names:
        entry = data_map()[name]
        how = entry["erase"]
        if published:
            how = entry.get("published", how)
        if staff:
            how = entry.get("staff", how)
        mine = select(func.count()).select_from(table(name)).where(of_person(name, ids))
        rows = db.session.scalar(mine)
        if name == "human" and published:
            held = looked_at(ids)
            kept += [{"table": name, "why": "age", "rows": 1}] if held else []
            _apply(name, ids[:1], how, _blanks(entry, published, held))
            # Nothing that was published leads to a row that was found to be this one.
            _apply(name, ids[1:], how, _blanks(entry, False))
        elif rows:
            _apply(name, ids, how, _blanks(entry, published))
        if rows and how != "delete" and "why" in entry and (how == "keep" or published or name != "human"):
            kept.append({"table": name, "why": entry["why"], "rows": rows})
    for human_id in ids:
        # Entrants' links in the chains attest what was blanked; the statements above went past the ORM.
        note_change(None, "human", human_id)
    db.session.expire_all()
    return kept, data["nominations"]


def _blanks(entry, published, held=()):
    """({column: value}, {column: keys inside of its document}) of what goes, but for the columns held."""
    before = "published_" if published and "published_blank" in entry else ""
    blank = {column: value for column, value in entry.get(f"{before}blank", {}).items() if column not in held}
    return blank, entry.get(f"{before}within", {})


def _apply(name, ids, how, blanks):
    here, mine, (blank, within) = table(name), of_person(name, ids), blanks
    if how == "delete":
        db.session.execute(delete(here).where(mine))
    elif how == "blank":
        for row in rows_of(name, ids):
            keys = [column == row[column.name] for column in here.primary_key.columns]
            values = {column: _value(value, row) for column, value in blank.items()}
            for column, inside in within.items():
                gone = {key: "–" if key == "name" else "" for key in inside}
                values[column] = {key: gone.get(key, value) for key, value in row[column].items()}
            db.session.execute(update(here).where(*keys).values(values))


def _value(value, row):
    """In the map false stands for nothing (TOML has no word for it), {id} for the row's number."""
    if value is False:
        return None
    return value.format(id=row["id"]) if isinstance(value, str) else value


def _journal():
    return Path(current_app.config["DATA_FOLDER"]) / JOURNAL


def read_journal():
    """{mark: line} of every erasure ever done on this installation.

    A line's "also" (of earlier releases: none) are the rows that went with human_id, "nominations" (of
    earlier releases: none) what units had typed; "nomination_id" is there where it was a nomination alone,
    "whole_names" where it was a name in a contest from elsewhere.
    """
    try:
        lines = _journal().read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    found = {}
    for line in lines:
        try:
            one = json.loads(line)
        except ValueError:
            continue  # the last line of a crash; the database has the erasure, so it is written again
        found[one["mark"]] = one
    return found


def write_journal():
    """Add every erasure of the database that the journal lacks, and return only when it is on the disk."""
    known = read_journal()
    erasures = db.session.scalars(select(Erasure).order_by(Erasure.id)).all()
    lacking = [one for one in erasures if one.mark not in known]
    if not lacking:
        return
    with open(_journal(), "a", encoding="utf-8",
              opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write("\n")  # a line that a crash cut short must not swallow the next one
        for one in lacking:
            line = {
                "mark": one.mark, "human_id": one.human_id, "also": one.also,
                "nominations": one.nomination_ids, "at": one.at.isoformat(),
            }
            if one.nomination_id is not None:
                line["nomination_id"] = one.nomination_id
            if one.whole_names:
                line["whole_names"] = one.whole_names
            file.write(json.dumps(line) + "\n")
        file.flush()
        os.fsync(file.fileno())


def erase_again(actor):
    """After a restore: do again what the journal has and this database lacks; how many people it was."""
    write_journal()
    done = set(db.session.scalars(select(Erasure.mark)))
    count = 0
    for mark, line in read_journal().items():
        if mark not in done:
            count += _erase_once_more(actor, line)
    return count


def _erase_once_more(actor, line):
    """True when somebody was erased; what this copy does not know is noted as done all the same.

    Else the next restore would erase whoever got the number meanwhile.
    """
    ids, nomination_ids = _ids_here(line)
    names = line.get("whole_names", [])
    human_id, count = ids[0] if ids else None, int(bool(ids or nomination_ids or names))
    fields = ("nominations",) if "nomination_id" in line else ("whole_names",) if names else ("everything",)
    with touching(actor, "personal.erase_again", "erase", fields, AGAIN, human_id, subjects=count):
        emptying.empty_nominations(nomination_ids)
        whole_emptying.withhold(names)
        kept, found = _erase(ids) if ids else ([], [])
        db.session.add(Erasure(
            human_id=human_id or 0, also=ids[1:], nomination_id=line.get("nomination_id"),
            nomination_ids=[*nomination_ids, *found], whole_names=names, mark=line["mark"], at=clock.now(),
            who=actor.name, by_id=None, reason=AGAIN, kept=kept,
        ))
    return bool(count)


def _ids_here(line):
    """The rows of people, and the nominations tied to none, of a line of the journal that are known here."""
    named = [line["nomination_id"]] if "nomination_id" in line else line.get("nominations", [])
    untied = [each for each in named if emptying.find_one_untied(each)]
    if "nomination_id" in line:
        return [], untied
    if line.get("whole_names"):
        return [], []
    # A line of an earlier release does not say which rows went along: those that are one now.
    also = line.get("also")
    ids = people.rows_of(line["human_id"]) if also is None else [line["human_id"], *also]
    return [each for each in ids if db.session.get(Human, each)], untied
