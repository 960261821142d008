"""After the end of a contest's chain nothing that decides a result may follow; what may is said here."""

import secrets

import pytest

from contest.audit import chain_rules, chaining
from contest.audit.chain_archive import archive_lines
from contest.audit.chain_changes import note_change
from contest.audit.chain_rules import SALT_BYTES, found_record, make_link
from contest.audit.chain_walk import Findings, Walk
from contest.audit.work import Actor, work
from contest.db import db, snapshot
from contest.offline.archived_chain import check_archive
from contest.people.models import Human
from contest.setup.queries import plan_in_force
from tests import factories
from tests.audit.tampering import findings
from tests.audit.test_chain_rows import _add_gates, _add_rows, add_annulment, make_decided

BOTH = pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)
SOMEBODY = Actor(None, "test")
DECIDES = {*chain_rules.DECIDING, *chain_rules.KEPT} - {"entrant", "team", "annulment"}


def closed():
    """A contest in which everything was decided once, and whose chain is closed; its id."""
    contest_id = make_decided(1)
    with work(SOMEBODY, "contest.step", contest_id=contest_id):
        chaining.note_record(contest_id, "close", {"contest": contest_id})
    assert findings(contest_id).is_whole
    return contest_id


@BOTH
def test_every_row_that_decides_and_comes_after_the_end_is_told(app):
    contest_id = closed()
    contest = db.session.get(factories.Contest, contest_id)
    sheet = factories.make_result_sheet(contest, revision=9, document={"rows": []})
    with work(SOMEBODY, "thing.do", contest_id=contest_id):
        entrant = factories.make_entrant(contest, team=factories.make_team(contest, name="Late"))
        factories.make_award(sheet=sheet, contest=contest, entrant=entrant, award_key="late")
        _add_rows(contest_id, entrant, sheet, 7)
        _add_gates(contest_id, entrant, sheet, 7)
        contest.stage = "final"
        note_change(contest_id, "plan_version", plan_in_force(contest_id).version_id)

    found = findings(contest_id)

    assert {one.code for one in found.problems} == {"after_close"}
    assert {one.kind for one in found.problems} == DECIDES
    with snapshot():
        _, archived, _, _ = check_archive(archive_lines(contest_id))
    assert archived.problems == found.problems


def test_what_the_register_mends_and_the_trail_may_follow(app):
    contest_id = closed()
    with work(SOMEBODY, "registry.mend", contest_id=contest_id):
        human = db.session.query(Human).first()
        human.gender = "f" if human.gender != "f" else "m"

    kinds = [link.kind for link in chaining.db.session.query(chaining.ChainLink).order_by(
        chaining.ChainLink.seq)]
    assert kinds[kinds.index("close") + 1:] == ["entrant", "trail"]
    assert findings(contest_id).is_whole


def test_what_follows_from_an_annulment_may_follow_it_and_nothing_else(app):
    contest_id = closed()
    contest = db.session.get(factories.Contest, contest_id)
    sheet = factories.make_result_sheet(contest, revision=9, document={"rows": []})
    with work(SOMEBODY, "thing.do", contest_id=contest_id):
        entrant = factories.make_entrant(contest)
        add_annulment(contest_id, entrant, 7)
        factories.make_award(sheet=sheet, contest=contest, entrant=entrant, award_key="late")
        _add_rows(contest_id, entrant, sheet, 7)

    found = findings(contest_id)

    # The published sheet was there before anything was annulled.
    told = {one.kind for one in found.problems}
    assert {"penalty", "theory_entry", "committee_vote"} < told
    assert not told & {"annulment", "award", "state_event", "committee_decision"}


def walked(*links):
    """The codes of what is found in links of these kinds; “late …”: linked late."""
    findings, prev, digests = Findings(), chain_rules.NOTHING, []
    walk = Walk(1, findings)
    for seq, word in enumerate(("genesis", *links), 1):
        kind, late = word.removeprefix("late "), word.startswith("late ")
        content = {"genesis": {"contest": 1}, "close": {"contest": 1}, "plan": {"number": 2},
                   "found": found_record(digests), "share": {"awards": [3, 4]}}.get(kind)
        row_id = 0 if content is not None else seq
        link = make_link(seq, prev, kind, row_id, 5, content or {"id": row_id},
                         secrets.token_bytes(SALT_BYTES), late=late, content=content)
        if late:
            digests.append(link.digest)
        walk.take(*vars(link).values())
        prev = link.hash
    return [(one.seq, one.code) for one in walk.end().problems]


def test_awards_shared_behind_the_end_are_those_that_their_record_names():
    assert walked("close", "award", "award", "trail", "share", "trail") == []
    assert walked("close", "award", "trail") == [(3, "after_close")]
    assert walked("close", "award", "award", "award", "trail", "share") == [
        (3, "after_close"), (4, "after_close"), (5, "after_close"),
    ]
    # Whatever else follows them parts them from a later record.
    assert walked("close", "award", "entrant", "share") == [(3, "after_close")]
    assert walked("close", "award", "trail", "share", "award") == [(6, "after_close")]
    assert walked("close", "penalty", "share") == [(3, "after_close")]


def test_what_an_upgrade_found_may_follow_the_end_with_its_record_alone():
    assert walked("close", "late penalty", "late award", "found", "trail") == []
    assert walked("close", "late penalty", "late award") == [(3, "after_close"), (4, "after_close")]
    assert walked("close", "late penalty", "trail", "found") == [(3, "after_close"), (5, "content")]
    assert walked("late penalty", "close", "penalty", "revision", "late revision", "plan") == [
        (4, "after_close"), (5, "after_close"), (6, "after_close"), (7, "after_close"),
    ]
    assert walked("close", "trail", "entrant", "team") == []
    assert walked("close", "annulment", "state_event", "result_sheet", "trail") == []
    assert walked("close", "state_event", "annulment") == [(3, "after_close")]
    assert walked("annulment", "close", "result_sheet") == [(4, "after_close")]
