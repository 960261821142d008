"""Signed lists of certificates for everybody, and the holder's file that proves one to stand in them."""

from pathlib import Path

from flask import Response, flash, g, redirect, request, send_from_directory, url_for
from flask_babel import gettext

from contest.accounts.guards import needs, open_to_all
from contest.audit.work import Actor
from contest.awards import certificate_queries, list_signing
from contest.awards import certificate_rules as rules
from contest.awards import signed_list_queries as queries
from contest.awards.blueprint import CONTEST, bp
from contest.errors import Missing
from contest.pages import show
from contest.setup.queries import get_contest

READERS = ("organiser", "supervisor", "curator")
OFFLINE = Path(__file__).resolve().parent.parent / "offline"


@bp.post(f"{CONTEST}/certificates/list")
@needs("organiser")
def sign_certificate_list(contest_id):
    """Sign the list of certificates as they are now."""
    get_contest(contest_id)
    if sentence := list_signing.sign_due(Actor(g.person.user_id, g.person.name), contest_id):
        flash(sentence, "bad")
    else:
        flash(gettext("The list of certificates is signed."), "good")
    return redirect(url_for("awards.show_certificates", contest_id=contest_id), 303)


@bp.get(f"{CONTEST}/certificates/<int:certificate_id>.proof")
@needs(*READERS)
def download_certificate_proof(contest_id, certificate_id):
    """The holder's file of one certificate."""
    return proof_file(certificate_queries.get_certificate(contest_id, certificate_id))


@bp.post("/c/proof")
@open_to_all
def download_proof_of_code():
    """The same for whoever holds the code: nothing is told to somebody who has only a number."""
    code = request.form.get("code", "").strip()[:rules.LONGEST_CODE + 200]
    found = certificate_queries.judge_code(code).certificate
    if found is None:
        raise Missing("There is no such certificate in the list.")
    return proof_file(found)


@bp.get("/c/lists/<int:contest_id>")
@open_to_all
def show_certificate_lists(contest_id):
    """Every signed list of a contest's certificates, the newest first."""
    found = queries.public_lists(contest_id)
    if not found:
        raise Missing("There is no such signed list of certificates.")
    return show("awards/show_certificate_lists.html", lists=[queries.summary(one) for one in found])


@bp.get("/c/lists/<int:contest_id>/<int:number>.json")
@open_to_all
def download_certificate_list(contest_id, number):
    """One signed list, byte for byte as it was signed."""
    return _file(queries.get_public(contest_id, number).data, f"certificates-{number}.json")


@bp.get("/c/lists/<int:contest_id>/<int:number>.sig")
@open_to_all
def download_list_signature(contest_id, number):
    """Its signature's file."""
    found = queries.get_public(contest_id, number)
    return _file(queries.signature_file(found), f"certificates-{number}.sig")


@bp.get("/verify/verify_certificate.py")
@open_to_all
def download_certificate_verifier():
    """The check without a network, as a program that needs nothing but Python and verify_bulletin.py."""
    return send_from_directory(
        OFFLINE, "verify_certificate.py", as_attachment=True, mimetype="text/x-python"
    )


def proof_file(certificate):
    """The answer that carries a certificate's proof."""
    answer = _file(queries.proof_of(certificate), f"{certificate.number}-proof.json")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _file(data, name):
    return Response(
        data, mimetype="application/json", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
