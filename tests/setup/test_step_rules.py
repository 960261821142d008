"""The table of permitted steps: what is in it, and that nothing else is."""

from itertools import product

import pytest

from contest.errors import Conflict
from contest.setup import step_rules
from contest.setup.procedure_rules import (
    FORMAL,
    SHORT,
    Procedure,
    held_states,
    procedure_from,
    stored_form,
)
from contest.setup.rules import STATES, Note

FULL = held_states(FORMAL, has_codes=True, is_last_stage=True)
WAYS = [
    held for n in range(16)
    if "collected" in (held := tuple(s for i, s in enumerate(step_rules.OPTIONAL) if n >> i & 1))
    or held in ((), ("decoded",))
]


@pytest.mark.parametrize("held", WAYS, ids="-".join)
def test_every_road_leads_from_set_up_to_the_archive_through_every_state_it_holds(held):
    state, walked = "setup", ["setup"]
    while (step := step_rules.next_step(state, held)) is not None:
        state = step.to
        walked.append(state)

    assert walked == step_rules.road(held)
    assert set(held) <= set(walked)


@pytest.mark.parametrize("held", WAYS, ids="-".join)
def test_no_state_is_skipped_and_none_is_entered_that_is_not_held(held):
    road = step_rules.road(held)
    for state, to in product(STATES, STATES):
        steps = [step for step in step_rules.steps_from(state, held) if step.to == to]
        if not steps or state not in road:
            continue
        ahead = road.index(to) - road.index(state)
        # On by one, published once more, or back to where the sheets are open.
        assert ahead in (0, 1) or to == "scoring", (state, to)
        assert ahead != 0 or state in ("provisional", "scoring")


def test_the_short_procedure_is_scoring_provisional_final():
    assert held_states(SHORT, has_codes=False, is_last_stage=True) == ()
    assert step_rules.road(()) == [
        "setup", "registration", "scoring", "provisional", "final", "archived"
    ]


def test_no_procedure_publishes_what_stands_under_codes_without_the_step_of_decoding():
    for chosen in (SHORT, Procedure("own"), FORMAL):
        road = step_rules.road(held_states(chosen, has_codes=True, is_last_stage=True))
        assert road.index("decoded") + 1 == road.index("provisional")
    with pytest.raises(Conflict):
        step_rules.get_step("scoring", "provisional", "publish", ("decoded",))


def test_codes_are_decoded_where_there_are_some_and_the_notice_comes_at_the_end():
    assert "decoded" not in held_states(FORMAL, has_codes=False, is_last_stage=True)
    assert "notice" not in held_states(FORMAL, has_codes=True, is_last_stage=False)
    assert FULL == step_rules.OPTIONAL


def test_a_step_that_is_not_in_the_table_is_refused():
    with pytest.raises(Conflict):
        step_rules.get_step("scoring", "provisional", "publish", FULL)
    with pytest.raises(Conflict):
        step_rules.get_desk_step("decoded", "provisional", FULL)
    assert step_rules.get_step("scoring", "provisional", "publish", ()).roles == ("organiser",)


def test_everything_in_the_way_is_told_at_once():
    with pytest.raises(Conflict) as refused:
        step_rules.check_clear([Note("One."), Note("Two of %(of)s.", {"of": 3})])

    assert str(refused.value) == "One. Two of 3."


def test_a_procedure_is_stored_and_read_again():
    assert procedure_from(stored_form(FORMAL)) == FORMAL
    assert procedure_from({}) == procedure_from(None) == SHORT
