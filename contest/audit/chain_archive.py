"""A contest's chain as lines of a file: every link with the row behind it, to be checked elsewhere."""

from itertools import islice

from contest.audit.chain_queries import AT_A_TIME, links_of, rows_of
from contest.audit.chain_rules import ROWS, archive_header, archive_line, canonical


def archive_lines(contest_id):
    """The bytes of the file, a line for each link; read in pieces. Ask within `db.snapshot()`.

    A link whose row is gone stands there without its text.
    """
    yield archive_header(contest_id)
    links = iter(links_of(contest_id))
    while piece := list(islice(links, AT_A_TIME)):
        texts = {}
        for kind in ROWS:
            ids = {link.row_id for link in piece if link.kind == kind}
            for row in rows_of(contest_id, kind, ids):
                texts[kind, row["id"]] = canonical(row)
        for link in piece:
            text = texts.get((link.kind, link.row_id), b"")
            if link.kind not in ROWS:
                text = canonical(link.content or {})
            yield archive_line(*link[:-1], text)
