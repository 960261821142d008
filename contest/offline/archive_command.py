"""`contest verify FOLDER | ARCHIVE.zip`: 0 when all holds, 1 when something does not, 2 for bad files."""

import argparse
import sys

from contest.audit.chain_rules import read_head
from contest.audit.chain_words import problem_words
from contest.offline import archive_check
from contest.offline.archived_keys import signature_lines
from contest.results.verification_rules import called, printed


def main(arguments):
    """Check an archive and print what holds, what does not, and what cannot be vouched for."""
    given = _parser().parse_args(arguments)
    heads = [read_head(text) for text in given.head]
    if None in heads:
        return _refuse(f"--head {given.head[heads.index(None)]!r}: write it as 128:9f3107ab44c0d2e8…")
    try:
        report = archive_check.check(given.archive, heads, _wait, given.key)
    except archive_check.Unreadable as why:
        return _refuse(str(why))
    is_good = True
    for good, line in lines_of(report):
        is_good = is_good and good
        print(line)
    return 0 if is_good else 1


def _parser():
    parser = argparse.ArgumentParser(
        prog="contest verify",
        description="Checks an archive written by `contest export ledger` or downloaded as ledger.zip: "
        "the chain over ledger and trail, every figure by the second scorer, the signed bulletin. "
        "Needs no database.",
    )
    parser.add_argument("archive", metavar="FOLDER|ARCHIVE.zip")
    parser.add_argument(
        "--head", action="append", default=[], metavar="SEQ:HASH",
        help="a head that was written down elsewhere, as printed; give as many as there are",
    )
    parser.add_argument(
        "--key", metavar="FINGERPRINT", help="the fingerprint of the key that must have signed"
    )
    return parser


def lines_of(report):
    """(is good, line) of everything there is to say, in order."""
    about = report.about
    yield True, f"{about['name_en'] or about['name']}, stage {about['stage']}, exported {about['at']}"
    yield from _chain_lines(report)
    yield from _ledger_lines(report)
    if report.published_file is not None:
        yield True, f"Published: {report.documents} plans and lists compared with the linked digests."
    yield from signature_lines(report.signatures)
    yield from ((False, line) for line in report.wrong)
    if report.bulletin is None:
        yield True, "Bulletin: none in this archive. Not vouched for: who published."
    else:
        yield from report.bulletin
    yield from report.certificates


def _chain_lines(report):
    found = report.findings
    if found.is_whole and found.links:
        yield True, f"Chain: {found.links} links, {found.rows} rows compared, nothing was changed within it."
    elif not found.links:
        yield False, "Chain: empty."
    else:
        yield False, f"Chain: broken, {sum(found.counts.values())} problems."
        for one in found.problems:
            yield False, "  " + problem_words((one.code, one.seq, one.kind, one.row_id), str)
    if found.head:
        yield True, f"  It ends at {found.head.seq}:{found.head.hash.hex()}"
    if found.closed:
        yield True, f"  Closed at link {found.closed}."
    else:
        yield True, "  Not closed: the contest was not archived yet."
    for head in report.heads:
        yield head.state == "fits", f"  Head {head.seq}:{head.digits[:16]}… {HEAD_WORDS[head.state]}"
    yield from _settled_lines(report)
    yield from _range_lines(report)


HEAD_WORDS = {
    "fits": "is on the chain.",
    "differs": "is NOT on the chain: it was made anew at or before this link.",
    "beyond": "lies beyond the end: the chain was cut.",
}


def _settled_lines(report):
    """What people vouch for; it excuses no head that was given, since a forger could write it too."""
    for seq, row in report.settled:
        facts = row["facts"]
        yield True, (f"  Vouched exception, link {seq}: {facts['proposed_by']} and {row['who']} say of heads "
                     f"that are not on the chain: “{facts['reason']}”. Ask them both.")
        for head in facts["heads"]:
            yield True, f"    {head}"


def _range_lines(report):
    end = report.findings.links
    if report.vouched:
        yield True, f"  Vouched for by heads seen elsewhere: links 1 to {report.vouched}."
    if report.vouched < end:
        yield True, (f"  Not vouched for by any head (whoever owned the database could have made them anew): "
                     f"links {report.vouched + 1} to {end}.")
    if report.findings.late:
        yield True, (f"  Linked later than written: links up to {report.findings.late}; nothing is known of "
                     "them before they were linked.")


def _ledger_lines(report):
    yield True, f"Ledger: fingerprint {report.digest}"
    if report.ledger:
        seq, revision = report.ledger
        yield True, f"  These files are those of revision {revision}, published at link {seq}."
    elif report.published:
        yield True, "  Not vouched for: the files are not those of any published revision; marks moved since."
    else:
        yield True, "  Not vouched for by a publication: nothing was published yet."
    yield True, f"  {report.sheets} sheets compared with the linked revisions."
    if report.silent:
        yield True, (f"  Not vouched for: whose {report.silent} sheets are (linked late, or before "
                     "the trail said it).")
    if report.lines is None:
        yield True, ("  Vouched for only by that publication: scores, penalties, adjustments, states, and "
                     "which entry number is whose (this chain is from before they were linked).")
    else:
        yield True, f"  {report.lines} scores, figures, penalties and states compared with the linked rows."
    if report.findings.found and report.findings.found[1]:
        seq, rows = report.findings.found
        yield True, (f"  Not vouched for: what happened before link {seq} to {rows} rows (scores, penalties, "
                     "figures, states, people); they were taken into the chain as found at an upgrade.")
    if not report.differences:
        yield True, f"Second scorer: {report.figures} figures compared, all equal."
        return
    yield False, f"Second scorer: {report.figures} figures compared, {len(report.differences)} differ."
    for each in report.differences:
        yield False, (f"  {called(each.figure).name_en}, {each.figure.field}: shown {printed(each.first)}, "
                      f"counted again {printed(each.second)}")


def _wait(seconds):
    if sys.stderr.isatty():
        print(f"{seconds} s", end="\r", file=sys.stderr)


def _refuse(sentence):
    print(sentence, file=sys.stderr)
    return 2
