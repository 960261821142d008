"""What the database itself holds single rows to that rule on tablets' keys."""

from contest.audit.row_guards import Rows, known, refused_when
from contest.judging.key_rules import ADMIT, ASK, ASK_NO_MORE, WITHDRAW

GUARDS = (
    Rows("device_ruling", (
        known("kind", ASK, ASK_NO_MORE, ADMIT, WITHDRAW),
        refused_when(
            "a word on a key without the key, or a key without one",
            f"(NEW.kind IN ('{ADMIT}', '{WITHDRAW}')) = (NEW.public = '')",
        ),
    )),
)
