"""Tablets: their doors, the page on which a judge sees what this tablet holds, the chief judge's view."""

import hashlib
from functools import cache
from pathlib import Path

from flask import current_app, flash, g, redirect, request, send_from_directory, url_for
from flask_babel import gettext

from contest.accounts.guards import needs, open_to_all, signed_in
from contest.audit.work import Actor
from contest.errors import Invalid, Refusal
from contest.judging import (
    flag_queries,
    neutral_queries,
    queries,
    refused_queries,
    report_actions,
    tablet_actions,
    tablet_forms,
    tablet_queries,
    tablet_rules,
)
from contest.judging.blueprint import bp
from contest.judging.chief_routes import WATCHERS
from contest.judging.refused_actions import keep_refused
from contest.judging.sender import check_tablet
from contest.pages import csrf, moment, say, show
from contest.setup.queries import get_contest

MOST_BYTES = 64 * 1024


def _actor():
    return Actor(g.person.user_id, g.person.name)


@bp.app_template_global()
def tablet_program():
    """The fingerprint of scripts and styles: by it a tablet sees that its copies are of another release."""
    return _fingerprint(current_app.static_folder)


bp.add_app_template_global(tablet_queries.installation, "tablet_installation")


@cache
def _fingerprint(folder):
    found = hashlib.sha256()
    for path in sorted((*Path(folder).glob("*.js"), *Path(folder).glob("css/*.css"))):
        found.update(path.read_bytes())
    return found.hexdigest()[:12]


@bp.get("/judging-worker.js")
@open_to_all
def show_worker():
    """The program that opens a judge's pages without a network; at the top, so that it covers them."""
    answer = send_from_directory(
        current_app.static_folder, "tablet_worker.js", mimetype="text/javascript", max_age=0
    )
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@csrf.exempt
@bp.post("/api/v1/tablets")
@needs("judge")
def post_pulse():
    """Take what a tablet says of itself; answer where the server and the judge's sheets stand."""
    check_tablet()
    request.max_content_length = MOST_BYTES
    pulse = tablet_forms.pulse_from_json(request.get_data())
    told = tablet_actions.note_pulse(_actor(), pulse)
    clock_sentence = tablet_rules.clock_sentence(told.offset_s)
    return {
        "epoch": told.epoch,
        "offset_s": told.offset_s,
        "clock": say(clock_sentence) if clock_sentence else "",
        "revs": told.revs,
        "over": list(told.over),
        "elsewhere": [
            gettext("This sheet is also open on tablet %(name)s, since %(time)s.", name=name,
                    time=moment(since)) for name, since in told.elsewhere
        ],
        "answers": [
            {"op_id": flag.op_id, "sheet": flag.sheet_id, "answer": flag.answer,
             "at": flag.answered_at.isoformat()} for flag in told.answers
        ],
    }


@csrf.exempt
@bp.post("/api/v1/sheets/<int:sheet_id>/flags")
@signed_in
def post_flag(sheet_id):
    """Take a judge's word that something is wrong with a sheet; the same one sent twice is kept once."""
    check_tablet()
    request.max_content_length = MOST_BYTES
    # Not a guard: whoever lost the role still has to hear that what was sent before is kept.
    is_judge = g.person.has_role("judge", queries.contest_of_sheet(sheet_id))
    flag = tablet_forms.flag_from_json(request.get_data())
    try:
        row, known = tablet_actions.raise_flag(_actor(), sheet_id, flag, is_judge=is_judge)
    except Refusal as refused:
        keep_refused(g.person.user_id, sheet_id, flag, refused)
        raise
    return {"at": row.at.isoformat(), "replayed": known, "answer": row.answer}


@bp.get("/judging/tablet")
@needs("judge")
def show_tablet():
    """What this tablet holds: the page is filled in on the tablet, also without a network."""
    return show("judging/tablet_page.html", is_copy=is_copy())


def is_copy():
    """True when the tablet asks for a page to keep: without names, without a token."""
    return request.args.get("copy") == "1"


@bp.get("/contests/<int:contest_id>/chief/tablets")
@needs(*WATCHERS)
def show_tablets(contest_id):
    """Every tablet of the contest's judges; asked again every twenty seconds as a piece."""
    return show_desk(contest_id)


def show_desk(contest_id, refused=None, carried=()):
    """The tablets' page, after a file was read or refused too."""
    return show(
        "judging/tablets.html", "judging/_tablets.html",
        status=refused.status if refused else 200, contest=get_contest(contest_id),
        tablets=tablet_queries.tablets_of(contest_id),
        kept=refused_queries.refused_of(contest_id, g.person.user_id),
        kept_count=refused_queries.count_refused(contest_id), refused=refused, carried=carried,
        may_act=g.person.has_any(("chief_judge",), contest_id),
    )


@bp.get("/contests/<int:contest_id>/chief/flags")
@needs(*WATCHERS)
def list_flags(contest_id):
    """What judges reported; asked again every twenty seconds as a piece."""
    return show(
        "judging/flags.html", "judging/_flags.html", contest=get_contest(contest_id),
        flags=flag_queries.flags_of(contest_id),
    )


@bp.get("/contests/<int:contest_id>/chief/flags/<int:flag_id>")
@needs(*WATCHERS)
def show_flag(contest_id, flag_id):
    """One report, and the sentence that answers it."""
    return _show_flag(contest_id, flag_id)


def _show_flag(contest_id, flag_id, refused=None, is_giving=False):
    flag = flag_queries.get_flag(contest_id, flag_id)
    reported = neutral_queries.find_reported(flag.row)
    return show(
        "judging/flag.html", status=refused.status if refused else 200, refused=refused,
        contest=get_contest(contest_id), flag=flag, reported=reported,
        is_giving=is_giving,
        successor=neutral_queries.find_successor(reported) if reported else None,
        values=request.form, may_act=g.person.has_any(("chief_judge",), contest_id),
    )


@bp.post("/contests/<int:contest_id>/chief/flags/<int:flag_id>")
@needs("chief_judge")
def answer_flag(contest_id, flag_id):
    """Close a report with a sentence that its judge sees."""
    try:
        tablet_actions.answer_flag(_actor(), contest_id, flag_id, request.form.get("reason"))
    except Invalid as refused:
        return _show_flag(contest_id, flag_id, refused)
    flash(gettext("Answered; the judge sees it on the tablet."), "good")
    return redirect(url_for(".list_flags", contest_id=contest_id), 303)


@bp.post("/contests/<int:contest_id>/chief/flags/<int:flag_id>/give")
@needs("chief_judge")
def give_sheet(contest_id, flag_id):
    """Give the one sheet of a report to another judge of the panel."""
    try:
        judge = report_actions.give_sheet(_actor(), contest_id, flag_id, request.form.get("reason"))
    except Invalid as refused:
        return _show_flag(contest_id, flag_id, refused, is_giving=True)
    flash(gettext("The sheet went to %(name)s; the report is closed.", name=judge.name), "good")
    return redirect(url_for(".show_flag", contest_id=contest_id, flag_id=flag_id), 303)
