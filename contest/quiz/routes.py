"""The desk beside the stage: points of a quiz, times of a timed event, what questions are worth."""

from uuid import uuid4

from flask import Blueprint, flash, g, jsonify, redirect, request, url_for
from flask_babel import gettext

from contest import clock
from contest.accounts.guards import needs
from contest.audit.work import Actor
from contest.errors import Conflict, Invalid
from contest.numbers import read_whole
from contest.pages import show, wants_piece
from contest.people.rules import ENTRANT_STATES
from contest.quiz import actions, clock_rules, forms, queries, rules, setting_rules
from contest.setup.queries import get_contest

bp = Blueprint("quiz", __name__)
READERS = ("clerk", "host", "organiser", "chief_judge", "supervisor")
WRITERS = ("clerk", "host", "organiser")


def _actor():
    return Actor(g.person.user_id, g.person.name)


@bp.app_template_filter("signed_points")
def signed_points(units):
    """Points with their sign."""
    return rules.signed(units)


@bp.app_template_filter("units_text")
def units_text(units):
    """Units as points in plain decimals, a minus as it is printed."""
    return rules.plain(units)


@bp.app_template_filter("time_text")
def time_text(ms):
    """Milliseconds as minutes, seconds and hundredths."""
    return clock_rules.time_text(ms)


@bp.app_template_filter("seconds_text")
def seconds_text(ms):
    """Milliseconds as plain seconds."""
    return setting_rules.seconds_text(ms)


@bp.get("/contests/<int:contest_id>/quiz")
@needs(*READERS)
def show_desk(contest_id):
    """The running totals of a quiz with a button for each answer, or the stopwatch with the times."""
    get_contest(contest_id)
    key = request.args.get("module")
    module = queries.get_module(contest_id, key) if key else queries.first_module(contest_id)
    if module is None:
        return show("quiz/show_desk.html", contest=get_contest(contest_id), desk=None, modules=[])
    seen = read_whole(request.args.get("seen"))
    # Asked every few seconds: what is typed is left alone while nothing has changed.
    if wants_piece() and seen == queries.latest_seq(contest_id, module.key):
        return "", 204
    return _show_desk(contest_id, module.key, forms.read_type(request.args.get("show")))


def _show_desk(contest_id, module_key, kind, refused=None):
    contest = get_contest(contest_id)
    return show(
        "quiz/show_desk.html", "quiz/_quiz_desk.html", status=refused.status if refused else 200,
        contest=contest, desk=queries.desk(contest_id, module_key),
        modules=[m for m in queries.led_modules(contest_id) if not m.blind],
        kind=kind, kinds=rules.KINDS, types=rules.TYPES, op_id=str(uuid4()), refused=refused,
        typed=request.form if refused or request.method == "POST" else {},
        wrong=refused.fields if isinstance(refused, Invalid) else {},
        entrant_states=ENTRANT_STATES,
        may_write=g.person.has_any(WRITERS, contest_id) and contest.takes_marks,
    )


def _answered(contest_id, module_key, kind, act):
    """Do an act and show the desk as it is then: the piece for htmx, else the page anew."""
    try:
        act()
    except (Invalid, Conflict) as refused:
        return _show_desk(contest_id, module_key, kind, refused)
    if wants_piece():
        return _show_desk(contest_id, module_key, kind)
    return redirect(
        url_for(".show_desk", contest_id=contest_id, module=module_key, show=kind), 303
    )


@bp.post("/contests/<int:contest_id>/quiz/<module_key>/begin")
@needs(*WRITERS)
def begin(contest_id, module_key):
    """Give everybody on the stage the base points."""
    def act():
        actions.begin(_actor(), contest_id, module_key, *forms.read_operation(request.form))

    return _answered(contest_id, module_key, forms.read_type(request.form.get("show")), act)


@bp.post("/contests/<int:contest_id>/quiz/<module_key>/entries")
@needs(*WRITERS)
def enter_points(contest_id, module_key):
    """Enter what one button says."""
    form, kind = request.form, forms.read_type(request.form.get("show"))

    def act():
        press, operation = forms.read_press(form.get("act")), forms.read_operation(form)
        where = (_actor(), contest_id, module_key, press.entrant_id)
        if press.what == "stake":
            actions.choose_stake(*where, press.value, *operation)
        elif press.what == "add":
            actions.enter_points(*where, form.get("amount"), form.get("note"), *operation)
        else:
            actions.enter_answer(
                *where, kind, press.what == "right", form.get("question"), *operation
            )

    return _answered(contest_id, module_key, kind, act)


@bp.post("/contests/<int:contest_id>/quiz/<module_key>/undo")
@needs(*WRITERS)
def undo(contest_id, module_key):
    """Take one entry back by an entry of its own."""
    def act():
        seq = read_whole(request.form.get("entry"), 0)
        actions.undo(_actor(), contest_id, module_key, seq, *forms.read_operation(request.form))

    return _answered(contest_id, module_key, forms.read_type(request.form.get("show")), act)


@bp.post("/contests/<int:contest_id>/quiz/<module_key>/times")
@needs(*WRITERS)
def enter_time(contest_id, module_key):
    """Enter a time with its faults, or that the run does not count."""
    form = request.form

    def act():
        entrant_id, operation = read_whole(form.get("entrant"), 0), forms.read_operation(form)
        where = (_actor(), contest_id, module_key, entrant_id)
        if form.get("act") == "void":
            actions.enter_void(*where, form.get("note"), *operation)
            return
        count = len(queries.settings_of(contest_id, module_key).faults)
        actions.enter_time(
            *where, form.get("time"), forms.read_counts(form, count), *operation,
            device_ms=read_whole(form.get("device_ms")), server_ms=read_whole(form.get("server_ms")),
        )

    return _answered(contest_id, module_key, rules.TYPES[0], act)


@bp.get("/contests/<int:contest_id>/quiz/clock")
@needs(*WRITERS)
def tell_clock(contest_id):
    """The server's clock in milliseconds, for the stopwatch to compare its own with."""
    get_contest(contest_id)
    answer = jsonify(now_ms=round(clock.now().timestamp() * 1000))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/contests/<int:contest_id>/quiz/<module_key>/values")
@needs(*WRITERS)
def show_values(contest_id, module_key):
    """What questions are worth, what faults cost, and who is on the stage."""
    return _show_values(contest_id, module_key)


def _show_values(contest_id, module_key, refused=None):
    settings, everybody = (
        queries.settings_of(contest_id, module_key), queries.players(contest_id, module_key)
    )
    chosen = settings.players or [player.entrant_id for player in everybody]
    if refused:
        chosen = [read_whole(one) for one in request.form.getlist("players")]
    return show(
        "quiz/show_values.html", status=refused.status if refused else 200,
        contest=get_contest(contest_id), module=queries.get_module(contest_id, module_key),
        is_timed=queries.is_timed(contest_id), orders=setting_rules.ORDERS,
        values=request.form if refused else setting_rules.typed_form(settings),
        players=everybody, chosen=chosen, refused=refused,
        wrong=refused.fields if isinstance(refused, Invalid) else {},
    )


@bp.post("/contests/<int:contest_id>/quiz/<module_key>/values")
@needs(*WRITERS)
def set_values(contest_id, module_key):
    """Store the values; entries that stand keep what they were worth."""
    chosen = [read_whole(one) for one in request.form.getlist("players")]
    try:
        actions.set_values(_actor(), contest_id, module_key, request.form, chosen)
    except (Invalid, Conflict) as refused:
        return _show_values(contest_id, module_key, refused)
    flash(gettext("The values are stored; entries keep what they were worth."), "good")
    return redirect(url_for(".show_desk", contest_id=contest_id, module=module_key), 303)
