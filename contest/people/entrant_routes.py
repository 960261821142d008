"""Pages about entrants: the list, one person, a change of state."""

from flask import flash, g, redirect, request, url_for
from flask_babel import gettext

from contest.accounts.guards import needs
from contest.errors import Invalid
from contest.i18n import N_
from contest.kept_words import CHOICES
from contest.pages import form_refusal, language, show
from contest.people import entrant_actions, forms, phone_queries, queries, roster_file, rules
from contest.people.blueprint import BENCH, READERS, actor, bp, facts_of
from contest.people.columns import ROSTER
from contest.setup.queries import find_plan_in_force, get_contest

ALL_KEYS = tuple(column.key for column in ROSTER)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CHOICES |= {
    "gender": (N_("Gender"), rules.GENDERS), "state": (N_("State"), rules.ENTRANT_STATES),
    "skill_level": (N_("Skill level"), rules.SKILL_LEVELS),
    "employment": (N_("Employment"), rules.EMPLOYMENTS),
}


def word_lists(contest_id, organisation_id=None):
    """What the form of an entrant offers to choose from."""
    return {
        "genders": rules.GENDERS,
        "skill_levels": rules.SKILL_LEVELS,
        "employments": rules.EMPLOYMENTS,
        "teams": queries.list_teams(contest_id, organisation_id),
        "groups": queries.list_groups(contest_id),
        "organisations": [] if organisation_id else queries.list_all_organisations(),
    }


@bp.get("/contests/<int:contest_id>/entrants")
@needs(*READERS)
def list_entrants(contest_id):
    search = _search_from(request.args)
    return show(
        "people/list_entrants.html",
        "people/_entrant_rows.html",
        search=search,
        found=queries.search_entrants(contest_id, search),
        organisations=queries.list_organisations(contest_id),
        teams=queries.list_teams(contest_id),
        groups=queries.list_groups(contest_id),
        states=rules.ENTRANT_STATES,
        **facts_of(contest_id),
    )


def _search_from(args):
    def number(name):
        found = forms.read_ids([args.get(name, "")])
        return found[0] if found else None

    return queries.Search(
        text=args.get("text", "")[:100],
        organisation_id=number("organisation_id"),
        team_id=number("team_id"),
        group=args.get("group", "")[:50],
        state=args.get("state", "")[:20],
        sort=args.get("sort", "number"),
        page=forms.read_page(args.get("page", "1")),
    )


@bp.get("/contests/<int:contest_id>/entrants.xlsx")
@needs(*READERS)
def download_roster(contest_id):
    data = roster_file.roster_as_xlsx(
        get_contest(contest_id),
        queries.list_entrants(contest_id),
        queries.entrant_states(contest_id),
        language(),
    )
    return (
        data,
        200,
        {
            "Content-Type": XLSX,
            "Content-Disposition": "attachment; filename=entrants.xlsx",
        },
    )


@bp.get("/contests/<int:contest_id>/entrants/new")
@needs("organiser")
def new_entrant(contest_id):
    return _show_new(contest_id, values={})


@bp.post("/contests/<int:contest_id>/entrants/new")
@needs("organiser")
def add_entrant(contest_id):
    try:
        values = forms.read_entrant(request.form, ALL_KEYS)
        entrant_id = entrant_actions.add_entrant(actor(), contest_id, values)
    except Invalid as refused:
        return _show_new(contest_id, status=422, **form_refusal(refused, request.form))
    flash(gettext("%(name)s is registered.", name=values["name"]), "good")
    return redirect(
        url_for("people.show_entrant", contest_id=contest_id, entrant_id=entrant_id), 303
    )


def _show_new(contest_id, status=200, **facts):
    return show(
        "people/new_entrant.html",
        status=status,
        **word_lists(contest_id),
        **facts_of(contest_id),
        **facts,
    )


@bp.get("/contests/<int:contest_id>/entrants/<int:entrant_id>")
@needs(*READERS)
def show_entrant(contest_id, entrant_id):
    return _show_entrant(contest_id, entrant_id)


@bp.post("/contests/<int:contest_id>/entrants/<int:entrant_id>")
@needs("organiser")
def edit_entrant(contest_id, entrant_id):
    try:
        values = forms.read_entrant(request.form, ALL_KEYS)
        entrant_actions.edit_entrant(actor(), contest_id, entrant_id, values)
    except Invalid as refused:
        return _show_entrant(
            contest_id, entrant_id, status=422, **form_refusal(refused, request.form)
        )
    flash(gettext("Saved."), "good")
    return redirect(
        url_for("people.show_entrant", contest_id=contest_id, entrant_id=entrant_id), 303
    )


@bp.post("/contests/<int:contest_id>/entrants/<int:entrant_id>/remove")
@needs("organiser")
def remove_entrant(contest_id, entrant_id):
    name = request.form.get("confirmed_name", "")
    try:
        entrant_actions.remove_entrant(actor(), contest_id, entrant_id, name)
    except Invalid as refused:
        return _show_entrant(contest_id, entrant_id, status=422, removal_refused=refused)
    flash(gettext("%(name)s is no longer registered.", name=name.strip()), "good")
    return redirect(url_for("people.list_entrants", contest_id=contest_id), 303)


@bp.post("/contests/<int:contest_id>/entrants/<int:entrant_id>/state")
@needs(*BENCH)
def set_state(contest_id, entrant_id):
    try:
        entrant_actions.set_state(
            actor(),
            contest_id,
            entrant_id,
            state=request.form.get("state", ""),
            reason=forms.read_reason(request.form),
            module_key=request.form.get("module_key", ""),
            is_sure=request.form.get("sure") == "1",
        )
    except Invalid as refused:
        return _show_entrant(
            contest_id,
            entrant_id,
            status=422,
            state_refused=refused,
            state_errors=refused.fields,
            state_values=request.form,
        )
    flash(gettext("The state was changed."), "good")
    return redirect(
        url_for("people.show_entrant", contest_id=contest_id, entrant_id=entrant_id), 303
    )


def _show_entrant(contest_id, entrant_id, status=200, **facts):
    entrant, hidden = queries.get_entrant(contest_id, entrant_id), queries.hidden_keys(contest_id)
    states = {
        key: s for (e, key), s in queries.entrant_states(contest_id).items()
        if e == entrant_id and key not in hidden
    }
    in_force = find_plan_in_force(contest_id)
    facts.setdefault("values", _typed(entrant))
    return show(
        "people/show_entrant.html",
        status=status,
        entrant=entrant,
        phone=phone_queries.masked_phone(entrant.human_id),
        is_removable=queries.is_removable(get_contest(contest_id).state, entrant),
        state=states.get("", "normal"),
        module_states=states,
        history=queries.state_history(entrant_id, hidden),
        states=rules.ENTRANT_STATES,
        modules=[m for m in in_force.plan.modules if m.key not in hidden] if in_force else (),
        person_id=g.person.user_id,
        **word_lists(contest_id),
        **facts_of(contest_id),
        **facts,
    )


def _typed(entrant):
    return {
        "name": entrant.human.name,
        "organisation": entrant.organisation.name,
        **queries.values_of(entrant),
    }
