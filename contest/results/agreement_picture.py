"""The picture of a judge's deviations: a strip with a dot for each sheet, all strips to one scale."""

from dataclasses import dataclass
from math import ceil, floor, log10

WIDTH, HEIGHT, RADIUS, MARGIN = 480, 56, 4, 10
MOST_DOTS = 400
# Round numbers, close enough to each other that the dots fill at least two thirds of a strip.
STEPS = (1, 1.5, 2, 3, 4, 5, 6, 8, 10)


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
    """Points from the middle of a strip to its ends: a round number, the same for all judges.

    judges: scoring.agreement.JudgeAgreement.
    """
    furthest = max((abs(judge.largest.points) for judge in judges if judge.largest), default=0.0)
    if not furthest:
        return 1.0
    power = 10.0 ** floor(log10(furthest))
    return next((step * power for step in STEPS if step * power >= furthest), 10 * power)


def sheets_a_dot(judges):
    """For how many sheets at one place a dot stands, so that a page stays light."""
    most = max((len(judge.deviations) for judge in judges), default=0)
    return max(1, ceil(most / MOST_DOTS))


def strip_of(judge, reach, each=1, shows_own=True):
    """The Strip of one judge; equal deviations are stacked about its middle line.

    each: see sheets_a_dot; where there are fewer, one dot is drawn all the same. shows_own: False in
    a blind module, where a dot's shape beside the desk's totals would give away an organisation.
    """
    columns = {}
    for deviation in judge.deviations:
        x = _place(deviation.points, reach)
        dot = (x, deviation.is_own and shows_own)
        columns.setdefault(round(x / (2 * RADIUS)), []).append(dot)
    columns = [sorted(column)[::each] for column in columns.values()]
    tallest = max(map(len, columns), default=1)
    room = min(2 * RADIUS + 1, (HEIGHT - 2 * RADIUS) / max(tallest - 1, 1))
    dots = tuple(
        Dot(x, round(HEIGHT / 2 + (index - (len(column) - 1) / 2) * room, 1), is_own)
        for column in columns
        for index, (x, is_own) in enumerate(column)
    )
    mean = None if judge.offset is None else _place(judge.offset, reach)
    return Strip(WIDTH, HEIGHT, dots, WIDTH / 2, mean)


def _place(points, reach):
    return round(WIDTH / 2 + points / reach * (WIDTH / 2 - MARGIN), 1)
