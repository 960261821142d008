"""The public register and the curator's desk."""

from dataclasses import fields

from flask import current_app, flash, g, redirect, request, url_for
from flask_babel import gettext

from contest import clock
from contest.accounts.guards import needs, open_to_all
from contest.awards.annulment_queries import contests_with_annulments
from contest.errors import Invalid
from contest.numbers import whole
from contest.pages import moment, show
from contest.registry import (  # noqa: F401  (the other routes bring their pages, trail_words its words)
    actions,
    annulment_actions,
    archive_queries,
    archive_routes,
    contact_actions,
    contact_queries,
    contact_routes,
    honour_queries,
    honour_routes,
    import_routes,
    ladder_queries,
    level_routes,
    life_queries,
    life_routes,
    nomination_actions,
    person_routes,
    queries,
    record_asking_queries,
    record_history_queries,
    record_proposing,
    record_routes,
    rules,
    trail_words,
    whole_routes,
)
from contest.registry.blueprint import actor, bp

# member_services comes after registry; it gives the register the services that an honour opens.
SERVICES_OF = []


@bp.get("/register")
@open_to_all
def list_craftsmen():
    search = queries.Search(
        **{key.name: request.args.get(key.name, "").strip() for key in fields(queries.Search)}
    )
    page = max(1, request.args.get("page", 1, type=whole))
    rows, count = queries.list_craftsmen(search, page)
    return show(
        "registry/list_craftsmen.html",
        "registry/_craftsmen.html",
        rows=[(row, queries.best_honour(row)) for row in rows],
        count=count,
        page=page,
        pages=max(1, -(-count // queries.PAGE_SIZE)),
        search=search,
        choices=queries.choices(),
        pictured=contact_queries.with_pictures(rows),
    )


@bp.get("/register/<token>")
@open_to_all
def show_craftsman(token):
    if (moved := queries.find_moved(token)) is not None:
        return redirect(url_for("registry.show_craftsman", token=moved), 301)
    return _show_craftsman(token)


def _show_craftsman(token, refused=None):
    craftsman = queries.get_craftsman(token)
    lines = queries.honour_lines(craftsman)
    opened = {
        honour.id: [service for find in SERVICES_OF for service in find(honour)]
        for honour, _ in lines
    }
    masters, apprentices = life_queries.ties_of(craftsman.human_id)
    return show(
        "registry/show_craftsman.html",
        works=life_queries.works_of(craftsman.id),
        masters=[line for line in masters if line[2]],
        apprentices=[line for line in apprentices if line[2]],
        studios=life_queries.studios_of(craftsman.id),
        status=refused.status if refused else 200,
        craftsman=craftsman,
        unit_id=honour_queries.find_unit_page(craftsman.unit),
        lines=lines,
        archives=archive_queries.archives_of([honour for honour, _ in lines]),
        opened=opened,
        levels=ladder_queries.line_of_levels(craftsman.human_id),
        records=record_history_queries.held_by(craftsman.human_id, is_public=True),
        ladders=ladder_queries.house_ladders(),
        held=ladder_queries.levels_of(craftsman.human_id),
        is_curator=g.person is not None and any(
            g.person.has_role(role) for role in ("curator", "organiser")
        ),
        picture=contact_queries.find_picture(craftsman.id),
        is_keeper=g.person is not None and g.person.has_any(("curator",)),
        refused=refused,
        values=request.form,
        has_board="board.show_board" in current_app.view_functions,
    )


@bp.get("/register/<token>/evidence/<int:honour_id>")
@open_to_all
def show_evidence(token, honour_id):
    """The published record that an honour rests on."""
    return show("registry/show_evidence.html", found=queries.get_evidence(token, honour_id))


@bp.post("/register/<token>/words")
@needs("curator")
def describe_craftsman(token):
    try:
        actions.describe_craftsman(actor(), token, request.form.get("words", ""))
    except Invalid as refused:
        return _show_craftsman(token, refused)
    return redirect(url_for("registry.show_craftsman", token=token), 303)


@bp.post("/register/<token>/picture")
@needs("curator")
def set_picture(token):
    files = [(file.filename, file.read()) for file in request.files.getlist("files")]
    try:
        contact_actions.set_picture(actor(), token, files, request.form.get("consent", ""))
    except Invalid as refused:
        return _show_craftsman(token, refused)
    return redirect(url_for("registry.show_craftsman", token=token), 303)


@bp.post("/register/<token>/picture/remove")
@needs("curator")
def remove_picture(token):
    contact_actions.remove_picture(actor(), token)
    return redirect(url_for("registry.show_craftsman", token=token), 303)


@bp.get("/curation")
@needs("curator", "organiser", everywhere=True)
def show_curation():
    return _show_curation()


def _show_curation(refused=None):
    return show(
        "registry/show_curation.html",
        status=refused.status if refused else 200,
        waiting=queries.waiting_lines(),
        today=moment(clock.now())[:10],
        recent=[(one, queries.holder_of(one)) for one in queries.recent_honours()],
        refused=refused,
        values=request.form,
        chosen=request.form.getlist("award_id", type=whole),
        states=rules.HONOUR_STATES,
        annulled=[
            (contest, count) for contest, count in contests_with_annulments()
            if g.person.has_any(("curator",), contest.id)
        ],
        is_keeper=g.person.has_any(("curator",)),
    )


@bp.post("/contests/<int:contest_id>/honours")
@needs("curator")
def confirm_honours(contest_id):
    form = request.form
    try:
        confirmed = actions.confirm_honours(
            actor(), contest_id, form.getlist("award_id", type=whole),
            form.get("authority", ""), form.get("document_number", ""),
            form.get("granted_on"), form.get("is_checked") == "1",
        )
    except Invalid as refused:
        return _show_curation(refused)
    flash(gettext("Honours confirmed: %(count)s.", count=len(confirmed)), "good")
    return redirect(url_for("registry.show_curation"), 303)


@bp.post("/honours/<int:honour_id>/revoke")
@needs("curator")
def revoke_honour(honour_id):
    try:
        honour = actions.revoke_honour(actor(), honour_id, request.form.get("reason", ""))
    except Invalid as refused:
        return _show_curation(refused)
    flash(gettext(
        "The honour was revoked: its page and its certificate say so, and what it opened has ended."
    ), "good")
    honour_routes.tell_unsigned(honour)
    return redirect(url_for("registry.show_curation"), 303)
