"""The picture of a judge's deviations: a strip with a dot for each sheet, all strips to one scale."""

from dataclasses import dataclass
from math import floor, log10

WIDTH, HEIGHT, RADIUS, MARGIN = 480, 56, 4, 10
STEPS = (1, 2, 5, 10)


@dataclass(frozen=True)
class Dot:
    """One sheet. is_own: judge and contestant come from the same organisation."""

    x: float
    y: float
    is_own: bool


@dataclass(frozen=True)
class Strip:
    """One judge's dots on a canvas of `width` by `height`; zero and mean are places on its x axis."""

    width: int
    height: int
    dots: tuple[Dot, ...]
    zero: float
    mean: float | None


def reach_of(judges):
    """Points from the middle of a strip to its ends: 1, 2 or 5 times a power of ten, for all judges.

    judges: scoring.agreement.JudgeAgreement.
    """
    furthest = max((abs(judge.largest.points) for judge in judges if judge.largest), default=0.0)
    if not furthest:
        return 1.0
    power = 10.0 ** floor(log10(furthest))
    return next(step * power for step in STEPS if step * power >= furthest * 0.999)


def strip_of(judge, reach):
    """The Strip of one judge; equal deviations are stacked about its middle line."""
    columns = {}
    for each in judge.deviations:
        x = _place(each.points, reach)
        columns.setdefault(round(x / (2 * RADIUS)), []).append((x, each.is_own))
    tallest = max(map(len, columns.values()), default=1)
    room = min(2 * RADIUS + 1, (HEIGHT - 2 * RADIUS) / max(tallest - 1, 1))
    dots = tuple(
        Dot(x, round(HEIGHT / 2 + (index - (len(column) - 1) / 2) * room, 1), is_own)
        for column in columns.values()
        for index, (x, is_own) in enumerate(sorted(column))
    )
    mean = None if judge.offset is None else _place(judge.offset, reach)
    return Strip(WIDTH, HEIGHT, dots, WIDTH / 2, mean)


def _place(points, reach):
    return round(WIDTH / 2 + points / reach * (WIDTH / 2 - MARGIN), 1)
