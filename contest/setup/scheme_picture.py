"""The picture of a scheme: stages from top to bottom, their parts, and the modules of each part."""

from dataclasses import dataclass
from fractions import Fraction

from contest.scoring.units import text_of

WIDTH, PART_WIDTH, GAP, HEAD, ARROW = 360, 126, 4, 24, 26
# A module's height: a least for its words, and more for its weight.
LEAST, SHARE, PART_LEAST = 20, 16, 38
HUNDRED = 100 * 10_000


@dataclass(frozen=True)
class Block:
    """A rectangle with words: its name, and its weight "30 %" or top mark "50".

    kind: theory, practical, work, quiz or part.
    """

    x: int
    y: int
    width: int
    height: int
    kind: str
    name: str
    name_en: str
    figure: str

    def fit(self, text):
        """The text as far as there is room for it; a Chinese character is as wide as two others."""
        room = (self.width - (14 if self.kind == "part" else 58)) / 6.2
        shown = ""
        for letter in text:
            room -= 2 if ord(letter) > 0x2E80 else 1
            if room < 1:
                return shown.rstrip() + "…"
            shown += letter
        return shown


@dataclass(frozen=True)
class Round:
    """A stage in the picture: its heading at y, the arrow into it, and its blocks."""

    y: int
    name: str
    name_en: str
    carried: str
    advance: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Picture:
    """A scheme laid out on a canvas of WIDTH by `height`."""

    width: int
    height: int
    rounds: tuple[Round, ...]


def picture_of(plan):
    """Where everything of a plan stands in its picture."""
    y, rounds = 0, []
    for index, stage in enumerate(plan.stages):
        y += ARROW if index else 0
        top, blocks = y, []
        y += HEAD
        for part in plan.parts_of(stage.key):
            y, part_blocks = _part_blocks(plan, stage, part, y)
            blocks += part_blocks
        before = plan.stages[index - 1] if index else None
        rounds.append(
            Round(
                top, stage.name, stage.name_en,
                text_of(stage.carry_percent) if stage.carry_percent else "",
                _cut(before), tuple(blocks),
            )
        )
    return Picture(WIDTH, y, tuple(rounds))


def _cut(stage):
    """How many go on from a stage: "60", or "50 %"; empty where the plan does not say."""
    if stage is None or not stage.lets_on:
        return ""
    if stage.advance is not None:
        return str(stage.advance)
    return f"{text_of(stage.advance_percent)} %"


def _part_blocks(plan, stage, part, y):
    """A part beside everything that is marked in it, also in the parts within it."""
    shares = _shares(plan, part, Fraction(1))
    whole = part.weight if stage.combine == "weights" else 10**6 // len(plan.parts_of(stage.key))
    heights = [
        LEAST + int(SHARE * len(shares) * whole * share / 10**6) for _, share, _ in shares
    ] or [LEAST]
    if sum(heights) < PART_LEAST:
        heights[-1] += PART_LEAST - sum(heights)
    total = sum(heights) + GAP * (len(heights) - 1)
    figure = _percent(part) if stage.combine == "weights" else ""
    blocks = [Block(0, y, PART_WIDTH, total, "part", part.name, part.name_en, figure)]
    at = y
    for (module, _, figure), height in zip(shares, heights, strict=False):
        blocks.append(
            Block(PART_WIDTH + GAP, at, WIDTH - PART_WIDTH - GAP, height, module.kind,
                  module.name, module.name_en, figure)
        )
        at += height + GAP
    return y + total + GAP, blocks


def _percent(thing):
    return f"{text_of(thing.weight)} %"


def _shares(plan, part, of, seen=()):
    """Every module in a part with its share of it, and the figure to show: weight or top mark."""
    things = [*plan.modules_of(part.key), *plan.parts_within(part.key)]
    by_weights = part.combine == "weights"
    tops = sum(getattr(thing, "max", 0) for thing in things) or 1
    found = []
    for thing in things:
        if hasattr(thing, "criteria"):
            share = Fraction(thing.weight, HUNDRED) if by_weights else Fraction(thing.max, tops)
            found.append((thing, of * share, _percent(thing) if by_weights else text_of(thing.max)))
        elif thing.key not in seen:
            share = Fraction(thing.weight, HUNDRED) if by_weights else Fraction(1, len(things))
            found += _shares(plan, thing, of * share, (*seen, thing.key))
    return found
