"""What everybody may read of selections: calls, the list on notice, the published list, the stories."""

from io import BytesIO

from flask import send_file

from contest import clock
from contest.accounts.guards import open_to_all
from contest.documents.attached import UPLOAD_POLICY
from contest.names import shown_name
from contest.pages import show
from contest.people.rules import SKILL_LEVELS
from contest.registry.picture_rules import KINDS
from contest.review.timeline_queries import get_public_contest, names_policy
from contest.selection import (
    condition_rules,
    list_queries,
    list_rules,
    moving_queries,
    picture_queries,
    queries,
)
from contest.selection.blueprint import bp
from contest.selection.moving_rules import CAUSES


@bp.get("/selections")
@open_to_all
def list_selections():
    """Every selection that the public may see."""
    return show(
        "selection/list_selections.html", pairs=queries.public_calls(), today=clock.today(),
        lists={contest.id: list_queries.find_list(contest.id) for contest, _ in queries.public_calls()},
    )


@bp.get("/selections/<slug>")
@open_to_all
def show_selection(slug):
    """The call; the list while it is on notice, names masked as the contest does; the published list."""
    contest = get_public_contest(slug)
    call, listed = queries.get_call(contest.id), list_queries.find_list(contest.id)
    is_shown = listed is not None or contest.state == "notice"
    document = moving_queries.document_now(contest.id) if is_shown else None
    return show(
        "selection/show_selection.html", public_contest=contest, slug=slug, call=call,
        terms=queries.terms_of(call), due=list_rules.places_of(queries.terms_of(call)), listed=listed,
        lines=list_queries.chosen(document) if document else [], levels=SKILL_LEVELS,
        is_open=queries.is_open(call, contest.state), conditions=condition_rules.CONDITIONS,
        policy="full" if listed is not None else names_policy(contest), shown_name=shown_name,
        stories=list_queries.stories(contest.id) if listed is not None else {},
        revoked=list_queries.revoked(contest.id), causes=CAUSES,
        told=moving_queries.told(contest.id, document) if document else [],
    )


@bp.get("/selections/<slug>/stories/<int:entrant_id>")
@open_to_all
def show_story(slug, entrant_id):
    """The story of somebody on the published list."""
    contest = get_public_contest(slug)
    story = list_queries.get_story(contest.id, entrant_id)
    return show(
        "selection/show_story.html", public_contest=contest, slug=slug, story=story,
        call=queries.get_call(contest.id), line=list_queries.get_line(contest.id, entrant_id),
        craftsman=list_queries.find_page(story.entrant),
        pictures=picture_queries.pictures_of(contest.id, [entrant_id])[entrant_id],
    )


@bp.get("/selections/<slug>/stories/<int:entrant_id>/pictures/<int:picture_id>")
@open_to_all
def show_story_picture(slug, entrant_id, picture_id):
    """A picture of a story that is told; nothing in it can run."""
    contest = get_public_contest(slug)
    picture = picture_queries.get_public_picture(contest.id, entrant_id, picture_id)
    answer = send_file(BytesIO(picture.content), mimetype=KINDS[picture.kind], etag=picture.sha256)
    answer.headers["Content-Security-Policy"] = UPLOAD_POLICY
    # Taken off is taken off: no copy is shown without asking again.
    answer.headers["Cache-Control"] = "no-cache"
    return answer
