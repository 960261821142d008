"""Finding that two rows are one person, parting them again, and renaming organisations."""

from datetime import timedelta

from sqlalchemy import update

from contest import clock, signals
from contest.audit.work import work
from contest.awards.nomination_models import Nomination
from contest.db import db
from contest.errors import Conflict
from contest.people import person_queries as people
from contest.people.models import FormerName
from contest.people.queries import hold_organisation
from contest.people.roster_rules import same_words
from contest.registry import (
    day_rules,
    ladder_queries,
    level_queries,
    life_queries,
    parting,
    person_queries,
    person_rules,
    queries,
)
from contest.registry.archive_models import ArchiveResult
from contest.registry.level_actions import note_level
from contest.registry.level_models import CareerFact
from contest.registry.level_rules import read_reason
from contest.registry.life_models import CraftsmanWork, MasterTie, Studio
from contest.registry.listing import show_level
from contest.registry.models import Craftsman
from contest.registry.person_models import ContactRequest, CraftsmanPicture, PersonApart, PersonMerge

TIES = (MasterTie.master_id, MasterTie.apprentice_id)


def merge_people(actor, keep_id, gone_id, reason):
    """Make two rows one person: whatever points at the second then points at the first; it can be parted.

    Conflict when they met in a contest, when both have an account, or when a level of one waits.
    """
    person_rules.check_two(keep_id, gone_id)
    people.hold_rows(keep_id, gone_id)  # of two merges of the same rows the second meets what the first made
    keep, gone = person_queries.side_of(keep_id).human, person_queries.side_of(gone_id).human
    known = person_queries.traits_of([keep, gone])
    person_rules.check_mergeable(known[keep_id], known[gone_id])
    person_rules.check_no_tie(
        life_queries.find_tie(keep_id, gone_id) or life_queries.find_tie(gone_id, keep_id)
    )
    _check_no_level_waits(keep_id, gone_id)
    reason = read_reason(reason)
    with work(actor, "registry.merge", subject=keep.name, person=gone.name, reason=reason) as facts:
        held = ladder_queries.latest_events([gone_id]).values()
        gone.merged_into_id = keep.id
        moved = _move_register(keep, gone)
        merge = PersonMerge(
            keep_id=keep.id, gone_id=gone.id, reason=reason, moved=moved, by_id=actor.user_id, at=clock.now()
        )
        db.session.add(merge)
        db.session.flush()
        signals.people_merged.send("registry.merge", keep_id=keep.id, gone_id=gone.id, moved=moved)
        merge.moved = dict(moved)
        _take_levels_over(keep, held, merge)
        _show(keep.id)
        facts["count"] = sum(map(len, moved.values()))
    return merge


def _check_no_level_waits(*ids):
    if any(one.human_id in ids for one in level_queries.open_decisions()):
        raise Conflict("A move of one of them on a ladder waits for a second person; decide on it first.")


def _move_register(keep, gone):
    """The register's own rows: {table: ids of what moved}."""
    moved, mine, other = {}, queries.find_craftsman(keep.id), queries.find_craftsman(gone.id)
    if other is not None and mine is None:
        other.human_id = keep.id
        moved |= {"craftsman": [other.id], **parting.hanging_on(other)}
    elif other is not None:
        moved["honour"] = [one.id for one in other.honours]
        moved["craftsman_unlisted"] = [other.id] if other.listed_at else []
        if other.listed_at and not mine.listed_at:
            mine.listed_at = other.listed_at
            moved["craftsman_listed"] = [mine.id]
        for honour in list(other.honours):
            honour.craftsman_id = mine.id
        other.listed_at = None
        moved["picture_came"] = _move_picture(mine, other)
    for model in (CareerFact, ArchiveResult):
        ids = db.session.scalars(db.select(model.id).where(model.human_id == gone.id)).all()
        db.session.execute(update(model).where(model.id.in_(ids)).values(human_id=keep.id))
        moved[model.__tablename__] = list(ids)
    db.session.flush()
    db.session.expire_all()
    return {**moved, **_move_life(keep, gone)}


def _move_picture(mine, other):
    """The picture of the row that goes is shown where the row that is kept has none; [id of that row]."""
    picture = db.session.get(CraftsmanPicture, other.id)
    if picture is None or db.session.get(CraftsmanPicture, mine.id) is not None:
        return []
    picture.craftsman_id = mine.id
    return [mine.id]


def _move_life(keep, gone):
    """What hangs on the register's row follows it, ties follow the person: {table:column: ids}."""
    moved, mine, other = {}, queries.find_craftsman(keep.id), queries.find_craftsman(gone.id)
    found = {column: life_queries.ties_to_move(column, gone.id, keep.id) for column in TIES}
    found[Nomination.human_id] = db.session.scalars(
        db.select(Nomination.id).where(Nomination.human_id == gone.id)
    ).all()
    if other is not None:
        for column in (CraftsmanWork.craftsman_id, Studio.craftsman_id, ContactRequest.craftsman_id):
            found[column] = db.session.scalars(
                db.select(column.class_.id).where(column == other.id)
            ).all()
    for column, ids in found.items():
        if ids:
            now = mine.id if column.key == "craftsman_id" else keep.id
            db.session.execute(update(column.class_).where(column.class_.id.in_(ids)).values({column: now}))
            moved[f"{column.class_.__tablename__}:{column.key}"] = list(ids)
    return moved


def _take_levels_over(keep, held, merge):
    """Where the row that goes stood higher, the person stands there now; the history says from where."""
    house = ladder_queries.house_ladders()
    for event in held:
        mine = ladder_queries.step_key_of(keep.id, event.ladder)
        ladder = house[event.ladder].ladder if event.ladder in house else None
        if event.now and (not mine or ladder and ladder.height(event.now) > ladder.height(mine)):
            note_level(
                keep, event.ladder, mine, event.now, "merged", {**event.grounds, "merge": merge.id},
                on=event.on, by_id=merge.by_id, document_number=event.document_number,
            )


def _show(human_id):
    craftsman = queries.find_craftsman(human_id)
    if craftsman is not None:
        show_level(craftsman)


def split_people(actor, merge_id, reason):
    """Part two rows that were made one by mistake: what had moved goes back, what came later stays.

    Conflict when they are parted already, or when the row that was kept has become another one's since.
    """
    merge = person_queries.get_merge(merge_id)
    people.hold_rows(merge.keep_id, merge.gone_id)
    db.session.refresh(merge)
    if merge.split_at is not None:
        raise Conflict("These two have been parted already.")
    if merge.keep.merged_into_id is not None:
        raise Conflict("The row that was kept was made one with another one since; part those first.")
    _check_no_level_waits(merge.keep_id, merge.gone_id)
    reason = read_reason(reason)
    with work(
        actor, "registry.split", subject=merge.keep.name, person=merge.gone.name, reason=reason
    ):
        merge.split_at, merge.split_by_id, merge.split_reason = clock.now(), actor.user_id, reason
        merge.gone.merged_into_id = None
        db.session.flush()
        parting.move_back(merge)
        db.session.flush()
        db.session.expire_all()
        _give_levels_back(merge, actor)
        parting.take_off_the_list(merge)
        _show(merge.keep_id)
        _show(merge.gone_id)
        db.session.flush()
        signals.people_parted.send(
            "registry.split", keep_id=merge.keep_id, gone_id=merge.gone_id, moved=merge.moved
        )
    return merge


def _give_levels_back(merge, actor):
    """A step that came with the merge goes with the parting; the other row stands where it stood."""
    for (_, ladder), event in ladder_queries.latest_events([merge.keep_id]).items():
        if event.kind == "merged" and event.grounds.get("merge") == merge.id:
            note_level(
                merge.keep, ladder, event.now, event.was, "split", {}, by_id=actor.user_id,
            )
    for (_, ladder), event in ladder_queries.latest_events([merge.gone_id]).items():
        if event.now:
            signals.level_changed.send(
                "registry.split", human_id=merge.gone_id, ladder=ladder, was="", now=event.now
            )


def tell_apart(actor, one_id, other_id, reason):
    """Say that two rows are two people, so that they are not proposed as one again."""
    person_rules.check_two(one_id, other_id)
    sides = [person_queries.side_of(each).human for each in sorted((one_id, other_id))]
    reason = read_reason(reason)
    if db.session.get(PersonApart, (sides[0].id, sides[1].id)) is not None:
        raise Conflict("These two have been told apart already.")
    with work(actor, "registry.apart", subject=sides[0].name, person=sides[1].name, reason=reason):
        db.session.add(PersonApart(
            one_id=sides[0].id, other_id=sides[1].id, reason=reason, by_id=actor.user_id, at=clock.now()
        ))


def rename_organisation(actor, organisation_id, name, name_en, since, document_number):
    """Give an organisation another name from a day on; what was printed before keeps the old one."""
    organisation = hold_organisation(organisation_id)
    name, old = " ".join((name or "").split()), organisation.name
    holder = people.organisations_by_name().get(same_words(name))
    person_rules.check_rename(old, name, holder is not None and holder.id != organisation_id)
    since = day_rules.read_past_day(since, clock.now())
    with work(
        actor, "registry.rename", subject=old, new=name, on=since.isoformat(),
        document=document_number.strip(),
    ):
        db.session.add(FormerName(
            organisation_id=organisation_id, name=old, name_en=organisation.name_en,
            until=since - timedelta(days=1), document_number=document_number.strip()[:60],
            by_id=actor.user_id, at=clock.now(),
        ))
        organisation.name, organisation.name_en = name, " ".join((name_en or "").split())[:120]
        # The present unit of those on the register; their honours keep the name they were granted under.
        db.session.execute(update(Craftsman).where(Craftsman.unit == old).values(unit=name))
    return organisation
