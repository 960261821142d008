"""How long it takes to check a chain of a million links, in the database and in an archive."""

import json
import secrets
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from bench.installation import Installation
from bench.reporting import main
from contest.audit.chain_archive import archive_lines
from contest.audit.chain_contents import contents
from contest.audit.chain_models import ChainLink
from contest.audit.chain_queries import check_chain
from contest.audit.chain_rules import (
    DECIDING,
    KEPT,
    NOTHING,
    SALT_BYTES,
    Findings,
    Walk,
    make_link,
    micros_of,
)
from contest.audit.chaining import link_late
from contest.audit.models import TrailRow
from contest.db import about_to_write, db, snapshot
from contest.offline.archived_chain import check_archive

LINKS = 1_000_000
TOGETHER = 20_000
TARGETS = {
    f"{LINKS:,} links: the chain alone, s": "≤ 10",
    f"{LINKS:,} links: an archive, every row with it, s": "≤ 10",
    "memory at its highest, MB": "≤ 300",
}


def measure(links=LINKS):
    """{figure's name: value}."""
    with Installation(10) as place, place.app.app_context():
        about_to_write(True)
        _fill(place.contest_id, links)
        about_to_write(False)
        base = _peak()
        found = {}
        with snapshot():
            name = f"{links:,} links: database, every row with it, s"
            found[name] = _seconds(check_chain, place.contest_id)
        with snapshot():
            found[f"{links:,} links: the chain alone, s"] = _seconds(_walk, place.contest_id)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "chain.tsv")
            with snapshot(), open(path, "wb") as file:
                began = time.perf_counter()
                file.writelines(archive_lines(place.contest_id))
                found[f"{links:,} links: writing an archive, s"] = round(time.perf_counter() - began, 2)
            found["archive, MB"] = round(path.stat().st_size / 1_000_000)
            with open(path, "rb") as file:
                found[f"{links:,} links: an archive, every row with it, s"] = _seconds(_archive, file)
        found["memory at its highest, MB"] = _peak()
        found["of it before the checks, MB"] = base
        db.session.remove()
        db.engine.dispose()
    return found


def _fill(contest_id, links):
    """A genesis and rows of the trail as a judge's drafts leave them, each with its link."""
    now, prev = datetime.now(UTC), NOTHING
    content = {"contest": contest_id}
    rows, chain = [], []
    for seq in range(1, links + 1):
        salt = secrets.token_bytes(SALT_BYTES)
        if seq == 1:
            link = make_link(1, prev, "genesis", 0, micros_of(now), content, salt, content=content)
        else:
            row = {
                "id": seq, "at": now, "who": "裁判七", "user_id": None, "did": "sheet.draft",
                # Of sheets that are not in the table: nothing to compare them with.
                "contest_id": contest_id, "subject": f"sheet {10_000_000 + seq % 900}",
                "facts": {"rev": seq % 40, "module": "drill", "entrant": seq % 140, "seat": 2,
                          "device": "7F3K", "changed": {"A1": {"old": "8.5", "new": "9"}}},
            }
            link = make_link(seq, prev, "trail", seq, micros_of(now), row, salt)
            rows.append(row)
        prev = link.hash
        chain.append({"contest_id": contest_id, **vars(link)})
        if len(chain) == TOGETHER or seq == links:
            db.session.execute(TrailRow.__table__.insert(), rows)
            db.session.execute(ChainLink.__table__.insert(), chain)
            db.session.commit()
            rows, chain = [], []
    last, connection = (links, prev), db.session.connection()
    for kind in (*DECIDING, *KEPT):
        there = contents(connection, db.metadata.tables, kind, contest_id)
        last = link_late(connection, ChainLink.__table__.insert(), contest_id, kind, there, set(), last,
                         micros_of(now))
    db.session.commit()


def _walk(contest_id):
    """The links alone, as fast as the database gives them."""
    from contest.audit.chain_queries import links_of

    walk = Walk(contest_id, Findings())
    for link in links_of(contest_id):
        walk.take(*link)
    return walk.end()


def _archive(file):
    return check_archive(file)[1]


def _seconds(check, *facts):
    """Seconds of processor time: the machine may be busy with other things."""
    began = time.process_time()
    found = check(*facts)
    if not found.is_whole:
        raise SystemExit(f"the chain is broken: {json.dumps(found.counts)}")
    return round(time.process_time() - began, 2)


def _peak():
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return round(int(line.split()[1]) / 1024)
    return 0


if __name__ == "__main__":
    main(measure, __doc__)
