"""Judges come in by list or one by one, each with an account and the role."""

import tomllib
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

import contest.demo
from contest.accounts import actions as accounts
from contest.accounts import tickets
from contest.accounts.queries import find_user
from contest.audit.models import TrailRow
from contest.db import db
from contest.errors import Conflict, Invalid
from contest.people import judge_actions, judge_queries, panel_actions, panel_queries, queries
from contest.people.forms import read_judge
from contest.people.models import Judge
from contest.people.roster_actions import BadList
from tests.factories import make_contest, make_entrant, make_organisation, make_user, person_of
from tests.people.spreadsheets import xlsx_of

CEMENT = Path(contest.__file__).parent / "setup" / "presets" / "c1_cement.toml"
HEADERS = ["姓名", "单位", "专长", "登录名"]


@pytest.fixture
def scoring(app):
    return make_contest()


def take_in(actor, contest, *rows):
    pending = judge_actions.upload_judges(actor, contest.id, xlsx_of([HEADERS, *rows]), "裁判.xlsx")
    return judge_actions.confirm_judges(actor, contest.id, pending)


def test_each_judge_gets_an_account_and_the_role(scoring, petra, trail):
    counts = take_in(
        petra, scoring, ["王一", "建材协会", "安全、设备", "judge01"], ["李二", "", "", ""]
    )

    first = find_user("judge01")
    judge = queries.find_judge(scoring.id, first.id)
    assert counts == {"new": 2, "changed": 0, "unchanged": 0}
    assert (judge.name, judge.organisation.name) == ("王一", "建材协会")
    assert judge.specialities == ["安全", "设备"]
    assert {(g.role, g.contest_id) for g in first.grants} == {("judge", scoring.id)}
    assert find_user("judge-01").name == "李二"
    assert trail() == ["judges.upload", "judges.import"]


def test_the_same_list_again_changes_nothing(scoring, petra):
    rows = (["王一", "建材协会", "安全", "judge01"], ["李二", "", "", ""])
    take_in(petra, scoring, *rows)

    assert take_in(petra, scoring, *rows) == {"new": 0, "changed": 0, "unchanged": 2}
    assert db.session.query(Judge).count() == 2


def test_a_preview_names_what_changes(scoring, petra):
    take_in(petra, scoring, ["王一", "建材协会", "安全", "judge01"])
    document = {
        "row": 2,
        "values": {
            "name": "王一",
            "organisation": "安全中心",
            "specialities": ["安全"],
            "login": "judge01",
        },
    }

    lines, problems, counts = judge_queries.judges_preview(scoring.id, [document])

    assert problems == [] and counts["changed"] == 1
    assert lines[0].changes == {"organisation": ("建材协会", "安全中心")}


def test_a_login_of_somebody_else_is_refused(scoring, petra, trail):
    make_user("别人", login="judge01")

    with pytest.raises(BadList) as refused:
        take_in(petra, scoring, ["王一", "", "", "judge01"])

    assert [(p.row, p.column) for p in refused.value.problems] == [(2, "Login")]
    assert (db.session.query(Judge).count(), trail()) == (0, [])


def test_a_judge_who_has_an_account_keeps_it(scoring, petra):
    user = make_user("王一", login="wang")

    take_in(petra, scoring, ["王一", "", "", "wang"])

    assert queries.find_judge(scoring.id, user.id).name == "王一"


@pytest.mark.parametrize(
    "rows",
    [
        (["王一", "甲厂", "", ""], ["王一", "甲厂", "", ""]),
        (["王一", "", "", "j01"], ["李二", "", "", "j01"]),
    ],
)
def test_a_judge_twice_in_the_list_is_refused(scoring, petra, rows):
    with pytest.raises(BadList):
        take_in(petra, scoring, *rows)


def test_a_known_judge_with_another_login_is_refused(scoring, petra):
    take_in(petra, scoring, ["王一", "甲厂", "", "wang"])

    with pytest.raises(BadList) as refused:
        take_in(petra, scoring, ["王一", "甲厂", "", "wang2"])

    assert str(refused.value.problems[0]) == (
        "This judge is on the list already, with the login wang."
    )


def test_one_judge_is_added_and_mended(scoring, petra, trail):
    judge_id = judge_actions.add_judge(
        petra, scoring.id, read_judge({"name": "王一", "specialities": "安全, 设备"})
    )
    judge_actions.edit_judge(
        petra, scoring.id, judge_id, read_judge({"name": "王壹", "organisation": "甲厂"})
    )

    judge = queries.get_judge(scoring.id, judge_id)
    assert (judge.name, judge.organisation.name, judge.specialities) == ("王壹", "甲厂", [])
    assert trail() == ["judge.add", "judge.edit"]


def test_a_judge_on_the_list_is_not_added_again(scoring, petra):
    judge_actions.add_judge(petra, scoring.id, read_judge({"name": "王一"}))

    with pytest.raises(Invalid):
        judge_actions.add_judge(petra, scoring.id, read_judge({"name": "王一"}))


def test_the_demonstrations_judges_fill_the_panels(scoring, petra):
    data = (Path(contest.demo.__file__).parent / "judges.xlsx").read_bytes()
    pending = judge_actions.upload_judges(petra, scoring.id, data, "judges.xlsx")
    assert judge_actions.confirm_judges(petra, scoring.id, pending)["new"] == 45
    make_entrant(scoring, organisation=make_organisation("甲厂"))

    panel_actions.staff(petra, scoring.id)

    [line] = panel_queries.list_panels(scoring.id)
    assert line.is_full and len(line.reserves) == 2


@pytest.fixture
def contact(scoring):
    """Somebody who speaks for 甲厂 in this contest."""
    user = make_user("领队", login="contact")
    token = tickets.new_invitation(scoring.id, make_organisation("甲厂").id)
    db.session.commit()
    accounts.accept_invitation_as(person_of(user), token)
    return user


@pytest.mark.parametrize("organisation", ["", "甲厂"])
def test_a_units_contact_judges_as_one_of_its_people(scoring, petra, contact, organisation):
    values = read_judge({"name": "领队", "login": "contact", "organisation": organisation})
    judge = queries.get_judge(scoring.id, judge_actions.add_judge(petra, scoring.id, values))
    assert judge.organisation.name == "甲厂"

    judge_actions.edit_judge(petra, scoring.id, judge.id, read_judge({"name": "领队"}))
    assert judge.organisation.name == "甲厂"


def test_a_units_contact_cannot_judge_for_another_unit(scoring, petra, contact):
    with pytest.raises(Invalid) as refused:
        judge_actions.add_judge(
            petra, scoring.id,
            read_judge({"name": "领队", "login": "contact", "organisation": "乙厂"}),
        )
    assert "contact of 甲厂" in str(refused.value.fields["organisation"])
    with pytest.raises(BadList):
        take_in(petra, scoring, ["领队", "乙厂", "", "contact"])

    take_in(petra, scoring, ["领队", "", "", "contact"])
    judge = queries.find_judge(scoring.id, contact.id)
    with pytest.raises(Invalid):
        judge_actions.edit_judge(
            petra, scoring.id, judge.id, read_judge({"name": "领队", "organisation": "乙厂"})
        )


def test_a_judge_cannot_speak_for_a_unit(scoring, petra):
    take_in(petra, scoring, ["王一", "", "", "judge01"])
    token = tickets.new_invitation(scoring.id, make_organisation("甲厂").id)
    db.session.commit()

    with pytest.raises(Conflict):
        accounts.accept_invitation_as(person_of(find_user("judge01")), token)


def test_the_trail_keeps_what_a_list_changed(scoring, petra):
    take_in(petra, scoring, ["王一", "建材协会", "安全", "judge01"])
    take_in(petra, scoring, ["王一", "安全中心", "", "judge01"], ["李二", "", "", ""])

    row = db.session.scalar(select(TrailRow).order_by(TrailRow.id.desc()))
    assert row.facts["corrected"] == {
        "judge01": {"old": {"organisation": "建材协会"}, "new": {"organisation": "安全中心"}}
    }


@pytest.fixture
def cement(app):
    """A contest whose modules ask for judges who know them."""
    return make_contest(tomllib.loads(CEMENT.read_text("utf-8"), parse_float=Decimal))


def previewed(contest, *specialities):
    document = {"row": 2, "values": {
        "name": "王一", "organisation": "", "specialities": list(specialities), "login": "",
    }}
    return judge_queries.judges_preview(contest.id, [document])[1]


@pytest.mark.parametrize("word", [
    pytest.param("安全", id="the plan's word"), pytest.param("risk", id="the key"),
    pytest.param("现场定置与5S管理", id="the name without blanks"),
    pytest.param("Site tidying (5S)", id="the English name"),
])
def test_a_speciality_may_be_any_name_of_a_module(cement, word):
    assert previewed(cement, word) == []


def test_a_speciality_that_no_module_asks_for_is_a_warning(cement):
    [problem] = previewed(cement, "安全", "焊接")

    assert (problem.kind, problem.row, problem.column) == ("warn", 2, "Specialities")
    assert "焊接" in str(problem) and "数字化、安全、设备、现场管理、应急" in str(problem)


def test_without_specialities_in_the_plan_nothing_is_warned_of(scoring):
    assert previewed(scoring, "焊接") == []


def test_a_speciality_is_shown_in_the_readers_language(cement):
    assert panel_queries.field_names(cement.id, "en")["安全"].startswith("Risk identification")
    assert panel_queries.field_names(cement.id, "zh")["risk"] == "安全"


def test_after_publication_judges_and_panels_no_longer_change(app, petra):
    contest = make_contest(state="provisional")

    for act in (
        lambda: judge_actions.upload_judges(petra, contest.id, xlsx_of([HEADERS]), "a.xlsx"),
        lambda: panel_actions.staff(petra, contest.id),
    ):
        with pytest.raises(Conflict, match="judges and panels no longer change"):
            act()
