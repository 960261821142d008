"""Drawing starting order, stations and papers before everybody's eyes; settings; witnesses."""

from contest import clock
from contest.accounts.hands import hands_behind
from contest.audit.work import work
from contest.db import db
from contest.draw import actions, check_rules, order_rules, queries, rules
from contest.draw.models import DrawSetting, DrawWitness, LayerKeeper
from contest.draw.order_rules import Starter
from contest.errors import Conflict, Invalid, Missing, NotAllowed
from contest.people import queries as people
from contest.setup.queries import get_contest, plan_in_force

WITNESSES = ("supervisor", "chief_judge", "organiser", "coding_judge")


def set_layers(actor, contest_id, layers, keepers):
    """Say how many layers of codes there are and who keeps each; keepers: {layer: user id}.

    Once codes are drawn their number is fixed, and a keeper is named by a second person. Invalid when
    somebody keeps two, or is no coding judge here.
    """
    known = queries.coding_judge_ids(contest_id)
    blind = any(m.blind and m.entry == "sheets" for m in plan_in_force(contest_id).plan.modules)
    is_drawn = queries.has_codes(contest_id)
    rules.check_layers(layers, blind, queries.innermost_layer(contest_id) if is_drawn else None)
    chosen = {layer: keepers.get(layer) for layer in range(1, layers + 1) if keepers.get(layer)}
    if len(set(chosen.values())) != len(chosen) or set(chosen.values()) - set(known):
        why = Invalid("Each layer has a coding judge of its own.")
        raise Invalid(why.message, fields={"keepers": why})
    if is_drawn:
        _check_new_keepers(actor, contest_id, chosen)
    with work(
        actor, "draw.layers", contest_id=contest_id, layers=layers,
        keepers=[known[one] for _, one in sorted(chosen.items())],
    ):
        setting = db.session.get(DrawSetting, contest_id)
        if setting is None:
            setting = DrawSetting(contest_id=contest_id)
            db.session.add(setting)
        setting.layers = layers
        db.session.query(LayerKeeper).filter_by(contest_id=contest_id).delete()
        db.session.flush()
        db.session.add_all(
            LayerKeeper(contest_id=contest_id, layer=layer, user_id=user_id)
            for layer, user_id in chosen.items()
        )


def _check_new_keepers(actor, contest_id, chosen):
    since, kept = queries.first_drawn_at(contest_id), queries.keepers(contest_id)
    if gone := sorted(set(kept) - set(chosen)):
        why = Invalid("Codes are drawn: layer %(number)s needs its keeper.", number=gone[0])
        raise Invalid(why.message, fields={"keepers": why}, **why.params)
    new = [one for layer, one in chosen.items() if kept.get(layer, (None, ""))[0] != one]
    rules.check_keepers_named(actor.user_id, [
        (one, hands_behind(one, contest_id, ("coding_judge",), since) - {one}) for one in new
    ])


def draw_order(actor, contest_id, stage, public="", late=(), apart=True, batch=0, stations=0,
               reason="", second=None):
    """Draw starting order, batches and stations; everybody may read them and the seed at once.

    late: entry numbers of those who came too late, who start last. What was drawn before is drawn again
    only before the first mark of the stage (Conflict), with what actions.check_again asks. Where a layer
    of codes took its stations from the order before, it takes those of this one in the same act. Returns
    the pairs of one organisation that could not be set apart.
    """
    queries.lock_contest(contest_id)
    contest = _contest(contest_id, stage)
    entrants = queries.drawable(contest_id)
    order_rules.check_order_open(contest.state, entrants)
    order_rules.check_stations(batch, stations)
    numbers = {one.number for one in entrants}
    if unknown := sorted(set(late) - numbers):
        why = Invalid("No contestant has the entry number %(number)s.", number=unknown[0])
        raise Invalid(why.message, fields={"late": why}, **why.params)
    is_drawn = bool(queries.list_draws(contest_id, stage, 0, "order"))
    order_rules.check_order_stands(is_drawn, queries.is_order_marked(contest_id, stage))
    why = actions.check_again(actor, contest, reason, second) if is_drawn else {}
    starters = _starters(entrants, frozenset(late))
    replaced = _codes_by_order(contest, stage, numbers, batch)
    seeded = actions.use_seed(contest_id, stage, "order", 0, public)
    drawn = order_rules.draw_order(starters, seeded.seed, apart, batch, stations)
    with work(
        actor, "draw.order", contest_id=contest_id, subject=stage, entrants=len(starters),
        seed=seeded.seed, **why,
    ) as facts:
        draw = actions.new_draw(actor, contest_id, stage, "order", 0, seeded)
        actions.sign_second(draw, second if why else None)
        how = {"apart": apart, "batch": batch, "stations": stations}
        draw.file = _order_file(actions.file_facts(draw, seeded, contest, why), how, starters, drawn)
        facts["hash"] = check_rules.fingerprint(draw.file)
        if replaced:
            facts["layer"], facts["replaced"] = 1, replaced
            facts["map_hash"] = actions.give_stations(actor, contest_id, stage, draw, replaced, why)
    return order_rules.together(starters, drawn)


def _order_file(facts, how, starters, drawn):
    return check_rules.file_of("order", {
        **facts, **how, "algorithm": order_rules.ALGORITHM,
        "entrants": [vars(one) for one in sorted(starters, key=lambda one: one.number)],
        "drawn": _rows(drawn),
    })


def _rows(drawn):
    return [[one.number, one.order, one.batch, one.station] for one in drawn]


def draw_late(actor, contest_id, stage, public=""):
    """Draw those who have no place in the starting order behind the others, who keep theirs.

    As the order was drawn: with its batches and stations, and organisations apart where they were.
    """
    queries.lock_contest(contest_id)
    contest = _contest(contest_id, stage)
    order_rules.check_order_open(contest.state, queries.drawable(contest_id))
    before = next(iter(queries.list_draws(contest_id, stage, 0, "order")), None)
    unplaced = queries.find_unplaced(contest_id, before.document) if before else []
    order_rules.check_behind(before and before.document, unplaced)
    kept = [order_rules.Drawn(*one) for one in before.document["drawn"]]
    new, known = {one.number for one in unplaced}, {one.number for one in kept}
    was_late = {one["number"] for one in before.document["entrants"] if one["late"]}
    everybody = [one for one in people.list_entrants(contest_id) if one.number in new | known]
    starters = _starters(everybody, frozenset(new | was_late))
    how = {key: before.document[key] for key in ("apart", "batch", "stations")}
    seeded = actions.use_seed(contest_id, stage, "order", 0, public)
    drawn = order_rules.draw_behind(kept, starters, seeded.seed, **how)
    with work(
        actor, "draw.late", contest_id=contest_id, subject=stage, entrants=len(new), seed=seeded.seed,
    ) as facts:
        draw = actions.new_draw(actor, contest_id, stage, "order", 0, seeded)
        begun = {**actions.file_facts(draw, seeded, contest), "kept": _rows(kept)}
        draw.file = _order_file(begun, how, starters, drawn)
        facts["hash"] = check_rules.fingerprint(draw.file)


def _codes_by_order(contest, stage, numbers, batch):
    """How many stations of a layer of codes follow the order that is drawn anew; 0 where none do."""
    if queries.taken_order(contest.id, stage) is None:
        return 0
    names = rules.LAYER_NAMES[queries.innermost_layer(contest.id)]
    order_rules.check_gives_stations(names, {"batch": batch})
    rules.check_may_draw(contest.state, numbers, queries.is_marked(contest.id, stage))
    return len(queries.codes(contest.id, stage, 1))


def _starters(entrants, late):
    """Entrants as the draw knows them; an organisation is only a word, by first entry number."""
    words = {}
    for one in sorted(entrants, key=lambda one: one.number):
        words.setdefault(one.organisation_id, f"U{len(words) + 1}")
    return [Starter(one.number, words[one.organisation_id], one.number in late) for one in entrants]


def draw_paper(actor, contest_id, stage, papers, public="", reason="", second=None):
    """Draw which of the prepared papers is used and which is the spare; returns both.

    Again only before the first mark of the stage (Conflict), with what actions.check_again asks.
    """
    queries.lock_contest(contest_id)
    contest = _contest(contest_id, stage)
    order_rules.check_order_open(contest.state, papers)
    is_drawn = bool(queries.list_draws(contest_id, stage, 0, "paper"))
    order_rules.check_paper_stands(is_drawn, queries.is_stage_marked(contest_id, stage))
    why = actions.check_again(actor, contest, reason, second) if is_drawn else {}
    seeded = actions.use_seed(contest_id, stage, "paper", 0, public)
    used, spare = order_rules.draw_paper(papers, seeded.seed)
    with work(
        actor, "draw.paper", contest_id=contest_id, subject=stage, seed=seeded.seed, papers=papers,
        paper=used, spare=spare, **why,
    ) as facts:
        draw = actions.new_draw(actor, contest_id, stage, "paper", 0, seeded)
        actions.sign_second(draw, second if why else None)
        draw.file = check_rules.file_of("paper", {
            **actions.file_facts(draw, seeded, contest, why), "papers": papers, "used": used,
            "spare": spare,
        })
        facts["hash"] = check_rules.fingerprint(draw.file)
    return used, spare


def witness_draw(actor, contest_id, draw_id):
    """Sign for having watched a draw; never the one who held it, and once."""
    draw = queries.find_draw(contest_id, draw_id)
    rules.check_still_watched(get_contest(contest_id).state)
    if actor.user_id is None or actor.user_id == draw.by_id:
        raise NotAllowed("A second person must sign for the draw: you held it yourself.")
    if db.session.query(DrawWitness).filter_by(draw_id=draw.id, user_id=actor.user_id).first():
        raise Conflict("You have signed for this draw already.")
    with work(actor, "draw.witness", contest_id=contest_id, subject=draw.stage, draw=draw.id):
        db.session.add(DrawWitness(
            draw_id=draw.id, user_id=actor.user_id, name=actor.name, at=clock.now()
        ))


def _contest(contest_id, stage):
    contest = get_contest(contest_id)
    if stage not in {one.key for one in plan_in_force(contest_id).plan.stages}:
        raise Missing("There is no such stage in this contest.")
    return contest
