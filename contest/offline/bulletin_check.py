"""The signed bulletin in an archive: its signature, and whether it belongs to the chain beside it."""

import hashlib

from contest.offline.verify_bulletin import check, plain


class Bulletin:
    """A bulletin and its signature, as bytes."""

    def __init__(self, data, signature):
        self.data = data
        self.holds, self.fingerprint, self.said = check(data, signature)
        self.head = self.said["chain"]["seq"], self.said["chain"]["hash"]

    def judge(self, key, hashes, told):
        """Pairs (is good, line). hashes: {seq: hash} of the chain; told: what it says of bulletins."""
        if not self.holds:
            return [(False, "Bulletin: the signature does NOT hold.")]
        stage, revision = self.said["stage"]["key"], self.said["revision"]
        lines = [(True, f"Bulletin: revision {revision} of stage {stage}, signature holds, "
                        f"key {self.fingerprint}")]
        if key is None:
            lines.append((True, "  Not vouched for: whose key it is. Compare it with the paper (--key)."))
        elif plain(key) != plain(self.fingerprint):
            lines.append((False, "  It is NOT of the key that was given."))
        made = hashes.get(self.head[0])
        if made is not None and made.hex() == self.head[1]:
            lines.append((True, f"  Its head, link {self.head[0]}, is on the chain: the signature vouches "
                                "for everything up to there."))
        else:
            lines.append((False, f"  Its head, link {self.head[0]}, is NOT on the chain: chain and bulletin "
                                 "do not belong together."))
        digest = hashlib.sha256(self.data).hexdigest()
        if not any(kind == "bulletin" and row["hash"] == digest for _, kind, row in told):
            lines.append((False, "  The chain does not know of this bulletin."))
        later = [row["facts"]["revision"] for _, kind, row in told if kind == "trail"
                 and row["did"] in ("results.provisional", "results.final")
                 and row["subject"] == f"stage {stage}" and row["facts"]["revision"] > revision]
        if later:
            lines.append((True, f"  It was replaced: revision {max(later)} was published after it."))
        return lines
