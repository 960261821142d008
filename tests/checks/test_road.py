"""The formal road from the last sheet to final results, and every gate on it."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations

import pytest

from contest import clock
from contest.accounts.models import User
from contest.audit.models import TrailRow
from contest.audit.work import Actor
from contest.awards import papers
from contest.awards import queries as awards
from contest.checks import (
    review_actions,
    review_queries,
    score_check_actions,
    sign_actions,
    sign_queries,
)
from contest.db import db
from contest.errors import Conflict, NotAllowed
from contest.judging import chief_actions, confirm_actions
from contest.judging.actions import take_operation
from contest.judging.models import Sheet
from contest.judging.side_queries import side_by_side
from contest.people.models import Judge
from contest.results import actions as results
from contest.results import exception_actions
from contest.results.models import ResultSheet
from contest.review import appeal_actions
from contest.setup import actions as setup
from contest.setup import step_rules
from contest.setup.models import PlanVersion
from contest.setup.procedure_rules import FORMAL, Procedure, stored_form
from contest.setup.proposal_queries import find_open
from contest.setup.queries import step_problems
from tests import factories
from tests.judging.panels import make_panel, mark, operation, witness

PROCEDURE = Procedure("own", review=True, four_eyes=True, signing=True, error_percent=50)


@dataclass
class Road:
    """A contest whose sheets are in, and everybody who acts on it."""

    panel: object
    people: dict

    @property
    def contest(self):
        return self.panel.contest

    def sheets(self):
        return db.session.query(Sheet).filter_by(contest_id=self.contest.id).order_by(Sheet.id).all()

    def check(self, sheet, agrees=True, note=""):
        review_actions.check_sheet(
            self.people["supervisor"], self.contest.id, sheet.id, sheet.rev, agrees, note
        )

    def review(self):
        review_actions.draw_review(self.people["supervisor"], self.contest.id, "seed")
        for line in review_queries.review(self.contest.id).lines:
            if line.sheet.is_score:
                score_check_actions.check_score(
                    self.people["supervisor"], self.contest.id, line.sheet.rev, True, ""
                )
            else:
                self.check(db.session.get(Sheet, line.sheet.id))

    def sign(self):
        for bundle in sign_queries.signed(self.contest.id).bundles:
            judge = Actor(bundle.user_id, bundle.judge, word_at=clock.now())
            sign_actions.sign_module(judge, self.contest.id, bundle.module.key, bundle.revisions)
        for role in ("chief_judge", "supervisor"):
            seen = sign_queries.signed(self.contest.id).whole
            sign_actions.sign_stage(self.people[role], self.contest.id, role, seen)

    def propose(self, reason=""):
        results.propose_publication(self.people["organiser"], self.contest.id, reason)
        return find_open(self.contest.id, "publish").id


@pytest.fixture
def road(app):
    document = factories.plan_document()
    document["modules"][1]["blind"] = False
    document["ranking"]["shared"] = True
    panel = make_panel(4, document=document)
    witness(panel.contest)
    panel.contest.procedure = stored_form(PROCEDURE)
    for entrant, person in enumerate(panel.entrants):
        factories.make_theory(panel.contest, person, str(90 - entrant))
        for seat in (1, 2):
            mark(panel, {"A1": str(9 - entrant), "A2": {}}, entrant=entrant, seat=seat)
    roles = ("organiser", "chief_judge", "supervisor")
    people = {role: factories.make_official(role, role, contest=panel.contest) for role in roles}
    people["second"] = factories.make_official("second", "organiser", contest=panel.contest)
    return Road(panel, people)


def ready(road):
    """As far as the publication, with nothing in the way."""
    checked(road)
    road.sign()


def checked(road):
    """As far as the signatures."""
    setup.take_step(road.people["chief_judge"], road.contest.id, "collected")
    setup.take_step(road.people["supervisor"], road.contest.id, "review")
    road.review()


def test_the_whole_road_is_walked_by_those_who_may(road):
    ready(road)
    proposal = road.propose()
    with pytest.raises(NotAllowed, match="second person"):
        results.confirm_publication(road.people["organiser"], road.contest.id, proposal)
    assert db.session.query(ResultSheet).count() == 0

    results.confirm_publication(road.people["supervisor"], road.contest.id, proposal)
    appeal_actions.announce_results(road.people["organiser"], road.contest.id, "")
    clock.stand_still(clock.now() + timedelta(hours=3))
    second = road.people["second"]
    with pytest.raises(NotAllowed, match="password or PIN"):
        results.publish_results(second, road.contest.id, "final")
    results.publish_results(
        Actor(second.user_id, second.name, word_at=clock.now()), road.contest.id, "final"
    )

    assert road.contest.state == "final"
    row = db.session.query(TrailRow).filter_by(did="results.provisional").one()
    assert (row.who, row.facts["proposed_by"]) == ("supervisor", "organiser")


def test_sheets_are_closed_and_a_reopening_by_two_leads_back_and_voids_what_rested_on_it(road):
    ready(road)
    sheet = road.panel.sheet(0, 1)
    judge = db.session.get(Judge, sheet.judge_id)
    with pytest.raises(Conflict):
        take_operation(
            Actor(judge.user_id, judge.name), sheet.id, operation({"A1": "1"}, sheet.rev, "draft")
        )
    chief, supervisor = road.people["chief_judge"], road.people["supervisor"]
    with pytest.raises(NotAllowed, match="second person"):
        chief_actions.reopen_sheet(chief, road.contest.id, sheet.id, "a slip")
    chief_actions.propose_reopening(chief, road.contest.id, sheet.id, "a slip")
    proposal = find_open(road.contest.id, "reopen_sheet").id
    words = find_open(road.contest.id, "reopen_sheet").details["words"]
    said = words["params"]
    assert said["name"]["en"] == f"{road.panel.entrants[0].number} · Risk" and said["seat"] == 1
    assert "goes back to its scoring" in words["message"]
    with pytest.raises(NotAllowed, match="second person"):
        chief_actions.confirm_reopening(chief, road.contest.id, proposal)
    chief_actions.confirm_reopening(supervisor, road.contest.id, proposal)
    assert road.contest.state == "scoring"
    history = side_by_side(road.contest.id, "risk", road.panel.entrants[0].number).history
    assert [(act.by, act.proposer) for act in history if act.kind == "reopen"] == [
        ("supervisor", "chief_judge")
    ]

    mark(road.panel, {"A1": "8.5", "A2": {}}, entrant=0, seat=1)
    confirm_actions.confirm_sheets(
        chief, road.contest.id, "risk", sheet.entrant_id, {sheet.id: sheet.rev}
    )
    setup.take_step(chief, road.contest.id, "collected")
    setup.take_step(supervisor, road.contest.id, "review")

    found = sign_queries.signed(road.contest.id)
    assert {b.user_id: b.state for b in found.bundles}[judge.user_id] == "void"
    assert [found.state_of(role) for role in ("chief_judge", "supervisor")] == ["void", "void"]
    [void] = [one for one in review_queries.review(road.contest.id).lines if one.line.is_void]
    assert void.sheet.id == sheet.id
    with pytest.raises(Conflict, match="changed after they were checked: 1"):
        road.propose()
    road.check(sheet)
    road.sign()
    assert road.propose()


def test_a_blind_contest_goes_on_to_its_review_under_codes(app):
    """Names stay hidden until the codes are decoded; that keeps nobody from closing the scoring."""
    panel = make_panel(3, document=factories.plan_document())
    panel.contest.procedure = stored_form(FORMAL)
    for entrant, person in enumerate(panel.entrants):
        factories.make_theory(panel.contest, person, str(90 - entrant))
        for seat in (1, 2):
            mark(panel, {"A1": str(9 - entrant), "A2": {}}, entrant=entrant, seat=seat)
    last = panel.sheet(2, 2)
    witness(panel.contest)
    chief, supervisor = (
        factories.make_official(role, role, contest=panel.contest)
        for role in ("chief_judge", "supervisor")
    )
    setup.take_step(chief, panel.contest.id, "collected")
    setup.take_step(supervisor, panel.contest.id, "review")
    review_actions.draw_review(supervisor, panel.contest.id, "seed")

    lines = review_queries.review(panel.contest.id).lines
    sheets = [one.sheet for one in lines if not one.sheet.is_score]
    assert {sheet.code for sheet in sheets} <= {"701", "702", "703"} and sheets
    [step] = [s for s in step_rules.steps_from("review", step_rules.OPTIONAL) if s.act == "decode"]
    notes = step_problems(panel.contest, step)
    assert any("still to be checked" in note.text for note in notes)
    told = " ".join(note.text % note.params for note in notes)
    assert not any(p.human.name in told for p in panel.entrants) and last.state == "submitted"
    # A number stands beside the theory alone, which is under nobody's code.
    assert not any(f"{p.number} 风险辨识" in told for p in panel.entrants)


def unreview(road):
    sheet = road.panel.sheet(0, 1)
    road.check(sheet, agrees=False, note="8.5 on paper")


def unsign(road):
    user = db.session.get(User, road.panel.judges[1].user_id)
    signatures = sign_queries.Signature
    db.session.execute(db.text("DROP TRIGGER signature_no_delete"))
    db.session.query(signatures).filter_by(by_id=user.id).delete()
    db.session.commit()


def change_rules(road):
    version = db.session.query(PlanVersion).filter_by(contest_id=road.contest.id).one()
    version.document_hash = "0" * 64
    db.session.commit()


def lose_a_score(road):
    factories.make_entrant(road.contest, name="迟到")


def propose_reopening(road):
    chief_actions.propose_reopening(
        road.people["chief_judge"], road.contest.id, road.panel.sheet(1, 1).id, "a slip"
    )


GATES = {
    "review": (unreview, "differ and wait for a correction: 1"),
    "signature": (unsign, "Judges have not signed"),
    "rules": (change_rules, "its fingerprint differs"),
    "sheets": (lose_a_score, "Results cannot be published yet"),
    "reopening": (propose_reopening, "proposed to open a sheet again"),
}


@pytest.mark.parametrize(
    "names", [*((one,) for one in GATES), *combinations(GATES, 2)], ids="-".join
)
def test_each_gate_alone_and_with_another_refuses_with_its_reason(road, names):
    ready(road)
    for name in names:
        GATES[name][0](road)

    with pytest.raises(Conflict) as refused:
        road.propose()

    told = str(refused.value)
    for name in names:
        # What is missing in the table itself is told first and listed on its page.
        if "sheets" not in names or name == "sheets":
            assert GATES[name][1] in told
    assert road.contest.state == "review"
    assert db.session.query(ResultSheet).count() == 0


def test_three_people_publish_with_exceptions_which_stand_on_the_document(road):
    checked(road)
    first = sign_queries.signed(road.contest.id).bundles[0]  # and nobody else signs
    judge = Actor(first.user_id, first.judge, word_at=clock.now())
    sign_actions.sign_module(judge, road.contest.id, first.module.key, first.revisions)
    organiser, supervisor, chief = (
        road.people[role] for role in ("organiser", "supervisor", "chief_judge")
    )
    exception_actions.propose_in_spite(organiser, road.contest.id, "a judge is in hospital")
    proposal = find_open(road.contest.id, "publish_in_spite").id
    with pytest.raises(NotAllowed, match="Three different people"):
        exception_actions.confirm_in_spite(organiser, road.contest.id, proposal)
    assert exception_actions.confirm_in_spite(supervisor, road.contest.id, proposal) is None
    with pytest.raises(NotAllowed, match="Three different people"):
        exception_actions.confirm_in_spite(supervisor, road.contest.id, proposal)
    assert road.contest.state == "review"

    assert exception_actions.confirm_in_spite(chief, road.contest.id, proposal) == 1

    sheet = db.session.query(ResultSheet).one()
    assert any("have not signed" in one["message"] for one in sheet.exceptions)
    assert not any("three people" in one["message"] for one in sheet.exceptions)
    with road_context(road) as document:
        titles = [part.title for part in document.parts if hasattr(part, "title")]
    assert "Published with exceptions" in titles and "Electronic signatures" in titles


def road_context(road):
    from contextlib import contextmanager

    from flask import current_app

    @contextmanager
    def opened():
        with current_app.test_request_context(headers={"Accept-Language": "en"}):
            yield papers.score_summary(road.contest, awards.summary(road.contest.id), "en")

    return opened()


def test_a_missing_signature_is_refused_with_the_way_out(road, as_role):
    ready(road)
    unsign(road)
    chief = road.people["chief_judge"]
    seen = sign_queries.signed(road.contest.id).whole

    with pytest.raises(Conflict, match="with exceptions, by three people"):
        sign_actions.sign_stage(chief, road.contest.id, "chief_judge", seen)
    with pytest.raises(Conflict) as refused:
        road.propose()
    assert str(refused.value).count("published with exceptions, by three people") == 1
    page = as_role("chief_judge", road.contest).get(f"/contests/{road.contest.id}/signatures").text
    assert "published with exceptions, by three people" in page
