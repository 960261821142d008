"""Opening the codes: layer by layer from the inside, by two people."""

from contest import clock, signals
from contest.accounts.queries import find_roles
from contest.audit.work import work
from contest.db import db
from contest.draw import queries as draws
from contest.draw import rules as draw_rules
from contest.draw.models import Decoding
from contest.judging import blind_queries, decoding_rules, queries
from contest.judging.ledger import count_marks
from contest.setup import step_rules, stepping
from contest.setup.queries import get_contest


def decode(actor, second, contest_id, stage):
    """Open the innermost layer that is still closed; returns its number (0: all were open already).

    actor, second: as decoding_rules.needs_coder says. Both have just typed their password or PIN. The
    last layer opened takes the contest to "decoded". Conflict while sheets are out, or when a map is
    no longer the one whose fingerprint was told; nothing is ever closed again.
    """
    queries.lock_contest(contest_id)
    contest = get_contest(contest_id)
    step = stepping.find_step(contest, "decode", "decoded")
    decoding_rules.check_stage(stage, contest.stage)
    decoding_rules.check_all_in(blind_queries.open_blind_modules(contest_id, stage))
    decoding_rules.check_pair(
        actor, second, find_roles(actor.user_id, contest_id), find_roles(second.user_id, contest_id),
        blind_queries.needs_coder(contest, stage),
    )
    step_rules.check_word(second, clock.now())
    stepping.check_clear(contest, step)
    closed = [one for one in draws.layers(contest_id, stage) if one.decoding is None]
    layer = closed[-1] if closed else None
    if layer is not None:
        check_turn(actor.user_id, contest_id, stage, layer)
        _check_map(contest_id, stage, layer)
    is_last = len(closed) <= 1
    stepping.check_person(actor, contest, step, second)
    with work(
        actor, "codes.decode", contest_id=contest_id, subject=stage, tell=signals.marks_changed,
        layer=layer.number if layer else 0, second=second.name,
    ):
        if layer is not None:
            db.session.add(Decoding(
                contest_id=contest_id, stage=stage, layer=layer.number, first_id=actor.user_id,
                second_id=second.user_id, at=clock.now(),
            ))
        if is_last:
            stepping.go(contest, "decoded")
        count_marks(contest_id)
    return layer.number if layer else 0


def check_turn(user_id, contest_id, stage, layer):
    """NotAllowed unless this person may be the first to open this layer; Conflict without a keeper."""
    if layer.keeper and user_id is not None:
        decoding_rules.check_own_layer(user_id, *layer.keeper)
    draw_rules.check_keeper(
        user_id, layer.keeper and layer.keeper[0], draws.innermost_layer(contest_id)
    )
    draw_rules.check_named_after(draws.is_late_coder(contest_id, stage, layer.number, user_id))


def _check_map(contest_id, stage, layer):
    """The codes that stand are those of the draws, by the fingerprints told before the judging."""
    told = {}
    for line in layer.draws:
        if line.count and line.draw.file:
            _, document = draws.published_file(line.draw)
            is_kept = draw_rules.map_hash(document["salt"], document["map"]) == line.draw.map_hash
            decoding_rules.check_unchanged(is_kept)
            told |= document["map"]
    if told and all(line.draw.file for line in layer.draws if line.count):
        decoding_rules.check_unchanged(told == draws.map_of(contest_id, stage, layer.number))
