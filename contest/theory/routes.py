"""Pages of theory scores: the list, one entry after another, and the import of a list."""

from flask import flash, g, redirect, request, url_for
from flask_babel import gettext

from contest.accounts.guards import find_door, needs
from contest.errors import Invalid
from contest.numbers import read_whole
from contest.pages import language, show
from contest.people import import_queries
from contest.people.rules import ENTRANT_STATES
from contest.people.tables import FILE_MOST, Problem
from contest.setup.queries import get_contest
from contest.theory import (
    actions,
    bank_queries,
    bank_routes,  # noqa: F401  (brings its pages)
    queries,
    rules,
    score_file,
)
from contest.theory.blueprint import READERS, WRITERS, bp
from contest.theory.blueprint import actor as _actor
from contest.theory.columns import SCORES

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 200


@bp.get("/contests/<int:contest_id>/theory")
@needs(*READERS)
def list_scores(contest_id):
    """Every contestant with a score or the word absent, module by module."""
    contest = get_contest(contest_id)
    modules = queries.score_modules(contest_id)
    key = request.args.get("module")
    module = queries.get_module(contest_id, key) if key else queries.first_module(contest_id)
    if module and (number := request.args.get("number")):
        entrant_id = queries.find_by_number(contest_id, number)
        return redirect(
            url_for(".show_entry", contest_id=contest_id, module_key=module.key,
                    entrant_id=entrant_id), 303
        )
    is_led = module is not None and module.key in queries.led_elsewhere(contest_id)
    may_lead = module is not None and module.kind != "theory" and not module.blind
    return show(
        "theory/list_scores.html", contest=contest, modules=modules, module=module,
        led_at=find_door("quiz.show_desk", contest_id) if is_led or may_lead else None,
        rows=queries.list_scores(contest_id, module.key) if module else [],
        entrant_states=ENTRANT_STATES,
        banks=bank_queries.drawn(contest_id, module.key).get(module.key, []) if module else [],
        may_write=g.person.has_any(WRITERS, contest_id) and contest.takes_marks and not is_led,
    )


@bp.get("/contests/<int:contest_id>/theory/<module_key>/<int:entrant_id>")
@needs(*WRITERS)
def show_entry(contest_id, module_key, entrant_id):
    """One contestant's score to be entered; Enter goes on to the next."""
    return _show_entry(contest_id, module_key, entrant_id)


def _show_entry(contest_id, module_key, entrant_id, refused=None):
    row, place, of, following = queries.get_score(contest_id, module_key, entrant_id)
    return show(
        "theory/enter_score.html", status=refused.status if refused else 200,
        contest=get_contest(contest_id), module=queries.get_module(contest_id, module_key),
        top=queries.top_of(contest_id, module_key), row=row, place=place, of=of,
        following=following, refused=refused,
        typed=request.form if refused else {},
        seen=request.form.get("seen") if refused else row.entry_id,
        history=queries.history(contest_id, module_key, entrant_id),
        entrant_states=ENTRANT_STATES,
    )


@bp.post("/contests/<int:contest_id>/theory/<module_key>/<int:entrant_id>")
@needs(*WRITERS)
def enter_score(contest_id, module_key, entrant_id):
    """Store a score and go on to the next contestant without one."""
    form, act = request.form, request.form.get("act", "")
    try:
        is_new = actions.enter_score(
            _actor(), contest_id, module_key, entrant_id,
            "缺考" if act == "absent" else form.get("score"), read_whole(form.get("seen"), 0),
            form.get("reason"), is_cleared=act == "clear",
        )
    except Invalid as refused:
        return _show_entry(contest_id, module_key, entrant_id, refused)
    row, _, _, following = queries.get_score(contest_id, module_key, entrant_id)
    if is_new:
        flash(_said(row, act), "good")
    if following is None:
        return redirect(url_for(".list_scores", contest_id=contest_id, module=module_key), 303)
    return redirect(
        url_for(".show_entry", contest_id=contest_id, module_key=module_key,
                entrant_id=following.entrant_id), 303
    )


def _said(row, act):
    if act == "clear":
        return gettext("%(number)s %(name)s: cleared.", number=row.number, name=row.name)
    if row.state == "absent":
        return gettext("%(number)s %(name)s: stored as absent.", number=row.number, name=row.name)
    return gettext(
        "%(number)s %(name)s: %(score)s stored.", number=row.number, name=row.name, score=row.text
    )


@bp.get("/contests/<int:contest_id>/theory/<module_key>/template.xlsx")
@needs(*WRITERS)
def score_template(contest_id, module_key):
    """The entrants as a spreadsheet with an empty column for the scores."""
    module = queries.get_module(contest_id, module_key)
    rows = queries.list_scores(contest_id, module_key)
    data = score_file.score_template(get_contest(contest_id), module, rows, language())
    return data, 200, {
        "Content-Type": XLSX, "Content-Disposition": "attachment; filename=scores.xlsx",
    }


@bp.get("/contests/<int:contest_id>/theory/<module_key>/import")
@needs(*WRITERS)
def import_scores(contest_id, module_key):
    """The page that takes a list of scores."""
    return _show_import(contest_id, module_key)


def _show_import(contest_id, module_key, refused=None):
    return show(
        "theory/import_scores.html", status=refused.status if refused else 200,
        contest=get_contest(contest_id), module=queries.get_module(contest_id, module_key),
        refused=refused, problems=getattr(refused, "problems", ()), columns=SCORES,
    )


@bp.post("/contests/<int:contest_id>/theory/<module_key>/import")
@needs(*WRITERS)
def upload_scores(contest_id, module_key):
    """Read a list; nothing is stored before somebody has looked at it."""
    sent = request.files.get("file")
    try:
        if sent is None or not sent.filename:
            raise Invalid("Choose a file first.", fields={"file": Invalid("Choose a file first.")})
        pending_id = actions.upload_scores(
            _actor(), contest_id, module_key, sent.stream.read(FILE_MOST + 1), sent.filename
        )
    except Invalid as refused:
        return _show_import(contest_id, module_key, refused)
    return redirect(
        url_for(".preview_scores", contest_id=contest_id, module_key=module_key,
                pending_id=pending_id), 303
    )


@bp.get("/contests/<int:contest_id>/theory/<module_key>/import/<int:pending_id>")
@needs(*WRITERS)
def preview_scores(contest_id, module_key, pending_id):
    """What a list would change, before it does."""
    return _show_preview(contest_id, module_key, pending_id)


def _show_preview(contest_id, module_key, pending_id, refused=None):
    module = queries.get_module(contest_id, module_key)
    pending = import_queries.get_pending(
        contest_id, pending_id, actions.kind_of(module_key), g.person.user_id
    )
    lines, more = queries.preview(contest_id, module, pending.rows)
    problems = [Problem.from_document(document) for document in pending.notes] + more
    moving = [line for line in lines if line.kind != "unchanged"]
    return show(
        "theory/preview_scores.html", status=refused.status if refused else 200,
        contest=get_contest(contest_id), module=module, refused=refused,
        reason=request.form.get("reason", ""),
        pending=pending, lines=moving[:SHOWN], hidden=max(0, len(moving) - SHOWN),
        counts=rules.counts_of(lines), problems=problems,
    )


@bp.post("/contests/<int:contest_id>/theory/<module_key>/import/<int:pending_id>")
@needs(*WRITERS)
def confirm_scores(contest_id, module_key, pending_id):
    """Store the list."""
    try:
        counts = actions.confirm_scores(
            _actor(), contest_id, module_key, pending_id, request.form.get("reason")
        )
    except Invalid as refused:
        if "reason" in refused.fields:
            return _show_preview(contest_id, module_key, pending_id, refused)
        return _show_import(contest_id, module_key, refused)
    flash(gettext("%(new)s new, %(changed)s changed, %(unchanged)s unchanged.", **counts), "good")
    return redirect(url_for(".list_scores", contest_id=contest_id, module=module_key), 303)
