"""What the office sets: entries, figures of a region, duties, budgets, members, files to be checked."""

from flask import g, redirect, request, url_for

from contest import clock
from contest.accounts.guards import needs
from contest.errors import Invalid, NotAllowed
from contest.member_services import (
    case_queries,
    catalogue_queries,
    deadline_rules,
    duty_queries,
    duty_rules,
    entitlement_actions,
    entitlement_queries,
    membership_actions,
    membership_queries,
    office_actions,
)
from contest.member_services.blueprint import OFFICE, actor, bp
from contest.numbers import read_whole
from contest.pages import show

STANDARD = "minimum_standard"


@bp.get("/service-desk/settings")
@needs(*OFFICE, everywhere=True)
def show_settings():
    """Figures, duties, budgets, goals, and the entries of the catalogue."""
    return _show_settings()


def _show_settings(refused=None, part=""):
    year = clock.today().year
    units = membership_queries.units()
    settled = case_queries.settlement("welfare", year)
    budgets = [(one, case_queries.budget_of("welfare", one.id, year), settled.get(one.id)) for one in units]
    return show(
        "member_services/show_settings.html", status=refused.status if refused else 200, part=part,
        figures=case_queries.settings(), duties=duty_queries.duties(), duty_words=duty_rules.DUTIES,
        not_named=duty_queries.unnamed_by(g.person.user_id),
        may_be_named=_may_be_named(), units=units, budget_year=year,
        sets_sums=duty_queries.stands_above(g.person.user_id),
        budgets=[row for row in budgets if row[1] or row[2]], shares=membership_queries.shares(),
        services=catalogue_queries.every_service().values(), versions=catalogue_queries.latest_versions(),
        refused=refused, values=request.form if refused else {},
        field_errors=refused.fields if refused else {},
    )


def _may_be_named():
    """{user id: name} of those whom the reader may name for a duty."""
    officers = duty_queries.officers()
    if not g.person.has_role("organiser"):
        officers.pop(g.person.user_id, None)
    return officers


def _set(part, act):
    try:
        act()
    except Invalid as refused:
        return _show_settings(refused, part)
    return redirect(url_for("member_services.show_settings"), 303)


@bp.post("/service-desk/settings/figures")
@needs(*OFFICE, everywhere=True)
def enter_setting():
    """The minimum standard of a region."""
    form = request.form
    return _set("figures", lambda: office_actions.enter_setting(
        actor(), STANDARD, form.get("region", ""), form.get("amount", ""), form.get("since", ""),
        form.get("source", ""),
    ))


@bp.post("/service-desk/settings/duties")
@needs(*OFFICE, everywhere=True)
def name_for_duty():
    """Name somebody for a duty."""
    user_id = read_whole(request.form.get("holder"), 0)
    return _set("duties", lambda: office_actions.name_for_duty(
        actor(), request.form.get("duty", ""), user_id
    ))


@bp.post("/service-desk/settings/duties/<int:duty_id>/end")
@needs(*OFFICE, everywhere=True)
def end_duty(duty_id):
    """Somebody holds a duty no longer."""
    return _set("duties", lambda: office_actions.end_duty(actor(), duty_id))


@bp.post("/service-desk/settings/budgets")
@needs(*OFFICE, everywhere=True)
def enter_budget():
    """A unit's budget for its members."""
    return _set("budgets", lambda: office_actions.enter_budget(actor(), "welfare", request.form))


@bp.post("/service-desk/settings/goals")
@needs(*OFFICE, everywhere=True)
def set_goal():
    """How many people work in a unit's field."""
    unit_id, workers = (read_whole(request.form.get(key), 0) for key in ("organisation_id", "workers"))
    return _set("goals", lambda: membership_actions.set_goal(actor(), unit_id, workers))


@bp.get("/service-desk/catalogue/<key>")
@needs(*OFFICE, everywhere=True)
def edit_entry(key):
    """An entry of the catalogue as TOML, and its versions."""
    return _show_entry(key)


def _show_entry(key, refused=None):
    document = catalogue_queries.document_of(key)
    return show(
        "member_services/edit_entry.html", status=refused.status if refused else 200,
        service=catalogue_queries.find_any(key), versions=catalogue_queries.versions_of(key),
        refused=refused, is_shipped=document == catalogue_queries.shipped_documents().get(key),
        changes_all=g.person.has_role("organiser"),
    )


@bp.post("/service-desk/catalogue/<key>")
@needs(*OFFICE, everywhere=True)
def enter_version(key):
    """Another version of an entry, or an entry of one's own made from this one."""
    catalogue_queries.document_of(key)
    try:
        service = office_actions.enter_version(actor(), _typed_entry())
    except (Invalid, NotAllowed) as refused:  # the sentence names the place, beside what may be changed
        return _show_entry(key, refused)
    return redirect(url_for("member_services.edit_entry", key=service.key), 303)


def _typed_entry():
    file = request.files.get("entry")
    try:
        return file.read(200_000).decode("utf-8-sig") if file else ""
    except UnicodeDecodeError:
        raise Invalid("This file is not written in UTF-8.") from None


@bp.get("/service-desk/catalogue/<key>/entry.toml")
@needs(*OFFICE, everywhere=True)
def download_entry(key):
    """An entry as the file it can be changed in."""
    text = catalogue_queries.toml_of(key, catalogue_queries.document_of(key))
    return text, 200, {
        "Content-Type": "application/toml; charset=utf-8",
        "Content-Disposition": f'attachment; filename="{key}.toml"',
    }


@bp.get("/service-desk/files")
@needs(*OFFICE, everywhere=True)
def list_files():
    """Standing files, those that are to be checked first."""
    return _show_files()


def _show_files(refused=None, refused_id=None):
    today = clock.today()
    begins = deadline_rules.start_of_year(clock.now())
    return show(
        "member_services/list_files.html", status=refused.status if refused else 200, today=today,
        rows=entitlement_queries.files_due(), figures=entitlement_queries.review_figures(begins, clock.now()),
        services=catalogue_queries.every_service(), refused=refused, refused_id=refused_id,
        values=request.form if refused else {},
    )


@bp.post("/service-desk/files/<int:entitlement_id>")
@needs(*OFFICE, everywhere=True)
def review_file(entitlement_id):
    """A file was checked: it continues, or it ends."""
    continues = request.form.get("act") == "continue"
    try:
        entitlement_actions.review_file(actor(), entitlement_id, continues, request.form.get("words", ""))
    except Invalid as refused:
        return _show_files(refused, entitlement_id)
    return redirect(url_for("member_services.list_files"), 303)


@bp.get("/service-desk/members")
@needs(*OFFICE, everywhere=True)
def list_members():
    """Members by name."""
    return _show_members()


def _show_members(refused=None, refused_id=None):
    text = request.args.get("text", "").strip()
    return show(
        "member_services/list_members.html", status=refused.status if refused else 200, text=text,
        rows=membership_queries.find_members(text), shares=membership_queries.shares(), refused=refused,
        refused_id=refused_id,
    )


@bp.post("/service-desk/members/<int:membership_id>/end")
@needs(*OFFICE, everywhere=True)
def end_membership(membership_id):
    """Somebody leaves the union."""
    try:
        membership_actions.end_membership(actor(), membership_id, request.form.get("reason", ""))
    except Invalid as refused:
        return _show_members(refused, membership_id)
    return redirect(url_for("member_services.list_members"), 303)


