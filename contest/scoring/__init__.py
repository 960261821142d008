"""The law of the marks: how what the judges write down becomes marks, places and prizes.

The law of this folder: numpy and the standard library, nothing else. No clock, no chance, no
database, no names: people are numbers in an array. What a function needs, it is given. Every
amount is a whole number of *units* (1 point = 10,000 units) in an int64 array, or an exact
fraction of units (`exact.Exact`); a number is rounded in `rounding.py` and nowhere else, at the
steps the plan names. A missing mark is never zero: where a mark is missing the answer is
"not done", shown beside the number.

    clause 1   scheme.py      the plan: stages, parts, modules, criteria, aspects, awards
               scheme_fields.py, scheme_reading.py, scheme_checks.py, limits.py   reading it
    clause 2   marks.py       what a mark is, and what it earns
               book.py        all marks of a contest, as arrays
    clause 3   panel.py       several judges, one mark
    clause 4   totals.py      module to part to stage
    clause 5   penalties.py   what is taken off, and when
    clause 6   rounding.py    the one place where a number is rounded
               units.py, exact.py   units as text, columns of exact fractions
    clause 7   ranking.py     places and ties
               teams.py       members to team
    clause 8   advancing.py   who goes on to the next stage
    clause 9   medals.py      from places to prizes and titles
               score.py       the whole road, one clause a line; standings.py, its result
               receipt.py, receipt_*.py   the same road for one entrant or team, every step shown
"""

UNITS_PER_POINT = 10_000
