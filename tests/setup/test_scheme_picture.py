"""The picture of a scheme: nothing overlaps, nothing sticks out."""

import itertools

import pytest

from contest.setup.presets import find_preset, list_presets
from contest.setup.scheme_picture import Block, picture_of


@pytest.mark.parametrize("preset", list_presets(), ids=lambda preset: preset.key)
def test_blocks_lie_inside_and_apart(preset):
    picture = picture_of(preset.plan)
    blocks = [block for round_ in picture.rounds for block in round_.blocks]

    assert all(b.x >= 0 and b.x + b.width <= picture.width for b in blocks)
    assert all(b.y >= 0 and b.y + b.height <= picture.height for b in blocks)
    for one, other in itertools.combinations(blocks, 2):
        beside = one.x + one.width <= other.x or other.x + other.width <= one.x
        below = one.y + one.height <= other.y or other.y + other.height <= one.y
        assert beside or below


def test_a_heavier_module_is_taller():
    picture = picture_of(find_preset("c3_quiz").plan)
    heights = {b.name_en: b.height for b in picture.rounds[0].blocks}

    assert heights["Set questions"] > heights["Wager questions"]


def test_carry_over_and_cut_are_in_the_picture():
    rounds = picture_of(find_preset("c8_five_small").plan).rounds

    assert [(r.advance, r.carried) for r in rounds] == [("", ""), ("300", "30"), ("60", "40")]


def test_long_names_are_cut_to_the_room_there_is():
    block = Block(0, 0, 118, 40, "part", "", "", "100")

    assert block.fit("理论") == "理论"
    assert block.fit("理论知识与综合应用能力测试").endswith("…")
    assert len(block.fit("A very long English name of a part")) < 20
