"""What everybody may check of a contest's draws, without an account."""

from flask import Response

from contest.accounts.guards import open_to_all
from contest.draw import public_queries
from contest.draw.blueprint import bp
from contest.pages import show


@bp.get("/draws/<slug>")
@open_to_all
def show_public(slug):
    """Every draw: what was committed to and when, the seed once it is told, who watched, and the file."""
    contest = public_queries.get_public_contest(slug)
    return show(
        "draw/show_public.html", public_contest=contest, slug=slug,
        stages=public_queries.public_draws(contest),
    )


@bp.get("/draws/<slug>/<int:draw_id>.json")
@open_to_all
def download_public(slug, draw_id):
    """A draw's file, from which anybody can draw again: `contest draw check FILE`."""
    contest = public_queries.get_public_contest(slug)
    draw, document = public_queries.public_file(contest, draw_id)
    name = f"{document['contest']}-{draw.stage}-{draw.kind}-{draw.id}.json"
    return Response(
        draw.file, mimetype="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
