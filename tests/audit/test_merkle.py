"""Merkle trees: published vectors, the definition of RFC 6962 as the oracle, and what no proof survives."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.audit import merkle_rules as merkle
from contest.offline import verify_certificate

# The inputs and roots of the reference tests of Certificate Transparency (certificate-transparency,
# cpp/merkletree/merkle_tree_test.cc), for the first 0 to 8 leaves.
INPUTS = [bytes.fromhex(text) for text in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
# (place from 0, number of leaves, path) of the same tests.
PATHS = [
    (0, 1, []),
    (0, 8, ["96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"]),
    (5, 8, ["bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"]),
    (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (1, 5, ["6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"]),
]
TREES = st.lists(st.binary(max_size=40), min_size=1, max_size=70, unique=True)


def defined(data):
    """The root as RFC 6962, section 2.1, defines it, word for word."""
    if not data:
        return hashlib.sha256(b"").digest()
    if len(data) == 1:
        return hashlib.sha256(b"\0" + data[0]).digest()
    half = 1
    while half * 2 < len(data):
        half *= 2
    return hashlib.sha256(b"\1" + defined(data[:half]) + defined(data[half:])).digest()


def hashes(data):
    return [merkle.leaf_hash(one) for one in data]


def both(leaf, position, size, path, root):
    """What the rules and the program without the rest of us say; they agree."""
    here = merkle.proves(leaf, position, size, path, root)
    assert (verify_certificate.climbed(leaf, position, size, path) == root) == here
    return here


@pytest.mark.parametrize("count", range(9))
def test_the_roots_of_the_reference_tests(count):
    assert merkle.root_of(hashes(INPUTS[:count])).hex() == ROOTS[count]


@pytest.mark.parametrize(("position", "size", "path"), PATHS)
def test_the_paths_of_the_reference_tests(position, size, path):
    leaves = hashes(INPUTS[:size])
    assert [step.hex() for step in merkle.path_to(leaves, position)] == path
    assert both(leaves[position], position, size, list(map(bytes.fromhex, path)), bytes.fromhex(ROOTS[size]))


@given(st.lists(st.binary(max_size=40), max_size=70))
def test_the_root_is_the_defined_one(data):
    assert merkle.root_of(hashes(data)) == defined(data)


@given(TREES)
def test_every_leaf_is_proven(data):
    leaves = hashes(data)
    root = merkle.root_of(leaves)
    for position, leaf in enumerate(leaves):
        path = merkle.path_to(leaves, position)
        assert len(path) <= max(0, len(leaves) - 1).bit_length()
        assert both(leaf, position, len(leaves), path, root)


@given(TREES, st.data())
def test_another_leaf_place_or_path_is_not(data, draw):
    leaves = hashes(data)
    root, size = merkle.root_of(leaves), len(leaves)
    position = draw.draw(st.integers(0, size - 1))
    path = merkle.path_to(leaves, position)
    other = draw.draw(st.integers(-2, size + 2).filter(lambda one: one != position))
    stranger = draw.draw(st.binary(max_size=40).filter(lambda one: one not in data))

    assert not both(merkle.leaf_hash(stranger), position, size, path, root)
    assert not both(leaves[position], other, size, path, root)
    assert not both(leaves[position], position, size, [*path, root], root)
    if path:
        assert not both(leaves[position], position, size, path[:-1], root)
        assert not both(leaves[position], position, size, [], root)


@given(TREES, st.data())
def test_no_changed_byte_is_forgiven(data, draw):
    leaves = hashes(data)
    root, size = merkle.root_of(leaves), len(leaves)
    position = draw.draw(st.integers(0, size - 1))
    pieces = [leaves[position], root, *merkle.path_to(leaves, position)]
    which = draw.draw(st.integers(0, len(pieces) - 1))
    at, bit = draw.draw(st.integers(0, 31)), draw.draw(st.integers(0, 7))
    changed = bytearray(pieces[which])
    changed[at] ^= 1 << bit
    pieces[which] = bytes(changed)

    assert not both(pieces[0], position, size, pieces[2:], pieces[1])


@given(TREES.filter(lambda data: len(data) > 1), st.data())
def test_another_order_is_another_root(data, draw):
    mixed = draw.draw(st.permutations(data).filter(lambda found: found != data))

    assert merkle.root_of(hashes(mixed)) != merkle.root_of(hashes(data))


def test_a_node_never_passes_for_a_leaf():
    leaves = hashes([b"one", b"two"])
    root = merkle.root_of(leaves)

    assert merkle.leaf_hash(b"".join(leaves)) != root
    assert not both(root, 0, 2, [], root)


@pytest.mark.parametrize("position", [-1, 3])
def test_there_is_no_path_to_a_leaf_that_is_not_there(position):
    with pytest.raises(IndexError, match="no leaf"):
        merkle.path_to(hashes([b"one", b"two", b"three"]), position)
