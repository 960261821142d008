"""The picture of a scheme: stages from top to bottom, their parts, and the modules of each part."""

from dataclasses import dataclass

from contest.scoring.units import text_of

WIDTH, PART_WIDTH, GAP, HEAD, ARROW = 360, 126, 4, 24, 26
# A module's height: a least for its words, and more for its weight.
LEAST, SHARE, PART_LEAST = 20, 16, 38


@dataclass(frozen=True)
class Block:
    """A rectangle with words: name and weight. kind: theory, practical, work, quiz or part."""

    x: int
    y: int
    width: int
    height: int
    kind: str
    name: str
    name_en: str
    weight: str

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
    advance: int | None
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
            modules = plan.modules_of(part.key)
            y, part_blocks = _part_blocks(part, modules, y)
            blocks += part_blocks
        before = plan.stages[index - 1] if index else None
        rounds.append(
            Round(
                top, stage.name, stage.name_en,
                text_of(stage.carry_percent) if stage.carry_percent else "",
                before.advance if before else None, tuple(blocks),
            )
        )
    return Picture(WIDTH, y, tuple(rounds))


def _part_blocks(part, modules, y):
    heights = [
        LEAST + SHARE * len(modules) * part.weight * module.weight // (10**12)
        for module in modules
    ] or [LEAST]
    if sum(heights) < PART_LEAST:
        heights[-1] += PART_LEAST - sum(heights)
    total = sum(heights) + GAP * (len(heights) - 1)
    blocks = [
        Block(0, y, PART_WIDTH, total, "part", part.name, part.name_en, text_of(part.weight))
    ]
    at = y
    for module, height in zip(modules, heights, strict=False):
        blocks.append(
            Block(PART_WIDTH + GAP, at, WIDTH - PART_WIDTH - GAP, height, module.kind,
                  module.name, module.name_en, text_of(module.weight))
        )
        at += height + GAP
    return y + total + GAP, blocks
