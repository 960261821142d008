"""What may be entered of works, ties and studios."""

from contest.errors import Conflict, Invalid
from contest.i18n import N_
from contest.registry import day_rules

KINDS = {"work": N_("Work"), "patent": N_("Patent")}
# A studio's figures in the order in which they are shown; benefit is in yuan.
FIGURES = {
    "inventions": N_("Invention patents"), "utility_patents": N_("Utility patents"),
    "results_used": N_("Results put to use"), "benefit": N_("Benefit in yuan"),
    "trained": N_("Trained, person-times"), "experts": N_("Experts appointed"),
    "technicians": N_("Technicians trained"),
}
MOST = 10**12
WRONG = N_("Nothing was saved: please look at the marked fields.")


def read_text(form, key, most, wrong, is_needed=True):
    """A text of a form; `wrong` gets a sentence when it is missing or too long."""
    text = " ".join((form.get(key) or "").split())
    if is_needed and not text:
        wrong[key] = Invalid("Please fill this in.")
    if len(text) > most:
        wrong[key] = Invalid("At most %(most)s characters are taken here.", most=most)
    return text


def read_day(form, key, now, wrong):
    """A day of a form that is not in the future; `wrong` gets a sentence otherwise."""
    try:
        return day_rules.read_past_day(form.get(key), now)
    except Invalid as refused:
        wrong[key] = refused


def check(wrong):
    """Invalid naming each field that cannot be taken."""
    if wrong:
        raise Invalid(WRONG, fields=wrong)


def read_work(form, now):
    """{kind, title, number, on} of a work or patent; a patent has a number."""
    wrong, kind = {}, form.get("work_kind") or ""
    if kind not in KINDS:
        wrong["work_kind"] = Invalid("Choose what is to be entered.")
    found = {
        "kind": kind, "title": read_text(form, "work_title", 120, wrong),
        "number": read_text(form, "work_number", 60, wrong, kind == "patent"),
        "on": read_day(form, "work_on", now, wrong),
    }
    check(wrong)
    return found


def read_studio(form, now):
    """A studio's name, founding day and figures."""
    wrong = {}
    found = {
        "name": read_text(form, "studio_name", 80, wrong),
        "founded_on": read_day(form, "founded_on", now, wrong),
    }
    for key in FIGURES:
        text = (form.get(key) or "0").strip()
        if not text.isdecimal() or int(text[:15]) > MOST:
            wrong[key] = Invalid("A whole number from 0 is taken here.")
        else:
            found[key] = int(text)
    check(wrong)
    return found


def check_new_tie(master_id, apprentice_id, there, is_circle):
    """A tie is between two people, once, and never in a circle."""
    if master_id == apprentice_id:
        raise Invalid("Nobody is the own master.")
    if there:
        raise Conflict("This tie is on record already.")
    if is_circle:
        raise Conflict("The apprentice trained the master; one of the two ties is wrong.")
