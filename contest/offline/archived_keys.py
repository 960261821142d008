"""Which operations of an archive their tablets signed, and whether a row says what was signed."""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field

from contest.audit.device_signatures import body_of, what_differs

BY_JUDGES = ("draft", "submit", "resubmit")


@dataclass
class Signatures:
    """What a check of the signatures found.

    admitted, others: operations that are signed, by tablets that the chief judge admitted and by others;
    unsigned: those that are not; followed: how many name the one before them rightly. wrong: sentences.
    """

    admitted: int = 0
    others: int = 0
    unsigned: int = 0
    followed: int = 0
    wrong: list = field(default_factory=list)

    @property
    def signed(self):
        """How many operations are signed."""
        return self.admitted + self.others


class ArchivedKeys:
    """The linked rows of the ledger, taken in the order of the chain."""

    def __init__(self):
        self.signers, self.unsigned, self.numbered, self.wrong = Counter(), 0, {}, []
        self.again = {}  # sheet id: marks that were handed in again and wait for the chief judge

    def take(self, row):
        """One linked row of the ledger, as it stands in the archive."""
        self._confirmed(row)
        if row.get("kind") not in BY_JUDGES:
            return
        if not row.get("signature"):
            self.unsigned += 1
            return
        differs = what_differs({"signer": "", "signed": ""} | row)
        if differs:
            where = f"Sheet {row.get('sheet_id')}, revision {row.get('rev')}"
            self.wrong.append(f"{where}: {differs}: not what its tablet signed.")
            return
        self.signers[row["signer"]] += 1
        body = body_of(row)
        digest = hashlib.sha256(body.encode()).hexdigest()
        place = row.get("device_id"), row.get("device_seq")
        self.numbered[place] = digest, json.loads(body).get("prev", ""), row["sheet_id"], row["rev"]

    def _confirmed(self, row):
        """The chief judge confirms what a judge handed in again, and no other marks: no tablet signs those.

        Of a row whose text was erased nothing can be said.
        """
        sheet_id, marks = row.get("sheet_id"), row.get("marks")
        if row.get("kind") == "resubmit":
            self.again[sheet_id] = marks
        elif row.get("kind") == "confirm" and marks != self.again.pop(sheet_id, marks):
            where = f"Sheet {sheet_id}, revision {row.get('rev')}"
            self.wrong.append(f"{where}: the marks that were confirmed are not those that were handed in.")

    def judge(self, rulings):
        """Signatures. rulings: {id: row} of what chief judges ruled on keys."""
        latest = {}
        for _, row in sorted(rulings.items()):
            if row["kind"] in ("admit", "withdraw"):
                latest[row["public"]] = row["kind"] == "admit"
        admitted = sum(count for signer, count in self.signers.items() if latest.get(signer))
        found = Signatures(admitted, self.signers.total() - admitted, self.unsigned, 0, list(self.wrong))
        for (device, number), (_, prev, sheet_id, rev) in self.numbered.items():
            before = self.numbered.get((device, (number or 0) - 1))
            if not prev or before is None:
                continue
            if prev == before[0]:
                found.followed += 1
            else:
                found.wrong.append(
                    f"Sheet {sheet_id}, revision {rev}: operation {number} of tablet {device[:4].upper()} "
                    f"does not follow its operation {number - 1}: one of the two was not made there."
                )
        return found


def signature_lines(found):
    """Pairs (is good, line) of a Signatures; what is wrong is said where all that is wrong is."""
    if not found.signed and not found.wrong:
        yield True, "Signatures: none; no operation is signed by its tablet."
        return
    every = found.signed + found.unsigned
    yield True, (
        f"Signatures: {found.signed} of {every} operations are signed by their tablets, {found.admitted} of "
        "them by tablets that the chief judge admitted."
    )
    if found.followed:
        yield True, f"  {found.followed} of them name the operation before them on the same tablet, rightly."
    if found.unsigned:
        yield True, (f"  Not vouched for by a signature: {found.unsigned} operations (from paper, from pages "
                     "without https or a script, or by the program).")
