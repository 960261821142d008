"""Writing the plan: the tree beside one form at a time, and putting the draft in force."""

from flask import flash, g, redirect, request, url_for
from flask_babel import gettext

from contest.accounts.guards import needs
from contest.accounts.reentry import proven_actor
from contest.audit.work import Actor
from contest.errors import Conflict, Invalid
from contest.numbers import read_whole
from contest.pages import language, show
from contest.setup import (
    new_nodes,
    node_forms,
    node_options,
    plan_actions,
    plan_branches,
    plan_tree,
    queries,
    rules,
    sentences,
)
from contest.setup.blueprint import bp
from contest.setup.draft_queries import draft_problems
from contest.setup.node_sections import sections_of
from contest.setup.plan_changes import changes_between
from contest.setup.plan_words import CHOICES, NODE_NAMES
from contest.setup.problem_words import with_names


@bp.get("/contests/<int:contest_id>/plan/edit")
@needs("organiser")
def edit_plan(contest_id):
    return _show_editor(contest_id)


@bp.get("/contests/<int:contest_id>/plan/edit/<address>")
@needs("organiser")
def edit_node(contest_id, address):
    return _show_editor(contest_id, address)


@bp.post("/contests/<int:contest_id>/plan/edit/<address>")
@needs("organiser")
def change_node(contest_id, address):
    form = request.form.to_dict(flat=False)
    try:
        plan_actions.change_node(_actor(), contest_id, address, form, _rev())
    except Invalid as refused:
        return _show_editor(contest_id, address, refused, form)
    flash(gettext("Saved in the draft."), "good")
    return _to_node(contest_id, address)


@bp.post("/contests/<int:contest_id>/plan/edit/<address>/kind")
@needs("organiser")
def change_kind(contest_id, address):
    plan_actions.change_kind(_actor(), contest_id, address, request.form.get("kind", ""), _rev())
    return _to_node(contest_id, address)


@bp.post("/contests/<int:contest_id>/plan/add/<kind>")
@needs("organiser")
def add_node(contest_id, kind):
    parent = request.form.get("parent", "")
    return _to_node(
        contest_id, plan_actions.add_node(_actor(), contest_id, kind, parent, _rev())
    )


@bp.post("/contests/<int:contest_id>/plan/edit/<address>/up")
@needs("organiser")
def move_up(contest_id, address):
    return _to_node(contest_id, plan_actions.move_node(_actor(), contest_id, address, -1, _rev()))


@bp.post("/contests/<int:contest_id>/plan/edit/<address>/down")
@needs("organiser")
def move_down(contest_id, address):
    return _to_node(contest_id, plan_actions.move_node(_actor(), contest_id, address, 1, _rev()))


@bp.post("/contests/<int:contest_id>/plan/edit/<address>/remove")
@needs("organiser")
def remove_node(contest_id, address):
    plan_actions.remove_node(_actor(), contest_id, address, _rev())
    flash(gettext("Removed from the draft."), "good")
    return redirect(url_for("setup.edit_plan", contest_id=contest_id), 303)


@bp.post("/contests/<int:contest_id>/plan/discard")
@needs("organiser")
def discard_draft(contest_id):
    plan_actions.discard_draft(_actor(), contest_id, _rev())
    flash(gettext("The draft was discarded; the plan in force stays."), "good")
    return redirect(url_for("setup.show_plan", contest_id=contest_id), 303)


@bp.post("/contests/<int:contest_id>/plan/in-force")
@needs("organiser")
def put_in_force(contest_id):
    try:
        plan_actions.put_in_force(
            _actor(), contest_id, request.form.get("reason", ""), _rev()
        )
    except Invalid as refused:
        return _show_editor(contest_id, refused=refused)
    flash(gettext("The plan is in force."), "good")
    return redirect(url_for("setup.show_plan", contest_id=contest_id), 303)


@bp.post("/contests/<int:contest_id>/plan/propose")
@needs("organiser")
def propose_plan(contest_id):
    reason = request.form.get("reason", "")
    try:
        rules.check_reason(reason)
        actor = proven_actor(g.person, request.form.get("word", ""))
        plan_actions.propose_plan(actor, contest_id, reason, _rev())
    except Invalid as refused:
        return _show_editor(contest_id, refused=refused)
    flash(gettext("The change is proposed. A second person must approve it."), "good")
    return redirect(url_for("setup.show_plan", contest_id=contest_id), 303)


def _rev():
    rev = read_whole(request.form.get("rev"))
    if rev is None:
        raise Conflict("The form is incomplete. Reload the page and try again.")
    return rev


def _show_editor(contest_id, address="plan", refused=None, form=None):
    contest = queries.get_contest(contest_id)
    draft = queries.get_draft(contest_id)
    current = queries.plan_in_force(contest_id)
    problems = [
        with_names(problem, draft.plan, language())
        for problem in draft_problems(contest_id, draft.plan)
    ]
    changes = changes_between(queries.document_of(current.version_id), draft.document)
    return show(
        "setup/edit_plan.html", status=refused.status if refused else 200, contest=contest,
        draft=draft, plan=draft.plan, problems=problems,
        translated=_translated, node_names=NODE_NAMES, top_nodes=plan_tree.TOP_NODES,
        branches=plan_branches.tree_of(draft.plan, problems), address=address,
        address_of=plan_branches.address_of, child_kinds=new_nodes.CHILD_KINDS,
        new_names=new_nodes.NEW_NODE_NAMES, is_frozen=queries.is_frozen(contest_id),
        is_open=contest.state in rules.PLAN_IS_OPEN_IN, refused=refused,
        errors=refused.fields if refused else {}, values=request.form,
        changes=[sentences.change_sentence(change) for change in changes],
        **_node_facts(draft, address, form, refused.fields if refused else {}),
    )


def _translated(choices):
    return [(key, gettext(words)) for key, words in choices.items()]


def _node_facts(draft, address, form, errors):
    kind = plan_tree.kind_of(address)
    node = plan_tree.get_node(draft.document, address)
    sections = sections_of(draft.document, address)
    usual = node_forms.values_of(kind, sections, {})
    texts = (
        node_forms.typed_values(sections, form) if form is not None
        else node_forms.values_of(kind, sections, node)
    )
    return {
        "kind": kind, "node": node, "texts": texts, "sections": sections, "choices": CHOICES,
        "options": node_options.options_of(draft.plan, address, node),
        "row_counts": {
            rows.name: node_forms.row_count(rows, texts)
            for section in sections for rows in section.rows
        },
        "open_flags": node_forms.open_sections(sections, texts, usual, errors),
        "unplaced": node_forms.unplaced(sections, errors),
    }


def _to_node(contest_id, address):
    return redirect(
        url_for("setup.edit_node", contest_id=contest_id, address=address, _anchor="node"), 303
    )


def _actor():
    return Actor(g.person.user_id, g.person.name)
