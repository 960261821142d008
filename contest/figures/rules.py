"""What may be recorded of an entrant, in which range, and how a pasted list is read."""

from dataclasses import dataclass

from contest.errors import Conflict, Invalid
from contest.i18n import N_
from contest.scoring.marks import MarkError, parse_number
from contest.scoring.scheme import Module
from contest.scoring.units import DECIMALS, text_of, units_of
from contest.setup.rules import BEFORE_SCORING, stage_of

BIRTH_DATE = "birth_date"  # stands in the roster, so it is not typed here
DATA_NAMES = {
    BIRTH_DATE: N_("birth date"),
    "draw": N_("number drawn"),
    "time": N_("time"),
}
DATA_TOP = 1_000_000 * 10_000  # what the scoring core takes, up and down
# Draws and times may be noted before the first mark; nothing moves once results are final.
LONGEST_PASTE = 100_000


class LookAgain(Invalid):
    """Figures that can be stored, and that somebody should look at once more before; fields say why."""

    asks_again = True


@dataclass(frozen=True)
class Column:
    """One column of figures. kind: data, difficulty. module: whose difficulty it is, or None.

    lowest, highest: units; places: decimals that may be typed.
    """

    kind: str
    key: str
    module: Module | None
    lowest: int
    highest: int
    places: int

    @property
    def range(self):
        """What may be typed, for a sentence."""
        return {
            "lowest": text_of(self.lowest), "highest": text_of(self.highest),
            "places": self.places,
        }


def data_names(plan):
    """The names of recorded numbers that the plan's ties look at, in its order."""
    ties = [*plan.ranking.ties, *(stage.advance_by for stage in plan.stages if stage.advance_by)]
    names = [tie.key for tie in ties if tie.by == "data" and tie.key != BIRTH_DATE]
    return list(dict.fromkeys(names))


def columns_of(plan):
    """Every column that this plan asks for: difficulties in the order of modules, then data."""
    difficulties = [
        Column("difficulty", module.key, module, module.difficulty.lowest,
               module.difficulty.highest, module.difficulty.places)
        for module in plan.modules if module.difficulty is not None
    ]
    return [
        *difficulties,
        *(Column("data", name, None, -DATA_TOP, DATA_TOP, DECIMALS) for name in data_names(plan)),
    ]


def stage_of_column(plan, column):
    """The stage in which a difficulty counts; None for data, which are the entrant's in all."""
    return stage_of(plan, column.key) if column.kind == "difficulty" else None


def signed_text(units):
    """An adjustment as it is shown, always with its sign: +1.5, −0.5."""
    return f"{'+' if units > 0 else '−' if units < 0 else ''}{text_of(abs(units))}"


def is_open(contest):
    """True while figures are recorded: before the scoring, and as long as marks are taken."""
    return contest.state in BEFORE_SCORING or contest.takes_marks


def check_open(contest):
    """Figures are recorded while nothing rests on them yet; Conflict."""
    if contest.state in ("final", "archived"):
        raise Conflict("The results are final, so no figure can be recorded any more.")
    if not is_open(contest):
        raise Conflict(
            "All sheets are in and are being checked, so no figure is recorded now. Open the scoring "
            "again first, with a reason."
        )


def read_figure(typed, column):
    """The units in a typed text, None for an empty one; Invalid names the range."""
    text = (typed or "").strip()
    if not text:
        return None
    try:
        units = units_of(parse_number(text))
    except MarkError:
        units = None
    step = 10 ** (DECIMALS - column.places)
    if units is None or not column.lowest <= units <= column.highest or units % step:
        raise Invalid(
            "“%(text)s” cannot be taken: it must be a number from %(lowest)s to %(highest)s "
            "with at most %(places)s decimals.", text=text[:20], **column.range,
        )
    return units


def check_seen(handle, seen, latest):
    """Whoever corrects a figure must have seen the one that stands (ids of rows); Conflict."""
    if seen != latest:
        raise Conflict(
            "Somebody else recorded a figure for %(who)s meanwhile. Nothing was stored: reload the "
            "page to see it.", who=handle,
        )


def read_paste(text, handles):
    """{handle: text} from pasted lines “code value”, as a spreadsheet copies two columns.

    handles: codes or entry numbers of the page. Invalid at the field `paste` names the first line
    that cannot be matched; a first line that ends without a figure is taken as a heading.
    """
    if len(text) > LONGEST_PASTE:
        raise _at_paste(Invalid("The list is too long to be pasted."))
    known = {handle.casefold(): handle for handle in handles}
    found, lines = {}, {}
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.replace("\t", " ").replace(",", " ").replace(";", " ").split()
        if not words:
            continue
        handle = known.get(words[0].casefold())
        if handle is None:
            if not lines and not any(letter.isdecimal() for letter in words[-1]):
                continue
            raise _at_paste(Invalid(
                "Line %(line)s: nobody is called %(who)s here.", line=number, who=words[0][:20],
            ))
        if handle in lines:
            raise _at_paste(Invalid(
                "Line %(line)s: %(who)s stands in line %(first)s already.", line=number,
                who=handle, first=lines[handle],
            ))
        lines[handle] = number
        if len(words) > 1:
            found[handle] = words[-1]
    if not found:
        raise _at_paste(Invalid("Paste two columns: the code or entry number, and the figure."))
    return found


def _at_paste(sentence):
    return Invalid(sentence.message, fields={"paste": sentence}, **sentence.params)
