"""Awards: preview, the committee's votes, granting, and the papers that go out."""

from dataclasses import replace

from flask import Response, flash, g, redirect, request, url_for
from flask_babel import gettext

from contest import clock
from contest.accounts.guards import needs, open_to_all
from contest.audit.work import Actor
from contest.awards import (
    actions,
    annulment_routes,
    certificate_routes,
    closing_queries,
    decision_queries,
    decision_routes,
    list_papers,
    nomination_routes,
    own_result_queries,
    papers,
    queries,
    rules,
    signed_list_routes,
    vote_queries,
)
from contest.awards.blueprint import CONTEST, bp
from contest.awards.files import paper_file
from contest.documents import MIMETYPES
from contest.errors import Invalid, Missing
from contest.judging import blind_queries
from contest.judging import rules as judging_rules
from contest.pages import language, moment, show
from contest.people import message_queries
from contest.setup.queries import get_contest

__all__ = [
    "annulment_routes", "bp", "certificate_routes", "decision_routes", "nomination_routes",
    "signed_list_routes",
]

REPORT_READERS = ("organiser", "chief_judge", "supervisor")


@bp.get(f"{CONTEST}/awards")
@needs("organiser", "chief_judge", "supervisor", "host")
def show_awards(contest_id):
    return _show_awards(contest_id)


def _show_awards(contest_id, refused=None, refused_key=None):
    preview = queries.preview(contest_id)
    left_out = closing_queries.find_left_out(contest_id)
    hides_names = blind_queries.hides_names(contest_id)
    if hides_names:
        preview = replace(preview, sections=())
    return show(
        "awards/show_awards.html",
        status=refused.status if refused else 200,
        contest=get_contest(contest_id),
        preview=preview,
        hides_names=hides_names,
        left_out=left_out,
        left_out_by=closing_queries.name_of(left_out) if left_out else "",
        may_leave_out=g.person.has_role("organiser", contest_id) and not left_out
        and get_contest(contest_id).state == "final" and closing_queries.is_open(contest_id),
        unshared=queries.unshared_awards(contest_id)[0] if preview.is_granted else [],
        preview_sentence=papers.preview_sentence(preview.basis),
        moved_note="".join(note.text for note in papers.moved_notes(preview)),
        organisations=vote_queries.organisations(contest_id),
        decisions=decision_queries.counts(contest_id),
        votes=vote_queries.votes_by_award(contest_id),
        formats=rules.FORMATS,
        stages=queries.list_stages(contest_id),
        may_see_certificates=g.person.has_any(certificate_routes.READERS, contest_id),
        may_see_decisions=g.person.has_any(decision_routes.READERS, contest_id),
        may_see_reports=g.person.has_any(REPORT_READERS, contest_id),
        may_see_annulments=g.person.has_any(annulment_routes.READERS, contest_id),
        may_grant=g.person.has_any(("organiser",), contest_id),
        values=request.form,
        refused=refused,
        refused_key=refused_key,
    )


@bp.post(f"{CONTEST}/awards/votes/<award_key>")
@needs("organiser")
def enter_votes(contest_id, award_key):
    typed = {
        organisation.id: request.form.get(f"votes-{organisation.id}", "")
        for organisation in vote_queries.organisations(contest_id)
    }
    try:
        actions.enter_votes(_actor(), contest_id, award_key, typed, request.form)
    except Invalid as refused:
        return _show_awards(contest_id, refused, award_key)
    flash(gettext("The committee's votes were saved."), "good")
    return redirect(url_for("awards.show_awards", contest_id=contest_id), 303)


@bp.post(f"{CONTEST}/awards")
@needs("organiser")
def grant_awards(contest_id):
    lines = actions.grant_awards(_actor(), contest_id)
    flash(gettext("Awards granted: %(count)s.", count=len(lines)), "good")
    return redirect(url_for("awards.show_awards", contest_id=contest_id), 303)


@bp.post(f"{CONTEST}/awards/shares")
@needs("organiser")
def share_awards(contest_id):
    """Give the members of teams what they have of an award that was granted before members had shares."""
    made = actions.share_awards(_actor(), contest_id)
    flash(gettext("Given to members of teams: %(count)s. They wait for the curator now.", count=made), "good")
    return redirect(url_for("awards.show_awards", contest_id=contest_id), 303)


@bp.post(f"{CONTEST}/awards/none")
@needs("organiser")
def leave_awards_out(contest_id):
    """State that no prizes are given, and why."""
    try:
        actions.leave_awards_out(_actor(), contest_id, request.form.get("reason", ""))
    except Invalid as refused:
        return _show_awards(contest_id, refused, "none")
    flash(gettext("It is stated that no prizes are given."), "good")
    return redirect(url_for("awards.show_awards", contest_id=contest_id), 303)


@bp.get(f"{CONTEST}/my-result/<token>")
@open_to_all
def show_own_result(contest_id, token):
    """A contestant's own result with every step, for whoever holds the admission card."""
    found = own_result_queries.own_result(contest_id, token, request.args.get("stage"))
    return show(
        "awards/show_own_result.html", found=found, contest=found.contest, token=token,
        messages=message_queries.list_messages(contest_id, "contestants"),
    )


@bp.get(f"{CONTEST}/papers/<paper>.<form>")
@needs("organiser", "chief_judge", "supervisor", "host")
def download_paper(contest_id, paper, form):
    """One of the papers of a contest as a file; of the last stage unless another is asked for."""
    if paper not in rules.PAPERS or form not in rules.FORMATS:
        raise Missing("There is no such paper.")
    _check_may_know_names(contest_id)
    contest, stage = get_contest(contest_id), request.args.get("stage")
    document = PAPERS[paper](contest, stage)
    return _as_file(document, form, "-".join(filter(None, (contest.slug, paper, stage))))


@bp.get(f"{CONTEST}/papers/reports/<int:entrant_id>.<form>")
@needs(*REPORT_READERS)
def download_report(contest_id, entrant_id, form):
    """The report of one contestant."""
    if form not in rules.FORMATS:
        raise Missing("There is no such paper.")
    _check_may_know_names(contest_id)
    contest = get_contest(contest_id)
    report = queries.report(contest_id, entrant_id, request.args.get("stage"))
    document = papers.contestant_report(contest, report, language())
    return _as_file(document, form, f"{contest.slug}-{report.number}")


def _check_may_know_names(contest_id):
    """Every paper names people beside their marks."""
    judging_rules.check_may_know_names(blind_queries.hides_names(contest_id))


def _award_paper(contest, _stage):
    preview = queries.preview(contest.id)
    return papers.award_list(contest, preview, moment(clock.now())[:10], language())


def _summary_paper(contest, stage):
    return papers.score_summary(contest, queries.summary(contest.id, stage), language())


def _report_papers(contest, stage):
    return [
        papers.contestant_report(contest, report, language())
        for report in queries.reports(contest.id, stage=stage)
    ]


def _notice_paper(contest, _stage):
    return list_papers.notice_list(
        contest, queries.preview(contest.id), moment(clock.now())[:10], language()
    )


def _script_paper(contest, _stage):
    return list_papers.presenter_script(contest, queries.preview(contest.id), language())


def _organisation_paper(contest, _stage):
    return list_papers.organisation_list(contest, queries.preview(contest.id), language())


PAPERS = {
    "awards": _award_paper, "notice": _notice_paper, "script": _script_paper,
    "organisations": _organisation_paper, "summary": _summary_paper, "reports": _report_papers,
}


def _as_file(document, form, name):
    data, form = paper_file(document, form)
    return Response(
        data,
        mimetype=MIMETYPES.get(form, "application/zip"),
        headers={"Content-Disposition": f'attachment; filename="{name}.{form}"'},
    )


def _actor():
    return Actor(g.person.user_id, g.person.name)
