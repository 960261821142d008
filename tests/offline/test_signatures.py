"""`contest verify` says which operations of an archive their tablets signed, and finds what was not."""

import re

import pytest

from contest.audit.work import Actor, work
from contest.db import db
from contest.judging import chief_actions
from contest.judging.ledger import add_revision
from contest.judging.models import SheetRevision
from contest.judging.tablet_actions import note_start
from contest.offline import archive_command
from contest.results import verification_queries
from tests import factories
from tests.audit.tampering import drop_guards, run
from tests.judging.keyed import KeyedTablet
from tests.judging.panels import RISK, make_panel
from tests.judging.test_keys import rule


@pytest.fixture
def panel(app):
    note_start()
    return make_panel()


@pytest.fixture
def tablet(app, panel):
    user = db.session.get(factories.User, panel.judges[0].user_id)
    tablet = KeyedTablet(factories.browser_of(app, user), user.id)
    tablet.show()
    for entrant in range(3):
        assert tablet.send(panel.sheet(entrant).id, kind="submit", marks=RISK).status_code == 200
    return tablet


def verified(panel, tmp_path, capsys):
    path = tmp_path / "a.zip"
    path.write_bytes(verification_queries.zipped_ledger(panel.contest.id)[1])
    code = archive_command.main([str(path)])
    return code, capsys.readouterr().out


def test_signed_operations_are_counted_and_follow_each_other(tablet, panel, as_role, tmp_path, capsys):
    other = factories.browser_of(tablet.client.application, db.session.get(
        factories.User, panel.judges[1].user_id))
    plain = KeyedTablet(other, panel.judges[1].user_id, "fedcba9876543210")
    assert plain.send(panel.sheet(seat=2).id, headers={"X-Contest": "1"}).status_code == 200

    _, before = verified(panel, tmp_path, capsys)
    rule(as_role("chief_judge", panel.contest), panel, "admit", key=tablet.short)
    _, after = verified(panel, tmp_path, capsys)

    assert "Signatures: 3 of 4 operations are signed by their tablets, 0 of them" in before
    assert "Signatures: 3 of 4 operations are signed by their tablets, 3 of them" in after
    assert "2 of them name the operation before them" in after
    assert "Not vouched for by a signature: 1 operations" in after


def test_whoever_rewrites_the_chain_as_well_still_has_no_signature(tablet, panel, tmp_path, capsys):
    drop_guards()
    run("UPDATE sheet_revision SET marks = REPLACE(marks, '8.5', '9.5') WHERE rev = 1 AND sheet_id = :sheet",
        sheet=panel.sheet(1).id)
    run("DELETE FROM chain_link")
    with work(Actor(None, "intruder"), "thing.do", contest_id=panel.contest.id):
        pass

    code, said = verified(panel, tmp_path, capsys)

    assert code == 1
    assert "nothing was changed within it" in said  # the chain itself is whole
    assert re.search(r"Sheet \d+, revision 1: marks: not what its tablet signed\.", said)


def test_a_confirmation_of_other_marks_is_named(tablet, panel, tmp_path, capsys):
    actor = factories.make_official("chief judge", "chief_judge", contest=panel.contest)
    chief_actions.reopen_sheet(actor, panel.contest.id, panel.sheet().id, "looked at again")
    assert tablet.send(panel.sheet().id, kind="submit", base_rev=2, marks=RISK).status_code == 200
    version = db.session.query(SheetRevision.plan_version_id).first()[0]
    with work(actor, "thing.do", contest_id=panel.contest.id):
        add_revision(actor, panel.sheet(), "confirm", RISK | {"A1": "10"}, version)

    code, said = verified(panel, tmp_path, capsys)

    assert code == 1
    assert "the marks that were confirmed are not those that were handed in" in said


def test_an_operation_that_was_put_in_place_of_another_does_not_follow(tablet, panel, tmp_path, capsys):
    # The tablet's own key signs it: whoever has the tablet in hand, and the database.
    text = tablet.make(kind="draft", marks={"A1": "1"})
    tablet.last = "0" * 64
    assert tablet.send(panel.sheet(0, 1, "drill").id, text).status_code == 200
    assert tablet.send(panel.sheet(1, 1, "drill").id, marks={"A1": "2"}).status_code == 200

    code, said = verified(panel, tmp_path, capsys)

    assert code == 1
    assert "does not follow its operation 4" in said
