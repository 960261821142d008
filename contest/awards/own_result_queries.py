"""What the holder of an admission card may see: the own result, once it is released."""

from dataclasses import dataclass

from contest.awards.queries import Report, report
from contest.board.hidden_queries import frozen_among, is_hidden
from contest.errors import Missing
from contest.people.models import Entrant
from contest.people.queries import get_entrant_by_token
from contest.results.queries import find_latest_sheet, stage_of
from contest.scoring.scheme import Stage
from contest.setup.models import Contest
from contest.setup.queries import get_contest, plan_in_force
from contest.setup.rules import UNPUBLISHED_IN


@dataclass(frozen=True)
class OwnResult:
    """A contestant's own page. report: None while nothing of the stage is released.

    stages: those of which something is released, in the plan's order.
    """

    contest: Contest
    entrant: Entrant
    stages: tuple[Stage, ...]
    stage: Stage | None
    report: Report | None
    is_final: bool


def own_result(contest_id, token, wanted=None):
    """The OwnResult of an admission card in a stage (None: the last that is released); Missing."""
    entrant = get_entrant_by_token(token)
    if entrant.contest_id != contest_id:
        raise Missing("This is not one of our admission cards.")
    contest = get_contest(contest_id)
    plan = plan_in_force(contest_id).plan
    stages = tuple(stage for stage in plan.stages if _released(contest, stage.key))
    known = {stage.key: stage for stage in stages}
    if wanted is not None and wanted not in known:
        raise Missing("Nothing of this stage has been released.")
    stage = known[wanted] if wanted else (stages[-1] if stages else None)
    if stage is None:
        return OwnResult(contest, entrant, stages, None, None, False)
    found = _report_of(contest_id, entrant.id, stage.key)
    is_final = _released(contest, stage.key).kind == "final"
    return OwnResult(contest, entrant, stages, stage, found, is_final)


def _released(contest, stage):
    """The published sheet of a stage that its contestants may see, or None.

    What is being corrected, or hidden from the hall by a freeze, is not released.
    """
    sheet = find_latest_sheet(contest.id, stage)
    # Of a stage that is not held any more, too: what was published behind the freeze is still to be told.
    if sheet is None or is_hidden(contest.id, sheet.at):
        return None
    if stage != stage_of(contest.id):
        return sheet
    return None if contest.state in UNPUBLISHED_IN or frozen_among([contest.id]) else sheet


def _report_of(contest_id, entrant_id, stage):
    """The report, or None for whoever was not in the stage."""
    try:
        return report(contest_id, entrant_id, stage)
    except Missing:
        return None
