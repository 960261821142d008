"""Section 6, first half: the teams of a stage, their marks and places."""

from contest.recount.amounts import ZERO, carried, compared
from contest.recount.rank import TEAM_TIES, Key, in_order, places, tie_key

NOTHING = ("absent", "withdrawn", "disqualified")


class Team:
    """One team: whose marks count, and what they come to."""

    def __init__(self, name, members):
        self.name = name
        self.members = members
        self.counting = []
        self.mark = ZERO
        self.done = False
        self.void = False  # something that must count came to nothing, or is missing for good
        self.finished = 0
        self.started = False
        self.place = None
        self.decided_by = ""


def teams_of(ranking):
    """The teams in order of first appearance, with their places; and those equal without a ruling."""
    scene = ranking.scene
    rule = scene.plan["teams"]
    if rule is None:
        return [], []
    members = {}
    for entrant, person in scene.people.items():
        if person["team"]:
            members.setdefault(person["team"], []).append(entrant)
    teams = [Team(name, codes) for name, codes in members.items()]
    for team in teams:
        members = [e for e in team.members if e in scene.taking and scene.state(e) != "withdrawn"]
        if rule["size"] and len(members) > rule["size"]:
            team.mark = None
        else:
            _mark(scene, ranking, rule, team)
            _lack(scene, rule, team, len(members))
    return teams, _rank(scene, rule, teams)


def _mark(scene, ranking, rule, team):
    able = [e for e in team.members if scene.state(e) not in NOTHING and e in scene.taking]
    if rule["method"] == "places":
        points = rule["place_points"]
        team.counting = able
        held = [ranking.place[e] for e in able if e in ranking.place]
        value = sum((points[place - 1] for place in held if place <= len(points)), ZERO)
    else:
        team.counting = able if rule["method"] != "best" else _best(ranking, able, rule["best"])
        value = sum((scene.total(e) for e in team.counting), ZERO)
        if rule["method"] == "mean":
            value /= rule["size"] or max(len(team.counting), 1)
    extra, extra_done, extra_started = _representative(scene, team, able)
    team.mark = carried(scene.plan, "team", value + extra)
    team.done = extra_done and all(scene.complete(e) for e in able if scene.state(e) == "normal")
    team.started = extra_started or any(scene.finished(e) for e in able)


def _lack(scene, rule, team, present):
    """Where less is better, whoever gave no whole value must not make the team's smaller."""
    must = rule["best"] if rule["method"] == "best" else rule["size"] or present
    wanting = [e for e in team.counting if _is_no_value(scene, e)]
    team.void = team.void or bool(wanting) or len(team.counting) < must
    team.finished += sum(scene.finished(e) for e in team.counting)


def _is_no_value(scene, entrant):
    return bool(scene.void(entrant)) or scene.state(entrant) == "not_finished"


def _best(ranking, able, number):
    """The members whose totals count; of equals the better placed of all, then the earlier in the file."""
    scene = ranking.scene
    low = scene.plan["ranking"]["order"] == "low"

    def order(entrant):
        total, place = scene.total(entrant), ranking.overall.get(entrant, len(scene.people) + 1)
        if low:
            return _is_no_value(scene, entrant), -scene.finished(entrant), total, place
        return -total, place

    chosen = sorted(able, key=order)[:number]
    return [e for e in able if e in chosen]


def _representative(scene, team, able):
    """What the parts `to = "team"` add, whether they are done, and whether one is begun."""
    value, done, started = ZERO, True, False
    for part in scene.stage["parts"]:
        if part["to"] != "team":
            continue
        keys = [m["key"] for m in scene.stage["all_modules"] if below(scene.plan, m["part"], part["key"])]
        there = [e for e in able if any(_marked(scene, key, e) for key in keys)]
        if able and not any(_speaks(scene, keys, e) for e in there):
            # What was marked through somebody who has left is still the team's.
            there = [e for e in team.members if e in scene.taking and _speaks(scene, keys, e)] or there
        if not there:
            done = False
            continue
        best = min(there, key=lambda e, part=part, keys=keys: _as_representative(scene, part, keys, e))
        cell = scene.columns.parts[part["key"]][best]
        value += cell.value * part["weight"] / 100
        started = started or any(scene.columns.modules[key][best].done for key in keys)
        # Where nobody has marks, one who is absent there or came to nothing settles it.
        cells = [scene.columns.parts[part["key"]][e] for e in there]
        speaks = _speaks(scene, keys, best)
        is_done = cell.done if speaks else any(c.done for c in cells)
        done = done and is_done
        _note_own(team, [scene.columns.modules[key][best] for key in keys], speaks, is_done)
    return value, done, started


def _note_own(team, cells, speaks, is_done):
    """What a part of the team's own says of whether the team lacks something."""
    if speaks:
        team.void = team.void or any(cell.state for cell in cells)
        team.finished += sum(cell.done for cell in cells)
    else:
        team.void = team.void or is_done


def _speaks(scene, keys, entrant):
    """Whether the member has a mark in the part that is not void."""
    cells = [scene.columns.modules[key][entrant] for key in keys]
    return any(cell.done and not cell.state for cell in cells)


def _as_representative(scene, part, keys, entrant):
    """Of several members with marks in a part of the team the best counts: that one comes first."""
    cell = scene.columns.parts[part["key"]][entrant]
    if scene.plan["ranking"]["order"] != "low":
        return -cell.value, not cell.done
    cells = [scene.columns.modules[key][entrant] for key in keys]
    return any(c.state for c in cells), -sum(c.done for c in cells), cell.value


def below(plan, part, top):
    """Whether a part is, or lies within, another."""
    return (
        part == top or bool(plan["part"][part]["within"]) and below(plan, plan["part"][part]["within"], top)
    )


def _marked(scene, module, entrant):
    book, key = scene.book, (module, entrant)
    panels = len(scene.plan["module"][module]["panels"])
    return (
        key in book.scores
        or key in book.gone
        or any((module, n, entrant) in book.sheets for n in range(panels))
    )


def _rank(scene, rule, teams):
    """Gives the places; and the groups of equals for whom a ruling is wanted."""
    by_name = {team.name: team for team in teams if team.started}
    if scene.plan["ranking"]["order"] == "low" and rule["method"] != "places":
        keys = _keys_of_low(scene, by_name)
    else:
        keys = [Key("total", lambda name: -compared(scene.plan, "team", by_name[name].mark))]
    keys += [_summed(scene, by_name, tie) for tie in scene.plan["ranking"]["ties"] if tie["by"] in TEAM_TIES]
    if not scene.plan["ranking"]["shared"]:
        keys.append(Key("ruling", lambda name: _ruling(scene, by_name[name])))
    equal_groups = in_order(list(by_name), keys)
    found = places(equal_groups, scene.plan["ranking"]["dense"])
    for label, equals in equal_groups:
        for name in equals:
            by_name[name].place = found[name]
            by_name[name].decided_by = label
    if scene.plan["ranking"]["shared"]:
        return []
    open_still = [list(equals) for _, equals in equal_groups if len(equals) > 1]
    return [equals for equals in open_still if all(by_name[name].done for name in equals)]


def _keys_of_low(scene, by_name):
    """As those of entrants (rank.py): who lacks something last, then by what is finished, then the total."""

    def finished(name):
        team = by_name[name]
        return (1, -team.finished) if not (team.void or team.done) else (int(team.void), 0)

    def total(name):
        team = by_name[name]
        return ZERO if team.void else compared(scene.plan, "team", team.mark)

    return [Key("void", lambda name: by_name[name].void), Key("finished", finished), Key("total", total)]


def _summed(scene, by_name, tie):
    """A tie key of the plan, added up over the members who count; not had when one of them lacks it."""
    key = tie_key(scene, tie)

    def value(name):
        values = [key.value(entrant) for entrant in by_name[name].counting]
        return None if None in values else sum(values, ZERO)

    return Key(key.label, value)


def _ruling(scene, team):
    """The chief's ruling on a team stands with any of its members."""
    ruled = [scene.people[e]["team_ruling"] for e in team.members]
    return min((ruling for ruling in ruled if ruling is not None), default=None)
