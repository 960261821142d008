"""A case and its line in a register go together, whichever of the two somebody moves."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from contest import clock
from contest.audit.models import TrailRow
from contest.db import db
from contest.errors import Conflict, Invalid, NotAllowed
from contest.member_services import (
    apply_actions,
    case_actions,
    case_queries,
    catalogue_queries,
    catalogue_rules,
    entitlement_queries,
    item_actions,
    item_queries,
    membership_actions,
    membership_queries,
    office_actions,
)
from tests import factories
from tests.member_services.walking import GUEST, act, apply, feedback, form, officer

WANT = {"company": "云溪建材", "month": "2026-11", "want": "people", "words": "招焊工 20 人"}
RIDER = {"work": "rider", "unit": "某外卖平台", "district": "云溪区"}


def line(case):
    """The one line of a case, as it stands."""
    [item] = item_queries.lines_of_case(case.id)
    db.session.refresh(item)
    return item


def move(actor, item, **values):
    db.session.refresh(item)
    return item_actions.move_item(actor, item.id, item.revision, form(**values))


def trail(did):
    return db.session.scalars(select(TrailRow).filter_by(did=did).order_by(TrailRow.id.desc())).first().facts


def suggestion(actor, words="食堂夜班没有热饭"):
    case = apply("council", words=words, **{"class": "canteen"})
    act(actor, case, "accept", words="已登记")
    return case


def test_a_line_is_answered_and_done_with_its_case_and_the_trail_says_so(app):
    secretary = officer("郑秘书", "council_secretary")
    case = suggestion(secretary)
    assert (line(case).state, line(case).answer) == ("open", "")  # what is said on taking it is no answer

    act(secretary, case, "step", words="夜班加开窗口")
    assert (line(case).state, line(case).answer) == ("answered", "夜班加开窗口")
    act(secretary, case, "step", words="已开三周，职工满意")

    assert (line(case).state, line(case).answer) == ("done", "夜班加开窗口")
    assert line(case).done_at is not None
    told = [(one.kind, one.words, one.who) for one in item_queries.history_of(line(case).id)]
    assert told[1:] == [("answered", "夜班加开窗口", "郑秘书"), ("done", "已开三周，职工满意", "郑秘书")]
    facts = trail("service.move")
    assert (facts["line"], facts["line_state"]) == (f"{line(case).register.title} 1", "done")


def test_a_line_is_dropped_with_a_case_that_is_refused_with_its_reason(app):
    desk = officer()
    case = suggestion(desk)

    act(desk, case, "refuse", words="不属本单位职权")

    assert (line(case).state, line(case).answer) == ("dropped", "不属本单位职权")
    assert (trail("service.move")["reason"], trail("service.move")["line_state"]) == (
        "不属本单位职权", "dropped"
    )


def test_a_line_goes_with_a_case_that_is_taken_back_and_keeps_the_reason_to_the_office(app):
    desk = officer()
    case = suggestion(desk)

    apply_actions.withdraw_case(GUEST, case.receipt, "我要去外地治病")

    assert (line(case).state, line(case).answer) == ("dropped", "")
    assert trail("service.move")["line_state"] == "dropped"
    assert "治病" not in str([one.words for one in item_queries.history_of(line(case).id)])


def test_a_line_that_is_done_ends_its_case_and_the_applicant_reads_why(app):
    desk = officer("郑秘书", "council_secretary")
    case = suggestion(desk)

    move(desk, line(case), state="answered", words="夜班加开窗口")
    assert (case.state, case.answer) == ("accepted", "夜班加开窗口")
    move(desk, line(case), state="done", words="窗口已开")

    assert (case.state, case.step_key, case.answer) == ("done", "", "窗口已开")
    told = [(one.kind, one.now, one.words) for one in case_queries.history(case, for_office=False)]
    assert told[-2:] == [("answered", "accepted", "夜班加开窗口"), ("settled", "done", "窗口已开")]
    facts = trail("register.move")
    assert (facts["case"], facts["case_state"], facts["reason"]) == (case.id, "done", "窗口已开")


def test_a_line_that_is_dropped_refuses_its_case_with_the_reason(app):
    desk = officer()
    case = suggestion(desk)

    move(desk, line(case), state="dropped", words="与上季度第 8 条重复")

    assert (case.state, case.answer, case.over_at is not None) == ("refused", "与上季度第 8 条重复", True)


def test_a_topic_takes_the_cases_of_its_lines_with_it(app):
    desk = officer("郑秘书", "council_secretary")
    cases = [suggestion(desk, words) for words in ("夜班没有热饭", "早餐太晚")]
    items = [line(one) for one in cases]
    topic = item_actions.make_topic(desk, items[0].register_id, "夜班用餐", "", [one.id for one in items])

    move(desk, topic, owner=desk.user_id)  # nothing but another owner: the lines stay as they are
    assert [one.state for one in items] == ["open", "open"]
    move(desk, topic, state="answered", words="加开窗口")
    move(desk, topic, state="done", words="已落实")

    assert [one.state for one in cases] == ["done", "done"]
    assert [line(one).state for one in cases] == ["done", "done"]


def test_a_wish_is_matched_by_its_case_or_on_the_list_and_then_granted(app):
    desk = officer()
    first, second = (
        apply("micro_wish", team="team_3", cost="199", words=words) for words in ("台灯", "书包")
    )
    for case in (first, second):
        act(desk, case, "accept")
    with pytest.raises(Invalid, match="who grants") as refused:
        act(desk, first, "step", words="已有人认领")
    assert set(refused.value.fields) == {"giver"}
    act(desk, first, "step", giver="志愿者甲")
    move(desk, line(second), state="matched", giver="志愿者乙")
    act(desk, second, "step")  # it is matched already
    assert [(line(one).state, line(one).giver) for one in (first, second)] == [
        ("matched", "志愿者甲"), ("matched", "志愿者乙"),
    ]
    assert "志愿者" not in str([one.words for one in case_queries.history(second, for_office=False)])
    for case in (first, second):
        act(desk, case, "step", words="已圆梦")
    assert [line(one).state for one in (first, second)] == ["done", "done"]


def test_whoever_may_not_strike_off_a_problem_does_not_do_it_through_the_list(app):
    """S10: a problem is mended by its owner and struck off by the checker of the ledger."""
    owner, checker = officer("负责人"), officer("督查", "supervisor_of_ledger")
    case = apply("walk_through", role="gig", service="joining", words="要填两遍身份证号")
    act(owner, case, "accept")

    with pytest.raises(NotAllowed, match="Checker of the ledger"):
        move(owner, line(case), state="done", words="已整改")

    assert (line(case).state, case.state) == ("open", "accepted")
    move(checker, line(case), state="done", words="已复核，销号")
    assert (line(case).state, case.state) == ("done", "done")


def test_a_want_that_is_solved_on_the_companys_list_goes_back_to_the_company(app):
    head = officer("站长")
    item_actions.open_register(head, "wants", form(
        title="云溪建材 2026-11", head=head.user_id, officer=[head.user_id, officer("干部").user_id],
    ))
    case = apply("wants", **WANT)
    act(head, case, "accept")
    move(head, line(case), state="answered", words="已对接两所技校")
    assert case.answer == "已对接两所技校"
    act(head, case, "step")
    act(head, case, "step", words="企业满意")
    assert (line(case).state, line(case).answer) == ("done", "已对接两所技校")


def test_a_proposal_that_is_answered_on_the_list_is_answered_to_its_delegate(app):
    desk = officer("提案", "proposals_secretary")
    case = apply("proposals", title="增设母婴室", supporters="12", words="女职工较多")
    act(desk, case, "accept")

    move(desk, line(case), state="answered", words="明年一季度建成")

    assert (case.state, case.answer) == ("done", "明年一季度建成")


def test_a_line_whose_case_lost_its_ground_is_not_done(app):
    desk = officer()
    case = suggestion(desk)
    case.ended_at = case.at
    db.session.commit()
    with pytest.raises(Conflict, match="can only be ended too"):
        move(desk, line(case), state="done", words="已办")
    move(desk, line(case), state="dropped", words="资格已终止")
    assert case.state == "refused"


@pytest.mark.parametrize("how", ["refuse", "withdraw"])
def test_a_joining_that_comes_to_nothing_gives_the_place_back(app, how):
    desk, unit = officer(), factories.make_organisation("新业态联合工会")
    case = apply("joining", **RIDER)
    act(desk, case, "accept")
    act(desk, case, "step", organisation_id=unit.id)
    other = apply("joining", words="再来一次", **RIDER)
    other.human_id = case.human_id
    db.session.commit()
    act(desk, other, "refuse", words="重复申请")
    assert membership_queries.membership_of(case.human_id).state == "placed"  # it was not placed by that

    if how == "refuse":
        act(desk, case, "refuse", words="已在别处入会")
    else:
        apply_actions.withdraw_case(GUEST, case.receipt)

    assert membership_queries.membership_of(case.human_id) is None
    [row] = membership_queries.memberships_of(case.human_id)
    assert (row.state, row.until) == ("ended", clock.today())
    assert row.reason == ("已在别处入会" if how == "refuse" else "Taken back")
    again = apply("joining", words="三次", **RIDER)
    again.human_id = case.human_id
    db.session.commit()
    act(desk, again, "accept")
    act(desk, again, "step", organisation_id=unit.id)
    assert membership_queries.membership_of(case.human_id).state == "placed"


def test_a_membership_that_ends_is_told_to_the_joining_that_is_under_way(app):
    desk, unit = officer(), factories.make_organisation()
    case = apply("joining", **RIDER)
    act(desk, case, "accept")
    act(desk, case, "step", organisation_id=unit.id)
    act(desk, case, "step")

    membership_actions.end_membership(desk, membership_queries.membership_of(case.human_id).id, "离职")

    assert case.ended_at is not None
    assert [one.words for one in case_queries.history(case, False) if one.kind == "ended"] == ["离职"]
    with pytest.raises(Conflict, match="can only be ended too"):
        act(desk, case, "step")


def test_a_line_is_not_done_while_its_case_waits_for_the_applicant(app):
    """Else returning it would be a way past the steps that others answer for."""
    owner = officer("负责人")
    case = apply("walk_through", role="gig", service="joining", words="要填两遍身份证号")
    act(owner, case, "accept")
    act(owner, case, "return", words="在哪一步？")

    with pytest.raises(Conflict, match="Returned: something is missing"):
        move(owner, line(case), state="done", words="已整改")

    assert (line(case).state, case.state) == ("open", "returned")
    move(owner, line(case), state="dropped", words="重复")
    assert case.state == "refused"


def test_a_membership_that_was_confirmed_outlasts_its_application(app):
    desk, unit = officer(), factories.make_organisation("新业态联合工会")
    case = apply("joining", **RIDER)
    act(desk, case, "accept")
    act(desk, case, "step", organisation_id=unit.id)
    act(desk, case, "step")

    apply_actions.withdraw_case(GUEST, case.receipt)

    assert membership_queries.membership_of(case.human_id).state == "active"
    assert "medical_aid" in entitlement_queries.held_keys(case.human_id)


def enter(change):
    """The entry of the council with other steps, as an organiser might write it."""
    document = dict(catalogue_queries.document_of("council"))
    document["steps"] = change([dict(one) for one in document["steps"]])
    office_actions.enter_version(officer("组委会", role="organiser"), catalogue_rules.write_toml(document))


def test_a_line_that_is_done_does_not_pass_by_what_a_later_step_does(app):
    desk = officer("郑秘书", "council_secretary")
    enter(lambda steps: [*steps[:2], {**steps[2], "does": "welcome_pack"}])
    case = suggestion(desk)
    move(desk, line(case), state="answered", words="夜班加开窗口")

    with pytest.raises(Conflict, match="does not follow"):
        move(desk, line(case), state="done", words="窗口已开")

    assert (line(case).state, case.state) == ("answered", "accepted")


def test_what_is_said_on_deciding_is_no_answer_to_the_line_that_this_lists(app):
    desk = officer("郑秘书", "council_secretary")
    enter(lambda steps: [
        {**steps[1], "who": "service_officer"}, {**steps[0], "kind": "decide"}, steps[2],
    ])
    case = apply("council", words="食堂夜班没有热饭", **{"class": "canteen"})
    act(desk, case, "accept")

    act(desk, case, "decide", words="立案")

    assert (case.state, line(case).state, line(case).answer) == ("decided", "open", "")


def _content(case):
    feedback(case, text="谢谢")


def _silent(_case):
    clock.stand_still(clock.now() + case_actions.CLOSED_AFTER + timedelta(minutes=1))
    case_actions.remind(officer("定时"))


@pytest.mark.parametrize("close", [_content, _silent])
def test_a_case_that_feedback_or_time_closes_takes_its_line_with_it(app, close):
    """Of an entry whose last step puts it on the list, the line is open when the case is done."""
    enter(lambda steps: steps[:1])
    desk = officer()
    case = apply("council", words="食堂夜班没有热饭", **{"class": "canteen"})
    act(desk, case, "accept")
    assert (case.state, line(case).state) == ("done", "open")

    close(case)

    db.session.refresh(case)
    assert (case.state, line(case).state) == ("closed", "done")
    assert line(case).answer == ""  # what the applicant says of it stays with the office
    assert item_queries.history_of(line(case).id)[-1].kind == "done"


def test_who_is_not_content_keeps_the_line_open_until_he_was_asked(app):
    enter(lambda steps: steps[:1])
    desk = officer()
    case = apply("council", words="食堂夜班没有热饭", **{"class": "canteen"})
    act(desk, case, "accept")
    feedback(case, 1)
    assert (case.state, line(case).state) == ("feedback", "open")
    act(desk, case, "close", words="已回访")
    assert (case.state, line(case).state) == ("closed", "done")
