"""Numbers larger than any row's, wherever one may be typed into an address or a form."""

import pytest

from contest.numbers import LARGEST, read_whole
from tests import factories

HUGE = ["2147483648", "9" * 20, "9" * 5000]


@pytest.mark.parametrize("huge", HUGE[:2])
def test_no_address_with_a_number_fails_on_a_huge_one(app, as_role, huge):
    """Every address that takes a number, for somebody who may enter everywhere."""
    contest = factories.make_contest()
    browser = as_role("organiser")
    filled = {"module_key": "risk", "stage": "final", "slug": contest.slug, "token": "x",
              "address": "plan", "award_key": "x", "paper": "awards", "form": "pdf", "code": "x",
              "kind": "awards", "key": "x", "receipt": "x"}
    tried = []
    for rule in app.url_map.iter_rules():
        numbers = {name for name, how in rule._converters.items()
                   if type(how).__name__ == "RowNumber"}
        if "GET" not in rule.methods or not numbers:
            continue
        for wrong in numbers:
            known = {name: contest.id if name == "contest_id" else 1 for name in numbers}
            parts = {**filled, **known, wrong: huge}
            path = "".join(
                text if is_plain else str(parts.get(text, "x"))
                for is_plain, text in ((not kind, text) for kind, text in rule._trace)
            ).partition("|")[2]
            tried.append(path)
            assert browser.get(path).status_code == 404, path
    assert len(tried) > 30


@pytest.mark.parametrize("huge", HUGE)
@pytest.mark.parametrize("address", [
    "/register?page={}", "/services/green_lane?honour_id={}", "/trail?page={}",
    "/contests/{{contest}}/plan/compare?older={}&newer=1", "/contests/{{contest}}/entrants?page={}",
])
def test_a_huge_number_in_a_question_is_left_out(app, as_role, address, huge):
    contest = factories.make_contest()

    answer = as_role("organiser").get(address.format(huge).replace("{contest}", str(contest.id)))

    assert answer.status_code in {200, 302, 303}


@pytest.mark.parametrize(("text", "number"), [
    ("0", 0), (" 12 ", 12), (str(LARGEST), LARGEST), (str(LARGEST + 1), None), ("-1", None),
    ("1.5", None), ("", None), (None, None), ("9" * 5000, None), ("²", None),
])
def test_a_whole_number_is_read_or_not(text, number):
    assert read_whole(text) == number
