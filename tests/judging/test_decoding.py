"""The step of decoding in the short procedure: by two, never by what is said of a contestant."""

from types import SimpleNamespace

import pytest

from contest.db import db
from contest.draw import queries as draws
from contest.draw.models import LayerKeeper
from contest.errors import Conflict, Invalid, NotAllowed
from contest.judging import blind_queries, chief_actions, decoding_actions
from contest.people import entrant_actions
from contest.people import queries as people
from contest.people.roster_writer import RosterWriter
from contest.setup import actions as setup_actions
from contest.setup.procedure_rules import Procedure, stored_form
from contest.setup.queries import get_contest, held_states
from tests import factories
from tests.judging.panels import DRILL, RISK, make_panel, mark, witness

OPENERS = ("coding_judge", "chief_judge", "supervisor", "organiser")


@pytest.fixture
def panel(app):
    panel = make_panel(entrants=3)
    witness(panel.contest)
    return panel


def official(panel, role):
    return factories.make_official(f"{role} {len(panel.judges)}", role, contest=panel.contest)


def mark_all(panel):
    """Everything is in, also what is not marked under codes."""
    for entrant, one in enumerate(panel.entrants):
        for seat in (1, 2):
            mark(panel, RISK, entrant=entrant, seat=seat)
        mark(panel, DRILL, entrant=entrant, module="drill")
        factories.make_theory(panel.contest, one, "80")


def decode(panel, first, second):
    return decoding_actions.decode(first, second, panel.contest.id, "final")


def test_what_the_chief_says_of_contestants_opens_no_code(as_role, panel):
    for seat in (1, 2):
        mark(panel, RISK, seat=seat)
    chief = as_role("chief_judge", panel.contest)
    address = f"/contests/{panel.contest.id}"
    for code in ("702", "703"):
        chief.post(f"{address}/chief/risk/{code}/state", data={
            "state": "absent", "reason": "x", "where": "module", "sure": "1",
        })
    db.session.expire_all()

    assert blind_queries.open_blind_modules(panel.contest.id) == []
    assert blind_queries.hides_names(panel.contest.id)
    assert "隐名" not in chief.get(f"{address}/results").text


@pytest.mark.parametrize("first", OPENERS)
@pytest.mark.parametrize("second", OPENERS)
def test_any_two_officials_decode_where_no_coding_judge_was_named(panel, first, second):
    mark_all(panel)
    one, two = official(panel, first), official(panel, second)

    assert decode(panel, one, two) == 1
    assert get_contest(panel.contest.id).state == "decoded"
    assert not blind_queries.hides_names(panel.contest.id)
    opened = draws.decodings(panel.contest.id, "final")[1]
    assert (opened.first_id, opened.second_id) == (one.user_id, two.user_id)


def test_nobody_decodes_alone_nor_with_a_clerk(panel):
    mark_all(panel)
    chief = official(panel, "chief_judge")
    for second in (chief, official(panel, "clerk"), factories.proven(factories.make_user("Guest"))):
        with pytest.raises(NotAllowed):
            decode(panel, chief, second)
        if second is not chief:
            with pytest.raises(NotAllowed):
                decode(panel, second, chief)
    assert blind_queries.hides_names(panel.contest.id)


def test_a_coding_judge_who_was_named_is_one_of_the_two(panel):
    mark_all(panel)
    keeper, chief = official(panel, "coding_judge"), official(panel, "chief_judge")
    db.session.add(LayerKeeper(contest_id=panel.contest.id, layer=1, user_id=keeper.user_id))
    db.session.commit()

    with pytest.raises(NotAllowed):
        decode(panel, chief, official(panel, "supervisor"))
    assert decode(panel, keeper, chief) == 1


def test_decoding_closes_the_scoring_so_everything_must_be_in(panel):
    for entrant in range(3):
        for seat in (1, 2):
            mark(panel, RISK, entrant=entrant, seat=seat)

    with pytest.raises(Conflict, match="Drill: still without a mark"):
        decode(panel, official(panel, "chief_judge"), official(panel, "organiser"))


@pytest.mark.parametrize("procedure", [Procedure(), Procedure("own", decoding=True)])
def test_sheets_of_who_did_not_finish_are_not_left_out_when_the_codes_are_opened(panel, procedure):
    panel.contest.procedure = stored_form(procedure)
    mark_all(panel)
    chief, contest_id = official(panel, "chief_judge"), panel.contest.id
    chief_actions.reopen_sheet(chief, contest_id, panel.sheet(2, 2).id, "a slip")
    chief_actions.set_state(chief, contest_id, panel.entrants[2].id, "not_finished", "fell ill")

    assert [one.key for one in blind_queries.open_blind_modules(contest_id)] == ["risk"]
    with pytest.raises(Conflict, match="still out|did not finish"):
        close_and_decode(panel, chief)
    assert blind_queries.hides_names(contest_id)

    chief_actions.excuse_seat(chief, contest_id, panel.sheet(2, 2).id, "no work left to mark")
    assert close_and_decode(panel, chief) == 1


def test_the_scoring_is_not_closed_over_sheets_of_who_did_not_finish(panel):
    panel.contest.procedure = stored_form(Procedure("own", decoding=True))
    for entrant in range(3):
        for seat in (1, 2) if entrant < 2 else ():
            mark(panel, RISK, entrant=entrant, seat=seat)
        mark(panel, DRILL, entrant=entrant, module="drill")
        factories.make_theory(panel.contest, panel.entrants[entrant], "80")
    chief, contest_id = official(panel, "chief_judge"), panel.contest.id
    chief_actions.set_state(chief, contest_id, panel.entrants[2].id, "not_finished", "fell ill")

    with pytest.raises(Conflict, match="did not finish are out: 2"):
        setup_actions.take_step(chief, contest_id, "collected")

    # Nothing of the work is there to be marked: that is said of the module.
    chief_actions.set_state(chief, contest_id, panel.entrants[2].id, "absent", "ill", "risk")
    assert close_and_decode(panel, chief) == 1


def close_and_decode(panel, chief):
    """The way from the scoring, by the procedure of the contest."""
    contest = get_contest(panel.contest.id)
    if "collected" in held_states(contest) and contest.state == "scoring":
        setup_actions.take_step(chief, contest.id, "collected")
    coder = factories.make_official("石加密", "coding_judge", contest=panel.contest)
    return decode(panel, coder, chief)


def test_an_entry_number_stays_while_the_map_holds_it(panel):
    entrant, contest_id = panel.entrants[0], panel.contest.id
    organiser = official(panel, "organiser")

    def renumber():
        values = people.values_of(entrant) | {
            "name": entrant.human.name, "organisation": entrant.organisation.name, "number": "B77",
        }
        entrant_actions.edit_entrant(organiser, contest_id, entrant.id, values)

    with pytest.raises(Invalid, match="after decoding") as refused:
        renumber()
    assert "number" in refused.value.fields
    mark_all(panel)
    assert decode(panel, organiser, official(panel, "chief_judge")) == 1

    panel.contest.state = "scoring"
    db.session.commit()
    renumber()
    assert entrant.number == "B77"


@pytest.mark.parametrize("number", ["B77", "the same"])
def test_a_list_renumbers_nobody_whose_number_the_map_holds(panel, number):
    entrant = panel.entrants[0]
    number = entrant.number if number == "the same" else number
    line = SimpleNamespace(
        kind="changed", entrant_id=entrant.id, values={"number": number},
        changes={"number": (entrant.number, number)} if number != entrant.number else {},
    )
    writer = RosterWriter(panel.contest.id)
    if not line.changes:
        writer.write([line])
        return
    with pytest.raises(Invalid, match="after decoding"):
        writer.write([line])


def test_two_decode_at_one_screen_and_the_desk_leads_there(app, panel):
    mark_all(panel)
    organiser = official(panel, "organiser")
    chief = db.session.get(factories.User, official(panel, "chief_judge").user_id)
    factories.browser_of(app, chief)  # gives the chief a password
    browser = factories.browser_of(app, db.session.get(factories.User, organiser.user_id))
    address = f"/contests/{panel.contest.id}"

    assert f"{address}/decoding" in browser.get(address).text
    assert "second_word" in browser.get(f"{address}/decoding").text
    wrong = browser.post(f"{address}/decoding", data={
        "word": factories.WORD, "second": chief.login, "second_word": "not this one",
    })
    assert wrong.status_code == 422 and "not the second person" in wrong.text
    answer = browser.post(f"{address}/decoding", data={
        "word": factories.WORD, "second": chief.login, "second_word": factories.WORD,
    })

    assert answer.status_code == 303
    assert "隐名0" in browser.get(f"{address}/results").text


def test_who_keeps_another_layer_reads_whose_turn_it_is_and_types_nothing(app, panel):
    mark_all(panel)
    keeper, other = official(panel, "coding_judge"), factories.make_official(
        "another coder", "coding_judge", contest=panel.contest
    )
    chief = official(panel, "chief_judge")
    db.session.add(LayerKeeper(contest_id=panel.contest.id, layer=1, user_id=keeper.user_id))
    db.session.commit()
    path = f"/contests/{panel.contest.id}/decoding"

    def page(who):
        return factories.browser_of(app, db.session.get(factories.User, who.user_id)).get(path).text

    for waits in (other, chief):
        assert f"It is the turn of {keeper.name}" in page(waits) and "second_word" not in page(waits)
    assert "second_word" in page(keeper) and "It is the turn" not in page(keeper)
    with pytest.raises(NotAllowed, match=f"turn of {keeper.name}"):
        decode(panel, other, chief)


@pytest.mark.parametrize("is_kept", [False, True])
def test_the_desk_names_those_who_can_open_the_layer(app, panel, is_kept):
    keeper = official(panel, "coding_judge")
    if is_kept:
        db.session.add(LayerKeeper(contest_id=panel.contest.id, layer=1, user_id=keeper.user_id))
    panel.contest.state = "review"
    db.session.commit()

    desk = official(panel, "organiser").user_id
    page = factories.browser_of(app, db.session.get(factories.User, desk)).get(
        f"/contests/{panel.contest.id}"
    ).text

    takes = page.split("Who takes it: ")[1].split("</p>")[0]
    assert ("Coding judge. A second person confirms it: Supervisor, Chief judge." in takes) is is_kept
