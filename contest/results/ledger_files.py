"""The files of an exported ledger: their names and their digest; nothing but the standard library."""

import hashlib

FILES = ("plan.toml", "MARKS.csv", "ENTRANTS.csv")
ANSWER = "answer.json"  # what the program shows
CHAIN = "chain.tsv"
ABOUT = "archive.json"
PUBLISHED = "published.json"  # plans, published lists and names, of a contest that is over
BULLETIN = "bulletin.json"
SIGNATURE = "bulletin.sig"
CERTIFICATES = "certificate-lists.json"  # the signed lists of certificates, and the leaves under their roots
# What an archive calls itself; the last is written, all are read. From 2 on it may hold PUBLISHED.
FORMATS = ("contest-archive/1", "contest-archive/2")
OVER = ("final", "archived")  # states of a contest whose archive can be taken over


def digest_of(files):
    """SHA-256 of the ledger: what `sha256sum plan.toml MARKS.csv ENTRANTS.csv | sha256sum` says."""
    sums = "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in FILES)
    return hashlib.sha256(sums.encode()).hexdigest()
