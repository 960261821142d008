"""What the database itself holds the quiz ledger to, besides that no row ever changes.

UNDO: an entry is taken back by an entry of its own, for the same entrant of the same module, with the
opposite amount; an undo is never undone.
"""

_UNDONE = (
    "SELECT 1 FROM quiz_entry WHERE id = NEW.undoes_id AND kind <> 'undo' AND amount = -NEW.amount "
    "AND contest_id = NEW.contest_id AND module_key = NEW.module_key "
    "AND entrant_id = NEW.entrant_id"
)
_WRONG = f"NEW.undoes_id IS NOT NULL AND NOT EXISTS ({_UNDONE})"

UNDO = (
    [
        "CREATE TRIGGER quiz_entry_undo BEFORE INSERT ON quiz_entry "
        f"WHEN {_WRONG} BEGIN SELECT RAISE(ABORT, 'this entry cannot be undone'); END",
    ],
    [
        "CREATE OR REPLACE FUNCTION refuse_wrong_undo() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF {_WRONG} THEN RAISE EXCEPTION 'this entry cannot be undone'; END IF; "
        "RETURN NEW; END $$",
        "CREATE TRIGGER quiz_entry_undo BEFORE INSERT ON quiz_entry "
        "FOR EACH ROW EXECUTE FUNCTION refuse_wrong_undo()",
    ],
)
