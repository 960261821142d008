"""Pages that take in lists: the template, the upload, the preview and the yes."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext

from contest.accounts.guards import needs
from contest.errors import Invalid
from contest.i18n import N_
from contest.pages import language, show
from contest.people import (
    import_queries,
    judge_actions,
    judge_queries,
    roster_actions,
    template_file,
)
from contest.people.blueprint import BENCH, FILES, actor, bp, facts_of
from contest.people.columns import JUDGES, PHONE, ROSTER
from contest.people.tables import FILE_MOST, Problem
from contest.setup.queries import get_contest

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 200  # lines of a preview
LISTS = {
    "roster": {
        "title": N_("Import contestants"),
        "back": "people.list_entrants",
        "columns": (*ROSTER, PHONE),
        "template": "people.roster_template",
        "upload": "people.upload_roster",
        "confirm": "people.confirm_roster",
        "again": "people.import_roster",
    },
    "judges": {
        "title": N_("Import judges"),
        "back": "people.list_judges",
        "columns": JUDGES,
        "template": "people.judges_template",
        "upload": "people.upload_judges",
        "confirm": "people.confirm_judges",
        "again": "people.import_judges",
    },
}


@bp.get("/contests/<int:contest_id>/roster-template.xlsx")
@needs("organiser", "contact")
def roster_template(contest_id):
    get_contest(contest_id)
    return _file(template_file.roster_template(language()), "roster.xlsx")


@bp.get("/contests/<int:contest_id>/judges-template.xlsx")
@needs(*BENCH)
def judges_template(contest_id):
    get_contest(contest_id)
    return _file(template_file.judges_template(language()), "judges.xlsx")


def _file(data, name):
    return (
        data,
        200,
        {
            "Content-Type": XLSX,
            "Content-Disposition": f"attachment; filename={name}",
        },
    )


@bp.get("/contests/<int:contest_id>/entrants/import")
@needs("organiser")
def import_roster(contest_id):
    return show_import(contest_id, "roster")


@bp.post("/contests/<int:contest_id>/entrants/import")
@needs("organiser")
def upload_roster(contest_id):
    try:
        data, name = sent_file()
        pending_id = roster_actions.upload_roster(actor(), contest_id, data, name)
    except Invalid as refused:
        return show_import(contest_id, "roster", refused)
    return redirect(
        url_for("people.preview_roster", contest_id=contest_id, pending_id=pending_id), 303
    )


@bp.get("/contests/<int:contest_id>/entrants/import/<int:pending_id>")
@needs("organiser")
def preview_roster(contest_id, pending_id):
    return show_preview(contest_id, pending_id, "roster")


@bp.post("/contests/<int:contest_id>/entrants/import/<int:pending_id>")
@needs("organiser")
def confirm_roster(contest_id, pending_id):
    try:
        counts = roster_actions.confirm_roster(actor(), contest_id, pending_id)
    except Invalid as refused:
        return show_import(contest_id, "roster", refused)
    tell_counts(counts)
    return redirect(url_for("people.list_entrants", contest_id=contest_id), 303)


@bp.get("/contests/<int:contest_id>/judges/import")
@needs(*BENCH)
def import_judges(contest_id):
    return show_import(contest_id, "judges")


@bp.post("/contests/<int:contest_id>/judges/import")
@needs(*BENCH)
def upload_judges(contest_id):
    try:
        data, name = sent_file()
        pending_id = judge_actions.upload_judges(actor(), contest_id, data, name)
    except Invalid as refused:
        return show_import(contest_id, "judges", refused)
    return redirect(
        url_for("people.preview_judges", contest_id=contest_id, pending_id=pending_id), 303
    )


@bp.get("/contests/<int:contest_id>/judges/import/<int:pending_id>")
@needs(*BENCH)
def preview_judges(contest_id, pending_id):
    return show_preview(contest_id, pending_id, "judges")


@bp.post("/contests/<int:contest_id>/judges/import/<int:pending_id>")
@needs(*BENCH)
def confirm_judges(contest_id, pending_id):
    try:
        counts = judge_actions.confirm_judges(actor(), contest_id, pending_id)
    except Invalid as refused:
        return show_import(contest_id, "judges", refused)
    tell_counts(counts)
    return redirect(url_for("people.list_judges", contest_id=contest_id), 303)


def sent_file():
    """Bytes and name of the file in the form; Invalid when there is none."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise Invalid("Choose a file first.", fields={"file": Invalid("Choose a file first.")})
    return sent.stream.read(FILE_MOST + 1), sent.filename


def tell_counts(counts):
    """Say what a confirmed list changed."""
    if not counts["new"] and not counts["changed"]:
        flash(gettext("Everything in the list was registered already; nothing changed."), "info")
        return
    flash(gettext("%(new)s new, %(changed)s changed, %(unchanged)s unchanged.", **counts), "good")


def show_import(contest_id, kind, refused=None, **facts):
    """The page that takes a file; with a refusal it lists every cell to be mended."""
    return show(
        "people/import_list.html",
        status=refused.status if refused else 200,
        refused=refused,
        problems=getattr(refused, "problems", ()),
        files=FILES,
        **{**LISTS[kind], **facts_of(contest_id), "kind": kind, "unit": None, **facts},
    )


def show_preview(contest_id, pending_id, kind, unit=None, **facts):
    """What a list would change, before it does."""
    pending = import_queries.get_pending(contest_id, pending_id, kind, actor().user_id)
    problems = [Problem.from_document(document) for document in pending.notes]
    if kind == "roster":
        lines, more, counts = import_queries.roster_preview(
            contest_id, pending.rows, unit.id if unit else None
        )
        lines = [line for line in lines if line.kind != "unchanged"]
    else:
        lines, more, counts = judge_queries.judges_preview(contest_id, pending.rows)
    return show(
        "people/preview_list.html",
        pending=pending,
        lines=lines[:SHOWN],
        hidden=max(0, len(lines) - SHOWN),
        counts=counts,
        problems=problems + more,
        **{**LISTS[kind], **facts_of(contest_id), "kind": kind, "unit": unit, **facts},
    )
