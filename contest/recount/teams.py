"""Section 6, first half: the teams of a stage, their marks and places."""

from contest.recount.amounts import ZERO, carried, compared
from contest.recount.rank import TEAM_TIES, Key, in_order, places, tie_key
from contest.recount.refusal import Refused

NOTHING = ("absent", "withdrawn", "disqualified")


class Team:
    """One team: whose marks count, and what they come to."""

    def __init__(self, name, members):
        self.name = name
        self.members = members
        self.counting = []
        self.mark = ZERO
        self.done = False
        self.started = False
        self.place = None
        self.decided_by = ""


def teams_of(ranking):
    """The teams in order of first appearance, with their places."""
    scene = ranking.scene
    rule = scene.plan["teams"]
    if rule is None:
        return []
    members = {}
    for entrant, person in scene.people.items():
        if person["team"]:
            members.setdefault(person["team"], []).append(entrant)
    teams = [Team(name, codes) for name, codes in members.items()]
    for team in teams:
        if rule["size"] and len(team.members) > rule["size"]:
            raise Refused(f"Team {team.name} has more than {rule['size']} members.", "entrants")
        _mark(scene, ranking, rule, team)
    _rank(scene, rule, teams)
    return teams


def _mark(scene, ranking, rule, team):
    able = [e for e in team.members if scene.state(e) not in NOTHING and e in scene.taking]
    if rule["method"] == "places":
        points = rule["place_points"]
        team.counting = able
        held = [ranking.place[e] for e in able if e in ranking.place]
        value = sum((points[place - 1] for place in held if place <= len(points)), ZERO)
    else:
        team.counting = able if rule["method"] != "best" else _best(scene, able, rule["best"])
        value = sum((scene.total(e) for e in team.counting), ZERO)
        if rule["method"] == "mean":
            value /= rule["size"] or max(len(team.counting), 1)
    extra, extra_done, extra_started = _representative(scene, team, able)
    team.mark = carried(scene.plan, "team", value + extra)
    team.done = extra_done and all(scene.complete(e) for e in able if scene.state(e) == "normal")
    team.started = extra_started or any(scene.finished(e) for e in able)


def _best(scene, able, number):
    """The members whose totals count; of equal totals the earlier in the file."""
    low = scene.plan["ranking"]["order"] == "low"

    def worse(entrant):
        if low:
            return scene.void(entrant), not scene.complete(entrant), scene.total(entrant)
        return (-scene.total(entrant),)

    chosen = sorted(able, key=worse)[:number]
    return [e for e in able if e in chosen]


def _representative(scene, team, able):
    """What the parts `to = "team"` add, whether they are done, and whether one is begun."""
    value, done, started = ZERO, True, False
    for part in scene.stage["parts"]:
        if part["to"] != "team":
            continue
        keys = [m["key"] for m in scene.stage["all_modules"] if below(scene.plan, m["part"], part["key"])]
        there = [e for e in team.members if any(_marked(scene, key, e) for key in keys)]
        if len(there) > 1:
            raise Refused(f"Team {team.name} has more than one member with marks in {part['key']}.", "marks")
        there = [e for e in there if e in able]
        for entrant in there:
            cell = scene.columns.parts[part["key"]][entrant]
            value += cell.value * part["weight"] / 100
            started = started or any(scene.columns.modules[key][entrant].done for key in keys)
        done = done and bool(there) and scene.columns.parts[part["key"]][there[0]].done
    return value, done, started


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
    by_name = {team.name: team for team in teams if team.started}
    sign = 1 if scene.plan["ranking"]["order"] == "low" and rule["method"] != "places" else -1
    keys = [Key("total", lambda name: sign * compared(scene.plan, "team", by_name[name].mark))]
    keys += [_summed(scene, by_name, tie) for tie in scene.plan["ranking"]["ties"] if tie["by"] in TEAM_TIES]
    if not scene.plan["ranking"]["shared"]:
        keys.append(Key("ruling", lambda name: _ruling(scene, by_name[name])))
    equal_groups = in_order(list(by_name), keys)
    found = places(equal_groups, scene.plan["ranking"]["dense"])
    for label, equals in equal_groups:
        for name in equals:
            by_name[name].place = found[name]
            by_name[name].decided_by = label if name == equals[0] else ""


def _summed(scene, by_name, tie):
    """A tie key of the plan, added up over the members who count; not had when one of them lacks it."""
    key = tie_key(scene, tie)

    def value(name):
        values = [key.value(entrant) for entrant in by_name[name].counting]
        return None if None in values else sum(values, ZERO)

    return Key(key.label, value)


def _ruling(scene, team):
    """The chief's ruling on a team stands with its members; the lowest of them is the team's."""
    return min(
        (scene.people[e]["ruling"] for e in team.members if scene.people[e]["ruling"] is not None),
        default=None,
    )
