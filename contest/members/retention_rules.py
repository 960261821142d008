"""How long personal data are kept: the terms as configuration, and which day is due."""

import tomllib
from datetime import timedelta
from pathlib import Path

from contest.errors import Invalid
from contest.i18n import listed

SHIPPED = Path(__file__).with_name("retention.toml")
MOST_DAYS = 36_500


def read_terms(text):
    """{name of a term: timedelta} from the text of a file; Invalid names what is wrong in it."""
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Invalid("The file of terms cannot be read: %(why)s.", why=str(error)) from error
    known = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
    if strange := sorted(found.keys() ^ known.keys()):
        raise Invalid(
            "The file of terms must hold exactly these: %(known)s. Missing or unknown: %(strange)s.",
            known=listed(known), strange=listed(strange),
        )
    for name, days in found.items():
        if isinstance(days, bool) or not isinstance(days, int) or not 1 <= days <= MOST_DAYS:
            raise Invalid("%(name)s must be a whole number of days from 1 to 36500.", name=name)
    return {name: timedelta(days=days) for name, days in found.items()}


def load_terms(path):
    """The terms of the file at `path`, or those that are shipped when it is empty."""
    try:
        return read_terms((Path(path) if path else SHIPPED).read_text(encoding="utf-8"))
    except OSError as error:
        raise Invalid("The file of terms cannot be read: %(why)s.", why=error.strerror) from error
