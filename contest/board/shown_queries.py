"""Which figures the public sees, up to which moment, and how people are named in them."""

from dataclasses import replace

from contest.judging.blind_queries import has_blind_marks, hidden_modules
from contest.names import shown_name
from contest.results import queries as results
from contest.results.holder_queries import with_holders
from contest.results.views import public_half
from contest.setup.queries import plan_in_force, procedure_of


def named(contest, standings):
    """The standings with people named as every public list of this contest names them."""
    policy = procedure_of(contest).names
    if policy == "full" or (standings.view is not None and standings.view.by_code):
        return standings
    return replace(standings, rows=tuple(
        replace(row, name=shown_name(row.name, policy)) for row in standings.rows
    ))


def shown(contest_id, cutoff):
    """(OfficialStandings that the public sees, the ResultSheet they are or None).

    From the first publication of a stage on these are its last published revision: what happens
    to the marks afterwards is public when somebody publishes it. The table of the organisations counts who
    holds the granted prizes, unless a freeze hides what was granted since.
    """
    stage = results.stage_of(contest_id, as_of=cutoff)
    sheet = results.find_latest_sheet(contest_id, stage, as_of=cutoff)
    if sheet is not None:
        standings = results.published_standings(sheet)
        return (with_holders(standings) if cutoff is None else standings), sheet
    view = public_view(contest_id, stage, cutoff)
    return results.standings(contest_id, stage=stage, as_of=cutoff, is_read=True, view=view), None


def public_view(contest_id, stage, cutoff):
    """The half of the marks that is public while blind modules name nobody; None for all of them."""
    hidden = hidden_modules(contest_id, stage, cutoff)
    if not hidden or not has_blind_marks(contest_id, hidden, cutoff):
        return None
    return public_half(plan_in_force(contest_id).plan, stage, hidden)
