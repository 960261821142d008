"""What everybody may read: the time line, the list on notice, each published revision; objecting."""

from flask import redirect, request, url_for

from contest import clock
from contest.accounts.guards import open_to_all
from contest.errors import Conflict, Invalid
from contest.names import shown_name
from contest.pages import show
from contest.results.queries import plan_of_sheet
from contest.review import (
    correction_queries,
    notice_actions,
    notice_rules,
    public_rules,
    timeline_queries,
)
from contest.review.blueprint import PUBLIC, bp, zone


@bp.app_template_filter("public_words")
def public_words(text):
    """Words of an official for the public, without numbers of identity cards and telephones."""
    return public_rules.public_words(text or "")


@bp.get("/notices/<slug>")
@open_to_all
def show_timeline(slug):
    """From the announcement to final results: what is when, on the server's clock."""
    contest = timeline_queries.get_public_contest(slug)
    return show(
        "review/show_timeline.html", public_contest=contest, slug=slug,
        line=timeline_queries.timeline(contest, zone()), phases=notice_rules.PHASES,
    )


@bp.get("/notices/<slug>/lists/<int:number>")
@open_to_all
def show_list(slug, number):
    """One list as it was put on notice."""
    contest = timeline_queries.get_public_contest(slug)
    found = timeline_queries.get_public_notice(contest.id, number, clock.now())
    return show(
        "review/show_list.html", public_contest=contest, slug=slug, found=found, now=clock.now(),
        phases=notice_rules.PHASES,
    )


@bp.get("/notices/<slug>/revisions/<stage>/<int:revision>")
@open_to_all
def show_revision(slug, stage, revision):
    """One published revision, for good: with a banner when it was corrected later."""
    contest = timeline_queries.get_public_contest(slug)
    found = correction_queries.get_public_revision(contest.id, stage, revision, clock.now())
    plan = plan_of_sheet(found.sheet)
    return show(
        "review/show_revision.html", public_contest=contest, slug=slug, found=found,
        sheet=found.sheet, plan=plan, stage=plan.stage(stage),
        policy=timeline_queries.names_policy(contest), shown_name=shown_name,
    )


@bp.get("/notices/<slug>/objections")
@open_to_all
def new_objection(slug):
    """The form for an objection to the running notice."""
    return _show_objecting(slug)


@bp.post("/notices/<slug>/objections")
@open_to_all
def object_to_notice(slug):
    """Object to the running notice."""
    contest = timeline_queries.get_public_contest(slug)
    try:
        objection = notice_actions.object_to_notice(
            PUBLIC, contest.id, request.form, request.remote_addr
        )
    except (Invalid, Conflict) as refused:
        return _show_objecting(slug, refused)
    return redirect(url_for("review.show_receipt", receipt=objection.receipt), 303)


def _show_objecting(slug, refused=None):
    contest = timeline_queries.get_public_contest(slug)
    stage = timeline_queries.stage_of(contest.id)
    found = timeline_queries.find_public_notice(contest.id, stage, clock.now())
    return show(
        "review/object.html", status=refused.status if refused else 200, public_contest=contest,
        slug=slug, found=found, refused=refused, values=request.form if refused else {},
        field_errors=getattr(refused, "fields", {}), most_text=notice_rules.MOST_TEXT,
        is_taken=found is not None and found.phase == "running",
    )


