"""What everybody may check of a contest's draws: fingerprints and files, no name, no map before its time."""

from datetime import timedelta

import pytest

from contest import clock
from contest.accounts.models import User
from contest.board import actions as board
from contest.db import db
from contest.draw import actions, order_actions, queries
from contest.draw.models import Draw
from contest.judging.models import Sheet
from tests import factories
from tests.draw.test_layers import Hall, decode


@pytest.fixture
def hall(app):
    hall = Hall(layers=2)
    hall.contest.is_public = True
    db.session.commit()
    return hall


@pytest.fixture
def guest(app):
    client = app.test_client()
    with client.session_transaction() as session:
        session["language"] = "en"
    return client


def page(guest, hall):
    return guest.get(f"/draws/{hall.contest.slug}")


def file(guest, hall, draw):
    return guest.get(f"/draws/{hall.contest.slug}/{draw.id}.json")


def draw_order(hall, **values):
    actions.seal_seed(hall.organiser, hall.contest.id, "final", "order", 0)
    order_actions.draw_order(hall.organiser, hall.contest.id, "final", "3-1-4", batch=2, **values)
    return queries.list_draws(hall.contest.id, "final", 0, "order")[0].draw


def draws(hall, layer):
    return [line.draw for line in queries.list_draws(hall.contest.id, "final", layer)]


def test_a_guest_sees_the_fingerprint_before_the_draw_and_the_seed_after_it(hall, guest):
    told = actions.seal_seed(hall.organiser, hall.contest.id, "final", "order", 0)
    before = page(guest, hall).text
    secret = queries.find_seal(hall.contest.id, "final", "order", 0).seed
    assert told in before and secret not in before

    order_actions.draw_order(hall.organiser, hall.contest.id, "final", "3-1-4", batch=2)
    [line] = queries.list_draws(hall.contest.id, "final", 0, "order")
    order_actions.witness_draw(hall.supervisor, hall.contest.id, line.draw.id)

    after = page(guest, hall).text
    for shown in (told, secret, f"{secret}/3-1-4", "郝监督", "People of one organisation apart",
                  "In a batch: 2 people.", "draw check FILE"):
        assert shown in after, shown
    for one in hall.entrants:
        assert one.number in after and one.human.name not in after


def test_the_one_command_draws_again_from_the_public_file(hall, guest, app, tmp_path):
    order = draw_order(hall)
    order_actions.draw_paper(hall.organiser, hall.contest.id, "final", ["甲卷", "乙卷"])
    paper = queries.list_draws(hall.contest.id, "final", 0, "paper")[0].draw
    actions.take_stations(hall.coders[0], hall.contest.id, "final")

    for draw in (order, paper, draws(hall, 1)[0]):
        got = file(guest, hall, draw)
        assert got.status_code == 200 and got.mimetype == "application/json"
        assert not any(one.human.name in got.text for one in hall.entrants)
        path = tmp_path / "draw.json"
        path.write_bytes(got.data)
        told = app.test_cli_runner().invoke(args=["draw", "check", str(path)])
        assert told.exit_code == 0, told.output
        assert "✗" not in told.output and "✓" in told.output


def test_no_map_and_no_seed_of_codes_before_the_results_were_before_the_public(hall, guest, app, tmp_path):
    hall.draw_all()
    hall.mark_all()
    hall.contest.state = "collected"
    db.session.commit()

    def is_hidden():
        shown = page(guest, hall).text
        for layer in (1, 2):
            [draw] = draws(hall, layer)
            assert draw.map_hash in shown and draw.seed not in shown
            assert not any(code in shown for code in queries.map_of(hall.contest.id, "final", 2).values())
            assert file(guest, hall, draw).status_code == 404
        return "Told after the decoding" in shown

    assert is_hidden()
    decode(hall, 2)
    decode(hall, 1)
    assert is_hidden()  # officials read the map now, the public does not
    hall.contest.state = "provisional"
    db.session.commit()
    assert is_hidden()
    hall.contest.state = "final"
    db.session.commit()

    for layer in (1, 2):
        [draw] = draws(hall, layer)
        assert draw.seed in page(guest, hall).text
        (tmp_path / "codes.json").write_bytes(file(guest, hall, draw).data)
        told = app.test_cli_runner().invoke(args=["draw", "check", str(tmp_path / "codes.json")])
        assert told.exit_code == 0, told.output


def test_a_frozen_board_keeps_the_map_to_itself_whatever_comes_behind_it(hall, guest):
    """Marks under codes stand on the board: with the map everybody had read whose they are."""
    hall.draw_all()
    hall.mark_all()
    hall.contest.state = "collected"
    db.session.commit()
    board.freeze_board(hall.organiser, hall.contest.id)
    clock.stand_still(clock.now() + timedelta(minutes=5))
    decode(hall, 2)
    decode(hall, 1)
    hall.contest.state = "final"
    db.session.commit()

    for layer in (1, 2):
        [draw] = draws(hall, layer)
        assert draw.seed not in page(guest, hall).text and file(guest, hall, draw).status_code == 404
    board.reveal_board(hall.organiser, hall.contest.id)
    assert [file(guest, hall, draws(hall, layer)[0]).status_code for layer in (1, 2)] == [200, 200]


def test_a_draw_that_was_replaced_stays_with_its_reason(hall, guest):
    first = draw_order(hall)
    second = draw_order(hall, reason="one station broke down")

    shown = page(guest, hall).text

    assert first.seed in shown and second.seed in shown
    assert "replaced" in shown and "one station broke down" in shown
    assert file(guest, hall, first).status_code == file(guest, hall, second).status_code == 200


def test_a_contest_that_is_not_shown_has_no_public_draws(hall, guest):
    order = draw_order(hall)
    hall.contest.is_public = False
    db.session.commit()

    assert page(guest, hall).status_code == file(guest, hall, order).status_code == 404
    assert guest.get("/draws/nowhere").status_code == 404


def test_the_file_of_another_contest_is_not_given(hall, guest):
    other = Hall(layers=2)
    order = draw_order(other)

    assert guest.get(f"/draws/{hall.contest.slug}/{order.id}.json").status_code == 404


def test_the_results_of_one_stage_tell_no_codes_of_the_next(app):
    """Codes of the final drawn while the preliminary is held stay closed when its results are out."""
    document = factories.plan_document()
    document["stages"] = [
        {"key": "first", "name": "初赛", "name_en": "Preliminary"}, *document["stages"],
    ]
    document["parts"].append({**document["parts"][0], "key": "first_part", "stage": "first", "weight": 100})
    document["modules"].append({**document["modules"][0], "key": "first_paper", "part": "first_part"})
    contest = factories.make_contest(document)
    contest.stage = "first"
    factories.make_entrant(contest)
    coder = factories.make_user("石加密")
    factories.make_grant(coder, "coding_judge", contest)
    actions.hold_draw(factories.proven(coder), contest.id, "final")
    draw = db.session.query(Draw).one()

    for state in ("provisional", "final"):
        contest.state = state
        db.session.commit()
        assert not queries.published_file(draw)[0], state
    reader = factories.make_user("郝监督")
    factories.make_grant(reader, "supervisor", contest)
    browser = factories.browser_of(app, db.session.get(User, reader.id))
    assert draw.seed not in browser.get(f"/contests/{contest.id}/draw?stage=final").text
    contest.stage = "final"
    db.session.commit()
    assert queries.published_file(draw)[0]
    assert db.session.query(Sheet).count() == 0
