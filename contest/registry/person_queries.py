"""Rows that may be one person, what stands behind each of them, and which were found to be one."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from contest.accounts.models import User
from contest.db import db
from contest.errors import Missing
from contest.people.models import Entrant, Human, Organisation, PersonAccount
from contest.people.person_queries import get_person
from contest.registry import ladder_queries, person_rules
from contest.registry.models import Craftsman, Honour
from contest.registry.person_models import PersonApart, PersonMerge
from contest.setup.models import Contest

MOST_PAIRS = 100


@dataclass(frozen=True)
class Pair:
    """Two rows that may be one person, and why."""

    one: Human
    other: Human
    why: tuple


def likely_pairs():
    """The Pairs of rows of one name that may be one person and were not told apart, at most MOST_PAIRS."""
    names = select(Human.name).where(
        # Those who were erased have no name, and so none in common.
        Human.merged_into_id.is_(None), Human.name != person_rules.NAMELESS,
    ).group_by(Human.name).having(func.count(Human.id) > 1)
    rows = db.session.scalars(
        select(Human).where(Human.merged_into_id.is_(None), Human.name.in_(names))
        .options(joinedload(Human.organisation)).order_by(Human.name_key, Human.name, Human.id)
    ).all()
    known = traits_of(rows)
    apart = {(row.one_id, row.other_id) for row in db.session.scalars(select(PersonApart))}
    by_name, found = defaultdict(list), []
    for row in rows:
        by_name[row.name].append(row)
    for same in by_name.values():
        for at, one in enumerate(same):
            for other in same[at + 1:]:
                why = person_rules.likeness(known[one.id], known[other.id])
                if why and (one.id, other.id) not in apart:
                    found.append(Pair(one, other, why))
                    if len(found) == MOST_PAIRS:
                        return found
    return found


def traits_of(humans):
    """{human id: person_rules.Traits} of some rows."""
    ids = [one.id for one in humans]
    units, trades, contests = defaultdict(set), defaultdict(set), defaultdict(set)
    for human_id, unit, trade, contest_id in db.session.execute(
        select(Entrant.human_id, Entrant.organisation_id, Entrant.trade, Entrant.contest_id)
        .where(Entrant.human_id.in_(ids))
    ):
        units[human_id].add(unit)
        trades[human_id] |= {trade} - {""}
        contests[human_id].add(contest_id)
    with_account = set(db.session.scalars(
        select(PersonAccount.human_id).where(PersonAccount.human_id.in_(ids))
    ))
    return {
        one.id: person_rules.Traits(
            one.name, one.born_on, one.gender, frozenset(units[one.id] | ({one.organisation_id} - {None})),
            frozenset(trades[one.id]), frozenset(contests[one.id]), one.id in with_account,
        )
        for one in humans
    }


def whose_account(user_id):
    """The Human who signs in with an account, as the row that stands for the person, or None."""
    human_id = db.session.scalar(select(PersonAccount.human_id).filter_by(user_id=user_id))
    return None if human_id is None else get_person(human_id)


def may_be_one(one, other, accounts):
    """True when two Humans are one person, or may be one and nobody else told them apart.

    Two accounts are never tied to one row, so two accounts of one person stand on two rows that nobody
    could make one. accounts: of those who are asked about, whose own word that they are two is not taken.
    """
    one, other = get_person(one.id), get_person(other.id)
    if one.id == other.id:
        return True
    known = traits_of([one, other])
    apart = db.session.get(PersonApart, (min(one.id, other.id), max(one.id, other.id)))
    is_told = apart is not None and apart.by_id not in accounts
    return not is_told and bool(person_rules.likeness(known[one.id], known[other.id]))


@dataclass(frozen=True)
class Side:
    """Everything that stands behind one row."""

    human: Human
    entries: list  # (contest, unit, entrant)
    craftsman: Craftsman | None
    honours: list
    levels: list
    has_account: bool


def side_of(human_id):
    """The Side of a row, or Missing; a merged row has none."""
    human = db.session.get(Human, human_id)
    if human is None or human.merged_into_id is not None:
        raise Missing("There is no such person.")
    entries = db.session.execute(
        select(Contest, Organisation, Entrant).join(Entrant, Entrant.contest_id == Contest.id)
        .join(Organisation, Organisation.id == Entrant.organisation_id)
        .where(Entrant.human_id == human_id).order_by(Contest.id.desc())
    ).all()
    craftsman = db.session.scalar(select(Craftsman).filter_by(human_id=human_id))
    honours = db.session.scalars(
        select(Honour).filter_by(craftsman_id=craftsman.id).order_by(Honour.granted_on.desc())
    ).all() if craftsman else []
    return Side(
        human, entries, craftsman, honours, ladder_queries.levels_of(human_id),
        traits_of([human])[human_id].has_account,
    )


@dataclass(frozen=True)
class MergeLine:
    """A merge with who did it, and who parted it again."""

    merge: PersonMerge
    by: str
    split_by: str


def merges(human_id=None, limit=100):
    """The MergeLines of everybody or of one row, the latest first."""
    query = (
        select(PersonMerge).options(joinedload(PersonMerge.keep), joinedload(PersonMerge.gone))
        .order_by(PersonMerge.id.desc()).limit(limit)
    )
    if human_id is not None:
        query = query.where((PersonMerge.keep_id == human_id) | (PersonMerge.gone_id == human_id))
    rows = db.session.scalars(query).all()
    ids = {one for row in rows for one in (row.by_id, row.split_by_id) if one}
    names = dict(db.session.execute(select(User.id, User.name).where(User.id.in_(ids))).all())
    return [MergeLine(row, names.get(row.by_id, "–"), names.get(row.split_by_id, "")) for row in rows]


def get_merge(merge_id):
    """The merge, or Missing."""
    found = db.session.get(PersonMerge, merge_id)
    if found is None:
        raise Missing("There is no such merge.")
    return found


def organisations(text="", limit=200):
    """Organisations whose name holds a text, by name."""
    rows = db.session.scalars(select(Organisation).order_by(Organisation.name)).all()
    return [one for one in rows if text in one.name or text.lower() in one.name_en.lower()][:limit]
