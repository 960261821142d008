"""The layer of stations is the stations of the starting order: one draw, one truth."""

import json

import pytest

from contest.accounts.models import User
from contest.audit.models import TrailRow
from contest.db import db
from contest.draw import actions, check_rules, desk_queries, order_actions, queries
from contest.draw.models import BlindCode
from contest.errors import Conflict, Invalid, NotAllowed
from contest.judging import actions as judging
from contest.people.models import StateEvent
from contest.setup.procedure_rules import FORMAL
from tests import factories
from tests.draw.test_layers import Hall, decode

TWO = 2


@pytest.fixture
def hall(app):
    return Hall(layers=TWO)


def draw_order(hall, batch=2, **values):
    order_actions.draw_order(hall.organiser, hall.contest.id, "final", "3-1-4", batch=batch, **values)


def take(hall, reason=""):
    actions.take_stations(hall.coders[0], hall.contest.id, "final", reason)


def drawn(hall):
    """{entry number: station as it is written}, from the file of the order that stands."""
    document = json.loads(queries.list_draws(hall.contest.id, "final", 0, "order")[0].draw.file)
    has_batches = max(batch for *_, batch, _ in document["drawn"]) > 1
    return {
        number: f"{batch}-{station:02d}" if has_batches else f"{station:02d}"
        for number, _, batch, station in document["drawn"]
    }


def stations(hall):
    return queries.map_of(hall.contest.id, "final", 1)


def test_everybody_is_judged_at_the_station_that_was_drawn(hall):
    draw_order(hall)
    take(hall)

    assert stations(hall) == drawn(hall)
    assert all(code[1:2] == "-" for code in stations(hall).values())  # two batches
    held = queries.codes(hall.contest.id, "final", 1)
    assert sorted(one.start_order for one in held.values()) == [1, 2, 3]
    hall.draw(2)
    assert set(queries.outer_words(hall.contest.id, "final", 2)) == set(drawn(hall).values())
    row = db.session.query(TrailRow).filter_by(did="draw.hold").order_by(TrailRow.id).first()
    assert row.facts["draw"] == queries.list_draws(hall.contest.id, "final", 0, "order")[0].draw.id
    assert row.facts["hash"] == queries.list_draws(hall.contest.id, "final")[0].draw.map_hash


def test_in_one_batch_the_code_is_the_bare_station(hall):
    draw_order(hall, batch=3, stations=12)
    take(hall)
    assert all(len(code) == 2 and 1 <= int(code) <= 12 for code in stations(hall).values())


def test_the_file_draws_the_order_again_and_a_changed_one_is_seen(app, hall, tmp_path):
    draw_order(hall)
    take(hall)
    draw = queries.list_draws(hall.contest.id, "final")[0].draw
    is_open, document = queries.published_file(draw)
    assert is_open and all(is_so for _, is_so in check_rules.check_file(document))

    runner, file = app.test_cli_runner(), tmp_path / "stations.json"
    told = runner.invoke(args=["draw", "export", hall.contest.slug, str(draw.id), "-o", str(file)])
    assert told.exit_code == 0
    checked = runner.invoke(args=["draw", "check", str(file)])
    assert checked.exit_code == 0
    assert "stations of the layer are those of the starting order" in checked.output

    one, other = document["outer"][:2]
    swapped = document["map"] | {one: document["map"][other], other: document["map"][one]}
    for changed in (
        document | {"map": swapped},
        document | {"seed": "another-seed"},
        document | {"order": document["order"] | {"seed": "another-seed"}},
        document | {"order": document["order"] | {"drawn": document["order"]["drawn"][::-1]}},
        document | {"map_hash": "0" * 64},
    ):
        file.write_text(json.dumps(changed), encoding="utf-8")
        assert runner.invoke(args=["draw", "check", str(file)]).exit_code == 1


def test_the_witness_of_the_order_is_the_witness_of_the_layer(hall):
    draw_order(hall)
    take(hall)
    assert desk_queries.unwitnessed(hall.contest.id, "final") == [("draw.show_order", 1)]
    order = queries.list_draws(hall.contest.id, "final", 0, "order")[0].draw
    order_actions.witness_draw(hall.supervisor, hall.contest.id, order.id)
    assert desk_queries.unwitnessed(hall.contest.id, "final") == []
    assert queries.list_draws(hall.contest.id, "final")[0].witnesses == ("郝监督",)


def test_an_order_drawn_again_takes_the_stations_with_it_until_marks_come_in(hall):
    draw_order(hall)
    take(hall)
    hall.draw(2)
    judging.hand_out_sheets(hall.organiser, hall.contest.id)
    first = stations(hall)
    new = factories.make_entrant(hall.contest, "后来的")
    with pytest.raises(Conflict, match="draw the order again"):
        actions.draw_newcomers(hall.coders[0], hall.contest.id, "final")

    with pytest.raises(Invalid):
        draw_order(hall)  # without a reason
    draw_order(hall, reason="somebody joined", late=(new.number,))

    assert stations(hall) == drawn(hall) != first and len(stations(hall)) == 4
    assert db.session.query(BlindCode).filter_by(layer=2).count() == 0  # drawn from the old stations
    row = db.session.query(TrailRow).filter_by(did="draw.order").order_by(TrailRow.id.desc()).first()
    assert row.facts["replaced"] == 3
    assert row.facts["map_hash"] == queries.list_draws(hall.contest.id, "final")[0].draw.map_hash
    with pytest.raises(Conflict, match="with batches and stations"):
        draw_order(hall, batch=0, reason="without stations")
    hall.draw(2)
    hall.mark_all()
    before = stations(hall)
    with pytest.raises(Conflict, match="Marks have been entered"):
        draw_order(hall, reason="too late")
    assert stations(hall) == before == drawn(hall)


def test_without_stations_or_not_for_everybody_nothing_is_taken(hall):
    with pytest.raises(Conflict, match="with batches and stations"):
        take(hall)
    draw_order(hall, batch=0)
    with pytest.raises(Conflict, match="with batches and stations"):
        take(hall)
    draw_order(hall, reason="with stations now")
    late = factories.make_entrant(hall.contest, "后来的")
    with pytest.raises(Conflict, match=f"Without a station in the starting order: {late.number}"):
        take(hall)
    assert stations(hall) == {}
    db.session.add(StateEvent(contest_id=hall.contest.id, entrant_id=late.id, state="withdrawn", reason="x",
                              at=hall.contest.created_at))
    db.session.commit()
    take(hall)
    assert len(stations(hall)) == 3


def test_with_an_entry_code_before_it_or_one_layer_alone_it_is_refused(app):
    for layers in (1, 3):
        hall = Hall(layers=layers)
        draw_order(hall)
        with pytest.raises(Conflict, match="two layers, station and work code"):
            take(hall)


def test_only_the_keeper_takes_them_and_again_only_with_a_reason(hall):
    draw_order(hall)
    with pytest.raises(NotAllowed, match="Another coding judge"):
        actions.take_stations(hall.coders[1], hall.contest.id, "final")
    hall.draw(1)
    own = stations(hall)
    with pytest.raises(Invalid):
        take(hall)
    draw_order(hall, reason="the first was nobody's wish")
    assert stations(hall) == own  # a contest that has both keeps both
    take(hall, "one truth")
    assert stations(hall) == drawn(hall)


def test_from_the_order_to_the_names_again(hall):
    """Sheets under work codes, then both layers opened by two, each map proven by its fingerprint."""
    draw_order(hall)
    take(hall)
    hall.draw(2)
    hall.mark_all()
    hall.contest.state = "collected"
    db.session.commit()

    assert decode(hall, 2) == 2
    kept = db.session.query(BlindCode).filter_by(layer=1, entrant_id=hall.entrants[0].id).one()
    code, kept.code = kept.code, "9-99"
    db.session.commit()
    with pytest.raises(Conflict):
        decode(hall, 1)
    db.session.rollback()
    kept.code = code
    db.session.commit()
    assert decode(hall, 1) == 1 and hall.contest.state == "decoded"


def test_where_four_eyes_are_asked_for_the_order_is_sealed_and_that_is_enough(app):
    hall = Hall(layers=TWO, procedure=FORMAL)
    with pytest.raises(Conflict, match="sealed before the draw"):
        draw_order(hall)
    actions.seal_seed(hall.organiser, hall.contest.id, "final", "order", 0)
    draw_order(hall)
    take(hall)
    draw = queries.list_draws(hall.contest.id, "final")[0].draw
    assert draw.committed_at is not None and stations(hall) == drawn(hall)
    assert all(is_so for _, is_so in check_rules.check_file(json.loads(draw.file)))


def test_the_pages_say_that_it_is_one_draw(hall, app):
    draw_order(hall)
    keeper = factories.browser_of(app, db.session.get(User, hall.coders[0].user_id))
    address = f"/contests/{hall.contest.id}/draw"
    assert "Take the drawn stations" in keeper.get(address).text

    done = keeper.post(f"{address}/final/stations", follow_redirects=True)
    assert "The stations of the starting order are the codes of this layer now." in done.text
    assert "Taken from the draw of the starting order" in done.text and "File for checking" in done.text
    assert "Take the drawn stations" not in done.text
    order = keeper.get(f"{address}/order").text
    assert "These stations are the codes of the layer" in order
