"""Signed bulletins as files and on paper, and the page on which anybody checks one."""

from pathlib import Path

from flask import Response, current_app, flash, g, redirect, request, send_from_directory, url_for
from flask_babel import gettext

from contest.accounts.guards import needs, open_to_all
from contest.audit import signing
from contest.audit.work import Actor
from contest.documents import as_pdf
from contest.errors import Invalid, Refusal
from contest.i18n import N_
from contest.pages import language, say, show
from contest.results import bulletin_actions, bulletin_queries, bulletin_rules, queries
from contest.results.blueprint import bp
from contest.results.bulletin_paper import bulletin_paper

READERS = ("organiser", "chief_judge", "supervisor", "host")
MOST_BYTES = 8 * 1024 * 1024
OFFLINE = Path(__file__).resolve().parent.parent / "offline"
PUBLISHED = "/contests/<int:contest_id>/results/published/<stage>/<int:revision>"


def sign(contest_id, stage, revision):
    """Sign a bulletin with the installation's key, if it has one; the sentence why it could not be, or ""."""
    try:
        signer = signing.open_key(current_app.config["SIGNING_KEY"], current_app.config["KEY_PASSPHRASE"])
        if signer is None:
            return gettext("The bulletin is not signed: this installation has no signing key.")
        bulletin_actions.sign_bulletin(
            Actor(g.person.user_id, g.person.name), contest_id, stage, revision, signer
        )
    except Refusal as refused:
        return gettext("The bulletin is not signed.") + " " + say(refused)
    return ""


@bp.post(f"{PUBLISHED}/bulletin")
@needs("organiser")
def sign_bulletin(contest_id, stage, revision):
    """Sign the bulletin of a revision that was published before there was a key."""
    queries.get_sheet(contest_id, stage, revision)
    if sentence := sign(contest_id, stage, revision):
        flash(sentence, "bad")
    else:
        flash(gettext("The bulletin is signed."), "good")
    return redirect(
        url_for("results.show_published", contest_id=contest_id, stage=stage, revision=revision), 303
    )


@bp.get(f"{PUBLISHED}/bulletin.json")
@needs(*READERS)
def download_bulletin(contest_id, stage, revision):
    """The bulletin, byte for byte as it was signed."""
    _, bulletin = bulletin_queries.get_bulletin(contest_id, stage, revision)
    return _file(bulletin.data, "application/json", "bulletin.json")


@bp.get(f"{PUBLISHED}/bulletin.sig")
@needs(*READERS)
def download_signature(contest_id, stage, revision):
    """The signature's file."""
    _, bulletin = bulletin_queries.get_bulletin(contest_id, stage, revision)
    return _file(bulletin_queries.signature_file(bulletin), "application/json", "bulletin.sig")


@bp.get(f"{PUBLISHED}/bulletin.pdf")
@needs(*READERS)
def print_bulletin(contest_id, stage, revision):
    """The bulletin on paper, with the head of the chain and the key's fingerprint."""
    sheet, bulletin = bulletin_queries.get_bulletin(contest_id, stage, revision)
    paper = bulletin_paper(
        bulletin_rules.read_bulletin(bulletin.data), queries.plan_of_sheet(sheet),
        signing.fingerprint_of(bulletin.public), bulletin.signature, language(),
    )
    return _file(as_pdf(paper), "application/pdf", "bulletin.pdf")


def _file(data, mimetype, name):
    return Response(
        data, mimetype=mimetype, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@bp.get("/verify")
@open_to_all
def show_verifier():
    """Where anybody checks a bulletin; once open it works without a network."""
    return show("results/verify.html", keys=signing.list_keys(), judged=None)


@bp.post("/verify")
@open_to_all
def verify_bulletin():
    """Check a bulletin on the server, for browsers that cannot; and say if it is the latest one."""
    request.max_content_length = MOST_BYTES
    files = [request.files.get(name) for name in ("bulletin", "signature")]
    if not all(file and file.filename for file in files):
        refused = Invalid(N_("Choose both files: bulletin.json and bulletin.sig."))
        return show(
            "results/verify.html", keys=signing.list_keys(), judged=None, refused=refused,
            status=refused.status,
        )
    judged = bulletin_queries.judge(*(file.read() for file in files))
    return show("results/verify.html", keys=signing.list_keys(), judged=judged)


@bp.get("/verify/verify_bulletin.py")
@open_to_all
def download_verifier():
    """The same check as one short program that needs nothing but Python."""
    return send_from_directory(
        OFFLINE, "verify_bulletin.py", as_attachment=True, mimetype="text/x-python"
    )
