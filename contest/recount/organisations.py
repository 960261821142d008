"""Section 6, second half: the medal table of the organisations."""

from contest.recount.amounts import ZERO
from contest.recount.rank import Key, in_order, places


def organisations_of(scene, teams, given):
    """The medal table in order of first appearance; `given` is [(award, "entrant" or "team", who)]."""
    rule = scene.plan["organisations"]
    rows = {}
    home = {("entrant", e): p["organisation"] for e, p in scene.people.items()}
    for team in teams:
        own = [scene.people[e]["organisation"] for e in team.members if scene.people[e]["organisation"]]
        home["team", team.name] = own[0] if own else ""
    counted = [a["key"] for a in scene.plan["awards"] if a["to"] in ("entrant", "team")]
    for entrant, person in scene.people.items():
        if person["organisation"]:
            row = rows.setdefault(
                person["organisation"], {"counts": dict.fromkeys(counted, 0), "competed": 0}
            )
            row["competed"] += scene.competed(entrant)
    for award, kind, who in given:
        if home.get((kind, who)):
            rows[home[kind, who]]["counts"][award] += 1
    worth = rule["points"] if rule else {}
    for row in rows.values():
        row["points"] = sum((n * worth.get(award, ZERO) for award, n in row["counts"].items()), ZERO)
        row["average"] = row["points"] / row["competed"] if row["competed"] else ZERO
    medals = list(worth) or counted
    look = {
        "points": lambda r: -r["points"],
        "average": lambda r: -r["average"],
        "medals": lambda r: tuple(-r["counts"].get(award, 0) for award in medals),
    }
    key = look[rule["order"] if rule else "points"]
    for name, place in places(in_order(list(rows), [Key("total", lambda name: key(rows[name]))])).items():
        rows[name]["place"] = place
    return rows
