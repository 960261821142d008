"""Do the list of the contestants and that of the prizes add up before anything is published?"""

from dataclasses import dataclass

# Why somebody of a stage has no place, in this order: whoever withdrew did not fail as well.
WITHOUT_PLACE = ("withdrawn", "disqualified", "absent", "not_finished", "failed")


@dataclass(frozen=True)
class EntrantSum:
    """Registered, less those who cannot have a place, is as many as have one.

    without: {reason of WITHOUT_PLACE: how many}. wrong: entry numbers of those who have a place and must
    not, or must and have none.
    """

    registered: int
    without: dict
    placed: int
    wrong: tuple

    @property
    def due(self):
        """How many must have a place."""
        return self.registered - sum(self.without.values())


def entrant_sum(rows, states, passed_only):
    """The EntrantSum of a table.

    rows: with entrant_id, number, place, passed. states: {entrant id: state} of everybody. passed_only:
    whoever is below a pass mark has no place.
    """
    without, wrong, placed = dict.fromkeys(WITHOUT_PLACE, 0), [], 0
    for row in rows:
        reason = states[row.entrant_id]
        if reason == "normal":
            reason = "failed" if passed_only and not row.passed else ""
        if reason:
            without[reason] += 1
        has_place = row.place is not None
        placed += has_place
        if has_place is bool(reason):
            wrong.append(row.number)
    return EntrantSum(len(rows), without, placed, tuple(wrong))
