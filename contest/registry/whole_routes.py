"""Whole contests that were held elsewhere: in public, their trail, and how the curator takes one over."""

from datetime import datetime

from flask import Response, flash, g, redirect, request, url_for
from flask_babel import gettext

from contest.accounts.guards import needs, open_to_all
from contest.errors import Conflict, Invalid
from contest.numbers import whole as read_number
from contest.pages import language, show
from contest.registry import whole_actions, whole_queries, whole_rules, whole_trail_queries
from contest.registry.blueprint import actor, bp

KEEPERS = ("curator", "supervisor")  # of the whole installation


@bp.get("/register/whole/<int:whole_id>")
@open_to_all
def show_whole(whole_id):
    """Its published lists, awards, the end of its chain, and what its archive does not hold."""
    return _show_whole(whole_id)


def _show_whole(whole_id, refused=None):
    whole = whole_queries.get_whole(whole_id)
    sheet, shown = None, whole.shown
    reads_all = g.person is not None and any(g.person.has_role(role) for role in KEEPERS)
    if not whole.withdrawn_at:
        shown = shown if reads_all else whole_rules.for_everybody(shown)
        sheet = whole_rules.sheet_shown(
            shown["sheets"], request.args.get("list", 0, int), shown["about"]["stage"]
        )
    return show(
        "registry/show_whole.html", status=refused.status if refused else 200, whole=whole, sheet=sheet,
        shown=shown, refused=refused, values=request.form, left_out=whole_rules.LEFT_OUT,
        not_bound=whole_rules.NOT_BOUND, when=datetime.fromisoformat,
        is_keeper=g.person is not None and g.person.has_any(("curator",)),
        reads_trail=reads_all, has_archive=whole_queries.has_archive(whole_id),
    )


@bp.get("/register/whole/<int:whole_id>/trail")
@needs(*KEEPERS, everywhere=True)
def show_whole_trail(whole_id):
    """Who did what, as its archive carries it."""
    wanted = request.args.get("page", 1, type=read_number)
    lines, page, pages = whole_trail_queries.trail_page(whole_id, wanted, language())
    return show(
        "registry/show_whole_trail.html", whole=whole_queries.get_whole(whole_id), lines=lines, page=page,
        pages=pages,
    )


@bp.get("/register/whole/<int:whole_id>/ledger.zip")
@needs(*KEEPERS, everywhere=True)
def download_whole(whole_id):
    """The archive, byte for byte as it came."""
    _, data = whole_queries.archive_of(whole_id)
    return Response(
        data, mimetype="application/zip",
        headers={"Content-Disposition": f'attachment; filename="whole-{whole_id}-ledger.zip"'},
    )


@bp.post("/register/whole/<int:whole_id>/withdraw")
@needs("curator")
def withdraw_whole(whole_id):
    try:
        whole_actions.withdraw_whole(actor(), whole_id, request.form.get("reason", ""))
    except (Invalid, Conflict) as refused:
        return _show_whole(whole_id, refused)
    return redirect(url_for("registry.show_whole", whole_id=whole_id), 303)


@bp.get("/curation/whole")
@needs("curator")
def import_whole():
    """Choose the archive of a contest that was held with this program elsewhere."""
    return _import_whole()


def _import_whole(refused=None):
    return show(
        "registry/import_whole.html", status=refused.status if refused else 200, refused=refused,
        left_out=whole_rules.LEFT_OUT, field_errors=getattr(refused, "fields", {}),
    )


@bp.post("/curation/whole")
@needs("curator")
def bring_whole_in():
    file = request.files.get("file")
    try:
        if file is None or not file.filename:
            sentence = Invalid("Choose a file.")
            raise Invalid(sentence.message, fields={"file": sentence})
        whole = whole_actions.bring_in(actor(), file.read(), file.filename)
    except (Invalid, Conflict) as refused:
        return _import_whole(refused)
    flash(gettext("The archive holds; the contest is on the register."), "good")
    return redirect(url_for("registry.show_whole", whole_id=whole.id), 303)
