"""Figure 1: no acknowledged mark is lost or doubled when a process is killed in the middle."""

import random
import time

from tests.proof.conftest import integrity, ledger_rows
from tests.proof.sizes import SOAK, report, size
from tests.proof.tablets import check_conservation, in_threads, make_tablets, settle, write_until

KILLS = size(6, 1000)
# Seconds of work between two of them: an office that starts for three seconds also has to answer.
LONGEST = size(0.6, 2.0)
ACKS = size(50, 20_000)


def test_no_acknowledged_mark_is_lost_when_the_office_is_killed(app, office, let_go):
    panel, tablets = make_tablets(app)
    let_go()
    office.start()
    for tablet in tablets:
        tablet.port = office.port
    chance, killed, over = random.Random(1), [], []

    def kill_again_and_again():
        stored = 0
        while len(killed) < KILLS or stored < ACKS:
            time.sleep(chance.uniform(0.05, LONGEST))
            office.kill_workers()
            killed.append(1)
            office.wait()
            stored = sum(op.is_stored for tablet in tablets for op in list(tablet.ops))
            if len(killed) >= 3 * KILLS and not SOAK:
                break
        over.append(1)

    def work(one):
        if one is kill_again_and_again:
            try:
                one()
            finally:
                over.append(1)
        else:
            write_until(lambda: over, lambda: time.sleep(0.02))(one)

    in_threads([*tablets, kill_again_and_again], work)
    settle(tablets, pause=lambda: time.sleep(0.05))
    office.stop()

    rows = ledger_rows()
    counts = check_conservation(tablets, rows)
    resent = sum(op.tries > 1 for tablet in tablets for op in tablet.ops)
    report(1, kills=len(killed), **counts, sent_more_than_once=resent)
    assert integrity(app) == "ok"
    assert counts["stored"] >= ACKS and counts["conflicting"] == counts["refused"] == 0
    assert len(killed) >= KILLS
