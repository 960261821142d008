"""Figure 4: whatever the network does, every operation is in exactly one state, and once in the ledger."""

import threading

import pytest
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.proof.conftest import integrity, ledger_rows
from tests.proof.fault_proxy import FATES, FaultProxy
from tests.proof.sizes import report, size
from tests.proof.tablets import check_conservation, in_threads, make_tablets, settle

OPERATIONS = size(300, 10_000)


class Quiet(WSGIRequestHandler):
    """Writes no line for each request."""

    timeout = 1  # for a request of which half has come

    def log(self, *_words):
        pass


@pytest.fixture
def server(app, own_time):
    """The application on a port, in this process; what it raises is a lost answer."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.testing = False
    made = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


def test_every_operation_is_in_one_state_whatever_the_network_does(app, server, let_go):
    """Four tablets, two for each judge; those of one judge share their sheets, so that they clash."""
    _, tablets = make_tablets(app, sheets=3)
    for other, first in ((2, 0), (3, 1)):
        tablets[other].sheets = dict(tablets[first].sheets)
    let_go()
    with FaultProxy(server.server_port) as proxy:
        def work(tablet):
            tablet.port = proxy.port
            while len(tablet.ops) < OPERATIONS // len(tablets):
                op = tablet.author()
                while tablet.send(op) is None:
                    pass

        in_threads(tablets, work)
        proxy.calm = True
        settle(tablets)
        counts = check_conservation(tablets, ledger_rows())
        resent = sum(op.tries > 1 for tablet in tablets for op in tablet.ops)
        report(4, operations=sum(len(t.ops) for t in tablets), **counts, sent_more_than_once=resent,
               **{fate.replace(" ", "_"): n for fate, n in proxy.counts.items()})
    assert integrity(app) == "ok"
    assert counts["stored"] > 0 and counts["conflicting"] > 0 and resent > OPERATIONS // 4
    assert all(proxy.counts[fate] for fate in FATES)
