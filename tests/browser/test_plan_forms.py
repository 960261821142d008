"""The plan's forms in a browser, which refuses to send a form whose fields it thinks are missing."""

from contest.db import db
from contest.scoring.scheme_reading import plan_document
from contest.setup import queries
from contest.setup.presets import list_presets
from tests import factories


def forms_of(plan):
    """Pairs (address, what kind of form stands there) of a plan."""
    for m, module in enumerate(plan.modules):
        yield f"modules.{m}", ("module", module.entry, bool(module.panels))
        for c, criterion in enumerate(module.criteria):
            yield f"modules.{m}.criteria.{c}", "criterion"
            for a, aspect in enumerate(criterion.aspects):
                yield f"modules.{m}.criteria.{c}.aspects.{a}", ("aspect", aspect.kind)
    for n, award in enumerate(plan.awards):
        yield f"awards.{n}", ("award", award.rule)
    for address in ("plan", "rounding", "ranking", "stages.0", "parts.0"):
        yield address, address


def test_the_browser_would_send_every_kind_of_form(live):
    user, seen, held_back = factories.make_user(), set(), {}
    page = live.open(user)
    for preset in list_presets():
        contest = factories.make_contest(plan_document(preset.plan))
        factories.make_grant(user, "organiser", contest)
        db.session.rollback()
        for address, kind in forms_of(preset.plan):
            if kind in seen:
                continue
            seen.add(kind)
            page.goto(f"/contests/{contest.id}/plan/edit/{address}")
            names = page.evaluate(
                "[...document.querySelectorAll('#node form :invalid')].map(field => field.name)"
            )
            if names:
                held_back[preset.key, address] = names

    assert held_back == {}
    kinds = ("points", "deductions", "checklist", "judgement", "measured")
    assert {("aspect", kind) for kind in kinds} <= seen


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
