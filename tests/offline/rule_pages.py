"""docs/rules/*.md as tests read them: sections with an example folder, sums, and what comes out."""

import re
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

RULES = Path(__file__).parents[2] / "docs" / "rules"
EXAMPLES = RULES / "examples"
NOTHING = "–"
WORDS = {"decided by": "decided_by", "overall": "place_overall", "goes on": "goes_on"}


@dataclass(frozen=True)
class Rule:
    """One section of a page: its heading, its example, the plan's lines it shows, sums, figures."""

    page: str
    heading: str
    folder: Path
    shown: tuple[str, ...]
    sums: tuple[tuple[str, str], ...]
    tables: tuple[tuple[dict[str, str], ...], ...]


def rules() -> list[Rule]:
    """Every section of every page beside the law, in the order of the text."""
    found = []
    for page in sorted(RULES.glob("*.md")):
        if page.name == "README.md":
            continue
        for section in re.split(r"^## ", page.read_text("utf-8"), flags=re.MULTILINE)[1:]:
            found.append(_rule(page, section))
    return found


def _rule(page, section):
    heading = section.splitlines()[0]
    before, _, after = section.partition("\nComes out of ")
    folder = re.search(r"\(examples/(\w+)/plan\.toml\)", after)
    code = re.search(r"```toml\n(.*?)```", before, re.DOTALL)
    sums = [row for table in _tables(before) for row in table]
    return Rule(
        page.name, heading, EXAMPLES / (folder[1] if folder else "missing"),
        tuple(code[1].splitlines()) if code else (),
        tuple((row["sum"], row["is"]) for row in sums), tuple(_tables(after)),
    )


def _tables(text):
    """Each Markdown table as dicts by its header."""
    for block in re.findall(r"(?:^\|.*\n?)+", text, re.MULTILINE):
        head, _, *rows = ([c.strip() for c in line.strip("|").split(" | ")] for line in block.splitlines())
        yield tuple(dict(zip(map(str.strip, head), row, strict=True)) for row in rows)


def value_of(text):
    """What an arithmetic sum of a page makes, exactly; None where the cell holds words."""
    if not re.fullmatch(r"[-+×÷() 0-9.]+", text):
        return None
    python = re.sub(r"[0-9]+(\.[0-9]+)?", lambda n: f"F('{n[0]}')", text)
    return eval(python.replace("×", "*").replace("÷", "/"), {"F": Fraction})


def agrees(text, value) -> bool:
    """True where a page's result is this value, or after ≈ its rounding, halves up."""
    if not text.startswith("≈ "):
        return Fraction(text) == value
    text = text.removeprefix("≈ ")
    step = Fraction(1, 10 ** len(text.partition(".")[2]))
    return Fraction(text) == (value / step + Fraction(1, 2)).__floor__() * step


def printed(answer, table):
    """The same table out of an answer: `table` says which lines and which columns."""
    return tuple(
        {column: row[column] if at == 0 else _cell(_line(answer, row), column)
         for at, column in enumerate(row)}
        for row in table
    )


def _line(answer, row):
    kind, name = next(iter(row.items()))
    if kind == "answer":
        return answer
    places = {"entrant": ("entrants", "code"), "team": ("teams", "team"), "award": ("quotas", "award"),
              "organisation": ("organisations", "organisation"), "group's award": ("quotas", "award")}
    listed, key = places[kind]
    name, _, group = name.partition(" of ")
    found = [one for one in answer[listed] if one[key] == name and (not group or one["group"] == group)]
    assert len(found) == 1, (kind, name, len(found))
    return found[0]


def _cell(line, column):
    column = WORDS.get(column, column)
    key, _, field = column.partition(" ")
    if column in line:
        value = line[column]
    elif column in line.get("counts", {}):
        value = line["counts"][column]
    else:
        columns = [line[some][key] for some in ("modules", "parts", "stages") if key in line.get(some, {})]
        assert len(columns) == 1, column
        value = columns[0][field or "mark"] if isinstance(columns[0], dict) else columns[0]
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        value = ", ".join(map(str, value))
    return NOTHING if value in (None, "") else str(value)
