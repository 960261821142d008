"""Are the plans and published lists in an archive's file those whose digests the chain holds?"""

import hashlib

from contest.audit.chain_rules import canonical

SAID = {"plans": "plan_version", "sheets": "result_sheet"}


def compare_published(published, rows):
    """(documents compared, sentences on what differs). published: the file; rows: ArchivedRows.rows."""
    compared, wrong = 0, []
    for name, kind in SAID.items():
        linked = {row_id: row for row_id, row in rows[kind].items() if not row.get("gone")}
        for one in published[name]:
            compared += 1
            row = linked.pop(one["id"], {})
            # As chain_contents.BY_DIGEST binds it.
            made = hashlib.sha256(canonical({"document": one["document"]})).hexdigest()
            if row.get("document") != made:
                wrong.append(f"published.json: {kind} {one['id']} is not what the chain holds.")
        wrong += [
            f"published.json: {kind} {row_id} is in the chain and not in the file." for row_id in linked
        ]
    awards = {row_id for row_id, row in rows["award"].items() if not row.get("gone")}
    if sorted(awards) != sorted(one["id"] for one in published["awards"]):
        wrong.append("published.json: the awards are not those that the chain holds.")
    return compared, wrong
