"""A judge's pages: the list of sheets, a sheet, its summary, and the choice after a clash."""

import json

from flask import flash, g, redirect, request, url_for
from flask_babel import gettext

from contest.accounts.guards import needs
from contest.audit.work import Actor
from contest.errors import Invalid
from contest.judging import (
    actions,
    adjustment_routes,
    carry_routes,
    chief_routes,
    decoding_routes,
    door_routes,
    flag_queries,
    forms,
    key_routes,
    number_routes,
    queries,
    rules,
    sheet_queries,
    sheet_rules,
    substitution_routes,
    tablet_routes,
    tablet_rules,
    total_queries,
    total_routes,
    trail_queries,
)
from contest.judging.blueprint import bp
from contest.judging.state_queries import SHOWN_STATES
from contest.pages import show
from contest.people.message_queries import messages_to_judge
from contest.people.recusal_queries import contests_to_declare_in

# trail_queries hangs itself on the trail.
__all__ = [
    "adjustment_routes", "bp", "carry_routes", "chief_routes", "decoding_routes", "door_routes",
    "key_routes", "number_routes",
    "substitution_routes", "tablet_routes", "total_routes", "trail_queries",
]


def _actor():
    return Actor(g.person.user_id, g.person.name)


def _own_page(sheet_id, typed=None, errors=None):
    """The page of a sheet, for its own judge who still holds the role in its contest."""
    contest_id = queries.contest_of_sheet(sheet_id)
    rules.check_is_judge(g.person.has_role("judge", contest_id))
    return sheet_queries.get_sheet_page(sheet_id, g.person.user_id, typed, errors)


@bp.get("/judging")
@needs("judge")
def my_sheets():
    """A judge's own sheets, module by module."""
    return show(
        "judging/my_sheets.html",
        declaring=contests_to_declare_in(g.person.user_id),
        groups=sheet_queries.my_sheets(g.person.user_id), messages=messages_to_judge(g.person.user_id),
        labels=rules.SHEET_STATES, entrant_states=SHOWN_STATES,
        totals=total_queries.totals_of(g.person.user_id), is_copy=tablet_routes.is_copy(),
    )


@bp.get("/judging/sheets/<int:sheet_id>")
@needs("judge")
def show_sheet(sheet_id):
    """One sheet: to be marked, or closed."""
    return _show_sheet(sheet_id)


def _show_sheet(sheet_id, typed=None, refused=None, base_rev=None):
    errors = refused.fields if refused else None
    page = _own_page(sheet_id, typed, errors)
    return show(
        "judging/sheet.html" if page.is_open else "judging/closed_sheet.html",
        status=refused.status if refused else 200,
        sheet=page, refused=refused, labels=rules.SHEET_STATES,
        # A page that comes back still stands on the revision its judge was looking at.
        base_rev=page.rev if base_rev is None else base_rev, op_id=forms.new_op_id(),
        flags=flag_queries.flags_of_sheet(sheet_id, g.person.user_id),
        flag_reasons=tablet_rules.FLAG_REASONS, is_copy=tablet_routes.is_copy(),
    )


@bp.post("/judging/sheets/<int:sheet_id>")
@needs("judge")
def save_sheet(sheet_id):
    """Save a sheet as a draft, without a script."""
    return _save_draft(sheet_id, url_for(".show_sheet", sheet_id=sheet_id))


@bp.post("/judging/sheets/<int:sheet_id>/check")
@needs("judge")
def check_sheet(sheet_id):
    """Save a sheet as a draft and go on to its summary, without a script."""
    return _save_draft(sheet_id, url_for(".show_summary", sheet_id=sheet_id))


def _save_draft(sheet_id, goal):
    page = _own_page(sheet_id)
    typed = forms.marks_from_form(request.form, page.module)
    try:
        sheet_rules.check_same_rules(request.form.get("rules", ""), page.module)
    except sheet_rules.RulesChanged as refused:
        return _show_changed(sheet_id, typed, refused)
    if request.form.get("both") and page.is_open:
        # The tablet knows of a conflict. Its revision may be there again, with marks nobody saw here.
        return _show_clash(sheet_id, typed, queries.clash_now(sheet_id))
    try:
        operation = forms.operation_from_form(request.form, "draft", typed)
        outcome = actions.take_operation(_actor(), sheet_id, operation)
    except Invalid as refused:
        return _show_sheet(sheet_id, typed, refused, request.form.get("base_rev"))
    except sheet_rules.RulesChanged as refused:
        return _show_changed(sheet_id, typed, refused)
    if isinstance(outcome, rules.Clash):
        return _show_clash(sheet_id, typed, outcome)
    return redirect(goal, 303)


def _show_changed(sheet_id, typed, refused):
    """The form of the rules in force, with what was typed and still means the same."""
    page = _own_page(sheet_id)
    asked = forms.asked_by_form(request.form, page.module)
    kept, refused.fields = sheet_rules.still_fitting(page.module, page.marks, typed, asked)
    return _show_sheet(sheet_id, kept, refused, request.form.get("base_rev"))


def _show_clash(sheet_id, mine, clash, refused=None):
    page = _own_page(sheet_id)
    return show(
        "judging/clash.html", "judging/_clash_choice.html",
        status=refused.status if refused else 409,
        sheet=page, clash=clash, refused=refused, mine=json.dumps(mine, ensure_ascii=False),
        differences=sheet_queries.sheet_differences(page, mine), op_id=forms.new_op_id(),
        chosen=request.form,
    )


@bp.post("/judging/sheets/<int:sheet_id>/settle")
@needs("judge")
def settle_clash(sheet_id):
    """Store what the judge chose, aspect by aspect, after two tablets had marked one sheet."""
    page = _own_page(sheet_id)
    mine = forms.mine_from_form(request.form)
    try:
        choices = forms.choices_from_form(request.form, page.module)
        merged = rules.merge_choices(page.marks, mine, choices)
    except Invalid as refused:
        return _show_clash(sheet_id, mine, queries.clash_now(sheet_id), refused)
    try:
        operation = forms.operation_from_form(request.form, "draft", merged)
        outcome = actions.take_operation(_actor(), sheet_id, operation)
    except Invalid as refused:
        return _show_sheet(sheet_id, merged, refused, request.form.get("base_rev"))
    except sheet_rules.RulesChanged as refused:
        return _show_changed(sheet_id, merged, refused)
    if isinstance(outcome, rules.Clash):
        return _show_clash(sheet_id, mine, outcome)
    flash(gettext("Your choice is stored."), "good")
    # The tablet throws its copy away when it sees its own operation named here.
    goal = url_for(".show_sheet", sheet_id=sheet_id, settled=operation.op_id)
    return redirect(goal, 303)


@bp.get("/judging/sheets/<int:sheet_id>/summary")
@needs("judge")
def show_summary(sheet_id):
    """Every mark of a sheet before it is handed in, and what is missing."""
    return _show_summary(sheet_id)


def _show_summary(sheet_id, refused=None):
    page = _own_page(sheet_id)
    if not page.is_open:
        return redirect(url_for(".show_sheet", sheet_id=sheet_id), 303)
    return show(
        "judging/summary.html", status=refused.status if refused else 200, sheet=page,
        refused=refused, op_id=forms.new_op_id(), marks=json.dumps(page.marks, ensure_ascii=False),
    )


@bp.post("/judging/sheets/<int:sheet_id>/submit")
@needs("judge")
def submit_sheet(sheet_id):
    """Hand in a sheet as it is stored."""
    page = _own_page(sheet_id)
    try:
        operation = forms.operation_from_form(request.form, "submit", page.marks)
        outcome = actions.take_operation(_actor(), sheet_id, operation)
    except (Invalid, sheet_rules.RulesChanged) as refused:
        return _show_summary(sheet_id, refused)
    if isinstance(outcome, rules.Clash):
        return _show_summary(sheet_id, rules.ChangedMeanwhile())
    return redirect(url_for(".show_sheet", sheet_id=sheet_id), 303)
