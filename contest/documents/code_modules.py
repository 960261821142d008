"""The modules of a QR code of plain text, for papers of which a thousand are made at once.

segno makes the same code in fifteen times the time, because it goes from bit to bit. Here a size's frame is
taken from segno once; after that a code is a few look-ups in tables. Clauses are those of ISO/IEC 18004:2015.
"""

import functools

import numpy as np
import segno
from segno import consts

LEVEL, MASK = "m", 0
SIDES = {version: 17 + 4 * version for version in range(1, 41)}
DATA_KINDS = (consts.TYPE_DATA_DARK, consts.TYPE_DATA_LIGHT)
BYTES = 0b0100  # the mode in which each character is eight bits (table 2)
PAD = (0xEC, 0x11)  # 7.4.10
FIELD = 0x11D  # the polynomial of the field of 256 in which errors are mended (7.5.2)


def modules_of(text):
    """A code of level M and mask 0 as rows of 0 and 1 without a border (numpy), for ASCII text.

    Raises ValueError when the text is empty, holds other characters or is longer than a code can be.
    """
    data = text.encode("ascii")
    if not data:
        raise ValueError("a QR code needs something to say")
    version = _version_for(len(data))
    words = np.frombuffer(_data_words(data, version), dtype=np.uint8)
    frame = _frame(version)
    bits = np.zeros(len(frame.rows), dtype=np.uint8)  # what is left over stays 0 (7.6)
    stream = np.unpackbits(_interleaved(words, version))
    bits[:len(stream)] = stream
    modules = frame.modules.copy()
    modules[frame.rows, frame.columns] = bits ^ frame.flips
    return modules


def svg_of(modules):
    """The same drawing that segno makes of such a code: one line for each run of dark modules."""
    side = len(modules)
    edges = np.zeros((side, side + 2), dtype=np.int8)
    edges[:, 1:-1] = modules
    turns = np.diff(edges, axis=1)
    rows, begins = (turns == 1).nonzero()
    widths = (turns == -1).nonzero()[1] - begins
    steps = begins.copy()
    steps[1:] -= (begins + widths)[:-1]
    downs = np.diff(rows, prepend=0)
    runs = [
        f"m{across} {down}h{width}"
        for across, down, width in zip(steps.tolist(), downs.tolist(), widths.tolist(), strict=True)
    ]
    runs[0] = f"M{begins[0]} {rows[0]}.5h{widths[0]}"  # a line lies in the middle of its row
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" class="segno">'
        f'<path fill="#fff" d="M0 0h{side}v{side}h-{side}z"/>'
        f'<path class="qrline" stroke="#000" d="{"".join(runs)}"/></svg>\n'
    )


def _blocks(version):
    """[(codewords in all, of them data), …] of each block (table 9)."""
    return [
        (kind.num_total, kind.num_data)
        for kind in consts.ECC[version][consts.ERROR_LEVEL_M] for _ in range(kind.num_blocks)
    ]


def _room(version):
    return sum(data for _, data in _blocks(version))


def _version_for(length):
    for version in SIDES:
        head = 4 + (8 if version < 10 else 16)  # mode and length (table 3)
        if head + 8 * length <= 8 * _room(version):
            return version
    raise ValueError(f"{length} characters are more than a QR code holds")


def _data_words(data, version):
    room, counted = _room(version), 8 if version < 10 else 16
    used = 4 + counted + 8 * len(data)
    stream = (BYTES << counted | len(data)) << 8 * len(data) | int.from_bytes(data)
    end = min(4, 8 * room - used)  # the terminator is cut where the code is full (7.4.9)
    # A whole codeword of 0 where none is needed, as segno has it: no reader looks behind the terminator,
    # and a paper drawn anew stays the same paper to the last module.
    fill = 8 - (used + end) % 8
    words = (stream << end + fill).to_bytes((used + end + fill) // 8)[:room]
    return words + bytes(PAD[place % 2] for place in range(room - len(words)))


def _interleaved(words, version):
    """The codewords with those that mend errors, one of each block in turn (7.6)."""
    mending, at = [], 0
    for total, data in _blocks(version):
        table = _mending_table(data, total - data)
        mending.append(np.bitwise_xor.reduce(table[np.arange(data), words[at:at + data]], axis=0))
        at += data
    return np.concatenate([words[_order(version)], np.stack(mending).T.ravel()])


@functools.lru_cache(maxsize=40)
def _order(version):
    """Where each data codeword of the stream stands in the blocks one after another."""
    sizes = [data for _, data in _blocks(version)]
    starts = np.cumsum([0, *sizes[:-1]])
    return np.array([
        start + place for place in range(max(sizes))
        for start, size in zip(starts, sizes, strict=True) if place < size
    ])


class _Frame:
    """What is the same in all codes of a size: its fixed modules, and where data go in which order."""

    def __init__(self, version):
        side = SIDES[version]
        code = segno.make(
            "a", error=LEVEL, mask=MASK, version=version, mode="byte", micro=False, boost_error=False
        )
        kinds = np.array([list(row) for row in code.matrix_iter(border=0, verbose=True)])
        self.modules = np.array([list(row) for row in code.matrix], dtype=np.uint8)
        is_data = np.isin(kinds, DATA_KINDS)
        is_data[8, side - 9] = True  # segno 1.6 says "format", which begins one to the right (figure 25)
        # Pairs of columns from the right, up and down in turn, without the timing column (7.7.3).
        rights = [right if right > 6 else right - 1 for right in range(side - 1, 0, -2)]
        path = [
            (row, column)
            for turn, right in enumerate(rights)
            for row in (range(side - 1, -1, -1) if turn % 2 == 0 else range(side))
            for column in (right, right - 1)
            if is_data[row, column]
        ]
        self.rows, self.columns = np.array(path).T
        self.flips = ((self.rows + self.columns) % 2 == 0).astype(np.uint8)  # mask 000 (table 10)


_frame = functools.lru_cache(maxsize=40)(_Frame)


@functools.cache
def _powers():
    """(powers of 2 in the field, twice over; their logarithms)."""
    powers, logarithms, value = [], [0] * 256, 1
    for place in range(255):
        powers.append(value)
        logarithms[value] = place
        value = value << 1 ^ (FIELD if value & 0x80 else 0)
    return np.array(powers * 2, dtype=np.uint8), np.array(logarithms)


def _times(numbers, factor):
    powers, logarithms = _powers()
    return np.where((numbers == 0) | (factor == 0), 0, powers[logarithms[numbers] + logarithms[factor]])


@functools.lru_cache(maxsize=80)
def _mending_table(data, mending):
    """What each value at each place of a block adds to the codewords that mend it (7.5.2, annex A)."""
    powers, _ = _powers()
    divisor = np.array([1], dtype=np.uint8)
    for place in range(mending):
        divisor = np.append(divisor, 0) ^ np.append(0, _times(divisor, powers[place]))
    units, rest = [], divisor[1:]  # what is left of x^mending, x^(mending + 1), …
    for _ in range(data):
        units.append(rest)
        rest = np.append(rest[1:], 0) ^ _times(divisor[1:], rest[0])
    every = np.arange(256)
    return np.stack([
        np.stack([_times(every, factor) for factor in unit], axis=1) for unit in reversed(units)
    ]).astype(np.uint8)
