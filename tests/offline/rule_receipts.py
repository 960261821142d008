"""The receipts of every example in docs/rules; `python -m tests.offline.rule_receipts` writes them anew."""

from contest.offline.command import read_plan
from contest.offline.standings import score_files
from contest.scoring.receipt import Receipts
from contest.scoring.words import in_english
from tests.offline.rule_pages import EXAMPLES


def receipts_of(folder) -> str:
    """Each entrant's and each team's road, as it is kept beside the example."""
    entrants = folder / "ENTRANTS.csv"
    scored = score_files(
        read_plan(folder / "plan.toml"), folder / "MARKS.csv", entrants if entrants.exists() else None
    )
    receipts = Receipts(scored.plan, scored.book, scored.standings, scored.awards)
    pieces = [(code, receipts.of(row)) for row, code in enumerate(scored.book.entrants)]
    if scored.standings.teams is not None:
        pieces += [(name, receipts.of_team(row)) for row, name in enumerate(scored.standings.teams.teams)]
    return "\n".join(f"{name}\n{''.join(map(_line, steps))}" for name, steps in pieces)


def _line(step):
    about = getattr(step.about, "key", "")
    label = in_english(step.label, step.params)
    return "  " + "  ".join(part for part in (about, label, step.sum) if part) + "\n"


if __name__ == "__main__":
    for folder in sorted(EXAMPLES.iterdir()):
        (folder / "RECEIPTS.txt").write_text(receipts_of(folder), encoding="utf-8")
