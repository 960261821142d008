"""Certificates: the office's page, the files, and the public page that checks one."""

import tempfile

from flask import (
    Response,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    request,
    send_file,
    send_from_directory,
    url_for,
)
from flask_babel import gettext

from contest import clock, guess_limit
from contest.accounts.guards import needs, open_to_all
from contest.audit import signing
from contest.audit.work import Actor
from contest.awards import badges, certificate_actions, certificate_papers, list_signing, signed_list_queries
from contest.awards import certificate_queries as queries
from contest.awards import certificate_rules as rules
from contest.awards.blueprint import CONTEST, bp
from contest.awards.pattern_rules import readable
from contest.errors import Conflict, Invalid, Missing
from contest.pages import language, moment, outside_address, show, show_refusal_of
from contest.setup.queries import get_contest

READERS = ("organiser", "supervisor", "curator")
LOOKUPS = guess_limit.GuessLimit(rules.MOST_LOOKUPS, rules.WINDOW)


@bp.app_template_filter("code_point")
def code_point(sign):
    """The number of a character in Unicode."""
    return ord(sign)


@bp.get(f"{CONTEST}/certificates")
@needs(*READERS)
def show_certificates(contest_id):
    """Every award with its certificate, what is held back and why, and how they look."""
    return _show(contest_id)


def _show(contest_id, refused=None, about=None):
    contest = get_contest(contest_id)
    style = queries.find_style(contest_id)
    newest = signed_list_queries.newest_list(contest_id)
    shown, lines = style or queries.suggested_style(contest), queries.list_lines(contest_id)
    return show(
        "awards/show_certificates.html", status=refused.status if refused else 200, contest=contest,
        style=shown, is_styled=style is not None, pattern=readable(shown.pattern, language()),
        lines=lines, next_number=queries.next_number(shown, lines, _today()), designs=rules.DESIGNS,
        progress=certificate_papers.progress(_folder(), contest_id, language()) if style else None,
        may_issue=g.person.has_any(("organiser",), contest_id), refused=refused, about=about,
        values=request.form, has_key=bool(signing.list_keys()),
        is_list_due=signed_list_queries.is_due(contest_id),
        newest=newest and signed_list_queries.summary(newest),
    )


@bp.post(f"{CONTEST}/certificates/style")
@needs("organiser")
def set_certificate_style(contest_id):
    """Say how the certificates look."""
    try:
        certificate_actions.set_style(
            _actor(), contest_id, request.form, _upload("seal"), _upload("signature")
        )
    except Invalid as refused:
        return _show(contest_id, refused, "style")
    flash(gettext("The look of the certificates was saved."), "good")
    return _back(contest_id)


@bp.get(f"{CONTEST}/certificates/sample.png")
@needs(*READERS)
def show_sample(contest_id):
    """A certificate of this look with made-up words."""
    style = queries.find_style(contest_id)
    if style is None:
        raise Missing("The look of the certificates has not been set.")
    picture = certificate_papers.sample_png(style, certificate_base(), language())
    return Response(picture, mimetype="image/png")


@bp.post(f"{CONTEST}/certificates")
@needs("organiser")
def issue_certificates(contest_id):
    """Issue every certificate that is due."""
    made, held = certificate_actions.issue_certificates(_actor(), contest_id, _signer(), _today())
    flash(gettext("Certificates issued: %(count)s.", count=len(made)), "good")
    if held:
        flash(gettext(
            "Held back because of characters that our letters lack: %(count)s.", count=len(held)
        ), "warn")
    return _back(contest_id)


@bp.post(f"{CONTEST}/certificates/names/<int:award_id>")
@needs("organiser")
def set_printed_name(contest_id, award_id):
    """Say how a name is printed that our letters lack."""
    try:
        certificate_actions.set_printed_name(
            _actor(), contest_id, award_id, request.form.get("text", ""), _upload("picture")
        )
    except Invalid as refused:
        return _show(contest_id, refused, award_id)
    flash(gettext("Saved: the certificate is printed so."), "good")
    return _back(contest_id)


@bp.post(f"{CONTEST}/certificates/<int:certificate_id>/reissue")
@needs("organiser")
def reissue_certificate(contest_id, certificate_id):
    """Issue one anew with the name as it is now."""
    made = certificate_actions.reissue_certificate(
        _actor(), contest_id, certificate_id, _signer(), _today()
    )
    flash(gettext("Issued anew as %(number)s; the old one says so.", number=made.number), "good")
    return _back(contest_id)


@bp.post(f"{CONTEST}/certificates/<int:certificate_id>/revoke")
@needs("organiser")
def revoke_certificate(contest_id, certificate_id):
    """Take one back with a reason."""
    certificate_actions.revoke_certificate(
        _actor(), contest_id, certificate_id, request.form.get("reason", "")
    )
    flash(gettext("The certificate was revoked; its page says so from now on."), "good")
    if sentence := list_signing.sign_due(_actor(), contest_id):
        flash(sentence, "warn")
    return _back(contest_id)


@bp.get(f"{CONTEST}/certificates/<int:certificate_id>.pdf")
@needs(*READERS)
def download_certificate(contest_id, certificate_id):
    """One certificate on paper."""
    found = queries.get_certificate(contest_id, certificate_id)
    style = queries.find_style(contest_id)
    data = certificate_papers.certificate_pdf(found, style, certificate_base(), language())
    return _file(data, "application/pdf", f"{found.number}.pdf")


@bp.get(f"{CONTEST}/certificates/<int:certificate_id>.badge")
@needs(*READERS)
def download_badge(contest_id, certificate_id):
    """One certificate as an Open Badge 3.0, signed."""
    found = queries.get_certificate(contest_id, certificate_id)
    if found.state != "issued":
        raise Conflict("This certificate does not stand any more.")
    number, _ = badges.list_of(found.id)
    token = badges.open_badge(found, _signer(), certificate_base(), _status_address(number))
    return _file(token.encode(), "application/jwt", f"{found.number}.jwt")


@bp.post(f"{CONTEST}/certificates/drawn")
@needs("organiser")
def draw_certificates(contest_id):
    """Draw some more certificates and tell how many are ready; the page asks until all are."""
    contest = get_contest(contest_id)
    if queries.find_style(contest_id) is None:
        raise Conflict("First say how the certificates look and how they are numbered.")
    made = certificate_papers.draw_some(_folder(), contest_id, certificate_base(), language())
    if request.headers.get("HX-Request") == "true":
        return show(
            "awards/_certificate_progress.html", progress=made, contest=contest,
            is_running=True,
        )
    return _back(contest_id)


@bp.get(f"{CONTEST}/certificates/all.zip")
@needs("organiser")
def download_certificates(contest_id):
    """All certificates that stand, each a PDF of its own."""
    slug = get_contest(contest_id).slug
    if queries.find_style(contest_id) is None:
        raise Missing("The look of the certificates has not been set.")
    found = certificate_papers.progress(_folder(), contest_id, language())
    if not found.is_done:
        raise Conflict(
            "Drawn so far: %(drawn)s of %(of)s. Draw the rest first.", drawn=found.drawn, of=found.of
        )
    file = tempfile.TemporaryFile()  # noqa: SIM115  (the answer closes it when it is sent)
    certificate_papers.write_zip(file, _folder(), contest_id, language())
    file.seek(0)
    return send_file(
        file, mimetype="application/zip", as_attachment=True, download_name=f"{slug}-certificates.zip"
    )


@bp.get("/c")
@open_to_all
def show_certificate_check():
    """Where anybody checks a certificate; what stands behind # never reaches the server by itself."""
    return _show_check()


@bp.post("/c")
@open_to_all
def check_certificate():
    """Say what stands in the list: for a code with our signature, or for a typed number."""
    code = request.form.get("code", "").strip()[:rules.LONGEST_CODE + 200]
    if code:
        return _show_check(queries.judge_code(code), code)
    if not LOOKUPS.may_ask(request.remote_addr or ""):
        return show_refusal_of(429)
    return _show_check(queries.judge_number(request.form.get("number", "")))


def _show_check(shown=None, code=""):
    piece = "awards/_certificate_said.html" if request.method == "POST" else None
    found = shown and shown.certificate
    place = found and signed_list_queries.place_of(found)
    answer = show(
        "awards/check_certificate.html", piece, shown=shown, keys=signing.list_keys(), code=code, place=place,
    )
    answer.headers["Cache-Control"] = "no-store" if request.method == "POST" else "no-cache"
    return answer


@bp.get("/c/status/<int:number>")
@open_to_all
def show_badge_status(number):
    """Which badges of a list do not stand any more, signed: whoever checks a badge asks here."""
    places = queries.fallen_places(number, badges.LIST_SIZE)
    if (signer := _signer()) is None:
        raise Missing("There is no such list.")
    token = badges.status_credential(
        places, signer, certificate_base(), _status_address(number), clock.now()
    )
    return Response(token, mimetype="application/jwt", headers={
        "Cache-Control": f"public, max-age={badges.TTL_S}", "Access-Control-Allow-Origin": "*",
    })


def _status_address(number):
    return outside_address("awards.show_badge_status", number=number)


@bp.get("/c/worker.js")
@open_to_all
def show_certificate_worker():
    """The program that opens the page above without a network, once it was open."""
    answer = make_response(send_from_directory(
        current_app.static_folder, "certificate_worker.js", mimetype="text/javascript", max_age=0
    ))
    answer.headers["Cache-Control"] = "no-cache"
    answer.headers["Service-Worker-Allowed"] = "/c"
    return answer


def _signer():
    return signing.open_key(current_app.config["SIGNING_KEY"], current_app.config["KEY_PASSPHRASE"])


def certificate_base():
    """The public address of the page that checks certificates."""
    return outside_address("awards.show_certificate_check")


def _folder():
    return current_app.config["DATA_FOLDER"] / "certificates"


def _today():
    return moment(clock.now())[:10]


def _upload(name):
    file = request.files.get(name)
    return file.read(rules.LARGEST_PICTURE + 1) if file and file.filename else None


def _back(contest_id):
    return redirect(url_for("awards.show_certificates", contest_id=contest_id), 303)


def _file(data, mimetype, name):
    return Response(
        data, mimetype=mimetype, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _actor():
    return Actor(g.person.user_id, g.person.name)
