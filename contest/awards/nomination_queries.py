"""Nominations of a contest, their states, and what may still be put forward."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from contest.accounts.models import User
from contest.awards import nomination_rules as rules
from contest.awards.annulment_queries import annulled_awards, stands
from contest.awards.models import Award
from contest.awards.nomination_models import Nomination, SentPack
from contest.db import db
from contest.errors import Missing
from contest.people.models import Entrant


@dataclass(frozen=True)
class Case:
    """A nomination as it stands: its nominee by name, its state, its last event."""

    nomination: Nomination
    nominee: str

    @property
    def last(self):
        return self.nomination.events[-1]

    @property
    def state(self):
        return self.last.state

    @property
    def sent(self):
        """The event with which the pack that counts went out, or None."""
        return next((one for one in reversed(self.nomination.events) if one.state == "sent"), None)

    @property
    def is_in_hand(self):
        """True while the office still gathers papers."""
        return self.state in ("prepared", "returned")


def _loaded():
    return select(Nomination).options(
        joinedload(Nomination.award).joinedload(Award.entrant).joinedload(Entrant.human),
        joinedload(Nomination.human), joinedload(Nomination.organisation),
        selectinload(Nomination.events), selectinload(Nomination.files),
    )


def list_cases(contest_id):
    """The Cases of a contest, oldest first."""
    rows = db.session.scalars(_loaded().filter_by(contest_id=contest_id).order_by(Nomination.id))
    return [_case(row) for row in rows]


def get_case(contest_id, nomination_id):
    """One Case of a contest; Missing."""
    found = db.session.scalar(_loaded().filter_by(id=nomination_id, contest_id=contest_id))
    if found is None:
        raise Missing("There is no such nomination in this contest.")
    return _case(found)


def _case(row):
    return Case(row, row.human.name if row.human else row.crew)


def list_outliving(contest_id):
    """The Cases of titles that stand on the register and were granted on an award annulled since.

    They are another authority's: the annulment does not revoke them.
    """
    gone = annulled_awards(contest_id)
    found = [
        one for one in list_cases(contest_id) if one.state == "granted" and one.nomination.award_id in gone
    ]
    if not found:
        return []
    honour = db.metadata.tables["honour"]
    standing = {
        evidence.get("nomination") for evidence in db.session.scalars(
            select(honour.c.evidence).where(honour.c.contest_id == contest_id, honour.c.state != "revoked")
        )
    }
    return [one for one in found if one.nomination.id in standing]


def list_nominable(contest_id):
    """The granted awards of contestants and teams that stand, in the order of the grant."""
    return db.session.scalars(
        select(Award).filter_by(contest_id=contest_id).where(stands())
        .where(Award.entrant_id.is_not(None) | Award.team_id.is_not(None)).order_by(Award.id)
        .options(
            joinedload(Award.entrant).joinedload(Entrant.human),
            joinedload(Award.entrant).joinedload(Entrant.organisation), joinedload(Award.team),
        )
    ).all()


def get_nominable(contest_id, award_id):
    """One of those awards; Missing."""
    found = next((one for one in list_nominable(contest_id) if str(one.id) == str(award_id or "")), None)
    if found is None:
        raise Missing("There is no such award in this contest.")
    return found


def is_put_forward(award_id, title):
    """True when a case for this award and title is open or was granted."""
    cases = db.session.scalars(_loaded().filter_by(award_id=award_id, title=title))
    return any(case.events[-1].state not in ("refused", "withdrawn") for case in cases)


def titles_of(award, crew=""):
    """The titles that a winner holds: those of the roster, and honours on the register that stand.

    crew: the name of the crew that is put forward in the winner's place; a crew's honours are its unit's.
    """
    honour, craftsman = (db.metadata.tables[name] for name in ("honour", "craftsman"))
    if crew:
        unit = (award.entrant or award.team).organisation_id
        return set(db.session.scalars(select(honour.c.name).where(
            honour.c.organisation_id == unit, honour.c.team_name == crew, honour.c.state != "revoked",
            honour.c.award_id.is_distinct_from(award.id),
        )))
    if award.entrant is None:
        return set()
    listed = db.session.scalars(
        select(honour.c.name).join(craftsman, craftsman.c.id == honour.c.craftsman_id)
        .where(craftsman.c.human_id == award.entrant.human_id, honour.c.state != "revoked")
        # The honour of this very award is no other one that is held since before.
        .where(honour.c.award_id.is_distinct_from(award.id))
    )
    return {*award.entrant.titles, *listed}


def files_of(case):
    """The newest scan of each slot; of "other" all of them."""
    newest = {}
    for file in case.nomination.files:
        newest[(file.slot, file.id if file.slot == "other" else 0)] = file
    return sorted(newest.values(), key=lambda file: (list(rules.SLOTS).index(file.slot), file.id))


def sent_pack(event):
    """The archive as it went out; Missing before."""
    found = db.session.get(SentPack, event.id) if event is not None else None
    if found is None:
        raise Missing("The pack has not gone out yet.")
    return found.content


def names_of(case):
    """{user id: name} of those who moved the case."""
    ids = {event.by_id for event in case.nomination.events} | {case.nomination.by_id}
    rows = db.session.execute(select(User.id, User.name).where(User.id.in_(ids - {None}))).all()
    return dict(rows)
