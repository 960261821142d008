"""QR codes are drawn with enough white around them, and hold exactly what was given."""

import re

import pytest
import segno

from contest.documents import qr_svg

ADDRESS = "https://contest.example/enter/9f8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c"


def modules_of(svg):
    """The dark modules of a drawing as a list of rows, read from its strokes."""
    size = int(re.search(r'viewBox="0 0 (\d+) \1"', svg)[1])
    rows = [[0] * size for _ in range(size)]
    x, y = 0, 0.0
    path = re.search(r'stroke="#000" d="([^"]+)"', svg)[1]
    for step, first, second in re.findall(r"([Mmh])(-?[\d.]+)(?:[ ,]?(-?[\d.]+))?", path):
        if step == "h":
            for place in range(x, x + int(first)):
                rows[int(y)][place] = 1
            x += int(first)
        elif step == "M":
            x, y = int(first), float(second)
        else:
            x, y = x + int(first), y + float(second)
    return rows


@pytest.mark.parametrize("border", [2, 4])
def test_the_drawing_is_the_code_with_white_around(border):
    matrix = segno.make(ADDRESS, error="m", micro=False).matrix
    white = [[0] * border]

    drawn = modules_of(qr_svg(ADDRESS, border=border))

    assert drawn[:border] == drawn[-border:] == [[0] * (len(matrix) + 2 * border)] * border
    assert drawn[border:-border] == [[*white[0], *row, *white[0]] for row in map(list, matrix)]


def test_the_drawing_can_stand_in_a_page_as_it_is():
    svg = qr_svg(ADDRESS)

    assert svg.startswith("<svg ") and svg.rstrip().endswith("</svg>")
    assert "style=" not in svg and "<script" not in svg


def test_a_text_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="(?i)fit|large|long"):
        qr_svg("x" * 5000)
    with pytest.raises(ValueError, match="something to say"):
        qr_svg("")
