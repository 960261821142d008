"""Judges' cards for many at once, as sheets to print and cut."""

from base64 import b64encode

from flask import g, request, url_for
from flask_babel import gettext

from contest.accounts import account_actions, forms, queries, rules
from contest.accounts.guards import needs
from contest.accounts.routes import bp
from contest.audit import contest_queries
from contest.documents import Card, cards_pdf
from contest.errors import Invalid
from contest.pages import form_refusal, language, named, show


@bp.get("/contests/<int:contest_id>/accounts/cards")
@needs("organiser")
def print_cards(contest_id):
    """Choose who gets a new card."""
    return _show_print_cards(contest_queries.get_heading(contest_id))


@bp.post("/contests/<int:contest_id>/accounts/cards")
@needs("organiser")
def issue_cards(contest_id):
    """Issue new cards and PINs; the page says so and carries both files, which are kept nowhere."""
    contest = contest_queries.get_heading(contest_id)
    try:
        user_ids = forms.read_chosen(request.form)
        rules.check_replaces_cards(queries.count_cards(user_ids), "replaces" in request.form)
    except Invalid as error:
        return _show_print_cards(contest, status=422, **form_refusal(error, request.form))
    issued = account_actions.issue_cards(g.person, user_ids, contest_id)
    # Cards and PINs never lie on one sheet of paper: who finds a lost card has no PIN.
    files = [
        cards_pdf(cards, named(contest), language())
        for cards in (_cards(issued, contest), _slips(issued))
    ]
    return show(
        "accounts/cards_issued.html", contest=contest, names=[user.name for user, _, _ in issued],
        files=[b64encode(file).decode() for file in files],
        address=url_for("accounts.front", _external=True).rstrip("/"),
    )


def _cards(issued, contest):
    for user, token, _pin in issued:
        held = queries.roles_of(user, contest.id)
        roles = " · ".join(gettext(rules.ROLES[role]) for role in held)
        address = url_for("accounts.enter_by_card", token=token, _external=True)
        yield Card(
            user.name, roles, address, short_url=address,
            facts=((gettext("Login"), user.login),),
            note=gettext("Scan the code with the tablet's camera, then type your PIN."),
        )


def _slips(issued):
    for user, _token, pin in issued:
        yield Card(
            user.name, gettext("PIN"), code=pin, facts=((gettext("Login"), user.login),),
            note=gettext(
                "Hand this slip over apart from the card. Learn the PIN, then tear it up."
            ),
        )


def _show_print_cards(contest, status=200, **facts):
    lines = [line for line in queries.list_accounts(contest.id) if line.is_active]
    facts.setdefault("field_errors", {})
    # None before anything was chosen: the page then ticks the judges without a card.
    facts["chosen"] = request.form.getlist("users") if request.method == "POST" else None
    return show(
        "accounts/print_cards.html", status=status, contest=contest, role_names=rules.ROLES,
        judges=[line for line in lines if "judge" in line.roles],
        others=[line for line in lines if "judge" not in line.roles], **facts,
    )
