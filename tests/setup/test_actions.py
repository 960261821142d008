"""Making contests and taking them on."""

import pytest
from sqlalchemy import select

from contest import signals
from contest.accounts.models import Grant, User
from contest.audit.models import TrailRow
from contest.audit.work import Actor
from contest.db import db
from contest.errors import Conflict, Invalid, Missing
from contest.setup import actions, forms, queries, rules
from contest.setup.plan_text import toml_of
from contest.setup.presets import find_preset
from tests import factories


@pytest.fixture
def wang(app):
    user = factories.make_user("Wang")
    return Actor(user.id, user.name)


def led_by(wang, **values):
    """A contest of which Wang is an organiser."""
    contest = factories.make_contest(**values)
    factories.make_grant(db.session.get(User, wang.user_id), "organiser", contest)
    return contest


def details(**changes):
    return forms.read_details({"name": "水泥", "slug": "cement", **changes})


def trail():
    return db.session.scalars(select(TrailRow).order_by(TrailRow.id)).all()


def test_a_preset_is_in_force_at_once_and_its_maker_organises(wang):
    contest = actions.create_contest_from_preset(wang, details(), "c1_cement")

    current = queries.plan_in_force(contest.id)
    assert current.number == 1
    assert current.plan == find_preset("c1_cement").plan
    assert (contest.state, contest.stage) == ("setup", "preliminary")
    grant = db.session.scalar(select(Grant))
    assert (grant.user_id, grant.role, grant.contest_id) == (
        wang.user_id, "organiser", contest.id,
    )
    assert [row.did for row in trail()] == ["contest.create"]


def test_an_organiser_of_everything_needs_no_second_grant(wang):
    db.session.add(Grant(user_id=wang.user_id, role="organiser", contest_id=None))
    db.session.commit()

    actions.create_contest_from_preset(wang, details(), "blank")

    assert len(db.session.scalars(select(Grant)).all()) == 1


def test_last_years_plan_is_copied(wang):
    old = factories.make_contest()

    new = actions.create_contest_from_copy(wang, details(), old.id)

    assert queries.plan_in_force(new.id).plan == queries.plan_in_force(old.id).plan
    assert new.copied_from_id == old.id


def test_a_file_makes_a_contest(wang):
    text = toml_of(find_preset("c4_nursing").plan)

    contest = actions.create_contest_from_text(wang, details(), text)

    assert queries.plan_in_force(contest.id).plan.scenario == "C4"


def test_a_file_whose_weights_do_not_add_up_is_refused_with_the_sum(wang):
    text = toml_of(find_preset("c4_nursing").plan).replace("weight = 40\n", "weight = 30\n")

    with pytest.raises(rules.BadPlan) as refused:
        actions.create_contest_from_text(wang, details(), text)

    (problem,) = refused.value.problems
    assert "cpr 30 + infusion 35 + case 25 = 90" in str(problem)
    assert queries.list_contests() == []
    assert trail() == []


def test_a_short_name_belongs_to_one_contest(wang):
    factories.make_contest(slug="cement")

    with pytest.raises(Invalid) as refused:
        actions.create_contest_from_preset(wang, details(), "blank")

    assert list(refused.value.fields) == ["slug"]


def test_an_unknown_preset_is_missing(wang):
    with pytest.raises(Missing):
        actions.create_contest_from_preset(wang, details(), "c99")


def test_changed_details_leave_old_and_new_in_the_trail(wang):
    contest = factories.make_contest(slug="old", name="旧")

    actions.change_details(wang, contest.id, details(starts_on="2026-11-20"))

    (row,) = trail()
    assert row.facts["old"] == {"name": "旧", "name_en": "Small contest", "slug": "old",
                                "starts_on": None}
    assert row.facts["new"]["starts_on"] == "2026-11-20"
    assert queries.get_contest(contest.id).slug == "cement"


def test_a_contest_goes_forward_one_step_at_a_time(wang, monkeypatch):
    monkeypatch.setattr(queries, "DESK_NOTES", [])
    contest = led_by(wang, state="setup")

    actions.take_step(wang, contest.id, "registration")
    actions.take_step(wang, contest.id, "scoring")

    assert queries.get_contest(contest.id).state == "scoring"
    with pytest.raises(Conflict):
        actions.take_step(wang, contest.id, "final")
    # The secret seed of the paper check is sealed within the last step.
    assert [row.did for row in trail() if "old" not in row.facts] == ["sample.seal"]
    assert [(row.facts["old"], row.facts["new"]) for row in trail() if "old" in row.facts] == [
        ("setup", "registration"), ("registration", "scoring"),
    ]


def test_a_later_area_may_hold_a_step_back(wang, monkeypatch):
    contest = led_by(wang, state="registration")
    note = rules.Note("There are no contestants yet.", blocks="scoring")
    monkeypatch.setattr(queries, "DESK_NOTES", [lambda contest_id: [note]])

    with pytest.raises(Conflict, match="no contestants"):
        actions.take_step(wang, contest.id, "scoring")

    assert queries.get_contest(contest.id).state == "registration"
    assert trail() == []


def test_a_contest_without_a_plan_does_not_begin(wang):
    contest = led_by(wang, state="setup")
    version = queries.get_version(contest.id, 1)
    version.in_force_at = None
    db.session.commit()

    with pytest.raises(Conflict, match="no plan in force"):
        actions.take_step(wang, contest.id, "registration")


def test_the_stage_being_held_is_one_of_the_plan(wang):
    contest = actions.create_contest_from_preset(wang, details(), "c1_cement")

    actions.hold_stage(wang, contest.id, "final")

    assert queries.get_contest(contest.id).stage == "final"
    with pytest.raises(Missing):
        actions.hold_stage(wang, contest.id, "semifinal")


def test_published_results_hold_the_stage(wang):
    contest = factories.make_contest(state="provisional")

    with pytest.raises(Conflict):
        actions.hold_stage(wang, contest.id, "final")


def test_the_board_hears_of_every_switch_of_the_desk(wang, monkeypatch):
    monkeypatch.setattr(queries, "DESK_NOTES", [])
    contest = led_by(wang, state="registration")
    heard = []

    def hear(did, contest_id):
        heard.append((did, contest_id))

    signals.board_changed.connect(hear)
    actions.take_step(wang, contest.id, "scoring")
    actions.hold_stage(wang, contest.id, "final")
    actions.show_to_public(wang, contest.id, False)
    signals.board_changed.disconnect(hear)

    assert heard == [
        ("contest.step", contest.id), ("contest.stage", contest.id), ("contest.public", contest.id),
    ]


def test_the_public_sees_a_contest_when_told(wang):
    contest = factories.make_contest()

    actions.show_to_public(wang, contest.id, False)

    assert not queries.get_contest(contest.id).is_public
    assert trail()[-1].facts == {"old": True, "new": False}
