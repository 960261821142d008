"""Writing the plan: the tree beside one form at a time, and putting the draft in force."""

from flask import flash, g, redirect, request, url_for
from flask_babel import gettext

from contest.accounts.guards import needs
from contest.audit.work import Actor
from contest.errors import Conflict, Invalid
from contest.numbers import read_whole
from contest.pages import show
from contest.setup import node_forms, plan_actions, plan_tree, queries, rules, sentences
from contest.setup.blueprint import bp
from contest.setup.plan_changes import FIELD_NAMES, NODE_NAMES, changes_between


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
    flash(gettext("The draft is thrown away; the plan in force stays."), "good")
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
    try:
        plan_actions.propose_plan(_actor(), contest_id, request.form.get("reason", ""), _rev())
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
    problems = queries.draft_problems(contest_id, draft.plan)
    changes = changes_between(queries.document_of(current.version_id), draft.document)
    return show(
        "setup/edit_plan.html", status=refused.status if refused else 200, contest=contest,
        draft=draft, plan=draft.plan, problems=problems,
        translated=_translated, node_names=NODE_NAMES, field_names=FIELD_NAMES,
        branches=plan_tree.tree_of(draft.plan, problems), address=address,
        address_of=plan_tree.address_of, child_kinds=plan_tree.CHILD_KINDS,
        new_names=plan_tree.NEW_NODE_NAMES, is_frozen=queries.is_frozen(contest_id),
        is_open=contest.state in rules.PLAN_IS_OPEN_IN, refused=refused,
        errors=refused.fields if refused else {}, values=request.form,
        changes=[sentences.change_sentence(change) for change in changes],
        **_node_facts(draft, address, form),
    )


def _translated(choices):
    return [(key, gettext(words)) for key, words in choices.items()]


def _node_facts(draft, address, form):
    kind = plan_tree.kind_of(address)
    node = plan_tree.get_node(draft.document, address)
    rows = node_forms.ROWS_OF_KIND.get(node.get("kind", "")) if kind == "aspects" else None
    texts = (
        node_forms.typed_values(kind, form, node) if form is not None
        else node_forms.values_of(kind, node)
    )
    return {
        "kind": kind, "node": node, "texts": texts, "boxes": node_forms.boxes_of(kind, node),
        "panel_boxes": node_forms.PANEL if _has_panel(kind, node) else (),
        "formula_boxes": node_forms.FORMULA if node.get("kind") == "measured" else (),
        "formula_hint": node_forms.FORMULA_HINT, "choices": node_forms.CHOICES,
        "rows_name": rows, "columns": node_forms.ROWS.get(rows, ()),
        "row_count": _row_count(rows, texts), "tie_count": _tie_count(texts),
        "tie_options": _tie_options(draft.plan, node) if kind == "ranking" else (),
        "stage_options": [(s.key, sentences.name_of(s)) for s in draft.plan.stages],
        "part_options": [(p.key, sentences.name_of(p)) for p in draft.plan.parts],
    }


def _has_panel(kind, node):
    return kind == "modules" and node.get("entry", "sheets") == "sheets"


def _row_count(rows, texts):
    if rows is None:
        return 0
    if rows == "levels":
        return 4
    used = [int(name.split("-")[1]) for name in texts if name.startswith(f"{rows}-")]
    return max(used, default=-1) + 1 + node_forms.SPARE_ROWS


def _tie_count(texts):
    return sum(1 for name in texts if name.startswith("ties-")) + 2


def _tie_options(plan, node):
    words = [(word, sentences.tie_sentence(tie, plan)) for word, tie in queries.tie_choices(plan)]
    known = {word for word, _ in words}
    stale = [node_forms.tie_word(tie) for tie in node.get("ties", ())]
    return words + [(word, word) for word in stale if word not in known]


def _to_node(contest_id, address):
    return redirect(
        url_for("setup.edit_node", contest_id=contest_id, address=address, _anchor="node"), 303
    )


def _actor():
    return Actor(g.person.user_id, g.person.name)
