"""What an organiser types about a contest, turned into values or refused with reasons."""

from dataclasses import dataclass
from datetime import date

from contest.errors import Invalid
from contest.i18n import N_
from contest.setup import rules
from contest.setup.procedure_rules import FORMAL, SHORT

LONGEST_NAME = 120


@dataclass(frozen=True)
class Details:
    """What is known of a contest besides its plan."""

    name: str
    name_en: str
    slug: str
    host: str
    place: str
    starts_on: date | None
    ends_on: date | None


def read_details(form):
    """The details in a form (a dict of texts); Invalid with a reason for each bad field."""
    text = {name: (form.get(name) or "").strip() for name in
            ("name", "name_en", "slug", "host", "place", "starts_on", "ends_on")}
    fields = {}
    if not text["name"]:
        fields["name"] = Invalid("The contest needs a name.")
    for name in ("name", "name_en", "host", "place"):
        if len(text[name]) > LONGEST_NAME:
            fields[name] = Invalid("At most %(most)s characters.", most=LONGEST_NAME)
    try:
        rules.check_slug(text["slug"])
    except Invalid as refused:
        fields["slug"] = refused
    days = {}
    for name in ("starts_on", "ends_on"):
        try:
            days[name] = date.fromisoformat(text[name]) if text[name] else None
        except ValueError:
            fields[name] = Invalid("Write the day as year-month-day, such as 2026-11-23.")
    if not fields and days["starts_on"] and days["ends_on"] and days["ends_on"] < days["starts_on"]:
        fields["ends_on"] = Invalid("The last day is before the first.")
    if fields:
        raise Invalid("Please check the marked fields.", fields=fields)
    return Details(
        text["name"], text["name_en"], text["slug"], text["host"], text["place"],
        days["starts_on"], days["ends_on"],
    )


# How a new contest's results become final; "as_before" where the contest that is copied has one of its own.
ROADS = {"formal": FORMAL, "short": SHORT}


def read_new(form, before=None):
    """(Details, Procedure) of a new contest; Invalid with a reason for each bad field.

    Nothing is chosen for whoever says nothing: short and formal differ in who may change a result alone.
    before: the Procedure of the contest that is copied.
    """
    fields, details = {}, None
    try:
        details = read_details(form)
    except Invalid as refused:
        fields = dict(refused.fields)
    roads = ROADS if before is None else {**ROADS, "as_before": before}
    road = roads.get(form.get("road"))
    if road is None:
        fields["road"] = Invalid("Choose how the results become final.")
    if fields:
        raise Invalid("Please check the marked fields.", fields=fields)
    return details, road


STATE_NOTES = {
    "setup": N_("Write the plan and the dates."),
    "registration": N_("Units register; judges are seated; the draw is held."),
    "scoring": N_("Theory scores come in, judges mark, the board moves."),
    "collected": N_("Every sheet is in and closed; the road to the results begins."),
    "review": N_("Supervisors check sheets again, against paper or receipt."),
    "decoded": N_("Codes have become names; the results can be published."),
    "provisional": N_("Results are shown for review and appeal."),
    "notice": N_("The results hang out for everybody; objections are taken."),
    "final": N_("Results stand; awards and honours follow."),
    "archived": N_("Everything is kept and nothing changes any more."),
}
