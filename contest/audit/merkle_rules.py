"""Merkle trees after RFC 6962, section 2.1: one root over many leaves, and the proof that one is among them.

A leaf's hash begins with the byte 0, a node's with the byte 1, so that neither passes for the other.
"""

import hashlib

EMPTY = hashlib.sha256(b"").digest()


def leaf_hash(data):
    """The hash of one leaf: SHA-256 over the byte 0 and its data."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left, right):
    """The hash of two nodes side by side: SHA-256 over the byte 1 and both."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(leaves):
    """The root over the hashes of leaves in their order; of none the hash of nothing."""
    return _levels(leaves)[-1][0] if leaves else EMPTY


def path_to(leaves, position):
    """The proof that the leaf at `position` is under the root: its neighbours, the lowest first.

    Raises IndexError for a position where no leaf is.
    """
    if not 0 <= position < len(leaves):
        raise IndexError(f"no leaf {position} among {len(leaves)}")
    path = []
    for row in _levels(leaves)[:-1]:
        if (beside := position ^ 1) < len(row):
            path.append(row[beside])
        position //= 2
    return path


def _levels(leaves):
    """All rows of the tree, leaves first; one that has no neighbour goes up as it is.

    That is the same tree as the one of the RFC, which splits at the largest power of two below the number.
    """
    rows = [list(leaves)]
    while len(rows[-1]) > 1:
        row = rows[-1]
        paired = [node_hash(*row[at:at + 2]) for at in range(0, len(row) - 1, 2)]
        rows.append(paired + row[len(paired) * 2:])
    return rows


def proves(leaf, position, size, path, root):
    """Does the path lead from the hash of the leaf at `position` of `size` to this root?

    After RFC 9162, section 2.1.3.2. A path that is too short or too long leads nowhere.
    """
    if not 0 <= position < size:
        return False
    here, last, found = position, size - 1, leaf
    for beside in path:
        if last == 0:
            return False
        if here & 1 or here == last:
            found = node_hash(beside, found)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            found = node_hash(found, beside)
        here, last = here >> 1, last >> 1
    return last == 0 and found == root
