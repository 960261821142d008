"""The teams' lines of the standings: members, total, place, and the team's own parts."""

from collections import Counter

from contest.results.standing_rows import TeamRow, has_begun, texts
from contest.scoring.teams import speakers


def team_rows(plan, standings, book, roster, names):
    """Every team's TeamRow, best first. names: {team id: (name, organisation, in English)}."""
    found = standings.teams
    if found is None:
        return ()
    total = texts(found.total.rounded, plan.rounding.places)
    places, begun = found.place.tolist(), has_begun(standings).tolist()
    sharing, counting = Counter(places), found.counting.tolist()
    members_of = [[] for _ in found.teams]
    for i, (team, entered) in enumerate(
        zip(book.team.tolist(), standings.entered.tolist(), strict=True)
    ):
        if team >= 0 and entered:
            members_of[team].append(i)
    own = _own_modules(plan, standings, book)
    rows = []
    for t, (team_id, members) in enumerate(zip(found.teams, members_of, strict=True)):
        name, organisation, organisation_en = names[int(team_id)]
        rows.append(TeamRow(
            int(team_id), name, organisation, organisation_en, places[t] or None,
            bool(places[t]) and sharing[places[t]] > 1,
            total[t] if _says_something(found, t, any(begun[i] for i in members)) else None,
            bool(found.total.done[t]),
            found.decided_by[t], bool(found.too_many[t]),
            tuple(roster[i].id for i in members),
            tuple(roster[i].id for i in members if counting[i]),
            {key: column[t] for key, column in own.items()},
            bool(found.void[t] and places[t]),
        ))
    order = {row.team_id: at for at, row in enumerate(rows)}
    return tuple(sorted(rows, key=lambda row: (row.place or len(rows) + 1, order[row.team_id])))


def _says_something(found, team, begun):
    """There is a sum to be shown: a team with too many members has none."""
    return not found.too_many[team] and bool(found.place[team] or begun)


def _own_modules(plan, standings, book):
    """{module key: each team's mark as printed, or None} of the teams' own parts."""
    found = {}
    for part in plan.team_parts_of(standings.stage):
        rows = speakers(plan, book, standings, part).tolist()
        for module in plan.modules_of(part.key):
            result = standings.modules[module.key]
            printed = texts(result.rounded, plan.rounding.places)
            is_told = (result.done & ~result.void).tolist()
            found[module.key] = [printed[i] if i >= 0 and is_told[i] else None for i in rows]
    return found
