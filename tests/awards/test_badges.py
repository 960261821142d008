"""Whoever checks a badge finds whether it still stands: a signed list, one bit a certificate."""

import base64
import gzip
import json

import pytest
from sqlalchemy import select

from contest import clock
from contest.audit.work import Actor
from contest.awards import badges, certificate_actions
from contest.db import db
from contest.registry import actions as registry
from contest.registry.models import Honour
from contest.registry.queries import waiting_awards
from tests.awards.certified import DAY, PETRA, kept_issued_contest

CURATOR = Actor(None, "curator")


@pytest.fixture
def issued(app):
    return kept_issued_contest(app)


def opened(token, signer):
    """What a compact JWT says, after its signature was checked."""
    head, body, signature = token.split(".")
    raw = base64.urlsafe_b64decode(signature + "==")
    signer.key.public_key().verify(raw, f"{head}.{body}".encode())
    return json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))


def is_revoked(status, client, signer):
    """As a verifier does: the list that the badge names, its bit at the badge's place."""
    answer = client.get(status["statusListCredential"].removeprefix("http://localhost"))
    assert (answer.status_code, answer.mimetype) == (200, "application/jwt")
    listed = opened(answer.text, signer)
    subject = listed["credentialSubject"]
    assert listed["id"] == status["statusListCredential"]
    assert listed["type"] == ["VerifiableCredential", "BitstringStatusListCredential"]
    assert (subject["type"], subject["statusPurpose"]) == ("BitstringStatusList", "revocation")
    kept = subject["encodedList"]
    assert kept[0] == "u"
    bits = gzip.decompress(base64.urlsafe_b64decode(kept[1:] + "=" * (-len(kept[1:]) % 4)))
    assert len(bits) * 8 == 131_072
    place = int(status["statusListIndex"])
    return bool(bits[place // 8] & (0x80 >> place % 8))


def status_of(certificate, contest, as_role, signer):
    answer = as_role("organiser").get(f"/contests/{contest.id}/certificates/{certificate.id}.badge")
    status = opened(answer.text, signer)["credentialStatus"]
    assert (status["type"], status["statusPurpose"]) == ("BitstringStatusListEntry", "revocation")
    assert status["id"] == f"{status['statusListCredential']}#{status['statusListIndex']}"
    return status


def test_a_revoked_honour_shows_its_badge_as_revoked_and_no_other(issued, client, as_role):
    contest, _, made, signer = issued
    statuses = [status_of(one, contest, as_role, signer) for one in made]
    assert [is_revoked(one, client, signer) for one in statuses] == [False] * 4
    [waiting] = [rows for of, rows in waiting_awards() if of.id == contest.id]
    registry.confirm_honours(
        CURATOR, contest.id, [award.id for award in waiting], "省总工会", "1号", DAY, is_checked=True
    )

    honour = db.session.scalar(select(Honour).filter_by(award_id=made[1].award_id))
    registry.revoke_honour(CURATOR, honour.id, "冒名顶替")

    assert [is_revoked(one, client, signer) for one in statuses] == [False, True, False, False]


def test_one_that_was_revoked_or_issued_anew_does_not_stand_and_its_successor_does(issued, client, as_role):
    contest, _, made, signer = issued
    statuses = [status_of(one, contest, as_role, signer) for one in made[:2]]
    certificate_actions.revoke_certificate(PETRA, contest.id, made[0].id, "写错了单位")
    new = certificate_actions.reissue_certificate(PETRA, contest.id, made[1].id, signer, DAY)
    statuses.append(status_of(new, contest, as_role, signer))
    assert [is_revoked(one, client, signer) for one in statuses] == [True, True, False]


def test_a_list_that_nobody_stands_in_is_not_there(app, issued, client):
    assert client.get("/c/status/0").status_code == 200
    assert client.get("/c/status/1").status_code == 404


def test_without_a_key_there_is_no_list(app, issued, client):
    app.config["SIGNING_KEY"].unlink()
    assert client.get("/c/status/0").status_code == 404


@pytest.mark.parametrize(("number", "place"), [
    (1, (0, 1)), (131_071, (0, 131_071)), (131_072, (1, 0)), (400_000, (3, 6_784)),
])
def test_the_place_of_a_certificate(number, place):
    assert badges.list_of(number) == place


@pytest.mark.parametrize("place", [0, 7, 8, 131_071])
def test_the_first_place_is_the_leftmost_bit(issued, place):
    signer = issued[3]
    listed = opened(badges.status_credential([place], signer, "b", "a", clock.now()), signer)
    kept = listed["credentialSubject"]["encodedList"][1:]
    bits = gzip.decompress(base64.urlsafe_b64decode(kept + "=" * (-len(kept) % 4)))
    assert "".join(f"{one:08b}" for one in bits).index("1") == place
