"""Pages about judges and the panels on which they sit."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext

from contest.accounts.guards import needs
from contest.errors import Invalid
from contest.pages import form_refusal, language, say, show
from contest.people import forms, judge_actions, panel_actions, panel_queries, queries
from contest.people.blueprint import BENCH, actor, bp, facts_of
from contest.setup.queries import find_plan_in_force

JUDGE_READERS = ("organiser", "chief_judge", "supervisor")
RESERVES_MOST = 9


@bp.get("/contests/<int:contest_id>/judges")
@needs(*JUDGE_READERS)
def list_judges(contest_id):
    return show(
        "people/list_judges.html",
        judges=queries.judges_with_logins(contest_id),
        fields=panel_queries.field_names(contest_id, language()),
        loads=panel_queries.panel_loads(contest_id),
        **facts_of(contest_id),
    )


@bp.get("/contests/<int:contest_id>/judges/new")
@needs(*BENCH)
def new_judge(contest_id):
    return _show_judge(contest_id, values={})


@bp.post("/contests/<int:contest_id>/judges/new")
@needs(*BENCH)
def add_judge(contest_id):
    try:
        values = forms.read_judge(request.form)
        judge_actions.add_judge(actor(), contest_id, values)
    except Invalid as refused:
        return _show_judge(contest_id, status=422, **form_refusal(refused, request.form))
    flash(gettext("%(name)s is on the list of judges.", name=values["name"]), "good")
    return redirect(url_for("people.list_judges", contest_id=contest_id), 303)


@bp.get("/contests/<int:contest_id>/judges/<int:judge_id>")
@needs(*BENCH)
def show_judge(contest_id, judge_id):
    judge = queries.get_judge(contest_id, judge_id)
    values = {
        "name": judge.name,
        "organisation": judge.organisation.name if judge.organisation else "",
        "specialities": "、".join(judge.specialities),
    }
    return _show_judge(contest_id, judge, values=values)


@bp.post("/contests/<int:contest_id>/judges/<int:judge_id>")
@needs(*BENCH)
def edit_judge(contest_id, judge_id):
    judge = queries.get_judge(contest_id, judge_id)
    try:
        judge_actions.edit_judge(actor(), contest_id, judge_id, forms.read_judge(request.form))
    except Invalid as refused:
        return _show_judge(contest_id, judge, status=422, **form_refusal(refused, request.form))
    flash(gettext("Saved."), "good")
    return redirect(url_for("people.list_judges", contest_id=contest_id), 303)


def _show_judge(contest_id, judge=None, status=200, **facts):
    modules = panel_queries.fields_of_plan(contest_id)
    return show(
        "people/show_judge.html",
        status=status,
        judge=judge,
        organisations=queries.list_all_organisations(),
        words=list(dict.fromkeys(panel_queries.words_for(m, language()) for m in modules)),
        **facts_of(contest_id),
        **facts,
    )


@bp.get("/contests/<int:contest_id>/panels")
@needs(*JUDGE_READERS)
def list_panels(contest_id):
    return _show_panels(contest_id)


@bp.post("/contests/<int:contest_id>/panels/staff")
@needs(*BENCH)
def staff_panels(contest_id):
    try:
        reserves = forms.read_reserves(request.form.get("reserves", "2"), RESERVES_MOST)
    except Invalid as refused:
        return _show_panels(contest_id, status=422, refused=refused)
    problems = panel_actions.staff(actor(), contest_id, reserves)
    flash(gettext("The judges were put on the panels."), "good")
    for problem in problems:
        flash(say(problem), "warn")
    return redirect(url_for("people.list_panels", contest_id=contest_id), 303)


@bp.post("/contests/<int:contest_id>/panels/<module_key>")
@needs(*BENCH)
def set_seats(contest_id, module_key):
    try:
        judge_ids = forms.read_places(request.form.getlist("judge_id"))
        panel_actions.set_seats(actor(), contest_id, module_key, judge_ids)
    except Invalid as refused:
        return _show_panels(
            contest_id,
            status=422,
            refused=refused,
            opened=module_key,
            chosen=request.form.getlist("judge_id"),
        )
    flash(gettext("The panel was saved."), "good")
    return redirect(
        url_for("people.list_panels", contest_id=contest_id, _anchor=f"panel-{module_key}"), 303
    )


def _show_panels(contest_id, status=200, **facts):
    in_force = find_plan_in_force(contest_id)
    return show(
        "people/list_panels.html",
        status=status,
        lines=panel_queries.list_panels(contest_id) if in_force else [],
        judges=queries.list_judges(contest_id),
        trainees=queries.trainees(contest_id),
        loads=panel_queries.panel_loads(contest_id),
        **facts_of(contest_id),
        **facts,
    )
