"""The public notice: working days, a list that gives nobody away, objections, and no end by itself."""

import io
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from contest import clock
from contest.audit.chain_queries import check_chain, find_head, find_head_of, find_link_hash
from contest.audit.models import TrailRow
from contest.board import actions as board_actions
from contest.db import db
from contest.documents import file_bytes
from contest.errors import Conflict, Invalid, NotAllowed
from contest.results import actions as results
from contest.review import notice_actions, notice_queries, notice_rules, public_rules
from contest.review.notice_paper import notice_paper
from contest.review.notice_rules import MOST_FROM_ONE, phase
from contest.setup import actions as setup
from contest.setup import calendar_actions
from contest.setup.calendar_models import CalendarDay
from contest.setup.procedure_rules import stored_form
from contest.setup.proposal_queries import find_open
from tests.review.scene import OBJECTION, PUBLIC, WITH_NOTICE, provisional
from tests.review.test_appeals import sentences

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def review(app):
    """Provisional results, announced, with the time for appeals over: Monday 23 November, 15 h."""
    found = provisional(WITH_NOTICE)
    found.announce()
    found.pass_time(hours=3)
    return found


def give(review):
    return notice_actions.give_notice(review.actor("organiser"), review.contest.id, SHANGHAI)


def find(review):
    return notice_queries.find_notice(review.contest.id, "final")


def test_it_begins_with_publishing_and_ends_after_five_working_days_ready_but_not_final(review):
    notice = give(review)
    assert review.contest.state == "notice"
    # Tuesday 24, Wednesday, Thursday, Friday, Monday 30 November, to the end of the day.
    assert notice.ends_at == datetime(2026, 11, 30, 16, 0, tzinfo=UTC)
    assert "lasts until" in sentences(review.contest)[0]
    with pytest.raises(Conflict, match="lasts until"):
        review.publish("final", "organiser2")
    clock.stand_still(notice.ends_at)
    assert (find(review).phase, review.contest.state) == ("over", "notice")
    review.publish("final", "organiser2")
    assert review.contest.state == "final"


@pytest.mark.parametrize("form", ["csv", "xlsx", "docx", "pdf"])
def test_the_paper_of_a_notice_carries_the_head_of_the_moment_it_was_given(app, review, form):
    notice = give(review)
    head = find_head_of(review.contest.id, "notice", notice.id)
    assert find_link_hash(review.contest.id, head.seq) == head.hash
    review.announce("risk")  # the chain goes on
    assert find_head(review.contest.id).seq > head.seq

    with app.test_request_context():
        paper = notice_paper(review.contest, find(review), "en", SHANGHAI)

    assert [code.code for code in paper.codes] == [f"{review.contest.slug} {head}"]
    assert head.groups in paper.codes[0].text
    data = file_bytes(paper, form)
    if form == "csv":
        assert str(head) in data.decode("utf-8-sig")
    if form == "xlsx":
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            assert str(head) in book.read("xl/sharedStrings.xml").decode()


def test_nothing_goes_on_notice_while_appeals_run_or_without_an_announcement(app):
    found = provisional(WITH_NOTICE)
    with pytest.raises(Conflict, match="have not been announced"):
        give(found)
    found.announce()
    with pytest.raises(Conflict, match="Appeals are taken until"):
        give(found)
    assert find(found) is None


def test_the_list_holds_what_the_public_may_read_and_no_more(review):
    notice = give(review)
    rows = notice.rows
    assert set(rows[0]) == {
        "kind", "number", "name", "organisation", "organisation_en", "group", "place", "prizes",
        "prizes_en",
    }
    assert [(row["place"], row["name"], row["prizes"]) for row in rows] == [
        (1, "钟一", ["一等奖"]), (2, "华二", []), (3, "吴小三", []),
    ]
    with pytest.raises(DBAPIError):
        db.session.execute(db.text("UPDATE notice SET days = 1"))
    db.session.rollback()


def test_names_are_masked_by_the_contests_one_policy(review):
    review.contest.procedure = {**stored_form(WITH_NOTICE), "names": "one"}
    db.session.commit()
    assert [row["name"] for row in give(review).rows] == ["钟*", "华*", "吴*三"]


def test_a_number_that_looks_like_a_persons_keeps_the_list_from_the_public(review):
    row = review.entrants["华二"]
    review.contest.state = "collected"
    row.number = "110101199003078515"
    db.session.commit()
    review.publish(reason="改号")
    review.announce_again()
    review.pass_time(hours=3)
    with pytest.raises(Invalid, match="110101199003078515"):
        give(review)
    assert (find(review), review.contest.state) == (None, "provisional")


@pytest.mark.parametrize("text", [
    "110101199003078515", "11010119900307851X", "110101900307851", "身份证110101199003078515号",
    "13812345678", "138 1234 5678", "+86 138-1234-5678", "１３８１２３４５６７８", "电话0571-87654321",
    "1101 0119 9003 0785 15",
])
def test_the_scanner_sees_numbers_of_people(text):
    assert public_rules.personal_numbers(text)
    assert "***" in public_rules.public_words(text)


@pytest.mark.parametrize("text", [
    "92.25", "2026-11-23 12:00:00", "A001", "第12组", "国办发明电〔2025〕7号", "20261123",
    "3f2a9c1d" * 8, "1" * 12,
])
def test_the_scanner_leaves_other_numbers_alone(text):
    assert public_rules.personal_numbers(text) == []


def test_an_open_objection_keeps_the_notice_from_ending_and_is_decided_by_another(review):
    notice = give(review)
    review.pass_time(days=1)
    public = notice_actions.object_to_notice(PUBLIC, review.contest.id, OBJECTION)
    clerk = review.actor("clerk")
    typed = notice_actions.object_to_notice(clerk, review.contest.id, OBJECTION)
    assert (public.number, typed.number) == (1, 2)
    clock.stand_still(notice.ends_at)
    assert find(review).phase == "waiting"
    assert sentences(review.contest) == ["Objections that wait for a decision: 2 (number 1、2)."]
    with pytest.raises(NotAllowed):
        notice_actions.decide_objection(clerk, review.contest.id, typed.id, "founded", "x")
    supervisor = review.actor("supervisor")
    notice_actions.take_objection(supervisor, review.contest.id, public.id)
    assert (public.handler_id, public.decided_at) == (supervisor.user_id, None)
    for one in (public, typed):
        notice_actions.decide_objection(
            supervisor, review.contest.id, one.id, "unfounded", "经核实，单位无误。"
        )
    assert (find(review).phase, sentences(review.contest)) == ("over", [])
    with pytest.raises(Conflict, match="decided already"):
        notice_actions.decide_objection(supervisor, review.contest.id, public.id, "founded", "y")
    with pytest.raises(Conflict, match="not running"):
        notice_actions.object_to_notice(PUBLIC, review.contest.id, OBJECTION)


def test_who_objects_stands_in_no_trail(review):
    give(review)
    notice_actions.object_to_notice(PUBLIC, review.contest.id, OBJECTION)
    rows = db.session.scalars(select(TrailRow)).all()
    said = " ".join(f"{row.who} {row.subject} {row.facts}" for row in rows)
    assert all(word not in said for word in OBJECTION.values())


def test_an_objection_is_made_under_ones_own_name(review):
    give(review)
    for field in OBJECTION:
        with pytest.raises(Invalid) as refused:
            notice_actions.object_to_notice(PUBLIC, review.contest.id, {**OBJECTION, field: ""})
        assert set(refused.value.fields) == {field}


def object_from(review, address):
    return notice_actions.object_to_notice(PUBLIC, review.contest.id, OBJECTION, address)


def test_a_flood_from_one_sender_shuts_the_form_for_nobody_else(review):
    give(review)
    notice_actions.SENDERS.forget()
    for host in range(MOST_FROM_ONE):
        object_from(review, f"2001:db8:1:2::{host}")  # one guest has every address of the network
    with pytest.raises(Conflict, match="not taken and stands here still"):
        object_from(review, "2001:db8:1:2::ffff")
    for other in ("2001:db8:1:3::1", "192.0.2.7", "::ffff:192.0.2.8"):
        object_from(review, other)
    assert notice_actions.object_to_notice(
        review.actor("clerk"), review.contest.id, OBJECTION
    ).number == MOST_FROM_ONE + 4
    review.pass_time(hours=1)
    object_from(review, "2001:db8:1:2::ffff")


def test_what_is_typed_wrong_counts_for_no_sender(review):
    give(review)
    notice_actions.SENDERS.forget()
    for _ in range(MOST_FROM_ONE + 1):
        with pytest.raises(Invalid):
            notice_actions.object_to_notice(
                PUBLIC, review.contest.id, {**OBJECTION, "text": ""}, "192.0.2.7"
            )
    assert object_from(review, "192.0.2.7").number == 1


def test_there_is_a_ceiling_in_all_and_the_clerk_goes_on(review, monkeypatch):
    monkeypatch.setattr(notice_rules, "MOST_AN_HOUR", 3)
    give(review)
    for host in range(3):
        object_from(review, f"192.0.2.{host}")
    with pytest.raises(Conflict, match="office"):
        object_from(review, "192.0.2.9")
    assert notice_actions.object_to_notice(
        review.actor("clerk"), review.contest.id, OBJECTION
    ).number == 4


def test_a_notice_is_prolonged_in_working_days_with_a_public_reason(review):
    give(review)
    organiser = review.actor("organiser")
    for days, reason in ((0, "x"), (None, "x"), (61, "x"), (2, " ")):
        with pytest.raises(Invalid):
            notice_actions.extend_notice(organiser, review.contest.id, days, reason, SHANGHAI)
    with pytest.raises(Invalid, match="identity card"):
        notice_actions.extend_notice(organiser, review.contest.id, 2, "问 13812345678", SHANGHAI)
    notice_actions.extend_notice(organiser, review.contest.id, 2, "收到异议，延长公示", SHANGHAI)
    # From the end of Monday 30 November: Tuesday and Wednesday.
    assert find(review).ends_at == datetime(2026, 12, 2, 16, 0, tzinfo=UTC)


def at(*when):
    return datetime(*when, tzinfo=SHANGHAI)


def give_over_the_year(review):
    """On 28 December, as if nobody knew the days off of the year that follows."""
    clock.stand_still(at(2026, 12, 28, 10))
    notice = give(review)
    assert notice.ends_at == at(2027, 1, 5)  # the fifth working day is Monday 4 January
    return notice


def days_off(review, first, last):
    calendar_actions.enter_days(review.actor("organiser"), first, last, "off", "元旦")


def test_days_off_that_are_entered_in_mid_notice_move_its_end_and_never_back(review):
    notice = give_over_the_year(review)
    clock.stand_still(at(2026, 12, 30, 10))
    days_off(review, date(2027, 1, 1), date(2027, 1, 3))
    assert (notice.ends_at, find(review).ends_at) == (at(2027, 1, 5), at(2027, 1, 6))
    [move] = find(review).moves
    assert (move.kind, move.by_id, move.ends_at) == (
        "calendar", review.actor("organiser").user_id, at(2027, 1, 6)
    )
    [row] = db.session.scalars(select(TrailRow).filter_by(did="notice.move")).all()
    assert (row.contest_id, row.who) == (review.contest.id, "某organiser")
    entered = db.session.scalars(select(TrailRow).filter_by(did="calendar.enter")).one()
    assert entered.facts["moved_ends"] == ["review 1"]
    assert not check_chain(review.contest.id).problems

    calendar_actions.remove_day(review.actor("organiser"), date(2027, 1, 1))
    assert find(review).ends_at == at(2027, 1, 6)  # what was told holds at least
    clock.stand_still(at(2027, 1, 5, 12))
    assert find(review).phase == "running"


def test_days_that_a_notice_lacked_are_counted_from_when_it_is_known(review):
    give_over_the_year(review)
    clock.stand_still(at(2027, 1, 7, 10))
    assert find(review).phase == "over"
    days_off(review, date(2027, 1, 1), date(2027, 1, 3))
    assert (find(review).phase, find(review).ends_at) == ("running", at(2027, 1, 9))
    with pytest.raises(Conflict, match="lasts until"):
        review.publish("final", "organiser2")


def test_a_notice_that_a_newer_programs_calendar_makes_too_short_is_not_made_final(review):
    give_over_the_year(review)
    db.session.add(CalendarDay(day=date(2027, 1, 1), is_off=True, reason="元旦", at=clock.now()))
    db.session.commit()
    clock.stand_still(at(2027, 1, 5, 10))
    assert sentences(review.contest) == [
        "By the calendar of working days that holds now, the public notice is too short (5 working days): "
        "prolong it."
    ]
    notice_actions.extend_notice(review.actor("organiser"), review.contest.id, 1, "元旦放假", SHANGHAI)
    clock.stand_still(find(review).ends_at)
    assert sentences(review.contest) == []


def test_an_extension_counts_from_the_end_that_the_calendar_gives(review):
    give_over_the_year(review)
    notice_actions.extend_notice(review.actor("organiser"), review.contest.id, 2, "延长公示", SHANGHAI)
    assert find(review).ends_at == at(2027, 1, 7)
    days_off(review, date(2027, 1, 1), date(2027, 1, 3))
    assert find(review).ends_at == at(2027, 1, 8)
    days_off(review, date(2027, 2, 1), date(2027, 2, 1))  # behind its end
    assert len(find(review).moves) == 1


def test_opening_the_results_again_breaks_the_notice_off_and_the_old_list_is_kept(review):
    first = give(review)
    results.reopen_results(review.actor("organiser"), review.contest.id, "更正单位")
    assert find(review).phase == "broken_off"
    assert notice_queries.get_notice(review.contest.id, first.number).notice.rows == first.rows
    with pytest.raises(Conflict, match="not running"):
        notice_actions.object_to_notice(PUBLIC, review.contest.id, OBJECTION)


def test_a_notice_that_nobody_could_read_is_not_given(review):
    review.contest.is_public = False
    db.session.commit()
    with pytest.raises(Conflict, match="nobody could read the list"):
        give(review)
    assert find(review) is None


@pytest.mark.parametrize("hide", [setup.show_to_public, board_actions.open_board])
def test_nobody_hides_a_contest_by_any_door_while_its_list_is_on_notice(review, hide):
    notice = give(review)
    for moment in (notice.at, notice.ends_at):
        clock.stand_still(moment)
        with pytest.raises(Conflict, match="stays public until the results are final"):
            hide(review.actor("organiser"), review.contest.id, False)
        assert review.contest.is_public
    review.publish("final", "organiser2")
    hide(review.actor("organiser"), review.contest.id, False)
    assert not review.contest.is_public


def test_a_contest_that_was_hidden_in_mid_notice_is_not_made_final(review):
    notice = give(review)
    review.contest.is_public = False  # by a release before this one
    db.session.commit()
    clock.stand_still(notice.ends_at)
    with pytest.raises(Conflict, match="nobody can read the list that is on notice"):
        review.publish("final", "organiser2")


def test_results_under_appeal_are_not_hidden(app):
    found = provisional()
    setup.show_to_public(found.actor("organiser"), found.contest.id, False)
    setup.show_to_public(found.actor("organiser"), found.contest.id, True)
    found.announce()
    with pytest.raises(Conflict, match="under appeal"):
        setup.show_to_public(found.actor("organiser"), found.contest.id, False)
    found.pass_time(hours=2)
    setup.show_to_public(found.actor("organiser"), found.contest.id, False)


def test_an_objection_to_a_notice_that_was_broken_off_is_decided_before_anything_is_final(review):
    give(review)
    objection = notice_actions.object_to_notice(PUBLIC, review.contest.id, OBJECTION)
    results.reopen_results(review.actor("organiser"), review.contest.id, "更正单位")
    review.contest.state = "collected"
    db.session.commit()
    review.publish(reason="更正单位")
    notice = give(review)
    clock.stand_still(notice.ends_at)

    assert find(review).phase == "waiting"
    [line] = notice_queries.objection_lines(find(review), 24)
    assert (line.objection.id, line.notice) == (objection.id, 1)
    with pytest.raises(Conflict, match="Objections that wait for a decision: 1"):
        review.publish("final", "organiser2")
    notice_actions.decide_objection(
        review.actor("supervisor"), review.contest.id, objection.id, "unfounded", "经核实，单位无误。"
    )
    review.publish("final", "organiser2")


def by_two(review):
    review.contest.procedure = stored_form(replace(WITH_NOTICE, four_eyes=True))
    db.session.commit()


def test_where_four_eyes_are_asked_for_nobody_gives_a_notice_alone(review):
    by_two(review)
    with pytest.raises(NotAllowed, match="second person"):
        give(review)
    notice_actions.propose_notice(review.actor("organiser"), review.contest.id)
    proposal = find_open(review.contest.id, "give_notice")
    for role, why in (("organiser", "yourself"), ("clerk", "role")):
        with pytest.raises(NotAllowed, match=why):
            notice_actions.confirm_notice(review.actor(role), review.contest.id, proposal.id, SHANGHAI)
    assert (find(review), review.contest.state) == (None, "provisional")

    notice_actions.confirm_notice(review.actor("supervisor"), review.contest.id, proposal.id, SHANGHAI)

    assert (find(review).phase, review.contest.state) == ("running", "notice")
    row = db.session.scalars(select(TrailRow).filter_by(did="notice.give")).one()
    assert (row.who, row.facts["proposed_by"]) == ("某supervisor", "某organiser")


def test_a_second_person_gives_notice_of_the_very_list_that_was_proposed(review):
    by_two(review)
    notice_actions.propose_notice(review.actor("organiser"), review.contest.id)
    proposal = find_open(review.contest.id, "give_notice")
    review.contest.procedure = {**review.contest.procedure, "names": "one"}
    db.session.commit()
    with pytest.raises(Conflict, match="list has changed since this was proposed"):
        notice_actions.confirm_notice(
            review.actor("supervisor"), review.contest.id, proposal.id, SHANGHAI
        )
    assert find(review) is None


def test_time_alone_makes_nothing_final():
    ends = datetime(2026, 11, 30, tzinfo=UTC)
    late = datetime(2027, 11, 30, tzinfo=UTC)
    found = {phase(ends, *case, late) for case in ((True, ()), (False, ()), (False, (1,)))}
    assert found == {"broken_off", "over", "waiting"}
