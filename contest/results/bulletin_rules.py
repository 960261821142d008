"""What a bulletin says, as a plain document and as bytes that are signed; the format is in docs/chain.md."""

import json

from contest.names import masked

FORMAT = "contest-bulletin/1"
SIGNATURE_FORMAT = "contest-signature/1"


def bulletin_document(document, sheet, names, head, key, approvers, settled=()):
    """The bulletin of a published revision.

    document: the ResultSheet's; sheet: the row; names: of contest, host and stage; head: the chain's
    as (seq, hash); key: the fingerprint; approvers: dicts with did, name, at; settled: the SettledHeads.
    """
    return {
        "format": FORMAT,
        "contest": {**document["contest"], "host": names["host"]},
        "stage": {"key": document["stage"], "name": names["stage"], "name_en": names["stage_en"]},
        "revision": sheet.revision, "kind": sheet.kind, "published_at": sheet.at.isoformat(),
        "reason": sheet.reason,
        "plan": {"number": document["plan_number"], "hash": document["plan_hash"]},
        "results_hash": sheet.document_hash,
        "ledger": (sheet.second_count or {}).get("ledger", ""),
        "chain": {"seq": head.seq, "hash": head.hash.hex(), "at": head.at.isoformat()},
        "settled_heads": [
            {"seq": one.seq, "hash": one.hash, "reason": one.reason, "proposed_by": one.proposed_by,
             "confirmed_by": one.confirmed_by, "at": one.at.isoformat()} for one in settled
        ],
        "registered": document["registered"], "competed": document["competed"],
        "list": [_row(row) for row in document["rows"]],
        "teams": [_team(team) for team in document["teams"]],
        "approvers": approvers,
        "key": key,
    }


def _row(row):
    return {
        "place": row["place"], "group": row["group"], "number": row["number"],
        "name": masked(row["name"]), "organisation": row["organisation"], "team": row["team"],
        "total": row["total"], "state": row["state"], "decided_by": row["decided_by"],
        "parts": row["parts"], "modules": row["modules"], "advances": row["advances"],
        **{name: row[name] for name in ("place_overall", "scaled") if name in row},
    }


def _team(team):
    return {
        "place": team["place"], "name": team["name"], "organisation": team["organisation"],
        "total": team["total"], "decided_by": team["decided_by"],
    }


def bulletin_bytes(document):
    """The bytes of a bulletin: JSON with sorted keys, the same for the same facts."""
    return (json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def signature_bytes(public, fingerprint, signature):
    """The bytes of the signature's own file, which lies beside the bulletin."""
    facts = {
        "format": SIGNATURE_FORMAT, "algorithm": "Ed25519", "public_key": public.hex(),
        "fingerprint": fingerprint, "signature": signature.hex(),
    }
    return (json.dumps(facts, sort_keys=True, indent=1) + "\n").encode()


def read_bulletin(data):
    """The document that a bulletin's bytes hold."""
    return json.loads(data)
