import asyncio
import json
import zlib
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.board.channel import GZIP_HEADER, HEARTBEAT, HELLO, RING, Channel, chunk
from contest.board.pieces import difference
from contest.board.rendering import Line, Pieces, choose_language
from tests.loops import run_apart


def pieces(head="", **rows):
    """Lines given as "place body"."""
    lines = {key: Line(*text.split(" "), partial(str, text)) for key, text in rows.items()}
    return Pieces(head=head, news="", entrants=lines, teams={})


def issue(channel, shown):
    issue, page = channel.both(shown, lambda event_id: f"page at {event_id}")
    channel.turn(page)
    channel.publish(issue)


def started(*boards):
    channel = Channel("e", "zh", "page")
    for shown in boards:
        issue(channel, shown)
    return channel


def told(channel, number):
    return [json.loads(piece.plain.decode().split("data: ")[1]) for piece in channel.missed(number)]


def test_the_first_board_is_a_page_and_no_event():
    channel = started(pieces(a="1 x"))

    assert (channel.number, channel.page.body) == (0, b"page at e.0")
    assert channel.missed(0) == []


def test_an_event_carries_only_the_changed_rows():
    channel = started(pieces(a="1 x", b="2 y"), pieces(a="1 x", b="2 z"))

    assert told(channel, 0) == [{"entrants": {"rows": {"b": "2 z"}}}]


def test_a_new_order_is_told():
    channel = started(pieces(a="1 x", b="1 y"), pieces(b="1 y", a="1 x"))

    assert told(channel, 0) == [{"entrants": {"order": ["b", "a"]}}]


def test_of_a_line_that_was_only_pushed_along_the_place_is_told():
    channel = started(pieces(a="1 x", b="2 y"), pieces(b="1 y", a="2 x"))

    assert told(channel, 0) == [{"entrants": {"order": ["b", "a"], "places": [[0, "1", "2"]]}}]


def test_a_line_that_moved_is_told_without_the_order_of_the_others():
    before = pieces(a="1 x", b="2 x", c="3 x", d="4 x", e="5 x")
    after = pieces(d="1 y", a="2 x", b="3 x", c="4 x", e="5 x")

    assert difference(before, after) == {"entrants": {
        "rows": {"d": "1 y"}, "moves": [["d", 0]], "places": [[1, "2", "3", "4"]],
    }}


def applied(told, before):
    """What static/board.js does with the lists of an event: {key: the line's text} in order."""
    rows, order = {key: line.html for key, line in before.items()}, list(before)
    rows |= told.get("rows", {})
    if {"order", "moves", "gone"} & told.keys():
        moves = told.get("moves", [])
        away = {*told.get("gone", []), *(key for key, _ in moves)}
        order = told.get("order") or [key for key in order if key not in away]
        for key, at in moves:
            order.insert(at, key)
    for start, *places in told.get("places", []):
        for key, place in zip(order[start:], places, strict=False):
            rows[key] = f"{place} {rows[key].split(' ')[1]}"
    return {key: rows[key] for key in order}


boards = st.lists(st.sampled_from("abcdefgh"), unique=True).flatmap(
    lambda keys: st.tuples(*(st.tuples(st.just(key), st.sampled_from("12"), st.sampled_from("xy"))
                             for key in keys))
).map(lambda lines: pieces(**{key: f"{place} {body}" for key, place, body in lines}))


@given(boards, boards)
def test_whoever_takes_what_is_told_has_the_next_board(before, after):
    told = (difference(before, after) or {}).get("entrants", {})

    assert list(applied(told, before.entrants).items()) == [
        (key, line.html) for key, line in after.entrants.items()
    ]


def test_equal_boards_differ_in_nothing():
    assert difference(pieces(a="1 x"), pieces(a="1 x")) is None


def test_who_missed_some_gets_them_in_order():
    channel = started(*(pieces(str(n)) for n in range(6)))

    assert [each["head"] for each in told(channel, 2)] == ["3", "4", "5"]


def test_a_gap_that_is_too_old_means_reload():
    channel = started(*(pieces(str(n)) for n in range(RING + 3)))

    assert channel.missed(0) is None
    assert len(channel.missed(2)) == RING


@pytest.mark.parametrize("event_id", ["other.1", "e.x", "", None, "e"])
def test_names_of_other_channels_are_not_understood(event_id):
    assert started(pieces()).number_of(event_id) is None


def test_a_number_from_the_future_means_reload():
    assert started(pieces()).missed(7) is None


def test_publishing_wakes_who_waits():
    async def live():
        channel = started(pieces("1"))
        loop = asyncio.get_running_loop()
        waiting, gone = channel.next(loop), channel.next(loop)
        gone.cancel()  # somebody who went while they waited
        issue(channel, pieces("2"))
        assert waiting.done() and not channel.next(loop).done()
        return channel.number

    assert run_apart(live()) == 1


def test_chunks_compressed_apart_are_one_stream():
    """Each listener's bytes are a gzip stream, though every event was compressed only once."""
    events = [chunk(f"data: {'行' * n}\n\n") for n in range(5)]
    unpacker = zlib.decompressobj(wbits=31)

    text = b"".join(
        unpacker.decompress(data)
        for data in (GZIP_HEADER, HELLO.deflated, *(e.deflated for e in events), HEARTBEAT.deflated)
    )

    assert text == HELLO.plain + b"".join(e.plain for e in events) + HEARTBEAT.plain


@pytest.mark.parametrize(
    ("asked", "accepted", "expected"),
    [
        ("en", "zh-CN", "en"), ("", "en-US,en;q=0.9,zh;q=0.8", "en"), ("", "zh-CN,en", "zh"),
        ("", "fr,de", "zh"), ("xx", None, "zh"), ("", "fr, en", "en"),
    ],
)
def test_the_language_is_asked_for_or_the_browsers(asked, accepted, expected):
    assert choose_language(asked, accepted) == expected
