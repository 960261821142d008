"""The receipt, continued. A mark made from the judges' orders, for one entrant, written out."""

from fractions import Fraction

from contest.scoring.receipt_sums import Notes, number
from contest.scoring.scheme import Module
from contest.scoring.words import N_

POINT = 10_000


def order_mark(module: Module, sheets: dict, row: int, notes: Notes) -> Fraction:
    """The mark of one entrant in units; sheets: {row: [Sheet]} of all who take part."""
    if row not in sheets:
        notes.add(N_("Not among those whom the judges put in order: it counts as 0."), {}, "", module)
        return Fraction(0)
    is_rank = module.aspects[0].kind == "rank"
    goodness = {
        each: {s.seat: -s.values[0] if is_rank else s.total for s in own}
        for each, own in sheets.items()
    }
    if module.all_panels[0].method == "borda":
        return _borda(module, goodness, row, notes)
    ranks = _ranks(goodness, is_rank)
    return _majority(module, ranks, row, notes)


def _borda(module, goodness, row, notes):
    terms = []
    for seat, own in sorted(goodness[row].items()):
        others = [marks[seat] for each, marks in goodness.items() if each != row and seat in marks]
        below, equal = sum(other < own for other in others), others.count(own)
        terms.append(Fraction(below * POINT) + Fraction(equal * POINT, 2))
        notes.add(
            N_("Judge %(judge)s puts %(below)s below it and %(equal)s equal to it."),
            {"judge": seat + 1, "below": below, "equal": equal},
            f"{below} + {equal} ÷ 2 = {number(terms[-1])}", module,
        )
    total = sum(terms, Fraction(0))
    notes.add(
        N_("The points from all judges added up."), {},
        f"{' + '.join(map(number, terms))} = {number(total)}", module,
    )
    return total


def _ranks(goodness, is_rank):
    """{row: {seat: rank}}: the ranks given, or 1-2-2-4 in each judge's totals."""
    ranks = {}
    for row, own in goodness.items():
        ranks[row] = {}
        for seat, value in own.items():
            better = sum(marks[seat] > value for marks in goodness.values() if seat in marks)
            ranks[row][seat] = int(-value) if is_rank else better + 1
    return ranks


def _majority(module, ranks, row, notes):
    own = ranks[row]
    judges, majority = len(own), len(own) // 2 + 1
    notes.add(
        N_("Its ranks from the judges; a majority of %(judges)s judges is %(majority)s."),
        {"judges": judges, "majority": majority}, ", ".join(str(own[seat]) for seat in sorted(own)),
        module,
    )
    last = max((rank for each in ranks.values() for rank in each.values()), default=1)
    placed, waiting = 0, set(ranks)
    for column in range(1, last + 1):  # in the last column every judge ranks it that or better
        found = {e for e in waiting if _upto(ranks[e], column)[0] * 2 > len(ranks[e])}
        _note_column(module, ranks, row, column, found, notes)
        if row in found:
            ahead, equal = _in_column(module, ranks, row, found, column, last, notes)
            return _placed(module, len(ranks), placed + ahead, equal, notes)
        placed += len(found)
        waiting -= found
    raise ArithmeticError(f"no judge ranks entrant {row} in {module.key}")


def _upto(ranks, column):
    """(how many ranks are the column's or better, their sum)."""
    some = [rank for rank in ranks.values() if rank <= column]
    return len(some), sum(some)


def _note_column(module, ranks, row, column, found, notes):
    count = _upto(ranks[row], column)[0]
    label = N_("Ranked %(column)s or better by %(count)s judges: no majority yet.")
    if row in found:
        label = N_(
            "Ranked %(column)s or better by %(count)s judges: a majority; with it there: %(others)s."
        )
    params = {"column": column, "count": count, "others": len(found) - 1}
    notes.add(label, params, "", module)


def _in_column(module, ranks, row, found, column, last, notes):
    """(how many of those with a majority come before it, how many stay equal, itself counted)."""
    ahead, equal = 0, found
    for at in range(column, last + 1):
        if len(equal) == 1:
            break
        # More ranks first, then the smaller sum of them; the equal go on to the next column.
        keys = {each: (-_upto(ranks[each], at)[0], _upto(ranks[each], at)[1]) for each in equal}
        count, total = -keys[row][0], keys[row][1]
        before = sum(key < keys[row] for key in keys.values())
        equal = {each for each in equal if keys[each] == keys[row]}
        ahead += before
        notes.add(
            N_("Up to %(column)s it has %(count)s ranks with the sum %(sum)s; "
               "ahead of it: %(ahead)s; still equal: %(equal)s."),
            {"column": at, "count": count, "sum": total, "ahead": before, "equal": len(equal) - 1},
            "", module,
        )
    return ahead, len(equal)


def _placed(module, count, ahead, equal, notes):
    below = count - ahead - equal
    notes.add(
        N_("Place %(place)s by majority of %(count)s; its mark is how many are placed below."),
        {"place": ahead + 1, "count": count}, f"{count} − {ahead} − {equal} = {below}", module,
    )
    return Fraction(below * POINT)
