#!/usr/bin/env python3
"""Checks a certificate: python3 verify_certificate.py PROOF.json [LIST.json LIST.sig] [FINGERPRINT]

PROOF.json is the holder's file; LIST.json and LIST.sig are the newest signed list, which tells whether
the certificate was revoked since. Needs Python 3.8 and verify_bulletin.py beside it, and nothing else: no
network. It says whether the certificate stands in the signed list and whose key signed that. Whether that
is the organiser's key is for you to compare: the fingerprint is printed on the results' bulletin.
"""

import base64
import hashlib
import json
import sys

try:
    from contest.offline.verify_bulletin import fingerprint_of, is_signed, plain
except ImportError:  # both files lie beside each other, and the rest of the program is not there
    from verify_bulletin import fingerprint_of, is_signed, plain

LIST_DOMAIN = b"contest-certificates/1\n"
CODE_DOMAIN = b"contest-certificate/1\n"
FIELDS = ("Number", "Name", "Award", "Contest", "Issued by", "Issued on")
HEAD, SIGNATURE = 21, 64  # bytes of a code before its text, and of its signature


class SignedList:
    """A signed list: its bytes, what it says, whether its signature holds, and whose key it is."""

    def __init__(self, data, signature):
        self.data, self.said = data, json.loads(data)
        self.public = bytes.fromhex(signature["public_key"])
        self.fingerprint = fingerprint_of(self.public)
        self.holds = self.said["format"] == "contest-certificates/1" and is_signed(
            self.public, LIST_DOMAIN + data, bytes.fromhex(signature["signature"])
        )
        self.contest, self.number = self.said["contest"]["id"], self.said["number"]
        self.size, self.root = self.said["size"], bytes.fromhex(self.said["root"])
        self.withdrawn = {one["leaf"]: one["state"] for one in self.said["withdrawn"]}


def sha(data):
    """SHA-256."""
    return hashlib.sha256(data).digest()


def climbed(leaf, position, size, path):
    """The root to which a path leads from a leaf (RFC 9162, section 2.1.3.2); None where it does not fit."""
    if not 0 <= position < size:
        return None
    here, last, found = position, size - 1, leaf
    for beside in path:
        if last == 0:
            return None
        if here & 1 or here == last:
            found = sha(b"\1" + beside + found)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            found = sha(b"\1" + found + beside)
        here, last = here >> 1, last >> 1
    return found if last == 0 else None


def read_code(text):
    """(what is signed, signature, the six lines that it says) of a certificate's code."""
    raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    data = raw[:-SIGNATURE]
    return data, raw[-SIGNATURE:], data[HEAD:].decode().split("\x1f")


def check(proof, newest=None, fingerprint=None):
    """Pairs (is good, line) of what is found of a proof's document; newest: a SignedList, or None."""
    code, within = proof["code"], SignedList(proof["list"].encode(), proof["signature"])
    data, signature, said = read_code(code)
    yield from ((True, f"{name + ':':<11}{text}") for name, text in zip(FIELDS, said))  # noqa: B905 (Python 3.8)
    leaf = sha(b"\0" + code.encode("ascii"))
    path = [bytes.fromhex(step) for step in proof["path"]]
    if not within.holds:
        yield False, "The signature of the list does NOT hold: it was changed, or is another one's."
        return
    if climbed(leaf, proof["position"], within.size, path) != within.root:
        yield False, "This certificate does NOT stand in the list: it or its path was changed."
        return
    yield True, (f"It stands in list {within.number} of {within.said['contest']['name']}, signed "
                 f"{within.said['at']}: place {proof['position'] + 1} of {within.size}.")
    if sha(within.public)[:4] != data[1:5]:
        yield True, "The certificate's own signature is of an earlier key; the list vouches for it."
    elif not is_signed(within.public, CODE_DOMAIN + data, signature):
        yield False, "The certificate's own signature does NOT hold."
    yield from _withdrawn(within, leaf.hex())
    yield from _newer(within, newest, leaf.hex())
    yield from _whose(within, newest, fingerprint)


def _withdrawn(found, leaf):
    if leaf in found.withdrawn:
        yield False, (f"By list {found.number} at the latest it does NOT stand any more: "
                      f"{found.withdrawn[leaf]}.")


def _newer(within, newest, leaf):
    if newest is None:
        yield True, ("Whether it was revoked after that list was not asked: give the newest list, LIST.json "
                     "and LIST.sig.")
    elif not newest.holds:
        yield False, "The signature of the newest list does NOT hold."
    elif newest.contest != within.contest:
        yield False, "The newest list that you gave is of ANOTHER contest."
    elif newest.number < within.number:
        yield False, "The list that you gave is OLDER than the one in the proof."
    elif newest.number == within.number and newest.data != within.data:
        yield False, "There are two lists of the SAME number that say different things: ask the organiser."
    else:
        if newest.number > within.number:
            yield from _withdrawn(newest, leaf)
        yield True, f"Compared with list {newest.number}, signed {newest.said['at']}."


def _whose(within, newest, fingerprint):
    keys = list(dict.fromkeys(one.fingerprint for one in (within, newest) if one is not None))
    for key in keys:
        yield True, f"Key:       {key}"
    if fingerprint is None:
        yield True, ("Compare the key with the fingerprint on the bulletin: anybody can sign with a key of "
                     "their own.")
    for key in keys if fingerprint is not None else ():
        if plain(key) != plain(fingerprint):
            yield False, "A signature holds, but it is NOT of the key that you named."


def main(arguments):
    """Print what was found; 0 when the certificate stands in the list, 1 when not, 2 for bad files."""
    if not 1 <= len(arguments) <= 4:
        print(__doc__, file=sys.stderr)
        return 2
    names, fingerprint = arguments, None
    if len(arguments) in (2, 4):
        *names, fingerprint = arguments
    is_good = True
    try:
        data = []
        for name in names:
            with open(name, "rb") as file:
                data.append(file.read())
        newest = SignedList(data[1], json.loads(data[2])) if len(data) == 3 else None
        for good, line in check(json.loads(data[0]), newest, fingerprint):
            print(line)
            is_good = is_good and good
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        print(f"These files cannot be read as a proof and a signed list: {error}", file=sys.stderr)
        return 2
    print("The certificate stands in the signed list." if is_good else "This proof does NOT hold.")
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
