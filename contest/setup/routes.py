"""The list of contests, a new contest, and a contest's desk."""

from flask import flash, g, redirect, request, url_for
from flask_babel import gettext

from contest import clock
from contest.accounts.guards import find_door, needs
from contest.accounts.rules import ROLES, ROLES_IN_CONTEST
from contest.audit.work import Actor
from contest.errors import Invalid, Missing
from contest.pages import say, show
from contest.setup import (  # noqa: F401  (the routes among them add their pages to bp)
    actions,
    calendar_routes,
    desk_queries,
    desk_rules,
    edit_routes,
    forms,
    head_routes,
    plan_routes,
    presets,
    procedure_routes,
    proposal_routes,
    queries,
    rules,
    step_rules,
)
from contest.setup.blueprint import OFFICE, bp
from contest.setup.hiding import why_kept_public
from contest.setup.plan_files import read_plan_text
from contest.setup.procedure_rules import NAMES
from contest.setup.scheme_picture import picture_of


def actor():
    """Who is signed in, as the trail knows them."""
    return Actor(g.person.user_id, g.person.name)


bp.app_template_global("idle_rooms")(desk_queries.idle_rooms)


@bp.app_template_filter("amount")
def amount(units):
    """Units as points in plain decimals."""
    return rules.amount(units)


@bp.app_template_filter("plan_problem")
def plan_problem(found):
    """A problem of a plan as a sentence in the language of this request."""
    return say(Invalid(found.message, **found.params))


@bp.get("/contests")
@needs(*OFFICE)
def list_contests():
    contests = [c for c in queries.list_contests() if g.person.has_any(OFFICE, c.id)]
    return show("setup/list_contests.html", contests=contests, states=rules.STATES)


@bp.get("/contests/new")
@needs("organiser")
def new_contest():
    return show(
        "setup/new_contest.html",
        presets=[(preset, picture_of(preset.plan)) for preset in presets.list_presets()],
        earlier=_earlier_contests(),
    )


def _earlier_contests():
    mine = [c for c in queries.list_contests() if g.person.has_any(("organiser",), c.id)]
    return [c for c in mine if queries.find_plan_in_force(c.id)]


@bp.get("/contests/new/preset/<key>")
@needs("organiser")
def start_from_preset(key):
    preset = _get_preset(key)
    return _show_start(preset.plan, _suggestion(preset.plan, key.partition("_")[2] or key))


@bp.post("/contests/new/preset/<key>")
@needs("organiser")
def create_from_preset(key):
    preset = _get_preset(key)
    try:
        details, road = forms.read_new(request.form)
        contest = actions.create_contest_from_preset(actor(), details, key, road)
    except Invalid as refused:
        return _show_start(preset.plan, request.form, refused)
    return _to_desk(contest.id)


def _get_preset(key):
    preset = presets.find_preset(key)
    if preset is None:
        raise Missing("There is no such preset.")
    return preset


@bp.get("/contests/new/copy/<int:source_id>")
@needs("organiser")
def start_from_copy(source_id):
    contest, plan = _get_source(source_id)
    values = _suggestion(plan, contest.slug)
    values |= {"name": contest.name, "name_en": contest.name_en, "host": contest.host,
               "place": contest.place, "road": "as_before"}
    return _show_start(plan, values, source=contest)


@bp.post("/contests/new/copy/<int:source_id>")
@needs("organiser")
def create_from_copy(source_id):
    contest, plan = _get_source(source_id)
    try:
        details, road = forms.read_new(request.form, queries.procedure_of(contest))
        made = actions.create_contest_from_copy(actor(), details, source_id, road)
    except Invalid as refused:
        return _show_start(plan, request.form, refused, contest)
    return _to_desk(made.id)


def _get_source(source_id):
    contest = queries.get_contest(source_id)
    if not g.person.has_any(("organiser",), source_id):
        raise Missing("There is no such contest.")
    return contest, queries.plan_in_force(source_id).plan


@bp.get("/contests/new/file")
@needs("organiser")
def start_from_file():
    return _show_start(None, {})


@bp.post("/contests/new/file")
@needs("organiser")
def create_from_file():
    values = dict(request.form)
    try:
        file = request.files.get("file")
        text = read_plan_text(file.read() if file else b"", request.form.get("text", ""))
        values["text"] = text
        details, road = forms.read_new(request.form)
        contest = actions.create_contest_from_text(actor(), details, text, road)
    except Invalid as refused:
        return _show_start(None, values, refused)
    return _to_desk(contest.id)


def _suggestion(plan, stem):
    stem = stem.replace("_", "-").rstrip("0123456789").strip("-") or "contest"
    return {"name": plan.name, "name_en": plan.name_en, "slug": f"{stem}-{clock.now().year}"}


def _show_start(plan, values, refused=None, source=None):
    return show(
        "setup/start_contest.html", status=refused.status if refused else 200, plan=plan,
        picture=picture_of(plan) if plan else None, values=values, refused=refused,
        errors=refused.fields if refused else {}, source=source,
        problems=getattr(refused, "problems", ()),
    )


def _to_desk(contest_id):
    return redirect(url_for("setup.desk", contest_id=contest_id), 303)


@bp.get("/contests/<int:contest_id>")
@needs(*OFFICE)
def desk(contest_id):
    contest = queries.get_contest(contest_id)
    current = queries.find_plan_in_force(contest_id)
    notes = queries.desk_notes(contest_id)
    held = queries.held_states(contest)
    step = step_rules.next_step(contest.state, held)
    links, further = _doors(contest, current.plan if current else None)
    return show(
        "setup/desk.html", contest=contest, kept_public=why_kept_public(contest_id),
        states=rules.STATES, state_notes=forms.STATE_NOTES,
        steps=[(key, gettext(rules.STATES[key])) for key in step_rules.road(held)],
        current=current, step=step, acts=step_rules.ACTS,
        procedure_name=NAMES[queries.procedure_of(contest).name],
        **_next_step(contest, step), is_inside=_is_inside(contest_id),
        may_step=step is not None and step.act in step_rules.ON_THE_DESK
        and any(g.person.has_role(role, contest_id) for role in step.roles),
        notes=_told(notes, contest_id),
        links=links, further=further, is_organiser=g.person.has_role("organiser", contest_id),
        stage_is_open=contest.state in rules.STAGE_IS_OPEN_IN
        and g.person.has_any(rules.SECOND_PERSON, contest_id)
        and current is not None and not queries.marked_modules_of_stage(contest),
    )


def _next_step(contest, step):
    """What is in the way of the next step, and who takes it, for the desk."""
    if step is None:
        return {"problems": [], "who": [], "second": []}
    four_eyes = queries.procedure_of(contest).four_eyes
    is_for_two = step_rules.needs_second(step, four_eyes)
    who, second = queries.step_takers(contest, step)
    return {
        "problems": _told(queries.step_problems(contest, step), contest.id),
        "who": [gettext(ROLES[role]) for role in who],
        "second": [gettext(ROLES[role]) for role in second] if is_for_two else [],
    }


def _is_inside(contest_id):
    return g.person.has_any(ROLES_IN_CONTEST, contest_id)


def _told(notes, contest_id):
    """Pairs of Note and its door. Who has no part in the contest hears only of what opens to them.

    How many marks are in is nothing for whoever may know no more of them than the public.
    """
    pairs = [(note, find_door(note.endpoint, contest_id)) for note in notes]
    if _is_inside(contest_id):
        return pairs
    return [(note, door) for note, door in pairs if door]


def _doors(contest, plan):
    """What the desk links to: what the contest calls for now, and the rest, as far as doors open."""
    held = desk_queries.what_is_held(contest, plan)
    found = [(door, find_door(door.endpoint, contest.id)) for door in desk_rules.DOORS]
    return desk_rules.split([pair for pair in found if pair[1]], contest.state, held)


@bp.get("/contests/<int:contest_id>/details")
@needs("organiser")
def edit_details(contest_id):
    contest = queries.get_contest(contest_id)
    values = {name: getattr(contest, name) for name in actions.DETAILS}
    return _show_details(contest, values)


@bp.post("/contests/<int:contest_id>/details")
@needs("organiser")
def change_details(contest_id):
    contest = queries.get_contest(contest_id)
    try:
        actions.change_details(actor(), contest_id, forms.read_details(request.form))
    except Invalid as refused:
        return _show_details(contest, request.form, refused)
    flash(gettext("The details are saved."), "good")
    return _to_desk(contest_id)


def _show_details(contest, values, refused=None):
    return show(
        "setup/edit_details.html", status=refused.status if refused else 200, contest=contest,
        values=values, refused=refused, errors=refused.fields if refused else {},
    )


@bp.post("/contests/<int:contest_id>/step")
@needs("organiser", "chief_judge", "supervisor")
def take_step(contest_id):
    to = request.form.get("to", "")
    actions.take_step(actor(), contest_id, to)
    flash(gettext("The contest is now at: %(state)s.", state=gettext(rules.STATES[to])), "good")
    return _to_desk(contest_id)


@bp.post("/contests/<int:contest_id>/stage")
@needs("organiser", "chief_judge")
def hold_stage(contest_id):
    actions.hold_stage(actor(), contest_id, request.form.get("stage", ""))
    return _to_desk(contest_id)


@bp.post("/contests/<int:contest_id>/public")
@needs("organiser")
def show_to_public(contest_id):
    is_public = request.form.get("public") == "1"
    actions.show_to_public(actor(), contest_id, is_public)
    shown = gettext("The public sees this contest now; its address and QR code are below.")
    flash(shown if is_public else gettext("This contest is hidden from the public now."), "good")
    return _to_desk(contest_id)
