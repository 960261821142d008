"""Earlier contests from their archives: in public, and how the curator brings one in."""

from flask import flash, g, redirect, request, url_for
from flask_babel import gettext

from contest import clock
from contest.accounts.guards import needs, open_to_all
from contest.errors import Conflict, Invalid
from contest.pages import show
from contest.registry import (
    archive_actions,
    archive_queries,
    archive_rules,
    import_queries,
    import_rules,
    level_rules,
    whole_queries,
)
from contest.registry.blueprint import actor, bp

SHOWN = 200  # rows of a preview


@bp.get("/register/archive")
@open_to_all
def list_archives():
    """Contests of earlier years, as their archives have them."""
    return show(
        "registry/list_archives.html", archives=archive_queries.list_archives(),
        wholes=whole_queries.list_whole(),
    )


@bp.get("/register/archive/<int:archive_id>")
@open_to_all
def show_archive(archive_id):
    """One of them with its source and its list."""
    return _show_archive(archive_id)


def _show_archive(archive_id, refused=None):
    archive = archive_queries.get_archive(archive_id)
    return show(
        "registry/show_archive.html", status=refused.status if refused else 200, archive=archive,
        groups=archive_queries.grouped(archive), levels=level_rules.CONTEST_LEVELS, refused=refused,
        is_keeper=g.person is not None and g.person.has_any(("curator",)), values=request.form,
    )


@bp.post("/register/archive/<int:archive_id>/withdraw")
@needs("curator")
def withdraw_archive(archive_id):
    try:
        archive_actions.withdraw_archive(actor(), archive_id, request.form.get("reason", ""))
    except (Invalid, Conflict) as refused:
        return _show_archive(archive_id, refused)
    return redirect(url_for("registry.show_archive", archive_id=archive_id), 303)


@bp.get("/curation/archive")
@needs("curator")
def import_archive():
    """Say what contest it was and where its list stands, and choose the file."""
    return _import_archive()


def _import_archive(refused=None):
    return show(
        "registry/import_archive.html", status=refused.status if refused else 200, refused=refused,
        columns=archive_rules.COLUMNS, waiting=archive_queries.pending_lines(), values=request.form,
        levels=level_rules.CONTEST_LEVELS, today=clock.today(), most=archive_actions.MOST_ROWS,
        field_errors=getattr(refused, "fields", {}),
    )


@bp.post("/curation/archive")
@needs("curator")
def upload_archive():
    file = request.files.get("file")
    try:
        if file is None or not file.filename:
            sentence = Invalid("Choose a file.")
            raise Invalid(sentence.message, fields={"file": sentence})
        import_id = archive_actions.upload_archive(actor(), request.form, file.read(), file.filename)
    except (Invalid, Conflict) as refused:
        return _import_archive(refused)
    return redirect(url_for("registry.preview_archive", import_id=import_id), 303)


@bp.get("/curation/archive/<int:import_id>")
@needs("curator")
def preview_archive(import_id):
    """What becomes of each row, with one sentence for each that cannot be taken."""
    return _preview_archive(import_id)


def _preview_archive(import_id, refused=None):
    pending = archive_queries.get_pending(import_id)
    rows = archive_queries.rows_of(pending)
    faulty, doubtful = [row for row in rows if row.kind == "faulty"], import_rules.doubtful(rows)
    others = [row for row in rows if row.kind != "faulty"]
    return show(
        "registry/preview_archive.html", status=refused.status if refused else 200, pending=pending,
        about=archive_rules.About.of(pending.about), levels=level_rules.CONTEST_LEVELS,
        faulty=faulty[:SHOWN], rows=others[:SHOWN], counts=import_rules.counts_of(rows), refused=refused,
        doubtful=doubtful, people=import_queries.people_of_rows(doubtful),
        hidden=max(0, len(faulty) - SHOWN) + max(0, len(others) - SHOWN), kinds=import_rules.KINDS,
    )


@bp.post("/curation/archive/<int:import_id>")
@needs("curator")
def confirm_archive(import_id):
    try:
        archive = archive_actions.confirm_archive(
            actor(), import_id, request.form.get("leaves_out") == "1", request.form.get("are_same") == "1",
        )
    except (Invalid, Conflict) as refused:
        return _preview_archive(import_id, refused)
    flash(gettext("The earlier contest is on the register."), "good")
    return redirect(url_for("registry.show_archive", archive_id=archive.id), 303)
