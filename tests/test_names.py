"""Names are sorted by their sound, surnames by how they are read as surnames."""

from dataclasses import dataclass

import pytest

from contest.names import by_name, by_title, name_key, spoken_name, title_key, titles_in_order


@dataclass(frozen=True)
class Named:
    name: str


@pytest.mark.parametrize(
    ("name", "key"),
    [("张三", "zhang san"), ("单立新", "shan li xin"), ("曾若曦", "zeng ruo xi"),
     ("尉迟敬安", "yuchi jing an"), ("Li Lei", "Li Lei"), ("", "")],
)
def test_a_name_is_spelt_as_it_is_said(name, key):
    assert name_key(name) == key


@pytest.mark.parametrize(
    ("title", "key"),
    [("黑龙江水泥", "hei long jiang shui ni"), ("重庆建材", "chong qing jian cai")],
)
def test_an_organisation_has_no_surname(title, key):
    assert title_key(title) == key


def test_people_stand_in_the_order_of_a_register():
    # By code points: 丁 丘 任 单 曾 阿, and Latin letters first.
    people = [Named(name) for name in ("曾若曦", "丁克", "阿依", "单立新", "任佳宁", "Chen Wei", "丘山")]

    assert [one.name for one in by_name(people)] == [
        "阿依", "Chen Wei", "丁克", "丘山", "任佳宁", "单立新", "曾若曦",
    ]


def test_organisations_stand_in_the_order_of_a_register():
    units = [Named(name) for name in ("职院", "望湖水泥", "黑龙江水泥", "苍岭水泥")]

    assert [one.name for one in by_title(units)] == ["苍岭水泥", "黑龙江水泥", "望湖水泥", "职院"]
    assert titles_in_order(one.name for one in units) == [one.name for one in by_title(units)]


def test_equal_spellings_keep_one_order():
    assert titles_in_order(["李", "力", "里"]) == titles_in_order(["里", "李", "力"])


@pytest.mark.parametrize(
    ("name", "spoken"),
    [("单立新", "shàn lì xīn"), ("令狐冲", "línghú chōng"), ("王𠮷", "wáng ?"), ("Jana", ""),
     ("曾䶮", "zēng yǎn")],
)
def test_a_name_is_read_out_with_its_tones(name, spoken):
    assert spoken_name(name) == spoken
