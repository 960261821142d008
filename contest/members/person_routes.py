"""The desk: people, their invitations and codes; with a reason, identity numbers and the log."""

from flask import Response, current_app, flash, g, redirect, request, url_for
from flask_babel import gettext

from contest.accounts.guards import needs
from contest.accounts.qr import qr_picture
from contest.accounts.reentry import proven_actor
from contest.audit import contest_queries
from contest.documents import MIMETYPES
from contest.errors import Invalid
from contest.members import data_map, entry_actions, erasing, personal_actions, telling
from contest.members import personal_queries as queries
from contest.members import personal_rules as rules
from contest.members.blueprint import DESK, KEEPERS, actor, bp
from contest.numbers import whole
from contest.pages import outside_address, show
from contest.people.person_queries import get_person
from contest.registry import record_history_queries, whole_emptying
from contest.selection import emptying, nomination_rules


@bp.get("/people")
@needs(*DESK)
def list_people():
    """People by name."""
    return _show_people()


def _show_people(refused=None, is_searched=False, hit=None, form=""):
    text = request.values.get("text", "")
    waiting = queries.waiting_requests() if _is_keeper() else []
    return show(
        "members/list_people.html", status=refused.status if refused else 200, text=text,
        rows=queries.find_people(text), refused=refused, refused_form=form,
        nominations=emptying.untied_named(text) if _is_keeper() else [],
        elsewhere=whole_emptying.find_named(text) if _is_keeper() else [],
        states=nomination_rules.STATES, field_errors=refused.fields if refused else {},
        values=request.form, is_searched=is_searched, hit=hit, is_keeper=_is_keeper(),
        waiting=waiting, names=queries.people_of(waiting),
    )


def _is_keeper():
    return g.person.has_any(KEEPERS)


@bp.post("/people/number")
@needs(*KEEPERS)
def search_number():
    """Find whose identity number it is; the search is written down."""
    try:
        hit = personal_actions.search_number(
            actor(), request.form.get("id_number", ""), request.form.get("reason", "")
        )
    except Invalid as refused:
        return _show_people(refused)
    return _show_people(is_searched=True, hit=hit)


@bp.post("/people/nominations/<int:nomination_id>/erase")
@needs(*KEEPERS)
def erase_nomination(nomination_id):
    """Erase what a nomination tied to no person says of one, on request."""
    emptying.get_untied(nomination_id)
    form = request.form
    try:
        proven = proven_actor(g.person, form.get("word", ""))
        erasing.erase_nomination(proven, nomination_id, form.get("reason", ""))
    except Invalid as refused:
        return _show_people(refused, form=f"nomination-{nomination_id}")
    flash(gettext("The nomination was erased."), "good")
    return redirect(url_for("members.list_people", text=form.get("text", "")), 303)


@bp.post("/people/whole/<int:whole_id>/<int:entrant_id>/erase")
@needs(*KEEPERS)
def erase_whole_name(whole_id, entrant_id):
    """Erase a name from the lists of a contest from elsewhere, on request."""
    whole_emptying.get_named(whole_id, entrant_id)
    form = request.form
    try:
        proven = proven_actor(g.person, form.get("word", ""))
        erasing.erase_whole_name(proven, whole_id, entrant_id, form.get("reason", ""))
    except Invalid as refused:
        return _show_people(refused, form=f"whole-{whole_id}-{entrant_id}")
    flash(gettext("The name was erased from the lists. The archive still holds it."), "good")
    return redirect(url_for("members.list_people", text=form.get("text", "")), 303)


@bp.get("/people/log")
@needs(*KEEPERS)
def show_log():
    """Who looked at whose personal data, when and why."""
    page = max(1, request.args.get("page", 1, type=whole))
    rows, pages = queries.list_accesses(page)
    return show(
        "members/show_log.html", rows=rows, page=page, pages=pages, names=queries.people_of(rows),
        kinds=rules.KINDS, fields=rules.FIELDS, alarming=queries.alarming(),
    )


@bp.get("/people/<int:human_id>")
@needs(*DESK)
def show_person(human_id):
    """One person: account, invitation, and what may be done about the data; a merged row leads there."""
    found = get_person(human_id)
    if found.id != human_id:
        return redirect(url_for("members.show_person", human_id=found.id), 303)
    return show_person_page(human_id)


def show_person_page(human_id, refused=None, form="", **facts):
    """The page of a person, after a refusal with the form that was refused; facts: shown this once."""
    is_keeper = _is_keeper()
    return show(
        "members/show_person.html", status=refused.status if refused else 200,
        found=queries.person_page(human_id), is_keeper=is_keeper, kinds=rules.KINDS, fields=rules.FIELDS,
        accesses=queries.accesses_of(human_id) if is_keeper else [],
        refused=refused, refused_form=form, field_errors=refused.fields if refused else {},
        values=request.form if refused else {}, asked=queries.asked_at(human_id), whys=data_map.WHYS,
        tables=data_map.TABLES, elsewhere=_elsewhere(human_id) if is_keeper else [],
        records=record_history_queries.held_by(human_id),
        can_send=bool(current_app.config["CODE_SENDER"]), **facts,
    )


def _elsewhere(human_id):
    """Where the name, perhaps a namesake's, stands in contests that were taken over."""
    return whole_emptying.find_named(queries.get_human(human_id).name, is_whole_name=True)


@bp.post("/people/<int:human_id>/invitation")
@needs(*DESK)
def invite(human_id):
    """Make an invitation; its link is shown once, to be printed or sent."""
    def link_of(token):
        return outside_address("members.open_invitation", token=token)

    link = link_of(entry_actions.invite(actor(), human_id, link_of if request.form.get("send") else None))
    return show_person_page(human_id, link=link, link_picture=qr_picture(link))


@bp.post("/people/<int:human_id>/invitation/end")
@needs(*DESK)
def uninvite(human_id):
    """Withdraw the invitation."""
    entry_actions.uninvite(actor(), human_id)
    flash(gettext("The invitation was withdrawn."), "good")
    return redirect(url_for("members.show_person", human_id=human_id), 303)


@bp.post("/people/<int:human_id>/code")
@needs(*DESK)
def hand_out_code(human_id):
    """Make a one-time code, shown once, for somebody who stands here and has shown who he is."""
    login, code = entry_actions.hand_out_code(actor(), human_id)
    return show_person_page(human_id, login=login, code=code)


@bp.post("/people/<int:human_id>/address")
@needs(*KEEPERS)
def set_address(human_id):
    """Keep the address to which codes are sent."""
    form = request.form
    return _act(human_id, "address", gettext("Saved."), lambda: personal_actions.set_address(
        actor(), human_id, form.get("address", ""), form.get("reason", "")
    ))


@bp.post("/people/<int:human_id>/number")
@needs(*KEEPERS)
def enter_number(human_id):
    """Keep the identity number."""
    form = request.form
    return _act(human_id, "number", gettext("The identity number is kept, sealed."),
                lambda: personal_actions.enter_number(
                    actor(), human_id, form.get("id_number", ""), form.get("reason", "")))


def _act(human_id, form, said, act):
    try:
        act()
    except Invalid as refused:
        return show_person_page(human_id, refused, form)
    flash(said, "good")
    return redirect(url_for("members.show_person", human_id=human_id), 303)


@bp.post("/people/<int:human_id>/number/show")
@needs(*KEEPERS)
def reveal_number(human_id):
    """Show the identity number whole, once, for a reason."""
    try:
        number = personal_actions.reveal_number(actor(), human_id, request.form.get("reason", ""))
    except Invalid as refused:
        return show_person_page(human_id, refused, "reveal")
    return show_person_page(human_id, number=number)


@bp.post("/people/<int:human_id>/copy")
@needs(*KEEPERS)
def take_copy(human_id):
    """Everything that is kept of a person, for the person."""
    form = request.form
    try:
        proven = proven_actor(g.person, form.get("word", ""))
        data = telling.take_copy(proven, human_id, form.get("reason", ""))
    except Invalid as refused:
        return show_person_page(human_id, refused, "copy")
    return _file(data, "application/zip", f"person-{human_id}.zip")


@bp.post("/people/<int:human_id>/erase")
@needs(*KEEPERS)
def erase(human_id):
    """Erase a person's data; what stays is told."""
    form = request.form
    try:
        proven = proven_actor(g.person, form.get("word", ""))
        erasing.erase(proven, human_id, form.get("confirmed_name", ""), form.get("reason", ""))
    except Invalid as refused:
        return show_person_page(human_id, refused, "erase")
    flash(gettext("Erased. What stays, and why, stands below."), "good")
    return redirect(url_for("members.show_person", human_id=human_id), 303)


@bp.get("/contests/<int:contest_id>/numbers")
@needs("organiser")
def show_numbers(contest_id):
    """Of how many entrants an identity number is kept, and the files that were asked for."""
    return _show_numbers(contest_id)


def _show_numbers(contest_id, refused=None):
    rows = queries.requests_of(contest_id)
    return show(
        "members/show_numbers.html", status=refused.status if refused else 200, refused=refused,
        field_errors=refused.fields if refused else {}, values=request.form, rows=rows,
        contest=contest_queries.get_heading(contest_id), count=queries.count_numbers(contest_id),
        names=queries.names_of([row.by_id for row in rows]), most=rules.ALONE_AT_MOST,
    )


@bp.post("/contests/<int:contest_id>/numbers")
@needs("organiser")
def ask_for_numbers(contest_id):
    """Ask for a file of the identity numbers."""
    return _about_numbers(contest_id, lambda proven: personal_actions.ask_for_numbers(
        proven, contest_id, request.form.get("reason", "")
    ))


@bp.post("/contests/<int:contest_id>/numbers/<int:request_id>/allow")
@needs("organiser")
def allow_numbers(contest_id, request_id):
    """As a second person, let the file be taken."""
    queries.get_request(contest_id, request_id)
    return _about_numbers(
        contest_id, lambda proven: personal_actions.allow_numbers(proven, contest_id, request_id)
    )


def _about_numbers(contest_id, act):
    try:
        act(proven_actor(g.person, request.form.get("word", "")))
    except Invalid as refused:
        return _show_numbers(contest_id, refused)
    return redirect(url_for("members.show_numbers", contest_id=contest_id), 303)


@bp.post("/contests/<int:contest_id>/numbers/<int:request_id>/take")
@needs("organiser")
def take_numbers(contest_id, request_id):
    """The file, once."""
    data = personal_actions.take_numbers(actor(), contest_id, request_id)
    return _file(data, MIMETYPES["xlsx"], "identity-numbers.xlsx")


def _file(data, kind, name):
    return Response(data, mimetype=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
