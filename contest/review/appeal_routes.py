"""Filing an appeal: the contestant by the own card, the unit's contact, a clerk from paper."""

from flask import flash, g, redirect, request, url_for
from flask_babel import gettext

from contest import clock
from contest.accounts.guards import needs, open_to_all
from contest.audit.work import Actor
from contest.documents import attached
from contest.errors import Conflict, Invalid, Missing
from contest.i18n import N_
from contest.kept_words import CHOICES
from contest.pages import form_refusal, show
from contest.people import queries as people
from contest.people import unit_queries
from contest.review import (
    appeal_actions,
    appeal_queries,
    appeal_rules,
    notice_queries,
    notice_rules,
    outcome_queries,
    queries,
)
from contest.review.blueprint import actor, bp, handed_in, sent_files
from contest.setup.queries import get_contest, procedure_of

CHOICES |= {
    "ground": (N_("Ground"), appeal_rules.GROUNDS),
    "outcome": (N_("Decision"), appeal_rules.OUTCOMES | notice_rules.OUTCOMES),
}
# The trail names the door, never the contestant: judges may read the trail.
CARD = Actor(None, "admission card")
RECEIPT = Actor(None, "receipt code")


@bp.get("/contests/<int:contest_id>/my-result/<token>/appeals")
@open_to_all
def show_own_appeals(contest_id, token):
    """What the holder of an admission card has filed, and the form for another appeal."""
    return _show_form("entrant", contest_id, _entrant_of(contest_id, token), token=token)


@bp.post("/contests/<int:contest_id>/my-result/<token>/appeals")
@open_to_all
def file_own_appeal(contest_id, token):
    """File an appeal with the admission card."""
    entrant = _entrant_of(contest_id, token)
    try:
        appeal = appeal_actions.file_appeal(CARD, entrant, "entrant", request.form, sent_files())
    except (Invalid, Conflict) as refused:
        return _show_form("entrant", contest_id, entrant, refused, token=token)
    return redirect(url_for("review.show_receipt", receipt=appeal.receipt), 303)


def _entrant_of(contest_id, token):
    entrant = people.get_entrant_by_token(token)
    if entrant.contest_id != contest_id:
        raise Missing("This is not one of our admission cards.")
    return entrant


@bp.get("/contests/<int:contest_id>/my-unit/appeals")
@needs("contact")
def show_unit_appeals(contest_id):
    """What a unit's contact may file for the own people."""
    return _show_form("contact", contest_id, _chosen_own(contest_id))


@bp.post("/contests/<int:contest_id>/my-unit/appeals")
@needs("contact")
def file_unit_appeal(contest_id):
    """File an appeal for one of the own people."""
    entrant = _chosen_own(contest_id)
    try:
        if entrant is None:
            raise _nobody()
        appeal = appeal_actions.file_appeal(actor(), entrant, "contact", request.form, sent_files())
    except (Invalid, Conflict) as refused:
        return _show_form("contact", contest_id, entrant, refused)
    return redirect(url_for("review.show_receipt", receipt=appeal.receipt), 303)


def _chosen_own(contest_id):
    number = request.values.get("number", "").strip()
    own = _own_people(contest_id)
    return next((one for one in own if number and one.number == number), None)


def _own_people(contest_id):
    get_contest(contest_id)
    unit = unit_queries.get_unit(contest_id, g.person.user_id)
    return people.list_entrants(contest_id, unit.id)


@bp.get("/contests/<int:contest_id>/appeals/new")
@needs("clerk", "organiser")
def new_paper_appeal(contest_id):
    """The form in which a clerk types an appeal that came on paper."""
    get_contest(contest_id)
    return _show_form("clerk", contest_id, None)


@bp.post("/contests/<int:contest_id>/appeals/new")
@needs("clerk", "organiser")
def file_paper_appeal(contest_id):
    """File an appeal that came on paper."""
    get_contest(contest_id)
    entrant = None
    try:
        number = request.form.get("number", "").strip()
        entrant = people.find_entrant_by_number(contest_id, number)
        if entrant is None:
            raise _nobody()
        appeal = appeal_actions.file_appeal(
            actor(), entrant, "clerk", request.form, sent_files(), handed_in()
        )
    except (Invalid, Conflict) as refused:
        return _show_form("clerk", contest_id, entrant, refused)
    flash(gettext("Filed as appeal %(number)s. Give the receipt code to whoever brought the paper.",
                  number=appeal.number), "good")
    return redirect(url_for("review.show_receipt", receipt=appeal.receipt), 303)


def _nobody():
    sentence = Invalid("There is no contestant with this entry number here.")
    return Invalid(sentence.message, fields={"number": sentence})


def _show_form(door, contest_id, entrant, refused=None, token=""):
    contest = get_contest(contest_id)
    stage, now = queries.stage_of(contest_id), clock.now()
    moments = queries.moments(contest_id, stage)
    modules = appeal_queries.modules_of(contest_id, stage)
    ends = {
        key: appeal_rules.open_until(moments, key, now) for key in ("", *(m.key for m in modules))
    }
    fields = getattr(refused, "fields", {})
    facts = form_refusal(refused, request.form) if isinstance(refused, Invalid) else {
        "refused": refused, "values": request.form if refused else {"number": _number(entrant)},
        "field_errors": fields,
    }
    return show(
        "review/file_appeal.html", status=refused.status if refused else 200,
        contest=contest, door=door, token=token, entrant=entrant, now=now,
        modules=modules, ends=ends, open_ends=[end for end in ends.values() if end and end > now],
        grounds=appeal_rules.GROUNDS, outcomes=appeal_rules.OUTCOMES,
        own_people=_own_people(contest_id) if door == "contact" else (),
        filed=appeal_queries.appeals_of_entrant(entrant.id) if door == "entrant" else (),
        most_files=attached.MOST_FILES, most_mb=attached.MOST_BYTES // 1024 // 1024,
        most_text=appeal_rules.MOST_TEXT, **facts,
    )


def _number(entrant):
    return entrant.number if entrant else ""


@bp.get("/receipts")
@open_to_all
def find_receipt():
    """Where a receipt code is typed."""
    if receipt := _bare(request.args.get("receipt", "")):
        return redirect(url_for("review.show_receipt", receipt=receipt), 303)
    return show("review/find_receipt.html")


@bp.get("/receipts/<receipt>")
@open_to_all
def show_receipt(receipt):
    """How an appeal or an objection stands, for whoever holds its code."""
    return _show_receipt(_bare(receipt))


def _bare(receipt):
    """A receipt code without the dashes and blanks with which it is printed."""
    return receipt.replace("-", "").replace(" ", "")


def _show_receipt(receipt, refused=None):
    facts = {
        "status": refused.status if refused else 200, "refused": refused,
        "values": request.form if refused else {}, "field_errors": getattr(refused, "fields", {}),
    }
    if (objection := notice_queries.find_objection(receipt)) is not None:
        return show(
            "review/show_objection.html", objection=objection,
            public_contest=get_contest(objection.contest_id), outcomes=notice_rules.OUTCOMES,
            outcome=outcome_queries.outcome_of_objection(objection), **facts,
        )
    appeal = _get_by_receipt(receipt)
    contest = get_contest(appeal.contest_id)
    line = appeal_queries.line_of(appeal)
    return show(
        "review/show_receipt.html", appeal=appeal, line=line, public_contest=contest,
        second=appeal_queries.find_second(appeal), now=clock.now(),
        outcome=outcome_queries.outcome_of_appeal(appeal),
        instances=procedure_of(contest).instances, grounds=appeal_rules.GROUNDS,
        outcomes=appeal_rules.OUTCOMES, most_files=attached.MOST_FILES,
        most_mb=attached.MOST_BYTES // 1024 // 1024, most_text=appeal_rules.MOST_TEXT, **facts,
    )


def _get_by_receipt(receipt):
    appeal = appeal_queries.find_by_receipt(receipt)
    if appeal is None:
        raise Missing("There is nothing with this receipt code.")
    return appeal


@bp.post("/receipts/<receipt>/second")
@open_to_all
def go_to_second_instance(receipt):
    """Take a rejected appeal to the second instance, for whoever holds its code."""
    receipt = _bare(receipt)
    appeal = _get_by_receipt(receipt)
    who = actor() if g.person else RECEIPT
    try:
        second = appeal_actions.go_to_second_instance(
            who, appeal.id, request.form.get("text", ""), sent_files()
        )
    except (Invalid, Conflict) as refused:
        return _show_receipt(receipt, refused)
    return redirect(url_for("review.show_receipt", receipt=second.receipt), 303)
