"""What a change would change, for officials: the what-if page, and previews on other areas' pages."""

from flask import request
from flask_babel import gettext

from contest.accounts.guards import needs
from contest.errors import Invalid, Missing
from contest.judging import blind_queries
from contest.judging.queries import blind_codes
from contest.numbers import read_whole
from contest.pages import show
from contest.results import comparison_queries, queries
from contest.results.blueprint import bp
from contest.results.views import halves
from contest.setup import queries as setup
from contest.setup.draft_queries import draft_problems
from contest.setup.plan_files import plan_from_text, read_plan_text
from contest.setup.rules import stage_of

ASKERS = ("organiser", "chief_judge", "supervisor")


@bp.get("/contests/<int:contest_id>/results/what-if")
@needs(*ASKERS)
def show_what_if(contest_id):
    """The same marks under an earlier or proposed version of the plan, or under its draft."""
    other, chosen = _chosen_plan(contest_id)
    return _show_what_if(contest_id, other, chosen)


@bp.post("/contests/<int:contest_id>/results/what-if")
@needs(*ASKERS)
def try_plan(contest_id):
    """The same marks under a plan from a file or a box; neither is stored."""
    text = request.form.get("text", "")
    try:
        file = request.files.get("file")
        text = read_plan_text(file.read() if file else b"", text)
        plan = plan_from_text(text)
    except Invalid as refused:
        return _show_what_if(contest_id, None, "file", text, refused)
    return _show_what_if(contest_id, plan, "file", text)


def _chosen_plan(contest_id):
    """(plan or None, the word that chose it): a version's number, or "draft"."""
    word = request.args.get("plan", "")
    if word == "draft":
        if not setup.has_draft(contest_id):
            raise Missing("There is no draft of the plan.")
        draft = setup.get_draft(contest_id)
        return (None if draft_problems(contest_id, draft.plan) else draft.plan), word
    number = read_whole(word)
    if number is None:
        return None, ""
    return setup.plan_of_version(setup.get_version(contest_id, number).id).plan, str(number)


def _show_what_if(contest_id, other, chosen, text="", refused=None):
    current = setup.plan_in_force(contest_id)
    comparison = None
    if other is not None:
        comparison = _compare_plan(contest_id, other, request.args.get("stage"))
    return show(
        "results/show_what_if.html", status=refused.status if refused else 200,
        contest=queries.get_contest(contest_id), current=current, comparison=comparison,
        chosen=chosen, options=_options(contest_id, current.number), text=text, refused=refused,
        problems=getattr(refused, "problems", ()),
        is_draft_unfit=chosen == "draft" and other is None,
        by_code=blind_queries.hides_names(contest_id),
    )


def _options(contest_id, current):
    found = [("draft", gettext("The draft"))] if setup.has_draft(contest_id) else []
    return found + [
        (str(line.number), gettext("Version %(number)s", number=line.number))
        for line in setup.list_versions(contest_id) if line.number != current
    ]


@bp.app_template_global()
def preview_of_plan(contest_id, plan):
    """What a plan would change if it came into force, as Comparison."""
    return _compare_plan(contest_id, plan)


@bp.app_template_global()
def preview_of_sheets(contest_id, module_key, waiting):
    """What sheets that were handed in again would change. waiting: as side_queries gives it."""
    stage = stage_of(setup.plan_in_force(contest_id).plan, module_key)
    before = {sheet_id: counted for sheet_id, (_, counted) in waiting.items()}
    after = {sheet_id: rev for sheet_id, (rev, _) in waiting.items()}
    view = _half(contest_id, stage, module_key)
    return _coded(
        contest_id, comparison_queries.with_sheets(contest_id, stage, before, after, view), view
    )


def _compare_plan(contest_id, plan, stage=None):
    stage = stage or queries.stage_of(contest_id)
    view = _half(contest_id, stage)
    return _coded(contest_id, comparison_queries.under_plan(contest_id, plan, stage, view), view)


def _half(contest_id, stage, module_key=None):
    """While blind modules name nobody: their half, or of a module that is judged openly the other."""
    hidden = blind_queries.hidden_modules(contest_id, stage)
    if not hidden:
        return None
    named, coded = halves(setup.plan_in_force(contest_id).plan, hidden)
    return named if module_key in named.modules else coded


def _coded(contest_id, comparison, view):
    if view is None or not view.by_code:
        return comparison
    return comparison_queries.under_codes(comparison, blind_codes(contest_id, comparison.stage))
