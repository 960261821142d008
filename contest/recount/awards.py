"""Section 8: awards, in the plan's order."""

from contest.recount.advance import UP
from contest.recount.amounts import amount, compared, whole
from contest.recount.conditions import allowed
from contest.recount.organisations import organisations_of

CHAIN = ("ratio", "count")  # the rules whose prizes follow one after the other


class Field:
    """Those who compete for awards of one kind: entrants, teams or organisations."""

    def __init__(self, order, place, competed, registered):
        self.order = order  # {group: those with a place, best first}
        self.place = place
        self.competed = competed  # {group: those who competed}
        self.registered = registered  # {group: how many are in the stage}


class Awards:
    """Every award that is given at the plan's last stage, and how many there were to give."""

    def __init__(self, ranking, teams):
        self.scene, self.teams = ranking.scene, {team.name: team for team in teams}
        self.given = []  # rows of the answer
        self.quotas = []
        self.held = {}  # (kind, who) -> award keys
        self._chain = {}  # (kind, title or not, group) -> prizes given so far
        self._holders = {}  # (kind, title or not) -> who holds a prize of the chain
        self._persons = set()  # persons who have an award that counts
        self.organisations = {}
        self._field = {"entrant": _entrants(ranking), "team": _teams(ranking.scene, teams)}
        plan = ranking.scene.plan
        if ranking.scene.stage is not plan["stages"][-1]:
            return
        self._all(plan, ("entrant", "team"))
        flat = [(row["award"], row["to"], row["code"]) for row in self.given]
        self.organisations = organisations_of(ranking.scene, teams, flat)
        self._field["organisation"] = _organisations(ranking.scene, self.organisations)
        self._all(plan, ("organisation",))
        self._sort(plan)

    def _all(self, plan, kinds):
        for award in plan["awards"]:
            if award["to"] in kinds and award["rule"] != "vote":  # a vote is the committee's
                for group in self._field[award["to"]].registered:
                    self._give(award, group)

    def _give(self, award, group):
        field, kind = self._field[award["to"]], award["to"]
        base = self._base(award, field, group)
        count = self._seats(award, group, base)
        eligible = []
        if len(field.competed[group]) >= award["from_competed"]:
            eligible = self._eligible(award, field.order[group])
        else:
            count = 0
        award_place, free = _places_among(field, eligible), eligible
        if award["rule"] in CHAIN:
            holders = self._holders.setdefault((kind, bool(award["title"])), set())
            free = [who for who in eligible if who not in holders]
        before = len(self.given)
        for name, number, candidates in self._shares(award, field, group, count, free):
            winners = self._winners(award, award_place, candidates, number)
            for who in winners:
                self._hand_over(award, name, who, field.place[who], award_place[who])
            quota = {"award": award["key"], "group": name, "base": base, "given": len(winners)}
            self.quotas.append(quota | {"count": None if award["rule"] == "threshold" else number})
        if award["rule"] in CHAIN:
            key = kind, bool(award["title"]), group
            self._chain[key] = self._chain.get(key, 0) + len(self.given) - before

    def _base(self, award, field, group):
        """Of how many a ratio is taken; 0 for every other rule."""
        if award["rule"] != "ratio":
            return 0
        return field.registered[group] if award["of"] == "registered" else len(field.competed[group])

    def _eligible(self, award, order):
        """Who may take the award, whether or not they have a prize already, best first."""
        return self._one_entry_each(award, [who for who in order if self._may(award, who)])

    def _seats(self, award, group, base):
        """How many there are to give."""
        if award["rule"] == "ratio":
            number = UP[award["rounding"]](amount(base) * award["share"])
            before = self._chain.get((award["to"], bool(award["title"]), group), 0)
            return max(number - before, 0) if award["cumulative"] else number
        return award["last"] - award["first"] + 1 if award["rule"] == "top" else award["count"]

    def _may(self, award, who):
        kind, held = award["to"], self.held.get((award["to"], who), [])
        if any(key in held for key in award["unless"]) or (award["passed"] and not self._passed(kind, who)):
            return False
        if self._one_each(award) and self._person(who) in self._persons:
            return False
        if award["key"] in self._passed_over(kind, who):
            return False
        person = self.scene.people[who] if kind == "entrant" else None
        return allowed(award, person)

    def _passed_over(self, kind, who):
        """The awards for which the committee passed over them; a team's stand with any of its members."""
        people = self.scene.people
        if kind == "team":
            return {key for e in self.teams[who].members for key in people[e]["team_passed_over"]}
        return people[who]["passed_over"] if kind == "entrant" else ()

    def _passed(self, kind, who):
        if kind == "team":
            return all(self.scene.passed[e] for e in self.teams[who].counting)
        return kind == "organisation" or self.scene.passed[who]

    def _one_each(self, award):
        return self.scene.plan["prizes"]["one_each"] and award["to"] == "entrant" and not award["title"]

    def _person(self, entrant):
        return self.scene.people[entrant]["person"] or entrant

    def _one_entry_each(self, award, candidates):
        """With one award for each person, only the person's best entry is looked at."""
        if not self._one_each(award):
            return candidates
        first = {}
        for who in candidates:
            first.setdefault(self._person(who), who)
        return list(first.values())

    def _winners(self, award, award_place, candidates, count):
        if award["rule"] == "threshold":
            return [who for who in candidates if self._reaches(award, who)]
        if award["rule"] == "top":
            chosen = up_to(award_place, candidates, award["last"], award["border"])
            return [who for who in chosen if award_place[who] >= award["first"]]
        return up_to(award_place, candidates, count, award["border"])

    def _shares(self, award, field, group, count, candidates):
        """[(group, how many, who may take them)]: a shift gives its group a number, all others the rest."""
        if not award["shift"]:
            return [(group, count, candidates)]
        people, favoured, competed = self.scene.people, award["shift"]["group"], field.competed[group]
        share = amount(sum(people[e]["group"] == favoured for e in competed)) / (len(competed) or 1)
        number = whole(count * (share + amount(award["shift"]["points"]) / 100), "half_up")
        number = min(max(number, 0), count)
        own = [e for e in candidates if people[e]["group"] == favoured]
        rest = [e for e in candidates if people[e]["group"] != favoured]
        return [(favoured, number, own), (group, count - number, rest)]

    def _reaches(self, award, who):
        scene, plan = self.scene, self.scene.plan
        if award["to"] == "team":
            team = self.teams[who]
            return team.done and compared(plan, "team", team.mark) >= award["least"]
        if award["to"] == "organisation":
            return self.organisations[who]["points"] >= award["least"]
        if award["part"]:
            cells = [("part", scene.columns.parts.get(award["part"], {}).get(who))]
        elif award["module"] or award["any"]:
            keys = scene.stage["own_modules"] if award["any"] else [award["module"]]
            cells = [("module", scene.columns.modules.get(key, {}).get(who)) for key in keys]
        else:
            return scene.complete(who) and compared(plan, "stage", scene.total(who)) >= award["least"]
        return any(
            cell is not None and cell.done and compared(plan, step, cell.value) >= award["least"]
            for step, cell in cells
        )

    def _hand_over(self, award, group, who, place, award_place):
        kind = award["to"]
        self.held.setdefault((kind, who), []).append(award["key"])
        if award["rule"] in CHAIN:
            self._holders.setdefault((kind, bool(award["title"])), set()).add(who)
        if kind == "entrant" and not award["title"]:
            self._persons.add(self._person(who))
        self.given.append(
            {
                "award": award["key"],
                "to": kind,
                "code": who,
                "group": group,
                "place": place,
                "award_place": award_place,
            }
        )

    def _sort(self, plan):
        """The plan's order, best place first, then the order of the file."""
        order = {award["key"]: number for number, award in enumerate(plan["awards"])}
        listed = {"entrant": self.scene.people, "team": self.teams, "organisation": self.organisations}
        line = {kind: {who: number for number, who in enumerate(all_)} for kind, all_ in listed.items()}
        self.given.sort(key=lambda row: (order[row["award"]], row["place"], line[row["to"]][row["code"]]))
        self.quotas.sort(key=lambda row: order[row["award"]])


def up_to(award_place, candidates, number, border):
    """The first `number` of the candidates; equals on the last place all (`in`) or none of them (`out`)."""
    if number <= 0:
        return []
    if len(candidates) <= number:
        return list(candidates)
    last = award_place[candidates[number - 1]]
    if award_place[candidates[number]] != last or border == "in":
        return [who for who in candidates if award_place[who] <= last]
    return [who for who in candidates if award_place[who] < last]


def _places_among(field, candidates):
    """Places 1-2-2-4 among those who may take the award."""
    result = {}
    for number, who in enumerate(candidates, 1):
        equal = number > 1 and field.place[who] == field.place[candidates[number - 2]]
        result[who] = result[candidates[number - 2]] if equal else number
    return result


def _entrants(ranking):
    scene = ranking.scene
    groups = {group: [e for e in scene.people if scene.group(e) == group] for group in ranking.order}
    competed = {group: [e for e in codes if scene.competed(e)] for group, codes in groups.items()}
    registered = {group: sum(e in scene.taking for e in codes) for group, codes in groups.items()}
    return Field(ranking.order, ranking.place, competed, registered)


def _teams(scene, teams):
    ranked = sorted((team for team in teams if team.place), key=lambda team: team.place)
    names = [team.name for team in ranked]
    registered = sum(any(e in scene.taking for e in team.members) for team in teams)
    return Field({"": names}, {team.name: team.place for team in ranked}, {"": names}, {"": registered})


def _organisations(scene, rows):
    order = sorted(rows, key=lambda name: rows[name]["place"])
    competed = [name for name in order if rows[name]["competed"]]
    registered = len({scene.people[e]["organisation"] for e in scene.taking} & set(rows))
    return Field({"": order}, {name: rows[name]["place"] for name in order}, {"": competed}, {"": registered})
