"""What is compared for a record, exactly; which results become one, and what a form may say."""

from datetime import UTC, date, datetime

import pytest

from contest.errors import Conflict, Invalid, NotAllowed
from contest.registry import record_rules as rules
from contest.scoring.scheme_reading import plan_from
from tests import factories

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
FORM = {
    "record_name": "灭火器操作省纪录", "name_en": "Extinguisher", "record_event": "消防",
    "record_what": "total", "record_better": "high", "record_unit": "分", "contest_level": "province",
    "record_top": "100", "record_places": "2",
}
EARLIER = {
    "earlier_name": "老钟", "earlier_unit": "云溪水泥", "earlier_value": "91.25", "earlier_on": "2019-10-12",
    "earlier_source": "省总工会档案 2019-4 第12页",
}


def typed(**changes):
    return rules.read_line({**FORM, **changes}, NOW)


def refused(**changes):
    with pytest.raises(Invalid) as found:
        typed(**changes)
    return {key: str(one) for key, one in found.value.fields.items()}


def result(value, day, entrant=1, contest=1):
    return rules.Result(contest, entrant, 1, value, date(2026, 1, day), f"E{entrant}", "unit")


def told(better, earlier, *results):
    return [(one.result.holder_id, one.kind, one.before) for one in rules.replay(better, earlier, results)]


def test_a_record_is_read_in_whole_units():
    line = typed(**EARLIER)
    assert (line.top, line.places, line.earlier_value, line.earlier_on) == (
        1_000_000, 2, 912_500, date(2019, 10, 12)
    )
    assert typed().earlier_value is None and typed().group == ""


def test_every_field_that_is_wrong_is_named_at_once():
    wrong = refused(record_name="", record_what="guess", record_better="", contest_level="moon",
                    record_top="1e9", record_places="7")
    assert set(wrong) == {"record_name", "record_what", "record_better", "contest_level", "record_top",
                          "record_places"}


def test_an_earlier_record_needs_its_proof_and_fits_the_decimals():
    assert set(refused(earlier_value="91")) == {"earlier_name", "earlier_on", "earlier_source"}
    assert set(refused(**EARLIER | {"earlier_value": ""})) == {"earlier_value"}
    assert refused(**EARLIER | {"earlier_value": "91.255"}) == {
        "earlier_value": "91.255 has more than 2 decimals."
    }
    assert refused(**EARLIER | {"earlier_value": "100.5"}) == {
        "earlier_value": "This is more than the maximum of 100."
    }
    assert "earlier_on" in refused(**EARLIER | {"earlier_on": "2027-01-01"})


def test_a_module_and_a_figure_need_their_key_and_a_figure_has_no_maximum():
    assert set(refused(record_what="module")) == {"record_key"}
    line = typed(record_what="figure", record_key="time", record_top="", record_better="low")
    assert (line.key, line.top) == ("time", None)


def test_the_first_result_is_the_first_record_and_equals_share_it():
    assert told("high", None, result(90, 1, 1), result(90, 1, 2), result(80, 1, 3)) == [
        (1, "first", None), (2, "first", None)
    ]


def test_each_result_is_held_against_what_stood_on_its_day():
    results = [result(96, 9, 3, contest=3), result(94, 2, 1), result(95, 2, 2), result(95, 5, 4, contest=2),
               result(94, 6, 5, contest=4)]
    assert told("high", 93, *results) == [(2, "beats", 93), (4, "equals", 95), (3, "beats", 95)]


def test_where_less_is_better_less_beats():
    assert told("low", 93, result(94, 1, 1), result(93, 2, 2), result(92, 3, 3)) == [
        (2, "equals", 93), (3, "beats", 93)
    ]


def test_a_unit_of_a_ten_thousandth_decides_and_nothing_is_rounded():
    assert told("high", 912_500, result(912_499, 1, 1), result(912_501, 2, 2)) == [(2, "beats", 912_500)]


def test_of_one_day_only_the_best_counts_whatever_the_contest():
    assert told("high", 90, result(91, 4, 1), result(92, 4, 2, contest=2)) == [(2, "beats", 90)]


def test_history_says_from_when_to_when():
    spans = rules.spans("high", [(90, date(2019, 1, 1), "old"), (92, date(2026, 1, 1), "a"),
                                 (92, date(2026, 3, 1), "b"), (95, date(2026, 5, 1), "c")])
    assert [(one.what, one.until, one.shared) for one in spans] == [
        ("old", date(2026, 1, 1), 1), ("a", date(2026, 5, 1), 2), ("b", date(2026, 5, 1), 2), ("c", None, 1)
    ]


def plan(**changes):
    return plan_from(factories.plan_document(**changes))


def why(line, made=None, level="province", on=None):
    found = rules.why_unfit(line, made or plan(), level, on)
    return found and str(found)


def test_a_contest_on_the_same_scale_and_level_fits():
    assert why(typed()) is None
    assert why(typed(), level="") is None
    assert why(typed(record_what="module", record_key="risk", record_top="20")) is None


def test_another_level_scale_direction_or_day_does_not_fit():
    assert "another level" in why(typed(), level="unit")
    assert why(typed(record_top="120")) == "The maximum is 100 here and 120 in the record."
    assert why(typed(record_places="1")) == "Decimals here: 2; in the record: 1."
    assert "other direction" in why(typed(record_better="low"))
    assert "no module “drill”" in why(typed(record_what="module", record_key="drill"))
    assert "before the record" in why(typed(**EARLIER), on=date(2018, 1, 1))
    assert why(typed(**EARLIER), on=date(2019, 10, 12)) is None


def test_a_module_whose_rooms_are_made_comparable_is_compared_with_nothing():
    document = factories.plan_document()
    document["modules"][1]["adjustment"] = {"method": "group_mean", "least": 6}
    assert "made comparable" in why(typed(), plan_from(document))
    assert "made comparable" in why(
        typed(record_what="module", record_key="risk", record_top="20"), plan_from(document)
    )
    assert why(typed(record_what="module", record_key="paper"), plan_from(document)) is None


def row(entrant_id, place=1, **changes):
    return {
        "entrant_id": entrant_id, "place": place, "state": "normal", "group": "workers", "total": "93.50",
        "modules": {"risk": "19.00"}, "absent_from": [], **changes,
    }


def values(line, *rows, figures=()):
    return {one["entrant_id"]: units for one, units in rules.values_in(rows, line, dict(figures))}


def test_only_who_has_a_place_and_a_mark_has_a_result():
    rows = [row(1), row(2, place=None), row(3, state="not_finished"), row(4, is_void=True),
            row(5, group="students", total="95.00")]
    assert values(typed(), *rows) == {1: 935_000, 5: 950_000}
    assert values(typed(record_group="students"), *rows) == {5: 950_000}


def test_a_module_that_was_missed_and_a_figure_that_was_not_recorded_are_no_results():
    line = typed(record_what="module", record_key="risk", record_top="20")
    rows = [row(1), row(2, absent_from=["risk"]), row(3, modules={"risk": None})]
    assert values(line, *rows) == {1: 190_000}
    line = typed(record_what="figure", record_key="time", record_top="")
    assert values(line, row(1), row(2), figures=[(2, 123_400)]) == {2: 123_400}


def test_whoever_defined_it_or_holds_it_does_not_confirm_it():
    rules.check_other_person(3, {1, 2, None})
    with pytest.raises(NotAllowed):
        rules.check_other_person(2, {1, 2})
    with pytest.raises(NotAllowed):
        rules.check_not_own(True)


@pytest.mark.parametrize(("check", "state"), [
    (rules.check_proposed, "withdrawn"), (rules.check_refused, "proposed"), (rules.check_open, NOW),
    (rules.check_public, False),
])
def test_what_may_not_be_done_is_a_conflict(check, state):
    with pytest.raises(Conflict):
        check(state)


def test_a_refusal_says_why():
    with pytest.raises(Invalid) as found:
        rules.read_reason(" ")
    assert set(found.value.fields) == {"reason"}
