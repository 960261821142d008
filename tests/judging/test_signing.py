"""Nobody signs for marks of his own, nor rules on a contestant from whom he keeps away as a judge."""

import pytest

from contest import clock
from contest.accounts.models import User
from contest.audit.work import Actor
from contest.db import db
from contest.errors import NotAllowed
from contest.judging import blind_queries, chief_actions, confirm_actions
from contest.judging.queries import blind_codes
from contest.people.models import Recusal
from tests import factories
from tests.judging.panels import DRILL, RISK, make_panel, mark
from tests.judging.test_chief_actions import reopen

AGAIN = {"A1": "9", "A2": {}}


@pytest.fixture
def panel(app):
    panel = make_panel()
    mark(panel, RISK)
    mark(panel, DRILL, module="drill")
    return panel


def chief(panel, judge=None, role="chief_judge"):
    """Somebody who holds the role, the judge of the panel when one is given, with the word typed again."""
    if judge is None:
        return factories.make_official(f"{role} {clock.now()}", role, contest=panel.contest)
    factories.make_grant(db.session.get(User, judge.user_id), role, panel.contest)
    return Actor(judge.user_id, judge.name, word_at=clock.now())


def confirm(panel, actor):
    sheet = panel.sheet()
    return confirm_actions.confirm_sheets(
        actor, panel.contest.id, "risk", panel.entrants[0].id, {sheet.id: sheet.rev}
    )


def test_a_chief_judge_signs_for_others_and_a_supervisor_for_the_chief_judge(panel):
    reopen(panel)
    mark(panel, AGAIN)
    with pytest.raises(NotAllowed, match="The chief judge confirms them"):
        confirm(panel, chief(panel, role="supervisor"))
    own = chief(panel, panel.judges[0])
    with pytest.raises(NotAllowed, match="one of these sheets yourself"):
        confirm(panel, own)
    assert panel.sheet().state == "resubmitted"

    assert confirm(panel, chief(panel, role="supervisor")) == 1
    assert panel.sheet().state == "submitted"


def test_signing_takes_the_word_typed_again(panel):
    reopen(panel)
    mark(panel, AGAIN)
    signer = chief(panel)

    with pytest.raises(NotAllowed, match="Type your password"):
        confirm(panel, Actor(signer.user_id, signer.name))
    assert confirm(panel, signer) == 1


def test_the_page_says_who_signs_before_anybody_tries(panel, as_role):
    reopen(panel)
    mark(panel, AGAIN)
    code = blind_code(panel)
    address = f"/contests/{panel.contest.id}/chief/risk/{code}"

    page = as_role("supervisor", panel.contest).get(address).text
    assert "confirm-word" not in page
    assert "confirm-word" in as_role("chief_judge", panel.contest).get(address).text
    chief(panel, panel.judges[0])
    assert "confirm-word" in as_role("supervisor", panel.contest).get(address).text


def blind_code(panel):
    return blind_codes(panel.contest.id, "final")[panel.entrants[0].id][0]


def acts(panel, actor, module):
    """Everything that a chief judge rules about the first contestant in a module, ready to be done."""
    contest_id, entrant_id = panel.contest.id, panel.entrants[0].id
    return (
        lambda: chief_actions.add_penalty(actor, contest_id, entrant_id, module, "1", "超时"),
        lambda: chief_actions.set_state(actor, contest_id, entrant_id, "absent", "未到", module),
        lambda: chief_actions.reopen_sheet(actor, contest_id, panel.sheet(module=module).id, "看错"),
    )


@pytest.mark.parametrize("why", ["organisation", "recusal", "recusal of all"])
def test_who_keeps_away_from_a_contestant_rules_on_nothing_of_his(panel, why):
    entrant, judge = panel.entrants[0], factories.make_judge(panel.contest)
    if why == "organisation":
        judge.organisation_id = entrant.organisation_id
    else:
        to = {"entrant_id": entrant.id} if why == "recusal" else {"organisation_id": entrant.organisation_id}
        db.session.add(Recusal(
            contest_id=panel.contest.id, judge_id=judge.id, relation="师徒", at=clock.now(), **to
        ))
    db.session.commit()
    actor = chief(panel, judge)

    for act in acts(panel, actor, "drill"):
        with pytest.raises(NotAllowed, match="keep away from this contestant"):
            act()
    for act in acts(panel, chief(panel), "drill"):
        act()


def test_under_a_code_a_refusal_tells_nobody_whose_code_it_is(panel):
    judge = factories.make_judge(panel.contest)
    judge.organisation_id = panel.entrants[0].organisation_id
    db.session.commit()
    assert blind_queries.hides_names(panel.contest.id)

    for act in acts(panel, chief(panel, judge), "risk"):
        act()
