"""Section 7: who goes on to the next stage."""

from contest.recount.amounts import amount, whole
from contest.recount.rank import in_order, tie_key

UP = {
    "up": lambda v: -(-v.numerator // v.denominator),
    "down": lambda v: v.numerator // v.denominator,
    "half_up": lambda v: whole(v, "half_up"),
}


def lets_on(stage):
    """Whether the stage says how many go on."""
    return stage["advance"] is not None or stage["advance_percent"] is not None


def going_on(ranking):
    """The entrants who would go on now, in the order of the file."""
    scene = ranking.scene
    stage, chosen = scene.stage, set()
    for group, order in ranking.order.items():
        seats = stage["advance"]
        if seats is None:
            competed = sum(scene.competed(e) for e in scene.people if scene.group(e) == group)
            seats = UP[stage["advance_rounding"]](amount(competed) * stage["advance_percent"] / 100)
        candidates = _within_the_cap(stage["advance_cap"], order, ranking.place, scene.people)
        chosen.update(_up_to_the_line(scene, ranking.place, candidates, seats))
    return [e for e in scene.people if e in chosen]


def _within_the_cap(cap, order, place, people):
    """Walks down the places and passes over who comes from an organisation that has its number already.

    Equals of one organisation that reach its number together all stay: what counts is who is placed better.
    """
    if cap is None:
        return order
    result = []
    for entrant in order:
        home = people[entrant]["organisation"]
        better = [e for e in result if people[e]["organisation"] == home and place[e] < place[entrant]]
        if not home or len(better) < cap:
            result.append(entrant)
    return result


def _up_to_the_line(scene, place, candidates, seats):
    """The first `seats`; equals on the last of them as `advance_line` says."""
    if len(candidates) <= seats or seats <= 0:
        return candidates if seats > 0 else []
    last = place[candidates[seats - 1]]
    above = [e for e in candidates if place[e] < last]
    equals = [e for e in candidates if place[e] == last]
    if len(above) + len(equals) <= seats:
        return above + equals
    line = scene.stage["advance_line"]
    if line == "out":
        return above
    if line != "key":
        return above + equals
    left = seats - len(above)
    for _, still_equal in in_order(equals, [tie_key(scene, scene.stage["advance_by"])]):
        if left > 0:
            above = above + still_equal
            left -= len(still_equal)
    return above
