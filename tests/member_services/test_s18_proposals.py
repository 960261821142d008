"""S18: every proposal is answered: 100 %."""

import pytest

from contest.errors import Conflict
from contest.member_services import item_actions, item_queries
from tests.member_services.walking import act, apply, feedback, form, officer


def test_a_congress_is_closed_when_all_its_proposals_are_answered(app):
    desk = officer()
    register = item_actions.open_register(desk, "proposals", form(title="六届三次职代会"))
    item_actions.add_lines(desk, register.id, "\n".join(f"提案{n}" for n in range(1, 38)))
    proposals = item_queries.items_of(register.id)
    for one in proposals[:-1]:
        item_actions.move_item(desk, one.id, one.revision, form(state="answered", words="采纳"))
    assert item_queries.figures(register.id).percent == 97  # 36 of 37: never rounded up to 100
    with pytest.raises(Conflict, match="1 left.*Lines: 37"):
        item_actions.close_register(desk, register.id)
    last = proposals[-1]
    item_actions.move_item(desk, last.id, last.revision, form(
        state="dropped", words="不属职代会职权，已说明",
    ))
    item_actions.close_register(desk, register.id)
    assert item_queries.figures(register.id).percent == 100


def test_one_proposal_is_registered_and_answered(app):
    desk = officer("提案", "proposals_secretary")
    case = apply("proposals", title="增设母婴室", supporters="12", words="女职工较多")
    act(desk, case, "accept")
    [item] = item_queries.items_of(item_queries.find_register("proposals").id)
    assert item.text == "增设母婴室 女职工较多"
    act(desk, case, "step", words="明年一季度建成")
    feedback(case)
    assert case.state == "closed"
