"""An existing register comes in from a spreadsheet: the columns, the file, the preview, the yes."""

from flask import flash, redirect, request, url_for
from flask_babel import ngettext

from contest.accounts.guards import needs
from contest.errors import Conflict, Invalid
from contest.pages import show
from contest.registry import import_actions, import_queries, import_rules
from contest.registry.blueprint import actor, bp

SHOWN = 200  # rows of a preview


@bp.get("/curation/import")
@needs("curator")
def import_register():
    """Choose a file, or a list that waits for a yes."""
    return _import_register()


def _import_register(refused=None):
    return show(
        "registry/import_register.html", status=refused.status if refused else 200, refused=refused,
        columns=import_rules.COLUMNS, waiting=import_queries.pending_lines(),
    )


@bp.post("/curation/import")
@needs("curator")
def upload_register():
    file = request.files.get("file")
    try:
        if file is None or not file.filename:
            raise Invalid("Choose a file.")
        import_id = import_actions.upload_register(actor(), file.read(), file.filename)
    except Invalid as refused:
        return _import_register(refused)
    return redirect(url_for("registry.preview_register", import_id=import_id), 303)


@bp.get("/curation/import/<int:import_id>")
@needs("curator")
def preview_register(import_id):
    """What becomes of each row, with one sentence for each that cannot be taken."""
    return _preview(import_id)


def _preview(import_id, refused=None):
    pending = import_queries.get_pending(import_id)
    rows = import_queries.rows_of(pending.rows)
    faulty, doubtful = [row for row in rows if row.kind == "faulty"], import_rules.doubtful(rows)
    others = [row for row in rows if row.kind != "faulty"]
    return show(
        "registry/preview_register.html", status=refused.status if refused else 200, pending=pending,
        faulty=faulty[:SHOWN], rows=others[:SHOWN], counts=import_rules.counts_of(rows), refused=refused,
        doubtful=doubtful, people=import_queries.people_of_rows(doubtful),
        hidden=max(0, len(faulty) - SHOWN) + max(0, len(others) - SHOWN), kinds=import_rules.KINDS,
        waits_for_another=import_queries.asks_for_two(rows) and pending.by_id == actor().user_id,
    )


@bp.post("/curation/import/<int:import_id>")
@needs("curator")
def confirm_register(import_id):
    try:
        counts = import_actions.confirm_register(
            actor(), import_id, request.form.get("leaves_out") == "1", request.form.get("are_same") == "1",
        )
    except (Invalid, Conflict) as refused:
        return _preview(import_id, refused)
    stored = counts["new"] + counts["known"]
    flash(ngettext("%(num)s row is on the register.", "%(num)s rows are on the register.", stored), "good")
    return redirect(url_for("registry.list_honours"), 303)
