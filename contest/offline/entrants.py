"""ENTRANTS.csv: who takes part, and what ties, rooms and awards look at."""

from dataclasses import dataclass, field
from datetime import date

from contest.offline.refusal import FileError
from contest.offline.rows import Rows
from contest.scoring.marks import MarkError, parse_count, parse_number
from contest.scoring.scheme import Plan
from contest.scoring.scheme_fields import POINTS_TOP
from contest.scoring.units import units_of

TEXTS = ("group", "team", "organisation", "room", "person", "gender", "employment")
GENDERS = ("", "female", "male")
PASSED_OVER = ("passed_over", "team_passed_over")


@dataclass
class Entrants:
    """The entrants in the order of the file; lists beside `codes`.

    texts: by column name. passed_over: of each the keys of awards that are for others; team_passed_over: by
    the team's name. data: by name, units or None. open: marks may add further entrants.
    """

    codes: list[str] = field(default_factory=list)
    texts: dict[str, list[str]] = field(default_factory=dict)
    titles: list[frozenset] = field(default_factory=list)
    rulings: list[int] = field(default_factory=list)
    team_rulings: dict[str, int] = field(default_factory=dict)
    passed_over: list[frozenset] = field(default_factory=list)
    team_passed_over: dict[str, set] = field(default_factory=dict)
    data: dict[str, list[int | None]] = field(default_factory=dict)
    open: bool = True


def data_names(plan: Plan) -> list[str]:
    """The recorded numbers that the plan's ties, lines and ages look at."""
    ties = [*plan.ranking.ties, *(s.advance_by for s in plan.stages if s.advance_by)]
    names = ["birth_date", *(tie.key for tie in ties if tie.by == "data")]
    return list(dict.fromkeys(names))


def read_entrants(plan: Plan, path) -> Entrants:
    """The entrants of a file; FileError for the first line that cannot be used."""
    names = data_names(plan)
    wanted = (*TEXTS, "titles", "ruling", "team_ruling", *PASSED_OVER, *names)
    rows = Rows(path, needed=("code",), wanted=wanted)
    found = Entrants(texts={name: [] for name in TEXTS}, data={n: [] for n in names}, open=False)
    seen = {}
    for line, (code, *cells) in rows:
        if not code:
            raise FileError(rows.name, line, "The code is empty; every entrant needs one.")
        if code in seen:
            raise FileError(
                rows.name, line,
                f"The code “{code}” stands twice: in line {seen[code]} already.",
            )
        seen[code] = line
        found.codes.append(code)
        texts, (titles, ruling, team_ruling, *more) = cells[: len(TEXTS)], cells[len(TEXTS) :]
        (passed_over, team_passed_over), numbers = more[:2], more[2:]
        for name, text in zip(TEXTS, texts, strict=True):
            found.texts[name].append(text)
        if texts[TEXTS.index("gender")] not in GENDERS:
            raise FileError(rows.name, line, "The gender must be female, male or empty.")
        found.titles.append(frozenset(one.strip() for one in titles.split(";") if one.strip()))
        found.rulings.append(_ruling(rows, line, ruling))
        if team_ruling and texts[TEXTS.index("team")]:
            found.team_rulings[texts[TEXTS.index("team")]] = _ruling(rows, line, team_ruling)
        found.passed_over.append(_awards(plan, rows, line, "entrant", passed_over))
        of_team = _awards(plan, rows, line, "team", team_passed_over)
        found.team_passed_over.setdefault(texts[TEXTS.index("team")], set()).update(of_team)
        for name, text in zip(names, numbers, strict=True):
            found.data[name].append(_number(rows, line, name, text))
    return found


def _awards(plan, rows, line, to, text):
    keys = [key.strip() for key in text.split(";") if key.strip()]
    known = [award.key for award in plan.awards if award.to == to]
    for key in keys:
        if key not in known:
            raise FileError(rows.name, line, f"The plan has no award “{key[:20]}” to {to}s.")
    return frozenset(keys)


def _ruling(rows, line, text):
    if not text:
        return 0
    number = parse_count(text)
    if number is None or not 0 < number < 10**6:
        raise FileError(
            rows.name, line, f"The ruling “{text[:20]}” must be a whole number from 1 up to 999999."
        )
    return number


def _number(rows, line, name, text):
    if not text:
        return None
    if name == "birth_date":
        try:
            return date.fromisoformat(text).toordinal() * 10_000
        except ValueError:
            raise FileError(
                rows.name, line, f"The birth date “{text[:20]}” must be written like 2001-05-31."
            ) from None
    try:
        units = units_of(parse_number(text))
    except MarkError:
        units = None
    if units is None or abs(units) > POINTS_TOP:
        raise FileError(
            rows.name, line,
            f"{name} “{text[:20]}” must be a number up to 1000000 with at most four decimals.",
        )
    return units
