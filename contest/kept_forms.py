"""What was typed in a form that was refused: read from the request, shown again, carried through the sign-in.

Fields go back only to the page of ours that sent them, and are sent again only when a person presses
the button: a form that another site sent is never offered again with a token of ours.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.exceptions import HTTPException

from contest.i18n import N_

# Typed anew each time, never kept: name of the field, and its label.
SECRETS = {
    "word": N_("Your password or PIN"),
    "second_word": N_("Password or PIN of the second person"),
    "factor": N_("Code of your second factor"),
    "second_factor": N_("Code of the second person's second factor, if there is one"),
    "pin": N_("PIN"),
    "old": N_("Present password"),
    "password": N_("Password"),
    "password_again": N_("Repeat the password"),
}
TOKEN = "csrf_token"
CARRIED = "kept"  # the field of the sign-in form that carries a form
# Only pages fill these in, never a person: a form of nothing else is a bare button.
BY_THE_PAGE = frozenset({
    TOKEN, CARRIED, "about", "act", "base_rev", "device", "found", "honour_id", "language", "layer",
    "mine", "module", "next", "op_id", "panel", "rev", "seen", "sheet", "show", "sort", "to", "version",
    "year",
})
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
MOST = 500_000  # characters: what a page can show and carry; no form of ours takes so much text
LASTS = 3600  # seconds in which the carried form can still be shown


@dataclass(frozen=True)
class KeptForm:
    """A form as it was sent: where to, its fields in their order, and what has to be given once more."""

    address: str
    fields: tuple  # pairs (name, text)
    secrets: tuple = ()  # names
    files: tuple = ()  # names

    @property
    def typed(self):
        """Those of the fields that a person filled in."""
        return tuple((name, text) for name, text in self.fields if _is_typed(name, text))


def _is_typed(name, text):
    return bool(text.strip()) and name not in BY_THE_PAGE and not name.startswith("seen-")


def read():
    """The form that this request brought, or None: no form of our own page, or nothing typed in it."""
    if request.method != "POST" or request.url_rule is None or request.mimetype not in FORMS:
        return None
    if not _is_from_here() or (request.content_length or 0) > current_app.config["MAX_CONTENT_LENGTH"]:
        return None
    try:
        sent, files = list(request.form.items(multi=True)), list(request.files.items(multi=True))
    except HTTPException:  # too large or too many parts: it is being refused for that
        return None
    kept = KeptForm(
        request.full_path.rstrip("?"),
        # NUL, which no page can show and no database keeps (no_nul), stays behind.
        tuple((name.replace("\0", ""), text.replace("\0", "")) for name, text in sent
              if name not in SECRETS and name not in (TOKEN, CARRIED)),
        tuple(name for name in SECRETS if name in request.form),
        tuple(dict.fromkeys(name for name, file in files if file.filename)),
    )
    is_small = sum(len(name) + len(text) for name, text in kept.fields) <= MOST
    return kept if kept.typed and is_small else None


def _is_from_here():
    """Browsers say which site a form stood on; whoever does not say so gets nothing back."""
    said = request.headers.get("Origin") or request.referrer or ""
    return urlsplit(said).netloc == request.host


def pack(kept):
    """A form as one field of another form, which nobody can change on the way."""
    return _packer().dumps([kept.address, kept.fields, kept.secrets, kept.files])


def unpack(packed):
    """The form that `pack` made within the last hour, or None."""
    if not packed:
        return None
    try:
        address, fields, secrets, files = _packer().loads(packed, max_age=LASTS)
    except BadSignature:  # made up, or too old
        return None
    return KeptForm(address, tuple(map(tuple, fields)), tuple(secrets), tuple(files))


def _packer():
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="kept-form")
