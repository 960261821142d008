"""Pages of sheets on paper: the list, one sheet to be typed in, and what a third person decides."""

from flask import flash, g, redirect, request, url_for
from flask_babel import gettext

from contest.accounts.guards import needs
from contest.audit.work import Actor
from contest.errors import Conflict, Invalid
from contest.numbers import read_whole
from contest.pages import show
from contest.paper import (
    actions,
    forms,
    photo_queries,
    photo_routes,
    print_queries,
    print_routes,
    queries,
    rules,
    trail_words,
)
from contest.paper.blueprint import bp
from contest.setup.queries import find_plan_in_force, get_contest

__all__ = ["bp", "photo_routes", "print_routes", "trail_words"]

READERS = ("clerk", "chief_judge", "organiser", "supervisor")
MOST_NUMBERS = 500


def _actor():
    return Actor(g.person.user_id, g.person.name)


def _is_chief(contest_id):
    return g.person.has_any(("chief_judge",), contest_id)


@bp.get("")
@needs(*READERS)
def list_papers(contest_id):
    """Every sheet that came in on paper, and where a number is typed or scanned."""
    if typed := request.args.get("number"):
        try:
            number = rules.number_of(rules.read_number(typed))
            return redirect(url_for(".show_entry", contest_id=contest_id, sheet_number=number), 303)
        except Invalid as refused:
            return _show_list(contest_id, refused, typed)
    return _show_list(contest_id)


def _show_list(contest_id, refused=None, typed="", numbers=""):
    contest = get_contest(contest_id)
    has_plan = find_plan_in_force(contest_id) is not None
    return show(
        "paper/list_papers.html", status=refused.status if refused else 200, contest=contest,
        rows=queries.list_papers(contest_id) if has_plan else [], states=rules.STATES,
        piles=print_queries.piles(contest_id) if has_plan and _may_print(contest_id) else [],
        is_clerk=g.person.has_any(("clerk",), contest_id), is_chief=_is_chief(contest_id),
        may_take_in=g.person.has_any(("clerk", "chief_judge", "organiser"), contest_id),
        refused=refused, typed=typed, numbers=numbers, differs=rules.DIFFERS,
        user_id=g.person.user_id, photos=photo_queries.counts(contest_id),
        marked=queries.modules_of_judge(contest_id, g.person.user_id),
    )


def _may_print(contest_id):
    return g.person.has_any(print_routes.PRINTERS, contest_id)


@bp.post("")
@needs("clerk", "chief_judge", "organiser")
def take_in(contest_id):
    """Say which sheets came in on paper: numbers typed or scanned, each on a line of its own."""
    typed = request.form.get("numbers", "")
    try:
        lines = typed.split()[:MOST_NUMBERS]
        if not lines:
            why = Invalid("Type or scan the number of a sheet.")
            raise Invalid(why.message, fields={"numbers": why})
        count = actions.take_in(_actor(), contest_id, [rules.read_number(line) for line in lines])
    except Invalid as refused:
        # A number that cannot be read is one of these, not the one of the other form.
        refused.fields = {"numbers": refused.fields.get("numbers") or refused.fields["number"]}
        return _show_list(contest_id, refused, numbers=typed)
    flash(gettext("Taken in: %(count)s.", count=count), "good")
    return redirect(url_for(".list_papers", contest_id=contest_id), 303)


@bp.get("/sheets/<sheet_number>")
@needs("clerk")
def show_entry(contest_id, sheet_number):
    """One sheet to be typed in from paper; it never shows what anybody typed before."""
    return _show_entry(contest_id, rules.sheet_at(sheet_number))


def _show_entry(contest_id, sheet_id, typed=None, refused=None):
    sheet = queries.get_sheet(contest_id, sheet_id)
    paper = queries.open_paper(sheet_id)
    entered_by = [entry.by_id for entry in paper.entries] if paper else []
    actions.check_may_type(g.person.user_id, sheet, entered_by)
    if paper is not None:
        rules.check_waits_for_clerk(queries.state_now(paper))
    about, module = queries.entry_page(sheet)
    return show(
        "paper/show_entry.html", status=refused.status if refused else 200,
        contest=get_contest(contest_id), about=about,
        reading=queries.empty_reading(module, contest_id), fields_of=forms.fields_of,
        typed=typed or {}, refused=refused, errors=refused.fields if refused else {},
    )


@bp.post("/sheets/<sheet_number>")
@needs("clerk")
def type_in(contest_id, sheet_number):
    """Store what a clerk read on a paper and go back to the next number."""
    sheet_id = rules.sheet_at(sheet_number)
    sheet = queries.get_sheet(contest_id, sheet_id)
    typed = forms.typed_from_form(request.form, queries.entry_page(sheet)[1])
    try:
        actions.type_in(_actor(), contest_id, sheet_id, typed)
    except Invalid as refused:
        return _show_entry(contest_id, sheet_id, typed, refused)
    flash(gettext("%(number)s is typed in.", number=rules.number_of(sheet_id)), "good")
    return redirect(url_for(".list_papers", contest_id=contest_id), 303)


@bp.get("/<int:paper_id>/settle")
@needs("clerk", "chief_judge")
def show_settle(contest_id, paper_id):
    """Both clerks' figures where they differ, for a third person with the paper at hand."""
    return _show_settle(contest_id, paper_id)


def _show_settle(contest_id, paper_id, refused=None):
    paper = queries.get_paper(contest_id, paper_id)
    if paper.sheet is None:
        raise Conflict(
            "The sheet of this paper was given to another judge before it was typed in; "
            "withdraw the paper."
        )
    is_chief = _is_chief(contest_id)
    actions.check_may_decide(g.person.user_id, paper, paper.sheet, is_chief)
    return show(
        "paper/show_settle.html", status=refused.status if refused else 200,
        contest=get_contest(contest_id), page=queries.get_settle_page(paper),
        fields_of=forms.fields_of, values=request.form, refused=refused,
        errors=refused.fields if refused else {}, is_chief=is_chief, states=rules.STATES,
        photos=photo_queries.photos_of(paper.id),
    )


@bp.post("/<int:paper_id>/settle")
@needs("clerk", "chief_judge")
def settle(contest_id, paper_id):
    """Hand a sheet in as the third person decided."""
    paper = queries.get_paper(contest_id, paper_id)
    try:
        actions.settle(
            _actor(), contest_id, paper_id,
            forms.choices_from_form(request.form, queries.entry_page(
                queries.get_sheet(contest_id, paper.sheet_id))[1]),
            read_whole(request.form.get("rev"), -1), _is_chief(contest_id),
        )
    except Invalid as refused:
        return _show_settle(contest_id, paper_id, refused)
    flash(gettext("%(number)s is stored as decided.", number=rules.number_of(paper.sheet_id)), "good")
    return redirect(url_for(".list_papers", contest_id=contest_id), 303)


@bp.post("/<int:paper_id>/withdraw")
@needs("chief_judge")
def withdraw(contest_id, paper_id):
    """End a paper without storing anything, with a reason."""
    actions.withdraw(_actor(), contest_id, paper_id, request.form.get("reason"))
    flash(gettext("The paper is withdrawn."), "good")
    return redirect(url_for(".list_papers", contest_id=contest_id), 303)
