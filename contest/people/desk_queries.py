"""What the contest's desk says about people."""

from contest.i18n import N_
from contest.people import panel_queries, queries
from contest.setup import queries as setup
from contest.setup.rules import Note


def desk_notes(contest_id):
    """Entrants, judges and panels: how many there are, and what is lacking."""
    return [*_entrant_notes(contest_id), *_judge_notes(contest_id)]


def _entrant_notes(contest_id):
    count = len(queries.list_entrants(contest_id))
    if not count:
        yield Note(
            N_("Nobody is registered yet."),
            endpoint="people.list_entrants",
            kind="todo",
            blocks="scoring",
        )
        return
    yield Note(
        N_("Registered: contestants %(count)s, teams %(teams)s, organisations %(units)s."),
        {
            "count": count,
            "teams": len(queries.list_teams(contest_id)),
            "units": len(queries.organisation_sizes(contest_id)),
        },
        "people.list_entrants",
        "good",
    )
    yield from _team_notes(contest_id)


def _team_notes(contest_id):
    found = setup.find_plan_in_force(contest_id)
    size = found.plan.teams.size if found and found.plan.teams else None
    if not size:
        return
    sizes = queries.team_sizes(contest_id)
    if short := sum(sizes.get(t.id, 0) < size for t in queries.list_teams(contest_id)):
        yield Note(
            N_("Teams with fewer than the plan's %(size)s members: %(count)s."),
            {"count": short, "size": size},
            "people.list_units",
            "warn",
        )
    if alone := sum(e.team_id is None for e in queries.list_entrants(contest_id)):
        yield Note(
            N_("Contestants without a team: %(count)s."),
            {"count": alone},
            "people.list_entrants",
            "warn",
        )


def _count_seated(panels):
    """How many judges hold a seat or are a reserve, each once; trainees hold none."""
    return len({seat.judge_id for line in panels for seat in (*line.seats, *line.reserves)})


def _judge_notes(contest_id):
    if setup.find_plan_in_force(contest_id) is None:
        return
    stage = setup.get_contest(contest_id).stage or None
    panels = panel_queries.list_panels(contest_id, stage)
    if not panels:
        return
    judges = len(queries.list_judges(contest_id))
    if not judges:
        yield Note(
            N_("There are no judges yet."),
            endpoint="people.list_judges",
            kind="todo",
            blocks="scoring",
        )
    if lacking := sum(not line.is_full for line in panels):
        yield Note(
            N_("Panels that still need judges: %(count)s."),
            {"count": lacking},
            "people.list_panels",
            "todo",
        )
    else:
        yield Note(
            N_("Full panels: %(panels)s; judges on them: %(judges)s."),
            {"judges": _count_seated(panels), "panels": len(panels)},
            "people.list_panels",
            "good",
        )


setup.DESK_NOTES.append(desk_notes)
