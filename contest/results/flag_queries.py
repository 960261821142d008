"""What later areas say beside a result to officials, before anything of it is public."""

# fn(contest_id, OfficialStandings) -> {entrant id, or "team-" and a team's id:
# [(thing with a name, a word about it, is it settled)]}.
FLAGS = []


def flags_of(contest_id, official):
    """{entrant id or team: what is said of the result}, of all areas together; the public never asks here."""
    found = {}
    for tell in FLAGS:
        for holder, said in tell(contest_id, official).items():
            found.setdefault(holder, []).extend(said)
    return found
