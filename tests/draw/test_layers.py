"""Layers of codes: each under its own coding judge, fingerprinted, sealed at rest, opened by two."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import text

from contest import clock
from contest.audit.models import TrailRow
from contest.audit.work import Actor
from contest.db import db
from contest.draw import actions, check_rules, order_actions, queries, rules
from contest.draw.sealing import WrongKey, seal, unseal
from contest.errors import Conflict, Invalid, NotAllowed
from contest.judging import actions as judging
from contest.judging import blind_queries, decoding_actions
from contest.judging.queries import blind_codes
from contest.setup import actions as setup_actions
from contest.setup.procedure_rules import FORMAL, Procedure, stored_form
from contest.setup.queries import procedure_of
from tests import factories
from tests.judging.panels import DRILL, RISK, Panel, mark, two_modules

OWN = Procedure("own", decoding=True)


class Hall:
    """A contest with three layers, a coding judge for each, and a supervisor."""

    def __init__(self, layers=3, procedure=OWN):
        self.contest = factories.make_contest(two_modules())
        self.contest.procedure = stored_form(procedure)
        self.entrants = [factories.make_entrant(self.contest, f"隐名{n}") for n in range(3)]
        self.coders = [self.somebody(f"加密{n}", "coding_judge") for n in range(1, layers + 1)]
        self.supervisor = self.somebody("郝监督", "supervisor")
        self.organiser = self.somebody("周组委", "organiser")
        self.judges = [factories.make_judge(self.contest) for _ in range(2)]
        for seat, judge in enumerate(self.judges, start=1):
            factories.make_seat(self.contest, judge, seat)
        factories.make_seat(self.contest, self.judges[0], 1, "drill")
        keepers = {n: coder.user_id for n, coder in enumerate(self.coders, 1)}
        order_actions.set_layers(self.organiser, self.contest.id, layers, keepers)

    def somebody(self, name, role):
        user = factories.make_user(name)
        factories.make_grant(user, role, self.contest)
        return Actor(user.id, name, word_at=clock.now())

    def draw(self, layer, seed=""):
        coder, contest_id = self.coders[layer - 1], self.contest.id
        if procedure_of(self.contest).four_eyes:
            actions.seal_seed(coder, contest_id, "final", layer=layer)
        actions.hold_draw(coder, contest_id, "final", seed, layer=layer)

    def draw_all(self):
        for layer in range(1, len(self.coders) + 1):
            self.draw(layer)

    def mark_all(self):
        judging.hand_out_sheets(self.organiser, self.contest.id)
        panel = Panel(self.contest, self.entrants, self.judges)
        for entrant in range(3):
            for seat in (1, 2):
                mark(panel, RISK, entrant=entrant, seat=seat)
        return panel

    def codes(self, layer=None):
        held = queries.codes(self.contest.id, "final", layer)
        return [held[one.id].code for one in self.entrants]


@pytest.fixture
def hall(app):
    return Hall()


def test_judges_get_the_innermost_code_and_before_it_none(hall):
    hall.draw(1)
    hall.draw(2)
    assert blind_codes(hall.contest.id, "final") == {}
    with pytest.raises(Conflict):
        judging.hand_out_sheets(hall.organiser, hall.contest.id)

    hall.draw(3)
    shown = [blind_codes(hall.contest.id, "final")[one.id][0] for one in hall.entrants]
    assert shown == hall.codes(3)
    assert sorted(hall.codes(2)) == ["01", "02", "03"]
    every = [*hall.codes(1), *hall.codes(2), *hall.codes(3)]
    assert len(set(every)) == 9, "no code of one layer can be taken for one of another"


def test_a_layer_is_drawn_by_its_own_coding_judge_after_the_one_outside(hall):
    with pytest.raises(Conflict, match="layer before"):
        hall.draw(2)
    with pytest.raises(NotAllowed):
        actions.hold_draw(hall.coders[1], hall.contest.id, "final", layer=1)
    hall.draw(1)
    with pytest.raises(NotAllowed):
        actions.seal_seed(hall.coders[0], hall.contest.id, "final", layer=2)


def test_drawing_a_layer_again_takes_the_inner_ones_with_it(hall):
    hall.draw_all()
    actions.hold_draw(hall.coders[1], hall.contest.id, "final", reason="slips fell down", layer=2)

    assert [len(queries.codes(hall.contest.id, "final", n)) for n in (1, 2, 3)] == [3, 3, 0]


def test_each_coding_judge_sees_one_map_and_names_stand_in_the_first_only(hall, app):
    hall.draw_all()
    address = f"/contests/{hall.contest.id}/draw"
    for n, coder in enumerate(hall.coders, 1):
        browser = factories.browser_of(app, db.session.get(factories.User, coder.user_id))
        page = browser.get(address).text
        for layer in (1, 2, 3):
            listed = browser.get(f"{address}/final/list?layer={layer}")
            assert listed.status_code == (200 if layer == n else 403)
        wanted = {code for layer in (n, n - 1) if layer and n > 1 for code in hall.codes(layer)}
        wanted |= set(hall.codes(n))
        others = {c for layer in (1, 2, 3) for c in hall.codes(layer)} - wanted
        assert all(f">{code}<" in page for code in wanted)
        assert not any(f">{code}<" in page for code in others)
        assert ("隐名0" in page) == (n == 1)
    organiser = factories.browser_of(app, db.session.get(factories.User, hall.organiser.user_id))
    page = organiser.get(address).text
    assert not any(f">{c}<" in page for n in (1, 2, 3) for c in hall.codes(n)) and "隐名" not in page


def test_a_seed_that_was_sealed_is_told_before_and_used_with_the_public_part(hall):
    told = actions.seal_seed(hall.coders[0], hall.contest.id, "final")
    hall.draw(1, "3-1-4")

    [line] = queries.list_draws(hall.contest.id, "final", 1)
    document = json.loads(line.draw.file)
    assert rules.commitment(document["secret"]) == told == line.draw.commitment
    assert document["seed"] == document["secret"] + "/3-1-4"
    assert all(is_so for _, is_so in check_rules.check_file(document))
    deeds = [(row.did, row.facts["hash"]) for row in db.session.query(TrailRow).order_by(TrailRow.id)
             if row.did.startswith("draw.") and "hash" in row.facts]
    assert deeds == [("draw.seal", told), ("draw.hold", line.draw.map_hash)]
    assert document["secret"] not in str([row.facts for row in db.session.query(TrailRow)])


def test_neither_codes_nor_seeds_lie_open_in_the_database(hall):
    actions.seal_seed(hall.coders[0], hall.contest.id, "final")
    hall.draw_all()

    rows = [
        str(row) for table in ("blind_code", "draw", "draw_seed", "trail")
        for row in db.session.execute(text(f"SELECT * FROM {table}"))
    ]
    secrets = [queries.list_draws(hall.contest.id, "final", n)[0].draw.seed for n in (1, 2, 3)]
    for secret in (*hall.codes(1), *hall.codes(3), *secrets):
        assert not any(f"'{secret}'" in row or f'"{secret}"' in row for row in rows), secret


def test_a_seal_opens_with_its_own_key_only():
    sealed = seal(b"one key", "A33")

    assert "A33" not in sealed and sealed == seal(b"one key", "A33")
    assert unseal(b"one key", sealed) == "A33" and unseal(b"one key", "A33") == "A33"
    with pytest.raises(WrongKey):
        unseal(b"another", sealed)


def test_a_witness_is_somebody_else_and_signs_once(hall):
    hall.draw(1)
    [line] = queries.list_draws(hall.contest.id, "final", 1)
    with pytest.raises(NotAllowed):
        order_actions.witness_draw(hall.coders[0], hall.contest.id, line.draw.id)
    order_actions.witness_draw(hall.supervisor, hall.contest.id, line.draw.id)
    with pytest.raises(Conflict):
        order_actions.witness_draw(hall.supervisor, hall.contest.id, line.draw.id)

    assert queries.list_draws(hall.contest.id, "final", 1)[0].witnesses == ("郝监督",)


@pytest.mark.parametrize("procedure", [OWN, FORMAL])
def test_the_scoring_is_not_closed_before_every_draw_has_a_witness(app, procedure):
    hall = Hall(layers=1, procedure=procedure)
    hall.draw_all()
    panel = hall.mark_all()
    for entrant, one in enumerate(hall.entrants):
        mark(panel, DRILL, entrant=entrant, module="drill")
        factories.make_theory(hall.contest, one, "80")
    if procedure is FORMAL:
        with pytest.raises(Conflict, match="a seed is sealed before the draw"):
            order_actions.draw_order(hall.organiser, hall.contest.id, "final")
        actions.seal_seed(hall.organiser, hall.contest.id, "final", "order", 0)
    order_actions.draw_order(hall.organiser, hall.contest.id, "final")

    with pytest.raises(Conflict, match="signed for as a witness: 1") as refused:
        setup_actions.take_step(hall.organiser, hall.contest.id, "collected")
    assert len([refused.value, *refused.value.also]) == 2  # the codes', and the order's
    organiser = factories.browser_of(app, db.session.get(factories.User, hall.organiser.user_id))
    drawn = organiser.get(f"/contests/{hall.contest.id}/draw/order").text
    assert 0 < drawn.index("Draws held") < drawn.index("so the starting order stands")
    assert "Draw again" not in drawn
    desk = organiser.get(f"/contests/{hall.contest.id}").text
    assert "signed for as a witness" in desk and f"/contests/{hall.contest.id}/draw/order" in desk
    for layer, kind in ((1, "codes"), (0, "order")):
        [line] = queries.list_draws(hall.contest.id, "final", layer, kind)
        order_actions.witness_draw(hall.supervisor, hall.contest.id, line.draw.id)
    setup_actions.take_step(hall.organiser, hall.contest.id, "collected")
    assert hall.contest.state == "collected"


def test_one_newcomer_beside_names_is_warned_of(hall, app):
    hall.draw_all()
    organiser = factories.browser_of(app, db.session.get(factories.User, hall.organiser.user_id))
    desk = f"/contests/{hall.contest.id}"
    for count in (1, 2, 3):
        factories.make_entrant(hall.contest, f"新来者{count}")
        assert ("Fewer than three newcomers" in organiser.get(desk).text) == (count < 3)


def test_layers_are_fixed_by_the_first_draw_and_each_has_its_own_judge(hall):
    twice = {1: hall.coders[0].user_id, 2: hall.coders[0].user_id}
    with pytest.raises(Invalid):
        order_actions.set_layers(hall.organiser, hall.contest.id, 2, twice)
    with pytest.raises(Invalid, match="blind modules"):
        order_actions.set_layers(hall.organiser, hall.contest.id, 0, {})
    hall.draw(1)
    with pytest.raises(Conflict):
        order_actions.set_layers(hall.organiser, hall.contest.id, 2, {})


def collected(hall):
    hall.draw_all()
    panel = hall.mark_all()
    hall.contest.state = "collected"
    db.session.commit()
    return panel


def decode(hall, layer, second=None):
    return decoding_actions.decode(
        hall.coders[layer - 1], second or hall.supervisor, hall.contest.id, "final"
    )


def test_layers_are_opened_from_the_inside_by_two_and_then_names_appear(hall):
    collected(hall)
    with pytest.raises(NotAllowed, match="It is the turn of 加密3"):
        decode(hall, 1)
    for layer in (3, 2):
        assert decode(hall, layer) == layer
        assert blind_queries.hides_names(hall.contest.id)
    assert decode(hall, 1) == 1

    assert hall.contest.state == "decoded" and not blind_queries.hides_names(hall.contest.id)
    rows = db.session.query(TrailRow).filter_by(did="codes.decode").order_by(TrailRow.id)
    assert [(row.facts["layer"], row.facts["second"]) for row in rows] == [
        (3, "郝监督"), (2, "郝监督"), (1, "郝监督"),
    ]


@pytest.mark.parametrize("procedure", [Procedure(), Procedure("own"), OWN, FORMAL])
def test_all_sheets_in_decodes_in_no_procedure(app, procedure):
    hall = Hall(procedure=procedure)
    hall.draw_all()
    hall.mark_all()

    assert blind_queries.open_blind_modules(hall.contest.id) == []
    assert blind_queries.hides_names(hall.contest.id)


def test_behind_a_freeze_a_stage_that_was_under_codes_stays_so_whatever_comes_after(hall):
    collected(hall)
    frozen_at = clock.now()
    assert blind_queries.hidden_modules(hall.contest.id, "final", frozen_at)
    clock.stand_still(frozen_at + timedelta(minutes=5))
    for layer in (3, 2, 1):
        decode(hall, layer)
    hall.contest.stage, hall.contest.state = "another", "scoring"
    db.session.commit()

    assert not blind_queries.hidden_modules(hall.contest.id, "final")
    assert blind_queries.hidden_modules(hall.contest.id, "final", frozen_at)
    assert not blind_queries.hidden_modules(hall.contest.id, "final", clock.now())


def test_decoding_needs_two_different_people_with_fresh_words_and_the_right_roles(hall):
    collected(hall)
    for second in (hall.coders[2], hall.organiser):
        with pytest.raises(NotAllowed):
            decode(hall, 3, second)
    with pytest.raises(NotAllowed, match="password"):
        decode(hall, 3, Actor(hall.supervisor.user_id, "郝监督"))
    assert queries.decodings(hall.contest.id, "final") == {}


def test_nothing_is_decoded_while_sheets_are_out(hall):
    hall.draw_all()
    judging.hand_out_sheets(hall.organiser, hall.contest.id)
    hall.contest.state = "collected"
    db.session.commit()

    with pytest.raises(Conflict, match="still out"):
        decode(hall, 3)


def test_codes_that_were_swapped_since_are_not_decoded(hall):
    collected(hall)
    first, second, _ = queries.codes(hall.contest.id, "final").values()
    codes = first.code, second.code
    for one, code in ((first, "spare"), (second, codes[0]), (first, codes[1])):
        one.code = code
        db.session.flush()
    db.session.commit()

    with pytest.raises(Conflict, match="no longer those"):
        decode(hall, 3)
    assert blind_queries.hides_names(hall.contest.id)


def test_what_was_decoded_stays_open(hall):
    collected(hall)
    for layer in (3, 2, 1):
        decode(hall, layer)
    with pytest.raises(Exception, match="append-only"):
        db.session.execute(text("DELETE FROM decoding"))
    db.session.rollback()
    hall.contest.state = "scoring"
    db.session.commit()

    assert not blind_queries.hides_names(hall.contest.id)
