"""Section 8, `only`: conditions on the person who may take an award."""

import datetime


def allowed(award, person):
    """Whether nothing in `only` stands against it; who lacks a datum that is asked for does not get it."""
    only = award["only"]
    if not only:
        return True
    if person is None:
        return False
    for name in ("gender", "employment", "group"):
        if only.get(name) and person[name] not in _listed(only[name]):
            return False
    if "most_age" in only or "least_age" in only:
        if person["born"] is None:
            return False
        age = age_on(person["born"], _day(only["on"]))
        if age > only.get("most_age", age) or age < only.get("least_age", age):
            return False
    title = only.get("without_title")
    if title is True:
        title = award["level"] or award["name"]
    return not title or title not in person["titles"]


def _listed(value):
    return [value] if isinstance(value, str) else value


def _day(value):
    return datetime.date.fromisoformat(value) if isinstance(value, str) else value


def age_on(born, day):
    """Age in whole years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
