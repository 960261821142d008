"""Records on pages: who holds them, for everybody; and the desk where they are defined and confirmed."""

from flask import flash, g, redirect, request, url_for
from flask_babel import gettext

from contest.accounts.guards import needs, open_to_all
from contest.errors import Conflict, Invalid
from contest.numbers import read_whole
from contest.pages import show
from contest.registry import (
    level_rules,
    record_actions,
    record_editing,
    record_history_queries,
    record_queries,
    record_rules,
)
from contest.registry.blueprint import actor, bp


@bp.get("/records")
@open_to_all
def list_records():
    """What stands, by trade and event."""
    return show(
        "registry/list_records.html", levels=level_rules.CONTEST_LEVELS,
        found=[record_history_queries.find_history(line) for line in record_queries.list_lines()],
    )


@bp.get("/records/<int:line_id>")
@open_to_all
def show_record(line_id):
    """One record: who held it from when to when."""
    line = record_queries.get_line(line_id)
    return show(
        "registry/show_record.html", found=record_history_queries.find_history(line), line=line,
        levels=level_rules.CONTEST_LEVELS, whats=record_rules.WHATS, betters=record_rules.BETTERS,
        holders=record_rules.HOLDERS,
        taken_back=record_history_queries.taken_back(line_id), printed=record_queries.printed,
    )


@bp.get("/curation/records")
@needs("curator")
def list_record_lines():
    """Every record with what waits to be confirmed."""
    return show(
        "registry/list_record_lines.html", waiting=record_queries.count_waiting(),
        found=[record_history_queries.find_history(line) for line in record_queries.list_lines()],
        levels=level_rules.CONTEST_LEVELS,
    )


@bp.get("/curation/records/new")
@needs("curator")
def new_record():
    """What is compared, and what is to be beaten."""
    return _new_record()


def _new_record(refused=None, line=None, values=None):
    return show(
        "registry/new_record.html", status=refused.status if refused else 200, refused=refused, record=line,
        values=values or request.form, field_errors=getattr(refused, "fields", {}), whats=record_rules.WHATS,
        betters=record_rules.BETTERS, levels=level_rules.CONTEST_LEVELS, holders=record_rules.HOLDERS,
    )


@bp.post("/curation/records/new")
@needs("curator")
def define_record():
    try:
        line = record_actions.define_line(actor(), request.form)
    except Invalid as refused:
        return _new_record(refused)
    flash(gettext("The record is defined; now let the contests in that are comparable."), "good")
    return redirect(url_for("registry.keep_record", line_id=line.id), 303)


@bp.get("/curation/records/<int:line_id>/change")
@needs("curator")
def edit_record(line_id):
    """The definition of a record, to be changed while nothing rests on it."""
    line = record_queries.get_line(line_id)
    record_editing.check_may_change(g.person.user_id, line)
    return _new_record(None, line, record_editing.form_of(line))


@bp.post("/curation/records/<int:line_id>/change")
@needs("curator")
def change_record(line_id):
    """Define a record anew under its number."""
    try:
        is_changed = record_editing.change_line(actor(), line_id, request.form)
    except (Invalid, Conflict) as refused:
        return _new_record(refused, record_queries.get_line(line_id))
    if is_changed:
        flash(gettext("The definition is changed."), "good")
    else:
        flash(gettext("Nothing differs from what holds now."), "info")
    return redirect(url_for("registry.keep_record", line_id=line_id), 303)


@bp.get("/curation/records/<int:line_id>")
@needs("curator")
def keep_record(line_id):
    """One record at the desk: what waits, its contests, its whole history."""
    return _keep_record(line_id)


def _keep_record(line_id, refused=None):
    line = record_queries.get_line(line_id)
    marks = record_queries.tellable(record_queries.marks_of(line_id))
    contests = record_queries.contests_in(line_id)
    return show(
        "registry/keep_record.html", status=refused.status if refused else 200, line=line, refused=refused,
        values=request.form, found=record_history_queries.find_history(line),
        waiting=record_queries.waiting(line),
        marks=marks, contests=contests, choices=record_queries.contests_to_choose(line),
        unfit=record_queries.unfit_inside(line, contests), evidence=record_queries.evidence_of(marks),
        names=record_queries.names_of(
            [line.by_id, *(one.by_id for one in contests), *(one.decided_by_id for one in marks)]
        ),
        levels=level_rules.CONTEST_LEVELS, whats=record_rules.WHATS, betters=record_rules.BETTERS,
        holders=record_rules.HOLDERS,
        may_change=line.by_id == g.person.user_id and record_editing.why_fixed(line) is None,
        kinds=record_rules.KINDS, states=record_rules.STATES, printed=record_queries.printed,
    )


def _act(line_id, said, act):
    """Carry an act out and go back to the record, or show it with the reason why not."""
    try:
        act()
    except (Invalid, Conflict) as refused:
        return _keep_record(line_id, refused)
    flash(said, "good")
    return redirect(url_for("registry.keep_record", line_id=line_id), 303)


def _contest():
    return read_whole(request.form.get("contest_id"), 0)


def _reason():
    return request.form.get("reason", "")


@bp.post("/curation/records/<int:line_id>/contests")
@needs("curator")
def let_contest_in(line_id):
    return _act(line_id, gettext("The contest belongs to the record; its final results are compared."),
                lambda: record_actions.let_in(actor(), line_id, _contest()))


@bp.post("/curation/records/<int:line_id>/contests/out")
@needs("curator")
def take_contest_out(line_id):
    return _act(line_id, gettext("The contest was taken out."),
                lambda: record_actions.take_out(actor(), line_id, _contest(), _reason()))


@bp.post("/curation/records/<int:line_id>/end")
@needs("curator")
def lay_record_down(line_id):
    return _act(line_id, gettext("The record was laid down; its history stays."),
                lambda: record_actions.lay_down(actor(), line_id, _reason()))


@bp.post("/curation/records/<int:line_id>/name")
@needs("curator")
def take_record_name_off(line_id):
    return _act(line_id, gettext("The name was taken off."),
                lambda: record_actions.take_name_off(actor(), line_id, _reason()))


@bp.post("/curation/records/results/<int:mark_id>/confirm")
@needs("curator")
def confirm_record(mark_id):
    return _act(record_queries.get_mark(mark_id).line_id, gettext("The record is confirmed and public."),
                lambda: record_actions.confirm_mark(actor(), mark_id))


@bp.post("/curation/records/results/<int:mark_id>/refuse")
@needs("curator")
def refuse_record(mark_id):
    return _act(record_queries.get_mark(mark_id).line_id, gettext("Not confirmed; the reason is kept."),
                lambda: record_actions.refuse_mark(actor(), mark_id, _reason()))


@bp.post("/curation/records/results/<int:mark_id>/again")
@needs("curator")
def propose_record_again(mark_id):
    return _act(record_queries.get_mark(mark_id).line_id, gettext("The result is looked at again."),
                lambda: record_actions.propose_again(actor(), mark_id, _reason()))
