"""What a tablet sends, as tests make it."""

import io
import json
from uuid import uuid4

from tests import factories

DEVICE = "0123456789abcdef"
HEADERS = {"X-Contest": "1"}


def made(seq, base_rev=0, kind="draft", marks=None, **changes):
    """An operation as a tablet of today makes it, its `seq`th."""
    return {
        "v": 2, "op_id": str(uuid4()), "base_rev": base_rev, "kind": kind,
        "marks": {"A1": "8.5"} if marks is None else marks, "device": "7F3K",
        "device_id": DEVICE, "device_seq": seq, "entered_at": "2026-11-23T12:00:00+08:00",
    } | changes


def pulse(**changes):
    """What a tablet says of itself."""
    return {
        "v": 2, "device_id": DEVICE, "name": "7F3K", "now": "2026-11-23T04:00:00+00:00", "made": 3,
        "unsent": 0, "battery": 80, "is_charging": False, "keeps_pages": True,
    } | changes


def send(client, sheet_id, body, epoch=None):
    """Send an operation through the tablets' door; `epoch`: the start of the server that it knows."""
    headers = HEADERS if epoch is None else HEADERS | {"X-Epoch": epoch}
    return client.post(f"/api/v1/sheets/{sheet_id}/operations", json=body, headers=headers)


def beat(client, **changes):
    """Send a pulse; what the server answered."""
    return client.post("/api/v1/tablets", json=pulse(**changes), headers=HEADERS)


def report(client, sheet_id, **changes):
    """Report a problem with a sheet."""
    body = {"v": 2, "op_id": str(uuid4()), "reason": "work", "text": "Lid is missing",
            "device_id": DEVICE, "device_seq": 9} | changes
    return client.post(f"/api/v1/sheets/{sheet_id}/flags", json=body, headers=HEADERS)


def file_of(panel, *operations, flags=(), **changes):
    """The file that the first judge's tablet saves, from pairs (sheet id, body)."""
    document = {
        "format": "contest-operations", "v": 2, "user": panel.judges[0].user_id, "device_id": DEVICE,
        "saved_at": "2026-11-23T12:00:00Z",
        "operations": [{"sheet": sheet, "code": "701", "state": "local", "body": body}
                       for sheet, body in operations],
        "flags": [{"sheet": sheet, "body": body} for sheet, body in flags],
    } | changes
    return io.BytesIO(json.dumps(document).encode())


def carry(chief, panel, file, word=factories.WORD):
    """Bring a tablet's file to the chief judge's desk."""
    return chief.post(
        f"/contests/{panel.contest.id}/chief/tablets/file",
        data={"file": (file, "tablet.json"), "word": word}, content_type="multipart/form-data",
    )
