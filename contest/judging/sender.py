"""Who may send JSON to the tablets' doors: our own pages, and programs that mean it."""

from urllib.parse import urlsplit

from flask import request

from contest.errors import NotAllowed, Refusal
from contest.i18n import N_
from contest.judging import tablet_queries, tablet_rules


class WrongKind(Refusal):
    """The body is not JSON."""

    status = 415
    code = "wrong_kind"


def check_sender():
    """A foreign page cannot send this without asking; WrongKind, NotAllowed.

    A token in the page would grow old while a tablet is offline (reliability.md, 4.7).
    """
    if request.mimetype != "application/json":
        raise WrongKind(N_("Operations are sent as application/json."))
    if request.headers.get("X-Contest") != "1":
        raise NotAllowed("Operations carry the header X-Contest: 1.")
    # What a browser says of itself, and no page can change: a page of another site set this off.
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise NotAllowed("Operations come from pages of this site only.")
    origin = request.headers.get("Origin")
    if origin and urlsplit(origin).netloc != request.host:
        raise NotAllowed("Operations come from pages of this site only.")


def check_tablet():
    """check_sender(), and the page is one of this installation; Elsewhere."""
    check_sender()
    tablet_rules.check_installation(
        request.headers.get("X-Installation"), tablet_queries.installation()
    )
