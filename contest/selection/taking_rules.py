"""Who may be taken into a selection without a unit's nomination, and what is then known of them."""

from dataclasses import dataclass

from contest.errors import Invalid
from contest.i18n import N_
from contest.selection.call_rules import ALL_WRONG
from contest.selection.nomination_rules import FIELDS

WON = N_("Taken in: %(award)s, place %(place)s, %(contest)s.")
LEARNED = N_("Taken in: place %(place)s in the points hall, %(period)s, with %(points)s points.")
MOST = 500


@dataclass(frozen=True)
class Taken:
    """Somebody to be taken in, and where from (English sentence, parameters)."""

    human_id: int
    organisation_id: int
    trade: str
    message: str
    params: dict


def check_taking(terms, category, kind):
    """People are taken in while nominations are, into a category and a kind that the call knows; Invalid."""
    wrong = {}
    if category not in dict(terms.categories):
        wrong["category"] = Invalid("Choose one of the categories.")
    if terms.kinds and kind not in terms.kinds:
        wrong["kind"] = Invalid("Choose one of the kinds.")
    if wrong:
        raise Invalid(ALL_WRONG, fields=wrong)


def values_of(human, taken, category, kind):
    """The fields of a nomination as far as the house knows them; deeds are the source's own words."""
    return {
        **dict.fromkeys(FIELDS, ""), "name": human.name, "gender": human.gender or "",
        "born_on": human.born_on.isoformat() if human.born_on else "", "category": category, "kind": kind,
        "trade": taken.trade,
    }
