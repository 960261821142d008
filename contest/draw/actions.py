"""Holding the draw: everybody gets a place and a code, once, from a seed that is kept."""

import secrets

from sqlalchemy import delete

from contest import clock, signals
from contest.audit.work import work
from contest.db import db
from contest.draw import queries, rules
from contest.draw.models import BlindCode, Draw
from contest.errors import Conflict, Missing
from contest.setup.queries import get_contest, plan_in_force


def hold_draw(actor, contest_id, stage, seed="", reason=""):
    """Draw starting order and codes of a stage for everybody; an earlier draw gives way.

    A seed is made by chance when none is given. Drawing again needs a reason (Invalid) and takes
    the sheets handed out under the old codes with it; refused as soon as a sheet of the stage
    holds marks. The trail says that it happened, not the seed: with it the codes could be read.
    """
    contest = _get_contest(contest_id, stage)
    entrants = queries.drawable(contest_id)
    rules.check_may_draw(contest.state, entrants, queries.is_marked(contest_id, stage))
    replaced = len(queries.codes(contest_id, stage))
    why = {"reason": rules.check_reason(reason)} if replaced else {}
    seed, made_by = _seed(seed)
    with work(
        actor,
        "draw.hold",
        contest_id=contest_id,
        subject=stage,
        entrants=len(entrants),
        seed=made_by,
        replaced=replaced,
        **why,
    ):
        if replaced:
            signals.codes_replaced.send("draw", contest_id=contest_id, stage=stage)
        db.session.execute(
            delete(BlindCode).where(
                BlindCode.contest_id == contest_id, BlindCode.stage == stage, BlindCode.layer == 1
            )
        )
        draw = _new_draw(actor, contest_id, stage, seed)
        _give(draw, entrants, rules.draw([e.number for e in entrants], seed))


def draw_newcomers(actor, contest_id, stage, seed=""):
    """Draw for those who joined after the draw; they start behind the others, whose codes stay."""
    contest = _get_contest(contest_id, stage)
    newcomers = queries.newcomers(contest_id, stage)
    if not newcomers:
        raise Conflict("Everybody has a code already.")
    rules.check_may_draw(contest.state, newcomers, is_marked=False)
    held = queries.codes(contest_id, stage).values()
    seed, made_by = _seed(seed)
    with work(
        actor,
        "draw.newcomers",
        contest_id=contest_id,
        subject=stage,
        entrants=len(newcomers),
        seed=made_by,
    ):
        draw = _new_draw(actor, contest_id, stage, seed)
        drawn = rules.draw(
            [e.number for e in newcomers],
            seed,
            taken={code.code for code in held},
            behind=max(code.start_order for code in held),
        )
        _give(draw, newcomers, drawn)


def _get_contest(contest_id, stage):
    contest = get_contest(contest_id)
    if stage not in {one.key for one in plan_in_force(contest_id).plan.stages}:
        raise Missing("There is no such stage in this contest.")
    return contest


def _seed(given):
    given = given.strip()
    if not given:
        return secrets.token_hex(16), "made"
    rules.check_seed(given)
    return given, "given"


def _new_draw(actor, contest_id, stage, seed):
    draw = Draw(
        contest_id=contest_id,
        stage=stage,
        layer=1,
        seed=seed,
        by_id=actor.user_id,
        at=clock.now(),
    )
    db.session.add(draw)
    db.session.flush()
    return draw


def _give(draw, entrants, drawn):
    for entrant in entrants:
        code, place = drawn[entrant.number]
        db.session.add(
            BlindCode(
                contest_id=draw.contest_id,
                draw_id=draw.id,
                stage=draw.stage,
                layer=1,
                entrant_id=entrant.id,
                code=code,
                start_order=place,
            )
        )
