"""A draw checked again from its published file: no database, no name, nothing but SHA-256."""

import hashlib
import json

from contest.draw import order_rules, rules
from contest.errors import Invalid
from contest.i18n import N_

FORMAT = 1


def file_of(kind, facts):
    """The text of a draw's file; the same draw gives the same text."""
    document = {"format": FORMAT, "kind": kind, **facts}
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def read_file(text):
    """The document of a draw's file; Invalid for anything else."""
    try:
        document = json.loads(text)
        if document["format"] != FORMAT or document["kind"] not in CHECKS:
            raise ValueError
    except (ValueError, KeyError, TypeError) as wrong:
        raise Invalid("This is not the file of a draw.") from wrong
    return document


def check_file(document):
    """Pairs (sentence, is it so) of everything that can be checked in a draw's file."""
    try:
        return [*_check_seed(document), *CHECKS[document["kind"]](document)]
    except (KeyError, TypeError, ValueError, AttributeError) as wrong:
        raise Invalid("The draw's file lacks something or holds it in the wrong form.") from wrong


def _check_seed(document):
    secret, public = document["secret"], document.get("public", "")
    if document.get("commitment"):
        is_kept = rules.commitment(secret) == document["commitment"]
        yield N_("The secret seed is the one whose fingerprint was shown before the draw."), is_kept
    yield (
        N_("The seed is the secret seed with the public part."),
        document["seed"] == rules.whole_seed(secret, public),
    )


def _check_order(document):
    starters = [
        order_rules.Starter(one["number"], one["group"], one["late"])
        for one in document["entrants"]
    ]
    how = (document["seed"], document["apart"], document["batch"], document["stations"])
    if "kept" in document:
        drawn = order_rules.draw_behind([order_rules.Drawn(*one) for one in document["kept"]], starters, *how)
    else:
        drawn = order_rules.draw_order(starters, *how)
    again = [[one.number, one.order, one.batch, one.station] for one in drawn]
    yield N_("Starting order, batches and stations are what the seed gives."), again == document["drawn"]


def _check_codes(document):
    drawn = rules.draw(
        document["outer"], document["seed"], frozenset(document["taken"]), document["behind"],
        document["numbered"],
    )
    again = {outer: code for outer, (code, _) in drawn.items()}
    yield N_("The codes are what the seed gives."), again == document["map"]
    yield (
        N_("The map is the one whose fingerprint was shown before the judging."),
        rules.map_hash(document["salt"], document["map"]) == document["map_hash"],
    )


def _check_stations(document):
    """The layer's stations are those of the order whose file stands within."""
    order = document["order"]
    yield (
        N_("The seed is that of the starting order."),
        all(document[key] == order[key] for key in ("seed", "secret", "public", "commitment")),
    )
    yield from _check_order(order)
    drawn = [order_rules.Drawn(*one) for one in order["drawn"]]
    codes = order_rules.station_codes(drawn)
    yield (
        N_("The stations of the layer are those of the starting order."),
        document["map"] == {one: codes.get(one, ("",))[0] for one in document["outer"]},
    )
    yield (
        N_("The map is the one whose fingerprint was shown before the judging."),
        rules.map_hash(document["salt"], document["map"]) == document["map_hash"],
    )


def _check_paper(document):
    used, spare = order_rules.draw_paper(document["papers"], document["seed"])
    yield N_("The paper and the spare are what the seed gives."), (
        [used, spare] == [document["used"], document["spare"]]
    )


CHECKS = {
    "order": _check_order, "codes": _check_codes, "paper": _check_paper, "stations": _check_stations,
}


def fingerprint(text):
    """SHA-256 of a text, as 64 hex digits."""
    return hashlib.sha256(text.encode()).hexdigest()
