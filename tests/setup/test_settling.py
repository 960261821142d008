"""Heads that are not on the chain, settled by two people: the normal case after a backup was put back."""

import pytest

from contest import clock
from contest.audit import chain_checks
from contest.audit.chain_models import SettledHead
from contest.audit.chain_queries import find_head, list_misfits
from contest.audit.models import TrailRow
from contest.audit.work import Actor
from contest.db import db
from contest.errors import Conflict, Invalid, NotAllowed
from contest.results.gate_queries import anchor_notes
from contest.setup import head_actions
from contest.setup.models import Contest
from contest.setup.procedure_rules import stored_form
from contest.setup.proposal_queries import find_open
from contest.setup.queries import desk_notes
from tests import factories
from tests.judging.panels import make_panel, mark

ONE, OTHER = "a" * 64, "b" * 64
FOUND = "The copy of 10:40 was put back; tablet 7F3K offered its marks again."


@pytest.fixture
def contest_id(app):
    panel = make_panel()
    panel.contest.procedure = stored_form(factories.BY_WORD)
    db.session.commit()
    mark(panel, {"A1": "3"}, "draft")
    return panel.contest.id


def hear(contest_id, seq=4, digits=ONE, device="7F3K"):
    chain_checks.hear_head(contest_id, f"{seq}:{digits}", Actor(None, "tablet"), device=device)


def official(contest_id, role="chief_judge"):
    user = factories.make_user(f"{role} {contest_id}")
    factories.make_grant(user, role, db.session.get(Contest, contest_id))
    return Actor(user.id, user.name, word_at=clock.now())


def settle(contest_id, *heads):
    head_actions.propose_settling(official(contest_id), contest_id, list(heads), FOUND)
    proposal = find_open(contest_id, "settle_heads")
    head_actions.confirm_settling(official(contest_id, "supervisor"), contest_id, proposal.id)


def test_a_settled_head_holds_no_publication_also_when_it_is_shown_again(contest_id):
    hear(contest_id)
    assert len(anchor_notes(contest_id)) == 1

    settle(contest_id, (4, ONE))
    hear(contest_id)
    hear(contest_id, device="9A1B")  # another tablet saw the same head
    hear(contest_id, digits=ONE[:32], device="")  # and it stands on a paper

    assert anchor_notes(contest_id) == [] and list_misfits(contest_id) == []
    row = db.session.query(SettledHead).one()
    assert (row.seq, row.hash, row.reason) == (4, ONE, FOUND)
    assert row.proposed_by_id != row.confirmed_by_id
    told = db.session.query(TrailRow).filter_by(did="chain.settle").one()
    assert told.facts["heads"] == [f"4:{ONE}"] and told.facts["reason"] == FOUND
    assert told.facts["proposed_by"] == row.proposed_by and told.who == row.confirmed_by


def test_another_head_that_does_not_fit_holds_it_again(contest_id):
    hear(contest_id)
    settle(contest_id, (4, ONE))

    hear(contest_id, digits=OTHER)
    hear(contest_id, seq=5)

    [note] = anchor_notes(contest_id)
    assert note.params["count"] == 2
    kinds = [note.kind for note in desk_notes(contest_id) if note.endpoint == "audit.show_chain"]
    assert kinds == ["warn", "info"]


def test_several_heads_are_settled_in_one_act_and_each_once(contest_id):
    hear(contest_id)
    hear(contest_id, seq=6, digits=OTHER)

    settle(contest_id, (4, ONE), (6, OTHER))

    assert db.session.query(SettledHead).count() == 2
    with pytest.raises(Conflict, match="settled already"):
        head_actions.propose_settling(official(contest_id, "organiser"), contest_id, [(4, ONE)], FOUND)


def test_nobody_settles_alone_or_without_the_word_or_without_a_reason(contest_id):
    hear(contest_id)
    chief = official(contest_id)
    with pytest.raises(NotAllowed, match="password"):
        head_actions.propose_settling(Actor(chief.user_id, chief.name), contest_id, [(4, ONE)], FOUND)
    with pytest.raises(Invalid):
        head_actions.propose_settling(chief, contest_id, [(4, ONE)], " ")
    with pytest.raises(Invalid, match="Choose the heads"):
        head_actions.propose_settling(chief, contest_id, [], FOUND)
    with pytest.raises(Conflict, match="never shown"):
        head_actions.propose_settling(chief, contest_id, [(9, ONE)], FOUND)
    with pytest.raises(NotAllowed, match="role"):
        head_actions.propose_settling(official(contest_id, "clerk"), contest_id, [(4, ONE)], FOUND)
    head_actions.propose_settling(chief, contest_id, [(4, ONE)], FOUND)
    proposal = find_open(contest_id, "settle_heads")

    with pytest.raises(NotAllowed, match="second person"):
        head_actions.confirm_settling(chief, contest_id, proposal.id)

    assert db.session.query(SettledHead).count() == 0 and len(anchor_notes(contest_id)) == 1


def test_on_the_pages_it_is_proposed_with_a_reason_and_confirmed(as_role, contest_id):
    hear(contest_id, seq=find_head(contest_id).seq + 5)
    contest = db.session.get(Contest, contest_id)
    [misfit] = list_misfits(contest_id)
    path, value = f"/contests/{contest_id}/chain/settle", f"{misfit.seq}:{misfit.hash}"
    chief = as_role("chief_judge", contest)
    assert path in chief.get(f"/contests/{contest_id}/chain").text
    assert "beyond the end of the chain" in chief.get(path).text

    refused = chief.post(path, data={"heads": value, "reason": " ", "word": factories.WORD})
    assert refused.status_code == 422 and f'value="{value}" checked' in refused.text
    wrong = chief.post(path, data={"heads": value, "reason": FOUND, "word": "wrong"})
    assert wrong.status_code == 422 and FOUND in wrong.text
    asked = chief.post(path, data={"heads": value, "reason": FOUND, "word": factories.WORD})
    assert asked.status_code == 303
    supervisor = as_role("supervisor", contest)
    page = supervisor.get(f"/contests/{contest_id}/proposals").text
    assert "Settle heads that are not on the chain" in page and FOUND in page
    number = find_open(contest_id, "settle_heads").id
    done = supervisor.post(f"{path}/{number}", data={"word": factories.WORD})

    assert done.status_code == 303
    shown = supervisor.get(f"/contests/{contest_id}/chain").text
    assert "Settled by two people" in shown and FOUND in shown
    assert "No head is open." in supervisor.get(path).text
