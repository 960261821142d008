"""A list of the entrants with an empty column for scores, to be filled in and sent back."""

from contest.documents import Column, Table, as_xlsx
from contest.theory.columns import SCORES


def score_template(contest, module, rows, language):
    """The list as xlsx bytes with the headers that the import looks for and standing scores."""
    columns = tuple(
        Column(c.key, c.headers[0] if language == "zh" else c.label, width=18) for c in SCORES
    )
    lines = tuple(
        {"number": row.number, "name": row.name,
         "score": "缺考" if row.state == "absent" else row.text}
        for row in rows
    )
    title = f"{contest.name} {module.name}" if language == "zh" else (
        f"{contest.name_en or contest.name} {module.name_en or module.name}"
    )
    return as_xlsx(Table(title, columns, lines))
