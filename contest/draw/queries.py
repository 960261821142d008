"""Looking up draws and codes; who may see the names behind the codes is decided at the door."""

from dataclasses import dataclass

from sqlalchemy import select

from contest.accounts.models import User
from contest.accounts.queries import people_with_role
from contest.db import db
from contest.draw.models import BlindCode, Draw
from contest.i18n import N_
from contest.people import queries as people
from contest.setup import queries as setup
from contest.setup.rules import Note


@dataclass(frozen=True)
class DrawLine:
    """One draw as the page tells it."""

    draw: Draw
    by: str
    count: int


@dataclass(frozen=True)
class CodeLine:
    """One line of the coding judge's list."""

    code: BlindCode
    entrant: object


def codes(contest_id, stage):
    """{entrant's id: BlindCode} of one stage; empty before the draw."""
    statement = select(BlindCode).filter_by(contest_id=contest_id, stage=stage, layer=1)
    return {code.entrant_id: code for code in db.session.scalars(statement)}


def list_draws(contest_id, stage):
    """Every draw of a stage, the latest first; only codes of the standing ones are counted."""
    rows = db.session.execute(
        select(Draw, User.name)
        .outerjoin(User, User.id == Draw.by_id)
        .where(Draw.contest_id == contest_id, Draw.stage == stage, Draw.layer == 1)
        .order_by(Draw.id.desc())
    ).all()
    held = [code.draw_id for code in codes(contest_id, stage).values()]
    return [DrawLine(draw, name or "", held.count(draw.id)) for draw, name in rows]


def list_codes(contest_id, stage):
    """Codes with the people behind them, in starting order: for the coding judge alone."""
    found = codes(contest_id, stage)
    lines = [
        CodeLine(found[entrant.id], entrant)
        for entrant in people.list_entrants(contest_id)
        if entrant.id in found
    ]
    return sorted(lines, key=lambda line: line.code.start_order)


def drawable(contest_id):
    """Entrants who take part: neither withdrawn nor disqualified."""
    states = people.entrant_states(contest_id)
    return [
        entrant
        for entrant in people.list_entrants(contest_id)
        if states.get((entrant.id, ""), "normal") not in {"withdrawn", "disqualified"}
    ]


def newcomers(contest_id, stage):
    """Entrants who take part and have no code yet though the draw was held."""
    found = codes(contest_id, stage)
    if not found:
        return []
    return [entrant for entrant in drawable(contest_id) if entrant.id not in found]


def coding_judges(contest_id):
    """The names of those who may hold the draw of this contest."""
    return tuple(people_with_role("coding_judge", contest_id).values())


def is_marked(contest_id, stage):
    """True when marks have been submitted in a module of this stage that is marked blind."""
    plan = setup.plan_in_force(contest_id).plan
    modules = {m.key for m in plan.modules_of_stage(stage) if m.entry == "sheets"}
    return any(module in modules for module, _ in setup.marked_keys(contest_id))


def find_code(contest_id, stage, code):
    """The blind code with these letters, or None."""
    return db.session.scalar(
        select(BlindCode).filter_by(contest_id=contest_id, stage=stage, layer=1, code=code)
    )


def desk_notes(contest_id):
    """What the contest's desk says of the draw, while there is still something to draw for."""
    contest, found = setup.get_contest(contest_id), setup.find_plan_in_force(contest_id)
    if found is None or contest.state not in {"setup", "registration", "scoring"}:
        return []
    judged = [m for m in found.plan.modules_of_stage(contest.stage) if m.entry == "sheets"]
    if not judged:
        return []
    if codes(contest_id, contest.stage):
        return _newcomers_notes(contest)
    is_blind = any(module.blind for module in judged)
    notes = []
    if not coding_judges(contest_id):
        notes.append(Note(
            N_("Nobody is coding judge yet; only a coding judge can hold the draw."),
            endpoint="accounts.new_person", kind="todo",
        ))
    notes.append(Note(
        N_("The draw has not been held yet."), {}, "draw.show_draw", "todo",
        "scoring" if is_blind else "",
    ))
    return notes


def _newcomers_notes(contest):
    count = len(newcomers(contest.id, contest.stage))
    if not count:
        return [Note(N_("The draw has been held."), {}, "draw.show_draw", "good")]
    return [Note(
        N_("Joined after the draw and still without a code: %(count)s."), {"count": count},
        "draw.show_draw", "todo",
    )]


def held_about(contest_id):
    """Ids of the entrants who have a code in any stage."""
    return set(db.session.scalars(select(BlindCode.entrant_id).filter_by(contest_id=contest_id)))


setup.DESK_NOTES.append(desk_notes)
people.HELD_ABOUT.append(held_about)
