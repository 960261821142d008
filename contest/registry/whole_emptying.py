"""What a contest from elsewhere says of people goes: a name on request, the archive when its time is over.

Nothing leads from it to a person of this house; somebody is found by the name. The archive is evidence as a
whole: out of it no name can be taken, so it stays, or it goes.
"""

from dataclasses import dataclass

from sqlalchemy import select, update

from contest.db import db
from contest.errors import Missing
from contest.registry import whole_rules
from contest.registry.whole_models import WholeContest


@dataclass(frozen=True)
class NameFound:
    """A name that stands in the lists of a contest from elsewhere."""

    whole: WholeContest
    entrant_id: int
    number: str
    name: str
    organisation: str
    place: int | None


def _standing():
    return db.session.scalars(
        select(WholeContest).filter_by(withdrawn_at=None).order_by(WholeContest.id)
    )


def find_named(text, is_whole_name=False):
    """[NameFound] whose name holds this text (or is it); none for an empty one."""
    if not (text := text.strip()):
        return []
    return [
        NameFound(whole, row["entrant_id"], row["number"], row["name"], row["organisation"], row.get("place"))
        for whole in _standing() for row in whole_rules.people_of(whole.shown)
        if row["name"] != whole_rules.WITHHELD
        and (row["name"] == text if is_whole_name else text in row["name"])
    ]


def get_named(whole_id, entrant_id):
    """The NameFound of somebody whose name still stands in a contest from elsewhere, or Missing."""
    whole = db.session.get(WholeContest, whole_id)
    rows = whole_rules.people_of(whole.shown) if whole and not whole.withdrawn_at else []
    for row in rows:
        if row["entrant_id"] == entrant_id and row["name"] != whole_rules.WITHHELD:
            return NameFound(
                whole, entrant_id, row["number"], row["name"], row["organisation"], row.get("place")
            )
    raise Missing("There is no such name in this contest.")


def withhold(pairs):
    """Within a larger act: names of people go from the lists; how many of the contests are known here.

    pairs: [hash of the contest's first link, entrant's id].
    """
    by_genesis = {}
    for genesis, entrant_id in pairs:
        by_genesis.setdefault(genesis, set()).add(entrant_id)
    found = db.session.scalars(
        select(WholeContest).where(
            WholeContest.genesis.in_(by_genesis), WholeContest.withdrawn_at.is_(None)
        )
    ).all()
    for whole in found:
        whole.shown = whole_rules.without_names(whole.shown, by_genesis[whole.genesis])
    db.session.flush()
    return len(found)


def due_since(before):
    """Ids of those taken over before a moment whose archive is still here, by number."""
    return db.session.scalars(
        select(WholeContest.id).where(
            WholeContest.at <= before, WholeContest.withdrawn_at.is_(None), WholeContest.content.is_not(None)
        ).order_by(WholeContest.id)
    ).all()


def empty_wholes(ids):
    """Within a larger act: the archives go, and from the lists the names of whoever has no place."""
    for whole_id in ids:
        whole = db.session.get(WholeContest, whole_id)
        gone = whole_rules.without_place(whole.shown)
        whole.shown = whole_rules.without_names(whole.shown, gone) | {"report": []}
    db.session.flush()
    db.session.execute(update(WholeContest).where(WholeContest.id.in_(ids)).values(content=None))
