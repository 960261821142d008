"""Reading a chain from the file of an archive, link by link."""

import json
import re

from contest.audit.chain_rules import DOMAIN, ROWS, Findings, Walk, content_digest

_TOLD = re.compile(rb'"did":"(results\.|chain\.settle")')


class NotAnArchive(Exception):
    """A file that is no archived chain; one English sentence."""


def check_archive(lines, watch=None, sheets=None):
    """(contest id, Findings, {seq: hash}, told) of an archived chain, given as lines of bytes.

    findings.rows counts the rows that were there to be compared; of an erased one only the link is
    left. {seq: hash} has the seqs in `watch` (None beyond the end). told: (seq, kind, content) of what
    speaks of publications, bulletins and settled heads. sheets: an ArchivedSheets that hears of each.
    """
    lines = iter(lines)
    contest_id = _read_header(next(lines, b""))
    findings, found, told = Findings(), dict.fromkeys(watch or ()), []
    walk = Walk(contest_id, findings)
    for number, line in enumerate(lines, 2):
        try:
            seq, kind, row_id, micros, late, salt, digest, made, text = line.rstrip(b"\n").split(b"\t")
            link = (int(seq), kind.decode("ascii"), int(row_id), int(micros), late == b"1",
                    bytes.fromhex(salt.decode()), bytes.fromhex(digest.decode()),
                    bytes.fromhex(made.decode()))
            content = json.loads(text) if link[1] not in ROWS else None
        except ValueError as error:
            raise NotAnArchive(f"Line {number} of the chain cannot be read.") from error
        walk.take(*link, content)
        if content is None and text:
            findings.rows += 1
            if content_digest(link[5], text) != link[6]:
                findings.note("content", link[0], link[1], link[2])
        if link[0] in found:
            found[link[0]] = link[7]
        if sheets is not None and text and (link[1] == "revision" or b'"subject":"sheet ' in text):
            sheets.take(link[1], json.loads(text))
        if link[1] == "bulletin" or (link[1] == "trail" and _TOLD.search(text)):
            told.append((link[0], link[1], json.loads(text)))
    return contest_id, walk.end(), found, told


def _read_header(line):
    try:
        tag, contest_id = line.rstrip(b"\n").split(b"\t")
        if tag == DOMAIN:
            return int(contest_id)
    except ValueError:
        pass  # said below
    raise NotAnArchive("The chain's file does not begin as one of ours.")
