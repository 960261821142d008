"""Starting order, batches, stations and papers by chance, with the people of one organisation apart.

How to redo it with paper and any SHA-256 program (algorithm 2; "shuffle with a seed" is the recipe
in contest/draw/rules.py). Seed: the secret seed, and where a public part was typed, a slash and that.

1. Write the entry numbers of those who came in time in a row, sorted as text, and shuffle them with
   "seed/order"; those who came late in a second row, shuffled with "seed/late".
2. From each row in turn (first the one, then the other) take the people one by one. Taken is the
   first in the row who is of another organisation than the one taken before, and after whom the rest
   of the row can still be set apart: no organisation has more than half of the rest, rounded up
   (rounded down for the organisation of the one just taken). Where nobody fits, the first in the row
   of the organisation with most people left, if the one before was of another, else the first of
   another organisation, else the first.
3. Batches are cut from this order. For batch n with s stations shuffle the numbers 1 to s with
   "seed/stations/n" and keep as many as there are people, in rising order; shuffle the people of the
   batch with "seed/seats/n", set them apart as in step 2, and seat them on these stations in turn.
   Where the layer of codes "station" takes these stations, a code is the station in two digits, with
   several batches the batch and a hyphen before it: 07, 2-07.
4. Whoever came later is drawn behind the others, who keep what was drawn for them: their numbers, sorted
   as text, are shuffled with "seed/late" and set apart as in step 2; their batches follow the last one.
5. Papers: shuffle their names, in the order in which they were written down, with "seed/paper"; the
   first is used, the second is the spare.

Setting apart changes chances a little: the people of a large organisation cannot stand side by side.
It never looks at names, only at entry numbers and at which people belong together.
"""

from collections import Counter
from dataclasses import dataclass

from contest.draw.rules import shuffled
from contest.errors import Conflict, Invalid
from contest.i18n import N_, joined

ALGORITHM = 2
MOST_STATIONS = 500
DRAWN_IN = ("setup", "registration", "scoring")
LONGEST_PAPER = 60


@dataclass(frozen=True)
class Starter:
    """One entrant of a draw: the entry number, a word for the organisation, and whether late."""

    number: str
    group: str = ""
    late: bool = False


@dataclass(frozen=True)
class Drawn:
    """Where one entrant starts. batch 0, station 0: there are none."""

    number: str
    order: int
    batch: int = 0
    station: int = 0


def draw_order(starters, seed, apart=True, batch=0, stations=0):
    """Every Starter's Drawn, in starting order, as the recipe above says."""
    if len({one.number for one in starters}) != len(starters):
        raise ValueError("entry numbers must differ")
    by_number = {one.number: one for one in starters}
    row = []
    for late, word in ((False, "order"), (True, "late")):
        numbers = sorted(one.number for one in starters if one.late == late)
        mixed = [by_number[number] for number in shuffled(numbers, f"{seed}/{word}")]
        row += set_apart(mixed, row[-1].group if row else None) if apart else mixed
    return _placed(row, seed, apart, batch, stations)


def draw_behind(kept, starters, seed, apart=True, batch=0, stations=0):
    """Those of `kept` as they were drawn, and behind them every Starter who is not among them (step 4)."""
    by_number = {one.number: one for one in starters}
    new = sorted(set(by_number) - {one.number for one in kept})
    row = [by_number[number] for number in shuffled(new, f"{seed}/late")]
    if apart:
        last = by_number.get(kept[-1].number) if kept else None
        row = set_apart(row, last and last.group)
    batches = max((one.batch for one in kept), default=0)
    return [*kept, *_placed(row, seed, apart, batch, stations, len(kept), batches)]


def _placed(row, seed, apart, batch, stations, behind=0, batches=0):
    """The Drawn of a row of Starters: places begin after `behind`, batches after `batches`."""
    found = []
    for n, people in enumerate(_batches(row, batch), batches + 1):
        places = _stations(people, f"{seed}", n, apart, stations) if batch else {}
        for one in people:
            order = behind + len(found) + 1
            found.append(Drawn(one.number, order, n if batch else 0, places.get(one, 0)))
    return found


def _batches(row, size):
    return [row[at : at + size] for at in range(0, len(row), size)] if size else [row]


def _stations(people, seed, n, apart, stations):
    count = max(stations, len(people))
    kept = sorted(shuffled(range(1, count + 1), f"{seed}/stations/{n}")[: len(people)])
    numbers = sorted(one.number for one in people)
    by_number = {one.number: one for one in people}
    mixed = [by_number[number] for number in shuffled(numbers, f"{seed}/seats/{n}")]
    return dict(zip(set_apart(mixed) if apart else mixed, kept, strict=True))


def set_apart(row, before=None):
    """The row with the people of one group apart as far as it can be done; step 2 above.

    before: the group of whoever stands in front of the row. Nobody without a group is kept apart.
    """
    left, placed, last = list(row), [], before
    while left:
        counts = Counter(one.group for one in left if one.group)
        taken = next((one for one in left if _fits(one, last, counts, len(left))), None)
        if taken is None:
            taken = _least_bad(left, last, counts)
        left.remove(taken)
        placed.append(taken)
        last = taken.group
    return placed


def _fits(one, last, counts, size):
    if one.group and one.group == last:
        return False
    rest = size - 1
    return all(
        count - (group == one.group) <= (rest // 2 if group == one.group else -(-rest // 2))
        for group, count in counts.items()
    )


def _least_bad(left, last, counts):
    most = max(counts, key=lambda group: (counts[group], group), default=None)
    wanted = [one for one in left if one.group == most] if most != last else []
    others = [one for one in left if not one.group or one.group != last]
    return (wanted or others or left)[0]


def together(starters, drawn):
    """Pairs of entry numbers of one organisation that stand side by side all the same.

    Each with what they share: "order", or "station" for neighbouring stations of one batch.
    """
    groups = {one.number: one.group for one in starters}
    found = [
        (a.number, b.number, "order") for a, b in zip(drawn, drawn[1:], strict=False)
        if groups.get(a.number) and groups.get(a.number) == groups.get(b.number)
    ]
    seated = sorted((one for one in drawn if one.station), key=lambda one: (one.batch, one.station))
    return found + [
        (a.number, b.number, "station") for a, b in zip(seated, seated[1:], strict=False)
        if a.batch == b.batch and b.station - a.station == 1
        and groups.get(a.number) and groups.get(a.number) == groups.get(b.number)
    ]


def station_codes(drawn):
    """{entry number: (code of the station, place in starting order)} of everybody with a station.

    >>> station_codes([Drawn("A2", 1, 1, 7), Drawn("A1", 2, 2, 7)])
    {'A2': ('1-07', 1), 'A1': ('2-07', 2)}
    """
    batches = {one.batch for one in drawn}
    width = max(2, len(str(max((one.station for one in drawn), default=0))))
    return {
        one.number: (f"{one.batch}-" * (len(batches) > 1) + str(one.station).zfill(width), one.order)
        for one in drawn if one.station
    }


def check_gives_stations(names, document):
    """The layer of stations is the outermost one, and the order was drawn with stations; Conflict.

    With an entry code before it a station that everybody knows beside the entry number would tell
    whoever keeps the stations whose entry code is whose.
    """
    if not names or names[0] != "station":
        raise Conflict(
            "Only with two layers, station and work code, are the stations those of the starting order: "
            "an entry code before the station would be told by it."
        )
    if document is None or not document["batch"]:
        raise Conflict("The starting order has not been drawn with batches and stations yet.")


def check_all_seated(outer, codes):
    """Everybody who takes part has a station in the order; Conflict naming those who have none."""
    if missing := sorted(set(outer) - set(codes)):
        raise Conflict(
            "Without a station in the starting order: %(numbers)s. Draw the order again first.",
            numbers=joined(missing, 8),
        )


def check_not_by_order(is_taken, is_marked):
    """Whoever joins is drawn into the order that gave the stations, as long as it may be drawn; Conflict."""
    if is_taken and not is_marked:
        raise Conflict(
            "The stations of this layer are those of the starting order: draw the order again, and the "
            "newcomers have their station with everybody."
        )


def draw_paper(papers, seed):
    """(the paper that is used, the spare or "")."""
    row = shuffled(papers, f"{seed}/paper")
    return row[0], row[1] if len(row) > 1 else ""


def read_papers(text):
    """The names of the prepared papers, one on each line, at least two and all different; Invalid."""
    papers = [" ".join(line.split()) for line in (text or "").splitlines() if line.strip()]
    if len(papers) < 2 or len(set(papers)) != len(papers) or max(map(len, papers)) > LONGEST_PAPER:
        why = Invalid(
            "Write the name of each prepared paper on a line of its own: at least two, all "
            "different, at most %(most)s characters each.", most=LONGEST_PAPER,
        )
        raise Invalid(why.message, fields={"papers": why}, **why.params)
    return papers


def read_count(text, field):
    """A whole number from 0 to 500 for batches and stations; Invalid."""
    text = (text or "").strip() or "0"
    if not text.isascii() or not text.isdecimal() or int(text) > MOST_STATIONS:
        why = Invalid("A whole number from 0 to %(most)s.", most=MOST_STATIONS)
        raise Invalid(why.message, fields={field: why}, **why.params)
    return int(text)


def check_stations(batch, stations):
    """A batch has a station for each of its people; Invalid."""
    if stations and not batch or (stations and stations < batch):
        why = Invalid("A batch needs at least as many stations as people start in it.")
        raise Invalid(why.message, fields={"stations": why})


def check_order_open(state, starters):
    """Order and paper are drawn before the scoring is closed, for somebody; Conflict."""
    if state in ("provisional", "notice", "final", "archived"):
        raise Conflict("Results have been published; the draw can no longer change.")
    if state not in DRAWN_IN:
        raise Conflict("The scoring is closed; the draw can no longer change.")
    if not starters:
        raise Conflict("There are no entrants to draw for yet.")


ORDER_STANDS = N_(
    "Marks have been entered in this stage, so the starting order stands. Whoever came later is drawn "
    "behind the others, who keep their places."
)
PAPER_STANDS = N_("Marks have been entered in this stage, so the paper that was drawn stands.")


def check_order_stands(is_drawn, is_marked):
    """What was drawn is not drawn again after the first mark: it would suit whoever has it; Conflict."""
    if is_drawn and is_marked:
        raise Conflict(ORDER_STANDS)


def check_paper_stands(is_drawn, is_marked):
    """As check_order_stands, of the paper; Conflict."""
    if is_drawn and is_marked:
        raise Conflict(PAPER_STANDS)


def check_behind(document, unplaced):
    """There is an order behind which somebody is drawn who has no place in it yet; Conflict."""
    if document is None:
        raise Conflict("The starting order has not been drawn yet.")
    if not unplaced:
        raise Conflict("Everybody who takes part has a place in the starting order.")
