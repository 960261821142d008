"""Writing the plan in the browser, without a script."""

import re

import pytest
from sqlalchemy import func, select

from contest import clock
from contest.audit.models import TrailRow
from contest.db import db
from contest.scoring.scheme_reading import plan_document
from contest.setup import queries
from contest.setup.presets import find_preset
from tests import factories
from tests.setup.test_node_forms import addresses, form_of

ASPECT = "modules.1.criteria.0.aspects.0"


@pytest.fixture(autouse=True)
def no_other_areas(monkeypatch):
    monkeypatch.setattr(queries, "MARKED_KEYS", [])


@pytest.fixture
def contest(app):
    return factories.make_contest()


@pytest.fixture
def organiser(as_role):
    return as_role("organiser")


def send(browser, contest, address, **texts):
    draft = queries.get_draft(contest.id)
    form = form_of(draft.document, address)
    data = {name: values for name, values in form.items()} | texts | {"rev": draft.rev}
    return browser.post(f"/contests/{contest.id}/plan/edit/{address}", data=data)


def rev(contest):
    return {"rev": queries.get_draft(contest.id).rev}


def trail_count():
    return db.session.scalar(
        select(func.count()).select_from(TrailRow).where(TrailRow.did != "request.refused")
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_place_of_the_cement_plan_has_a_form(organiser, language):
    document = plan_document(find_preset("c1_cement").plan)
    contest = factories.make_contest(document)
    with organiser.session_transaction() as session:
        session["language"] = language

    for address in addresses(document):
        page = organiser.get(f"/contests/{contest.id}/plan/edit/{address}")
        assert page.status_code == 200, address
        ids = re.findall(r'\sid="([^"]+)"', page.text)
        assert len(ids) == len(set(ids)), address


def test_a_change_is_saved_in_the_draft_and_shown_as_a_sentence(organiser, contest):
    answer = send(organiser, contest, ASPECT, name_en="Complete list")

    assert answer.status_code == 303
    page = organiser.get(answer.location).text
    assert "Aspect “Complete list”, English name: from “Complete” to “Complete list”." in page


def test_a_bad_field_comes_back_with_its_reason(organiser, contest):
    answer = send(organiser, contest, ASPECT, max="1,5")

    assert answer.status_code == 422
    assert 'value="1,5"' in answer.text
    assert "This must be a number above 0" in answer.text
    assert trail_count() == 0
    assert not queries.has_draft(contest.id)


def test_a_limit_between_judges_is_written_shown_and_read_back(organiser, contest):
    answer = send(organiser, contest, ASPECT, apart="-1")
    assert (answer.status_code, 'value="-1"' in answer.text) == (422, True)
    assert not queries.has_draft(contest.id)

    answer = send(organiser, contest, ASPECT, apart="0.3")  # in steps of 0.5
    page = organiser.get(answer.location).text
    assert "given in steps of 0.5, so they cannot be held to lie at most 0.3 apart" in page
    assert organiser.post(f"/contests/{contest.id}/plan/in-force", data=rev(contest)).status_code == 422

    answer = send(organiser, contest, ASPECT, apart="1.5")
    page = organiser.get(answer.location).text
    assert "Widest difference between judges: from nothing to 1.5." in page
    assert organiser.post(f"/contests/{contest.id}/plan/in-force", data=rev(contest)).status_code == 303
    assert queries.plan_in_force(contest.id).plan.module("risk").aspect("A1").apart == 15_000
    assert "more than 1.5 apart are shown" in organiser.get(f"/contests/{contest.id}/plan").text


def test_sums_are_shown_while_writing(organiser, contest):
    send(organiser, contest, "parts.0", weight="20")

    page = organiser.get(f"/contests/{contest.id}/plan/edit").text

    assert "Theory 20 + Practical 70 = 90" in page
    assert re.search(r'branch-off">Σ 90', page)


def test_a_wrong_sum_does_not_come_into_force(organiser, contest):
    send(organiser, contest, "parts.0", weight="20")

    answer = organiser.post(
        f"/contests/{contest.id}/plan/in-force", data={"reason": "I try it.", **rev(contest)}
    )

    assert answer.status_code == 422
    assert "Theory 20 + Practical 70 = 90" in answer.text
    assert "I try it." in answer.text
    assert queries.plan_in_force(contest.id).number == 1


def test_a_right_plan_comes_into_force(organiser, contest):
    send(organiser, contest, "parts.0", weight="20")
    send(organiser, contest, "parts.1", weight="80")

    answer = organiser.post(f"/contests/{contest.id}/plan/in-force", data=rev(contest))

    assert answer.status_code == 303
    assert queries.plan_in_force(contest.id).number == 2


def test_a_frozen_plan_is_proposed_instead(organiser, contest):
    queries.get_version(contest.id, 1).frozen_at = clock.now()
    db.session.commit()
    send(organiser, contest, ASPECT, name_en="Complete list")
    base = f"/contests/{contest.id}/plan"

    assert f'action="{base}/propose"' in organiser.get(f"{base}/edit").text
    assert organiser.post(f"{base}/in-force", data=rev(contest)).status_code == 409
    assert organiser.post(f"{base}/propose", data=rev(contest)).status_code == 422
    form = {"reason": "A word.", **rev(contest)}
    unproven = organiser.post(f"{base}/propose", data=form | {"word": "guess"})
    assert unproven.status_code == 422 and "not your password or PIN" in unproven.text
    assert queries.find_proposal(contest.id) is None
    assert organiser.post(
        f"{base}/propose", data=form | {"word": factories.WORD}
    ).status_code == 303
    assert queries.find_proposal(contest.id).number == 2


def test_marks_hold_a_change_back_at_its_node(organiser, contest, monkeypatch):
    monkeypatch.setattr(queries, "MARKED_KEYS", [lambda contest_id: {("risk", "A1")}])
    organiser.post(
        f"/contests/{contest.id}/plan/edit/{ASPECT}/kind", data={"kind": "judgement", "rev": 0}
    )

    page = organiser.get(f"/contests/{contest.id}/plan/edit/{ASPECT}").text

    assert "Aspect A1 of module Risk already has marks, so its kind of marking" in page
    assert organiser.post(
        f"/contests/{contest.id}/plan/in-force", data=rev(contest)
    ).status_code == 422


def test_an_old_window_saves_nothing(organiser, contest):
    send(organiser, contest, ASPECT, name_en="First")

    answer = organiser.post(
        f"/contests/{contest.id}/plan/edit/{ASPECT}/kind", data={"kind": "judgement", "rev": 0}
    )

    assert answer.status_code == 409
    assert queries.get_draft(contest.id).plan.module("risk").aspect("A1").kind == "points"


def test_a_form_without_its_revision_is_refused(organiser, contest):
    answer = organiser.post(f"/contests/{contest.id}/plan/edit/{ASPECT}/up", data={})

    assert answer.status_code == 409


def test_nodes_are_added_moved_and_removed_by_buttons(organiser, contest):
    base = f"/contests/{contest.id}/plan"

    added = organiser.post(f"{base}/add/modules", data={"parent": "parts.1", "rev": 0})
    assert added.location.endswith("/plan/edit/modules.2#node")
    moved = organiser.post(f"{base}/edit/modules.2/up", data=rev(contest))
    assert moved.location.endswith("modules.1#node")
    back = organiser.post(f"{base}/edit/modules.1/down", data=rev(contest))
    assert back.location.endswith("modules.2#node")
    assert organiser.post(f"{base}/edit/modules.2/remove", data=rev(contest)).status_code == 303

    assert len(queries.get_draft(contest.id).plan.modules) == 2
    assert organiser.post(f"{base}/discard", data=rev(contest)).status_code == 303
    assert not queries.has_draft(contest.id)


@pytest.mark.parametrize(
    "path", ["edit", f"edit/{ASPECT}", "edit/plan"],
)
def test_only_organisers_write(client, as_role, contest, path):
    address = f"/contests/{contest.id}/plan/{path}"

    assert client.get(address).status_code == 303
    assert as_role("chief_judge", contest).get(address).status_code == 403


@pytest.mark.parametrize(
    "path",
    ["edit/plan", f"edit/{ASPECT}/kind", f"edit/{ASPECT}/up", f"edit/{ASPECT}/down",
     f"edit/{ASPECT}/remove", "add/parts", "discard", "in-force", "propose"],
)
def test_only_organisers_send(client, as_role, contest, path):
    address = f"/contests/{contest.id}/plan/{path}"

    assert client.post(address, data={"rev": 0}).status_code == 303
    assert as_role("chief_judge", contest).post(address, data={"rev": 0}).status_code == 403
    assert trail_count() == 0


@pytest.mark.parametrize(
    "address", ["modules.9", "nonsense", "stages.0.name", "parts.0.criteria.0"]
)
def test_a_place_that_is_none_is_not_found(organiser, contest, address):
    assert organiser.get(f"/contests/{contest.id}/plan/edit/{address}").status_code == 404
    assert organiser.post(
        f"/contests/{contest.id}/plan/edit/{address}", data={"rev": 0}
    ).status_code == 404


def test_a_wrong_parent_is_not_found(organiser, contest):
    for kind, parent in [("parts", "nowhere"), ("aspects", "parts.0"), ("luck", ""),
                         ("criteria", "plan")]:
        answer = organiser.post(
            f"/contests/{contest.id}/plan/add/{kind}", data={"parent": parent, "rev": 0}
        )
        assert answer.status_code == 404, (kind, parent)
    assert not queries.has_draft(contest.id)
