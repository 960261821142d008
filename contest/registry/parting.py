"""Giving back what a merge of two rows moved; within the caller's work.

What came after the merge stays with the row that was kept, but for an honour that rests on an entry of the
other one: the entry goes back, and with it what it won. A picture that came later shows who was kept: where
that one has no page any more, nobody's page shows it.
"""

from sqlalchemy import or_, select, update

from contest.audit.chain_changes import note_change
from contest.awards.models import Award
from contest.db import db
from contest.people import person_queries as people
from contest.registry import ladder_queries, listing, queries
from contest.registry.life_models import CraftsmanWork
from contest.registry.models import Craftsman, Honour
from contest.registry.person_models import ContactRequest, CraftsmanPicture
from contest.registry.rules import PUBLIC_STATES

# Tables whose rows are found by something else than a number of their own.
KEYS = {"person_account": "user_id"}
# Not found by a number, or sealed to a row: whoever moved them gives them back (members.merging_actions).
# Rows of the register go back together, by _part_register.
GIVEN_BACK_THERE = (
    "id_number", "code_address", "person_phone", "news_phone", "craftsman", "craftsman_listed", "honour",
    "row_work",
)
# What earlier releases called them.
RENAMED = {"nomination": "unit_nomination"}


def hanging_on(craftsman):
    """What a row of the register that moves whole has with it: {name: ids}, so that later things are told."""
    works = select(CraftsmanWork.id).filter_by(craftsman_id=craftsman.id)
    return {
        "honour": [one.id for one in craftsman.honours], "row_work": list(db.session.scalars(works)),
    }


def move_back(merge):
    """Every row that moved, by the table's name and the row's number, as long as it is still there."""
    for kept_name, ids in merge.moved.items():
        name = RENAMED.get(kept_name, kept_name)
        if name in GIVEN_BACK_THERE:
            continue
        if ":" in name:
            table, column = name.split(":")
            other = queries.find_craftsman(merge.gone_id) if column == "craftsman_id" else None
            table = db.metadata.tables[table]
            back = other.id if other else merge.gone_id
            db.session.execute(update(table).where(table.c.id.in_(ids)).values({column: back}))
        elif name == "craftsman_unlisted":
            for one in ids:
                db.session.get(Craftsman, one).listed_at = merge.at
        else:
            table = db.metadata.tables[name]
            key = table.c[KEYS.get(name, "id")]
            db.session.execute(
                update(table).where(key.in_(ids), table.c.human_id == merge.keep_id)
                .values(human_id=merge.gone_id)
            )
    db.session.flush()
    db.session.expire_all()
    _part_register(merge)  # last: a row that is made for who stays looks at their entries
    for human_id in (merge.keep_id, merge.gone_id):  # as merging_actions: past the ORM
        note_change(None, "human", human_id)


def _part_register(merge):
    """The register's rows of both, each with its honours again."""
    mine = queries.find_craftsman(merge.keep_id)
    if mine is None:
        return
    back = _honours_that_go(merge, mine)
    if mine.id in merge.moved.get("craftsman", ()):
        _give_row_back(merge, mine, back)
        return
    other = queries.find_craftsman(merge.gone_id)
    if other is None and back:
        other = listing.keep_person(merge.gone)
    for honour in back:
        honour.craftsman = other
        if honour.state == "listed" and other.listed_at is None:
            other.listed_at = merge.at


def _honours_that_go(merge, craftsman):
    moved = merge.moved.get("honour", ())
    is_whole = craftsman.id in merge.moved.get("craftsman", ())
    if is_whole and "honour" not in merge.moved:  # a merge of an earlier release names the row alone
        moved = [one.id for one in craftsman.honours if one.confirmed_at <= merge.at]
    won = select(Award.id).where(Award.entrant_id.in_(merge.moved.get("entrant", ())))
    return db.session.scalars(
        select(Honour).where(
            Honour.craftsman_id == craftsman.id, or_(Honour.id.in_(moved), Honour.award_id.in_(won))
        ).order_by(Honour.id)
    ).all()


def _give_row_back(merge, row, back):
    """The row that came whole goes back; what came later stays, on a row of its own."""
    stay = [one for one in row.honours if one not in back]
    works, went_along = select(CraftsmanWork).filter_by(craftsman_id=row.id), merge.moved.get("row_work")
    works = [
        one for one in db.session.scalars(works)
        if (one.at > merge.at if went_along is None else one.id not in went_along)
    ]
    row.human_id = merge.gone_id
    db.session.flush()
    db.session.expire(row, ["human"])
    picture = db.session.get(CraftsmanPicture, row.id)
    if picture is not None and picture.at <= merge.at:
        picture = None
    if not stay and not works:
        if picture is not None:
            db.session.delete(picture)
        return
    mine = listing.keep_person(people.get_person(merge.keep_id), unit=stay[-1].unit if stay else "")
    if any(one.state == "listed" for one in stay):
        mine.listed_at = merge.split_at
    asked = db.session.scalars(
        select(ContactRequest).where(ContactRequest.craftsman_id == row.id, ContactRequest.at > merge.at)
    )
    for one in (*stay, *works, *asked, *([picture] if picture else [])):
        one.craftsman_id = mine.id


def take_off_the_list(merge):
    """Who was listed by the merge alone, and has nothing of their own there, is on the list no more."""
    for craftsman_id in merge.moved.get("craftsman_listed", ()):
        craftsman = db.session.get(Craftsman, craftsman_id)
        has_own = any(one.state in PUBLIC_STATES for one in craftsman.honours)
        if not has_own and not ladder_queries.levels_of(craftsman.human_id):
            craftsman.listed_at = None
