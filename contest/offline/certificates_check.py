"""The signed lists of certificates in an archive: signatures, roots, order, and whether the chain knows."""

import hashlib

from contest.audit.merkle_rules import root_of
from contest.offline.verify_bulletin import plain
from contest.offline.verify_certificate import SignedList

FORMAT = "contest-certificate-lists/1"


class CertificateLists:
    """Every signed list of an archive, the first one first, and the leaves that they are over."""

    def __init__(self, document):
        if document["format"] != FORMAT:
            raise ValueError(f"unknown format {document['format']!r}")
        self.leaves = [bytes.fromhex(leaf) for leaf in document["leaves"]]
        self.lists = [SignedList(one["list"].encode(), one["signature"]) for one in document["lists"]]

    def judge(self, key, told, contest_id):
        """Pairs (is good, line). key: the fingerprint to expect, or None; told: what the chain says."""
        known = {
            row["facts"]["list_hash"] for _, kind, row in told
            if kind == "trail" and "list_hash" in row["facts"]
        }
        wrong = [line for found in self.lists for line in self._wrong(found, key, known, contest_id)]
        wrong += self._wrong_order(known)
        if wrong:
            return [(False, f"Certificates: {line}") for line in wrong]
        last = self.lists[-1]
        lines = [(True, f"Certificates: {len(self.lists)} signed lists, the last over {last.size} "
                        f"certificates, {len(last.withdrawn)} of them taken back; every root counted again, "
                        "all equal.")]
        if key is None:
            keys = ", ".join(dict.fromkeys(found.fingerprint for found in self.lists))
            lines.append((True, f"  Not vouched for: whose key signed them ({keys}). Compare it with the "
                                "paper."))
        return lines

    def _wrong(self, found, key, known, contest_id):
        if not found.holds:
            yield f"the signature of list {found.number} does NOT hold."
        if key is not None and plain(key) != plain(found.fingerprint):
            yield f"list {found.number} is NOT of the key that was given."
        if found.contest != contest_id:
            yield f"list {found.number} is of another contest."
        if found.size > len(self.leaves) or root_of(self.leaves[:found.size]) != found.root:
            yield f"the root of list {found.number} is NOT that of the leaves."
        if not set(found.withdrawn) <= {leaf.hex() for leaf in self.leaves[:found.size]}:
            yield f"list {found.number} takes back what does not stand in it."
        if hashlib.sha256(found.data).hexdigest() not in known:
            yield f"the chain does not know of list {found.number}."

    def _wrong_order(self, known):
        before, size, gone = "", 0, set()
        for number, found in enumerate(self.lists, 1):
            if found.number != number or found.said["previous"] != before:
                yield f"list {found.number} does not follow the one before it."
            if found.size < size or not gone <= set(found.withdrawn):
                yield f"list {found.number} leaves out what stood in the one before it."
            before, size, gone = hashlib.sha256(found.data).hexdigest(), found.size, set(found.withdrawn)
        if size != len(self.leaves):
            yield "there are leaves that no list signs."
        if len(known) > len(self.lists):
            yield f"the chain knows of {len(known)} lists, here are {len(self.lists)}."
