"""Certificates: their look, issuing them, printing a hard name, reissue and revocation."""

import secrets

from sqlalchemy import select

from contest import clock, signals
from contest.audit.signing import find_key
from contest.audit.work import work
from contest.awards import certificate_queries as queries
from contest.awards import certificate_rules as rules
from contest.awards import trail_words  # noqa: F401
from contest.awards.certificate_models import Certificate, CertificateStyle, PrintedName
from contest.awards.revoking import revoke_certificates
from contest.awards.signed_list_actions import add_list
from contest.db import db
from contest.documents import missing_glyphs
from contest.documents.certificates import is_readable
from contest.documents.fonts import named_signs
from contest.errors import Conflict, Invalid
from contest.results.queries import lock_contest
from contest.setup.queries import get_contest


def set_style(actor, contest_id, typed, seal=None, signature=None):
    """Say how the contest's certificates look and are numbered; a picture left out stays.

    Raises Invalid naming each field that cannot be taken.
    """
    contest = get_contest(contest_id)
    values = _read_style(typed, seal, signature)
    style = queries.find_style(contest_id)
    old = {"design": style.design, "pattern": style.pattern, "issuer": style.issuer} if style else None
    with work(
        actor, "certificate.style", contest_id=contest_id, subject=contest.name, old=old,
        new={name: values[name] for name in ("design", "pattern", "issuer")},
    ):
        if style is None:
            style = CertificateStyle(contest_id=contest_id, last_serial=0, rev=0)
            db.session.add(style)
        for name, value in values.items():
            setattr(style, name, value)
        style.rev += 1
    return style


def _read_style(typed, seal, signature):
    readers = {
        "pattern": rules.read_pattern, "issuer_code": rules.read_code_part,
        "event_code": rules.read_code_part, "issuer": _read_printed, "event": _read_printed,
        "signer_title": rules.read_line, "signer_name": rules.read_line,
    }
    values, wrong = {}, {}
    for name, reader in readers.items():
        try:
            values[name] = reader(typed.get(name, ""))
        except Invalid as refused:
            wrong[name] = refused
    for name, data in (("seal", seal), ("signature", signature)):
        try:
            values |= {name: picture} if (picture := _read_picture(data)) else {}
        except Invalid as refused:
            wrong[name] = refused
    values["design"] = typed.get("design", "classic")
    if values["design"] not in rules.DESIGNS:
        wrong["design"] = Invalid("There is no such design.")
    if wrong:
        raise Invalid("Some of the fields cannot be taken; nothing was saved.", fields=wrong)
    return values


def _read_printed(typed):
    """A line that must be there and can be printed."""
    line = rules.read_line(typed)
    if not line:
        raise Invalid("This stands on every certificate and cannot be empty.")
    if missing := missing_glyphs(line):
        raise Invalid("Our letters lack %(signs)s; write it otherwise.", signs=named_signs(missing))
    return line


def _read_picture(data):
    """A picture that can be read to its last dot, or None for none; Invalid otherwise."""
    picture = rules.read_picture(data)
    if picture is not None and not is_readable(picture):
        raise rules.broken_picture()
    return picture


def set_printed_name(actor, contest_id, award_id, text, picture=None):
    """Say how a name is printed whose characters our letters lack: other characters, or a picture."""
    award = queries.get_award(contest_id, award_id)
    text, picture = rules.read_line(text, 60), _read_picture(picture)
    if not text and picture is None:
        raise Invalid("Give the characters to print instead, or a picture of the name.")
    if missing := missing_glyphs(text):
        raise Invalid("Our letters lack %(signs)s, too.", signs=named_signs(missing))
    with work(
        actor, "certificate.name", contest_id=contest_id, subject=award.name, text=text,
        pictures=picture is not None,
    ):
        printed = queries.find_printed(award_id) or PrintedName(award_id=award_id)
        printed.text, printed.picture = text, picture
        printed.by_id, printed.at = actor.user_id, clock.now()
        db.session.add(printed)
    return printed


def issue_certificates(actor, contest_id, signer, issued_on):
    """Issue the certificate of every award that has none; (issued, held).

    issued_on: the day on them, ISO. Held are names with characters that nothing was given for. Raises
    Conflict before the awards are granted, without a look, and without a signing key that we know. The
    signed list of all certificates is written with them.
    """
    contest = lock_contest(contest_id)
    rules.check_granted(queries.is_granted(contest_id))
    style = _style_of(contest_id)
    _check_signer(signer)
    lines = queries.list_lines(contest_id)
    due = [line for line in lines if line.state == "due"]
    held = [line for line in lines if line.state == "held"]
    with work(
        actor, "certificate.issue", contest_id=contest_id, subject=f"{len(due)} certificates",
        held=len(held), key=signer.fingerprint,
    ) as facts:
        codes = queries.codes_of(lines)
        made = [_make(actor, style, line, signer, codes, issued_on) for line in due]
        _check_unused(made)
        db.session.add_all(made)
        if made:
            add_list(actor, contest, signer, facts)
    return made, held


def reissue_certificate(actor, contest_id, certificate_id, signer, issued_on):
    """Issue a certificate anew with the name as it is now; the old one says by which it was replaced.

    One that was revoked stays revoked and gets a successor with a number of its own, as long as the award
    stands: Conflict once its honour was revoked, and for one that has a successor already.
    """
    contest = lock_contest(contest_id)
    old = queries.get_certificate(contest_id, certificate_id)
    if old.replaced_by_id is not None:
        raise Conflict("Only the newest certificate of an award can be issued anew.")
    style = _style_of(contest_id)
    _check_signer(signer)
    lines = queries.list_lines(contest_id)
    line = next(line for line in lines if line.award.id == old.award_id)
    if line.is_barred:
        raise Conflict("This award was annulled or its honour revoked: it gets no certificate any more.")
    if line.missing:
        raise Conflict("Our letters lack %(signs)s; first say how the name is printed.",
                       signs=named_signs(line.missing))
    with work(
        actor, "certificate.reissue", contest_id=contest_id, subject=old.number, old=old.name,
        new=line.name,
    ) as facts:
        made = _make(actor, style, line, signer, queries.codes_of(lines), issued_on)
        _check_unused([made])
        db.session.add(made)
        db.session.flush()
        old.replaced_by_id = made.id
        facts["number"] = made.number
        add_list(actor, contest, signer, facts)
    return made


def revoke_certificate(actor, contest_id, certificate_id, reason):
    """Take a certificate back with a reason: its page says so, and its number is not used again."""
    lock_contest(contest_id)  # it is not issued anew at the same moment
    found = queries.get_certificate(contest_id, certificate_id)
    reason = reason.strip()
    if not reason:
        raise Invalid("Give the reason for revoking the certificate.")
    if found.state != "issued":
        raise Conflict("This certificate does not stand any more.")
    with work(
        actor, "certificate.revoke", contest_id=contest_id, subject=found.number, reason=reason,
    ):
        found.revoked_at, found.revoked_reason = clock.now(), reason
    return found


@signals.honour_changed.connect
def _follow_honour(_sender, honour_id, state, **_facts):
    """A revoked honour takes its certificate with it, within the same work."""
    if state != "revoked":
        return
    honour = db.metadata.tables["honour"]
    row = db.session.execute(
        select(honour.c.award_id, honour.c.state_reason).where(honour.c.id == honour_id)
    ).one_or_none()
    if row is not None and row.award_id is not None:
        revoke_certificates(db.session, row.award_id, row.state_reason)


def _style_of(contest_id):
    style = queries.find_style(contest_id)
    if style is None:
        raise Conflict("First say how the certificates look and how they are numbered.")
    return style


def _check_signer(signer):
    if signer is None or find_key(signer.public) is None:
        raise Conflict(
            "There is no signing key here that this installation knows. Make one: contest key make"
        )


def _make(actor, style, line, signer, codes, day):
    """A Certificate with the next serial number and a fresh token, signed."""
    style.last_serial += 1
    number = queries.number_of(style, style.last_serial, day, codes, line.award)
    said = rules.Said(number, line.name, line.prize, style.event, style.issuer, day)
    token = secrets.token_hex(rules.TOKEN_BYTES)
    data = rules.payload(queries.hint_of(signer.public), token, said)
    return Certificate(
        contest_id=style.contest_id, award_id=line.award.id, number=number, token=token,
        name=line.name, unit=line.unit, members=line.members, prize=line.prize,
        event=style.event, issuer=style.issuer, issued_on=day,
        code=rules.code_text(data, signer.sign(data, rules.DOMAIN)), public=signer.public,
        issued_at=clock.now(), issued_by_id=actor.user_id,
    )


def _check_unused(made):
    """No number is used twice, in any contest."""
    used = db.session.scalar(
        select(Certificate.number).where(Certificate.number.in_([one.number for one in made])).limit(1)
    )
    if used is not None:
        raise Conflict(
            "The number %(number)s is in use already; give this contest another code in the pattern.",
            number=used,
        )
