"""Reading a chain from the file of an archive, link by link."""

import json
import re

from contest.audit.chain_rules import DECIDING, DOMAIN, KEPT, ROWS, content_digest, is_gone
from contest.audit.chain_walk import Findings, Walk, strays

_TOLD = re.compile(rb'"did":"(results\.|chain\.settle"|certificate\.(issue|reissue|list)")')


class NotAnArchive(Exception):
    """A file that is no archived chain; one English sentence."""


def check_archive(lines, watch=None, sheets=None, rows=None):
    """(contest id, Findings, {seq: hash}, told) of an archived chain, given as lines of bytes.

    findings.rows counts the rows that were there to be compared; of an erased one only the link is
    left. {seq: hash} has the seqs in `watch` (None beyond the end). told: (seq, kind, content) of what
    speaks of publications, bulletins, settled heads and signed lists of certificates. sheets: an
    ArchivedSheets that hears of each; rows: an ArchivedRows that hears of the others that decide.
    """
    lines = iter(lines)
    contest_id = _read_header(next(lines, b""))
    findings, found, told, bare = Findings(), dict.fromkeys(watch or ()), [], {}
    walk = Walk(contest_id, findings)
    for number, line in enumerate(lines, 2):
        try:
            seq, kind, row_id, micros, late, salt, digest, made, text = line.rstrip(b"\n").split(b"\t")
            link = (int(seq), kind.decode("ascii"), int(row_id), int(micros), late == b"1",
                    bytes.fromhex(salt.decode()), bytes.fromhex(digest.decode()),
                    bytes.fromhex(made.decode()))
            content = json.loads(text) if link[1] not in ROWS and link[1] not in KEPT else None
            if not isinstance(content, dict | None):
                raise ValueError("no record")
        except ValueError as error:
            raise NotAnArchive(f"Line {number} of the chain cannot be read.") from error
        walk.take(*link, content)
        if content is None and text:
            findings.rows += 1
            if content_digest(link[5], text) != link[6]:
                findings.note("content", link[0], link[1], link[2])
        _hear_of_bare(bare, link, text)
        if rows is not None and text and link[1] in rows.rows:
            rows.take(link[1], json.loads(text))
        if link[0] in found:
            found[link[0]] = link[7]
        if sheets is not None and text and (link[1] == "revision" or b'"subject":"sheet ' in text):
            sheets.take(link[1], json.loads(text))
        if link[1] == "bulletin" or (link[1] == "trail" and _TOLD.search(text)):
            told.append((link[0], link[1], json.loads(text)))
    for (kind, row_id), seq in bare.items():
        findings.note("missing", seq, kind, row_id)
    if rows is not None:
        for seq, row_id in strays(findings.shares, rows.rows["award"], rows.rows["entrant"]):
            findings.note("after_close", seq, "award", row_id)
    return contest_id, walk.end(), found, told


def _hear_of_bare(bare, link, text):
    """Rows that decide have their text; of one that may change the latest link alone has it."""
    seq, kind, row_id = link[:3]
    if kind not in DECIDING and kind not in KEPT:
        return  # of a row of the ledger or the trail the text may be erased
    if text or (kind in KEPT and is_gone(link[5], link[6], row_id)):
        bare.pop((kind, row_id), None)
    else:
        bare[kind, row_id] = seq


def _read_header(line):
    try:
        tag, contest_id = line.rstrip(b"\n").split(b"\t")
        if tag == DOMAIN:
            return int(contest_id)
    except ValueError:
        pass  # said below
    raise NotAnArchive("The chain's file does not begin as one of ours.")
