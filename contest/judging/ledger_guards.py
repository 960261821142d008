"""What the database itself holds the ledger to, as triggers for SQLite and for PostgreSQL.

ORDER: what is handed in, confirmed or struck out is followed by the chief judge's opening or striking
out and by nothing else; only what was handed in again is confirmed. NO_GAP: a revision follows one that
is there, or ORDER would have nothing to look at. PLACE: a sheet stays the sheet of its module, entrant
and seat.
"""

_CLOSED = "('submit', 'resubmit', 'confirm', 'excuse')"
_BEFORE = (
    "(SELECT kind FROM sheet_revision WHERE sheet_id = NEW.sheet_id AND rev = NEW.rev - 1)"
)
_WRONG = (
    f"(NEW.kind IN ('draft', 'submit', 'resubmit') AND {_BEFORE} IN {_CLOSED})"
    f" OR (NEW.kind = 'confirm' AND COALESCE({_BEFORE}, '') <> 'resubmit')"
)
_FROM_NOTHING = (
    "NEW.rev > 1 AND NOT EXISTS (SELECT 1 FROM sheet_revision WHERE sheet_id = NEW.sheet_id "
    "AND rev = NEW.rev - 1)"
)
_COLUMNS = "contest_id, module_key, entrant_id, seat"

ORDER = (
    [
        "CREATE TRIGGER sheet_revision_order BEFORE INSERT ON sheet_revision "
        f"WHEN {_WRONG} BEGIN SELECT RAISE(ABORT, 'this sheet is closed'); END",
    ],
    [
        "CREATE OR REPLACE FUNCTION refuse_closed_sheet() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF {_WRONG} THEN RAISE EXCEPTION 'this sheet is closed'; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER sheet_revision_order BEFORE INSERT ON sheet_revision "
        "FOR EACH ROW EXECUTE FUNCTION refuse_closed_sheet()",
    ],
)
NO_GAP = (
    [
        "CREATE TRIGGER sheet_revision_no_gap BEFORE INSERT ON sheet_revision "
        f"WHEN {_FROM_NOTHING} BEGIN SELECT RAISE(ABORT, 'a revision follows the one before it'); END",
    ],
    [
        "CREATE OR REPLACE FUNCTION refuse_gap_in_sheet() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF {_FROM_NOTHING} THEN RAISE EXCEPTION 'a revision follows the one before it'; END IF; "
        "RETURN NEW; END $$",
        "CREATE TRIGGER sheet_revision_no_gap BEFORE INSERT ON sheet_revision "
        "FOR EACH ROW EXECUTE FUNCTION refuse_gap_in_sheet()",
    ],
)
PLACE = (
    [
        f"CREATE TRIGGER sheet_place BEFORE UPDATE OF {_COLUMNS} ON sheet "
        "BEGIN SELECT RAISE(ABORT, 'a sheet keeps its module, entrant and seat'); END",
    ],
    [
        "CREATE OR REPLACE FUNCTION refuse_other_place() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'a sheet keeps its module, entrant and seat'; END $$",
        f"CREATE TRIGGER sheet_place BEFORE UPDATE OF {_COLUMNS} ON sheet "
        "FOR EACH ROW EXECUTE FUNCTION refuse_other_place()",
    ],
)
