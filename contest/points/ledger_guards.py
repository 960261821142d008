"""What the database itself holds the ledger of points to, besides that no row ever changes.

REVERSAL: a row is taken back by a row of its own, for the same person, unit, kind and day, with the
opposite points; a reversal is never reversed.
"""

_REVERSED = (
    "SELECT 1 FROM points_entry WHERE id = NEW.reverses_id AND reverses_id IS NULL "
    "AND points = -NEW.points AND human_id = NEW.human_id AND organisation_id = NEW.organisation_id "
    "AND kind = NEW.kind AND earned_on = NEW.earned_on"
)
_WRONG = f"NEW.reverses_id IS NOT NULL AND NOT EXISTS ({_REVERSED})"

REVERSAL = (
    [
        "CREATE TRIGGER points_entry_reversal BEFORE INSERT ON points_entry "
        f"WHEN {_WRONG} BEGIN SELECT RAISE(ABORT, 'these points cannot be reversed'); END",
    ],
    [
        "CREATE OR REPLACE FUNCTION refuse_wrong_points() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF {_WRONG} THEN RAISE EXCEPTION 'these points cannot be reversed'; END IF; "
        "RETURN NEW; END $$",
        "CREATE TRIGGER points_entry_reversal BEFORE INSERT ON points_entry "
        "FOR EACH ROW EXECUTE FUNCTION refuse_wrong_points()",
    ],
)
