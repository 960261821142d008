"""Holding a draw of codes: each layer by its own coding judge, from a seed that is kept."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete

from contest import clock, signals
from contest.audit.work import work
from contest.db import db
from contest.draw import check_rules, order_rules, queries, rules
from contest.draw.models import BlindCode, Draw, DrawSeed, DrawWitness
from contest.errors import Conflict, Missing
from contest.people import queries as people
from contest.setup import stepping
from contest.setup.queries import get_contest, plan_in_force, procedure_of
from contest.setup.step_rules import REDRAWING


@dataclass(frozen=True)
class Seeded:
    """What a draw is made from. made: by whom the secret seed was thought of, "made" or "given"."""

    secret: str
    public: str
    made: str
    sealed_at: datetime | None = None

    @property
    def seed(self):
        """The whole seed."""
        return rules.whole_seed(self.secret, self.public)


def seal_seed(actor, contest_id, stage, kind="codes", layer=1):
    """Make the secret seed of the next draw and show its fingerprint; returns the fingerprint.

    One that was sealed before and not used gives way: the trail has told its fingerprint.
    """
    _get_contest(contest_id, stage)
    if kind == "codes":
        _check_layer(actor, contest_id, stage, layer)
    secret = secrets.token_hex(16)
    told = rules.commitment(secret)
    with work(
        actor, "draw.seal", contest_id=contest_id, subject=stage, kind=kind, layer=layer, hash=told
    ):
        db.session.add(DrawSeed(
            contest_id=contest_id, stage=stage, kind=kind, layer=layer, seed=secret, commitment=told,
            by_id=actor.user_id, at=clock.now(),
        ))
    return told


def hold_draw(actor, contest_id, stage, seed="", reason="", layer=1, is_typed=False, second=None):
    """Draw the codes of a layer for everybody; an earlier draw, and the layers within it, give way.

    seed: the public part where a secret seed was sealed before, else the whole seed; made by chance
    when empty. is_typed: somebody typed it on a page, where a whole seed is refused (Invalid): whoever
    knows the recipe would try seeds out until one suits. Drawing again needs what check_again asks and
    takes the sheets handed out under the old codes with it; refused as soon as a sheet of the stage
    holds marks. The trail tells fingerprints, not the seed: with it the codes could be read.
    """
    queries.lock_contest(contest_id)
    contest = _get_contest(contest_id, stage)
    _check_layer(actor, contest_id, stage, layer)
    outer = queries.outer_words(contest_id, stage, layer)
    rules.check_may_draw(contest.state, outer, queries.is_marked(contest_id, stage))
    replaced = len(queries.codes(contest_id, stage, layer))
    why = check_again(actor, contest, reason, second) if replaced else {}
    seeded = use_seed(contest_id, stage, "codes", layer, seed, is_typed)
    with work(
        actor, "draw.hold", contest_id=contest_id, subject=stage, entrants=len(outer),
        seed=seeded.made, replaced=replaced, layer=layer, **why,
    ) as facts:
        _take_away(contest_id, stage, layer, replaced)
        facts["hash"] = _give(actor, contest_id, stage, layer, outer, seeded, why, second)


def check_again(actor, contest, reason, second):
    """What the trail tells of a draw that is held although there was one before: its reason, and by whom.

    Invalid without a reason, or with a contestant's name in it. Where the procedure asks for four eyes
    a second person takes part (Invalid without; NotAllowed for the wrong one), and has watched it.
    """
    names = [one.human.name for one in people.list_entrants(contest.id)]
    facts = {"reason": rules.check_reason(reason, names)}
    if not stepping.needs_second(contest, REDRAWING):
        return facts
    if second is None:
        raise rules.no_second()
    stepping.check_proposer(actor, contest, REDRAWING)
    stepping.check_person(second, contest, REDRAWING, first=actor)
    return facts | {"second": second.name}


def sign_second(draw, second):
    """Within the caller's work: the second person of a draw held again is its witness."""
    if second is not None:
        db.session.add(DrawWitness(
            draw_id=draw.id, user_id=second.user_id, name=second.name, at=clock.now()
        ))


def take_stations(actor, contest_id, stage, reason="", second=None):
    """Let the layer of stations be the stations of the starting order: one draw, one truth.

    For two layers of codes; as hold_draw when the layer was drawn before. Conflict while the order has
    no stations, or not one for everybody who takes part.
    """
    queries.lock_contest(contest_id)
    contest = _get_contest(contest_id, stage)
    _check_layer(actor, contest_id, stage, 1)
    order = next(iter(queries.list_draws(contest_id, stage, 0, "order")), None)
    document = check_rules.read_file(order.draw.file) if order else None
    order_rules.check_gives_stations(rules.LAYER_NAMES[queries.innermost_layer(contest_id)], document)
    outer = queries.outer_words(contest_id, stage, 1)
    rules.check_may_draw(contest.state, outer, queries.is_marked(contest_id, stage))
    order_rules.check_all_seated(outer, _codes_of(document))
    replaced = len(queries.codes(contest_id, stage, 1))
    why = check_again(actor, contest, reason, second) if replaced else {}
    with work(
        actor, "draw.hold", contest_id=contest_id, subject=stage, entrants=len(outer), draw=order.draw.id,
        replaced=replaced, layer=1, **why,
    ) as facts:
        facts["hash"] = give_stations(actor, contest_id, stage, order.draw, replaced, why)


def give_stations(actor, contest_id, stage, order, replaced, why=None):
    """Within the caller's work: the first layer anew, from the draw of an order; the map's fingerprint."""
    _take_away(contest_id, stage, 1, replaced)
    document = check_rules.read_file(order.file)
    outer, codes = queries.outer_words(contest_id, stage, 1), _codes_of(document)
    draw = Draw(
        contest_id=contest_id, stage=stage, kind="codes", layer=1, seed=order.seed,
        public_part=order.public_part, commitment=order.commitment, committed_at=order.committed_at,
        by_id=actor.user_id, at=clock.now(),
    )
    db.session.add(draw)
    db.session.flush()
    found = {word: codes[word] for word in outer}
    _keep_codes(draw, found, outer)
    known = ("contest", "stage", "seed", "secret", "public", "commitment", "committed_at")
    return _commit_to(draw, "stations", {code: text for code, (text, _) in found.items()}, {
        **{key: document[key] for key in known}, "layer": 1, "at": draw.at.isoformat(),
        "outer": sorted(outer), "order": document, "order_draw": order.id, **_history(draw, why),
    })


def _history(draw, why):
    """What a file tells of the draws before it; why: as check_again gives, or nothing."""
    earlier = queries.earlier_draws(draw)
    return ({"earlier": earlier} if earlier else {}) | ({"reason": why["reason"]} if why else {})


def _codes_of(document):
    return order_rules.station_codes([order_rules.Drawn(*one) for one in document["drawn"]])


def _take_away(contest_id, stage, layer, replaced):
    """The codes of a layer and of those within it, and the sheets that were handed out under them."""
    if replaced:
        signals.codes_replaced.send("draw", contest_id=contest_id, stage=stage)
    db.session.execute(
        delete(BlindCode).where(
            BlindCode.contest_id == contest_id, BlindCode.stage == stage, BlindCode.layer >= layer,
        )
    )


def draw_newcomers(actor, contest_id, stage, seed="", layer=1, is_typed=False):
    """Draw for those who joined after a layer's draw; they stand behind the others, who keep theirs.

    seed, is_typed: as for hold_draw.
    """
    contest = _get_contest(contest_id, stage)
    _check_layer(actor, contest_id, stage, layer)
    outer = queries.newcomers(contest_id, stage, layer)
    if not outer:
        raise Conflict("Everybody has a code already.")
    if layer == 1:
        order_rules.check_not_by_order(
            queries.taken_order(contest_id, stage) is not None, queries.is_marked(contest_id, stage)
        )
    rules.check_may_draw(contest.state, outer, is_marked=False)
    seeded = use_seed(contest_id, stage, "codes", layer, seed, is_typed)
    with work(
        actor, "draw.newcomers", contest_id=contest_id, subject=stage, entrants=len(outer),
        seed=seeded.made, layer=layer,
    ) as facts:
        facts["hash"] = _give(actor, contest_id, stage, layer, outer, seeded)


def use_seed(contest_id, stage, kind, layer, typed, is_typed=False):
    """The Seeded of a draw that is about to be held; marks a sealed seed as used. Invalid or Conflict.

    is_typed: on a page; then a whole seed of codes is refused. Where four eyes are asked for no draw
    is held with a seed that nobody committed to beforehand.
    """
    typed = typed.strip()
    sealed = queries.find_seal(contest_id, stage, kind, layer)
    if sealed is not None:
        rules.check_public(typed)
        sealed.used_at = clock.now()
        return Seeded(sealed.seed, typed, "made", sealed.at)
    rules.check_may_be_unsealed(procedure_of(get_contest(contest_id)).four_eyes)
    if not typed or kind != "codes":
        rules.check_public(typed)
        return Seeded(secrets.token_hex(16), typed, "made")
    rules.check_sealed(is_typed)
    rules.check_seed(typed)
    return Seeded(typed, "", "given")


def new_draw(actor, contest_id, stage, kind, layer, seeded):
    """The row of a draw, with its id; the caller adds what was drawn and commits."""
    draw = Draw(
        contest_id=contest_id, stage=stage, kind=kind, layer=layer, seed=seeded.seed,
        public_part=seeded.public, commitment=rules.commitment(seeded.secret),
        committed_at=seeded.sealed_at, by_id=actor.user_id, at=clock.now(),
    )
    db.session.add(draw)
    db.session.flush()
    return draw


def file_facts(draw, seeded, contest, why=None):
    """What every draw's file begins with. why: as check_again gives, of one that is held again."""
    return {
        "contest": contest.slug, "stage": draw.stage, "layer": draw.layer, "seed": draw.seed,
        "secret": seeded.secret, "public": seeded.public,
        "commitment": draw.commitment if draw.committed_at else "",
        "committed_at": draw.committed_at.isoformat() if draw.committed_at else "",
        "at": draw.at.isoformat(), **_history(draw, why),
    }


def _get_contest(contest_id, stage):
    contest = get_contest(contest_id)
    if stage not in {one.key for one in plan_in_force(contest_id).plan.stages}:
        raise Missing("There is no such stage in this contest.")
    return contest


def _check_layer(actor, contest_id, stage, layer):
    layers = queries.innermost_layer(contest_id)
    is_outer_drawn = layer == 1 or bool(queries.codes(contest_id, stage, layer - 1))
    rules.check_layer(layer, layers, is_outer_drawn)
    keeper = queries.keepers(contest_id).get(layer)
    rules.check_keeper(actor.user_id, keeper and keeper[0], layers)
    rules.check_gives_no_marks(queries.marking_roles(contest_id, actor.user_id))
    rules.check_named_after(queries.is_late_coder(contest_id, stage, layer, actor.user_id))


def _give(actor, contest_id, stage, layer, outer, seeded, why=None, second=None):
    """Draw codes for those outside, and commit to the map; returns its fingerprint."""
    held = queries.codes(contest_id, stage, layer).values()
    shallower = [
        one.code for level in range(1, layer)
        for one in queries.codes(contest_id, stage, level).values()
    ]
    taken = sorted({*(one.code for one in held), *shallower})
    behind = max((one.start_order for one in held), default=0)
    numbered = rules.LAYER_NAMES[queries.innermost_layer(contest_id)][layer - 1] == "station"
    drawn = rules.draw(list(outer), seeded.seed, frozenset(taken), behind, numbered)
    draw = new_draw(actor, contest_id, stage, "codes", layer, seeded)
    sign_second(draw, second if why else None)
    _keep_codes(draw, drawn, outer)
    return _commit_to(draw, "codes", {word: code for word, (code, _) in drawn.items()}, {
        **file_facts(draw, seeded, get_contest(contest_id), why), "outer": sorted(outer), "taken": taken,
        "behind": behind, "numbered": numbered,
    })


def _keep_codes(draw, drawn, outer):
    """drawn: {outer: (code, place)}; outer: {outer: entrant's id}."""
    for word, (code, place) in drawn.items():
        db.session.add(BlindCode(
            contest_id=draw.contest_id, draw_id=draw.id, stage=draw.stage, layer=draw.layer,
            entrant_id=outer[word], code=code, start_order=place,
        ))


def _commit_to(draw, kind, codes, facts):
    """Write a draw's file with its map {outer: code}; returns the map's fingerprint."""
    salt = secrets.token_hex(16)
    draw.map_hash = rules.map_hash(salt, codes)
    draw.file = check_rules.file_of(
        kind, {**facts, "map": codes, "salt": salt, "map_hash": draw.map_hash}
    )
    return draw.map_hash
