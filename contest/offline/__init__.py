"""Scoring from files: a plan and a list of marks in, standings out; no web and no database.

    refusal.py    what is said of a bad file: file, line, and what is allowed
    rows.py       comma-separated files, line by line
    entrants.py   ENTRANTS.csv
    marks.py      MARKS.csv, ten million lines of it if need be
    book.py       both as the book that `contest.scoring` reads
    standings.py  the whole road, stage after stage, and its answer as one object
    words.py      the answer as a table, as csv, and one entrant's receipt
    command.py    `contest score`

The files and the answer are laid down in docs/rules/README.md, section 10.
"""
