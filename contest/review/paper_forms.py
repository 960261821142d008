"""What several forms of this area read alike: when a paper was handed in, and files."""

from datetime import datetime

from flask import request

from contest.documents import attached
from contest.errors import Invalid
from contest.review.blueprint import zone


def handed_in():
    """When a paper was handed in, as a clerk typed it; None for nothing typed."""
    text = request.form.get("handed_in", "").strip()
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=zone())
    except ValueError as wrong:
        sentence = Invalid("Write the moment as year-month-day hour:minute.")
        raise Invalid(sentence.message, fields={"handed_in": sentence}) from wrong


def sent_files():
    """The files that came with a form, as pairs (name, content)."""
    return [
        (file.filename, file.read(attached.MOST_BYTES + 1))
        for file in request.files.getlist("files")
    ]
