"""Which values of the sheets that are in lie far from what their judge measured of the others (F16)."""

from collections import defaultdict
from dataclasses import replace

from contest.judging.plausible_rules import far_from_others

IN_STATES = ("submitted", "resubmitted")


def with_far(module, cells):
    """The same {entrant id: {seat: bench_rules.Cell}}, each cell knowing what of it lies far.

    Compared is what is handed in and not hidden from the reader.
    """
    keys = [aspect.key for aspect in module.aspects if aspect.kind == "measured"]
    if not keys:
        return cells
    far = _far_values(keys, [cell for by_seat in cells.values() for cell in by_seat.values()])
    return {
        entrant_id: {
            seat: replace(cell, far=far[cell.sheet_id]) if cell.sheet_id in far else cell
            for seat, cell in by_seat.items()
        }
        for entrant_id, by_seat in cells.items()
    }


def _far_values(keys, cells):
    by_judge = defaultdict(dict)
    for cell in cells:
        if cell.state in IN_STATES and not cell.is_hidden:
            by_judge[cell.judge_id][cell.sheet_id] = cell.marks
    found = defaultdict(dict)
    for marks in by_judge.values():
        for key in keys:
            own = {sheet_id: given.get(key) for sheet_id, given in marks.items()}
            for sheet_id, far in far_from_others(own).items():
                found[sheet_id][key] = far
    return found
