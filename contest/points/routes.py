"""The public lists of the points hall, and the office's pages for its ledger, rules and lists."""

from flask import Blueprint, Response, flash, g, redirect, request, url_for
from flask_babel import gettext

from contest import clock
from contest.accounts.guards import needs, open_to_all
from contest.audit.work import Actor
from contest.documents import MIMETYPES, file_bytes
from contest.errors import Conflict, Invalid, Missing, NotAllowed
from contest.i18n import N_
from contest.kept_words import CHOICES, TYPED
from contest.names import shown_name
from contest.numbers import whole
from contest.pages import language, show
from contest.points import actions, day_rules, list_papers, list_queries, list_rules, queries, rules
from contest.points.columns import POINTS

bp = Blueprint("points", __name__)
OFFICE = ("curator", "organiser")
# People are never named in full before the public: how the house masks a name (names.shown_name).
POLICY = "one"
PAGE = 100
LIST = "/points/office/<period_key>/<by_what>"

TYPED.update({
    "per_unit": N_("Points for one"), "most_a_day": N_("At most a day"), "valid_from": N_("Holds from"),
    "system": N_("System"),
})
CHOICES["kind_of_points"] = (N_("Kind"), {key: kind.name for key, kind in rules.KINDS.items()})


@bp.get("/points")
@open_to_all
def show_points():
    """Who stands where in a quarter or a year; names are masked."""
    first, last = queries.span()
    periods = day_rules.periods(first, last)
    key = request.args.get("period")
    period = day_rules.read_period(key) if key else day_rules.period_of(clock.today())
    by_what = request.args.get("by", "people")
    if by_what not in list_rules.LISTS:
        by_what = "people"
    return show(
        "points/show_points.html", "points/_points_list.html", periods=periods, policy=POLICY,
        listing="points.show_points", asked={"period": period.key, "by": by_what}, rules=queries.rules_now(),
        **_page_of(period, by_what),
    )


def _page_of(period, by_what):
    """What a page of a list shows, whoever looks at it."""
    lines, published = list_queries.lines_of(period, by_what)
    page = max(1, request.args.get("page", 1, type=whole))
    return {
        "period": period, "by_what": by_what, "lines": lines[(page - 1) * PAGE: page * PAGE], "page": page,
        "pages": max(1, -(-len(lines) // PAGE)), "published": published, "shown_name": shown_name,
        "sentence": list_papers.standing_sentence(published),
    }


@bp.get(LIST)
@needs(*OFFICE, everywhere=True)
def show_list(period_key, by_what):
    """A list with full names: who is rewarded."""
    return show(
        "points/show_list.html", "points/_points_list.html", policy="full", forms=MIMETYPES,
        listing="points.show_list", asked={"period_key": period_key, "by_what": by_what},
        **_page_of(_period_of_list(period_key, by_what), by_what),
    )


@bp.get(f"{LIST}/paper.<form>")
@needs(*OFFICE, everywhere=True)
def download_list(period_key, by_what, form):
    """The same as a file."""
    period = _period_of_list(period_key, by_what)
    if form not in MIMETYPES:
        raise Missing("There is no such paper.")
    lines, published = list_queries.lines_of(period, by_what)
    document = list_papers.points_list(period, by_what, lines, published, language())
    return Response(
        file_bytes(document, form), mimetype=MIMETYPES[form],
        headers={"Content-Disposition": f'attachment; filename="points-{period.key}-{by_what}.{form}"'},
    )


def _period_of_list(period_key, by_what):
    check_office()
    if by_what not in list_rules.LISTS:
        raise Missing("There is no such list.")
    return day_rules.read_period(period_key)


@bp.get("/points/office")
@needs(*OFFICE, everywhere=True)
def show_office():
    """The ledger, the rules in force, and the lists to be published."""
    return _show_office()


def _show_office(refused=None, form=""):
    check_office()
    first, last = queries.span()
    today = clock.today()
    over = [one for one in day_rules.periods(first, last) if one.last < today]
    search = request.args.get("text", "").strip()
    return show(
        "points/show_office.html", status=refused.status if refused else 200,
        entries=queries.latest_entries(search), search=search, kinds=rules.KINDS, rules=queries.rules_now(),
        coming=queries.coming_rules(), today=today, columns=POINTS, reversed_source=rules.REVERSED,
        late=list_queries.late_entries(),
        waiting=[one for one in over if list_queries.find_published(one, "people") is None],
        published=list_queries.published(), lists=list_rules.LISTS, refused=refused, form=form,
        values=request.form if refused else {}, field_errors=getattr(refused, "fields", {}),
        problems=getattr(refused, "problems", ()),
    )


@bp.post("/points/import")
@needs(*OFFICE, everywhere=True)
def import_points():
    """Book the lines of a spreadsheet."""
    file = request.files.get("file")
    try:
        if file is None or not file.filename:
            raise Invalid("Choose a file.", fields={"file": Invalid("Choose a file.")})
        counts = actions.import_points(_actor(), request.form.get("system", ""), file.read(), file.filename)
    except Invalid as refused:
        return _show_office(refused, "import")
    flash(gettext(
        "Booked: %(new)s lines, %(points)s points; known before: %(known)s; not given because of a limit "
        "a day: %(cut)s points.", **counts,
    ), "good")
    if counts["late"]:
        flash(gettext(
            "Lines of days whose list is published already: %(late)s. They count in the ledger; the list "
            "stays as it was published.", **counts,
        ), "warn")
    return redirect(url_for("points.show_office"), 303)


@bp.post("/points/entries/<int:entry_id>/reverse")
@needs(*OFFICE, everywhere=True)
def reverse_points(entry_id):
    """Take points back, with a reason."""
    try:
        actions.reverse_points(_actor(), entry_id, request.form.get("reason", ""))
    except (Invalid, Conflict) as refused:
        return _show_office(refused, f"reverse-{entry_id}")
    flash(gettext("The points were taken back; the entry stays in the ledger."), "good")
    return redirect(url_for("points.show_office"), 303)


@bp.post("/points/rules")
@needs(*OFFICE, everywhere=True)
def change_rule():
    """Change what a kind earns from a day on."""
    form = request.form
    try:
        actions.change_rule(_actor(), {**form, "kind": form.get("kind_of_points", "")})
    except Invalid as refused:
        return _show_office(refused, "rule")
    flash(gettext("The rule is noted."), "good")
    return redirect(url_for("points.show_office"), 303)


@bp.post("/points/lists/<period_key>")
@needs(*OFFICE, everywhere=True)
def publish_lists(period_key):
    """Publish the lists of a quarter or year that is over."""
    period = day_rules.read_period(period_key)
    try:
        actions.publish_lists(_actor(), period)
    except Conflict as refused:
        return _show_office(refused, "lists")
    flash(gettext("The lists of %(period)s are published.", period=period.key), "good")
    return redirect(url_for("points.show_points", period=period.key), 303)


def check_office():
    """The ledger is the whole installation's: an organiser of single contests keeps away; NotAllowed."""
    if not any(g.person.has_role(role) for role in OFFICE):
        raise NotAllowed("The ledger of points is kept by the curator and by organisers of all contests.")


def _actor():
    check_office()
    return Actor(g.person.user_id, g.person.name)
