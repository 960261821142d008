"""Nominations: the list of a contest, one case with its pack, and the steps it takes."""

from flask import Response, current_app, flash, g, redirect, request, url_for
from flask_babel import force_locale, gettext

from contest.accounts.guards import needs
from contest.audit.work import Actor
from contest.awards import nomination_actions, nomination_papers
from contest.awards import nomination_queries as queries
from contest.awards import nomination_rules as rules
from contest.awards.blueprint import CONTEST, bp
from contest.awards.certificate_routes import certificate_base
from contest.errors import Invalid
from contest.pages import language, show
from contest.setup.queries import get_contest

READERS = ("organiser", "supervisor", "curator")
CASE = f"{CONTEST}/nominations/<int:submission_id>"
# Packs go to Chinese authorities.
PACK_LANGUAGE = "zh"


@bp.get(f"{CONTEST}/nominations")
@needs(*READERS)
def list_nominations(contest_id):
    """Whom the contest put forward for which title, and how each case stands."""
    return _list(contest_id)


def _list(contest_id, refused=None):
    return show(
        "awards/list_nominations.html", status=refused.status if refused else 200,
        contest=get_contest(contest_id), cases=queries.list_cases(contest_id), kinds=rules.KINDS,
        titles=rules.TITLES, states=rules.STATES,
        awards=[(one.id, _words(one)) for one in queries.list_nominable(contest_id)],
        may_write=g.person.has_any(("organiser",), contest_id), values=request.form, refused=refused,
    )


def _words(award):
    winner = award.entrant.human.name if award.entrant else award.team.name
    return f"{winner} · {award.name_en if language() == 'en' and award.name_en else award.name}"


@bp.post(f"{CONTEST}/nominations")
@needs("organiser")
def prepare_nomination(contest_id):
    """Open a case."""
    try:
        made = nomination_actions.prepare(_actor(), contest_id, request.form.get("award_id"), request.form)
    except Invalid as refused:
        return _list(contest_id, refused)
    flash(gettext("The nomination is prepared. Add the scans, look at the pack, then send it."), "good")
    return _back(contest_id, made.id)


@bp.get(CASE)
@needs(*READERS)
def show_nomination(contest_id, submission_id):
    """One case: its pack, its history, what it still lacks."""
    return _show(contest_id, submission_id)


def _show(contest_id, submission_id, refused=None, about=None):
    case = queries.get_case(contest_id, submission_id)
    return show(
        "awards/show_nomination.html", status=refused.status if refused else 200,
        contest=get_contest(contest_id), case=case, kinds=rules.KINDS, states=rules.STATES, slots=rules.SLOTS,
        steps=rules.STEPS[case.state], gaps=nomination_papers.gaps(case) if case.is_in_hand else [],
        slot_options=[(slot, gettext(words)) for slot, words in rules.SLOTS.items()],
        files=queries.files_of(case), names=queries.names_of(case),
        may_write=g.person.has_any(("organiser",), contest_id),
        may_grant=g.person.has_any(("curator",), contest_id), values=request.form, refused=refused,
        about=about,
    )


@bp.post(f"{CASE}/files")
@needs("organiser")
def add_nomination_file(contest_id, submission_id):
    """Put a scan into the pack."""
    file = request.files.get("files")
    try:
        nomination_actions.add_file(
            _actor(), contest_id, submission_id, request.form.get("slot", ""),
            file.filename if file else "", file.read() if file else b"",
        )
    except Invalid as refused:
        return _show(contest_id, submission_id, refused, "files")
    flash(gettext("The scan is in the pack."), "good")
    return _back(contest_id, submission_id)


@bp.get(f"{CASE}/pack.zip")
@needs(*READERS)
def download_pack(contest_id, submission_id):
    """The pack: as it went out, or as it would go out now."""
    case = queries.get_case(contest_id, submission_id)
    content = _pack(contest_id, case).content if case.is_in_hand or case.sent is None else (
        queries.sent_pack(case.sent)
    )
    name = f"{get_contest(contest_id).slug}-nomination-{submission_id}.zip"
    return Response(
        content, mimetype="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _pack(contest_id, case):
    contest, zone = get_contest(contest_id), current_app.config["TIME_ZONE"]
    with force_locale(PACK_LANGUAGE):
        return nomination_papers.build_pack(contest, case, certificate_base(), zone, PACK_LANGUAGE)


@bp.post(f"{CASE}/send")
@needs("organiser")
def send_nomination(contest_id, submission_id):
    """Write down that the pack went out, and keep it as it is."""
    case = queries.get_case(contest_id, submission_id)
    rules.check_step(case.state, "sent")
    try:
        nomination_actions.send(
            _actor(), contest_id, submission_id, request.form, _pack(contest_id, case)
        )
    except Invalid as refused:
        return _show(contest_id, submission_id, refused, "sent")
    flash(gettext("Written down: the pack went out. It is kept as it is."), "good")
    return _back(contest_id, submission_id)


@bp.post(f"{CASE}/answer")
@needs("organiser")
def answer_nomination(contest_id, submission_id):
    """Write down that it was returned, refused or withdrawn."""
    to = request.form.get("state", "")
    try:
        nomination_actions.answer(_actor(), contest_id, submission_id, to, request.form)
    except Invalid as refused:
        return _show(contest_id, submission_id, refused, to)
    flash(gettext("Written down."), "good")
    return _back(contest_id, submission_id)


@bp.post(f"{CASE}/grant")
@needs("curator")
def grant_nomination(contest_id, submission_id):
    """Write down that the authority granted the title: it goes onto the register."""
    try:
        nomination_actions.grant(_actor(), contest_id, submission_id, request.form)
    except Invalid as refused:
        return _show(contest_id, submission_id, refused, "granted")
    flash(gettext("Written down: the title is granted."), "good")
    return _back(contest_id, submission_id)


def _back(contest_id, submission_id):
    return redirect(
        url_for("awards.show_nomination", contest_id=contest_id, submission_id=submission_id), 303
    )


def _actor():
    return Actor(g.person.user_id, g.person.name)
