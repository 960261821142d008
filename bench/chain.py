"""How long it takes to check a chain of a million links, in the database and in an archive."""

import secrets
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from bench.chain_apart import apart
from bench.installation import Installation
from bench.reporting import main
from contest.audit.chain_contents import texts
from contest.audit.chain_models import ChainLink
from contest.audit.chain_rules import (
    DECIDING,
    KEPT,
    NOTHING,
    SALT_BYTES,
    make_link,
    micros_of,
)
from contest.audit.chaining import link_late
from contest.audit.models import TrailRow
from contest.db import about_to_write, db

LINKS = 1_000_000
TOGETHER = 20_000
TARGETS = {
    f"{LINKS:,} links: the chain alone, s": "≤ 10",
    f"{LINKS:,} links: an archive, every row with it, s": "≤ 10",
    **{f"{name}: memory of its process at its highest, MB": "≤ 300" for name in (
        "database, every row with it", "the chain alone", "an archive, every row with it",
    )},
}


def measure(links=LINKS):
    """{figure's name: value}."""
    found, peaks = {}, {}
    with Installation(10) as place, tempfile.TemporaryDirectory() as folder:
        with place.app.app_context():
            about_to_write(True)
            _fill(place.contest_id, links)
            about_to_write(False)
            db.session.remove()
            db.engine.dispose()
        here, path = {"url": place.url, "contest_id": place.contest_id}, str(Path(folder, "chain.tsv"))
        for act, name, facts in (
            ("every row", "database, every row with it", here),
            ("alone", "the chain alone", here),
            ("write", "writing an archive", {**here, "path": path}),
            ("archive", "an archive, every row with it", {"path": path}),
        ):
            one = apart(act, **facts)
            found[f"{links:,} links: {name}, s"] = one["seconds"]
            peaks[f"{name}: memory of its process at its highest, MB"] = one["megabytes"]
            peaks[f"{name}: of it before anything was read, MB"] = one["before"]
        found["archive, MB"] = round(Path(path).stat().st_size / 1_000_000)
    return found | peaks


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
        there = texts(connection, db.metadata.tables, kind, contest_id)
        last = link_late(connection, ChainLink.__table__.insert(), contest_id, kind, there, set(), last,
                         micros_of(now))
    db.session.commit()


if __name__ == "__main__":
    main(measure, __doc__)
