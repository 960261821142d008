"""What a nomination says of a person goes: on request, or when its time is over.

Who was admitted is an entrant and a person, found by their number. A nomination that never came so far is
tied to no person: it is found by the name with the day of birth, or with the unit where no day was typed.
"""

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from contest import clock, signals
from contest.db import db
from contest.errors import Missing
from contest.people.models import Human
from contest.selection.models import Call, ConditionVerdict, UnitNomination, UnitNominationFile
from contest.selection.nomination_rules import FIELDS, OPEN
from contest.setup.models import Contest

# What counts people and names nobody.
STAYS = ("category", "kind", "trade")
OVER = ("final", "archived")


def untied():
    """The condition of nominations that are tied to no person and still say something of one."""
    return UnitNomination.human_id.is_(None) & UnitNomination.erased_at.is_(None)


def find_untied(name, born_on=None, organisation_id=None):
    """Nominations tied to no person that may be of somebody of this name, by number.

    A day of birth that was typed must be this one; where one of the two has none, the unit must be.
    """
    rows = db.session.scalars(select(UnitNomination).where(untied()).order_by(UnitNomination.id))
    return [
        row for row in rows if row.values.get("name") == name and _is_same(row, born_on, organisation_id)
    ]


def _is_same(row, born_on, organisation_id):
    typed = row.values.get("born_on", "")
    if typed and born_on:
        return typed == born_on.isoformat()
    return row.organisation_id == organisation_id


def untied_named(text):
    """Nominations tied to no person whose name holds this text, by number; none for an empty text."""
    if not (text := text.strip()):
        return []
    rows = db.session.scalars(
        select(UnitNomination).where(untied()).order_by(UnitNomination.id)
        .options(joinedload(UnitNomination.organisation))
    )
    return [row for row in rows if text in row.values.get("name", "")]


def get_untied(nomination_id):
    """A nomination tied to no person that still says something of one, or Missing."""
    found = find_one_untied(nomination_id)
    if found is None:
        raise Missing("There is no such nomination.")
    return found


def find_one_untied(nomination_id):
    """The same, or None."""
    return db.session.scalar(select(UnitNomination).where(untied(), UnitNomination.id == nomination_id))


def due_since(before):
    """Ids of nominations never admitted whose call closed before a moment and that wait for nobody."""
    return db.session.scalars(
        select(UnitNomination.id).join(Call, Call.contest_id == UnitNomination.contest_id)
        .join(Contest, Contest.id == UnitNomination.contest_id)
        .where(
            untied(), Call.closes_on < clock.day_of(before),
            (UnitNomination.state != "handed_in") | Contest.state.in_(OVER),
        ).order_by(UnitNomination.id)
    ).all()


def tied(human_ids):
    """Ids of the nominations that lead to these people, by number."""
    return db.session.scalars(
        select(UnitNomination.id).where(UnitNomination.human_id.in_(human_ids)).order_by(UnitNomination.id)
    ).all()


def empty_nominations(ids):
    """Within a larger act: nothing of a person is left in these nominations, their papers and verdicts."""
    for nomination_id in ids:
        row = db.session.get(UnitNomination, nomination_id)
        stays = {key: row.values.get(key, "") for key in STAYS}
        row.values = {**dict.fromkeys(FIELDS, ""), **stays, "name": "–"}
        row.words, row.erased_at = "", clock.now()
        if row.state in OPEN:
            row.state = "withdrawn"
        db.session.execute(
            update(UnitNominationFile).where(UnitNominationFile.nomination_id == row.id)
            .values(content=None, name="")
        )
        db.session.execute(
            update(ConditionVerdict).where(ConditionVerdict.nomination_id == row.id)
            .values(reason="", rule={}).execution_options(synchronize_session=False)
        )
    db.session.flush()


def _on_erased(_did, human_id, data):
    human = db.session.get(Human, human_id)
    found = [row.id for row in find_untied(human.name, human.born_on, human.organisation_id)]
    empty_nominations(found)
    data["nominations"] = [*data.get("nominations", ()), *found]


signals.person_erased.connect(_on_erased)
