"""Nobody draws until it suits: when what was drawn is drawn again, by whom, and what stays to be seen."""

import json

import pytest

from contest import clock
from contest.accounts.models import User
from contest.accounts.passwords import hash_secret
from contest.audit.models import TrailRow
from contest.audit.work import Actor
from contest.db import db
from contest.draw import actions, check_rules, desk_queries, order_actions, order_rules, queries
from contest.draw.models import Draw
from contest.draw.order_rules import Drawn, Starter
from contest.errors import Conflict, Invalid, NotAllowed
from contest.judging import actions as judging
from tests import factories
from tests.draw.test_layers import Hall
from tests.judging.panels import RISK, Panel, mark

PAPERS = ["甲卷", "乙卷", "丙卷"]


@pytest.fixture
def hall(app):
    return Hall(layers=1)


@pytest.fixture
def formal(app):
    return Hall(layers=1, procedure=factories.BY_WORD)


def draw_order(hall, reason="", second=None, **values):
    if hall.contest.procedure.get("four_eyes"):
        actions.seal_seed(hall.organiser, hall.contest.id, "final", "order", 0)
    order_actions.draw_order(
        hall.organiser, hall.contest.id, "final", "3-1-4", reason=reason, second=second, **values
    )


def draw_paper(hall, reason="", second=None):
    if hall.contest.procedure.get("four_eyes"):
        actions.seal_seed(hall.organiser, hall.contest.id, "final", "paper", 0)
    return order_actions.draw_paper(
        hall.organiser, hall.contest.id, "final", PAPERS, reason=reason, second=second
    )


def first_mark(hall):
    hall.draw_all()
    judging.hand_out_sheets(hall.organiser, hall.contest.id)
    mark(Panel(hall.contest, hall.entrants, hall.judges), RISK)


def lines(hall, kind="order"):
    return queries.list_draws(hall.contest.id, "final", 0, kind)


def places(hall):
    return {number: row for number, *row in lines(hall)[0].document["drawn"]}


def test_after_the_first_mark_neither_order_nor_paper_is_drawn_again(hall):
    draw_order(hall)
    draw_paper(hall)
    first_mark(hall)

    with pytest.raises(Conflict, match="so the starting order stands"):
        draw_order(hall, "it suits nobody")
    with pytest.raises(Conflict, match="so the paper that was drawn stands"):
        draw_paper(hall, "it suits nobody")
    assert len(lines(hall)) == len(lines(hall, "paper")) == 1


def test_a_theory_score_holds_the_paper_and_not_the_order(hall):
    draw_order(hall)
    draw_paper(hall)
    factories.make_theory(hall.contest, hall.entrants[0], "80")

    with pytest.raises(Conflict):
        draw_paper(hall, "the seal of 甲卷 was broken")
    draw_order(hall, "one station broke down")
    assert len(lines(hall)) == 2


def test_once_the_scoring_is_closed_nothing_is_drawn(hall):
    hall.contest.state = "collected"
    db.session.commit()

    for draw in (draw_order, draw_paper):
        with pytest.raises(Conflict, match="scoring is closed"):
            draw(hall)
    assert db.session.query(Draw).count() == 0


def test_whoever_comes_after_the_first_mark_is_drawn_behind_the_others(hall, app, tmp_path):
    draw_order(hall, batch=2, stations=3)
    first_mark(hall)
    before = places(hall)
    with pytest.raises(Conflict, match="Everybody who takes part has a place"):
        order_actions.draw_late(hall.organiser, hall.contest.id, "final")
    late = [factories.make_entrant(hall.contest, name).number for name in ("后来甲", "后来乙", "后来丙")]
    page = factories.browser_of(app, db.session.get(User, hall.organiser.user_id))
    address = f"/contests/{hall.contest.id}/draw/order"
    assert "Draw them behind the others" in page.get(address).text

    page.post(f"{address}/final/late", data={"public": "5-5"})

    after = places(hall)
    assert {number: after[number] for number in before} == before
    assert sorted(after[number][0] for number in late) == [4, 5, 6]
    assert sorted(after[number][1] for number in late) == [3, 3, 4]  # batches of their own
    row = db.session.query(TrailRow).filter_by(did="draw.late").one()
    assert row.facts["entrants"] == 3
    file = tmp_path / "late.json"
    file.write_text(lines(hall)[0].draw.file, encoding="utf-8")
    checked = app.test_cli_runner().invoke(args=["draw", "check", str(file)])
    assert checked.exit_code == 0, checked.output
    changed = lines(hall)[0].document
    changed["drawn"][3], changed["drawn"][4] = changed["drawn"][4], changed["drawn"][3]
    file.write_text(json.dumps(changed), encoding="utf-8")
    assert app.test_cli_runner().invoke(args=["draw", "check", str(file)]).exit_code == 1


def test_without_an_order_nobody_is_drawn_behind_it(hall):
    with pytest.raises(Conflict, match="has not been drawn yet"):
        order_actions.draw_late(hall.organiser, hall.contest.id, "final")


def test_those_behind_stand_apart_from_the_last_of_the_others():
    kept = [Drawn("N01", 1), Drawn("N02", 2)]
    late = [Starter("N03", "U2", True), Starter("N04", "U1", True)]
    people = [Starter("N01", "U1"), Starter("N02", "U2"), *late]
    for seed in range(8):
        found = order_rules.draw_behind(kept, people, str(seed))
        assert [one.number for one in found] == ["N01", "N02", "N04", "N03"], seed


def test_drawing_again_takes_two_people_where_four_eyes_are_asked_for(formal):
    draw_order(formal)
    draw_paper(formal)

    for draw in (draw_order, draw_paper):
        with pytest.raises(Invalid, match="by two people") as refused:
            draw(formal, "a slip fell down")
        assert set(refused.value.fields) == {"second"}
        with pytest.raises(NotAllowed, match="you proposed it yourself"):
            draw(formal, "a slip fell down", formal.organiser)
        with pytest.raises(NotAllowed, match="Type your password or PIN again"):
            draw(formal, "a slip fell down", Actor(formal.supervisor.user_id, "郝监督"))
        with pytest.raises(NotAllowed, match="Your role does not take this step"):
            draw(formal, "a slip fell down", formal.somebody("过路人", "judge"))
    assert len(lines(formal)) == len(lines(formal, "paper")) == 1

    draw_order(formal, "a slip fell down", formal.supervisor)
    draw_paper(formal, "甲卷 was seen", formal.supervisor)
    assert lines(formal)[0].witnesses == lines(formal, "paper")[0].witnesses == ("郝监督",)
    row = db.session.query(TrailRow).filter_by(did="draw.order").order_by(TrailRow.id.desc()).first()
    assert (row.facts["reason"], row.facts["second"]) == ("a slip fell down", "郝监督")


def test_codes_are_drawn_again_by_two_as_well(formal):
    formal.draw_all()
    actions.seal_seed(formal.coders[0], formal.contest.id, "final")
    before = formal.codes()

    with pytest.raises(Invalid, match="by two people"):
        actions.hold_draw(formal.coders[0], formal.contest.id, "final", reason="the envelope tore")
    assert formal.codes() == before
    actions.hold_draw(
        formal.coders[0], formal.contest.id, "final", reason="the envelope tore", second=formal.supervisor
    )
    assert formal.codes() != before
    assert queries.list_draws(formal.contest.id, "final")[0].witnesses == ("郝监督",)


def test_every_earlier_draw_stays_with_its_seed_and_reason(hall, app):
    draw_order(hall)
    draw_order(hall, "one station broke down")
    draw_order(hall, "it was mended")

    newest, second, first = lines(hall)
    document = json.loads(newest.draw.file)
    assert document["reason"] == "it was mended"
    assert [(one["draw"], one["seed"], one["reason"]) for one in document["earlier"]] == [
        (first.draw.id, first.draw.seed, ""), (second.draw.id, second.draw.seed, "one station broke down"),
    ]
    assert all(is_so for _, is_so in check_rules.check_file(document))
    browser = factories.browser_of(app, db.session.get(User, hall.organiser.user_id))
    for address in ("order", "order/final/print"):
        page = browser.get(f"/contests/{hall.contest.id}/draw/{address}").text
        for one in (newest, second, first):
            assert one.draw.seed in page, address
        assert "one station broke down" in page and "it was mended" in page, address


def test_a_reason_that_everybody_will_read_holds_no_name(hall):
    draw_order(hall)
    name = hall.entrants[0].human.name

    with pytest.raises(Invalid, match="no names"):
        draw_order(hall, f"{name} came late")
    draw_order(hall, f"{hall.entrants[0].number} came late")


def test_every_draw_that_ever_stood_waits_for_its_witness(hall):
    draw_order(hall)
    draw_order(hall, "one station broke down")
    draw_paper(hall)
    draw_paper(hall, "甲卷 was seen")
    hall.draw(1)
    actions.hold_draw(hall.coders[0], hall.contest.id, "final", reason="slips fell down")
    order_actions.witness_draw(hall.supervisor, hall.contest.id, lines(hall)[0].draw.id)

    assert desk_queries.unwitnessed(hall.contest.id, "final") == [
        ("draw.show_draw", 2), ("draw.show_order", 3),
    ]
    for one in [*lines(hall)[1:], *lines(hall, "paper"), *queries.list_draws(hall.contest.id, "final")]:
        order_actions.witness_draw(hall.supervisor, hall.contest.id, one.draw.id)
    assert desk_queries.unwitnessed(hall.contest.id, "final") == []


def test_the_page_asks_for_both_people_and_takes_them(formal, app):
    draw_order(formal)
    actions.seal_seed(formal.organiser, formal.contest.id, "final", "order", 0)
    words = ("organisers own words", "supervisors own words")
    for actor, word in zip((formal.organiser, formal.supervisor), words, strict=True):
        user = db.session.get(User, actor.user_id)
        user.password_hash, user.password_at = hash_secret(word), clock.now()
    db.session.commit()
    supervisor = db.session.get(User, formal.supervisor.user_id)
    browser = factories.browser_of(app, db.session.get(User, formal.organiser.user_id))
    address = f"/contests/{formal.contest.id}/draw/order"
    page = browser.get(address).text
    assert "Drawing again takes two people at this screen" in page and "second_word" in page
    form = {"reason": "a slip fell down", "apart": "1", "word": "organisers own words",
            "second": supervisor.login, "second_word": "guessed words here"}

    refused = browser.post(f"{address}/final", data=form)
    assert refused.status_code == 422 and len(lines(formal)) == 1
    assert "not the second person&#39;s password" in refused.text and "a slip fell down" in refused.text
    form["second_word"] = "supervisors own words"
    assert browser.post(f"{address}/final", data=form).status_code == 303
    assert len(lines(formal)) == 2


def test_where_marks_are_in_the_page_says_it_and_offers_no_form(hall, app):
    draw_order(hall)
    draw_paper(hall)
    first_mark(hall)
    browser = factories.browser_of(app, db.session.get(User, hall.organiser.user_id))

    page = browser.get(f"/contests/{hall.contest.id}/draw/order").text

    assert "so the starting order stands" in page and "so the paper that was drawn stands" in page
    assert "Draw again" not in page and "Draw the paper" not in page
    assert "Seal a secret seed" not in page
