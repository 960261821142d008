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
from contest.member_services.membership_models import Membership
from contest.members import personal_queries as queries
from contest.members.data_map import data_map, of_person, rows_of, table
from contest.members.models import Erasure
from contest.members.touching import touching
from contest.people import id_rules
from contest.people.models import Entrant, Human, PersonAccount
from contest.registry.models import Craftsman, Honour
from contest.results.models import ResultSheet
from contest.setup.models import Contest, PlanVersion

JOURNAL = "erasures.jsonl"
AGAIN = N_("A copy from before the erasure was put back")
OVER = ("final", "archived")
LOOKS_AT = {"born_on": ("birth_date", "most_age", "least_age"), "gender": ("gender",)}


def erase(actor, human_id, confirmed_name, reason):
    """Erase what may go and keep what must stay; returns the Erasure, which says what stays and why.

    Invalid without a reason or with another name typed; Conflict while the person is in a contest that
    is not over, or a membership goes on.
    """
    human = queries.get_human(human_id)
    reason = id_rules.read_reason(reason)
    if (confirmed_name or "").strip() != human.name:
        sentence = Invalid("Type the person's name as it stands here.")
        raise Invalid(sentence.message, fields={"confirmed_name": sentence})
    _check_may_go(human_id)
    mark, at = secrets.token_hex(16), clock.now()
    with touching(actor, "personal.erase", "erase", ("everything",), reason, human_id) as facts:
        kept = _erase(human_id)
        facts["kept"] = sorted({one["table"] for one in kept})
        done = Erasure(
            human_id=human_id, mark=mark, at=at, who=actor.name, by_id=actor.user_id, reason=reason, kept=kept
        )
        db.session.add(done)
    write_journal()
    return done


def _check_may_go(human_id):
    running = db.session.scalar(
        select(Contest.name).join(Entrant, Entrant.contest_id == Contest.id)
        .where(Entrant.human_id == human_id, Contest.state.not_in(OVER)).limit(1)
    )
    if running is not None:
        raise Conflict(
            "The person is entered in %(contest)s, which is not over. Remove the entry or wait for the "
            "final results.", contest=running,
        )
    if db.session.scalar(
        select(Membership.id).where(Membership.human_id == human_id, Membership.state != "ended").limit(1)
    ) is not None:
        raise Conflict("The person's membership goes on: end it first.")


def is_published(human_id):
    """True when the person stands in published results, holds an award, or was honoured."""
    in_results = exists().where(
        Entrant.human_id == human_id, ResultSheet.contest_id == Entrant.contest_id
    )
    holds = exists().where(Award.entrant_id == Entrant.id, Entrant.human_id == human_id)
    honoured = exists().where(Honour.craftsman_id == Craftsman.id, Craftsman.human_id == human_id)
    return db.session.scalar(select(in_results | holds | honoured))


def _is_staff(human_id):
    return db.session.scalar(
        select(exists().where(PersonAccount.human_id == human_id, Grant.user_id == PersonAccount.user_id))
    )


def _looked_at(human_id):
    """Of date of birth and gender, those that the rules of a contest with published results look at."""
    plans = db.session.scalars(
        select(PlanVersion.document).join(ResultSheet, ResultSheet.plan_version_id == PlanVersion.id)
        .join(Entrant, Entrant.contest_id == ResultSheet.contest_id)
        .where(Entrant.human_id == human_id)
    ).all()
    texts = [json.dumps(plan) for plan in plans]
    return {
        column for column, words in LOOKS_AT.items()
        if any(f'{word}"' in text for word in words for text in texts)
    }


def _erase(human_id):
    """Erase, within a larger act; what stays, as [{"table", "why", "rows"}]."""
    published, staff, kept = is_published(human_id), _is_staff(human_id), []
    # The rows that lead to others go last.
    names = sorted(data_map(), key=lambda name: data_map()[name].get("last", False))
    signals.person_erased.send("personal.erase", human_id=human_id, data={})
    db.session.flush()
    for name in names:
        entry = data_map()[name]
        how = entry["erase"]
        if published:
            how = entry.get("published", how)
        if staff:
            how = entry.get("staff", how)
        blank = entry["published_blank"] if published and "published_blank" in entry else entry.get("blank")
        if name == "human" and published and (held := _looked_at(human_id)):
            blank = {column: value for column, value in blank.items() if column not in held}
            kept += [{"table": name, "why": "age", "rows": 1}]
        mine = select(func.count()).select_from(table(name)).where(of_person(name, human_id))
        rows = db.session.scalar(mine)
        if rows:
            _apply(name, human_id, how, blank)
        if rows and how != "delete" and "why" in entry and (how == "keep" or published or name != "human"):
            kept.append({"table": name, "why": entry["why"], "rows": rows})
    # Entrants' links in the chains attest what was blanked; the statements above went past the ORM.
    note_change(None, "human", human_id)
    db.session.expire_all()
    return kept


def _apply(name, human_id, how, blank):
    here, mine = table(name), of_person(name, human_id)
    if how == "delete":
        db.session.execute(delete(here).where(mine))
    elif how == "blank":
        for row in rows_of(name, human_id):
            keys = [column == row[column.name] for column in here.primary_key.columns]
            db.session.execute(update(here).where(*keys).values(
                {column: _value(value, row) for column, value in blank.items()}
            ))


def _value(value, row):
    """In the map false stands for nothing (TOML has no word for it), {id} for the row's number."""
    if value is False:
        return None
    return value.format(id=row["id"]) if isinstance(value, str) else value


def _journal():
    return Path(current_app.config["DATA_FOLDER"]) / JOURNAL


def read_journal():
    """{mark: (human id, moment)} of every erasure that was ever done on this installation."""
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
        found[one["mark"]] = (one["human_id"], one["at"])
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
            line = {"mark": one.mark, "human_id": one.human_id, "at": one.at.isoformat()}
            file.write(json.dumps(line) + "\n")
        file.flush()
        os.fsync(file.fileno())


def erase_again(actor):
    """After a restore: do again what the journal has and this database lacks; how many people it was."""
    write_journal()
    done = set(db.session.scalars(select(Erasure.mark)))
    lacking = {mark: human_id for mark, (human_id, _) in read_journal().items() if mark not in done}
    for mark, human_id in lacking.items():
        if db.session.get(Human, human_id) is None:
            continue  # the copy is older than the person
        reason = AGAIN
        with touching(actor, "personal.erase_again", "erase", ("everything",), reason, human_id):
            kept = _erase(human_id)
            db.session.add(Erasure(
                human_id=human_id, mark=mark, at=clock.now(), who=actor.name, by_id=None, reason=reason,
                kept=kept,
            ))
    return len(lacking)
