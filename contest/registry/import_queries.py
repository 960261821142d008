"""A register that was sent in, compared with who is known now."""

from collections import defaultdict
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import joinedload, selectinload

from contest import clock
from contest.accounts.models import User
from contest.db import db
from contest.errors import Conflict, Missing
from contest.people.models import Entrant, FormerName, Human, Organisation
from contest.people.roster_rules import same_words
from contest.people.tables import Problem
from contest.registry import import_rules, ladder_queries
from contest.registry.life_models import CraftsmanWork
from contest.registry.models import Craftsman, Honour
from contest.registry.person_models import RegisterImport

KEPT = timedelta(days=1)
BATCH = 500  # names


def forget_old():
    """Drop what nobody confirmed within a day; to be called inside `work()`."""
    db.session.execute(delete(RegisterImport).where(RegisterImport.at <= clock.now() - KEPT))


def forget(import_id):
    """Drop a list that was taken in; to be called inside `work()`."""
    db.session.execute(delete(RegisterImport).where(RegisterImport.id == import_id))


def get_pending(import_id):
    """The register that waits for a yes, or Missing."""
    found = db.session.get(RegisterImport, import_id)
    if found is None or found.at <= clock.now() - KEPT:
        raise Missing("There is no such list any more; send the file again.")
    return found


def hold_pending(import_id):
    """Lock a list that waits until the commit; Conflict when somebody else took it in meanwhile."""
    check_held(RegisterImport, import_id)


def check_held(model, import_id):
    """The same of any list that waits."""
    held = select(model.id).filter_by(id=import_id).with_for_update()
    if db.session.scalar(held) is None:
        raise Conflict("This list has been taken in meanwhile, by somebody else or in another window.")


def pending_lines():
    """[(RegisterImport that waits, who sent it)], the latest first."""
    rows = db.session.execute(
        select(RegisterImport, User.name).outerjoin(User, User.id == RegisterImport.by_id)
        .where(RegisterImport.at > clock.now() - KEPT).order_by(RegisterImport.id.desc())
    )
    return [tuple(row) for row in rows]


def rows_of(documents, left_out=frozenset()):
    """The RowFound of each row of a file, in order. left_out: ids of people who are taken as not known."""
    known = known_by_name({one["values"]["name"] for one in documents if one["values"]["name"]})
    known = {name: [one for one in some if one.human_id not in left_out] for name, some in known.items()}
    steps, seen, today = steps_by_word(), set(), clock.today()
    return [
        import_rules.judge(
            one["row"], one["values"], sentence_of(one["problem"]), known.get(one["values"]["name"], []),
            steps, seen, today,
        )
        for one in documents
    ]


def people_of_rows(rows):
    """{person's id: Human} of those for whom rows would be taken."""
    ids = sorted({row.human_id for row in rows})
    return {
        one.id: one for at in range(0, len(ids), BATCH)
        for one in db.session.scalars(select(Human).where(Human.id.in_(ids[at:at + BATCH])))
    }


def sentence_of(problem):
    """The first bad cell of a row as one sentence; documents as tables.Problem keeps them."""
    if not problem:
        return None
    read = Problem.from_document(problem)
    return {"message": read.message, "params": read.params, "column": read.column, "found": read.found}


def steps_by_word():
    """{name or key of a step of the ladders in force: (ladder's key, step's key)}."""
    found = {}
    for key, house in ladder_queries.house_ladders().items():
        for step in house.ladder.steps:
            for word in (step.key, step.name_en, step.name):
                if word:
                    found.setdefault(word, (key, step.key))
    return found


def asks_for_two(rows):
    """True when a row brings a level of a ladder on which two people confirm."""
    house = ladder_queries.house_ladders()
    return any(row.is_taken and row.step and house[row.step[0]].ladder.people == 2 for row in rows)


def known_by_name(names):
    """{name: [import_rules.Known]} of these names, merged rows left out."""
    found, names = defaultdict(list), sorted(names)
    former = defaultdict(set)
    for one in db.session.scalars(select(FormerName)):
        former[one.organisation_id].add(same_words(one.name))
    for at in range(0, len(names), BATCH):
        humans = db.session.scalars(
            select(Human).where(Human.name.in_(names[at:at + BATCH]), Human.merged_into_id.is_(None))
        ).all()
        units, honours, works = _units(humans, former), _honours(humans), _works(humans)
        for one in humans:
            found[one.name].append(import_rules.Known(
                one.id, one.born_on.isoformat() if one.born_on else "", frozenset(units[one.id]),
                frozenset(honours[one.id]), frozenset(works[one.id]),
            ))
    return found


def _units(humans, former):
    names = dict(db.session.execute(select(Organisation.id, Organisation.name)).all())
    found = defaultdict(set)
    pairs = db.session.execute(
        select(Entrant.human_id, Entrant.organisation_id).where(Entrant.human_id.in_([h.id for h in humans]))
    ).all()
    for human_id, unit in [*pairs, *((h.id, h.organisation_id) for h in humans if h.organisation_id)]:
        found[human_id] |= {same_words(names[unit]), *former[unit]}
    return found


def _honours(humans):
    found = defaultdict(set)
    for human_id, name, document in db.session.execute(
        select(Craftsman.human_id, Honour.name, Honour.document_number)
        .join(Honour, Honour.craftsman_id == Craftsman.id)
        .where(Craftsman.human_id.in_([h.id for h in humans]), Honour.state != "revoked")
    ):
        found[human_id].add((name, document))
    return found


def _works(humans):
    found = defaultdict(set)
    for human_id, *work in db.session.execute(
        select(Craftsman.human_id, CraftsmanWork.kind, CraftsmanWork.title, CraftsmanWork.number)
        .join(CraftsmanWork, CraftsmanWork.craftsman_id == Craftsman.id)
        .where(Craftsman.human_id.in_([h.id for h in humans]))
    ):
        found[human_id].add(tuple(work))
    return found


def people(human_ids):
    """The rows of these people."""
    return db.session.scalars(select(Human).where(Human.id.in_(human_ids))).all()


def craftsmen(human_ids):
    """The register's rows of these people, with their honours."""
    return db.session.scalars(
        select(Craftsman).where(Craftsman.human_id.in_(human_ids)).options(selectinload(Craftsman.honours))
    ).all()


def last_entrants(human_ids):
    """{person's id: the last Entrant}, of those who were any."""
    last = select(func.max(Entrant.id)).where(Entrant.human_id.in_(human_ids)).group_by(Entrant.human_id)
    rows = db.session.scalars(
        select(Entrant).where(Entrant.id.in_(last)).options(joinedload(Entrant.organisation))
    )
    return {row.human_id: row for row in rows}
