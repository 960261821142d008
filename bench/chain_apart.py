"""One check of a chain in a process of its own: its memory is told apart from the making of the data."""

import json
import subprocess
import sys
import time
from pathlib import Path


def apart(act, **facts):
    """{"seconds", "megabytes", "before"}: processor seconds and the highest memory of a process that does it.

    before: what the process held when everything was imported and nothing read.
    """
    done = subprocess.run(
        [sys.executable, "-m", "bench.chain_apart", act, json.dumps(facts)], capture_output=True, text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout)


def _every_row(contest_id):
    from contest.audit.chain_queries import check_chain

    return check_chain(contest_id)


def _alone(contest_id):
    from contest.audit.chain_queries import links_of
    from contest.audit.chain_walk import Findings, Walk

    walk = Walk(contest_id, Findings())
    for link in links_of(contest_id):
        walk.take(*link)
    return walk.end()


def _write(contest_id, path):
    from contest.audit.chain_archive import archive_lines

    with open(path, "wb") as file:
        file.writelines(archive_lines(contest_id))


def _archive(path):
    from contest.offline.archived_chain import check_archive

    with open(path, "rb") as file:
        return check_archive(file)[1]


def _in_the_database(act, url, **facts):
    from contest import create_app
    from contest.db import snapshot

    with create_app(SQLALCHEMY_DATABASE_URI=url, SECRET_KEY="x" * 40).app_context(), snapshot():
        return _measured(act, **facts)


def _measured(act, **facts):
    before, began = _peak(), time.process_time()
    found = act(**facts)
    if found is not None and not found.is_whole:
        raise SystemExit(f"the chain is broken: {json.dumps(found.counts)}")
    return {"seconds": round(time.process_time() - began, 2), "megabytes": _peak(), "before": before}


def _peak():
    # Not getrusage: on Linux its highest memory is also that of the process that started this one.
    status = Path("/proc/self/status").read_text()
    return round(int(status.split("VmHWM:")[1].split()[0]) / 1024)


ACTS = {"every row": _every_row, "alone": _alone, "write": _write}

if __name__ == "__main__":
    act, facts = sys.argv[1], json.loads(sys.argv[2])
    is_file = act == "archive"
    print(json.dumps(_measured(_archive, **facts) if is_file else _in_the_database(ACTS[act], **facts)))
