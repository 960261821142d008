"""Giving back what a merge of two rows moved; within the caller's work.

What came after the merge stays with the row that was kept, but for an honour that rests on an entry of the
other one: the entry goes back, and with it what it won. A picture and a line of life that came later are of
who was kept, employers who asked later asked for that one: a row of their own keeps them, listed or not.
Trade, place and unit of the row that goes back stay as they were described last.
"""

import hashlib

from sqlalchemy import or_, select, update

from contest.audit.chain_changes import note_change
from contest.awards.models import Award
from contest.db import db
from contest.people import person_queries as people
from contest.registry import ladder_queries, listing, queries
from contest.registry.life_models import CraftsmanWork, Studio
from contest.registry.models import Craftsman, Honour
from contest.registry.person_models import ContactRequest, CraftsmanPicture
from contest.registry.rules import PUBLIC_STATES

# Tables whose rows are found by something else than a number of their own.
KEYS = {"person_account": "user_id"}
# Not found by a number, or sealed to a row: whoever moved them gives them back (members.merging_actions).
# Rows of the register go back together, by _part_register.
GIVEN_BACK_THERE = (
    "id_number", "code_address", "person_phone", "news_phone", "craftsman", "craftsman_listed", "honour",
    "row_work", "row_studio", "row_words", "picture_came",
)
# What earlier releases called them.
RENAMED = {"nomination": "unit_nomination"}


def hanging_on(craftsman):
    """What a row of the register that moves whole has with it: {name: ids}, so that later things are told."""
    return {
        "honour": [one.id for one in craftsman.honours],
        "row_work": _ids_at(CraftsmanWork, craftsman), "row_studio": _ids_at(Studio, craftsman),
        "row_words": [_digest(craftsman.words)],
    }


def _ids_at(model, craftsman):
    return list(db.session.scalars(select(model.id).filter_by(craftsman_id=craftsman.id)))


def _digest(words):
    return hashlib.sha256(words.encode()).hexdigest()


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
    if mine.id in merge.moved.get("picture_came", ()) and other is not None:
        picture = db.session.get(CraftsmanPicture, mine.id)
        if picture is not None and picture.at <= merge.at:
            picture.craftsman_id = other.id
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
    later, words = [*stay, *_later_rows(merge, row)], _later_words(merge, row)
    row.human_id = merge.gone_id
    db.session.flush()
    db.session.expire(row, ["human"])
    if not later and not words:
        return
    mine = listing.keep_person(people.get_person(merge.keep_id), unit=stay[-1].unit if stay else "")
    if any(one.state == "listed" for one in stay):
        mine.listed_at = merge.split_at
    for one in later:
        one.craftsman_id = mine.id
    if words:
        mine.words, row.words = words, ""


def _later_rows(merge, row):
    """Works, studios, requests and the picture that were not there when the row came."""
    works, studios = (
        db.session.scalars(select(model).filter_by(craftsman_id=row.id)).all()
        for model in (CraftsmanWork, Studio)
    )
    had = merge.moved.get("row_work")
    # Merges of earlier releases named no works, and no studios: those had no moment of their own.
    works = [one for one in works if (one.at > merge.at if had is None else one.id not in had)]
    had = merge.moved.get("row_studio")
    studios = [one for one in studios if had is not None and one.id not in had]
    dated = [
        one for model in (ContactRequest, CraftsmanPicture)
        for one in db.session.scalars(select(model).filter_by(craftsman_id=row.id)) if one.at > merge.at
    ]
    return [*works, *studios, *dated]


def _later_words(merge, row):
    """The line of life that was written since, or ""."""
    had = merge.moved.get("row_words")
    return row.words if had and _digest(row.words) not in had else ""


def take_off_the_list(merge):
    """Who was listed by the merge alone, and has nothing of their own there, is on the list no more."""
    for craftsman_id in merge.moved.get("craftsman_listed", ()):
        craftsman = db.session.get(Craftsman, craftsman_id)
        has_own = any(one.state in PUBLIC_STATES for one in craftsman.honours)
        if not has_own and not ladder_queries.levels_of(craftsman.human_id):
            craftsman.listed_at = None
