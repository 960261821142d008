"""Two who store the same thing in the same moment: the second is told so in a sentence, and keeps its form.

Actions look first and say what is on record already. Only where both look before either has stored does the
database's own rule stop the second one; nothing of it is stored.
"""

import logging

from flask import request
from sqlalchemy.exc import IntegrityError

from contest.errors import Conflict
from contest.i18n import N_
from contest.pages import show_fault, show_refusal

log = logging.getLogger(__name__)
SENTENCE = N_(
    "Somebody else stored the same in this moment, so nothing of this was stored. Look at what is on record "
    "now, and do it again if it is still needed."
)


def init_at_once(app):
    """Let the application answer so; any other broken rule of the database stays a fault."""
    app.register_error_handler(IntegrityError, _show_taken)


def _show_taken(error):
    if not is_taken(error):
        return show_fault(error)
    log.warning("stored by somebody else meanwhile, at %s %r: %s", request.method, request.path, error.orig)
    return show_refusal(Conflict(SENTENCE))


def is_taken(error):
    """True when a row was refused because there is one like it already."""
    return getattr(error.orig, "sqlstate", "") == "23505" or "UNIQUE constraint failed" in str(error.orig)
