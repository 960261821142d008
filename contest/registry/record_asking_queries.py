"""What is said of records before a result is final: beside results, and before a value is stored."""

from sqlalchemy import select

from contest.db import db
from contest.errors import Invalid
from contest.figures.queries import DOUBTS
from contest.judging.record_queries import RECORDS
from contest.people.models import Entrant
from contest.registry import record_rules, record_team_rules
from contest.registry.record_queries import (
    lines_with,
    marks_of,
    measured_of,
    printed,
    tellable,
    why_unfit,
)
from contest.results.flag_queries import FLAGS
from contest.setup.models import Contest


def flags(contest_id, official):
    """What officials read beside results that would be records, by entrant's id or "team-" and the team's.

    Each is [(record, in words how the result stands to it, is it confirmed)].
    official: standings as they are now, published or not; the public never asks here.
    """
    found = {}
    for line in lines_with(contest_id):
        if record_rules.stage_key(line, official.plan) != official.stage:
            continue
        if line.ended_at is not None or why_unfit(line, contest_id) is not None:
            continue
        others = [one for one in marks_of(line.id, "confirmed") if one.contest_id != contest_id]
        own = {(one.holder_id, one.value) for one in marks_of(line.id, "confirmed")}
        refused = {(one.holder_id, one.value) for one in marks_of(line.id, "refused")}
        values = _live_values(line, contest_id, official)
        values = {each: value for each, value in values.items() if (each, value) not in refused}
        best = _standing(line, others, contest_id)
        top = record_rules.best_of(line.better, values.values()) if values else None
        kind = record_rules.kind_of(line.better, best, top) if values else None
        for holder_id, value in values.items():
            if kind is not None and value == top:
                key = f"team-{holder_id}" if line.holder == "team" else holder_id
                found.setdefault(key, []).append(
                    (line, record_rules.KINDS[kind], (holder_id, value) in own)
                )
    return found


def doubts(contest_id, column, units):
    """{entrant id: why to look again (an Invalid)} of figures that beat a record of the contest's."""
    found = {}
    for line in lines_with(contest_id) if column.kind == "data" else ():
        if line.ended_at is not None or (line.what, line.key) != ("figure", column.key):
            continue
        others = [one for one in tellable(marks_of(line.id, "confirmed")) if one.contest_id != contest_id]
        best = _standing(line, others, contest_id)
        for entrant_id in _of_group(line, units) if best is not None else ():
            if record_rules.is_better(line.better, units[entrant_id], best):
                found[entrant_id] = Invalid(
                    "This beats the record of %(record)s (%(name)s). Is it read and typed rightly?",
                    record=printed(line, best), name=line.name,
                )
    return found


def standing_in(contest_id, module):
    """{aspect key: (units, high or low, the record's name)} of what a contest has to beat in a module.

    Of several records of one aspect the one that is beaten first, whoever it is about: a judge who is asked
    learns nothing of the contestant, not even the group.
    """
    found = {}
    for line in lines_with(contest_id):
        key = line.key.removeprefix(f"{module.key}.")
        if line.ended_at is not None or line.what != "aspect" or key == line.key:
            continue
        if why_unfit(line, contest_id) is not None:
            continue
        others = [one for one in tellable(marks_of(line.id, "confirmed")) if one.contest_id != contest_id]
        best = _standing(line, others, contest_id)
        if best is not None and (
            key not in found or record_rules.is_better(line.better, found[key][0], best)
        ):
            found[key] = (best, line.better, line.name)
    return found


def _of_group(line, entrant_ids):
    """Those of some entrants whom a record is about."""
    if not line.group:
        return list(entrant_ids)
    return db.session.scalars(
        select(Entrant.id).where(Entrant.id.in_(entrant_ids), Entrant.group == line.group)
    ).all()


def _standing(line, marks, contest_id):
    """What a contest has to beat: the best of before its day, or of today where it has no day."""
    contest = db.session.get(Contest, contest_id)
    on = contest.ends_on or contest.starts_on
    values = [one.value for one in marks if on is None or one.on < on]
    if line.earlier_value is not None:
        values.append(line.earlier_value)
    return record_rules.best_of(line.better, values) if values else None


def _live_values(line, contest_id, official):
    if line.holder == "team":
        return _live_team_values(line, official)
    rows = [
        {
            "entrant_id": row.entrant_id, "place": row.place if row.complete else None, "state": row.state,
            "is_void": row.is_void, "group": row.group, "total": row.total,
            "modules": {key: figure.text for key, figure in row.modules.items()},
            "absent_from": [key for key, figure in row.modules.items() if figure.note == "absent"],
        }
        for row in official.rows
    ]
    return {
        row["entrant_id"]: value
        for row, value in record_rules.values_in(rows, line, measured_of(line, contest_id))
    }


def _live_team_values(line, official):
    rows = [{"entrant_id": row.entrant_id, "name": row.name, "competed": row.competed}
            for row in official.rows]
    teams = [
        {"team_id": team.team_id, "place": team.place if team.complete else None, "total": team.total,
         "modules": team.modules, "members": team.members, "counting": team.counting,
         "is_void": team.is_void}
        for team in official.teams
    ]
    return {
        team["team_id"]: value
        for team, value, _ in record_team_rules.values_in(teams, rows, line, official.plan)
    }


FLAGS.append(flags)
DOUBTS.append(doubts)
RECORDS.append(standing_in)
