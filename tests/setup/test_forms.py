"""What is typed about a contest."""

from datetime import date

import pytest

from contest.errors import Invalid
from contest.setup import forms
from contest.setup.plan_files import read_plan_text

GOOD = {"name": " 水泥 ", "slug": "cement", "starts_on": "2026-11-20", "ends_on": ""}


def test_details_are_read_and_trimmed():
    details = forms.read_details(GOOD)

    assert (details.name, details.name_en, details.host) == ("水泥", "", "")
    assert (details.starts_on, details.ends_on) == (date(2026, 11, 20), None)


@pytest.mark.parametrize(
    ("field", "typed"),
    [("name", "  "), ("name", "x" * 121), ("slug", "Two Words"), ("starts_on", "20.11.2026"),
     ("ends_on", "2026-11-19"), ("host", "x" * 121)],
)
def test_a_bad_field_is_named(field, typed):
    with pytest.raises(Invalid) as refused:
        forms.read_details({**GOOD, field: typed})

    assert list(refused.value.fields) == [field]


def test_the_file_wins_over_the_box():
    assert read_plan_text("﻿format = 1\r\n".encode(), "typed") == "format = 1\n"
    assert read_plan_text(b"", "typed") == "typed"
    for file, typed in [(b"\xff\xfe\x00", "typed"), (b"", "  ")]:
        with pytest.raises(Invalid):
            read_plan_text(file, typed)
