import struct
import zlib
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from werkzeug.datastructures import MultiDict

from contest.ceremony import screen_rules
from contest.errors import Invalid
from tests.conftest import NOON

ZONE = ZoneInfo("Asia/Shanghai")


def png(width=4, height=3):
    def part(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    rows = b"".join(b"\0" + b"\xb0\x20\x10" * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(rows)) + part(b"IEND", b"")
    )


JPEG = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0"
    b"\xff\xc0\x00\x0b\x08\x00\x02\x00\x03\x01\x01\x11\x00\xff\xd9"
)


@pytest.mark.parametrize(("content", "ending"), [(png(), "png"), (JPEG, "jpg")])
def test_pictures_are_told_by_their_bytes(content, ending):
    assert screen_rules.read_picture("C:\\logos\\赞助.gif", content) == ("赞助.gif", ending)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"<svg onload='x'>", b"GIF89a" + bytes(40), png()[:-8], JPEG[:-2], png(9000, 1),
        b"\xff\xd8\xff\xd9", b"\x89PNG\r\n\x1a\n", png() + bytes(screen_rules.MOST_BYTES),
    ],
    ids=["empty", "svg", "gif", "cut png", "cut jpeg", "wide", "headless", "bare", "large"],
)
def test_other_files_are_refused(content):
    with pytest.raises(Invalid) as refused:
        screen_rules.read_picture("logo.png", content)

    assert set(refused.value.fields) == {"picture"}


@pytest.mark.parametrize(
    ("form", "options"),
    [
        ({"shows": "blank"}, {}),
        ({"shows": "board", "list": "teams", "rows": "6", "seconds": "12"},
         {"list": "teams", "rows": 6, "seconds": 12}),
        ({"shows": "board", "list": "race", "rows": "6", "seconds": "12"},
         {"list": "race", "rows": 6, "seconds": 12}),
        ({"shows": "board", "list": "modules", "rows": "6", "seconds": "12", "board_group": "职工组"},
         {"list": "modules", "rows": 6, "seconds": 12, "group": "职工组"}),
        ({"shows": "message", "title": " 午餐  休息 ", "text": "一点\u202e见\n\n二楼"},
         {"title": "午餐 休息", "text": "一点见\n\n二楼"}),
        ({"shows": "countdown", "moment": "2026-11-23T15:30"},
         {"title": "", "until": "2026-11-23T15:30:00+08:00"}),
        ({"shows": "sponsors", "pictures": "7"}, {"pictures": [7], "seconds": 9, "title": ""}),
    ],
)
def test_what_a_screen_shows_is_read_from_a_form(form, options):
    assert screen_rules.read_show(MultiDict(form), ZONE, [7, 8], ["职工组"]) == (form["shows"], options)


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"shows": "film"}, "shows"), ({"shows": "message"}, "title"),
        ({"shows": "message", "title": "长" * 61}, "title"),
        ({"shows": "message", "text": "长" * 301}, "text"),
        ({"shows": "board", "rows": "2"}, "rows"), ({"shows": "board", "seconds": "900"}, "seconds"),
        ({"shows": "board", "board_group": "教师组"}, "board_group"),
        ({"shows": "board", "list": "judges"}, "list"), ({"shows": "countdown", "moment": "soon"}, "moment"),
        ({"shows": "sponsors"}, "pictures"), ({"shows": "sponsors", "pictures": "9"}, "pictures"),
    ],
)
def test_a_wrong_switch_names_its_field(form, field):
    with pytest.raises(Invalid) as refused:
        screen_rules.read_show(MultiDict(form), ZONE, [7, 8], ["职工组"])

    assert set(refused.value.fields) == {field}


@pytest.mark.parametrize(
    ("ago", "is_dark", "meant_dark", "is_current", "kind", "is_alarm"),
    [
        (None, False, False, False, "new", True),
        (10, False, False, True, "good", False),
        (10.5, False, False, True, "silent", True),
        (1, True, False, True, "dark", True),
        (1, True, True, True, "good", False),
        (1, False, False, False, "late", False),
    ],
)
def test_how_a_screen_does(ago, is_dark, meant_dark, is_current, kind, is_alarm):
    seen_at = None if ago is None else NOON - timedelta(seconds=ago)

    found = screen_rules.health(NOON, seen_at, is_dark, meant_dark, is_current)

    assert (found.kind, found.is_alarm) == (kind, is_alarm)


@pytest.mark.parametrize("words", [{}, {"shown": "x" * 12}, {"shown": "<script>"}, {"shown": "a" * 13}])
def test_odd_words_of_a_screen_are_nothing(words):
    assert screen_rules.read_heard(words) == ("", False)


def test_not_every_word_is_written_down():
    same, now = ("a" * 12, False), NOON

    assert screen_rules.is_worth_a_write(now, None, ("", False), same)
    assert not screen_rules.is_worth_a_write(now, now - timedelta(seconds=2), same, same)
    assert screen_rules.is_worth_a_write(now, now - timedelta(seconds=3), same, same)
    assert screen_rules.is_worth_a_write(now, now, ("b" * 12, False), same)
