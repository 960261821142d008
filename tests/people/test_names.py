"""Names are sorted by their sound, surnames by how they are read as surnames."""

import pytest

from contest.people.names import name_key


@pytest.mark.parametrize(
    ("name", "key"),
    [("张三", "zhang san"), ("单立新", "shan li xin"), ("曾若曦", "zeng ruo xi"),
     ("尉迟敬安", "yuchi jing an"), ("Li Lei", "Li Lei"), ("", "")],
)
def test_a_name_is_spelt_as_it_is_said(name, key):
    assert name_key(name) == key
