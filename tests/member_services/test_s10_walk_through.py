"""S10: 10 services under 4 roles; each problem has an owner and a deadline; 12 of 12 are struck off."""

from contest.member_services import case_queries, item_actions, item_queries
from contest.member_services.catalogue_queries import get_service
from tests.member_services.walking import act, apply, feedback, form, local, officer


def test_twelve_of_twelve_problems_are_struck_off(app):
    desk, owner = officer(), officer("负责人")
    service = get_service("walk_through")
    roles = [one.name for one in service.field("role").options]
    assert (len(service.register_.groups), len(roles)) == (10, 4)
    register = item_actions.open_register(desk, "walk_through", form(title="三季度换位体验"))
    item_actions.add_lines(desk, register.id, "\n".join(
        f"{service.register_.groups[n % 10]}\t{roles[n % 4]}\t问题{n + 1}" for n in range(12)
    ))
    for item in item_queries.items_of(register.id):
        item_actions.move_item(desk, item.id, item.revision, form(owner=owner.user_id, due_on="2026-12-11"))
    items = item_queries.items_of(register.id)
    assert {(one.owner_id, local(one.due_at), one.state) for one in items} == {
        (owner.user_id, "2026-12-12 00:00", "open")
    }
    for item in items:
        item_actions.move_item(owner, item.id, item.revision, form(state="done", words="已整改"))
    found = item_queries.figures(register.id)
    assert (found.done, found.items, found.groups, found.late) == (12, 12, 10, 0)
    item_actions.close_register(desk, register.id)


def test_one_problem_found_on_the_way_is_booked_and_checked(app):
    desk = officer()
    checker = officer("督查", "supervisor_of_ledger")
    case = apply("walk_through", role="gig", service="joining", words="要填两遍身份证号")
    act(desk, case, "accept")
    [item] = item_queries.items_of(item_queries.find_register("walk_through").id)
    assert (item.group, item.source) == ("指尖入会", "新就业形态劳动者")
    act(desk, case, "step", words="已改表单")
    assert case.assignee_id == checker.user_id
    act(checker, case, "step", words="销号")
    feedback(case)
    assert case_queries.get_case(case.id).state == "closed"
