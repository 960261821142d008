"""The plan as a document, its versions and files, as a browser sees them."""

import io
import re

import pytest

from contest import clock
from contest.audit.work import Actor
from contest.db import db
from contest.scoring.scheme_reading import document_from, plan_document, plan_from
from contest.setup import plan_actions, queries
from contest.setup.plan_text import toml_of
from contest.setup.presets import find_preset, list_presets
from tests import factories


@pytest.fixture(autouse=True)
def no_other_areas(monkeypatch):
    monkeypatch.setattr(queries, "MARKED_KEYS", [])


@pytest.fixture
def contest(app):
    return factories.make_contest()


@pytest.fixture
def organiser(as_role):
    return as_role("organiser")


def propose(contest, name="新名"):
    """A frozen plan, and a second version that somebody proposed; returns that person."""
    queries.get_version(contest.id, 1).frozen_at = clock.now()
    db.session.commit()
    user = factories.make_user("Wang")
    factories.make_grant(user, "organiser", contest)
    document = plan_document(queries.plan_in_force(contest.id).plan)
    document["modules"][1]["name_en"] = name
    plan_actions.load_text(
        Actor(user.id, user.name), contest.id, toml_of(plan_from(document))
    )
    rev = queries.get_draft(contest.id).rev
    plan_actions.propose_plan(factories.proven(user), contest.id, "A word was wrong.", rev)
    return user


def test_the_plan_page_names_who_may_approve(contest, organiser):
    proposer = propose(contest)
    factories.make_grant(proposer, "organiser")
    factories.make_grant(factories.make_user("Qin"), "chief_judge", contest)
    factories.make_grant(factories.make_user("Stranger"), "chief_judge", factories.make_contest())
    factories.make_grant(factories.make_user("Gone", is_active=False), "organiser")

    page = organiser.get(f"/contests/{contest.id}/plan").text

    names = re.search(r"These may: (.*)\.", page)[1].split(", ")
    assert "Qin" in names and not {"Wang", "Stranger", "Gone"} & set(names)


def test_a_proposal_that_nobody_can_approve_says_so(contest, as_role):
    proposer = propose(contest)

    page = as_role("organiser", user=proposer).get(f"/contests/{contest.id}/plan").text

    assert "so nobody can approve it" in page


@pytest.mark.parametrize("preset", list_presets(), ids=lambda preset: preset.key)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_preset_can_be_read_as_a_document(app, organiser, preset, language):
    contest = factories.make_contest(plan_document(preset.plan))
    with organiser.session_transaction() as session:
        session["language"] = language

    page = organiser.get(f"/contests/{contest.id}/plan")

    assert page.status_code == 200
    for module in preset.plan.modules:
        assert (module.name_en if language == "en" else module.name) in page.text.replace(
            "&#39;", "'"
        )
    assert "%(" not in page.text


def test_the_panel_is_said_in_words(organiser):
    contest = factories.make_contest(plan_document(find_preset("c1_cement").plan))

    page = organiser.get(f"/contests/{contest.id}/plan").text

    assert "The 1 highest and the 1 lowest are dropped; of the other 5, their mean counts." in page
    assert "0 points at 0 hazards; 2 points more for every 1 hazards above that" in page


def test_guests_and_judges_do_not_read_the_plan(client, as_role, contest):
    for path in ("", "/versions/1", "/versions/1.toml", "/changes/1/1", "/compare", "/upload"):
        address = f"/contests/{contest.id}/plan{path}"
        assert client.get(address).status_code == 303
        assert as_role("judge", contest).get(address).status_code == 403


def test_what_is_missing_is_not_found(organiser, contest):
    for path in ("versions/9", "versions/9.toml", "changes/1/9"):
        assert organiser.get(f"/contests/{contest.id}/plan/{path}").status_code == 404
    assert organiser.get("/contests/999/plan").status_code == 404


def test_the_plan_is_downloaded_as_it_is(organiser, contest):
    answer = organiser.get(f"/contests/{contest.id}/plan/versions/1.toml")

    assert answer.content_type.startswith("application/toml")
    assert f"{contest.slug}-plan-1.toml" in answer.headers["Content-Disposition"]
    assert plan_from(document_from(answer.text)) == queries.plan_in_force(contest.id).plan


def test_an_uploaded_plan_becomes_the_draft(organiser, contest):
    file = io.BytesIO(toml_of(find_preset("c3_quiz").plan).encode())

    answer = organiser.post(
        f"/contests/{contest.id}/plan/upload", data={"file": (file, "plan.toml")}
    )

    assert answer.status_code == 303
    assert queries.get_draft(contest.id).plan.scenario == "C3"
    assert queries.plan_in_force(contest.id).number == 1


def test_a_bad_upload_is_refused_with_its_arithmetic_and_its_text(organiser, contest):
    text = toml_of(find_preset("c3_quiz").plan).replace("weight = 20\n", "weight = 25\n")

    answer = organiser.post(f"/contests/{contest.id}/plan/upload", data={"text": text})

    assert answer.status_code == 422
    assert "required 40 + buzzer 40 + wager 25 = 105" in answer.text
    assert "weight = 25" in answer.text
    assert not queries.has_draft(contest.id)


def test_a_bad_upload_names_the_line_of_each_problem(organiser, contest):
    text = toml_of(queries.plan_in_force(contest.id).plan)
    text = text.replace("judges = 2", "judges = 200").replace("step = 0.5", 'step = "half"')
    lines = text.splitlines()

    answer = organiser.post(f"/contests/{contest.id}/plan/upload", data={"text": text})

    for part, path in [("judges", "modules[1].panel.judges"),
                       ("step", "modules[1].criteria[0].aspects[0].step")]:
        line = next(n for n, row in enumerate(lines, 1) if f"{part} = " in row)
        assert f"<strong>Line {line}</strong> <code>{path}</code>" in answer.text


@pytest.mark.parametrize(
    "value", ["9" * 5000, "0x" + "f" * 5000, "1e999999999", "1e99999999999999999999", "nan"]
)
def test_a_number_beyond_all_bounds_is_refused_with_its_line(organiser, contest, value):
    text = toml_of(queries.plan_in_force(contest.id).plan)
    text = text.replace("judges = 2", f"judges = {value}", 1)
    line = next(n for n, row in enumerate(text.splitlines(), 1) if f"judges = {value}" in row)

    answer = organiser.post(f"/contests/{contest.id}/plan/upload", data={"text": text})

    assert answer.status_code == 422
    assert f"<strong>Line {line}</strong>" in answer.text


def test_the_schema_is_there_for_everybody(client):
    answer = client.get("/plan.schema.json")

    assert answer.status_code == 200
    assert answer.json["definitions"]["Panel"]["additionalProperties"] is False


def test_a_proposal_shows_what_it_changes_in_sentences(organiser, contest):
    propose(contest, name="Hazards")

    page = organiser.get(f"/contests/{contest.id}/plan").text

    assert "Module “Hazards”, English name: from “Risk” to “Hazards”." in page
    assert "A word was wrong." in page
    assert f"/contests/{contest.id}/plan/versions/2/approve" in page


def seen(contest):
    return {"seen": contest.marks_version, "word": factories.WORD}


def test_nobody_approves_what_nobody_has_looked_at(as_role, contest):
    propose(contest)
    chief = as_role("chief_judge", contest)
    address = f"/contests/{contest.id}/plan/versions/2/approve"
    assert f'name="seen" value="{contest.marks_version}"' in (
        chief.get(f"/contests/{contest.id}/plan").text
    )

    assert chief.post(address, data={"word": factories.WORD}).status_code == 409
    # Once results are published the list that was read must still be the one that comes true.
    contest.state = "provisional"
    db.session.commit()
    old = {"seen": contest.marks_version - 1, "word": factories.WORD}
    assert chief.post(address, data=old).status_code == 409

    assert queries.plan_in_force(contest.id).number == 1
    assert chief.post(address, data=seen(contest)).status_code == 303


def test_the_chief_judge_approves(as_role, contest):
    propose(contest)

    answer = as_role("chief_judge", contest).post(
        f"/contests/{contest.id}/plan/versions/2/approve", data=seen(contest)
    )

    assert answer.status_code == 303
    assert queries.plan_in_force(contest.id).number == 2


def test_the_proposer_and_other_roles_do_not(app, as_role, contest, client):
    proposer = propose(contest)
    address = f"/contests/{contest.id}/plan/versions/2/approve"
    own = factories.browser_of(app, proposer)

    assert own.post(address, data=seen(contest)).status_code == 403
    assert as_role("supervisor", contest).post(address).status_code == 403
    assert client.post(address).status_code == 303
    assert address not in own.get(f"/contests/{contest.id}/plan").text
    assert queries.plan_in_force(contest.id).number == 1


def test_declining_needs_a_reason(as_role, contest):
    propose(contest)
    chief = as_role("chief_judge", contest)
    address = f"/contests/{contest.id}/plan/versions/2/decline"

    refused = chief.post(address, data={"reason": " "})
    assert refused.status_code == 422
    assert queries.find_proposal(contest.id) is not None

    assert chief.post(address, data={"reason": "No."}).status_code == 303
    assert queries.find_proposal(contest.id) is None


def test_versions_of_another_contest_are_not_found(organiser, contest):
    propose(contest)
    other = factories.make_contest()

    assert organiser.get(f"/contests/{other.id}/plan/versions/2").status_code == 404
    assert organiser.post(f"/contests/{other.id}/plan/versions/2/approve").status_code == 404


def test_versions_can_be_compared_and_taken_up_again(organiser, as_role, contest):
    propose(contest, name="Hazards")
    as_role("chief_judge", contest).post(
        f"/contests/{contest.id}/plan/versions/2/approve", data=seen(contest)
    )
    base = f"/contests/{contest.id}/plan"

    chosen = organiser.get(f"{base}/compare?older=1&newer=2")
    page = organiser.get(chosen.location).text
    old = organiser.get(f"{base}/versions/1")
    taken = organiser.post(f"{base}/versions/1/load")

    assert "from “Risk” to “Hazards”" in page
    assert "This version was in force once." in old.text
    assert taken.status_code == 303
    assert queries.get_draft(contest.id).plan.module("risk").name_en == "Risk"
