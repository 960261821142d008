"""The letters we ship are whole, free to ship, and know what they cannot show."""

import hashlib
import json

import pytest
import typst

from contest.documents import missing_glyphs
from contest.documents.fonts import FOLDER, coverage, named_signs, without_missing

MANIFEST = json.loads((FOLDER / "MANIFEST.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("file", MANIFEST, ids=lambda file: file["path"])
def test_a_shipped_file_is_the_one_in_the_manifest(file):
    data = (FOLDER / file["path"]).read_bytes()

    assert hashlib.sha256(data).hexdigest() == file["sha256"]
    assert len(data) == file["bytes"]


def test_every_font_stands_in_the_manifest_with_its_source_and_licence():
    fonts = {file["path"]: file for file in MANIFEST if file["use"] == "run"}

    assert set(fonts) == {path.name for path in FOLDER.glob("*.[ot]tf")}
    assert all(file["source"] and file["version"] and file["licence"] == "OFL-1.1"
               for file in fonts.values())
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FOLDER / "OFL.txt").read_text(encoding="utf-8")


def test_the_fonts_stay_small_enough_to_clone():
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 25 * 1024 * 1024


def test_typst_finds_one_family_in_two_cuts():
    found = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FOLDER)]
    ).fonts()

    assert {font.family for font in found} == {"Noto Serif CJK SC"}
    assert len(found) == 2


def test_the_coverage_agrees_with_the_manifest():
    [regular] = [file for file in MANIFEST if "Regular" in file["path"]]

    assert len(coverage()) == regular["characters"]


def test_every_character_of_gb_2312_can_be_printed():
    rows = (bytes([high, low]) for high in range(0xA1, 0xF8) for low in range(0xA1, 0xFF))
    signs = "".join(row.decode("gb2312", errors="ignore") for row in rows)

    assert len(signs) > 7000
    assert missing_glyphs(signs) == []


@pytest.mark.parametrize("name", ["张䶮", "李㛃", "王喆", "欧阳曌", "买买提·艾力", "José Müller"])
def test_a_name_that_can_be_printed_misses_nothing(name):
    assert missing_glyphs(name) == []


def test_missing_characters_are_named_once_in_the_order_met():
    assert missing_glyphs("𬮠한a𬮠") == ["𬮠", "한"]
    assert named_signs(["𬮠", "한"]) == "U+2CBA0, U+D55C"


def test_line_ends_and_joiners_are_not_missed():
    assert missing_glyphs("a\nb\tc\u200dd\u200b") == []


def test_a_missing_character_is_replaced_and_the_rest_kept():
    assert without_missing("张𬮠三") == "张〓三"
    assert without_missing("张三") == "张三"
