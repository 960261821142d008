"""The file of a tablet that cannot send, at the chief judge's desk."""

from flask import flash, g, redirect, request, url_for
from flask_babel import gettext

from contest.accounts.guards import needs
from contest.accounts.reentry import proven_actor
from contest.errors import Conflict, Invalid
from contest.judging import carry_actions, tablet_forms, tablet_rules
from contest.judging.blueprint import bp
from contest.judging.chief_routes import WATCHERS
from contest.judging.tablet_routes import show_desk
from contest.setup.proposal_queries import get_open
from contest.setup.queries import get_contest

MOST_FILE_BYTES = 16 * 1024 * 1024


def _proven():
    return proven_actor(g.person, request.form.get("word", ""))


@bp.post("/contests/<int:contest_id>/chief/tablets/file")
@needs("chief_judge")
def carry_in(contest_id):
    """Take a tablet's operations from its file, through the tablets' own door, or propose it."""
    request.max_content_length = MOST_FILE_BYTES
    get_contest(contest_id)
    upload = request.files.get("file")
    try:
        if upload is None or not upload.filename:
            raise Invalid("Choose the file that was saved on the tablet.")
        file = tablet_forms.operations_from_file(upload.read())
        carried = carry_actions.carry_in(_proven(), contest_id, file)
    except (Invalid, Conflict, tablet_rules.Elsewhere) as refused:
        return show_desk(contest_id, refused)
    if carried is None:
        flash(gettext("Proposed. The file is read in when a second person confirms it."), "good")
        return redirect(url_for(".show_tablets", contest_id=contest_id), 303)
    return show_desk(contest_id, carried=carried)


@bp.post("/contests/<int:contest_id>/chief/carrying/<int:proposal_id>")
@needs(*WATCHERS)
def confirm_carrying(contest_id, proposal_id):
    """Take the operations of a file that somebody else brought."""
    get_open(contest_id, proposal_id, "carry_in")
    return show_desk(
        contest_id, carried=carry_actions.confirm_carrying(_proven(), contest_id, proposal_id)
    )
