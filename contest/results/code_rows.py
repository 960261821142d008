"""Standings for who must not know the entrants yet: codes where names, numbers and units stood."""

from dataclasses import replace


def under_codes(official, codes):
    """OfficialStandings in which an entrant is only a code. codes: {entrant id: (code, order)}.

    Teams and organisations are left out: their lines would tell who belongs together.
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
            organisation_en="", team="", team_id=None,
        )
        for row in official.rows
    ]
    # The order of equals is that of the entry numbers, and would give them away.
    rows.sort(key=lambda row: (row.group, row.place or len(rows) + 1, row.name))
    return replace(
        official, rows=tuple(rows), teams=(), organisations=(), open_team_ties=(),
        missing=coded(official.missing), stuck=coded(official.stuck),
    )
