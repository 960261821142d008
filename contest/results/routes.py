"""Results as officials see them: the table, receipts, rulings on ties, publishing."""

from flask import Blueprint, current_app, flash, g, redirect, request, url_for
from flask_babel import gettext

from contest.accounts.guards import needs
from contest.audit.work import Actor
from contest.errors import Invalid
from contest.pages import form_refusal, named, show
from contest.results import actions, forms, queries, rules

bp = Blueprint("results", __name__)

READERS = ("organiser", "chief_judge", "supervisor", "host")


@bp.app_template_filter("problem")
def problem(found):
    """A problem of rules.problems() in the language of this request."""
    sentence, params = found
    return gettext(sentence, **{
        name: named(value) if name == "module" else value for name, value in params.items()
    })


@bp.app_template_filter("decided")
def decided(label, plan):
    """What separated a row from the one above, in words; "" where it was the total."""
    kind, piece = rules.decider(plan, label)
    if kind == "piece":
        return named(piece)
    words = {
        "ruling": gettext("the chief judge's ruling"),
        "untrimmed": gettext("the mean of all judges"),
    }
    return words.get(kind, "")


@bp.app_template_filter("receipt_words")
def receipt_words(step, plan):
    """The sentence of a receipt's step in the language of this request."""
    params = dict(step.params)
    if "key" in params:
        params["key"] = decided(params["key"], plan) or params["key"]
    return gettext(step.label, **{
        name: gettext(value) if isinstance(value, str) and value else value
        for name, value in params.items()
    })


@bp.get("/contests/<int:contest_id>/results")
@needs(*READERS)
def show_results(contest_id):
    """The table of a stage, what is missing, open ties, and publishing."""
    return _show_results(contest_id)


def _show_results(contest_id, refused=None, values=None):
    page = queries.results_page(contest_id, request.args.get("stage"))
    facts = form_refusal(refused, values) if refused else {"values": {}, "field_errors": {}}
    return show(
        "results/show_results.html", "results/_standings.html",
        status=refused.status if refused else 200,
        page=page, contest=page.contest, official=page.official, plan=page.official.plan,
        stage=page.official.plan.stage(page.official.stage),
        shows_teams=request.args.get("show") == "teams" and bool(page.official.teams),
        is_organiser=g.person.has_role("organiser", contest_id),
        is_chief=g.person.has_role("chief_judge", contest_id), **facts,
    )


@bp.get("/contests/<int:contest_id>/results/entrants/<int:entrant_id>")
@needs(*READERS)
def show_receipt(contest_id, entrant_id):
    """How one entrant's result came about, step by step, for a pocket calculator."""
    official, row, steps = queries.receipt_of(contest_id, entrant_id, request.args.get("stage"))
    return show(
        "results/show_receipt.html", contest=queries.get_contest(contest_id), official=official,
        plan=official.plan, stage=official.plan.stage(official.stage), row=row, steps=steps,
        person_line=queries.roster_line(contest_id, entrant_id),
    )


@bp.get("/contests/<int:contest_id>/results/published/<stage>/<int:revision>")
@needs(*READERS)
def show_published(contest_id, stage, revision):
    """One published revision, exactly as it was published."""
    sheet = queries.get_sheet(contest_id, stage, revision)
    plan = queries.plan_of_sheet(sheet)
    return show(
        "results/show_published.html", contest=queries.get_contest(contest_id), sheet=sheet,
        plan=plan, stage=plan.stage(stage), by=queries.name_of_publisher(sheet),
    )


@bp.post("/contests/<int:contest_id>/results/ties")
@needs("chief_judge")
def rule_tie(contest_id):
    """Put equals in an order, with the reason."""
    try:
        actions.rule_tie(_actor(), contest_id, *forms.read_ruling(request.form))
    except Invalid as refused:
        return _show_results(contest_id, refused, request.form)
    flash(gettext("The ruling holds as long as exactly these are tied."), "good")
    return _back(contest_id)


@bp.post("/contests/<int:contest_id>/results/provisional")
@needs("organiser")
def publish_provisional(contest_id):
    """Publish the table as provisional results."""
    return _publish(contest_id, "provisional")


@bp.post("/contests/<int:contest_id>/results/final")
@needs("organiser")
def publish_final(contest_id):
    """Make the provisional results final; a second person does this."""
    return _publish(contest_id, "final")


def _publish(contest_id, kind):
    try:
        revision = actions.publish_results(
            _actor(), contest_id, kind, request.form.get("reason", "")
        )
    except Invalid as refused:
        return _show_results(contest_id, refused, request.form)
    flash(gettext("Published as revision %(revision)s.", revision=revision), "good")
    if _is_board_frozen(contest_id):
        flash(
            gettext(
                "The public board stays frozen: the public sees these results after the reveal."
            ),
            "warn",
        )
    return _back(contest_id)


def _is_board_frozen(contest_id):
    # The board is a later area; it tells the pages, and so this one, what the public sees.
    told = {}
    current_app.update_template_context(told)
    return told["public_view"](contest_id).cutoff is not None


@bp.post("/contests/<int:contest_id>/results/reopen")
@needs("organiser")
def reopen_results(contest_id):
    """Take provisional results back for a correction."""
    try:
        actions.reopen_results(_actor(), contest_id, request.form.get("reason", ""))
    except Invalid as refused:
        return _show_results(contest_id, refused, request.form)
    flash(gettext("The contest is being scored again."), "good")
    return _back(contest_id)


@bp.post("/contests/<int:contest_id>/results/reopening")
@needs("organiser")
def propose_reopening(contest_id):
    """Propose to take final results back for a correction."""
    try:
        actions.propose_reopening(_actor(), contest_id, request.form.get("reason", ""))
    except Invalid as refused:
        return _show_results(contest_id, refused, request.form)
    flash(gettext("Proposed. The results hold until another organiser confirms it."), "good")
    return _back(contest_id)


@bp.post("/contests/<int:contest_id>/results/reopening/confirm")
@needs("organiser")
def confirm_reopening(contest_id):
    """Take final results back, as the second person."""
    actions.confirm_reopening(_actor(), contest_id)
    flash(gettext("The contest is being scored again."), "good")
    return _back(contest_id)


@bp.post("/contests/<int:contest_id>/results/reopening/decline")
@needs("organiser")
def decline_reopening(contest_id):
    """Leave final results as they are."""
    actions.decline_reopening(_actor(), contest_id)
    flash(gettext("The final results stay as they are."), "good")
    return _back(contest_id)


@bp.post("/contests/<int:contest_id>/results/next-stage")
@needs("organiser")
def open_next_stage(contest_id):
    """Go on to the next stage."""
    actions.open_next_stage(_actor(), contest_id)
    flash(gettext("The next stage is open."), "good")
    return _back(contest_id)


def _actor():
    return Actor(g.person.user_id, g.person.name)


def _back(contest_id):
    return redirect(url_for("results.show_results", contest_id=contest_id), 303)
