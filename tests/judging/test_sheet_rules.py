"""Marks are counted by the rules under which they were typed, or not at all."""

import re
from copy import deepcopy

import pytest

from contest.accounts.models import User
from contest.db import db
from contest.judging import forms, rules
from contest.judging.models import Sheet, SheetRevision
from contest.judging.sheet_rules import (
    RulesChanged,
    aspect_hash,
    check_same_rules,
    form_hash,
    still_fitting,
)
from contest.scoring.scheme_reading import plan_from
from tests import factories
from tests.judging.panels import make_panel, swap_reasons, two_modules
from tests.judging.tablets import made, send


def drill(change=None):
    document = deepcopy(two_modules())
    if change:
        change(document["modules"][-1])
    return plan_from(document).module("drill")


def aspect_at(at, **changes):
    return lambda module: module["criteria"][0]["aspects"][at].update(changes)


@pytest.mark.parametrize("change", [
    lambda module: module["criteria"][0]["aspects"][1]["reasons"].reverse(),
    lambda module: module["criteria"][0]["aspects"][1]["reasons"][0].update(points=5),
    lambda module: module["criteria"][0]["aspects"][1]["reasons"][0].update(name="错"),
    lambda module: module["criteria"][0]["aspects"][2]["items"].reverse(),
    aspect_at(0, name_en="Speech"), aspect_at(0, step=1),
])
def test_whatever_the_judge_goes_by_is_in_the_hash(change):
    assert form_hash(drill()) != form_hash(drill(change))


def test_what_no_judge_sees_is_not_in_it():
    assert form_hash(drill()) == form_hash(drill(lambda module: module.update(name="演练二")))
    limited = drill(aspect_at(0, apart=1))
    assert form_hash(drill()) == form_hash(limited)
    assert aspect_hash(drill().aspects[0]) == aspect_hash(limited.aspects[0])


def test_an_aspect_that_is_the_same_keeps_its_own_hash():
    old, new = drill(), drill(aspect_at(0, step=1))
    same = [aspect_hash(a) == aspect_hash(b) for a, b in zip(old.aspects, new.aspects, strict=True)]
    assert same == [False, True, True, True, True]


def test_who_does_not_say_is_understood():
    check_same_rules("", drill())
    with pytest.raises(RulesChanged):
        check_same_rules("0" * 32, drill())


@pytest.fixture
def at_work(app):
    panel = make_panel()
    sheet = panel.sheet(module="drill")
    client = factories.browser_of(app, db.session.get(User, panel.judges[0].user_id))
    return panel.contest, sheet.id, client


def rows():
    return [(row.kind, row.marks) for row in db.session.query(SheetRevision)]


def own_hash(client, sheet_id):
    page = client.get(f"/judging/sheets/{sheet_id}").get_data(as_text=True)
    return re.search(r'<form id="sheet-form"[^>]*data-rules="([0-9a-f]+)"', page, re.S).group(1)


@pytest.mark.parametrize("kind", ["draft", "submit"])
def test_marks_of_an_old_form_are_not_stored_and_the_tablet_hears_why(at_work, kind):
    contest, sheet_id, client = at_work
    body = made(1, kind=kind, marks={"A2": {"0": 2}}, rules=own_hash(client, sheet_id))
    swap_reasons(contest)

    answer = send(client, sheet_id, body)

    assert (answer.status_code, answer.json["error"]["code"]) == (409, "rules_changed")
    assert "rules of this sheet were changed" in answer.json["error"]["message"]
    assert rows() == []
    again = made(2, marks={"A2": {"1": 2}}, rules=own_hash(client, sheet_id))
    assert send(client, sheet_id, again).status_code == 200


def test_what_is_stored_already_is_answered_as_ever_under_new_rules(at_work):
    contest, sheet_id, client = at_work
    body = made(1, marks={"A1": "9"}, rules=own_hash(client, sheet_id))
    assert send(client, sheet_id, body).status_code == 200
    swap_reasons(contest)

    answer = send(client, sheet_id, body)

    assert (answer.status_code, answer.json["replayed"]) == (200, True)
    altered = send(client, sheet_id, body | {"rules": "0" * 32})
    assert altered.status_code == 422


def test_an_operation_of_an_old_tablet_is_taken_as_before(at_work):
    contest, sheet_id, client = at_work
    body = made(1, marks={"A1": "9"})
    swap_reasons(contest)

    assert send(client, sheet_id, body).status_code == 200


def test_a_plain_form_comes_back_with_what_still_means_the_same(at_work):
    contest, sheet_id, client = at_work
    form = {
        "op_id": made(1)["op_id"], "base_rev": "0", "device": "", "mark-A1": "9.5", "mark-A2-0": "2",
        "rules": own_hash(client, sheet_id),
    }
    swap_reasons(contest)

    answer = client.post(f"/judging/sheets/{sheet_id}", data=form)

    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "rules of this sheet were changed" in page
    assert re.search(r'name="mark-A1"[^>]*value="9.5"', page)
    assert re.search(r'name="mark-A2-0"[^>]*value="0"', page)
    assert rows() == []
    sheet = db.session.get(Sheet, sheet_id)
    fresh = form_hash(rules.on_seat(drill(
        lambda module: module["criteria"][0]["aspects"][1]["reasons"].reverse()
    ), sheet.seat))
    assert f'name="rules" value="{fresh}"' in page


def whole_form(client, sheet_id, **typed):
    """The plain form of a sheet as a browser without a script sends it, with what is typed there."""
    page = client.get(f"/judging/sheets/{sheet_id}").get_data(as_text=True)
    hidden = re.findall(r'<input type="hidden" name="(rules[^"]*|base_rev|op_id)" value="([^"]*)"', page)
    return dict(hidden) | {"device": ""} | {name.replace("_", "-"): value for name, value in typed.items()}


def test_where_its_aspect_is_as_it_was_all_that_was_typed_stays_lines_too(at_work):
    contest, sheet_id, client = at_work
    first = {"A1": "9", "A2": {"1": 1}, "A3": [True, True], "A4": 2, "A5": "350"}
    assert send(client, sheet_id, made(1, marks=first)).status_code == 200
    form = whole_form(client, sheet_id, mark_A1="9.5", mark_A2_0="2", mark_A2_1="0", mark_A3_0="yes",
                      mark_A3_1="no", mark_A4="3")
    swap_reasons(contest)

    answer = client.post(f"/judging/sheets/{sheet_id}", data=form)

    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert re.search(r'name="mark-A1"[^>]*value="9.5"', page)
    assert re.search(r'name="mark-A3-1" value="no" data-item="1" checked', page)
    assert re.search(r'name="mark-A4" value="3" data-level checked', page)
    # What was taken back stays so; of the changed one the stored mark is shown, and said to be looked at.
    assert re.search(r'name="mark-A5"[^>]*value=""', page)
    assert re.search(r'name="mark-A2-1"[^>]*value="1"', page)
    errors = dict(re.findall(r'id="error-(A\d)"(.*?)</p>', page, re.S))
    assert [key for key, text in errors.items() if " hidden>" not in text] == ["A2"]
    assert "give it again" in errors["A2"]
    assert [kind for kind, _ in rows()] == ["draft"]


def attempts(count):
    return drill(aspect_at(0, attempts=count, take="best"))


@pytest.mark.parametrize(("count", "typed", "said"), [
    (2, ["9", "8", "7"], "those beyond attempt 2 were left out"),
    (2, ["9", "8"], "check it"),
    (3, ["9", "8", "7"], "check it"),
    (1, ["9", "8"], "give it again"),
])
def test_attempts_that_are_allowed_no_more_are_not_called_carried_over(count, typed, said):
    old, new = attempts(4), attempts(count) if count > 1 else drill()
    aspect = old.aspect("A1")
    form = {f"mark-A1-{n}": value for n, value in enumerate(typed)} | {
        "rules-A1": f"{aspect.kind} {aspect_hash(aspect)}"
    }

    marks, notes = still_fitting(
        new, {}, forms.marks_from_form(form, new), forms.asked_by_form(form, new)
    )

    assert [one for one in marks.get("A1", []) if one] == (typed[:count] if count > 1 else [])
    assert said in str(notes["A1"])


def test_the_summary_hands_in_nothing_under_rules_it_did_not_show(at_work):
    contest, sheet_id, client = at_work
    whole = {"A1": "9", "A2": {}, "A3": [True, False], "A4": 2, "A5": "350"}
    assert send(client, sheet_id, made(1, marks=whole)).status_code == 200
    form = {"op_id": made(1)["op_id"], "base_rev": "1", "rules": own_hash(client, sheet_id)}
    swap_reasons(contest)

    answer = client.post(f"/judging/sheets/{sheet_id}/submit", data=form)

    assert answer.status_code == 409
    assert [kind for kind, _ in rows()] == ["draft"]
