"""The second scorer: every rule of docs/rules/README.md once more, in exact fractions.

It shares no code with the first scorer and imports nothing else of `contest`, so that a mistake has to be
made twice, by two authors, before a wrong figure can stand. Clear before fast; no floating point anywhere.
"""

from contest.recount.answer import recount
from contest.recount.refusal import Refused

__all__ = ["Refused", "recount"]
