"""What a change would change: totals, places and awards, entrant by entrant.

Used before a plan or a sheet changes (the preview) and for the same marks under another plan
(what-if). Nothing is stored here.
"""

from dataclasses import dataclass

import numpy as np

from contest.scoring.award_rules import Line
from contest.scoring.standings import Standings


@dataclass(frozen=True)
class Side:
    """One side of a comparison of an entrant or a team.

    total: units as printed. place: 0 for none. complete: everything is in. awards: keys.
    """

    total: int
    place: int
    complete: bool
    awards: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """An entrant (to = "entrant") or a team whose total, place or awards differ."""

    to: str
    index: int
    before: Side
    after: Side


def changes(
    before: Standings, after: Standings, lines_before: list[Line], lines_after: list[Line]
) -> list[Change]:
    """Everybody for whom something differs, in the order of the places before.

    Teams are compared where both have them. ValueError when the two are not about the same entrants
    and teams.
    """
    if before.entrants != after.entrants or not _same_teams(before.teams, after.teams):
        raise ValueError("the two standings are not about the same entrants")
    found = _differences(
        "entrant", _sides(before.total, before.place, before.complete, lines_before),
        _sides(after.total, after.place, after.complete, lines_after),
    )
    if before.teams is not None and after.teams is not None:
        one, two = before.teams, after.teams
        found += _differences(
            "team", _sides(one.total, one.place, one.total.done, lines_before, "team"),
            _sides(two.total, two.place, two.total.done, lines_after, "team"),
        )
    return found


def _same_teams(one, two):
    return one is None or two is None or one.teams == two.teams


def _sides(total, place, complete, lines, to="entrant"):
    awards = {}
    for line in lines:
        if line.to == to:
            awards.setdefault(line.index, []).append(line.award)
    columns = (total.rounded.tolist(), place.tolist(), np.asarray(complete).tolist())
    return [
        Side(units, rank, done, tuple(awards.get(index, ())))
        for index, (units, rank, done) in enumerate(zip(*columns, strict=True))
    ]


def _differences(to, before, after):
    found = [
        Change(to, index, one, two)
        for index, (one, two) in enumerate(zip(before, after, strict=True)) if one != two
    ]
    return sorted(found, key=lambda change: (change.before.place or len(before) + 1, change.index))
