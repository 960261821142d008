"""Photographs of one paper: added by whoever has the paper in hand, seen by who decides or checks."""

from flask import Response, flash, g, redirect, request, url_for
from flask_babel import gettext

from contest.accounts.guards import needs
from contest.audit.work import Actor
from contest.documents.attached import KINDS, MOST_BYTES, UPLOAD_POLICY
from contest.errors import Invalid
from contest.pages import show
from contest.paper import photo_actions, photo_queries, photo_rules, queries, rules
from contest.paper.blueprint import bp
from contest.setup.queries import get_contest

READERS = ("clerk", "chief_judge", "organiser", "supervisor")
SENDERS = ("clerk", "chief_judge", "organiser")


def _paper(contest_id, paper_id):
    paper = queries.get_paper(contest_id, paper_id)
    photo_actions.check_may_see(g.person.user_id, paper)
    return paper


@bp.get("/<int:paper_id>/photos")
@needs(*READERS)
def list_photos(contest_id, paper_id):
    """The photographs of a paper, and the place to add one."""
    return _show_photos(contest_id, paper_id)


def _show_photos(contest_id, paper_id, refused=None):
    contest = get_contest(contest_id)
    return show(
        "paper/list_photos.html", status=refused.status if refused else 200, contest=contest,
        page=photo_queries.get_page(_paper(contest_id, paper_id)), states=rules.STATES,
        may_add=g.person.has_any(SENDERS, contest_id) and contest.state != "archived",
        most=photo_rules.MOST_PHOTOS, refused=refused,
    )


@bp.post("/<int:paper_id>/photos")
@needs(*SENDERS)
def add_photos(contest_id, paper_id):
    """Keep photographs of a paper."""
    files = [
        (file.filename, file.read(MOST_BYTES + 1)) for file in request.files.getlist("files")
    ]
    actor = Actor(g.person.user_id, g.person.name)
    try:
        count = photo_actions.add_photos(actor, contest_id, paper_id, files)
    except Invalid as refused:
        return _show_photos(contest_id, paper_id, refused)
    flash(gettext("Photographs kept: %(count)s.", count=count), "good")
    return redirect(url_for(".list_photos", contest_id=contest_id, paper_id=paper_id), 303)


@bp.get("/<int:paper_id>/photos/<int:number>")
@needs(*READERS)
def download_photo(contest_id, paper_id, number):
    """One photograph: shown within our page or saved, never run here."""
    paper = _paper(contest_id, paper_id)
    photo, content = photo_queries.get_photo(paper, number)
    name = photo_rules.served_name(rules.number_of(paper.sheet_id), photo.number, photo.ending)
    return Response(
        content, mimetype=KINDS[photo.ending][0],
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Security-Policy": UPLOAD_POLICY,
        },
    )
