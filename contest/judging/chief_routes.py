"""The chief judge's pages: panels by contestants, and one contestant's sheets side by side."""

from flask import flash, g, redirect, request, url_for
from flask_babel import gettext

from contest.accounts.guards import needs
from contest.accounts.reentry import proven_actor
from contest.audit.work import Actor
from contest.errors import Invalid, NotAllowed
from contest.judging import (
    actions,
    adjustment_actions,
    adjustment_queries,
    again_queries,
    chief_actions,
    confirm_actions,
    desk_queries,
    flag_queries,
    forms,
    neutral_queries,
    queries,
    record_queries,
    rules,
    side_queries,
    striking_actions,
    tablet_queries,
)
from contest.judging.blueprint import bp
from contest.pages import show
from contest.setup import rules as setup_rules
from contest.setup.proposal_queries import get_open
from contest.setup.queries import get_contest, plan_in_force, procedure_of

WATCHERS = ("chief_judge", "organiser", "supervisor")


def _actor():
    return Actor(g.person.user_id, g.person.name)


@bp.get("/contests/<int:contest_id>/chief")
@needs(*WATCHERS)
def show_chief_desk(contest_id):
    """Panels by contestants at a glance; asked again every ten seconds as a piece."""
    contest = get_contest(contest_id)
    kind = request.args.get("kind", "all")
    kind = kind if kind in desk_queries.FILTERS else "all"
    module_key = request.args.get("module") or desk_queries.first_module(contest_id)
    reader = g.person.user_id
    matrix = desk_queries.matrix(contest_id, module_key, kind, reader) if module_key else None
    return show(
        "judging/chief_desk.html", "judging/_chief_matrix.html", contest=contest, matrix=matrix,
        kind=kind, progress=desk_queries.progress(contest_id), labels=rules.SHEET_STATES,
        adjusted=adjustment_queries.shown(contest_id, module_key) if module_key else {},
        adjustables=adjustment_queries.score_modules(contest_id),
        entrant_states=queries.ENTRANT_STATES, own_sheets=_own_sheets(contest_id),
        is_marking=contest.takes_marks,
        is_before=contest.state in setup_rules.BEFORE_SCORING,
        contest_state=setup_rules.STATES[contest.state],
        open_flags=[f for f in flag_queries.flags_of(contest_id) if f.row.answered_at is None],
        tablets=tablet_queries.tablets_of(contest_id),
    )


def _own_sheets(contest_id):
    return {sheet.id for sheet in neutral_queries.own_sheets(contest_id)}


@bp.post("/contests/<int:contest_id>/chief/hand-out")
@needs("chief_judge", "organiser")
def hand_out_sheets(contest_id):
    """Give every panel its sheets."""
    added = actions.hand_out_sheets(_actor(), contest_id)
    if added:
        flash(gettext("Sheets handed out: %(count)s.", count=added), "good")
    else:
        flash(gettext("Every panel has its sheets already; nothing was changed."), "info")
    return redirect(url_for(".show_chief_desk", contest_id=contest_id), 303)


@bp.get("/contests/<int:contest_id>/chief/<module_key>/<code>")
@needs(*WATCHERS)
def show_contestant(contest_id, module_key, code):
    """All judges' sheets of one contestant side by side."""
    return _show_contestant(contest_id, module_key, code)


def _show_contestant(contest_id, module_key, code, refused=None):
    side = side_queries.side_by_side(contest_id, module_key, code, g.person.user_id)
    contest = get_contest(contest_id)
    is_marking, is_chief = contest.takes_marks, g.person.has_any(("chief_judge",), contest_id)
    waiting = {} if side.hides_marks else side_queries.waiting_revisions(
        contest_id, side.module.key, side.entrant_id
    )
    return show(
        "judging/contestant.html", status=refused.status if refused else 200,
        contest=contest, side=side, records=record_queries.records_of(contest_id, side.module),
        in_percent=plan_in_force(contest_id).plan.penalties.percent,
        adjusting=adjustment_queries.of_entrant(contest_id, side.module, side.entrant_id),
        labels=rules.SHEET_STATES, entrant_states=queries.ENTRANT_STATES, refused=refused,
        values=request.form, may_act=is_marking and is_chief,
        may_reopen=is_chief and contest.state in rules.MARKING_STATES,
        needs_second=_needs_second(contest_id),
        own_sheets=_own_sheets(contest_id),
        waiting=waiting, not_signing=_why_not_signing(contest_id, waiting) if waiting else None,
        rounds=() if side.hides_marks else again_queries.rounds(
            contest_id, side.module.key, side.entrant_id, plan_in_force(contest_id).plan.rounding
        ),
    )


def _why_not_signing(contest_id, waiting):
    """Why who looks on cannot confirm the sheets that wait: a refusal, or None."""
    try:
        side_queries.check_signer(g.person.user_id, contest_id, waiting)
    except NotAllowed as refused:
        return refused
    return None


def _act(contest_id, module_key, code, act, said):
    """Do one thing on a contestant's page and come back to it; its own form again when refused."""
    try:
        act()
    except Invalid as refused:
        return _show_contestant(contest_id, module_key, code, refused)
    flash(said, "good")
    goal = url_for(
        ".show_contestant", contest_id=contest_id, module_key=module_key, code=code
    )
    return redirect(goal, 303)


@bp.post(
    "/contests/<int:contest_id>/chief/<module_key>/<code>/sheets/<int:sheet_id>/reopen"
)
@needs("chief_judge")
def reopen_sheet(contest_id, module_key, code, sheet_id):
    """Open a closed sheet again, with a reason."""
    entrant_id = side_queries.entrant_behind(contest_id, module_key, code)
    side_queries.check_sheet_of(contest_id, module_key, entrant_id, sheet_id)
    return _act(
        contest_id, module_key, code,
        lambda: _reopen(
            contest_id, chief_actions.reopen_sheet, chief_actions.propose_reopening, sheet_id
        ),
        _opened(contest_id, gettext("The sheet is open again; its judge sees the reason.")),
    )


def _reopen(contest_id, act, propose, *what):
    """Open sheets again after the password or PIN, or propose it where two people are needed."""
    reason = request.form.get("reason")
    rules.check_reason(reason)
    actor = proven_actor(g.person, request.form.get("word", ""))
    if _needs_second(contest_id):
        propose(actor, contest_id, *what, reason)
    else:
        act(actor, contest_id, *what, reason)


def _needs_second(contest_id):
    return procedure_of(get_contest(contest_id)).four_eyes


def _opened(contest_id, said):
    if _needs_second(contest_id):
        return gettext("Proposed. It is opened when a second person confirms it.")
    return said


@bp.post("/contests/<int:contest_id>/chief/reopening/<int:proposal_id>")
@needs(*WATCHERS)
def confirm_reopening(contest_id, proposal_id):
    """Open sheets that somebody else proposed to open again."""
    get_open(contest_id, proposal_id, "reopen_sheet")
    actor = proven_actor(g.person, request.form.get("word", ""))
    chief_actions.confirm_reopening(actor, contest_id, proposal_id)
    flash(gettext("The sheet is open again; its judge sees the reason."), "good")
    return redirect(url_for("setup.list_proposals", contest_id=contest_id), 303)


@bp.post(
    "/contests/<int:contest_id>/chief/<module_key>/<code>/sheets/<int:sheet_id>/excuse"
)
@needs("chief_judge")
def excuse_seat(contest_id, module_key, code, sheet_id):
    """Strike one sheet out of the panel, with a reason."""
    entrant_id = side_queries.entrant_behind(contest_id, module_key, code)
    side_queries.check_sheet_of(contest_id, module_key, entrant_id, sheet_id)
    return _act(
        contest_id, module_key, code,
        lambda: _excuse(contest_id, sheet_id, request.form.get("reason")),
        gettext("Proposed. It is struck out when a second person confirms it.")
        if _strikes_by_two(contest_id, sheet_id)
        else gettext("The sheet is struck out; the other sheets of the panel count."),
    )


def _excuse(contest_id, sheet_id, reason):
    rules.check_reason(reason)
    if _strikes_by_two(contest_id, sheet_id):
        striking_actions.propose_striking(_proven(), contest_id, sheet_id, reason)
    else:
        chief_actions.excuse_seat(_proven(), contest_id, sheet_id, reason)


def _strikes_by_two(contest_id, sheet_id):
    return _needs_second(contest_id) and queries.is_written(sheet_id)


@bp.post("/contests/<int:contest_id>/chief/striking/<int:proposal_id>")
@needs(*WATCHERS)
def confirm_striking(contest_id, proposal_id):
    """Strike a sheet out that somebody else proposed to strike out."""
    get_open(contest_id, proposal_id, "excuse_sheet")
    actor = proven_actor(g.person, request.form.get("word", ""))
    striking_actions.confirm_striking(actor, contest_id, proposal_id)
    flash(gettext("The sheet is struck out; the other sheets of the panel count."), "good")
    return redirect(url_for("setup.list_proposals", contest_id=contest_id), 303)


def _proven():
    return proven_actor(g.person, request.form.get("word", ""))


@bp.post("/contests/<int:contest_id>/chief/<module_key>/<code>/confirm")
@needs("chief_judge", "supervisor")
def confirm_sheets(contest_id, module_key, code):
    """Let the sheets count that were handed in again, as they were shown."""
    entrant_id = side_queries.entrant_behind(contest_id, module_key, code)
    seen = forms.seen_revisions(request.form.getlist("seen"))
    return _act(
        contest_id, module_key, code,
        lambda: confirm_actions.confirm_sheets(
            _proven(), contest_id, module_key, entrant_id, seen, request.form.get("minutes", "")
        ),
        gettext("Confirmed: the new marks count."),
    )


@bp.post("/contests/<int:contest_id>/chief/<module_key>/<code>/mark-again")
@needs("chief_judge")
def mark_again(contest_id, module_key, code):
    """Open all sheets of a panel whose judges lie too far apart, with a reason."""
    entrant_id = side_queries.entrant_behind(contest_id, module_key, code)
    return _act(
        contest_id, module_key, code,
        lambda: _reopen(
            contest_id, chief_actions.mark_again, chief_actions.propose_marking_again, module_key,
            entrant_id, request.form.get("panel", ""),
        ),
        _opened(
            contest_id, gettext("The sheets of the panel are open again; its judges see the reason.")
        ),
    )


@bp.post("/contests/<int:contest_id>/chief/<module_key>/<code>/penalties")
@needs("chief_judge")
def add_penalty(contest_id, module_key, code):
    """Take points off, with a reason."""
    entrant_id = side_queries.entrant_behind(contest_id, module_key, code)
    form = request.form
    return _act(
        contest_id, module_key, code,
        lambda: chief_actions.add_penalty(
            _actor(), contest_id, entrant_id, form.get("scope", ""), form.get("points"),
            form.get("reason"), page=module_key,
        ),
        gettext("The penalty stands."),
    )


@bp.post(
    "/contests/<int:contest_id>/chief/<module_key>/<code>"
    "/penalties/<int:penalty_id>/lift"
)
@needs("chief_judge")
def lift_penalty(contest_id, module_key, code, penalty_id):
    """Take a penalty back, with a reason."""
    entrant_id = side_queries.entrant_behind(contest_id, module_key, code)
    side_queries.check_penalty_of(contest_id, module_key, entrant_id, penalty_id)
    return _act(
        contest_id, module_key, code,
        lambda: chief_actions.lift_penalty(
            _actor(), contest_id, penalty_id, request.form.get("reason")
        ),
        gettext("The penalty is lifted."),
    )


@bp.post("/contests/<int:contest_id>/chief/<module_key>/<code>/adjustment")
@needs("chief_judge")
def adjust_mark(contest_id, module_key, code):
    """Adjust the module's mark up or down, with a reason."""
    entrant_id = side_queries.entrant_behind(contest_id, module_key, code)
    form = request.form
    return _act(
        contest_id, module_key, code,
        lambda: adjustment_actions.adjust(
            _actor(), contest_id, entrant_id, module_key, form.get("adjustment"),
            form.get("reason"),
        ),
        gettext("The adjustment stands."),
    )


@bp.post("/contests/<int:contest_id>/chief/<module_key>/<code>/adjustment/withdraw")
@needs("chief_judge")
def withdraw_adjustment(contest_id, module_key, code):
    """Take the adjustment of the module's mark back, with a reason."""
    entrant_id = side_queries.entrant_behind(contest_id, module_key, code)
    return _act(
        contest_id, module_key, code,
        lambda: adjustment_actions.withdraw(
            _actor(), contest_id, entrant_id, module_key, request.form.get("reason")
        ),
        gettext("The adjustment is withdrawn."),
    )


@bp.post("/contests/<int:contest_id>/chief/<module_key>/<code>/state")
@needs("chief_judge")
def set_state(contest_id, module_key, code):
    """Say that a contestant is absent, withdrawn, disqualified, or taking part again."""
    entrant_id = side_queries.entrant_behind(contest_id, module_key, code)
    form = request.form
    scope = module_key if form.get("where") == "module" else ""
    return _act(
        contest_id, module_key, code,
        lambda: chief_actions.set_state(
            _actor(), contest_id, entrant_id, form.get("state", ""), form.get("reason"), scope,
            is_sure=form.get("sure") == "1", page=module_key,
        ),
        gettext("The state of the contestant is changed."),
    )
