"""S14: monthly wants of companies; a station head and two officers answer for each list."""

import pytest

from contest.errors import Invalid
from contest.member_services import item_actions, item_queries
from tests.member_services.walking import act, apply, feedback, form, officer


def test_a_months_list_has_a_head_and_two_officers(app):
    head, one, two = officer("站长"), officer("干部甲"), officer("干部乙")
    with pytest.raises(Invalid) as refused:
        item_actions.open_register(head, "wants", form(title="云溪建材 2026-11", officer=[one.user_id]))
    assert set(refused.value.fields) == {"officer", "head"}
    register = item_actions.open_register(head, "wants", form(
        title="云溪建材 2026-11", head=head.user_id, officer=[one.user_id, two.user_id],
    ))
    item_actions.add_lines(head, register.id, "招焊工 20 人\n联系石灰石供应商")
    wants = item_queries.items_of(register.id)
    assert {item.owner_id for item in wants} == {head.user_id}
    for want, who in zip(wants, (one, two), strict=True):
        item_actions.move_item(head, want.id, want.revision, form(owner=who.user_id))
        item_actions.move_item(who, want.id, want.revision, form(state="answered", words="已对接"))
        item_actions.move_item(who, want.id, want.revision, form(state="done"))
    item_actions.close_register(head, register.id)
    assert item_queries.figures(register.id).done == 2


def test_a_want_sent_in_goes_to_the_companys_list_of_that_month(app):
    head = officer("站长")
    register = item_actions.open_register(head, "wants", form(
        title="云溪建材 2026-11", head=head.user_id, officer=[head.user_id, officer("干部").user_id],
    ))
    case = apply("wants", company="云溪建材", month="2026-11", want="people", words="招焊工 20 人")
    act(head, case, "accept")
    [item] = item_queries.items_of(register.id)
    assert (item.text, item.source) == ("招焊工 20 人", "用工")
    for words in ("已招到 20 人", "企业满意"):
        act(head, case, "step", words=words)
    feedback(case)
    assert case.state == "closed"
