"""The list of a selection as the office sees it, its publication, and the stories."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext

from contest import clock
from contest.accounts.guards import needs
from contest.errors import Conflict, Invalid
from contest.names import shown_name
from contest.pages import moment, show
from contest.registry.rules import LEVELS
from contest.selection import (
    list_actions,
    list_queries,
    list_rules,
    moving_actions,
    moving_queries,
    picture_actions,
    picture_queries,
    queries,
)
from contest.selection.blueprint import READERS, actor, bp, facts_of
from contest.selection.moving_rules import CAUSES, CAUSES_BEFORE
from contest.setup.queries import get_contest


@bp.get("/contests/<int:contest_id>/selection/list")
@needs(*READERS)
def show_list(contest_id):
    """The list as the published results make it, each line with its reason."""
    return _show_list(contest_id)


def _show_list(contest_id, refused=None, form=""):
    call, listed = queries.get_call(contest_id), list_queries.find_list(contest_id)
    found = list_queries.preview(contest_id)
    document = moving_queries.document_now(contest_id)
    return show(
        "selection/show_list.html", status=refused.status if refused else 200, call=call, listed=listed,
        document=document, due=found.due, waiting=found.waiting if listed is None else 0,
        outcomes=list_rules.OUTCOMES, outcome_badges=list_rules.OUTCOME_BADGES, levels=LEVELS,
        stories=list_queries.stories(contest_id), revoked=list_queries.revoked(contest_id),
        pictures=picture_queries.pictures_of(contest_id, list(list_queries.stories(contest_id))),
        leavers=moving_queries.leavers(contest_id, document) if document else [], causes=CAUSES,
        told=moving_queries.told(contest_id, document) if document else [], shown_name=shown_name,
        causes_before=[(key, gettext(CAUSES[key])) for key in CAUSES_BEFORE],
        slug=get_contest(contest_id).slug, today=moment(clock.now())[:10], refused=refused, form=form,
        values=request.form if refused else {}, field_errors=getattr(refused, "fields", {}),
        **facts_of(contest_id),
    )


@bp.post("/contests/<int:contest_id>/selection/list")
@needs("organiser")
def publish_list(contest_id):
    """Publish the list; everybody on it gets the honour."""
    try:
        list_actions.publish_list(actor(), contest_id, request.form)
    except (Invalid, Conflict) as refused:
        return _show_list(contest_id, refused, "publish")
    flash(gettext("The list is published."), "good")
    return redirect(url_for("selection.show_list", contest_id=contest_id), 303)


@bp.post("/contests/<int:contest_id>/selection/list/<int:entrant_id>/leave")
@needs("organiser")
def move_up(contest_id, entrant_id):
    """Confirm that somebody leaves the list and who moves up."""
    try:
        moving_actions.move_up(actor(), contest_id, entrant_id, request.form)
    except (Invalid, Conflict) as refused:
        return _show_list(contest_id, refused, f"leave-{entrant_id}")
    flash(gettext("The change of the list is recorded."), "good")
    return redirect(url_for("selection.show_list", contest_id=contest_id), 303)


@bp.post("/contests/<int:contest_id>/selection/list/<int:entrant_id>/story")
@needs("organiser")
def tell_story(contest_id, entrant_id):
    """Publish the story of somebody on the list."""
    form = request.form
    try:
        list_actions.tell_story(
            actor(), contest_id, entrant_id, form.get("title", ""), form.get("text", "")
        )
    except (Invalid, Conflict) as refused:
        return _show_list(contest_id, refused, f"story-{entrant_id}")
    flash(gettext("The story is published."), "good")
    return redirect(url_for("selection.show_list", contest_id=contest_id), 303)


@bp.post("/contests/<int:contest_id>/selection/list/<int:entrant_id>/pictures")
@needs("organiser")
def add_picture(contest_id, entrant_id):
    """Put a picture beside a story."""
    file, form = request.files.get("picture"), request.form
    try:
        picture_actions.add_picture(
            actor(), contest_id, entrant_id, file.read() if file else b"", form.get("alternative", ""),
            form.get("consent", ""),
        )
    except (Invalid, Conflict) as refused:
        return _show_list(contest_id, refused, f"picture-{entrant_id}")
    flash(gettext("The picture stands beside the story."), "good")
    return redirect(url_for("selection.show_list", contest_id=contest_id), 303)


@bp.post("/contests/<int:contest_id>/selection/list/pictures/<int:picture_id>/remove")
@needs("organiser")
def remove_picture(contest_id, picture_id):
    """Take a picture off a story."""
    try:
        picture_actions.remove_picture(actor(), contest_id, picture_id, request.form.get("reason", ""))
    except (Invalid, Conflict) as refused:
        return _show_list(contest_id, refused, f"remove-{picture_id}")
    flash(gettext("The picture is taken off."), "good")
    return redirect(url_for("selection.show_list", contest_id=contest_id), 303)
