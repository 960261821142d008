"""Figures 8 and 54: the machine is lost in mid-contest; a copy and the tablets give everything back."""

import time

import pytest

from contest.audit.models import TrailRow
from contest.backups import proof, queries
from contest.db import db
from contest.judging.models import SheetRevision
from tests.proof.office import Machine
from tests.proof.sizes import report, size
from tests.proof.tablets import (
    check_conservation,
    in_threads,
    make_tablets,
    offer_again,
    pulse,
    settle,
    write_until,
)

TABLETS = size(4, 12)
BEFORE, AFTER = size(20, 5000), size(20, 5000)


def ledger():
    """The content of the ledger: which operation stands as which revision of which sheet."""
    row = SheetRevision
    rows = db.session.query(row.op_id, row.sheet_id, row.rev, row.base_rev, row.kind, row.marks)
    return sorted(map(repr, rows))


def write(tablets, count):
    """The tablets write at once, until so many operations more are stored."""
    def stored():
        return sum(op.is_stored for tablet in tablets for op in list(tablet.ops))

    goal = stored() + count
    in_threads(tablets, write_until(lambda: stored() >= goal, lambda: time.sleep(0.02)))
    settle(tablets, pause=lambda: time.sleep(0.05))


@pytest.fixture
def lost(app, own_time, tmp_path):
    """The machine that is going to be lost; its copies lie on a stick."""
    for name in ("codes_key", "secret_key"):
        (tmp_path / name).write_text(app.config[name.upper()])
    found = Machine(tmp_path, CONTEST_BACKUP_TO=str(tmp_path / "stick"))
    yield found
    found.stop()


@pytest.fixture
def spare(tmp_path):
    """Another machine on which nothing is yet."""
    found = Machine(tmp_path / "spare", CONTEST_BACKUP_TO=str(tmp_path / "stick"))
    yield found
    found.stop()


def test_after_a_restore_on_a_spare_machine_the_tablets_bring_back_what_the_copy_lacks(
    app, lost, spare, let_go, tmp_path
):
    _, tablets = make_tablets(app, TABLETS)
    let_go()
    lost.start()
    for tablet in tablets:
        tablet.port = lost.port
    write(tablets, BEFORE)
    epochs = [pulse(tablet, number)["epoch"] for number, tablet in enumerate(tablets)]
    lost.type_in("backup")
    copy = queries.list_copies(tmp_path / "stick")[0]
    write(tablets, AFTER)
    stored = ledger()
    let_go()

    lost.lose()
    lost_at = time.monotonic()
    for path in tmp_path.glob("contest.sqlite*"):
        path.unlink()
    spare.type_in("restore", str(copy.folder))
    spare.start()
    served = time.monotonic() - lost_at
    for number, tablet in enumerate(tablets):
        tablet.port = spare.port
        assert pulse(tablet, number)["epoch"] != epochs[number]
    found_lacking = []
    in_threads(tablets, lambda tablet: found_lacking.append(offer_again(tablet)))
    lacked = sum(found_lacking)
    whole_again = time.monotonic() - lost_at
    spare.stop()

    with proof.opened(f"sqlite:///{tmp_path / 'spare' / 'contest.sqlite'}"):
        found = ledger()
        look = proof.look()
        rows = db.session.query(
            SheetRevision.op_id, SheetRevision.sheet_id, SheetRevision.rev, SheetRevision.base_rev,
            SheetRevision.marks,
        ).all()
        assert db.session.query(TrailRow).filter_by(did="backup.restore").count() == 2
    report("8 and 54", tablets=len(tablets), stored=len(stored), lacked_by_the_copy=lacked,
           seconds_until_it_serves=f"{served:.1f}", seconds_until_all_is_there=f"{whole_again:.1f}")
    assert found == stored
    assert lacked == len(stored) - copy.manifest.contents.rows["ledger"] >= AFTER
    assert look.problems == 0
    assert check_conservation(tablets, rows)["stored"] == len(stored)
    # What the spare machine copies is the same installation's, by the keys that came with the copy.
    spare.type_in("backup")
    newest = queries.list_copies(tmp_path / "stick", copy.manifest.installation)[0]
    assert newest.manifest.contents.rows["ledger"] == len(stored)
