"""Looking up draws and codes; who may see the names behind the codes is decided at the door."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import bindparam, func, select

from contest.accounts.models import Grant, User
from contest.accounts.queries import find_roles, people_with_role
from contest.accounts.rules import APART_FROM_CODES
from contest.db import db
from contest.draw.check_rules import read_file
from contest.draw.models import (
    BlindCode,
    Decoding,
    Draw,
    DrawSeed,
    DrawSetting,
    DrawWitness,
    LayerKeeper,
)
from contest.draw.rules import LAYER_NAMES
from contest.errors import Missing
from contest.people import queries as people
from contest.prepared import Prepared
from contest.setup import draft_queries, stepping
from contest.setup import queries as setup
from contest.setup.models import Contest
from contest.setup.queries import get_contest
from contest.setup.step_rules import REDRAWING

PUBLISHED = ("provisional", "notice", "final", "archived")


@dataclass(frozen=True)
class DrawLine:
    """One draw as the page tells it. witnesses: who signed for having watched it.

    order: the draw of the starting order whose stations these codes are, with whose witnesses; or None.
    """

    draw: Draw
    by: str
    count: int
    witnesses: tuple = ()
    order: Draw | None = None

    @property
    def reason(self):
        """Why it was held although there was one before, or "" (the first, or from before it was kept)."""
        return self.document.get("reason", "")

    @property
    def document(self):
        """What stands in its file; empty for a draw from before there were files."""
        return read_file(self.draw.file) if self.draw.file else {}


@dataclass(frozen=True)
class CodeLine:
    """One line of a layer's map. outer: what stands outside it; entrant: only in the first layer."""

    code: BlindCode
    outer: str
    entrant: object = None


@dataclass(frozen=True)
class Layer:
    """One layer of codes as the page tells it. keeper: (id, name), or None while any coding judge may.

    name: entry, station or work. seal: the DrawSeed that waits for the draw, or None. decoding: when
    and by whom it was opened, or None. outer: how many codes (or entrants) wait outside it.
    """

    number: int
    name: str
    keeper: tuple | None
    seal: DrawSeed | None
    draws: list
    count: int
    outer: int
    decoding: Decoding | None


# Every page of a sheet asks this.
_LAYERS = Prepared(
    select(DrawSetting.layers).where(DrawSetting.contest_id == bindparam("contest"))
)


def lock_contest(contest_id):
    """Hold a contest until the transaction ends: no mark comes in between the look and the draw."""
    db.session.get(Contest, contest_id, with_for_update=True)


def innermost_layer(contest_id):
    """The number of the layer whose codes judges see; 0 where there are no codes."""
    found = _LAYERS.first(contest=contest_id)
    return 1 if found is None else found.layers


def keepers(contest_id):
    """{layer: (user id, name)} of the coding judges who were named for a layer."""
    rows = db.session.execute(
        select(LayerKeeper.layer, User.id, User.name)
        .join(User, User.id == LayerKeeper.user_id).where(LayerKeeper.contest_id == contest_id)
    )
    return {layer: (user_id, name) for layer, user_id, name in rows}


def first_drawn_at(contest_id):
    """The moment of a contest's first draw of codes, or None."""
    return db.session.scalar(
        select(func.min(Draw.at)).filter_by(contest_id=contest_id, kind="codes")
    )


def is_late_coder(contest_id, stage, layer, user_id):
    """True for a coding judge of after a layer's draw, where nobody was named its keeper."""
    if user_id is None or layer in keepers(contest_id):
        return False
    drawn_at = db.session.scalar(
        select(func.min(Draw.at)).filter_by(
            contest_id=contest_id, stage=stage, layer=layer, kind="codes"
        )
    )
    granted_at = db.session.scalar(
        select(Grant.granted_at).filter_by(
            user_id=user_id, contest_id=contest_id, role="coding_judge"
        )
    )
    return bool(drawn_at and granted_at and granted_at > drawn_at)


def marking_roles(contest_id, user_id):
    """The roles by which a person gives or enters marks here, beside which no map is read."""
    return set(APART_FROM_CODES) & find_roles(user_id, contest_id)


def codes(contest_id, stage, layer=None):
    """{entrant's id: BlindCode} of one stage and layer (None: the one that judges see)."""
    layer = innermost_layer(contest_id) if layer is None else layer
    statement = select(BlindCode).filter_by(contest_id=contest_id, stage=stage, layer=layer)
    return {code.entrant_id: code for code in db.session.scalars(statement)}


def outer_words(contest_id, stage, layer):
    """{what stands outside a layer: entrant's id}: entry numbers, or the codes of the layer before."""
    if layer == 1:
        return {entrant.number: entrant.id for entrant in drawable(contest_id)}
    return {one.code: key for key, one in codes(contest_id, stage, layer - 1).items()}


def map_of(contest_id, stage, layer):
    """{outer: inner} of a layer as it stands."""
    held = codes(contest_id, stage, layer)
    if layer == 1:
        outer = {one.id: one.number for one in people.list_entrants(contest_id)}
    else:
        outer = {key: one.code for key, one in codes(contest_id, stage, layer - 1).items()}
    return {outer[key]: one.code for key, one in held.items() if key in outer}


def find_seal(contest_id, stage, kind, layer):
    """The secret seed that was sealed for the next draw, or None."""
    return db.session.scalar(
        select(DrawSeed)
        .filter_by(contest_id=contest_id, stage=stage, kind=kind, layer=layer, used_at=None)
        .order_by(DrawSeed.id.desc()).limit(1)
    )


def list_draws(contest_id, stage, layer=1, kind="codes"):
    """Every draw of a stage and layer, the latest first; only codes of the standing ones are counted."""
    rows = db.session.execute(
        select(Draw, User.name)
        .outerjoin(User, User.id == Draw.by_id)
        .where(
            Draw.contest_id == contest_id, Draw.stage == stage, Draw.layer == layer,
            Draw.kind == kind,
        )
        .order_by(Draw.id.desc())
    ).all()
    orders = {draw.id: order for draw, _ in rows if (order := order_behind(draw)) is not None}
    watched = {draw.id: orders.get(draw.id, draw).id for draw, _ in rows}
    signed = defaultdict(list)
    for row in db.session.scalars(
        select(DrawWitness).where(DrawWitness.draw_id.in_(set(watched.values())))
    ):
        signed[row.draw_id].append(row.name)
    held = [code.draw_id for code in codes(contest_id, stage, layer).values()]
    return [
        DrawLine(draw, name or "", held.count(draw.id), tuple(signed[watched[draw.id]]),
                 orders.get(draw.id))
        for draw, name in rows
    ]


def order_behind(draw):
    """The draw of the starting order from which a layer of codes took its stations, or None."""
    if draw.kind != "codes" or '"kind": "stations"' not in draw.file:
        return None
    return db.session.get(Draw, read_file(draw.file)["order_draw"])


def taken_order(contest_id, stage):
    """The draw of the starting order whose stations the first layer has now, or None."""
    return next((line.order for line in list_draws(contest_id, stage) if line.count and line.order), None)


def draws_again_by_two(contest_id):
    """True where what was drawn is drawn again by two people only."""
    return stepping.needs_second(get_contest(contest_id), REDRAWING)


def find_unplaced(contest_id, document):
    """Entrants who take part and have no place in the order of this document."""
    placed = {number for number, *_ in document["drawn"]}
    return [one for one in drawable(contest_id) if one.number not in placed]


def earlier_draws(draw):
    """What a draw's file tells of those before it; of codes no seed, which is told at the decoding."""
    lines = list_draws(draw.contest_id, draw.stage, draw.layer, draw.kind)
    kept = {"map_hash"} if draw.kind == "codes" else {"seed"}
    return [
        {
            "draw": one.draw.id, "at": one.draw.at.isoformat(), "reason": one.reason,
            "commitment": one.draw.commitment if one.draw.committed_at else "",
            **{key: getattr(one.draw, key) for key in kept},
        }
        for one in reversed(lines) if one.draw.id != draw.id
    ]


def find_draw(contest_id, draw_id):
    """One draw of a contest, or Missing."""
    draw = db.session.get(Draw, draw_id)
    if draw is None or draw.contest_id != contest_id:
        raise Missing("There is no such draw.")
    return draw


def decodings(contest_id, stage):
    """{layer: Decoding} of the layers of a stage that were opened."""
    rows = db.session.scalars(select(Decoding).filter_by(contest_id=contest_id, stage=stage))
    return {row.layer: row for row in rows}


def layers(contest_id, stage):
    """Every Layer of a stage, the outermost first."""
    count, known, opened = innermost_layer(contest_id), keepers(contest_id), decodings(contest_id, stage)
    return [
        Layer(
            number, name, known.get(number), find_seal(contest_id, stage, "codes", number),
            list_draws(contest_id, stage, number), len(codes(contest_id, stage, number)),
            len(outer_words(contest_id, stage, number)), opened.get(number),
        )
        for number, name in enumerate(LAYER_NAMES[count], 1)
    ]


def list_codes(contest_id, stage, layer=1):
    """A layer's map for its coding judge alone: with the people behind it only in the first layer."""
    found = codes(contest_id, stage, layer)
    if layer == 1:
        lines = [
            CodeLine(found[entrant.id], entrant.number, entrant)
            for entrant in people.list_entrants(contest_id)
            if entrant.id in found
        ]
        return sorted(lines, key=lambda line: line.code.start_order)
    outer = codes(contest_id, stage, layer - 1)
    lines = [CodeLine(one, outer[key].code) for key, one in found.items() if key in outer]
    return sorted(lines, key=lambda line: line.outer)


def drawable(contest_id):
    """Entrants who take part: neither withdrawn nor disqualified."""
    states = people.entrant_states(contest_id)
    return [
        entrant
        for entrant in people.list_entrants(contest_id)
        if states.get((entrant.id, ""), "normal") not in {"withdrawn", "disqualified"}
    ]


def newcomers(contest_id, stage, layer=1):
    """{outer word: entrant's id} of those who have no code in a layer yet though its draw was held."""
    found = codes(contest_id, stage, layer)
    if not found:
        return {}
    outer = outer_words(contest_id, stage, layer)
    return {word: key for word, key in outer.items() if key not in found}


def coding_judges(contest_id):
    """The names of those who may hold the draw of this contest."""
    return tuple(people_with_role("coding_judge", contest_id).values())


def coding_judge_ids(contest_id):
    """{user id: name} of those who may hold the draw of this contest."""
    return people_with_role("coding_judge", contest_id)


def has_codes(contest_id):
    """True when codes were drawn in any stage."""
    return db.session.scalar(select(BlindCode.id).filter_by(contest_id=contest_id).limit(1)) is not None


def has_codes_of(contest_id, stage):
    """True when codes were drawn in this stage."""
    found = select(BlindCode.id).filter_by(contest_id=contest_id, stage=stage)
    return db.session.scalar(select(found.exists()))


def codes_wait(contest_id, stage):
    """True while the innermost codes of a stage are drawn and not opened."""
    return has_codes_of(contest_id, stage) and 1 not in decodings(contest_id, stage)


def published_file(draw):
    """(is it published, the document of a draw's file or None): an order and a paper at once.

    The map of a layer and its seed are published when the layer is decoded, or the stage's results
    are published; of stations that the starting order gave, at once with it.
    """
    is_open = (
        draw.kind != "codes" or is_past(get_contest(draw.contest_id), draw.stage)
        or draw.layer in decodings(draw.contest_id, draw.stage) or order_behind(draw) is not None
    )
    return is_open, (read_file(draw.file) if draw.file else None)


def is_past(contest, stage, states=PUBLISHED):
    """True when the results of a stage are out: the one being held is in such a state, or came after it.

    Codes of a later stage, which may be drawn beforehand, are not told by the results of this one.
    """
    if stage == contest.stage:
        return contest.state in states
    keys = [one.key for one in setup.plan_in_force(contest.id).plan.stages]
    return contest.stage in keys and stage in keys[:keys.index(contest.stage)]


def is_marked(contest_id, stage):
    """True when marks have been submitted in a module of this stage that is marked blind."""
    plan = setup.plan_in_force(contest_id).plan
    modules = {m.key for m in plan.modules_of_stage(stage) if m.entry == "sheets"}
    return any(module in modules for module, _ in setup.marked_keys(contest_id))


def is_order_marked(contest_id, stage):
    """True when a module of this stage has marks, other than theory: there the order plays no part."""
    modules = setup.plan_in_force(contest_id).plan.modules_of_stage(stage)
    keys = {module.key for module in modules if module.kind != "theory"}
    return any(module in keys for module, _ in setup.marked_keys(contest_id))


def is_stage_marked(contest_id, stage):
    """True when any module of this stage has marks or scores."""
    keys = {module.key for module in setup.plan_in_force(contest_id).plan.modules_of_stage(stage)}
    return any(module in keys for module, _ in setup.marked_keys(contest_id))


def find_code(contest_id, stage, code):
    """The blind code with these letters that judges see, or None."""
    held = codes(contest_id, stage).values()
    return next((one for one in held if one.code == code), None)


def names_stand_beside(contest_id, stage):
    """True where sheets of a stage are marked under codes and others under names."""
    judged = [
        m for m in setup.plan_in_force(contest_id).plan.modules_of_stage(stage) if m.entry == "sheets"
    ]
    return len({module.blind for module in judged}) > 1


def held_about(contest_id):
    """Ids of the entrants who have a code in any stage."""
    return set(db.session.scalars(select(BlindCode.entrant_id).filter_by(contest_id=contest_id)))


def numbers_held(contest_id):
    """Ids of the entrants whose entry number a map holds that was not opened yet."""
    opened = select(Decoding.stage).filter_by(contest_id=contest_id, layer=1)
    return set(db.session.scalars(
        select(BlindCode.entrant_id).where(
            BlindCode.contest_id == contest_id, BlindCode.layer == 1, BlindCode.stage.not_in(opened)
        )
    ))


people.NUMBERS_HELD.append(numbers_held)
setup.CODES_DRAWN.append(has_codes_of)
draft_queries.CODES_WAITING.append(codes_wait)
people.HELD_ABOUT.append(held_about)
