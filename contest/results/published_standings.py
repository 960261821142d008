"""A published revision read back as standings, so that whoever shows it needs no live table."""

from collections import Counter

from contest.results.standing_rows import (
    Figure,
    OfficialStandings,
    OrganisationLine,
    StandingRow,
    TeamRow,
)


def standings_of_document(contest_id, document, force, at):
    """The OfficialStandings that a ResultSheet's document holds; `force`: its plan, `at`: its moment.

    Every name and number is the printed one. Nothing is missing and no tie is open in it, else it
    could not have been published.
    """
    by_group = force.plan.ranking.by_group
    shared = Counter(_place_key(row, by_group) for row in document["rows"])
    shared_teams = Counter(team["place"] for team in document["teams"])
    return OfficialStandings(
        contest_id=contest_id, stage=document["stage"], force=force, as_of=at,
        rows=tuple(_row(row, shared[_place_key(row, by_group)]) for row in document["rows"]),
        teams=tuple(_team(team, shared_teams[team["place"]]) for team in document["teams"]),
        missing={}, stuck={}, open_ties=(), open_team_ties=(),
        registered=document["registered"], competed=document["competed"], is_final=True,
        goes_on=frozenset(row["entrant_id"] for row in document["rows"] if row["advances"]),
        organisations=tuple(
            OrganisationLine(**line) for line in document.get("organisations", ())
        ),
    )


def _place_key(row, by_group):
    return (row["group"] if by_group else "", row["place"])


def _row(row, sharing):
    absent, raw = set(row["absent_from"]), row.get("raw", {})
    return StandingRow(
        entrant_id=row["entrant_id"], number=row["number"], name=row["name"],
        organisation=row["organisation"], organisation_en=row["organisation_en"],
        team_id=row["team_id"], team=row["team"], group=row["group"], place=row["place"],
        is_shared=row["place"] is not None and sharing > 1, total=row["total"], complete=True,
        finished=sum(text is not None for text in row["modules"].values()), state=row["state"],
        decided_by=row["decided_by"], passed=row["passed"], competed=row["competed"],
        parts={key: _figure(text) for key, text in row["parts"].items()},
        modules={
            key: _figure(text, "absent" if key in absent else "", raw.get(key))
            for key, text in row["modules"].items()
        },
        place_overall=row.get("place_overall"), scaled=row.get("scaled"),
        is_void=row.get("is_void", False),
    )


def _figure(text, note="", raw=None):
    return Figure(text, text is not None, note, raw)


def _team(team, sharing):
    return TeamRow(
        team_id=team["team_id"], name=team["name"], organisation=team["organisation"],
        organisation_en=team["organisation_en"], place=team["place"],
        is_shared=team["place"] is not None and sharing > 1, total=team["total"], complete=True,
        decided_by=team["decided_by"], too_many=False, members=tuple(team["members"]),
        counting=tuple(team["counting"]), modules=team.get("modules", {}),
        is_void=team.get("is_void", False),
    )
