"""A change of the plan opens no name: only the step of decoding does."""

import pytest

from contest.errors import Invalid
from contest.judging import blind_queries
from contest.scoring.scheme_reading import plan_document, plan_from
from contest.setup import plan_actions
from contest.setup.draft_queries import draft_problems
from contest.setup.plan_text import toml_of
from contest.setup.queries import find_draft_row, get_draft, plan_in_force
from tests import factories
from tests.judging.panels import RISK, make_panel, mark, witness
from tests.judging.test_decoding import decode, mark_all, official

WORDS = "Codes are drawn for module"


def draft_of(panel, change):
    """The draft in which the blind module was changed so; change may return the module's successor."""
    plan = plan_in_force(panel.contest.id).plan
    document = plan_document(plan)
    modules = document["modules"]
    at = next(n for n, module in enumerate(modules) if module["key"] == "risk")
    change(modules, at)
    organiser = factories.make_official("draft", "organiser", contest=panel.contest)
    plan_actions.load_text(organiser, panel.contest.id, toml_of(plan_from(document)))
    return organiser


def open_it(modules, at):
    modules[at]["blind"] = False


def rename_it(modules, at):
    modules[at]["key"] = "risky"


@pytest.mark.parametrize("change", [open_it, rename_it])
@pytest.mark.parametrize("is_marked", [False, True])
def test_no_plan_takes_the_blindness_from_under_the_codes(app, change, is_marked):
    panel = make_panel()
    if is_marked:
        mark(panel, RISK)
    organiser = draft_of(panel, change)

    act = plan_actions.propose_plan if is_marked else plan_actions.put_in_force
    with pytest.raises(Invalid) as refused:
        act(organiser, panel.contest.id, "not blind", find_draft_row(panel.contest.id).rev)

    assert any(problem.message.startswith(WORDS) for problem in refused.value.problems)
    assert blind_queries.hides_names(panel.contest.id)


def test_other_changes_go_on_and_so_does_this_one_once_they_are_decoded(app):
    panel = make_panel()
    draft_of(panel, lambda modules, at: modules[at].update(name="风险辨识"))
    assert draft_problems(panel.contest.id, get_draft(panel.contest.id).plan) == []
    witness(panel.contest)
    mark_all(panel)
    decode(panel, official(panel, "coding_judge"), official(panel, "supervisor"))

    plan = plan_in_force(panel.contest.id).plan
    document = plan_document(plan)
    open_it(document["modules"], 1)
    assert not any(
        problem.message.startswith(WORDS) for problem in draft_problems(panel.contest.id, plan_from(document))
    )
