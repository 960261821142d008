"""The draw's pages: each layer is drawn by its coding judge, who alone sees its map."""

from flask import Response, flash, g, redirect, request, url_for
from flask_babel import gettext

from contest.accounts.guards import needs
from contest.audit.work import Actor
from contest.draw import (
    actions,
    desk_queries,
    order_actions,
    order_queries,
    order_routes,
    order_rules,
    public_routes,
    queries,
    rules,
)
from contest.draw.blueprint import bp
from contest.draw.two_people import who_draws
from contest.errors import Invalid, Missing, NotAllowed
from contest.numbers import read_whole
from contest.pages import form_refusal, show
from contest.setup.queries import find_plan_in_force, get_contest

__all__ = ["bp", "desk_queries", "order_routes", "public_routes"]


def actor():
    """Who is signed in, as the trail knows them."""
    return Actor(g.person.user_id, g.person.name)


@bp.get("/contests/<int:contest_id>/draw")
@needs("coding_judge", "organiser", "chief_judge", "supervisor")
def show_draw(contest_id):
    return _show_draw(contest_id, request.args.get("stage"))


@bp.post("/contests/<int:contest_id>/draw/layers")
@needs("organiser")
def set_layers(contest_id):
    """How many layers of codes there are, and who keeps each."""
    form = request.form
    try:
        layers = read_whole(form.get("layers"), -1)
        keepers = {n: read_whole(form.get(f"keeper-{n}"), None) for n in range(1, rules.MOST_LAYERS + 1)}
        order_actions.set_layers(actor(), contest_id, layers, keepers)
    except Invalid as refused:
        return _show_draw(contest_id, None, 422, **form_refusal(refused, form))
    flash(gettext("The layers of codes are set."), "good")
    return redirect(url_for("draw.show_draw", contest_id=contest_id), 303)


@bp.post("/contests/<int:contest_id>/draw/<stage>")
@needs("coding_judge")
def hold_draw(contest_id, stage):
    layer = _layer(request.form)
    try:
        who, second = who_draws(contest_id, bool(queries.codes(contest_id, stage, layer)))
        actions.hold_draw(
            who, contest_id, stage, request.form.get("seed", ""),
            request.form.get("reason", ""), layer, is_typed=True, second=second,
        )
    except Invalid as refused:
        return _show_draw(contest_id, stage, 422, layer, **form_refusal(refused, request.form))
    flash(gettext("The draw was held."), "good")
    return redirect(url_for("draw.show_draw", contest_id=contest_id, stage=stage), 303)


@bp.post("/contests/<int:contest_id>/draw/<stage>/stations")
@needs("coding_judge")
def take_stations(contest_id, stage):
    """Let the layer of stations be the stations of the starting order."""
    try:
        who, second = who_draws(contest_id, bool(queries.codes(contest_id, stage, 1)))
        actions.take_stations(who, contest_id, stage, request.form.get("reason", ""), second)
    except Invalid as refused:
        return _show_draw(contest_id, stage, 422, **form_refusal(refused, request.form))
    flash(gettext("The stations of the starting order are the codes of this layer now."), "good")
    return redirect(url_for("draw.show_draw", contest_id=contest_id, stage=stage), 303)


@bp.post("/contests/<int:contest_id>/draw/<stage>/seal")
@needs("coding_judge")
def seal_seed(contest_id, stage):
    """Make the secret seed of a layer's next draw and show its fingerprint."""
    told = actions.seal_seed(actor(), contest_id, stage, "codes", _layer(request.form))
    flash(gettext("Sealed. SHA-256 of the secret seed: %(hash)s", hash=told), "good")
    return redirect(url_for("draw.show_draw", contest_id=contest_id, stage=stage), 303)


@bp.post("/contests/<int:contest_id>/draw/<stage>/newcomers")
@needs("coding_judge")
def draw_newcomers(contest_id, stage):
    """Draw for those who joined later; a public part is added to a sealed seed."""
    layer = _layer(request.form)
    try:
        actions.draw_newcomers(
            actor(), contest_id, stage, request.form.get("seed", ""), layer, is_typed=True
        )
    except Invalid as refused:
        return _show_draw(contest_id, stage, 422, layer, **form_refusal(refused, request.form))
    flash(gettext("The newcomers have codes now."), "good")
    return redirect(url_for("draw.show_draw", contest_id=contest_id, stage=stage), 303)


@bp.post("/contests/<int:contest_id>/draws/<int:draw_id>/witness")
@needs(*order_actions.WITNESSES)
def witness_draw(contest_id, draw_id):
    """Sign for having watched a draw."""
    order_actions.witness_draw(actor(), contest_id, draw_id)
    flash(gettext("You have signed for having watched the draw."), "good")
    draw = queries.find_draw(contest_id, draw_id)
    page = "draw.show_draw" if draw.kind == "codes" else "draw.show_order"
    return redirect(url_for(page, contest_id=contest_id, stage=draw.stage), 303)


@bp.get("/contests/<int:contest_id>/draws/<int:draw_id>.json")
@needs("coding_judge", "organiser", "chief_judge", "supervisor")
def download_draw(contest_id, draw_id):
    """A draw's file, from which anybody can draw again: `contest draw check FILE`."""
    draw = queries.find_draw(contest_id, draw_id)
    is_open, document = queries.published_file(draw)
    if document is None:
        raise Missing("This draw was held before draws had files.")
    if not is_open:
        raise NotAllowed("The map of a layer is published when the layer is decoded.")
    name = f"{document['contest']}-{draw.stage}-{draw.kind}-{draw.id}.json"
    return Response(
        draw.file, mimetype="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@bp.get("/contests/<int:contest_id>/draw/<stage>/list")
@needs("coding_judge")
def print_codes(contest_id, stage):
    """The list for the sealed envelope: one layer's map, for its coding judge."""
    layer, layers = _layer(request.args), queries.layers(contest_id, stage)
    if not 1 <= layer <= len(layers):
        raise Missing("This contest has no such layer of codes.")
    chosen = layers[layer - 1]
    rules.check_keeper(g.person.user_id, chosen.keeper and chosen.keeper[0], len(layers))
    rules.check_gives_no_marks(queries.marking_roles(contest_id, g.person.user_id))
    rules.check_named_after(queries.is_late_coder(contest_id, stage, layer, g.person.user_id))
    return show(
        "draw/print_codes.html",
        contest=get_contest(contest_id),
        stage=_get_stage(contest_id, stage),
        layer=chosen,
        lines=queries.list_codes(contest_id, stage, layer),
    )


def _layer(values):
    return read_whole(values.get("layer"), 1)


def _get_stage(contest_id, key):
    in_force = find_plan_in_force(contest_id)
    stages = in_force.plan.stages if in_force else ()
    for stage in stages:
        if stage.key == key:
            return stage
    raise Missing("There is no such stage in this contest.")


def _show_draw(contest_id, stage_key=None, status=200, refused_layer=1, **facts):
    contest, in_force = get_contest(contest_id), find_plan_in_force(contest_id)
    stages = in_force.plan.stages if in_force else ()
    if stage_key is None and stages:
        stage_key = contest.stage or stages[-1].key
    stage = _get_stage(contest_id, stage_key) if stages else None
    is_coder = g.person.has_role("coding_judge", contest_id) and not queries.marking_roles(
        contest_id, g.person.user_id
    )
    layers = queries.layers(contest_id, stage.key) if stage else []
    own = [
        one.number for one in layers
        if is_coder and (one.keeper[0] == g.person.user_id if one.keeper else len(layers) == 1)
        and not queries.is_late_coder(contest_id, stage.key, one.number, g.person.user_id)
    ]
    return show(
        "draw/show_draw.html",
        status=status,
        contest=contest,
        stages=stages,
        stage=stage,
        layers=layers,
        own=own,
        is_coder=is_coder,
        is_organiser=g.person.has_role("organiser", contest_id),
        may_witness=g.person.has_any(order_actions.WITNESSES, contest_id),
        has_codes=queries.has_codes(contest_id),
        layer_names=rules.LAYER_WORDS,
        # Whoever knows the seed can work the codes out: others see it when nothing depends on it.
        is_published=contest.state in queries.PUBLISHED,
        is_told=queries.is_past(contest, stage.key) if stage else False,
        lines={n: queries.list_codes(contest_id, stage.key, n) for n in own},
        warns_of_few=queries.names_stand_beside(contest_id, stage.key) if stage else False,
        few=rules.FEW,
        newcomers={
            one.number: len(queries.newcomers(contest_id, stage.key, one.number)) for one in layers
        },
        coders=queries.coding_judge_ids(contest_id),
        drawable=len(queries.drawable(contest_id)),
        is_marked=queries.is_marked(contest_id, stage.key) if stage else False,
        refused_layer=refused_layer,
        order=order_queries.order_page(contest_id, stage.key) if stage else None,
        may_sign=contest.state in order_rules.DRAWN_IN, by_two=queries.draws_again_by_two(contest_id),
        **facts,
    )


