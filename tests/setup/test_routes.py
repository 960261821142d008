"""The list of contests, a new contest, and its desk, as a browser sees them."""

import io
import re
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from contest.audit.models import TrailRow
from contest.audit.work import Actor
from contest.board.actions import freeze_board
from contest.db import db
from contest.setup import queries, rules
from contest.setup.plan_text import toml_of
from contest.setup.presets import find_preset, list_presets
from contest.setup.procedure_rules import FORMAL, stored_form
from tests import factories
from tests.board.crowds import crowd_plan

DETAILS = {"name": "水泥比武", "name_en": "Cement contest", "slug": "cement-2026", "host": "总工会",
           "road": "formal"}


def trail_count():
    return db.session.scalar(
        select(func.count()).select_from(TrailRow).where(TrailRow.did != "request.refused")
    )


@pytest.fixture
def organiser(as_role):
    return as_role("organiser")


def test_the_list_shows_only_contests_one_works_on(as_role):
    mine, other = factories.make_contest(name_en="Mine"), factories.make_contest(name_en="Other")

    page = as_role("clerk", mine).get("/contests").text

    assert f"/contests/{mine.id}" in page and "Mine" in page
    assert f'href="/contests/{other.id}"' not in page and "Other" not in page
    assert "/contests/new" not in page  # a clerk makes no contests


def test_an_empty_list_offers_the_first_contest(organiser):
    page = organiser.get("/contests").text

    assert "No contest yet" in page and "/contests/new" in page


@pytest.mark.parametrize("path", ["/contests", "/contests/new", "/contests/new/preset/blank",
                                  "/contests/new/file"])
def test_guests_are_sent_to_sign_in_and_judges_away(client, as_role, path):
    assert client.get(path).status_code == 303
    assert as_role("judge").get(path).status_code == 403


def test_every_preset_is_offered_with_a_picture_that_speaks(organiser):
    page = organiser.get("/contests/new").text

    for preset in list_presets():
        assert f"/contests/new/preset/{preset.key}" in page
        assert f'id="scheme-picture-{preset.key}"' in page
    assert page.count("<svg id=") == page.count("<title id=") == page.count("<desc id=")
    assert "Risk identification and graded control 20 %" in page


def test_a_contest_is_made_from_a_preset(organiser):
    answer = organiser.post("/contests/new/preset/c1_cement", data=DETAILS)

    contest = queries.get_contest_by_slug("cement-2026")
    assert (answer.status_code, answer.location) == (303, f"/contests/{contest.id}")
    assert queries.plan_in_force(contest.id).plan.scenario == "C1"
    assert queries.procedure_of(contest) == FORMAL
    assert trail_count() == 1


@pytest.mark.parametrize("road", [None, "", "as_before", "own"])
def test_how_results_become_final_is_chosen_by_somebody(organiser, road):
    """Whether one person alone may change a result is nothing that a contest slips into."""
    answer = organiser.post("/contests/new/preset/blank", data={**DETAILS, "road": road or ""})

    assert answer.status_code == 422 and "Choose how the results become final." in answer.text
    assert 'value="水泥比武"' in answer.text
    assert queries.list_contests() == []


def test_a_copy_may_keep_the_steps_and_deadlines_of_the_one_before(organiser):
    own = replace(FORMAL, name="own", notice_days=7)
    old = factories.make_contest(procedure=stored_form(own))

    page = organiser.get(f"/contests/new/copy/{old.id}").text
    organiser.post(f"/contests/new/copy/{old.id}", data={**DETAILS, "road": "as_before"})

    assert 'value="as_before" checked' in page
    assert queries.procedure_of(queries.get_contest_by_slug("cement-2026")) == own


def test_what_was_typed_stays_when_it_is_refused(organiser):
    factories.make_contest(slug="taken")

    answer = organiser.post("/contests/new/preset/blank", data={**DETAILS, "slug": "taken"})

    assert answer.status_code == 422
    assert "Another contest has this short name." in answer.text
    assert 'value="水泥比武"' in answer.text
    assert trail_count() == 0
    assert len(queries.list_contests()) == 1


def test_an_unknown_preset_is_not_found(organiser):
    assert organiser.get("/contests/new/preset/c99").status_code == 404
    assert organiser.post("/contests/new/preset/c99", data=DETAILS).status_code == 404


def test_last_years_contest_can_be_copied_by_its_own_organiser_only(as_role, organiser):
    old = factories.make_contest(host="旧主办")
    stranger = as_role("organiser", factories.make_contest())

    page = organiser.get(f"/contests/new/copy/{old.id}")
    answer = organiser.post(f"/contests/new/copy/{old.id}", data=DETAILS)

    assert "旧主办" in page.text
    assert answer.status_code == 303
    assert queries.get_contest_by_slug("cement-2026").copied_from_id == old.id
    assert stranger.get(f"/contests/new/copy/{old.id}").status_code == 404
    assert stranger.post(f"/contests/new/copy/{old.id}", data=DETAILS).status_code == 404


def test_a_plan_file_makes_a_contest(organiser):
    file = io.BytesIO(toml_of(find_preset("c4_nursing").plan).encode())

    answer = organiser.post("/contests/new/file", data={**DETAILS, "file": (file, "plan.toml")})

    assert answer.status_code == 303
    contest = queries.get_contest_by_slug("cement-2026")
    assert queries.plan_in_force(contest.id).plan.scenario == "C4"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (toml_of(find_preset("c4_nursing").plan).replace("weight = 40\n", "weight = 30\n"),
         "cpr 30 + infusion 35 + case 25 = 90"),
        (toml_of(find_preset("blank").plan).replace("judges = 3", "judges = 3, drop_hi = 1"),
         "The field drop_hi is unknown here"),
        (toml_of(find_preset("blank").plan).replace("judges = 3", "judges = 99"),
         "can be counted exactly"),
        ("weight = = 3", "This is not a TOML file"),
        ("[[[[" * 5000, "This is not a TOML file"),
    ],
    ids=["sum", "unknown key", "overflow", "not TOML", "nested"],
)
def test_a_bad_plan_file_is_refused_with_its_reason_and_stays_to_be_mended(organiser, text, said):
    file = io.BytesIO(text.encode())

    answer = organiser.post("/contests/new/file", data={**DETAILS, "file": (file, "plan.toml")})

    assert answer.status_code == 422
    assert said in answer.text
    assert 'value="水泥比武"' in answer.text
    assert "<textarea" in answer.text and text.strip()[:10] in answer.text
    assert queries.list_contests() == []
    assert trail_count() == 0


def test_bytes_that_are_no_text_are_refused(organiser):
    file = io.BytesIO(b"\xb1\xc8\xce\xe4")

    answer = organiser.post("/contests/new/file", data={**DETAILS, "file": (file, "plan.toml")})

    assert answer.status_code == 422
    assert "not UTF-8 text" in answer.text


def test_the_desk_shows_where_the_contest_stands(as_role):
    contest = factories.make_contest(state="registration")

    page = as_role("organiser", contest).get(f"/contests/{contest.id}").text

    assert re.search(r'aria-current="step">.*?Registration', page, re.S)
    assert "Begin the scoring" in page
    assert f"/contests/{contest.id}/plan" in page


def test_the_desk_links_only_where_a_role_may_go(as_role):
    contest = factories.make_contest()

    page = as_role("clerk", contest).get(f"/contests/{contest.id}").text

    assert f"/contests/{contest.id}/plan" in page
    assert f"/contests/{contest.id}/details" not in page
    assert f'action="/contests/{contest.id}/step"' not in page


@pytest.mark.parametrize("role", ["judge", "contact", "service_officer"])
def test_the_desk_is_not_for_everybody(as_role, client, role):
    contest = factories.make_contest()

    assert as_role(role, contest).get(f"/contests/{contest.id}").status_code == 403
    assert client.get(f"/contests/{contest.id}").status_code == 303


def test_a_role_in_one_contest_opens_no_other(as_role):
    mine, other = factories.make_contest(), factories.make_contest()

    assert as_role("organiser", mine).get(f"/contests/{other.id}").status_code == 403


def test_there_is_no_desk_without_a_contest(organiser):
    assert organiser.get("/contests/999").status_code == 404


def test_the_next_step_is_taken_from_the_desk(organiser, monkeypatch):
    monkeypatch.setattr(queries, "DESK_NOTES", [])
    contest = factories.make_contest(state="setup")

    answer = organiser.post(f"/contests/{contest.id}/step", data={"to": "registration"})

    assert answer.status_code == 303
    assert queries.get_contest(contest.id).state == "registration"


def test_a_step_out_of_turn_is_refused(organiser):
    contest = factories.make_contest(state="setup")

    answer = organiser.post(f"/contests/{contest.id}/step", data={"to": "final"})

    assert answer.status_code == 409
    assert queries.get_contest(contest.id).state == "setup"
    assert trail_count() == 0


def test_notes_of_later_areas_stand_on_the_desk(organiser, monkeypatch):
    contest = factories.make_contest(state="registration")
    note = rules.Note("Contestants so far: %(count)s.", {"count": 140}, "setup.show_plan", "todo",
                      "scoring")
    lost = rules.Note("A page to come.", endpoint="nowhere.at_all")
    monkeypatch.setattr(queries, "DESK_NOTES", [lambda contest_id: [note, lost]])

    page = organiser.get(f"/contests/{contest.id}").text

    assert "Contestants so far: 140." in page
    assert "must be settled before the next step" in page
    assert "A page to come." in page


def test_details_are_changed(organiser):
    contest = factories.make_contest()

    page = organiser.get(f"/contests/{contest.id}/details")
    answer = organiser.post(f"/contests/{contest.id}/details", data=DETAILS)

    assert 'value="小比武"' in page.text
    assert answer.status_code == 303
    assert queries.get_contest(contest.id).slug == "cement-2026"


def test_bad_details_come_back_and_change_nothing(organiser):
    contest = factories.make_contest(slug="old")

    answer = organiser.post(f"/contests/{contest.id}/details", data={**DETAILS, "slug": "A B"})

    assert answer.status_code == 422
    assert 'value="A B"' in answer.text
    assert queries.get_contest(contest.id).slug == "old"
    assert trail_count() == 0


def test_stage_and_publicity_are_switched_by_those_who_may(as_role, organiser):
    contest = factories.make_contest(find_preset_document("c1_cement"))
    clerk = as_role("clerk", contest)

    assert organiser.post(f"/contests/{contest.id}/stage", data={"stage": "preliminary"}
                          ).status_code == 303
    assert organiser.post(f"/contests/{contest.id}/public", data={"public": "0"}
                          ).status_code == 303
    assert clerk.post(f"/contests/{contest.id}/public", data={"public": "1"}).status_code == 403
    assert organiser.post(f"/contests/{contest.id}/stage", data={"stage": "x"}).status_code == 404

    row = queries.get_contest(contest.id)
    assert (row.stage, row.is_public) == ("preliminary", False)


def test_no_stage_is_offered_that_cannot_be_begun_now(organiser, monkeypatch):
    contest = factories.make_contest(find_preset_document("c1_cement"))
    offer = f'action="/contests/{contest.id}/stage"'
    assert offer in organiser.get(f"/contests/{contest.id}").text

    own = queries.plan_in_force(contest.id).plan.modules_of_stage(contest.stage)[0].key
    monkeypatch.setattr(queries, "MARKED_KEYS", [lambda contest_id: {(own, "")}])

    assert offer not in organiser.get(f"/contests/{contest.id}").text
    assert organiser.post(f"/contests/{contest.id}/stage", data={"stage": "preliminary"}
                          ).status_code == 409


def find_preset_document(key):
    from contest.scoring.scheme_reading import plan_document

    return plan_document(find_preset(key).plan)


def test_only_who_has_a_part_in_a_contest_is_told_to_see_more_than_the_public(as_role):
    contest = factories.make_contest(state="scoring")
    freeze_board(Actor(None, "test"), contest.id)
    more, path = "You see everything", f"/contests/{contest.id}"

    assert more in as_role("supervisor", contest).get(path).text
    assert more not in as_role("curator").get(path).text


def test_the_menu_names_no_room_for_a_kind_of_module_that_the_plan_lacks(as_role):
    plain = factories.make_contest()  # theory and sheets
    staged = factories.make_contest(crowd_plan(), slug="staged")  # theory and points beside a stage

    def menu(contest):
        page = as_role("organiser", contest).get(f"/contests/{contest.id}/entrants").text
        found = page.partition('class="contest-menu"')[2].partition("</nav>")[0]
        return {room for room in ("theory", "quiz") if f'/contests/{contest.id}/{room}"' in found}

    assert (menu(plain), menu(staged)) == ({"theory"}, {"theory", "quiz"})
    # Who has come there by another way is told where they are.
    page = as_role("organiser", plain).get(f"/contests/{plain.id}/quiz").text
    assert 'aria-current="page">' in page.partition('class="contest-menu"')[2].partition("</nav>")[0]
