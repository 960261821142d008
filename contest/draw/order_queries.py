"""The starting order and the papers of a stage as they were drawn."""

from dataclasses import dataclass, field

from contest.draw import order_rules, queries
from contest.draw.check_rules import read_file
from contest.draw.order_rules import Drawn, Starter
from contest.errors import Missing
from contest.people import queries as people
from contest.setup.queries import get_contest, plan_in_force


@dataclass(frozen=True)
class OrderLine:
    """One entrant's place in the starting order. entrant: None for one who was struck off since."""

    drawn: Drawn
    late: bool
    entrant: object


@dataclass(frozen=True)
class OrderPage:
    """What was drawn for a stage. seals: by kind, the DrawSeed that waits; draws: by kind, lines.

    together: pairs of one organisation that stand side by side all the same, as order_rules gives.
    is_open: the scoring is not closed. stands: by kind, the sentence why it is not drawn again, or "".
    unplaced: who takes part and has no place in the order. by_two: drawing again takes two people.
    gives_codes: the layer of stations has taken these stations as its codes.
    """

    stage: object
    seals: dict
    draws: dict
    lines: tuple
    together: tuple
    paper: dict | None
    batch: int
    gives_codes: bool = False
    is_open: bool = True
    stands: dict = field(default_factory=dict)
    unplaced: tuple = ()
    by_two: bool = False

    @property
    def has_stations(self):
        """True where people start in batches, each at a station."""
        return bool(self.batch)


def order_page(contest_id, stage=None):
    """The OrderPage of a stage (None: the one being held); Missing."""
    stages = {one.key: one for one in plan_in_force(contest_id).plan.stages}
    held = get_contest(contest_id).stage
    key = stage or (held if held in stages else list(stages)[-1])
    if key not in stages:
        raise Missing("There is no such stage in this contest.")
    draws = {kind: queries.list_draws(contest_id, key, 0, kind) for kind in ("order", "paper")}
    order, paper = (
        read_file(draws[kind][0].draw.file) if draws[kind] else None for kind in ("order", "paper")
    )
    lines, together = _lines(contest_id, order) if order else ((), ())
    stands = {
        "order": order_rules.ORDER_STANDS if order and queries.is_order_marked(contest_id, key) else "",
        "paper": order_rules.PAPER_STANDS if paper and queries.is_stage_marked(contest_id, key) else "",
    }
    return OrderPage(
        stages[key],
        {kind: queries.find_seal(contest_id, key, kind, 0) for kind in ("order", "paper")},
        draws, lines, together, paper, order["batch"] if order else 0,
        gives_codes=queries.taken_order(contest_id, key) is not None,
        is_open=get_contest(contest_id).state in order_rules.DRAWN_IN, stands=stands,
        unplaced=tuple(queries.find_unplaced(contest_id, order)) if order else (),
        by_two=queries.draws_again_by_two(contest_id),
    )


def _lines(contest_id, document):
    known = {one.number: one for one in people.list_entrants(contest_id)}
    starters = [Starter(one["number"], one["group"], one["late"]) for one in document["entrants"]]
    late = {one.number for one in starters if one.late}
    drawn = [Drawn(*one) for one in document["drawn"]]
    lines = tuple(OrderLine(one, one.number in late, known.get(one.number)) for one in drawn)
    return lines, tuple(order_rules.together(starters, drawn))
