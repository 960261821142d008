"""A contest's chain as lines of a file: every link with the row behind it, to be checked elsewhere."""

from collections import defaultdict
from itertools import islice

from contest.audit.chain_queries import AT_A_TIME, latest_of, links_of, texts_of
from contest.audit.chain_rules import (
    KEPT,
    RECORDS,
    ROWS,
    archive_header,
    archive_line,
    canonical,
    gone,
    is_gone,
)


def archive_lines(contest_id):
    """The bytes of the file, a line for each link; read in pieces. Ask within `db.snapshot()`.

    A link whose row is gone stands there without its text, and so does one of a row that changed since.
    """
    yield archive_header(contest_id)
    latest = latest_of(contest_id)
    kept = {(kind, row_id): text for kind in KEPT for row_id, text in texts_of(contest_id, kind)}
    links = iter(links_of(contest_id))
    while piece := list(islice(links, AT_A_TIME)):
        texts, ids = {}, defaultdict(set)
        for link in piece:
            ids[link.kind].add(link.row_id)
        for kind in ids.keys() & ROWS.keys():
            for row_id, text in texts_of(contest_id, kind, ids[kind]):
                texts[kind, row_id] = text
        for link in piece:
            text = texts.get((link.kind, link.row_id), b"")
            if link.kind in RECORDS:
                text = canonical(link.content or {})
            elif link.kind in KEPT and latest[link.kind, link.row_id] == link.seq:
                text = kept.get((link.kind, link.row_id), b"")
                if not text and is_gone(link.salt, link.digest, link.row_id):
                    text = canonical(gone(link.row_id))
            yield archive_line(*link[:-1], text)
