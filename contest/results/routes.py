"""Results as officials see them: the table, receipts, rulings on ties, publishing."""

from flask import current_app, flash, g, redirect, request, url_for
from flask_babel import gettext

from contest.accounts.guards import needs
from contest.accounts.reentry import proven_actor
from contest.audit.work import Actor
from contest.errors import Invalid
from contest.i18n import both_names
from contest.pages import form_refusal, language, sentence, show
from contest.results import (
    actions,
    agreement_queries,
    bulletin_queries,
    bulletin_routes,
    doubt_rules,
    exception_actions,
    flag_queries,
    forms,
    gate_queries,
    queries,
    receipt_queries,
    rules,
    verification_routes,
    waiting_queries,
    what_if_routes,
)
from contest.results.blueprint import bp
from contest.results.holder_queries import with_holders
from contest.results.receipt_words import decider_words, step_words, waiting_sentence
from contest.setup.proposal_queries import get_open
from contest.setup.step_rules import WITNESSES

__all__ = [
    "bp", "bulletin_routes", "gate_queries", "verification_routes", "waiting_queries",
    "what_if_routes",
]

READERS = ("organiser", "chief_judge", "supervisor", "host")
# Who may read of a judge by name what the sheets say of them: those who see the chief's desk.
WATCHERS = ("chief_judge", "organiser", "supervisor")


@bp.app_template_filter("problem")
def problem(found):
    """A problem of rules.problems() in the language of this request."""
    text, params = found
    told = {name: both_names(value) if name == "module" else value for name, value in params.items()}
    return sentence({"message": text, "params": told})


@bp.app_template_filter("problem_page")
def problem_page(found):
    """The endpoint of the page that lists everything of a problem."""
    return rules.page_of(found)


@bp.app_template_filter("columns_of_table")
def columns_of_table(official):
    """Modules and parts of a stage as the columns of its table; see rules.columns_of_table()."""
    keys = None if official.view is None else official.view.modules
    return rules.columns_of_table(official.plan, official.stage, official.rows, keys)


@bp.app_template_filter("decided")
def decided(label, plan):
    """What separated a row from the one above, in words; "" where it was the total."""
    return decider_words(label, plan, language())


@bp.app_template_filter("receipt_words")
def receipt_words(step, plan, names=None):
    """The sentence of a receipt's step in the language of this request."""
    return step_words(step, plan, language(), names)


@bp.app_template_global("waiting_words")
def waiting_words(modules):
    """Why the steps of these blind modules are not shown yet."""
    return waiting_sentence(modules, language())


@bp.app_template_filter("measure")
def measure(value, is_signed=False):
    """A measure to two decimals, with a minus that is one; a dash for what is not known."""
    if value is None:
        return "–"
    # Rounded before the sign is asked for: −0.001 is 0.00 and has none.
    number = round(value, 2) + 0.0
    return f"{number:+.2f}".replace("-", "−") if is_signed else f"{number:.2f}".replace("-", "−")


@bp.app_template_filter("finding")
def finding(found, judges):
    """A finding about a panel in the language of this request. judges: the lines of its judges."""
    params = {
        name: measure(value) if isinstance(value, float) else value
        for name, value in found.params.items()
    }
    if found.judge is not None:
        params["judge"] = judges[found.judge].name
    if "other" in params:
        params["other"] = judges[params["other"]].name
    return gettext(found.sentence, **params)


@bp.get("/contests/<int:contest_id>/results")
@needs(*READERS)
def show_results(contest_id):
    """The table of a stage, what is missing, open ties, and publishing."""
    return _show_results(contest_id)


def _show_results(contest_id, refused=None, values=None):
    page = queries.results_page(
        contest_id, request.args.get("stage"), request.args.get("by") == "name"
    )
    facts = form_refusal(refused, values) if refused else {"values": {}, "field_errors": {}}
    doubts = doubt_rules.doubts(page.gates)
    return show(
        "results/show_results.html", "results/_standings.html",
        status=refused.status if refused else 200,
        page=page, contest=page.contest, official=with_holders(page.official), plan=page.official.plan,
        stage=page.official.plan.stage(page.official.stage),
        shown=_shown_list(page.official, request.args.get("show")),
        is_organiser=g.person.has_role("organiser", contest_id),
        is_chief=g.person.has_role("chief_judge", contest_id), prize_sums=gate_queries.prize_sums(page),
        gates=[note for note in page.gates if note not in doubts], doubts=doubts,
        seal=doubt_rules.seal(doubts),
        # While a blind module names nobody, nothing is said beside anybody's name.
        flags={} if page.hidden else flag_queries.flags_of(contest_id, page.official), **facts,
    )


def _shown_list(official, wanted):
    """Which list of the page is open: individuals, or another one that the plan has."""
    others = {"teams": official.teams, "organisations": official.organisations}
    return wanted if others.get(wanted) else "individuals"


@bp.get("/contests/<int:contest_id>/results/entrants/<int:entrant_id>")
@needs(*READERS)
def show_receipt(contest_id, entrant_id):
    """How one entrant's result came about, step by step, for a pocket calculator."""
    found = receipt_queries.receipt_of(contest_id, entrant_id, request.args.get("stage"))
    official = found.official
    return show(
        "results/show_receipt.html", contest=queries.get_contest(contest_id), official=official,
        plan=official.plan, stage=official.plan.stage(official.stage), row=found.row,
        steps=found.steps, names=None, waiting=found.waiting,
        person_line=queries.roster_line(contest_id, entrant_id),
        recorded=receipt_queries.recorded_of(contest_id, official.plan, entrant_id),
    )


@bp.get("/contests/<int:contest_id>/results/teams/<int:team_id>")
@needs(*READERS)
def show_team_receipt(contest_id, team_id):
    """How a team's mark came about, from its members' marks to its place."""
    found = receipt_queries.team_receipt_of(contest_id, team_id, request.args.get("stage"))
    official = found.official
    return show(
        "results/show_team_receipt.html", contest=queries.get_contest(contest_id), official=official,
        plan=official.plan, stage=official.plan.stage(official.stage), team=found.row,
        steps=found.steps, names=found.names, waiting=found.waiting,
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
        bulletin=bulletin_queries.find_bulletin(sheet),
        is_organiser=g.person.has_role("organiser", contest_id),
    )


@bp.get("/contests/<int:contest_id>/results/agreement")
@needs(*WATCHERS)
def show_agreement(contest_id):
    """Panel health: how far the judges of each module agree. It warns and changes no mark."""
    contest = queries.get_contest(contest_id)
    healths = agreement_queries.panel_healths(contest_id)
    chosen = agreement_queries.choose_health(healths, request.args.get("module"))
    return show(
        "results/show_agreement.html", contest=contest, healths=healths, health=chosen,
        limits=agreement_queries.LIMITS,
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
    reason = request.form.get("reason", "")
    queries.get_contest(contest_id)
    try:
        actor = proven_actor(g.person, request.form.get("word", ""))
        if kind == "provisional" and queries.needs_second(contest_id, "publish"):
            actions.propose_publication(actor, contest_id, reason)
            return _proposed(contest_id)
        passed_over = doubt_rules.PassedOver(request.form.get("seen", ""), request.form.get("why", ""))
        revision = actions.publish_results(actor, contest_id, kind, reason, passed_over=passed_over)
    except Invalid as refused:
        return _show_results(contest_id, refused, request.form)
    return _published(contest_id, revision)


@bp.post("/contests/<int:contest_id>/results/provisional/<int:proposal_id>")
@needs(*WITNESSES)
def confirm_publication(contest_id, proposal_id):
    """Publish what somebody else proposed to publish."""
    get_open(contest_id, proposal_id, "publish")
    actor = proven_actor(g.person, request.form.get("word", ""))
    return _published(contest_id, actions.confirm_publication(actor, contest_id, proposal_id))


@bp.post("/contests/<int:contest_id>/results/in-spite")
@needs("organiser")
def propose_in_spite(contest_id):
    """Propose to publish although something is missing; two more people confirm it."""
    queries.get_contest(contest_id)
    try:
        rules.check_reason(request.form.get("reason", ""))
        actor = proven_actor(g.person, request.form.get("word", ""))
        exception_actions.propose_in_spite(actor, contest_id, request.form.get("reason", ""))
    except Invalid as refused:
        return _show_results(contest_id, refused, request.form)
    return _proposed(contest_id)


@bp.post("/contests/<int:contest_id>/results/in-spite/<int:proposal_id>")
@needs(*WITNESSES)
def confirm_in_spite(contest_id, proposal_id):
    """Second it, or publish as the third person."""
    get_open(contest_id, proposal_id, "publish_in_spite")
    actor = proven_actor(g.person, request.form.get("word", ""))
    revision = exception_actions.confirm_in_spite(actor, contest_id, proposal_id)
    if revision is not None:
        return _published(contest_id, revision)
    flash(gettext("Confirmed by two; a third person must confirm it too."), "good")
    return redirect(url_for("setup.list_proposals", contest_id=contest_id), 303)


def _proposed(contest_id):
    flash(gettext("Proposed. It is done when a second person confirms it."), "good")
    return redirect(url_for("setup.list_proposals", contest_id=contest_id), 303)


def _published(contest_id, revision):
    flash(gettext("Published as revision %(revision)s.", revision=revision), "good")
    if queries.get_contest(contest_id).state == "final":
        flash(gettext("The results are final."), "good")
    if current_app.config["SIGNING_KEY"].is_file():
        if sentence := bulletin_routes.sign(contest_id, queries.stage_of(contest_id), revision):
            flash(sentence, "warn")
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
    """Open the scoring again for a correction."""
    reason = request.form.get("reason", "")
    queries.get_contest(contest_id)
    try:
        rules.check_reason(reason)
        actor = proven_actor(g.person, request.form.get("word", ""))
        if queries.needs_second(contest_id, "take_back"):
            actions.propose_taking_back(actor, contest_id, reason)
            return _proposed(contest_id)
        actions.reopen_results(actor, contest_id, reason)
    except Invalid as refused:
        return _show_results(contest_id, refused, request.form)
    flash(gettext("The contest is being scored again."), "good")
    return _back(contest_id)


@bp.post("/contests/<int:contest_id>/results/reopen/<int:proposal_id>")
@needs(*WITNESSES)
def confirm_taking_back(contest_id, proposal_id):
    """Open the scoring again, as the second person."""
    get_open(contest_id, proposal_id, "take_back")
    actor = proven_actor(g.person, request.form.get("word", ""))
    actions.confirm_taking_back(actor, contest_id, proposal_id)
    flash(gettext("The contest is being scored again."), "good")
    return _back(contest_id)


@bp.post("/contests/<int:contest_id>/results/reopening")
@needs("organiser")
def propose_reopening(contest_id):
    """Propose to take final results back for a correction."""
    queries.get_contest(contest_id)
    try:
        rules.check_reason(request.form.get("reason", ""))
        actor = proven_actor(g.person, request.form.get("word", ""))
        actions.propose_reopening(actor, contest_id, request.form.get("reason", ""))
    except Invalid as refused:
        return _show_results(contest_id, refused, request.form)
    flash(gettext("Proposed. The results hold until another organiser confirms it."), "good")
    return _back(contest_id)


@bp.post("/contests/<int:contest_id>/results/reopening/confirm")
@needs("organiser")
def confirm_reopening(contest_id):
    """Take final results back, as the second person."""
    queries.get_contest(contest_id)
    actor = proven_actor(g.person, request.form.get("word", ""))
    actions.confirm_reopening(actor, contest_id)
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
