"""Records: proposed by final results, confirmed by a second person, and taken back with what they rest on."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from contest import clock
from contest.audit.chain_queries import check_chain
from contest.audit.models import TrailRow
from contest.awards import actions as awards
from contest.awards import annulment_actions
from contest.board import actions as board
from contest.db import db
from contest.errors import Conflict, Invalid, Missing, NotAllowed
from contest.figures.models import RecordedFigure
from contest.people.models import PersonAccount, StateEvent
from contest.registry import record_actions, record_asking_queries, record_history_queries, record_queries
from contest.registry.level_models import ContestLevel
from contest.registry.record_models import RecordMark
from contest.results import actions as results
from contest.results.queries import standings
from contest.setup.models import Contest
from contest.setup.proposal_queries import find_open
from tests import factories
from tests.awards.test_annulments import SAID
from tests.registry.test_record_rules import EARLIER, FORM

BOTH = pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)
WHY = "查实"


class House:
    """Two curators, two organisers, and contests whose results become final."""

    def __init__(self):
        self.curator = factories.make_official("顾馆长", "curator")
        self.second = factories.make_official("秦馆员", "curator")
        self.one, self.two = (factories.make_official(name, "organiser") for name in ("first", "second"))
        self.entrants = {}

    def contest(self, points, day=None, **values):
        contest, entrants = factories.make_marked_contest(
            points, starts_on=day and date.fromisoformat(day), **values
        )
        self.entrants |= entrants
        return contest

    def publish(self, contest, reason=""):
        results.publish_results(self.one, contest.id, "provisional", reason)
        results.publish_results(self.two, contest.id, "final", reason)
        return contest

    def held(self, points, day=None, **values):
        return self.publish(self.contest(points, day, **values))

    def line(self, *contests, **form):
        line = record_actions.define_line(self.curator, {**FORM, **form})
        for contest in contests:
            record_actions.let_in(self.curator, line.id, contest.id)
        return line

    def confirm(self, line, name):
        return record_actions.confirm_mark(self.second, self.mark(line, name).id)

    def mark(self, line, name, state="proposed"):
        return db.session.scalars(
            select(RecordMark).filter_by(line_id=line.id, name=name, state=state)
        ).one()

    def waiting(self, line):
        return [(mark.name, kind, before) for mark, kind, before in record_queries.waiting(line)]

    def history(self, line):
        return [(one.name, one.value, str(one.on), one.until and str(one.until), one.is_shared)
                for one in record_history_queries.find_history(line).history]


@pytest.fixture
def house(app):
    return House()


def states(line):
    return sorted((one.name, one.state) for one in record_queries.marks_of(line.id))


@BOTH
def test_a_final_result_that_beats_the_earlier_record_is_proposed_then_confirmed(house):
    contest = house.contest({"甲": ("90", "9"), "乙": ("80", "8")})
    line = house.line(contest, **EARLIER)
    assert house.waiting(line) == []
    results.publish_results(house.one, contest.id, "provisional")
    assert house.waiting(line) == []

    results.publish_results(house.two, contest.id, "final")

    assert house.waiting(line) == [("甲", "beats", 912_500)]
    assert house.history(line) == [("老钟", "91.25", "2019-10-12", None, False)]
    mark = house.confirm(line, "甲")
    assert (mark.value, mark.unit, mark.decided_by_id) == (
        935_000, house.entrants["甲"].organisation.name, house.second.user_id
    )
    assert house.history(line) == [
        ("甲", "93.50", "2026-11-23", None, False), ("老钟", "91.25", "2019-10-12", "2026-11-23", False),
    ]
    assert check_chain(contest.id).is_whole


def test_the_trail_says_who_did_what_and_what_followed_by_itself(house):
    contest = house.contest({"甲": ("90", "9")})
    line = house.line(contest)
    house.publish(contest)
    house.confirm(line, "甲")
    rows = db.session.scalars(
        select(TrailRow).where(TrailRow.did.startswith("registry.record")).order_by(TrailRow.id)
    ).all()
    assert [(one.did, one.who) for one in rows] == [
        ("registry.record_define", "顾馆长"), ("registry.record_let_in", "顾馆长"),
        ("registry.record_look", "records"), ("registry.record_confirm", "秦馆员"),
    ]
    assert rows[2].facts == {"proposed": 1, "taken_back": 0}


def test_a_contest_that_was_over_is_looked_at_when_it_is_let_in(house):
    line = house.line(house.held({"甲": ("90", "9")}, "2026-05-01"))
    assert house.waiting(line) == [("甲", "first", None)]
    house.confirm(line, "甲")
    assert house.history(line)[0][2] == "2026-05-01"


def test_equal_values_share_a_record_with_every_holder(house):
    first = house.held({"甲": ("90", "9"), "乙": ("90", "9"), "丙": ("90", "8")}, "2026-05-01")
    line = house.line(first)
    assert house.waiting(line) == [("甲", "first", None), ("乙", "first", None)]
    house.confirm(line, "甲")
    house.confirm(line, "乙")
    record_actions.let_in(house.curator, line.id, house.held({"丁": ("90", "9")}, "2026-06-01").id)
    assert house.waiting(line) == [("丁", "equals", 935_000)]
    house.confirm(line, "丁")
    assert {one[0]: one[1:] for one in house.history(line)} == {
        "丁": ("93.50", "2026-06-01", None, True), "甲": ("93.50", "2026-05-01", None, True),
        "乙": ("93.50", "2026-05-01", None, True),
    }


def test_a_worse_result_is_not_proposed_and_a_later_better_one_ends_the_first(house):
    line = house.line(house.held({"甲": ("90", "9")}, "2026-05-01"))
    house.confirm(line, "甲")
    record_actions.let_in(house.curator, line.id, house.held({"乙": ("90", "8")}, "2026-06-01").id)
    assert house.waiting(line) == []
    record_actions.let_in(house.curator, line.id, house.held({"丙": ("95", "9.5")}, "2026-07-01").id)
    house.confirm(line, "丙")
    assert house.history(line) == [
        ("丙", "96.75", "2026-07-01", None, False), ("甲", "93.50", "2026-05-01", "2026-07-01", False),
    ]


def test_whoever_defined_it_or_let_the_contest_in_does_not_confirm_it(house):
    contest = house.held({"甲": ("90", "9")})
    line = house.line()
    record_actions.let_in(house.second, line.id, contest.id)
    mark = house.mark(line, "甲")
    for one in (house.curator, house.second):
        with pytest.raises(NotAllowed, match="two people"):
            record_actions.confirm_mark(one, mark.id)
    third = factories.make_official("第三人", "curator")
    assert record_actions.confirm_mark(third, mark.id).state == "confirmed"
    with pytest.raises(Conflict, match="wait"):
        record_actions.confirm_mark(third, mark.id)


def test_nobody_confirms_a_record_of_their_own(house):
    line = house.line(house.held({"甲": ("90", "9")}))
    db.session.add(PersonAccount(
        user_id=house.second.user_id, human_id=house.entrants["甲"].human_id, linked_at=clock.now()
    ))
    db.session.commit()
    with pytest.raises(NotAllowed, match="of their own"):
        house.confirm(line, "甲")


def test_a_refusal_says_why_and_the_next_best_result_is_proposed(house):
    first = house.held({"甲": ("90", "9")}, "2026-05-01")
    line = house.line(first, house.held({"乙": ("80", "8")}, "2026-06-01"))
    mark = house.mark(line, "甲")
    with pytest.raises(Invalid):
        record_actions.refuse_mark(house.second, mark.id, " ")
    record_actions.refuse_mark(house.second, mark.id, "计时设备未检定")
    assert (mark.state, mark.refused_reason) == ("refused", "计时设备未检定")
    assert house.waiting(line) == [("乙", "first", None)]
    record_actions.propose_again(house.curator, mark.id, "检定证书找到了")
    assert house.waiting(line) == [("甲", "first", None)]
    assert states(line) == [("乙", "withdrawn"), ("甲", "proposed"), ("甲", "withdrawn")]
    assert house.mark(line, "甲", "withdrawn").withdrawn_why["params"] == {"reason": "检定证书找到了"}


def test_what_is_opened_again_holds_no_record_and_comes_back_as_a_proposal(house):
    contest = house.held({"甲": ("90", "9")})
    line = house.line(contest)
    house.confirm(line, "甲")
    results.propose_reopening(house.one, contest.id, "漏录一份")
    assert states(line) == [("甲", "confirmed")]
    results.confirm_reopening(house.two, contest.id)
    [mark] = record_history_queries.taken_back(line.id)
    assert mark.withdrawn_why == {
        "message": "The final results were opened again: %(reason)s", "params": {"reason": "漏录一份"},
    }
    assert house.history(line) == []
    house.publish(contest, "已更正")
    assert house.waiting(line) == [("甲", "first", None)]


def test_a_correction_takes_back_what_it_changed_and_leaves_the_rest(house):
    contest = house.contest({"甲": ("90", "9"), "乙": ("90", "9")})
    line = house.line(contest)
    house.publish(contest)
    db.session.add(StateEvent(contest_id=contest.id, entrant_id=house.entrants["甲"].id, state="disqualified",
                              reason=WHY, at=clock.now()))
    db.session.get(Contest, contest.id).marks_version += 1
    db.session.commit()
    assert sorted(states(line)) == [("乙", "proposed"), ("甲", "proposed")]
    results.propose_reopening(house.one, contest.id, WHY)
    results.confirm_reopening(house.two, contest.id)
    house.publish(contest, "取消成绩")
    assert house.waiting(line) == [("乙", "first", None)]


def test_an_annulled_result_loses_its_record_at_once_and_the_next_one_is_proposed(house):
    contest = house.held({"甲": ("90", "9"), "乙": ("80", "8")})
    line = house.line(contest)
    house.confirm(line, "甲")
    awards.grant_awards(house.one, contest.id)
    annulment_actions.propose_annulment(
        house.one, contest.id, {"whom": f"entrant-{house.entrants['甲'].id}"}, SAID
    )
    annulment_actions.confirm_annulment(house.two, contest.id, find_open(contest.id, "annul").id)
    [mark] = record_history_queries.taken_back(line.id)
    assert (mark.name, mark.withdrawn_why["params"]) == ("甲", {"reason": SAID["reason"]})
    assert house.waiting(line) == [("乙", "first", None)]
    annulment_actions.publish_without_annulled(house.two, contest.id)
    assert house.waiting(line) == [("乙", "first", None)]
    assert check_chain(contest.id).is_whole


def test_an_earlier_contest_that_comes_in_late_takes_the_place_only_once_it_is_confirmed(house):
    line = house.line(house.held({"乙": ("80", "8")}, "2026-06-01"))
    house.confirm(line, "乙")
    record_actions.let_in(house.curator, line.id, house.held({"甲": ("90", "9")}, "2026-05-01").id)
    assert states(line) == [("乙", "confirmed"), ("甲", "proposed")]
    house.confirm(line, "甲")
    assert states(line) == [("乙", "withdrawn"), ("甲", "confirmed")]
    [mark] = record_history_queries.taken_back(line.id)
    assert mark.withdrawn_why["message"] == "A better result stood already."


def test_a_contest_is_let_in_once_only_where_it_fits_and_is_taken_out_with_a_reason(house):
    contest = house.held({"甲": ("90", "9")})
    line = house.line(contest)
    with pytest.raises(Conflict, match="already"):
        record_actions.let_in(house.curator, line.id, contest.id)
    with pytest.raises(Conflict, match="maximum"):
        record_actions.let_in(house.curator, house.line(record_top="120").id, contest.id)
    with pytest.raises(Invalid):
        record_actions.take_out(house.curator, line.id, contest.id, "")
    house.confirm(line, "甲")
    record_actions.take_out(house.curator, line.id, contest.id, "赛题不同")
    [mark] = record_history_queries.taken_back(line.id)
    assert mark.withdrawn_why["params"] == {"reason": "赛题不同"}
    with pytest.raises(Conflict, match="does not belong"):
        record_actions.take_out(house.curator, line.id, contest.id, "赛题不同")
    record_actions.let_in(house.curator, line.id, contest.id)
    assert house.waiting(line) == [("甲", "first", None)]


def test_a_contest_that_no_longer_fits_loses_its_record_with_the_reason_that_is_true(house):
    contest = house.held({"甲": ("90", "9")}, "2026-05-01")
    line = house.line(contest)
    house.confirm(line, "甲")
    db.session.add(ContestLevel(contest_id=contest.id, level="unit", at=clock.now()))
    db.session.commit()
    record_actions.let_in(house.curator, line.id, house.held({"乙": ("80", "8")}, "2026-06-01").id)
    [mark] = record_history_queries.taken_back(line.id)
    assert mark.withdrawn_why == {
        "message": "This contest counts at another level than the record.", "params": {},
    }
    assert house.waiting(line) == [("乙", "first", None)]


def test_a_record_that_was_laid_down_keeps_its_history_and_takes_nothing_more(house):
    first = house.held({"甲": ("90", "9")}, "2026-05-01")
    line = house.line(first)
    house.confirm(line, "甲")
    record_actions.let_in(house.curator, line.id, house.held({"乙": ("95", "9")}, "2026-06-01").id)
    record_actions.lay_down(house.curator, line.id, "评分标准换版")
    assert states(line) == [("乙", "withdrawn"), ("甲", "confirmed")]
    with pytest.raises(Conflict, match="laid down"):
        record_actions.let_in(house.curator, line.id, first.id)
    results.propose_reopening(house.one, first.id, WHY)
    results.confirm_reopening(house.two, first.id)
    assert states(line) == [("乙", "withdrawn"), ("甲", "withdrawn")]


def test_nothing_is_told_or_decided_while_the_board_is_frozen(house):
    contest = house.contest({"甲": ("90", "9")})
    line = house.line(contest)
    board.freeze_board(house.one, contest.id)
    house.publish(contest)
    mark = house.mark(line, "甲")
    assert (house.waiting(line), record_queries.count_waiting()) == ([], {})
    for act in (lambda: record_actions.confirm_mark(house.second, mark.id),
                lambda: record_actions.refuse_mark(house.second, mark.id, WHY)):
        with pytest.raises(Missing):
            act()
    board.reveal_board(house.one, contest.id)
    assert record_queries.count_waiting() == {line.id: 1}
    house.confirm(line, "甲")


def test_a_contest_that_is_not_public_gives_no_public_record(house):
    contest = house.held({"甲": ("90", "9")})
    line = house.line(contest)
    contest.is_public = False
    db.session.commit()
    with pytest.raises(Conflict, match="not public"):
        house.confirm(line, "甲")
    contest.is_public = True
    db.session.commit()
    house.confirm(line, "甲")
    contest.is_public = False
    db.session.commit()
    [held] = record_history_queries.find_history(line).history
    assert (held.name, held.unit, held.contest, held.value) == ("", "", None, "93.50")


def test_a_module_and_a_recorded_time_are_compared_by_their_key(house):
    contest = house.contest({"甲": ("90", "9"), "乙": ("80", "9.5")})
    for name, units in (("甲", 618_000), ("乙", 617_999)):
        db.session.add(RecordedFigure(contest_id=contest.id, entrant_id=house.entrants[name].id, kind="data",
                                      key="time", units=units, at=clock.now()))
    db.session.commit()
    module = house.line(contest, record_what="module", record_key="risk", record_top="20")
    time = house.line(contest, record_what="figure", record_key="time", record_top="", record_better="low",
                      record_unit="秒", record_places="4")
    house.publish(contest)
    assert [(one.name, one.value) for one in record_queries.marks_of(module.id)] == [("乙", 195_000)]
    assert [(one.name, one.value) for one in record_queries.marks_of(time.id)] == [("乙", 617_999)]


def test_officials_read_beside_a_result_that_it_would_be_a_record_before_it_is_final(house):
    contest = house.contest({"甲": ("90", "9"), "乙": ("80", "8")})
    line = house.line(contest, **EARLIER)
    flags = record_asking_queries.flags(contest.id, standings(contest.id))
    assert flags == {house.entrants["甲"].id: [(line, "Beats the standing record", False)]}
    house.publish(contest)
    house.confirm(line, "甲")
    flags = record_asking_queries.flags(contest.id, standings(contest.id))
    assert flags == {house.entrants["甲"].id: [(line, "Beats the standing record", True)]}
    assert record_asking_queries.flags(house.held({"丙": ("10", "1")}).id, standings(contest.id)) == {}


def test_what_was_refused_is_not_flagged_any_more_and_the_next_one_is(house):
    contest = house.held({"甲": ("90", "9"), "乙": ("80", "8")})
    line = house.line(contest)
    record_actions.refuse_mark(house.second, house.mark(line, "甲").id, WHY)
    flags = record_asking_queries.flags(contest.id, standings(contest.id))
    assert flags == {house.entrants["乙"].id: [(line, "The first record", False)]}


def test_the_name_from_before_the_program_goes_on_request_and_the_value_stays(house):
    line = house.line(**EARLIER)
    record_actions.take_name_off(house.curator, line.id, "本人要求")
    assert house.history(line) == [("", "91.25", "2019-10-12", None, False)]
    with pytest.raises(Conflict):
        record_actions.take_name_off(house.curator, line.id, "本人要求")


@BOTH
def test_a_result_stands_in_a_record_once_also_for_the_database(house):
    contest = house.held({"甲": ("90", "9")})
    mark = house.mark(house.line(contest), "甲")
    twin = {key: getattr(mark, key) for key in ("line_id", "contest_id", "entrant_id", "result_sheet_id",
                                                "value", "on", "name", "unit", "proposed_at")}
    db.session.add(RecordMark(**twin))
    with pytest.raises(IntegrityError):
        db.session.commit()
    db.session.rollback()
