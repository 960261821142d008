"""Section 2, `borda` and `majority`: marks that come from the orders in which judges put the entrants."""

from fractions import Fraction

from contest.recount.amounts import ZERO


def marks_from_orders(judged):
    """{entrant: mark} for the entrants of one group; `judged` is {entrant: Judged} of those who take part."""
    panel = next(iter(judged.values())).panel
    typed = [a["key"] for a in panel["aspects"] if a["kind"] == "rank"]
    orders = {}  # seat -> {entrant: lower is better}
    for entrant, work in judged.items():
        for sheet in work.sheets:
            value = sheet.stands[typed[0]] if typed else -sheet.total
            orders.setdefault(sheet.seat, {})[entrant] = value
    if panel["method"] == "borda":
        return {
            entrant: sum((_points(o, entrant) for o in orders.values() if entrant in o), ZERO)
            for entrant in judged
        }
    if not typed:
        orders = {
            seat: {e: 1 + sum(other < v for other in o.values()) for e, v in o.items()}
            for seat, o in orders.items()
        }
    return _majority({e: sorted(o[e] for o in orders.values() if e in o) for e in judged})


def _points(order, entrant):
    mine = order[entrant]
    below = sum(value > mine for value in order.values())
    equal = sum(value == mine for value in order.values()) - 1
    return below + Fraction(equal, 2)


def _majority(ranks):
    """The skating system; `ranks` is {entrant: ranks from the judges who count}."""
    last = max((r for mine in ranks.values() for r in mine), default=0)
    open_still, placed, column = dict(ranks), [], 0
    while open_still:  # in the last column everybody is placed
        column += 1
        reached = [e for e, mine in open_still.items() if 2 * sum(r <= column for r in mine) > len(mine)]
        by_key = {}
        for entrant in reached:
            by_key.setdefault(_columns(ranks[entrant], column, last), []).append(entrant)
            del open_still[entrant]
        placed.extend(by_key[key] for key in sorted(by_key))
    below, marks = len(ranks), {}
    for equals in placed:
        below -= len(equals)
        marks.update(dict.fromkeys(equals, Fraction(below)))
    return marks


def _columns(mine, column, last):
    """For this column and each further one: how many ranks (more is better), their sum (less is better)."""
    key = []
    for c in range(column, last + 1):
        counting = [r for r in mine if r <= c]
        key.append((-len(counting), sum(counting)))
    return tuple(key)
