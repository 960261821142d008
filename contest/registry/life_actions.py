"""What the curator enters of a craftsman's life: works, patents, ties; studios and their alliances."""

from contest import clock
from contest.audit.work import work
from contest.db import db
from contest.errors import Conflict
from contest.people.person_queries import get_person
from contest.registry import day_rules, life_queries, life_rules, queries
from contest.registry.level_rules import read_reason
from contest.registry.life_models import CraftsmanWork, MasterTie, Studio, StudioAlliance


def add_work(actor, token, form):
    """Enter a work or a patent; Invalid names the fields."""
    craftsman = queries.get_craftsman(token)
    typed = life_rules.read_work(form, clock.now())
    with work(
        actor, "registry.work", subject=craftsman.human.name, name=typed["title"], document=typed["number"]
    ):
        db.session.add(CraftsmanWork(
            craftsman_id=craftsman.id, by_id=actor.user_id, at=clock.now(), **typed
        ))
    return craftsman


def remove_work(actor, token, work_id, reason):
    """Take out what was entered wrongly, with a reason."""
    craftsman = queries.get_craftsman(token)
    row, reason = life_queries.get_work(craftsman.id, work_id), read_reason(reason)
    with work(
        actor, "registry.work_remove", subject=craftsman.human.name, name=row.title, document=row.number,
        reason=reason,
    ):
        db.session.delete(row)


def add_tie(actor, token, role, other_id, since, document_number):
    """Say who trained whom; role: what the other one is to this craftsman, “master” or “apprentice”."""
    craftsman, other = queries.get_craftsman(token), get_person(other_id)
    master, apprentice = (other, craftsman.human) if role == "master" else (craftsman.human, other)
    life_rules.check_new_tie(
        master.id, apprentice.id, life_queries.find_tie(master.id, apprentice.id) is not None,
        life_queries.find_tie(apprentice.id, master.id) is not None,
    )
    since = day_rules.read_past_day(since, clock.now())
    with work(
        actor, "registry.tie", subject=apprentice.name, person=master.name, on=since.isoformat(),
        document=document_number.strip()[:60],
    ):
        db.session.add(MasterTie(
            master_id=master.id, apprentice_id=apprentice.id, since=since, by_id=actor.user_id,
            document_number=document_number.strip()[:60], at=clock.now(),
        ))


def remove_tie(actor, token, tie_id, reason):
    """Take a tie out that was entered wrongly, with a reason."""
    craftsman = queries.get_craftsman(token)
    tie, reason = life_queries.get_tie(craftsman.human_id, tie_id), read_reason(reason)
    with work(
        actor, "registry.tie_remove", subject=tie.apprentice.name, person=tie.master.name, reason=reason
    ):
        db.session.delete(tie)


def save_studio(actor, token, form):
    """Enter a studio named for a craftsman, or its figures anew; found by its name."""
    craftsman = queries.get_craftsman(token)
    typed = life_rules.read_studio(form, clock.now())
    studio = life_queries.find_studio(typed["name"])
    if studio is not None and studio.craftsman_id != craftsman.id:
        raise Conflict("Another craftsman's studio has this name.")
    old = {key: getattr(studio, key) for key in life_rules.FIGURES} if studio else {}
    with work(
        actor, "registry.studio", subject=typed["name"], old=old,
        new={key: typed[key] for key in life_rules.FIGURES},
    ):
        if studio is None:
            studio = Studio(craftsman_id=craftsman.id)
            db.session.add(studio)
        for key, value in typed.items():
            setattr(studio, key, value)
        studio.unit, studio.at = craftsman.unit, clock.now()
    return studio


def join_alliance(actor, studio_id, name, founded_on):
    """Let a studio join an alliance, made when there is none of this name; "" leaves the present one."""
    studio, name = life_queries.get_studio(studio_id), " ".join((name or "").split())[:80]
    alliance = life_queries.find_alliance(name) if name else None
    founded = day_rules.read_past_day(founded_on, clock.now()) if name and alliance is None else None
    with work(
        actor, "registry.alliance", subject=studio.name, name=name,
        old=studio.alliance.name if studio.alliance else "",
    ):
        if name and alliance is None:
            alliance = StudioAlliance(name=name, founded_on=founded)
            db.session.add(alliance)
        studio.alliance = alliance
