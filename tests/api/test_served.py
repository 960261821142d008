"""The API of a real served office: the handbook's client, and bodies that are meant as bombs (figure 39)."""

import http.client
import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from contest import clock, serving
from contest.api import actions, rules
from contest.audit.work import Actor
from contest.db import about_to_write, db
from contest.people.models import Entrant
from tests import factories
from tests.ports import free_port
from tests.results.scenes import make_scene
from tests.test_serving import wait_for

ROOT = Path(__file__).parents[2]
IS_FULL = os.environ.get("CONTEST_SOAK") == "1"
ROUNDS = 20 if IS_FULL else 1
MIB = 1 << 20


@pytest.fixture
def office(app, tmp_path):
    """(port, process, token of the whole house, contest id): `contest serve` starts an office like this."""
    clock.stand_still(None)  # the office has its own, which runs
    scene = make_scene(3).finish()
    contest_id = scene.contest.id
    user = factories.make_user()
    factories.make_grant(user, "organiser")
    _, token = actions.make_token(
        Actor(user.id, user.name), None, "client", list(rules.SCOPES), 1, rules.SCOPES
    )
    db.session.commit()
    about_to_write(False)
    port = free_port()
    child = serving.start_office("127.0.0.1", port, environment={
        **os.environ, "CONTEST_DATABASE": app.config["SQLALCHEMY_DATABASE_URI"],
        "CONTEST_DATA": str(tmp_path), "CONTEST_SECRET_KEY": app.config["SECRET_KEY"],
        "CONTEST_CODES_KEY": app.config["CODES_KEY"],
    })
    wait_for(port, "/api/v1/services")
    yield port, child, token, contest_id
    serving.stop([child])


def run_client(port, token, contest_id, path):
    return subprocess.run(
        [sys.executable, "-I", "-S", "docs/api_client.py", f"http://127.0.0.1:{port}", str(contest_id), path],
        cwd=ROOT, env={"CONTEST_TOKEN": token, "PATH": "/bin", "PYTHONIOENCODING": "utf-8"},
        capture_output=True, encoding="utf-8", check=False,
    )


def test_the_handbooks_client_imports_a_roster_and_reads_the_standings(office, tmp_path):
    port, _, token, contest_id = office
    contest = factories.make_contest(state="registration")
    empty_id = contest.id
    db.session.commit()
    roster = tmp_path / "roster.csv"
    roster.write_text(
        "organisation,name,team,gender\n云溪水泥,夏𠮷,一队,男\n云溪水泥,程乙,一队,\n", "utf-8-sig"
    )

    first = run_client(port, token, empty_id, roster)
    again = run_client(port, token, empty_id, roster)

    assert (first.returncode, again.returncode) == (0, 0), first.stderr + again.stderr
    assert "new: 2" in first.stdout
    assert again.stdout.splitlines()[0] == first.stdout.splitlines()[0]  # the same key, the same answer
    names = db.session.query(Entrant).filter_by(contest_id=empty_id)
    assert sorted(one.human.name for one in names) == ["夏𠮷", "程乙"]

    answer = ask(port, token, "GET", f"/api/v1/contests/{contest_id}/standings")
    told = json.loads(answer[1])["rows"]
    assert [row["place"] for row in told] == [1, 2, 3]


def test_the_handbooks_client_says_what_was_refused(office, tmp_path):
    port, _, token, contest_id = office
    roster = tmp_path / "roster.csv"
    roster.write_text("organisation,name,gender\n云溪水泥,夏甲,哪个\n", "utf-8")

    done = run_client(port, token, contest_id, roster)

    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stderr
    assert run_client(port, "jst_guessed", contest_id, roster).stderr.strip() == "This token is not known."


def ask(port, token, method, path, body=None, kind="application/json"):
    """(status, body) of a question; a body may be bytes of any size."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en", "Content-Type": kind,
               "X-Contest": "1"}
    try:
        with suppress(BrokenPipeError):  # refused before all of it was sent: the answer is there to be read
            connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def bombs(contest_id):
    """What is meant to take the office down: where to, what, of which kind, the status it must get."""
    long, kind = "一" * 50_000, "application/json"
    form = "application/x-www-form-urlencoded"
    roster, apply = f"/api/v1/contests/{contest_id}/roster", "/api/v1/services/hardship/applications"
    yield "lists in lists", apply, b"[" * 10_000, kind, 400
    yield "closed lists in lists", apply, b"[" * 10_000 + b"]" * 10_000, kind, 400
    yield "objects in objects", apply, b'{"a":' * 10_000 + b"1" + b"}" * 10_000, kind, 400
    fields = {f"f{number}": 0 for number in range(60_000)}
    yield "60,000 answers", apply, json.dumps({"answers": fields}).encode(), kind, 400
    yield "60,000 names at the top", apply, json.dumps(fields).encode(), kind, 400
    rows = {"rows": [dict.fromkeys("abcdefgh", 1)] * 5_000}
    yield "5,000 hostile rows", roster, json.dumps(rows).encode(), kind, 422
    yield "200,000 rows of nothing", roster, b'{"rows": [' + b"1," * 200_000 + b"1]}", kind, 422
    yield "60,000 marks", "/api/v1/sheets/1/operations", json.dumps({"marks": fields}).encode(), kind, 413
    yield "100,000 names at the top", apply, b"{" + b",".join(
        b'"%d":1' % number for number in range(100_000)) + b"}", kind, 400
    yield "a number without end", apply, b'{"honour_id": ' + b"9" * 900_000 + b"}", kind, 400
    yield "more than a megabyte", apply, b'{"answers": {"a": "' + b"a" * (2 * MIB) + b'"}}', kind, 413
    for word in (long, "9" * 50_000, " " * 50_000 + "x", "1-" * 25_000, "a@" * 25_000, "=" * 50_000):
        yield "a long word", apply, json.dumps({"answers": {"phone": word}}).encode(), kind, 422
        yield "a long cell", roster, json.dumps(
            {"rows": [{"organisation": "x", "name": word, "born_on": word}]}).encode(), kind, 422
    yield "200,000 equal marks", apply, b"{" + b'"a":1,' * 150_000 + b'"a":1}', kind, 422
    yield "a form instead", apply, b"&".join(b"a%d=1" % number for number in range(100_000)), form, 415
    # The same through the pages: a form of 100,000 fields and one of a single endless field.
    yield "a form of 100,000 fields", "/sign-in", b"&".join(
        b"a%d=1" % number for number in range(100_000)), form, 400
    yield "a form of one field", "/sign-in", b"login=" + b"a" * (5 * MIB), form, 400


def processes_of(child):
    """A process and its children, as folders of /proc."""
    pids = [child.pid]
    while pids:
        at = Path(f"/proc/{pids.pop()}")
        yield at
        for task in (at / "task").iterdir():
            pids += map(int, (task / "children").read_text().split())


def memory_of(child):
    """The resident memory of a process and its children, in bytes."""
    pages = sum(int((at / "statm").read_text().split()[1]) for at in processes_of(child))
    return pages * os.sysconf("SC_PAGE_SIZE")


def time_of(child):
    """The processor's time that they took, in seconds: others may be at work on this machine."""
    ticks = sum(sum(map(int, (at / "stat").read_text().rpartition(")")[2].split()[11:13]))
                for at in processes_of(child))
    return ticks / os.sysconf("SC_CLK_TCK")


def test_bombs_of_json_and_forms_are_refused_and_leave_no_memory_behind(office):
    """Figure 39: depth 10,000, 100,000 fields, 50,000 characters; at most 50 MB more afterwards."""
    port, child, token, contest_id = office
    for _ in range(5):  # what every process takes once is no bomb's
        ask(port, token, "POST", "/api/v1/services/hardship/applications", b'{"answers": {}}')
        ask(port, token, "POST", f"/api/v1/contests/{contest_id}/roster", b'{"rows": [{}]}')
        ask(port, token, "POST", "/sign-in", b"a=1", "application/x-www-form-urlencoded")
    before, slowest = memory_of(child), (0, "")
    for _ in range(ROUNDS):
        for name, path, body, kind, wanted in bombs(contest_id):
            begun = time_of(child)
            status, said = ask(port, token, "POST", path, body, kind)
            slowest = max(slowest, (time_of(child) - begun, name))
            assert status == wanted, (name, status, said[:300])
            assert len(said) < 20_000, name  # nor is a bomb echoed
    more = memory_of(child) - before
    print(f"slowest: {slowest[0]:.2f} s of processor ({slowest[1]}); memory: +{more / MIB:.1f} MiB")

    assert ask(port, token, "GET", "/api/v1/services")[0] == 200
    assert more <= 50 * MIB
