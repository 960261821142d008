"""From whom judges keep away, and trainees: pages for the chief judge, and the judge's own."""

from flask import flash, g, redirect, request, url_for
from flask_babel import gettext

from contest.accounts.guards import needs
from contest.errors import Invalid, Missing
from contest.numbers import read_whole
from contest.pages import form_refusal, show
from contest.people import queries, recusal_actions, recusal_queries
from contest.people.blueprint import BENCH, actor, bp, facts_of

READERS = ("organiser", "chief_judge", "supervisor")


@bp.get("/contests/<int:contest_id>/recusals")
@needs(*READERS)
def list_recusals(contest_id):
    """Who keeps away from whom."""
    return _show_recusals(contest_id)


def _show_recusals(contest_id, refused=None):
    facts = form_refusal(refused, request.form) if refused else {"values": {}, "field_errors": {}}
    return show(
        "people/list_recusals.html", status=refused.status if refused else 200,
        recusals=recusal_queries.list_recusals(contest_id), judges=queries.list_judges(contest_id),
        organisations=queries.list_organisations(contest_id),
        entrants=queries.list_entrants(contest_id), **facts_of(contest_id), **facts,
    )


@bp.post("/contests/<int:contest_id>/recusals")
@needs(*BENCH)
def add_recusal(contest_id):
    """Keep a judge away from somebody."""
    try:
        _recuse(contest_id, read_whole(request.form.get("judge"), 0))
    except Invalid as refused:
        return _show_recusals(contest_id, refused)
    flash(gettext("Recorded. Sheets not begun yet went to other judges."), "good")
    return redirect(url_for("people.list_recusals", contest_id=contest_id), 303)


def _recuse(contest_id, judge_id):
    form = request.form
    recusal_actions.recuse(
        actor(), contest_id, judge_id, read_whole(form.get("organisation")),
        read_whole(form.get("entrant")), form.get("relation", ""),
    )


@bp.get("/contests/<int:contest_id>/my-recusals")
@needs("judge")
def my_recusals(contest_id):
    """A judge's own declaration, before there are sheets."""
    return _show_own(contest_id)


def _show_own(contest_id, refused=None):
    judge = _own_judge(contest_id)
    facts = form_refusal(refused, request.form) if refused else {"values": {}, "field_errors": {}}
    return show(
        "people/my_recusals.html", status=refused.status if refused else 200,
        recusals=recusal_queries.list_recusals(contest_id, judge.id),
        has_sheets=recusal_queries.has_sheets(contest_id, judge.id),
        organisations=queries.list_organisations(contest_id),
        entrants=queries.list_entrants(contest_id), **facts_of(contest_id), **facts,
    )


def _own_judge(contest_id):
    judge = recusal_queries.find_judge_of(contest_id, g.person.user_id)
    if judge is None:
        raise Missing("There is no such judge in this contest.")
    return judge


@bp.post("/contests/<int:contest_id>/my-recusals")
@needs("judge")
def declare_recusal(contest_id):
    """Declare a relation to somebody on the public roster."""
    judge = _own_judge(contest_id)
    try:
        _recuse(contest_id, judge.id)
    except Invalid as refused:
        return _show_own(contest_id, refused)
    flash(gettext("Declared. You will not be given these people's sheets."), "good")
    return redirect(url_for("people.my_recusals", contest_id=contest_id), 303)


@bp.post("/contests/<int:contest_id>/panels/<module_key>/trainees")
@needs(*BENCH)
def add_trainee(contest_id, module_key):
    """Seat a trainee beside a panel."""
    recusal_actions.add_trainee(
        actor(), contest_id, module_key, read_whole(request.form.get("judge"), 0),
        read_whole(request.form.get("beside"), 1),
    )
    flash(gettext("The trainee gets the same sheets when sheets are handed out; they never count."), "good")
    return redirect(url_for("people.list_panels", contest_id=contest_id), 303)


@bp.post("/contests/<int:contest_id>/panels/<module_key>/trainees/<int:judge_id>/end")
@needs(*BENCH)
def end_training(contest_id, module_key, judge_id):
    """End a trainee's practice."""
    recusal_actions.end_training(actor(), contest_id, module_key, judge_id)
    flash(gettext("The training is ended."), "good")
    return redirect(url_for("people.list_panels", contest_id=contest_id), 303)
