"""The law of the marks: how what the judges write down becomes marks, places and prizes.

The law of this folder: numpy and the standard library, nothing else. No clock, no chance, no
database, no names: people are numbers in an array. What a function needs, it is given. Every
amount is a whole number of *units* (1 point = 10,000 units) in an int64 array, or an exact
fraction of units (`exact.Exact`); a number is rounded in `rounding.py` and nowhere else, at the
steps the plan names. A missing mark is never zero: where a mark is missing the answer is
"not done", shown beside the number.

    clause 1   scheme.py, scheme_aspects.py, scheme_awards.py   the plan
               scheme_tables.py, scheme_fields.py, scheme_reading.py   reading it
               scheme_checks.py, aspect_checks.py, award_checks.py, limits.py   refusing it
    clause 2   marks.py       what a mark is; attempts.py, earning.py   what it earns
               book.py        all marks of a contest, as arrays; sheets.py   a judge's sheets
    clause 3   panel.py       several judges, one mark; orders.py   by the judges' orders
    clause 4   modules.py     sheets to module; totals.py, tops.py   to part and stage
    clause 5   penalties.py   what is taken off, and when
    clause 6   rounding.py    the one place where a number is rounded
               units.py, exact.py   units as text, columns of exact fractions
    clause 7   ranking.py, tie_keys.py   places and ties
               teams.py       members to team
    clause 8   advancing.py   who goes on to the next stage
    clause 9   medals.py, award_rules.py, award_conditions.py   from places to prizes and titles
               organisations.py   the table of the organisations
               score.py       the whole road, one clause a line; standings.py, its result
               running.py     the same, kept up to date sheet by sheet
               comparing.py   what a change would change
               receipt.py, receipt_*.py   the same road for one entrant or team, every step shown
    clause 10  agreement.py   how far the judges of a panel agree; warns, never changes a mark
               agreement_measures.py, agreement_sheets.py, agreement_findings.py   W and ICC,
               from seats to judges, what to look at and from which limit on
    clause 11  adjusting.py   rooms made comparable, the 700 scale
"""

UNITS_PER_POINT = 10_000
