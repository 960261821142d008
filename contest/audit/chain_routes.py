"""The chain of a contest as a page: its head, its last check, who has seen which head."""

from flask import Response, flash, g, redirect, request, url_for
from flask_babel import gettext

from contest.accounts.guards import needs
from contest.audit import chain_checks, chain_queries, chain_words, contest_queries
from contest.audit.blueprint import bp
from contest.audit.chain_rules import grouped
from contest.audit.work import Actor
from contest.documents import qr_svg
from contest.errors import Invalid, Missing
from contest.i18n import N_
from contest.pages import show

WATCHERS = ("organiser", "chief_judge", "supervisor")


@bp.app_template_filter("chain_problem")
def chain_problem(problem):
    """A problem of a check, as it is stored, in the language of this request."""
    return chain_words.problem_words(problem, gettext)


@bp.app_template_filter("head_groups")
def head_groups(text):
    """The first half of a hexadecimal hash in groups of four."""
    return grouped(bytes.fromhex(text)) if len(text) == 64 else text


@bp.get("/contests/<int:contest_id>/chain")
@needs(*WATCHERS)
def show_chain(contest_id):
    """Head, last check, heads seen elsewhere, and what they vouch for."""
    return _show_chain(contest_id)


def _show_chain(contest_id, refused=None, typed="", read_again=""):
    contest = contest_queries.get_heading(contest_id)
    head = chain_queries.find_head(contest_id)
    return show(
        "audit/show_chain.html", status=refused.status if refused else 200, contest=contest,
        head=head,
        check=chain_queries.last_check(contest_id),
        anchored=chain_queries.highest_witness(contest_id),
        misfits=chain_queries.list_misfits(contest_id),
        settled=chain_queries.list_settled(contest_id),
        witnesses=chain_queries.list_witnesses(contest_id), sources=chain_words.SOURCES,
        checked_by=chain_words.CHECKED_BY, refused=refused, typed=typed, read_again=read_again,
    )


@bp.get("/contests/<int:contest_id>/chain/head.svg")
@needs(*WATCHERS)
def show_head_code(contest_id):
    """The head as a code for a camera."""
    contest = contest_queries.get_heading(contest_id)
    head = chain_queries.find_head(contest_id)
    if head is None:
        raise Missing("Nothing was done in this contest yet.")
    return Response(qr_svg(f"{contest.slug} {head}"), mimetype="image/svg+xml")


@bp.post("/contests/<int:contest_id>/chain/check")
@needs(*WATCHERS)
def check_chain(contest_id):
    """Check every link and every row now."""
    contest_queries.get_heading(contest_id)
    found = chain_checks.check_now(contest_id, "page")
    if found.is_whole:
        flash(gettext("Checked: %(links)s links, %(rows)s rows, nothing was changed.",
                      links=found.links, rows=found.rows), "good")
    else:
        flash(gettext("The chain is broken; see below."), "bad")
    return redirect(url_for("audit.show_chain", contest_id=contest_id), 303)


@bp.post("/contests/<int:contest_id>/chain/heads")
@needs(*WATCHERS)
def compare_head(contest_id):
    """Compare a head that stands on a paper with the chain."""
    contest_queries.get_heading(contest_id)
    typed = request.form.get("head", "")[:200]
    # A slip of the finger would hold every publication for ever: what does not fit is typed twice.
    if chain_checks.is_strange(contest_id, typed) and request.form.get("read_again") != typed:
        refused = Invalid(N_(
            "This head is not on the chain. Read it on the paper once more; if it stands there exactly "
            "so, compare it again: then it is kept, and it holds back the publication."
        ))
        return _show_chain(contest_id, refused, typed, read_again=typed)
    fits = chain_checks.hear_head(
        contest_id, typed, Actor(g.person.user_id, g.person.name), source="typed"
    )
    if fits is None:
        refused = Invalid(N_(
            "Write the number of the link and at least four of the groups behind it, such as "
            "128: 9f31 07ab 44c0 d2e8."
        ))
        return _show_chain(contest_id, refused, typed)
    if fits:
        flash(gettext("This head is on the chain: nothing up to it was changed."), "good")
    else:
        flash(gettext("This head is not on the chain. It is kept, and the trail says so."), "bad")
    return redirect(url_for("audit.show_chain", contest_id=contest_id), 303)
