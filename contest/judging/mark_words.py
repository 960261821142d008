"""A mark in one line of words, as it was sent: also what is no mark, and what an older form asked for."""

import json

from contest.i18n import N_, both_names, listed, two_names

NOTHING_SEEN = N_("Nothing to deduct")
NOT_MARKED = N_("Not yet marked")
_SIGNS = {True: "✓", False: "×", None: "–"}


def aspect_words(criterion, aspect):
    """What an aspect is called in a list that goes over several sheets: criterion, key and name."""
    head, name = both_names(criterion), both_names(aspect)
    return two_names(f"{head} · {aspect.key} {name}", f"{head.english} · {aspect.key} {name.english}")


def mark_words(aspect, value):
    """A mark by its own form, in both languages; what does not fit that form is told as it came.

    aspect: None where the form is not known any more.
    """
    if value is None:
        return NOT_MARKED
    known = _KINDS.get(aspect.kind) if aspect else None
    said = known(aspect, value) if known else None
    if said is not None:
        return said
    if isinstance(value, list) and all(one is None or isinstance(one, str | int) for one in value):
        return _signs(value)
    if isinstance(value, str | int) and not isinstance(value, bool):
        return _with_unit(aspect, str(value))
    return json.dumps(value, ensure_ascii=False)


def _signs(values):
    return " · ".join("×" if one == "x" else _SIGNS[one] if one is None or isinstance(one, bool) else str(one)
                      for one in values)


def _with_unit(aspect, text):
    if aspect is None or not aspect.unit:
        return text
    return two_names(f"{text} {aspect.unit}", f"{text} {aspect.unit_en or aspect.unit}")


def _listed(pairs):
    """Pairs (line of a list, text behind its name) as a list, in both languages."""
    named = [(both_names(line), rest) for line, rest in pairs]
    return listed(two_names(f"{name}{rest}", f"{name.english}{rest}") for name, rest in named)


def _deductions(aspect, value):
    if not isinstance(value, dict):
        return None
    if not value:
        return NOTHING_SEEN
    places = {str(place): reason for place, reason in enumerate(aspect.reasons)}
    if not set(value) <= set(places):
        return None
    return _listed([(places[place], f" × {count}") for place, count in value.items()])


def _checklist(aspect, value):
    if not isinstance(value, list) or len(value) != len(aspect.items):
        return None
    if not all(one is None or isinstance(one, bool) for one in value):
        return None
    return _listed([(item, f" {_SIGNS[one]}") for item, one in zip(aspect.items, value, strict=True)])


def _judgement(aspect, value):
    at = str(value)
    steps = {str(place): level for place, level in enumerate(aspect.levels)}
    return _listed([(steps[at], f" ({at})")]) if at in steps else None


def _grade(aspect, value):
    grades = {grade.key: grade for grade in aspect.grades}
    return _listed([(grades[str(value)], f" ({value})")]) if str(value) in grades else None


_KINDS = {
    "deductions": _deductions, "checklist": _checklist, "judgement": _judgement, "grade": _grade,
}
