"""A measured aspect that keeps a record: its best valid value stands for one, and who beats one is asked."""

from fractions import Fraction

import pytest

from contest.accounts.models import User
from contest.db import db
from contest.judging import plausible_rules, sheet_rules
from contest.judging.record_queries import records_of
from contest.registry import record_actions, record_asking_queries, record_queries
from contest.registry.record_aspect_rules import units_of_mean
from contest.results.queries import find_latest_sheet, standings
from contest.scoring.scheme_reading import plan_from
from contest.setup.kept_marks import touched_aspects
from contest.setup.queries import plan_in_force
from tests import factories
from tests.judging.panels import hold_draw
from tests.registry.test_record_rules import EARLIER, refused, typed, why
from tests.registry.test_records import House

TIME = {
    "key": "A1", "name": "用时", "kind": "measured", "unit": "秒", "places": 2, "lowest": 0, "highest": 600,
    "max": 20, "formula": {"start": 20, "from": 60, "points": -1, "per": 60}, "attempts": 3, "take": "best",
    "better": "low", "record": True,
}
LIFT = TIME | {
    "name": "抓举", "unit": "公斤", "highest": 300, "better": "high", "itself": True, "max": 300,
    "take": "last",
}
del LIFT["formula"]
LINE = {
    "record_what": "aspect", "record_key": "risk.A1", "record_top": "", "record_better": "low",
    "record_unit": "秒",
}


def document(aspect=TIME, **changes):
    found = factories.plan_document()
    module = found["modules"][1]
    module["criteria"][0]["aspects"] = [aspect]
    module |= {"max": aspect["max"]} | changes
    return found


class Stopwatch(House):
    """Contests in which judges measure: {name: the attempts of each judge}."""

    def measured(self, times, day="2026-05-01", aspect=TIME, is_final=True, **changes):
        from datetime import date

        contest = factories.make_contest(
            document=document(aspect, **changes), starts_on=date.fromisoformat(day)
        )
        self.judges = [factories.make_judge(contest), factories.make_judge(contest)]
        self.sheets = {}
        for name, given in times.items():
            entrant = self.entrants[name] = factories.make_entrant(contest, name)
            factories.make_theory(contest, entrant, "80")
            for seat, (judge, attempts) in enumerate(zip(self.judges, given, strict=True), 1):
                self.sheets[name, seat] = factories.make_submitted_sheet(
                    contest, entrant, judge, seat, {"A1": attempts}
                )
        return self.publish(contest) if is_final else contest


@pytest.fixture
def house(app):
    return Stopwatch()


def test_the_best_valid_attempt_is_the_candidate_and_a_failed_one_never(house):
    contest = house.measured({
        "甲": [["61", "x", "58.25"], ["61", "x", "58.25"]], "乙": [["x", "x", "x"], ["x", "x", "x"]],
        "丙": [["70", None, None], ["70", None, None]],
    })
    line = house.line(contest, **LINE)
    assert house.waiting(line) == [("甲", "first", None)]
    assert house.confirm(line, "甲").value == 582_500
    assert [one.top for one in record_queries.list_lines()] == [None]


def test_where_more_is_better_the_most_counts_whatever_attempt_earned(house):
    contest = house.measured(
        {"甲": [["120", "150", "130"], ["120", "150", "130"]], "乙": [["140", "x", "145"]] * 2}, aspect=LIFT,
    )
    line = house.line(contest, **LINE | {"record_better": "high", "record_unit": "公斤"})
    assert house.confirm(line, "甲").value == 1_500_000


def test_of_several_judges_the_mean_counts_and_never_in_ones_favour(house):
    contest = house.measured({"甲": [["58.25", None, None], ["58.26", None, None]]})
    line = house.line(contest, **LINE)
    assert house.confirm(line, "甲").value == 582_600
    assert units_of_mean(Fraction(582_550), 2, "high") == 582_500
    assert units_of_mean(Fraction(582_500), 2, "low") == 582_500
    assert units_of_mean(Fraction(-5, 2), 4, "low") == -2 and units_of_mean(Fraction(-5, 2), 4, "high") == -3


def test_of_a_later_contest_a_better_value_beats_and_a_correction_takes_it_back(house):
    first = house.measured({"甲": [["60", "x", None]] * 2})
    line = house.line(first, **LINE, **EARLIER | {"earlier_value": "61"})
    house.confirm(line, "甲")
    second = house.measured({"乙": [["59.5", None, None]] * 2}, "2026-06-01")
    record_actions.let_in(house.curator, line.id, second.id)
    house.confirm(line, "乙")
    assert house.history(line)[:2] == [
        ("乙", "59.50", "2026-06-01", None, False), ("甲", "60.00", "2026-05-01", "2026-06-01", False),
    ]
    record_actions.take_out(house.curator, line.id, second.id, "计时设备未检定")
    assert house.history(line)[0] == ("甲", "60.00", "2026-05-01", None, False)


def test_no_mark_total_place_or_sheet_differs_with_and_without_it(house):
    times = {"甲": [["61", "x", "58.25"]] * 2, "乙": [["59", "62", None]] * 2}
    documents = []
    for aspect in (TIME, TIME | {"record": False}):
        contest = house.measured(times, aspect=aspect)
        sheet = find_latest_sheet(contest.id, "final")
        assert sheet.second_count["figures"] > 0  # the second scorer read the plan, and agrees
        rows = sheet.document["rows"]
        documents.append([{key: row[key] for key in ("name", "place", "total", "modules", "parts")}
                          for row in rows])
    assert documents[0] == documents[1]
    with_it, without = (plan_from(document(one)) for one in (TIME, TIME | {"record": False}))
    [aspect], [plain] = (one.module("risk").aspects for one in (with_it, without))
    assert sheet_rules.aspect_hash(aspect) == sheet_rules.aspect_hash(plain)
    assert touched_aspects(without, with_it, {("risk", "A1")}) == []


@pytest.mark.parametrize("kind", [
    {"kind": "points", "max": 20, "record": True}, {"kind": "rank", "record": True},
])
def test_only_a_measured_aspect_keeps_a_record(kind):
    with pytest.raises(ValueError):
        plan_from(document({"key": "A1", "name": "完整", "max": 20} | kind))


def test_a_contest_fits_by_its_plan_alone():
    line = typed(**LINE)
    assert why(line, plan_from(document())) is None
    unkept = plan_from(document(TIME | {"record": False}))
    assert "no aspect “risk.A1” that keeps a record" in why(line, unkept)
    assert "no aspect" in why(typed(**LINE | {"record_key": "risk.A9"}), plan_from(document()))
    assert "Decimals here: 1" in why(line, plan_from(document(TIME | {"places": 1})))
    assert "other direction" in why(line, plan_from(document(TIME | {"better": "high"})))
    once = {key: value for key, value in TIME.items() if key not in ("attempts", "take", "better")}
    assert why(line, plan_from(document(once))) is None


def test_the_key_names_module_and_aspect_and_no_team_is_measured():
    assert "drill.A1" in refused(**LINE | {"record_key": "A1"})["record_key"]
    assert set(refused(**LINE | {"record_key": ""})) == {"record_key"}
    assert "measured of persons" in refused(**LINE, record_holder="team")["record_what"]


def judge_of(app, house):
    return factories.browser_of(app, db.session.get(User, house.judges[0].user_id))


def test_a_judge_is_asked_where_a_value_beats_the_record_and_learns_of_nobody(app, house):
    contest = house.measured(
        {"甲": [["61", "x", "58.25"]] * 2, "乙": [["70", None, None]] * 2}, is_final=False
    )
    hold_draw(contest, [house.entrants[name] for name in "甲乙"])
    for sheet in house.sheets.values():
        sheet.state = "draft"
    db.session.commit()
    house.line(contest, **LINE, **EARLIER | {"earlier_value": "60"})
    judge, asked = judge_of(app, house), "58.25 秒 beats the record of 60"
    for end in ("", "/summary"):
        pages = {
            name: judge.get(f"/judging/sheets/{house.sheets[name, 1].id}{end}").text for name in "甲乙"
        }
        assert asked in pages["甲"] and asked not in pages["乙"]
        assert not any(name in page for page in pages.values() for name in ("甲", "乙", "老钟"))
    page = judge.get(f"/judging/sheets/{house.sheets['乙', 1].id}").text
    assert 'data-note="record" data-least="60" data-most="600"' in page


def test_the_question_is_the_same_for_everybody_also_of_a_record_of_a_group(house):
    contest = house.measured({"甲": [["61", None, None]] * 2}, is_final=False)
    module = plan_in_force(contest.id).plan.module("risk")
    house.line(contest, **LINE, record_group="学生组", **EARLIER | {"earlier_value": "65"})
    house.line(contest, **LINE, **EARLIER | {"earlier_value": "60"})
    assert {key: one.value for key, one in records_of(contest.id, module).items()} == {"A1": "65"}


def test_nothing_is_asked_without_the_field_without_a_record_and_once_it_was_laid_down(house):
    contest = house.measured({"甲": [["61", None, None]] * 2}, is_final=False)
    module = plan_in_force(contest.id).plan.module("risk")
    assert records_of(contest.id, module) == {}
    line = house.line(contest, **LINE)
    assert records_of(contest.id, module) == {}
    record_actions.lay_down(house.curator, line.id, "不再比较")
    line = house.line(contest, **LINE, **EARLIER | {"earlier_value": "60"})
    assert set(records_of(contest.id, module)) == {"A1"}
    record_actions.lay_down(house.curator, line.id, "不再比较")
    assert records_of(contest.id, module) == {}


def test_what_beats_is_said_at_the_value_itself_and_equal_beats_nothing(app):
    [aspect] = plan_from(document()).module("risk").aspects
    low = plausible_rules.standing_of(aspect, 600_000, "low", "省纪录")
    assert (low.beaten_by(["61", "x", "59.99"]), low.beaten_by(["60", "x"]), low.beaten_by(None)) == (
        "59.99", "", ""
    )
    high = plausible_rules.standing_of(aspect, 600_000, "high", "省纪录")
    assert (high.beaten_by("60.01"), high.beaten_by("60"), high.beaten_by("x")) == ("60.01", "", "")


def test_the_chief_is_asked_beside_the_value_and_officials_see_it_beside_the_results(house, as_role):
    contest = house.measured({"甲": [["61", "x", "58.25"]] * 2}, is_final=False)
    house.line(contest, **LINE, **EARLIER | {"earlier_value": "60"})
    found = record_asking_queries.flags(contest.id, standings(contest.id))
    [(_, word, is_settled)] = found[house.entrants["甲"].id]
    assert (word, is_settled) == ("Beats the standing record", False)
    hold_draw(contest, [house.entrants["甲"]])
    page = as_role("chief_judge", contest).get(f"/contests/{contest.id}/chief/risk/701").text
    assert "58.25 beats the record of 60 (" in page and "老钟" not in page
