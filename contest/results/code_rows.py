"""Standings for who must not know the entrants yet: codes where names, numbers and units stood."""

from dataclasses import replace


def under_codes(official, codes):
    """OfficialStandings in which an entrant is only a code. codes: {entrant id: (code, order)}.

    Teams and organisations are left out: their lines would tell who belongs together; so is whoever
    is out of the contest, which is known by name.
    """
    def code_of(entrant_id):
        return codes.get(entrant_id, ("–", 0))[0]

    by_number = {row.number: code_of(row.entrant_id) for row in official.rows}

    def coded(waiting):
        return {
            key: tuple(sorted(by_number.get(number, "–") for number in numbers))
            for key, numbers in waiting.items()
        }

    rows = [
        replace(
            row, name=code_of(row.entrant_id), number=code_of(row.entrant_id), organisation="",
            organisation_en="", team="", team_id=None, group="", place_overall=None, scaled=None,
        )
        for row in official.rows
        if row.entrant_id in codes and row.state in ("normal", "not_finished")
    ]
    # The order of equals is that of the entry numbers, and would give them away.
    last = len(rows) + 1
    rows.sort(key=lambda row: (row.place or last, row.name))
    return replace(
        official, rows=tuple(rows), teams=(), organisations=(), open_team_ties=(),
        missing=coded(official.missing), stuck=coded(official.stuck),
    )
