"""What is odd about where things stand in a list: hidden, failed, slipped, shown otherwise."""

from contest.i18n import N_
from contest.people.problems import Problem
from contest.people.workbook import column_name, plain_header


def hidden_things(grid, places):
    """What a person does not see when looking at the sheet, and what a program computed."""
    if count := grid.get("hidden_rows"):
        yield Problem(
            "warn", "Hidden rows that were read too: %(count)s.", count=count
        )
    for index in grid.get("hidden_columns", ()):
        if index in places:
            sentence = N_("This column is hidden and was read too.")
            yield Problem("warn", sentence, column=places[index].label)
    if count := grid.get("formulas"):
        yield Problem(
            "warn",
            "%(count)s cells hold formulas; the values last shown in them were taken.",
            count=count,
        )
    if grid.get("unseen"):
        yield Problem(
            "note",
            "An xls file does not tell which rows are hidden or computed; check the counts.",
        )


ODD_CELLS = (
    ("errors", N_("The formula in this cell shows no value; type the value itself."), None),
    ("percent", N_("This cell is shown as a share of a hundred; type the number itself."), None),
    (
        "padded",
        N_(
            "This number is shown with zeros before it that are not stored; "
            "set the column to text and type it again."
        ),
        {"text", "name", "list", "phone"},
    ),
    ("swallowed", N_("This cell holds the end of a row; look for a quotation mark that stays open."), None),
)


def odd_cells(grid, places):
    """Cells whose value is not what is seen in them, and rows that may have slipped."""
    for word, sentence, kinds in ODD_CELLS:
        for row, index in grid.get(word, ()):
            column = places.get(index)
            if column is not None and (kinds is None or column.kind in kinds):
                yield Problem("bad", sentence, row=row, column=column.label)
    for row in grid.get("short", ()):
        yield Problem(
            "warn", "This row has fewer cells than there are headers; is a separator missing?", row=row
        )


def headed_columns(headers):
    """The indexes of the columns that have a header, known or not."""
    return {index for index, header in enumerate(headers) if str(header).strip()}


def misplaced_cells(number, line, places, headed, known):
    """What stands under no header, and a row that only repeats the headers."""
    for index, cell in enumerate(line):
        if index not in headed and (not isinstance(cell, str) or cell.strip()):
            yield Problem(
                "bad", "A value stands under no header; give it a header or take it out.",
                row=number, column=column_name(index), cell=cell,
            )
    filled = [
        (column, cell) for index, column in places.items()
        if index < len(line) and (cell := line[index]) and (not isinstance(cell, str) or cell.strip())
    ]
    if filled and all(
        isinstance(cell, str) and known.get(plain_header(cell)) is column for column, cell in filled
    ):
        yield Problem(
            "bad", "The headers stand here again; take this row out.", row=number, column=filled[0][0].label
        )
