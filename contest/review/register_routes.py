"""The officials' register of appeals: announcing results, reading, deciding."""

from flask import Response, flash, g, redirect, request, url_for
from flask_babel import gettext

from contest import clock
from contest.accounts.guards import needs
from contest.accounts.reentry import proven_actor
from contest.documents import attached
from contest.documents.attached import UPLOAD_POLICY
from contest.errors import Conflict, Invalid, NotAllowed
from contest.judging import blind_queries
from contest.pages import form_refusal, show
from contest.review import (
    appeal_actions,
    appeal_queries,
    appeal_rules,
    late_paper_actions,
    late_paper_queries,
    outcome_queries,
    queries,
)
from contest.review.blueprint import (
    ANNOUNCERS,
    DECIDERS,
    READERS,
    actor,
    bp,
    handed_in,
    sent_files,
)
from contest.review.correction_rules import MOMENTS
from contest.review.late_paper_rules import WITNESSES
from contest.setup.queries import get_contest, procedure_of


@bp.get("/contests/<int:contest_id>/appeals")
@needs(*READERS)
def show_register(contest_id):
    """Every appeal, those that wait first; what was announced when; tries that came too late."""
    return _show_register(contest_id)


def _show_register(contest_id, refused=None):
    contest = get_contest(contest_id)
    stage = queries.stage_of(contest_id)
    facts = form_refusal(refused, request.form) if refused else {"values": {}, "field_errors": {}}
    moments = queries.moments(contest_id, stage)
    return show(
        "review/show_register.html", status=refused.status if refused else 200,
        contest=contest, lines=appeal_queries.lines(contest_id, _is_hidden(contest_id)),
        modules=appeal_queries.modules_of(contest_id, stage), moments=moments,
        names=queries.names_of(one.by_id for one in moments),
        ceremony=queries.find_ceremony(contest_id, stage), now=clock.now(),
        offered=queries.offered_moments(contest_id, stage), moment_words=MOMENTS,
        refused_tries=appeal_queries.refused_tries(contest_id), grounds=appeal_rules.GROUNDS,
        outcomes=appeal_rules.OUTCOMES, doors=appeal_rules.DOORS,
        procedure=procedure_of(contest), is_hidden=_is_hidden(contest_id),
        may_announce=g.person.has_any(ANNOUNCERS, contest_id)
        and contest.state in appeal_rules.ANNOUNCED_IN,
        may_file=g.person.has_any(("clerk", "organiser"), contest_id), **facts,
    )


def _is_hidden(contest_id):
    # Only from the chief judge, who sees codes beside marks; somebody has to take an appeal up.
    is_chief = g.person.has_role("chief_judge", contest_id)
    return is_chief and blind_queries.hides_names(contest_id)


@bp.post("/contests/<int:contest_id>/appeals/announcement")
@needs(*ANNOUNCERS)
def announce_results(contest_id):
    """State that results are announced now: the time for appeals begins."""
    try:
        appeal_actions.announce_results(
            actor(), contest_id, request.form.get("module_key", ""), request.form.get("note", "")
        )
    except Invalid as refused:
        return _show_register(contest_id, refused)
    flash(gettext("Announced. The time for appeals has begun."), "good")
    return redirect(url_for("review.show_register", contest_id=contest_id), 303)


@bp.post("/contests/<int:contest_id>/appeals/ceremony")
@needs("organiser")
def state_ceremony(contest_id):
    """State when the ceremony was."""
    try:
        appeal_actions.state_ceremony(actor(), contest_id, request.form.get("moment", "now"))
    except Invalid as refused:
        return _show_register(contest_id, refused)
    flash(gettext("The moment of the ceremony is stated."), "good")
    return redirect(url_for("review.show_register", contest_id=contest_id), 303)


@bp.get("/contests/<int:contest_id>/appeals/<int:appeal_id>")
@needs(*READERS)
def show_appeal(contest_id, appeal_id):
    """One appeal: what it says, what was corrected for it, and the decision."""
    return _show_appeal(contest_id, appeal_id)


def _show_appeal(contest_id, appeal_id, refused=None, about="decide"):
    appeal = appeal_queries.get_appeal(contest_id, appeal_id)
    is_hidden, may_decide = _is_hidden(contest_id), _holds_instance(appeal)
    line = appeal_queries.line_of(appeal, is_hidden=is_hidden)
    facts = form_refusal(refused, request.form) if isinstance(refused, Invalid) else {
        "refused": refused, "values": request.form if refused else {}, "field_errors": {},
    }
    return show(
        "review/show_appeal.html", status=refused.status if refused else 200,
        contest=get_contest(contest_id), line=line,
        second=appeal_queries.find_second(appeal), is_hidden=is_hidden,
        effect=None if is_hidden else appeal_queries.effect_of(appeal),
        grounds=appeal_rules.GROUNDS, outcomes=appeal_rules.OUTCOMES, doors=appeal_rules.DOORS,
        may_decide=not is_hidden and appeal.decided_at is None and may_decide
        and g.person.user_id not in (appeal_queries.first_decider(appeal), appeal.by_id),
        outcome=outcome_queries.outcome_of_appeal(appeal), may_say=may_decide,
        may_file=g.person.has_any(("clerk", "organiser"), contest_id), now=clock.now(),
        late=late_paper_queries.late_of(appeal),
        may_vouch=not is_hidden and g.person.has_any(WITNESSES, contest_id)
        and g.person.user_id != appeal.by_id,
        about=about, **facts,
    )


def _holds_instance(appeal):
    return g.person.has_any(appeal_rules.DECIDERS[appeal.instance], appeal.contest_id)


@bp.post("/contests/<int:contest_id>/appeals/<int:appeal_id>")
@needs(*DECIDERS)
def decide_appeal(contest_id, appeal_id):
    """Decide on an appeal, with the reason."""
    appeal_queries.get_appeal(contest_id, appeal_id)
    _check_may_know(contest_id)
    try:
        appeal_actions.decide_appeal(
            actor(), contest_id, appeal_id, request.form.get("outcome", ""),
            request.form.get("decision", ""), request.form.get("unchanged", ""),
        )
    except Invalid as refused:
        return _show_appeal(contest_id, appeal_id, refused)
    flash(gettext("The decision is kept; whoever holds the receipt code sees it."), "good")
    return redirect(url_for("review.show_appeal", contest_id=contest_id, appeal_id=appeal_id), 303)


@bp.post("/contests/<int:contest_id>/appeals/<int:appeal_id>/unchanged")
@needs(*DECIDERS)
def state_unchanged(contest_id, appeal_id):
    """Write down why an appeal that was upheld changes no figure."""
    try:
        appeal_actions.state_unchanged(
            actor(), contest_id, appeal_id, request.form.get("unchanged", "")
        )
    except (Invalid, Conflict) as refused:
        return _show_appeal(contest_id, appeal_id, refused, "unchanged")
    flash(gettext("It is kept with the decision; whoever holds the receipt code sees it."), "good")
    return redirect(url_for("review.show_appeal", contest_id=contest_id, appeal_id=appeal_id), 303)


@bp.post("/contests/<int:contest_id>/appeals/<int:appeal_id>/paper")
@needs(*WITNESSES)
def vouch_for_paper(contest_id, appeal_id):
    """Say, as a second person, that a paper which was typed in late was there in time."""
    try:
        who = proven_actor(g.person, request.form.get("word", ""))
        late_paper_actions.vouch(who, contest_id, appeal_id)
    except (Invalid, Conflict) as refused:
        return _show_appeal(contest_id, appeal_id, refused, "vouch")
    flash(gettext("You vouched for the paper. The appeal can be decided now."), "good")
    return redirect(url_for("review.show_appeal", contest_id=contest_id, appeal_id=appeal_id), 303)


@bp.post("/contests/<int:contest_id>/appeals/<int:appeal_id>/second")
@needs("clerk", "organiser")
def file_second_from_paper(contest_id, appeal_id):
    """Take an appeal to the second instance that came on paper."""
    appeal_queries.get_appeal(contest_id, appeal_id)
    try:
        second = appeal_actions.go_to_second_instance(
            actor(), appeal_id, request.form.get("text", ""), sent_files(), "clerk", handed_in(),
            request.form,
        )
    except (Invalid, Conflict) as refused:
        return _show_appeal(contest_id, appeal_id, refused, "second")
    flash(gettext("Filed as appeal %(number)s. Give the receipt code to whoever brought the paper.",
                  number=second.number), "good")
    return redirect(url_for("review.show_receipt", receipt=second.receipt), 303)


@bp.get("/contests/<int:contest_id>/appeals/<int:appeal_id>/files/<int:number>")
@needs(*READERS)
def download_file(contest_id, appeal_id, number):
    """A file that came with an appeal: to be saved, never shown or run here."""
    appeal = appeal_queries.get_appeal(contest_id, appeal_id)
    _check_may_know(contest_id)
    file, content = appeal_queries.get_file(appeal, number)
    name = appeal_rules.served_name(appeal.number, file.number, file.ending)
    return Response(
        content, mimetype=attached.KINDS[file.ending][0],
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Security-Policy": UPLOAD_POLICY,
        },
    )


def _check_may_know(contest_id):
    if _is_hidden(contest_id):
        raise NotAllowed(
            "An appeal names its contestant. Until the blind modules are in, the arbitration group "
            "reads and decides it."
        )
