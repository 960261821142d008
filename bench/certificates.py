"""A thousand certificates: issued, drawn by the pages' own pieces, put into one archive."""

import io
import struct
import time
import zipfile
import zlib

from sqlalchemy import insert

from bench.installation import STAGE, Installation
from bench.reporting import main
from contest import clock
from contest.accounts.models import Grant, User
from contest.audit import key_actions
from contest.audit.work import Actor
from contest.awards import certificate_actions
from contest.awards.models import Award
from contest.db import about_to_write, db
from contest.results.models import ResultSheet

CERTIFICATES = 1_000
TARGETS = {
    f"{CERTIFICATES:,} certificates drawn and in one archive, s": "≤ 30",
    "longest wait for an answer, s": "≤ 3",
}
STYLE = {
    "issuer": "省总工会", "event": "水泥行业班组长综合管理技能竞赛", "issuer_code": "ZGH", "event_code": "SN",
}


def measure(count=CERTIFICATES):
    """{figure's name: value}; with a picture of a seal and of a signature on each."""
    with Installation(count) as place, place.app.app_context():
        about_to_write(True)
        _grant(place)
        place.app.config["WTF_CSRF_ENABLED"] = False
        actor = Actor(None, "bench")
        signer = key_actions.make_key(actor, place.app.config["SIGNING_KEY"])
        certificate_actions.set_style(actor, place.contest_id, STYLE, picture(400, 400), picture(300, 120))
        began = time.perf_counter()
        certificate_actions.issue_certificates(actor, place.contest_id, signer, "2026-11-27")
        issued = time.perf_counter() - began
        about_to_write(False)
        db.session.remove()
        found = _draw(place, count)
        db.session.remove()
        db.engine.dispose()
    return {f"{count:,} certificates numbered, signed and stored, s": round(issued, 2), **found}


def _grant(place):
    """A final revision and a prize for everybody; an organiser behind the first cookie."""
    now = clock.now()
    sheet = ResultSheet(
        contest_id=place.contest_id, stage=STAGE, revision=1, kind="final", plan_version_id=place.version_id,
        marks_version=1, document={"rows": [], "teams": []}, document_hash="f" * 64, at=now,
    )
    db.session.add(sheet)
    db.session.flush()
    db.session.execute(insert(Award), [
        {"contest_id": place.contest_id, "result_sheet_id": sheet.id, "award_key": "first", "name": "一等奖",
         "entrant_id": one, "place": n, "total": "90.00", "why": {}, "granted_at": now}
        for n, one in enumerate(place.entrant_ids, start=1)
    ])
    user = db.session.query(User).filter_by(login="bench-0").one()
    db.session.add(Grant(user_id=user.id, role="organiser", contest_id=place.contest_id))
    db.session.commit()


def _draw(place, count):
    client = place.app.test_client()
    client.set_cookie(place.app.config["SESSION_COOKIE_NAME"], place.cookies[0])
    address, waits, pages = f"/contests/{place.contest_id}/certificates", [], 0
    began, spent = time.perf_counter(), time.process_time()
    while True:
        asked = time.perf_counter()
        answer = client.post(f"{address}/drawn", headers={"HX-Request": "true"})
        waits.append(time.perf_counter() - asked)
        assert answer.status_code == 200, answer.status
        pages += 1
        if "all.zip" in answer.text:
            break
    asked = time.perf_counter()
    data = client.get(f"{address}/all.zip").data
    ended, spent = time.perf_counter(), time.process_time() - spent
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert len(archive.namelist()) == count
    return {
        f"{count:,} certificates drawn and in one archive, s": round(ended - began, 1),
        "of it on the processor (one core), s": round(spent, 1),
        "of it the archive, s": round(ended - asked, 1), "archive, MB": round(len(data) / 1e6, 1),
        "answers with a progress bar": pages, "longest wait for an answer, s": round(max(waits), 2),
    }


def picture(width, height):
    """A PNG with a clear ground and red noise, as a scanned seal is."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(
        b"\0" + bytes(
            v for x in range(width)
            for v in (200, x * y % 60, 20, 255 if (x * 7 + y * 3) % 11 < 4 else 0)
        )
        for y in range(height)
    )
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


if __name__ == "__main__":
    main(measure, __doc__)
