#!/usr/bin/env python3
"""Checks a signed results bulletin: python3 verify_bulletin.py bulletin.json bulletin.sig [FINGERPRINT]

Needs Python 3.8 and nothing else: Ed25519 is written out below after RFC 8032, section 5.1. It says
whether the signature holds and whose key it is. Whether that is the organiser's key is for you to
compare: the fingerprint is printed on the bulletin's paper and in the contest's announcements.
"""

import hashlib
import json
import sys

DOMAIN = b"contest-bulletin/1\n"
P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493  # the order of the base point
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def add(one, other):
    """The sum of two points in extended coordinates."""
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c = 2 * one[3] * other[3] * D % P
    d = 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def times(number, point):
    """A point added to itself `number` times."""
    total = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = add(total, point)
        point, number = add(point, point), number >> 1
    return total


def is_same(one, other):
    """Are two points the same?"""
    return (one[0] * other[2] - other[0] * one[2]) % P == 0 and (
        one[1] * other[2] - other[1] * one[2]) % P == 0


def point_of(data):
    """The point that 32 bytes stand for, or None."""
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return (x, y, 1, x * y % P)


BASE = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def is_signed(public, data, signature):
    """Does an Ed25519 signature hold?"""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, first = point_of(public), point_of(signature[:32])
    second = int.from_bytes(signature[32:], "little")
    if key is None or first is None or second >= Q:
        return False
    digest = hashlib.sha512(signature[:32] + public + data).digest()
    challenge = int.from_bytes(digest, "little") % Q
    return is_same(times(second, BASE), add(first, times(challenge, key)))


def fingerprint_of(public):
    """A key in short, as it is printed."""
    text = hashlib.sha256(public).hexdigest()[:32]
    return " ".join(text[at:at + 4] for at in range(0, 32, 4))


def check(data, signature_file):
    """(does it hold, fingerprint of the key, the bulletin) of the bytes of both files."""
    facts = json.loads(signature_file)
    public = bytes.fromhex(facts["public_key"])
    holds = is_signed(public, DOMAIN + data, bytes.fromhex(facts["signature"]))
    return holds, fingerprint_of(public), json.loads(data)


def plain(fingerprint):
    """A fingerprint without what may stand between its digits."""
    return "".join(sign for sign in fingerprint.lower() if sign in "0123456789abcdef")


def lines(said, fingerprint):
    """What a bulletin says, as lines."""
    chain = said["chain"]
    yield f"Contest:  {said['contest']['name']} ({said['contest']['slug']})"
    yield f"Stage:    {said['stage']['name']}, revision {said['revision']}, {said['kind']}"
    yield f"Plan:     version {said['plan']['number']}, {said['plan']['hash']}"
    yield f"Chain:    {chain['seq']}:{chain['hash']}"
    yield f"Listed:   {len(said['list'])}"
    for row in said["list"]:
        yield f"  {row['place'] or '-':>4}  {row['number']:<8} {row['name']}  {row['total']}"
    yield f"Key:      {fingerprint}"


def main(arguments):
    """Print what was found; 0 when the signature holds (under the key named), 1 when not, 2 for bad files."""
    if len(arguments) not in (2, 3):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        with open(arguments[0], "rb") as one, open(arguments[1], "rb") as other:
            holds, fingerprint, said = check(one.read(), other.read())
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"These files cannot be read as a bulletin and its signature: {error}", file=sys.stderr)
        return 2
    if not holds:
        print("The signature does NOT hold: the bulletin was changed, or the signature is another one's.")
        return 1
    for line in lines(said, fingerprint):
        print(line)
    if len(arguments) == 3:
        if plain(arguments[2]) != plain(fingerprint):
            print("The signature holds, but it is NOT of the key that you named.")
            return 1
        print("The signature holds, and it is of the key that you named.")
        return 0
    print("The signature holds. Compare the key with the fingerprint on the paper: anybody can sign with a "
          "key of their own. Whether a later revision replaced it, only the organiser knows.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
