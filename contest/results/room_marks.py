"""Modules whose marks are made comparable between rooms: what stood there before, and refusals."""

from dataclasses import replace

from contest.scoring.modules import module_result
from contest.scoring.scheme import Adjustment
from contest.scoring.sheets import all_sheets


def done_before_rooms(plan, book, standings):
    """{module key: bool (n,)}: whose mark is in, of each module of which a room was too small.

    There the module is done for nobody; whether a mark is missing must be asked apart.
    """
    refused = [
        module for module in plan.modules_of_stage(standings.stage)
        if standings.modules[module.key].refused
    ]
    if not refused:
        return {}
    sheets = all_sheets(plan, book)
    entered = book.entered.get(standings.stage)
    return {
        module.key: module_result(
            plan, replace(module, adjustment=Adjustment()), book, sheets.get(module.key), True,
            entered,
        ).done
        for module in refused
    }
