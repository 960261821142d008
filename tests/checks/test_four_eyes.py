"""Figure 20: acts of two people, by the same one, with a stale word, by another, and by two at once.

`make test` tries nine acts, `make soak` all thirteen. Who may do what at all is tests/setup/test_steps.py.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from contest import clock
from contest.audit import chain_checks
from contest.audit.models import TrailRow
from contest.audit.work import Actor
from contest.checks import sign_actions, sign_queries
from contest.db import about_to_write, db
from contest.errors import Conflict, NotAllowed
from contest.judging import (
    carry_actions,
    chief_actions,
    decoding_actions,
    striking_actions,
    tablet_actions,
)
from contest.judging.tablet_forms import operations_from_file
from contest.judging.tablet_rules import Pulse
from contest.results import actions as results
from contest.results import exception_actions
from contest.review import appeal_actions, correction_actions
from contest.setup import head_actions, plan_actions, procedure_actions
from contest.setup.plan_text import toml_of
from contest.setup.procedure_rules import FORMAL
from contest.setup.proposal_queries import find_open
from contest.setup.queries import plan_in_force
from tests import factories
from tests.checks import test_gates
from tests.draw import test_layers
from tests.judging.panels import DRILL, RISK, make_panel, mark
from tests.judging.tablets import DEVICE, file_of, made
from tests.proof.sizes import report, size
from tests.review.scene import provisional

road = test_gates.road


def publication(road):
    road.propose()
    number = find_open(road.contest.id, "publish").id
    return lambda who, contest_id: results.confirm_publication(who, contest_id, number)


def taking_back(road):
    publication(road)(road.people["supervisor"], road.contest.id)
    results.propose_taking_back(road.people["organiser"], road.contest.id, "a slip")
    number = find_open(road.contest.id, "take_back").id
    return lambda who, contest_id: results.confirm_taking_back(who, contest_id, number)


def reopening(road):
    sheet = road.panel.sheet(0, 1)
    chief_actions.propose_reopening(road.people["organiser"], road.contest.id, sheet.id, "a slip")
    number = find_open(road.contest.id, "reopen_sheet").id
    return lambda who, contest_id: chief_actions.confirm_reopening(who, contest_id, number)


def striking(road):
    road.contest.state = "scoring"
    db.session.commit()
    sheet = road.panel.sheet(0, 1)
    striking_actions.propose_striking(road.people["organiser"], road.contest.id, sheet.id, "related")
    number = find_open(road.contest.id, "excuse_sheet").id
    return lambda who, contest_id: striking_actions.confirm_striking(who, contest_id, number)


def procedure(road):
    road.contest.state = "scoring"
    db.session.commit()
    procedure_actions.propose_procedure(road.people["organiser"], road.contest.id, FORMAL, "the ministry")
    number = find_open(road.contest.id, "procedure").id
    return lambda who, contest_id: procedure_actions.confirm_procedure(who, contest_id, number)


def plan(road):
    document = factories.plan_document(name="改过的方案")
    document["modules"][1]["blind"] = False
    organiser, contest = road.people["organiser"], road.contest
    plan_actions.load_text(organiser, contest.id, toml_of(factories.plan_from(document)))
    plan_actions.propose_plan(organiser, contest.id, "weights", 1)
    seen = contest.marks_version
    return lambda who, contest_id: plan_actions.approve_plan(who, contest_id, 2, seen)


def final(road):
    """Published by two, announced, the time for appeals over: another organiser makes it final."""
    publication(road)(road.people["supervisor"], road.contest.id)
    appeal_actions.announce_results(road.people["organiser"], road.contest.id, "")
    clock.stand_still(clock.now() + timedelta(hours=3))
    return lambda who, contest_id: results.publish_results(who, contest_id, "final")


def final_taken_back(road):
    other = factories.make_official("Other organiser", "organiser", contest=road.contest)
    finish = final(road)
    finish(typed_now(other), road.contest.id)
    results.propose_reopening(typed_now(road.people["organiser"]), road.contest.id, "a slip")
    return results.confirm_reopening


def by_three(road):
    """Something is in the way; one has proposed to publish in spite of it, and a second has agreed."""
    test_gates.hold_tablet(road, None)
    contest_id = road.contest.id
    exception_actions.propose_in_spite(road.people["organiser"], contest_id, "The tablet is lost.")
    number = find_open(contest_id, "publish_in_spite").id
    exception_actions.confirm_in_spite(road.people["supervisor"], contest_id, number)
    return lambda who, contest_id: exception_actions.confirm_in_spite(who, contest_id, number)


def decoding(road):
    """The keeper of the only layer and a second person open it together."""
    hall = test_layers.Hall(layers=1)
    test_layers.collected(hall)
    road.panel, road.people["organiser"] = hall, hall.coders[0]
    return lambda who, contest_id: decoding_actions.decode(hall.coders[0], who, contest_id, "final")


def correction(road):
    """Too late otherwise: two have signed, and the third signature admits it."""
    found = provisional()
    appeal_actions.state_ceremony(found.actor("organiser"), found.contest.id)
    found.pass_time(days=10)
    asked = correction_actions.file_correction(
        found.actor("organiser"), found.contest.id, "identity", "应为另一人", is_override=True
    )
    for role in ("organiser", "chief_judge"):
        correction_actions.sign_correction(found.actor(role), found.contest.id, asked.id, "同意更正")
    road.panel, road.people["organiser"], number = found, found.actor("organiser"), asked.id
    return lambda who, contest_id: correction_actions.sign_correction(who, contest_id, number, "同意更正")


def settling(road):
    """A tablet has shown a head that is not on the chain."""
    chain_checks.hear_head(road.contest.id, f"4:{'a' * 64}", Actor(None, "tablet"), device="7F3K")
    head_actions.propose_settling(
        road.people["organiser"], road.contest.id, [(4, "a" * 64)], "The copy of 10:40 was put back."
    )
    number = find_open(road.contest.id, "settle_heads").id
    return lambda who, contest_id: head_actions.confirm_settling(who, contest_id, number)


def carrying(road):
    judge = Actor(road.panel.judges[0].user_id, "judge")
    tablet_actions.note_pulse(judge, Pulse(DEVICE, "7F3K", clock.now(), made=1))
    file = operations_from_file(file_of(road.panel, (road.panel.sheet().id, made(1))).read())
    carry_actions.carry_in(road.people["organiser"], road.contest.id, file)
    number = find_open(road.contest.id, "carry_in").id
    return lambda who, contest_id: carry_actions.confirm_carrying(who, contest_id, number)


# How it is proposed, and what the trail calls it once it is done.
ACTS = {
    "publication": (publication, "results.provisional"), "taking back": (taking_back, "results.reopen"),
    "reopening": (reopening, "sheet.reopen"), "striking": (striking, "sheet.excuse"),
    "procedure": (procedure, "procedure.set"),
    "plan": (plan, "plan.approve"), "final": (final, "results.final"),
    "final taken back": (final_taken_back, "results.reopen"), "by three": (by_three, "results.provisional"),
    "decoding": (decoding, "codes.decode"), "correction": (correction, "correction.sign"),
    "settling": (settling, "chain.settle"), "carrying": (carrying, "tablet.carry"),
}
# What the one hears who has taken part already.
ALONE = ("econd person", "other person", "different people")
TRIED = size(
    ["publication", "reopening", "striking", "final", "by three", "decoding", "correction", "settling",
     "carrying"],
    list(ACTS),
)


def done(did):
    db.session.rollback()
    return db.session.query(TrailRow).filter_by(did=did).count()


@pytest.mark.parametrize("act", TRIED)
def test_one_person_is_never_two_and_of_two_at_once_one_is_done(app, road, act):
    propose, did = ACTS[act]
    everything = ("organiser", "chief_judge", "supervisor")
    road.people["organiser"] = factories.make_official("first", *everything, contest=road.contest)
    confirm, contest_id = propose(road), road.contest.id
    others = [factories.make_official(name, *everything, contest=road.contest) for name in ("Bo", "Cy")]
    before = done(did)

    with pytest.raises((NotAllowed, Conflict)) as refused:
        confirm(road.people["organiser"], contest_id)
    assert any(words in str(refused.value) for words in ALONE)
    for late in (None, clock.now() - timedelta(minutes=6)):
        with pytest.raises(NotAllowed, match="password or PIN"):
            confirm(Actor(others[0].user_id, others[0].name, word_at=late), contest_id)
    assert done(did) == before

    found = at_once(app, confirm, contest_id, others)

    assert sorted(found) == ["done", "refused"]
    assert done(did) == before + 1
    report(20, act=act, refused_to_the_same_person=1, refused_with_a_stale_word=2,
           done_of_two_at_once=found.count("done"))
    assert plan_in_force(contest_id).number == (2 if act == "plan" else 1)


def at_once(app, confirm, contest_id, people):
    """What two browsers hear that confirm the same proposal at the same moment."""
    db.session.remove()
    gate = Barrier(len(people))

    def one(who):
        with app.app_context():
            about_to_write(True)
            gate.wait()
            try:
                confirm(who, contest_id)
            except Conflict:
                return "refused"
            finally:
                db.session.remove()
            return "done"

    with ThreadPoolExecutor(len(people)) as pool:
        return list(pool.map(one, people))


def test_who_signed_as_chief_judge_does_not_countersign(app):
    panel = make_panel(entrants=1)
    for seat in (1, 2):
        mark(panel, RISK, seat=seat)
    mark(panel, DRILL, module="drill")
    user = factories.make_user("All in one")
    for role in ("chief_judge", "supervisor"):
        factories.make_grant(user, role, panel.contest)
    for bundle in sign_queries.signed(panel.contest.id).bundles:
        judge = Actor(bundle.user_id, bundle.judge, word_at=clock.now())
        sign_actions.sign_module(judge, panel.contest.id, bundle.module.key, bundle.revisions)
    seen = sign_queries.signed(panel.contest.id).whole
    sign_actions.sign_stage(factories.proven(user), panel.contest.id, "chief_judge", seen)

    with pytest.raises(NotAllowed, match="You signed as chief judge"):
        sign_actions.sign_stage(factories.proven(user), panel.contest.id, "supervisor", seen)
    other = factories.make_official("吴监督", "supervisor", contest=panel.contest)
    sign_actions.sign_stage(other, panel.contest.id, "supervisor", seen)
    assert sign_queries.missing(panel.contest.id) == []


def test_an_organiser_who_proposed_the_publication_does_not_also_make_it_final(road):
    # The second person of that proposal was a supervisor: so far only one organiser took part.
    publication(road)(road.people["supervisor"], road.contest.id)
    appeal_actions.announce_results(road.people["organiser"], road.contest.id, "")
    other = factories.make_official("Other organiser", "organiser", contest=road.contest)
    clock.stand_still(clock.now() + timedelta(hours=3))

    with pytest.raises(NotAllowed, match="second person must make the results final"):
        results.publish_results(typed_now(road.people["organiser"]), road.contest.id, "final")
    assert road.contest.state == "provisional"
    results.publish_results(typed_now(other), road.contest.id, "final")

    assert road.contest.state == "final"


def test_two_organisers_who_published_together_may_make_it_final(road):
    other = factories.make_official("Other organiser", "organiser", contest=road.contest)
    publication(road)(other, road.contest.id)
    appeal_actions.announce_results(road.people["organiser"], road.contest.id, "")
    clock.stand_still(clock.now() + timedelta(hours=3))

    with pytest.raises(NotAllowed, match="second person must make the results final"):
        results.publish_results(typed_now(other), road.contest.id, "final")
    results.publish_results(typed_now(road.people["organiser"]), road.contest.id, "final")

    assert road.contest.state == "final"


def typed_now(actor):
    return Actor(actor.user_id, actor.name, word_at=clock.now())
