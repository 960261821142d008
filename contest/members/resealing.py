"""Sealing everything anew with the newest key, in pieces, while others go on working."""

from sqlalchemy import String, bindparam, func, select, text, type_coerce

from contest.audit.work import work
from contest.db import db
from contest.errors import Conflict
from contest.members import trail_words  # noqa: F401  (names deeds)
from contest.people import personal_keys, sealing
from contest.people.models import PendingImport
from contest.people.personal_models import IdNumber
from contest.people.roster_number_queries import PLACE, SEALED

AT_A_TIME = 2000


def sealed_columns():
    """(table, column, place of a row by its key) of everything that is sealed with the personal keys."""
    for column in sealing.sealed_columns():
        if isinstance(column.type, sealing.SealedText):
            yield column.table, column, lambda _key, place=column.type.place: place
        else:
            yield column.table, column, IdNumber.place_of


def rotate(actor, path):
    """Make a new key and seal everything with it; (its id, how many texts were sealed anew)."""
    sealing.keys_here()  # where they are missing nothing takes their place
    return _with(actor, personal_keys.add_key(path))


def go_on(actor):
    """Seal what is still sealed with an older key, for instance after a rotation that was broken off."""
    return _with(actor, sealing.keys_here())


def _with(actor, keys):
    count = sum(_reseal(table, column, place, keys) for table, column, place in sealed_columns())
    count += _reseal_lists(keys)
    with work(actor, "personal.rotate", key_id=keys.current, rows=count):
        pass
    return keys.current, count


def _reseal(table, column, place, keys):
    key, raw = next(iter(table.primary_key.columns)), type_coerce(column, String)
    # Whoever changed the text meanwhile has sealed it with the new key: then nothing is left to do.
    change = text(f"UPDATE {table.name} SET {column.name} = :new WHERE {key.name} = :row "
                  f"AND {column.name} = :old").bindparams(bindparam("new"), bindparam("old"))
    found = select(key, raw).where(raw.like(f"{sealing.MARK}%"), _is_old(raw, keys)).order_by(key)
    count, last = 0, -1
    while rows := db.session.execute(found.where(key > last).limit(AT_A_TIME)).all():
        db.session.execute(change, [
            {"row": row, "old": old, "new": sealing.seal(
                sealing.unseal(old, place(row), keys), place(row), keys)} for row, old in rows
        ])
        db.session.commit()
        count, last = count + len(rows), rows[-1][0]
    return count


def _reseal_lists(keys):
    """The same of rosters that wait for a yes: their numbers lie sealed within a document, for a day."""
    count = 0
    for pending_id in db.session.scalars(select(PendingImport.id).filter_by(kind="roster")).all():
        pending = db.session.get(PendingImport, pending_id, with_for_update=True, populate_existing=True)
        if pending is not None:  # else somebody confirmed it meanwhile
            count += sum(len(_of_older_key(one, keys)) for one in pending.rows)
            pending.rows = [
                {**one, **{key: _anew(one[key], keys) for key in _of_older_key(one, keys)}}
                for one in pending.rows
            ]
        db.session.commit()
    return count


def _of_older_key(row, keys):
    return [key for key in SEALED if row.get(key) and sealing.key_of(row[key]) != keys.current]


def _anew(sealed, keys):
    return sealing.seal(sealing.unseal(sealed, PLACE, keys), PLACE, keys)


def _is_old(raw, keys):
    return ~raw.like(f"{sealing.MARK}{keys.current}:%")


def keys_in_use():
    """{key's id: how many texts are sealed with it}."""
    counts = {}
    for _table, column, _place in sealed_columns():
        raw = type_coerce(column, String)
        name = func.substr(raw, len(sealing.MARK) + 1, 8)
        for key, count in db.session.execute(
            select(name, func.count()).where(raw.like(f"{sealing.MARK}%")).group_by(name)
        ):
            counts[key] = counts.get(key, 0) + count
    for rows in db.session.scalars(select(PendingImport.rows).filter_by(kind="roster")):
        for key in (sealing.key_of(one[name]) for one in rows for name in SEALED if one.get(name)):
            counts[key] = counts.get(key, 0) + 1
    return counts


def forget(path, name):
    """Throw an older key away; Conflict while something is sealed with it. Old copies stay shut then."""
    if count := keys_in_use().get(name):
        raise Conflict("%(count)s texts are still sealed with this key.", count=count)
    personal_keys.forget_key(path, name)
