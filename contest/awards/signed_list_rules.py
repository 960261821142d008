"""The signed list of a contest's certificates: what it says, its bytes, and the proof that one stands in it.

The format is in docs/certificates.md. It tells no name: it holds a root, and the leaves of those taken back.
"""

import json

from contest.audit.merkle_rules import leaf_hash, path_to, root_of

FORMAT = "contest-certificates/1"
PROOF_FORMAT = "contest-certificate-proof/1"
ARCHIVE_FORMAT = "contest-certificate-lists/1"
DOMAIN = b"contest-certificates/1\n"


def leaf_of(code):
    """The hash of a certificate's leaf, made of its code; the 128 random bits in that cannot be guessed."""
    return leaf_hash(code.encode("ascii"))


def list_document(contest, results, number, previous, leaves, withdrawn, head, at, key):
    """What the list with this number says.

    results: dicts with stage, revision, results_hash and bulletin; previous: SHA-256 of the list before,
    or ""; leaves: all hashes in their order; withdrawn: {hash: revoked or replaced}; head: the chain's.
    """
    return {
        "format": FORMAT,
        "contest": {"id": contest.id, "slug": contest.slug, "name": contest.name, "name_en": contest.name_en},
        "results": results, "number": number, "previous": previous, "at": at.isoformat(),
        "size": len(leaves), "root": root_of(leaves).hex(),
        "withdrawn": [{"leaf": leaf.hex(), "state": state} for leaf, state in sorted(withdrawn.items())],
        "chain": {"seq": head.seq, "hash": head.hash.hex()} if head else None,
        "key": key,
    }


def list_bytes(document):
    """The bytes of a list that are signed: JSON with sorted keys."""
    return (json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def read_list(data):
    """The document that a list's bytes hold."""
    return json.loads(data)


def withdrawn_in(document):
    """{hash of a leaf: revoked or replaced} of a list's document."""
    return {bytes.fromhex(one["leaf"]): one["state"] for one in document["withdrawn"]}


def proof_bytes(code, leaves, position, data, signature_file):
    """The holder's file: code, its way to the root, and the signed list itself, as bytes."""
    facts = {
        "format": PROOF_FORMAT, "code": code, "position": position,
        "path": [step.hex() for step in path_to(leaves, position)],
        "list": data.decode(), "signature": json.loads(signature_file),
    }
    return (json.dumps(facts, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def archive_bytes(signed, leaves):
    """What an archive holds: each list with its signature, the first one first, and all leaves; as bytes."""
    document = {
        "format": ARCHIVE_FORMAT, "leaves": [leaf.hex() for leaf in leaves],
        "lists": [{"list": data.decode(), "signature": json.loads(file)} for data, file in signed],
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()
