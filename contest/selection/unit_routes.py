"""What a unit's contact does: puts people forward, mends what was given back, withdraws."""

from flask import flash, g, redirect, request, url_for
from flask_babel import gettext

from contest.accounts.guards import needs
from contest.errors import Invalid
from contest.pages import show
from contest.people.rules import GENDERS, SKILL_LEVELS
from contest.people.unit_queries import get_unit
from contest.selection import nomination_actions, nomination_rules, queries
from contest.selection.blueprint import actor, as_download, bp, facts_of
from contest.selection.condition_rules import CONDITIONS


@bp.app_template_global()
def nominations_at(contest_id):
    """Where a unit puts people forward; None in a contest that holds no selection."""
    held = queries.find_call(contest_id)
    return url_for("selection.my_nominations", contest_id=contest_id) if held else None


def _unit(contest_id):
    return get_unit(contest_id, g.person.user_id)


@bp.get("/contests/<int:contest_id>/my-nominations")
@needs("contact")
def my_nominations(contest_id):
    """The unit's nominations and how they stand."""
    call, unit, facts = queries.get_call(contest_id), _unit(contest_id), facts_of(contest_id)
    return show(
        "selection/my_nominations.html", call=call, unit=unit, terms=queries.terms_of(call),
        nominations=queries.list_nominations(contest_id, unit.id),
        is_open=queries.is_open(call, facts["contest"].state), **facts,
    )


@bp.get("/contests/<int:contest_id>/my-nominations/new")
@needs("contact")
def new_nomination(contest_id):
    """An empty form."""
    return _show_form(contest_id)


@bp.post("/contests/<int:contest_id>/my-nominations/new")
@needs("contact")
def add_nomination(contest_id):
    """Keep a new nomination, and hand it in if it is complete."""
    return _save(contest_id, None)


@bp.get("/contests/<int:contest_id>/my-nominations/<int:nomination_id>")
@needs("contact")
def my_nomination(contest_id, nomination_id):
    """One nomination of the unit, as a form while it may be changed."""
    return _show_form(contest_id, nomination_id)


@bp.post("/contests/<int:contest_id>/my-nominations/<int:nomination_id>")
@needs("contact")
def edit_nomination(contest_id, nomination_id):
    """Keep what was changed, and hand it in if it is complete."""
    return _save(contest_id, nomination_id)


def _save(contest_id, nomination_id):
    unit, form = _unit(contest_id), request.form
    try:
        row = nomination_actions.save_nomination(
            actor(), contest_id, unit.id, nomination_id, form, _files(contest_id),
            form.get("to") == "hand_in",
        )
    except Invalid as refused:
        kept = getattr(refused, "kept", None)
        return _show_form(contest_id, kept.id if kept is not None else nomination_id, refused)
    flash(gettext("Handed in.") if row.state == "handed_in" else gettext("Kept as a draft."), "good")
    return redirect(url_for("selection.my_nominations", contest_id=contest_id), 303)


def _files(contest_id):
    """Triples (paper, name, content): the fields paper-1, paper-2 … stand for the call's papers."""
    papers = ("", *queries.terms_of(queries.get_call(contest_id)).papers)
    return [
        (paper, file.filename, file.read())
        for number, paper in enumerate(papers) for file in request.files.getlist(f"paper-{number}")
        if file.filename
    ]


def _show_form(contest_id, nomination_id=None, refused=None):
    call, unit, facts = queries.get_call(contest_id), _unit(contest_id), facts_of(contest_id)
    row = queries.get_nomination(contest_id, nomination_id, unit.id) if nomination_id else None
    is_open = queries.is_open(call, facts["contest"].state)
    return show(
        "selection/edit_nomination.html", status=refused.status if refused else 200, call=call, unit=unit,
        terms=queries.terms_of(call), nomination=row, files=queries.list_files(row.id) if row else [],
        may_write=is_open and (row is None or row.state in nomination_rules.WRITABLE),
        may_withdraw=row is not None and row.state in ("draft", "handed_in", "returned"),
        checked=queries.checked(row, call) if row is not None and row.state != "draft" else [],
        conditions=CONDITIONS, genders=GENDERS, levels=SKILL_LEVELS, refused=refused,
        spans=range(1, nomination_rules.SPANS + 1),
        values=request.form if refused else (row.values if row else {}),
        field_errors=refused.fields if refused else {}, **facts,
    )


@bp.post("/contests/<int:contest_id>/my-nominations/<int:nomination_id>/withdraw")
@needs("contact")
def withdraw_nomination(contest_id, nomination_id):
    """Take a nomination back."""
    nomination_actions.withdraw_nomination(actor(), contest_id, _unit(contest_id).id, nomination_id)
    flash(gettext("The nomination was withdrawn."), "good")
    return redirect(url_for("selection.my_nominations", contest_id=contest_id), 303)


@bp.get("/contests/<int:contest_id>/my-nominations/<int:nomination_id>/files/<int:file_id>")
@needs("contact")
def download_own_paper(contest_id, nomination_id, file_id):
    """A paper of the unit's own nomination."""
    row = queries.get_nomination(contest_id, nomination_id, _unit(contest_id).id)
    return as_download(queries.get_file(row.id, file_id), f"nomination-{row.id}-{file_id}")
