"""A person is one row in every contest; rows that were found to be one lead to the row that is kept."""

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from contest.db import db
from contest.errors import Missing
from contest.people.models import Entrant, FormerName, Human, Organisation
from contest.people.roster_rules import same_words


def get_person(human_id):
    """The person, or the row that a merged one was found to be; Missing when there is none."""
    human = db.session.get(Human, human_id)
    if human is None:
        raise Missing("There is no such person.")
    while human.merged_into_id is not None:
        human = db.session.get(Human, human.merged_into_id)
    return human


def hold_person(human_id):
    """The person, kept from a second act of the same moment; also where it became another's row meanwhile."""
    while True:
        [human] = hold_rows(get_person(human_id).id)
        if human.merged_into_id is None:
            return human


def hold_rows(*human_ids):
    """These rows once nobody else changes them; the lowest number first, so that two who hold never block."""
    return db.session.scalars(
        select(Human).where(Human.id.in_(human_ids)).order_by(Human.id).with_for_update()
        .execution_options(populate_existing=True)
    ).all()


@dataclass(frozen=True)
class Known:
    """Somebody who may be meant: the row, the units and trades of the contests, how many contests."""

    human: Human
    units: tuple
    trades: tuple
    contests: int


def known_people(name, limit=20):
    """Everybody of this name or beginning of a name (or its Latin spelling), merged rows left out."""
    text = name.strip()
    if not text:
        return []
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    rows = db.session.scalars(
        select(Human).where(
            Human.merged_into_id.is_(None),
            or_(Human.name.like(f"{escaped}%", escape="\\"),
                Human.name_key.like(f"{escaped.lower()}%", escape="\\")),
        ).options(joinedload(Human.organisation)).order_by(Human.name_key, Human.name, Human.id).limit(limit)
    ).all()
    return known_lines(rows)


def namesakes(name):
    """The rows of people with exactly this name, merged ones left out."""
    return db.session.scalars(
        select(Human).filter_by(name=name, merged_into_id=None).order_by(Human.id)
    ).all()


def known_lines(humans):
    """The Known of these rows, in their order."""
    found = {one.id: ([], [], set()) for one in humans}
    rows = db.session.execute(
        select(Entrant.human_id, Organisation.name, Entrant.trade, Entrant.contest_id)
        .join(Organisation, Organisation.id == Entrant.organisation_id)
        .where(Entrant.human_id.in_(list(found))).order_by(Entrant.id.desc())
    )
    for human_id, unit, trade, contest_id in rows:
        units, trades, contests = found[human_id]
        units.append(unit)
        trades += [trade] if trade else []
        contests.add(contest_id)
    for one in humans:
        if one.organisation is not None:
            found[one.id][0].append(one.organisation.name)
    return [
        Known(one, tuple(dict.fromkeys(found[one.id][0])), tuple(dict.fromkeys(found[one.id][1])),
              len(found[one.id][2]))
        for one in humans
    ]


def people_of(organisation_id):
    """{(name, birth date): Human}, the first of each, of one organisation, from every contest.

    A row that was found to be somebody else's leads to the row that is kept.
    """
    humans = db.session.scalars(
        select(Human)
        .where(Human.organisation_id == organisation_id, Human.born_on.is_not(None))
        .order_by(Human.id.desc())
    )
    return {(human.name, human.born_on): get_person(human.id) for human in humans}


def organisations_by_name():
    """{name as it is compared: Organisation}, also by former names; present names come first."""
    rows = {row.id: row for row in db.session.scalars(select(Organisation))}
    former = db.session.scalars(select(FormerName).order_by(FormerName.id))
    return {
        **{same_words(one.name): rows[one.organisation_id] for one in former},
        **{same_words(row.name): row for row in rows.values()},
    }


def known_organisations(text, limit=20):
    """Organisations whose present or former name holds this text, by name."""
    wanted = same_words(text)
    found = {
        row.id: row for key, row in organisations_by_name().items() if wanted and wanted in key
    }
    return sorted(found.values(), key=lambda row: row.name)[:limit]


def former_names(organisation_id):
    """What an organisation was called before, the latest first."""
    return db.session.scalars(
        select(FormerName).filter_by(organisation_id=organisation_id)
        .order_by(FormerName.until.desc(), FormerName.id.desc())
    ).all()


def names_on(moment):
    """{organisation id: its name at a moment} of those that were called otherwise than now."""
    rows = db.session.scalars(
        select(FormerName).where(FormerName.until >= moment.date())
        .order_by(FormerName.until.desc(), FormerName.id.desc())
    )
    return {one.organisation_id: one.name for one in rows}  # the one that ended first stands last


def merged_into():
    """{id of a row that was found to be another person's: id of the row that stands for the person}."""
    steps = dict(db.session.execute(
        select(Human.id, Human.merged_into_id).where(Human.merged_into_id.is_not(None))
    ).all())
    found = {}
    for gone, kept in steps.items():
        found[gone] = kept
        while found[gone] in steps:
            found[gone] = steps[found[gone]]
    return found


def rows_of(human_id):
    """The ids of a person's row and of every row that was found to be it."""
    found, waiting = [], [human_id]
    while waiting:
        found += waiting
        waiting = db.session.scalars(select(Human.id).where(Human.merged_into_id.in_(waiting))).all()
    return found


def contests_of(human_id):
    """{contest id: entrant id} of a row."""
    return dict(db.session.execute(
        select(Entrant.contest_id, Entrant.id).where(Entrant.human_id == human_id)
    ).all())
