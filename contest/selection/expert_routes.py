"""What an expert reads beside a sheet: the deeds and papers of a nomination, without names."""

from flask import g, url_for

from contest.accounts.guards import needs
from contest.errors import Missing
from contest.pages import show
from contest.selection import queries
from contest.selection.blueprint import as_download, bp


@bp.app_template_global()
def deeds_at(contest_id, sheet_id):
    """Where an expert reads what a sheet is about; None in a contest that holds no selection."""
    held = queries.find_call(contest_id)
    return url_for("selection.show_deeds", sheet_id=sheet_id) if held else None


@bp.get("/deeds/<int:sheet_id>")
@needs("judge")
def show_deeds(sheet_id):
    """The deeds behind one of the expert's own sheets."""
    row = queries.find_reviewed(sheet_id, g.person.user_id)
    return show(
        "selection/show_deeds.html", sheet_id=sheet_id, deeds=row.values["deeds"],
        code=queries.code_on(sheet_id, g.person.user_id), category=row.values["category"],
        numbers=list(queries.files_for_experts(row.id)),
    )


@bp.get("/deeds/<int:sheet_id>/files/<int:number>")
@needs("judge")
def download_deed(sheet_id, number):
    """A paper for the experts, under a name that tells nothing."""
    row = queries.find_reviewed(sheet_id, g.person.user_id)
    file = queries.files_for_experts(row.id).get(number)
    if file is None:
        raise Missing("There is no such file.")
    return as_download(file, f"paper-{number}")
