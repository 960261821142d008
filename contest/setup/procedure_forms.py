"""What an organiser chooses of the road from the scores to final results."""

from dataclasses import replace

from contest.errors import Invalid
from contest.i18n import N_
from contest.numbers import read_whole
from contest.setup.procedure_rules import (
    FORMAL,
    NAMES,
    SHORT,
    Procedure,
    check_factor_ground,
    check_names_ground,
)

# field: (what it is, least, most)
FIGURES = {
    "top_percent": (N_("Best in percent, all of whose sheets are reviewed"), 0, 100),
    "top_count": (N_("or so many of the best instead (0: by percent)"), 0, 10_000),
    "spot_percent": (N_("At least so much of the rest is reviewed, in percent"), 0, 100),
    "error_percent": (N_("More than so many percent that differ demand all"), 0, 100),
    "paper_confidence": (
        N_("Paper check: a bad sheet is met with so many percent of confidence"), 50, 99
    ),
    "paper_bad": (N_("if so many percent of the sheets are bad"), 1, 50),
    "notice_days": (N_("Public notice in working days"), 1, 60),
    "appeal_hours": (N_("Appeals are taken so many hours after a publication"), 0, 720),
    "instances": (N_("Instances of appeal"), 1, 2),
    "second_hours": (N_("The second instance is open so many hours after a decision"), 1, 720),
    "answer_hours": (N_("An appeal waits too long after so many hours"), 1, 720),
    "arithmetic_hours": (
        N_("Errors of arithmetic are corrected so many hours after the ceremony"), 0, 8760
    ),
    "identity_hours": (
        N_("Mistaken persons are corrected so many hours after the ceremony"), 0, 8760
    ),
}
# What the formal procedure asks for at least; the best may be given as a number of them instead.
FORMAL_BOUNDS = {"top_percent": (30, 100), "spot_percent": (15, 100), "error_percent": (0, 5),
                 "paper_confidence": (95, 99), "paper_bad": (1, 5)}
SWITCHES = {
    "review": N_("Review: a supervisor checks sheets again before anything is published"),
    "decoding": N_(
        "Decoding is done by the coding judge and a second person (otherwise by any two officials)"
    ),
    "four_eyes": N_("Four eyes: reopening a sheet and publishing need a second person"),
    "signing": N_("Signatures: judges, chief judge and supervisor sign before anything is published"),
    "paper_check": N_(
        "Paper check: a sample of the sheets is compared with their paper before anything is published"
    ),
    "notice": N_("Public notice before results become final"),
    "second_factor": N_(
        "Second factor: staff who do what asks for the password again type a code of theirs, too"
    ),
}


def read_procedure(form):
    """The Procedure in a form (a dict of texts); Invalid with a reason for each bad field."""
    name = form.get("name", "")
    if name not in NAMES:
        raise Invalid(
            "Choose one of the three.", fields={"name": Invalid("Choose one of the three.")}
        )
    if name == "short":
        return replace(SHORT, **_names(form))
    fields, figures = {}, {}
    bounds = {key: about[1:] for key, about in FIGURES.items()}
    if name == "formal":
        bounds |= FORMAL_BOUNDS
        if (read_whole(form.get("top_count")) or 0) > 0:
            bounds["top_percent"] = FIGURES["top_percent"][1:]
    for key, (least, most) in bounds.items():
        number = read_whole(form.get(key))
        if number is None or not least <= number <= most:
            fields[key] = Invalid(
                "A whole number from %(least)s to %(most)s.", least=least, most=most
            )
        figures[key] = number
    if fields:
        raise Invalid("Please check the marked fields.", fields=fields)
    base = FORMAL if name == "formal" else SHORT
    held = {
        key: getattr(base, key) if name == "formal" else form.get(key) == "1" for key in SWITCHES
    }
    ground = (form.get("factor_ground") or "").strip()
    if name == "formal" and ground:
        held |= {"second_factor": False, "factor_ground": ground}
    procedure = Procedure(name, **held, **figures, **_names(form))
    check_names_ground(procedure)
    check_factor_ground(procedure)
    return procedure


def changes_in_words(old, new):
    """What a change of procedure changes, as lists (what, before, after) of marked sentences or figures."""
    return [[_label(key), _said(key, old[key]), _said(key, new[key])] for key in new]


# What the trail calls the facts of a procedure; the kind of it is no typed name.
FACTS = {key: about[0] for key, about in FIGURES.items()} | SWITCHES | {
    "procedure": N_("Procedure"), "names": N_("Names in public lists"),
    "names_ground": N_("Ground for names in full"),
    "factor_ground": N_("Why staff acts without a second factor"),
}


def as_facts(values):
    """Values of a procedure as the trail keeps them."""
    return {"procedure" if key == "name" else key: value for key, value in values.items()}


def _label(key):
    return FACTS["procedure" if key == "name" else key]


def _said(key, value):
    if isinstance(value, bool):
        return N_("yes") if value else N_("no")
    words = NAMES | {"full": N_("in full"), "one": N_("part of each left out")}
    return words[value] if key in ("name", "names") else str(value)


def _names(form):
    """How public lists print people; in full unless the form says otherwise, and then on what ground."""
    if form.get("names") == "one":
        return {"names": "one"}
    return {"names": "full", "names_ground": (form.get("names_ground") or "").strip()}
