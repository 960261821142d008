"""Pictures told by their content; place, time and camera are left behind, the pixels are not touched."""

import io
import struct
import zlib

import pytest
from PIL import Image, ImageOps
from PIL.PngImagePlugin import PngInfo

from contest.errors import Invalid
from contest.registry import picture_rules

PLACE = "31deg 14min"
SIZES = ((40, 30), (17, 23))


def image(size=(40, 30), mode="RGB"):
    made = Image.new(mode, size)
    made.putdata([
        tuple((x * 7 + y * 3 * (n + 1)) % 256 for n in range(len(mode))) if len(mode) > 1 else (x + y) % 256
        for y in range(size[1]) for x in range(size[0])
    ])
    return made


def exif(turn=1):
    made = Image.Exif()
    made[0x010F], made[0x0110], made[0x0132] = "SecretMaker", "SecretModel", "2024:05:01 08:00:00"
    made[0x0112] = turn
    made.get_ifd(0x8825)[1], made.get_ifd(0x8825)[29] = "N", "2024:05:01"
    made.get_ifd(0x8825)[2] = (31.0, 14.0, 9.0)
    return made


def saved(kind, picture=None, **more):
    file = io.BytesIO()
    if kind == "PNG":
        info = PngInfo()
        info.add_text("Comment", "SecretMaker")
        info.add_itxt("XML:com.adobe.xmp", "SecretMaker", zip=True)
        more["pnginfo"] = info
    if kind == "JPEG":
        more = {"comment": b"SecretMaker", "quality": 95, **more}
    if kind == "WEBP":
        more = {"lossless": True, "xmp": b"<x>SecretMaker</x>", **more}
    (picture or image()).save(file, kind, exif=more.pop("exif", exif()), **more)
    return file.getvalue()


def opened(content):
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("size", SIZES)
def test_metadata_are_left_behind_and_the_pixels_stay(kind, size):
    content = saved(kind, image(size))
    assert dict(opened(content).getexif()) and b"Secret" in content

    picture = picture_rules.read_picture(content)

    again = opened(picture.content)
    assert (picture.kind, picture.width, picture.height) == (kind.lower(), *size)
    assert again.size == size and again.tobytes() == opened(content).tobytes()
    assert b"Secret" not in picture.content and b"Exif" not in picture.content
    assert dict(again.getexif()) == {} and not again.info.get("xmp") and "comment" not in again.info
    assert picture_rules.read_picture(picture.content).content == picture.content


@pytest.mark.parametrize("turn", range(1, 9))
def test_a_turned_picture_of_a_camera_still_stands_upright(turn):
    content = saved("JPEG", exif=exif(turn))

    picture = picture_rules.read_picture(content)

    kept = opened(picture.content)
    assert dict(kept.getexif()) == ({} if turn == 1 else {0x0112: turn})
    upright, was = ImageOps.exif_transpose(kept), ImageOps.exif_transpose(opened(content))
    assert upright.size == was.size and upright.tobytes() == was.tobytes()


@pytest.mark.parametrize(("kind", "mode", "more"), [
    ("JPEG", "RGB", {"progressive": True}), ("JPEG", "L", {}), ("JPEG", "CMYK", {}),
    ("JPEG", "RGB", {"icc_profile": b"colours" * 9}), ("JPEG", "RGB", {"restart_marker_blocks": 1}),
    ("PNG", "RGBA", {}), ("PNG", "L", {}), ("PNG", "RGB", {"icc_profile": b"colours" * 9}),
    ("WEBP", "RGBA", {}), ("WEBP", "RGB", {"lossless": False, "quality": 80}),
    ("WEBP", "RGB", {"icc_profile": b"colours" * 9}),
])
def test_whatever_draws_the_picture_is_kept(kind, mode, more):
    content = saved(kind, image(mode=mode), **more)
    before, after = opened(content), opened(picture_rules.read_picture(content).content)
    assert after.mode == before.mode and after.tobytes() == before.tobytes()
    assert after.info.get("icc_profile") == before.info.get("icc_profile")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_stands_behind_the_end_goes(kind):
    content = saved(kind)
    kept = picture_rules.read_picture(content + b"<script>SecretTail</script>")
    assert kept.content == picture_rules.read_picture(content).content


@pytest.mark.parametrize("content", [
    b"", b"MZ", b"%PDF-1.7", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a" + b"x" * 40,
    b"\xff\xd8\xff", b"\xff\xd8\xff\xe0\x00\x01", b"\x89PNG\r\n\x1a\n", b"RIFF\x04\0\0\0WEBP",
    b"\xff\xd8\xff\xd9", b"\xff\xd8\xff\xda\x00\x02\xff\xd9",
])
def test_what_is_no_picture_is_refused_with_one_sentence(content):
    with pytest.raises(Invalid) as refused:
        picture_rules.read_picture(content)
    assert list(refused.value.fields) == ["picture"]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_that_is_cut_off_anywhere_is_refused(kind):
    content = saved(kind)
    for length in range(1, len(content) - (1 if kind == "WEBP" else 0), 7):
        with pytest.raises(Invalid):
            picture_rules.read_picture(content[:length])


def test_a_changed_byte_of_a_png_is_seen():
    content = bytearray(saved("PNG"))
    content[content.index(b"IDAT") + 9] ^= 1
    with pytest.raises(Invalid):
        picture_rules.read_picture(bytes(content))


def test_a_moving_picture_is_not_taken_as_webp():
    file = io.BytesIO()
    image().save(file, "WEBP", save_all=True, append_images=[image().rotate(90)], duration=90)
    with pytest.raises(Invalid):
        picture_rules.read_picture(file.getvalue())


def test_a_small_file_with_huge_pixels_is_refused():
    file = io.BytesIO()
    Image.new("1", (10_001, 10)).save(file, "PNG")
    with pytest.raises(Invalid, match="million"):
        picture_rules.read_picture(file.getvalue())
    with pytest.raises(Invalid, match="too large"):
        picture_rules.read_picture(b"\xff\xd8\xff" + b"x" * picture_rules.MOST_BYTES)


def segment(code, body):
    return bytes([0xFF, code]) + struct.pack(">H", len(body) + 2) + body


@pytest.mark.parametrize("piece", [
    segment(0xE0, b"JFXX\0\x13\1\1Secret"), segment(0xF0, b"Secret"), segment(0xFD, b"Secret"),
    segment(0x02, b"Secret"), segment(0xDE, b"Secret"), segment(0xDF, b"Secret"),
    segment(0xEC, b"Ducky Secret"), segment(0xE2, b"MPF\0Secret"),
    segment(0xEE, b"Adobe\0\x64\0\0\0\0\1 Secret"),
])
def test_of_a_jpeg_what_nobody_needs_for_decoding_goes(piece):
    content = saved("JPEG", exif=Image.Exif(), comment=b"")
    first = 4 + struct.unpack_from(">H", content, 4)[0]

    kept = picture_rules.read_picture(content[:first] + piece + content[first:]).content

    assert b"Secret" not in kept and opened(kept).size == (40, 30)
    opened(kept).load()


def test_the_thumbnail_within_jfif_goes():
    content = saved("JPEG", exif=Image.Exif(), comment=b"")
    first = 4 + struct.unpack_from(">H", content, 4)[0]
    with_thumbnail = segment(0xE0, content[6:6 + 12] + b"\2\1Secret")  # two dots beside each other

    picture = picture_rules.read_picture(b"\xff\xd8" + with_thumbnail + content[first:])

    assert b"Secret" not in picture.content
    assert picture.content == picture_rules.read_picture(content).content
    assert opened(picture.content).tobytes() == opened(content).tobytes()


def chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


@pytest.mark.parametrize("name", [
    b"pHYs", b"sBIT", b"bKGD", b"hIST", b"sPLT", b"tIME", b"oFFs", b"caNv", b"gAMA", b"cHRM", b"sRGB",
    b"cICP", b"acTL", b"prVt",
])
def test_of_a_png_what_nobody_needs_for_decoding_goes(name):
    content = saved("PNG", exif=None)
    first = 8 + 25  # behind the head

    kept = picture_rules.read_picture(content[:first] + chunk(name, b"Secret" * 9) + content[first:]).content

    assert b"Secret" not in kept and opened(kept).tobytes() == opened(content).tobytes()


def test_of_a_png_what_stands_twice_goes_and_what_hides_behind_the_pixels_is_refused():
    content = saved("PNG", exif=None)
    at = content.index(b"IDAT") - 4
    profile = chunk(b"iCCP", b"a\0\0" + zlib.compress(b"colours"))
    twice = content[:at] + profile + chunk(b"iCCP", b"Secret") + content[at:]
    assert b"Secret" not in picture_rules.read_picture(twice).content
    end = content.index(b"IEND") - 4
    with pytest.raises(Invalid):
        picture_rules.read_picture(content[:end] + chunk(b"IDAT", b"Secret") + content[end:])


@pytest.mark.parametrize("piece", [
    b"ABCD\6\0\0\0Secret", b"VP8L\6\0\0\0Secret", b"VP8 \6\0\0\0Secret", b"ICCP\6\0\0\0Secret",
    b"VP8X\12\0\0\0Secret\0\0\0\0",
])
def test_of_a_webp_what_draws_nothing_goes(piece):
    content = saved("WEBP", icc_profile=b"colours" * 9)
    size = struct.unpack_from("<I", content, 4)[0]
    longer = content[:4] + struct.pack("<I", size + len(piece)) + content[8:] + piece

    kept = picture_rules.read_picture(longer).content

    assert b"Secret" not in kept and opened(kept).tobytes() == opened(content).tobytes()
    assert kept == picture_rules.read_picture(content).content


def test_what_is_reserved_in_the_head_of_a_webp_says_nothing():
    content = bytearray(saved("WEBP"))
    at = content.index(b"VP8X") + 8
    content[at + 1:at + 4] = b"Sec"
    assert b"Sec" not in picture_rules.read_picture(bytes(content)).content
