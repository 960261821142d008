"""Two answers of the form of docs/rules/README.md, section 10, compared figure by figure."""

from fractions import Fraction
from typing import NamedTuple

from contest.errors import Conflict
from contest.i18n import N_, both_names, listed

# What each figure is called.
FIELDS = {
    "mark": N_("mark"), "raw": N_("raw mark"), "done": N_("marked"), "odd": N_("judges far apart"),
    "state": N_("state"), "entered": N_("takes part"), "finished": N_("number of marks that are in"),
    "complete": N_("complete"), "passed": N_("passed"), "goes_on": N_("goes on"),
    "total": N_("total"), "exact": N_("exact total"), "scaled": N_("700 scale"),
    "place": N_("place"), "place_overall": N_("Place overall"), "decided_by": N_("decided by"),
    "awards": N_("awards"), "counting": N_("members that count"), "group": N_("group"),
    "team": N_("team"), "organisation": N_("organisation"), "competed": N_("number who competed"),
    "points": N_("points"), "average": N_("average"), "counts": N_("number of awards"),
    "award_place": N_("place among those who may take it"), "base": N_("base of the number"),
    "count": N_("number to be given"), "given": N_("number given"), "stage": N_("stage"),
    "final": N_("nothing is missing"), "open_ties": N_("open ties"),
    "open_team_ties": N_("open ties of teams"), "problems": N_("problems"),
    "plan": N_("plan"), "listed": N_("stands in the list"),
}
NESTED = {"modules": "", "parts": "part", "stages": "stage"}


class Figure(NamedTuple):
    """Which figure: whose (entry number, name of a team or unit, award), in which thing, and what.

    kind: contest, entrant, team, organisation, award, quota. thing: "" or a key of the plan.
    """

    kind: str
    whose: str
    thing: str
    field: str

    def __str__(self):
        return " · ".join(filter(None, (self.kind, self.whose, self.thing, self.field)))


class Difference(NamedTuple):
    """One figure on which the two scorers do not agree; None where one of them knows of none."""

    figure: Figure
    first: object
    second: object


def figures_of(answer):
    """{Figure: value} of everything that an answer says."""
    found = {
        Figure("contest", "", "", field): _plain(answer[field])
        for field in ("stage", "final", "open_ties", "open_team_ties", "problems")
    }
    for kind, rows, name in (
        ("entrant", answer["entrants"], "code"), ("team", answer["teams"], "team"),
        ("organisation", answer["organisations"], "organisation"),
    ):
        for row in rows:
            found |= _row_figures(kind, row[name], row, name)
    for row in answer["awards"]:
        for field in ("group", "place", "award_place"):
            found[Figure("award", row["code"], row["award"], field)] = row[field]
    for row, number in _numbered(answer["quotas"]):
        whose = " ".join(filter(None, (row["group"], str(number) if number > 1 else "")))
        for field in ("base", "count", "given"):
            found[Figure("quota", whose, row["award"], field)] = row[field]
    return found


def _numbered(quotas):
    """Each quota with how many of its award and group came before, counted from 1."""
    seen = {}
    for row in quotas:
        key = row["award"], row["group"]
        seen[key] = seen.get(key, 0) + 1
        yield row, seen[key]


def _row_figures(kind, whose, row, name):
    found = {Figure(kind, whose, "", "listed"): True}
    for field, value in row.items():
        if field in NESTED:
            for key, inner in value.items():
                thing = key if field == "modules" else f"{NESTED[field]} {key}"
                # A team's modules are marks alone.
                cells = inner if isinstance(inner, dict) else {"mark": inner}
                found |= {Figure(kind, whose, thing, each): one for each, one in cells.items()}
        elif field == "counts":
            found |= {Figure(kind, whose, key, "counts"): count for key, count in value.items()}
        elif field != name:
            found[Figure(kind, whose, "", field)] = _plain(value)
    return found


def _plain(value):
    """Lists are sets here: equals, members and awards compare in any order."""
    return tuple(sorted(map(_plain, value))) if isinstance(value, list) else value


def differences(first, second):
    """Every Difference between two dicts of figures, in the order of the first."""
    return [
        Difference(figure, first.get(figure), second.get(figure))
        for figure in dict.fromkeys([*first, *second])
        if figure not in first or figure not in second or first[figure] != second[figure]
    ]


def printed(value):
    """A figure in a sentence."""
    if isinstance(value, bool):
        return N_("yes") if value else N_("no")
    if value is None or value in ("", ()):
        return "–"
    if isinstance(value, tuple):
        return listed(" = ".join(one) if isinstance(one, tuple) else str(one) for one in value)
    return str(value)


def overlaid(answer, document, codes, teams, by_group):
    """An answer in which every figure that a result document prints is the printed one.

    codes, teams: {id: what the answer calls them}.
    """
    rows = {codes[row["entrant_id"]]: row for row in document["rows"]}
    printed_teams = {teams.get(team["team_id"]): team for team in document["teams"]}
    lines = document.get("organisations")
    return answer | {
        "entrants": [
            _overlaid_entrant(each, rows.get(each["code"]), by_group) for each in answer["entrants"]
        ],
        # A team without members stands in no file.
        "teams": [
            _overlaid_team(each, printed_teams[each["team"]], codes) for each in answer["teams"]
            if each["team"] in printed_teams
        ],
        "organisations": answer["organisations"] if lines is None else [
            {"organisation": line["name"]} | {
                field: line[field] for field in ("counts", "points", "average", "competed", "place")
            } for line in lines
        ],
    }


def _overlaid_entrant(each, row, by_group):
    if row is None:
        return each | {"entered": False}
    found = each | {"entered": True} | {
        field: row[field] for field in ("group", "state", "passed", "place", "decided_by")
    }
    if by_group:
        found["place_overall"] = row["place_overall"]
    if each["goes_on"] is not None:
        found["goes_on"] = row["advances"]
    if "scaled" in row:
        found["scaled"] = None if row["scaled"] is None else int(row["scaled"])
    # Of who is out of the contest, or has nothing yet, no total is printed; the answer says 0.
    is_shown = each["state"] in ("normal", "not_finished") and each["finished"]
    if row["total"] is not None or is_shown:
        found["total"] = row["total"]
    found["modules"] = each["modules"] | {
        key: each["modules"][key] | {"mark": text} for key, text in row["modules"].items()
    }
    for key, text in row.get("raw", {}).items():
        if text is not None:
            found["modules"][key]["raw"] = text
    found["parts"] = each["parts"] | {
        key: each["parts"][key] | {"mark": text} for key, text in row["parts"].items()
        if text is not None or each["parts"][key]["done"]
    }
    return found


def _overlaid_team(each, team, codes):
    found = each | {
        "place": team["place"], "decided_by": team["decided_by"],
        "counting": [codes[one] for one in team["counting"]],
    }
    if team["total"] is not None or each["place"] is not None:
        found["total"] = team["total"]
    return found


def refusal_of(found, plan):
    """Why nothing is published: the first Difference in a sentence."""
    one = found[0]
    return Conflict(
        "Nothing was published: the second scorer counts otherwise. Differences: %(count)s. The "
        "first: %(figure)s, %(field)s: shown %(first)s, counted again %(second)s.",
        count=len(found), figure=both_names(called(one.figure, plan)), field=FIELDS[one.figure.field],
        first=printed(one.first), second=printed(one.second),
    )


class Called(NamedTuple):
    """A name in both languages, as plans' pieces have them."""

    name: str
    name_en: str


def called(figure, plan=None):
    """Whose figure it is and in which thing, by the plan's names; a dash for the contest's own."""
    kind, _, key = figure.thing.rpartition(" ")
    pieces = () if plan is None else {
        "part": plan.parts, "stage": plan.stages, "": (*plan.modules, *plan.awards),
    }[kind]
    piece = next((each for each in pieces if each.key == key), Called(figure.thing, ""))
    return Called(*(
        " · ".join(filter(None, (figure.whose, name))) or "–"
        for name in (piece.name, piece.name_en or piece.name)
    ))


def facts_of(found, shown=20):
    """The first Differences as facts of the trail, and how many there are."""
    return {
        "differences": len(found),
        **{
            str(one.figure): {"old": printed(one.first), "new": printed(one.second)}
            for one in found[:shown]
        },
    }


def check_unchanged(counted, now):
    """What was counted again is what stands now; Conflict when a mark came in between."""
    if counted != now:
        raise Conflict(
            "Something changed while the second scorer was counting. Nothing was published: try "
            "again."
        )


def same_plan(one, other):
    """Do two plans, as contest.recount reads them, say the same?

    It fills in every default it knows; a field that only one of them has is none that it looks at.
    """
    if isinstance(one, dict) and isinstance(other, dict):
        return all(
            one[key] == other[key] if key == "only" else same_plan(one[key], other[key])
            for key in one.keys() & other.keys()
        )
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(same_plan, one, other))
    return _number(one) == _number(other)


def _number(value):
    try:
        return value if isinstance(value, bool) else Fraction(str(value))
    except ValueError:
        return value
