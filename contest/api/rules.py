"""What a token may do, how a list is cut into pages, and how deep JSON may go."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from datetime import timedelta

from contest.errors import Conflict, Invalid, NotAllowed, Refusal
from contest.i18n import N_
from contest.numbers import LARGEST

MOST_BYTES = 1024 * 1024
DEEPEST = 32
MOST_NAMES = 200  # of one object; the longest form of a service has a tenth of that
PAGE_SIZE, PAGE_MOST = 50, 200
TOKEN_MARK = "jst_"  # so that a scanner for secrets knows a token that was left lying about
MOST_DAYS, USUAL_DAYS = 366, 90
IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,100}")
# A first request with a key that has not answered after so long was broken off: it is run again.
BROKEN_OFF_S = 60
# Of what guests asked with a key so much is kept, the latest, for so long.
GUESTS_MOST, GUESTS_FOR = 10_000, timedelta(days=7)

DESK = ("organiser", "service_officer")
# What a token may be used for: its name, and the roles of which its owner must hold one.
SCOPES = {
    "contests:read": (N_("Read contests"), ("organiser", "judge")),
    "rosters:read": (N_("Read rosters"), ("organiser",)),
    "rosters:write": (N_("Import rosters"), ("organiser",)),
    "marks:read": (N_("Read one's own sheets"), ("judge",)),
    "marks:write": (N_("Send marks for one's own sheets"), ("judge",)),
    "standings:read": (N_("Read the officials' standings"), ("organiser",)),
    "awards:read": (N_("Read awards"), ("organiser",)),
    "registry:read": (N_("Read the public register"), ("organiser",)),
    "points:read": (N_("Read lists of points"), ("organiser",)),
    "points:write": (N_("Book points"), ("organiser",)),
    "services:read": (N_("Read services and how applications stand"), ("organiser",)),
    "entitlements:read": (N_("Read who is entitled to what"), ("organiser",)),
    "services:write": (N_("Apply for services"), ("organiser",)),
    "cases:read": (N_("Read applications as the service desk does"), DESK),
    "cases:files": (N_("Read files of applications"), DESK),
    "cases:write": (N_("Work on applications as the service desk does"), DESK),
}


class WrongToken(Refusal):
    """The token is not known, has expired, or was revoked."""

    status = 401
    code = "wrong_token"


class WrongKind(Refusal):
    """The body is not JSON."""

    status = 415
    code = "wrong_kind"


class BadJson(Refusal):
    """The body is no JSON that is taken here."""

    status = 400
    code = "bad_json"


def scopes_for(roles):
    """The scopes that a token of somebody with these roles may have, in order."""
    return tuple(scope for scope, (_, wanted) in SCOPES.items() if set(wanted) & set(roles))


def check_new_token(name, scopes, days, allowed):
    """A token has a name, at least one scope that its owner may give, and an end; Invalid by field."""
    fields = {}
    if not 1 <= len(name) <= 60:
        fields["name"] = Invalid("The name must have 1 to 60 characters.")
    if not scopes or set(scopes) - set(allowed):
        fields["scopes"] = Invalid("Choose at least one of the uses that are listed.")
    if not 1 <= days <= MOST_DAYS:
        fields["days"] = Invalid("A token works for 1 to %(most)s days.", most=MOST_DAYS)
    if fields:
        raise Invalid(N_("The token was not made; see the fields."), fields=fields)


def check_token(row, now):
    """A token that works: known, not revoked, not expired; WrongToken."""
    if row is None:
        raise WrongToken(N_("This token is not known."))
    if row.revoked_at is not None:
        raise WrongToken(N_("This token was revoked."))
    if row.expires_at <= now:
        raise WrongToken(N_("This token has expired."))


def check_scope(scope, scopes):
    """Of everything that its owner may do, a token may do what its scopes name; NotAllowed."""
    if scope is None:
        raise NotAllowed("No token opens this address.")
    if scope not in scopes:
        raise NotAllowed("This needs a token with the scope %(scope)s.", scope=scope)


def narrowed(grants, contest_id):
    """Of pairs of role and contest id, those that a token for this contest (None: all) carries on."""
    if contest_id is None:
        return frozenset(grants)
    return frozenset((role, contest_id) for role, held in grants if held in (None, contest_id))


def cursor_of(key):
    """The word in an address that stands for "after this one"."""
    return urlsafe_b64encode(str(key).encode()).decode().rstrip("=")


def key_of(cursor):
    """The whole number that a cursor stands for, 0 for none; Invalid for a word of somebody else's."""
    if not cursor:
        return 0
    try:
        text = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except (NotBase64, ValueError):
        text = ""
    if not re.fullmatch(r"[0-9]{1,10}", text) or int(text) > LARGEST:
        raise Invalid(N_("The cursor is not one that a list gave."), fields={
            "after": Invalid("Take it from `next` of the page before, or leave it out."),
        })
    return int(text)


def page_of(items, key, limit, after):
    """(the items after a cursor, at most `limit`; the next cursor or None); key(item) grows along them."""
    start = key_of(after)
    rest = [item for item in items if key(item) > start]
    return rest[:limit], cursor_of(key(rest[limit - 1])) if len(rest) > limit else None


def check_shape(value):
    """JSON nests at most 32 deep, an object has at most 200 names, and no text holds NUL; BadJson.

    Counted without recursion, and before every name that is one too many becomes a sentence of its own:
    the value may be hostile.
    """
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > DEEPEST + 1:
            raise BadJson(N_("The JSON is nested more than %(most)s deep."), most=DEEPEST)
        inner = []
        for one in level:
            if isinstance(one, dict):
                if len(one) > MOST_NAMES:
                    raise BadJson(N_("A JSON object has more than %(most)s names."), most=MOST_NAMES)
                inner.extend((*one, *one.values()))
            elif isinstance(one, list):
                inner.extend(one)
            elif isinstance(one, str) and "\0" in one:
                raise BadJson(N_("A text of the JSON holds the character NUL, which nothing can keep."))
        level = inner


def check_idempotency_key(key):
    """A key is 1 to 100 printable characters of ASCII without blanks; Invalid."""
    if not IDEMPOTENCY_KEY.fullmatch(key):
        raise Invalid("Idempotency-Key is 1 to 100 printable characters without blanks.")


def check_same_request(kept, sent):
    """A key is used for one request; Invalid when another one carries it (fingerprints compared)."""
    if kept != sent:
        raise Invalid("This Idempotency-Key was used for another request.")


def check_not_running(age_s):
    """The first request with a key must have answered or been broken off; Conflict (seconds)."""
    if age_s < BROKEN_OFF_S:
        raise Conflict("The first request with this Idempotency-Key has not been answered yet.")
