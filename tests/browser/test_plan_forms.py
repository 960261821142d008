"""The plan's forms in a browser, which refuses to send a form whose fields it thinks are missing."""

import pytest

from contest.db import db
from contest.scoring.scheme_reading import plan_document
from contest.setup import queries
from contest.setup.presets import list_presets
from tests import factories


def addresses_of(plan):
    """Every module, criterion and aspect of a plan, and its first award, by address."""
    for m, module in enumerate(plan.modules):
        yield f"modules.{m}"
        for c, criterion in enumerate(module.criteria):
            yield f"modules.{m}.criteria.{c}"
            yield from (
                f"modules.{m}.criteria.{c}.aspects.{a}" for a in range(len(criterion.aspects))
            )
    yield from (f"awards.{n}" for n in range(len(plan.awards)))
    yield from ("plan", "rounding", "ranking", "stages.0", "parts.0")


@pytest.mark.parametrize("preset", [one.key for one in list_presets()])
def test_the_browser_would_send_every_form_of_a_ready_plan(live, preset):
    plan = next(one for one in list_presets() if one.key == preset).plan
    contest = factories.make_contest(plan_document(plan))
    user = factories.make_user()
    factories.make_grant(user, "organiser", contest)
    page = live.open(user)

    held_back = {}
    for address in addresses_of(plan):
        page.goto(f"/contests/{contest.id}/plan/edit/{address}")
        names = page.evaluate(
            "[...document.querySelectorAll('#node form :invalid')].map(field => field.name)"
        )
        if names:
            held_back[address] = names

    assert held_back == {}


def test_a_field_in_a_closed_fold_is_shown_when_it_keeps_the_form(live):
    contest = factories.make_contest()
    user = factories.make_user()
    factories.make_grant(user, "organiser", contest)
    page = live.open(user)
    page.goto(f"/contests/{contest.id}/plan/edit/modules.1.criteria.0.aspects.0")
    page.evaluate("""() => {
        const fold = document.querySelector('#node details.more-rules:not([open])');
        fold.id = 'the-fold';
        fold.querySelector('select').setCustomValidity('missing');
    }""")

    page.get_by_role("button", name="Save in the draft").click()

    assert page.evaluate("document.getElementById('the-fold').open")


def test_an_aspect_is_saved(live):
    contest = factories.make_contest()
    user = factories.make_user()
    factories.make_grant(user, "organiser", contest)
    page = live.open(user)
    page.goto(f"/contests/{contest.id}/plan/edit/modules.1.criteria.0.aspects.0")

    page.get_by_label("Step").fill("2")
    page.get_by_role("button", name="Save in the draft").click()
    page.get_by_text("Saved in the draft.").wait_for()

    db.session.rollback()
    draft = queries.get_draft(contest.id)
    assert draft.document["modules"][1]["criteria"][0]["aspects"][0]["step"] == "2"
