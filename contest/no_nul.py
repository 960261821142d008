"""The one character that a database keeps in no text (NUL) is refused at the door, wherever it stands."""

from flask import request

from contest.errors import Invalid
from contest.i18n import N_
from contest.kept_forms import FORMS

NUL = "\x00"
SENTENCE = N_("A character that no text can hold (NUL) is in what was sent. Take it out and send it again.")


def check_request():
    """Nothing in the address of a request or in its form holds NUL; Invalid names the fields."""
    if NUL in request.path:
        raise Invalid(SENTENCE)
    pairs = [*request.args.items(multi=True)]
    if request.method == "POST" and request.mimetype in FORMS:
        pairs += request.form.items(multi=True)
        pairs += [(name, file.filename or "") for name, file in request.files.items(multi=True)]
    if wrong := {name.replace(NUL, ""): Invalid(SENTENCE) for name, text in pairs if NUL in name + text}:
        raise Invalid(SENTENCE, fields=wrong)
