"""Certificates from granted awards: issued, checked, held back, issued anew, revoked."""

import base64
import io
import json
import re
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from bench.certificates import picture
from contest import clock
from contest.audit import key_actions
from contest.audit.models import TrailRow
from contest.audit.work import Actor
from contest.awards import certificate_actions, certificate_papers, certificate_queries
from contest.awards import certificate_rules as rules
from contest.awards.certificate_routes import LOOKUPS
from contest.awards.models import Award
from contest.db import db
from contest.documents.certificates import certificates_pdf
from contest.errors import Conflict, Invalid
from contest.people.models import Human
from contest.registry import actions as registry
from contest.registry.models import Honour
from contest.registry.queries import waiting_awards
from tests import factories
from tests.awards.certified import (
    DAY,
    PETRA,
    POINTS,
    STYLE,
    granted_contest,
    issued_contest,
    kept_issued_contest,
)

BASE = "https://match.example.org/c"
RARE = "張\U0002CEFF"  # of Extension F: our letters lack it


@pytest.fixture(autouse=True)
def nobody_asked():
    LOOKUPS.forget()


@pytest.fixture
def issued(app):
    return kept_issued_contest(app)


def rename(entrant, name):
    db.session.get(Human, entrant.human_id).name = name
    db.session.commit()


def test_each_award_gets_one_certificate_with_a_number_of_its_own(issued):
    contest, _, made, signer = issued
    assert [one.name for one in made] == ["张三", "张三", "李四", "王五"]
    assert made[0].number.startswith("ZGH-2026-SN26-FIRST-0001-")
    assert len({one.number for one in made}) == len({one.token for one in made}) == 4
    assert all(rules.tidy_number(one.number) == one.number for one in made)
    again, held = certificate_actions.issue_certificates(PETRA, contest.id, signer, DAY)
    assert (again, held) == ([], [])


def test_none_is_made_without_awards_a_look_or_a_key(app):
    contest, _ = granted_contest()
    with pytest.raises(Conflict, match="look"):
        certificate_actions.issue_certificates(PETRA, contest.id, None, DAY)
    certificate_actions.set_style(PETRA, contest.id, STYLE)
    with pytest.raises(Conflict, match="key"):
        certificate_actions.issue_certificates(PETRA, contest.id, None, DAY)


def test_a_number_in_use_elsewhere_is_refused(app, issued):
    _, _, _, signer = issued
    other, _ = granted_contest(slug="other")
    certificate_actions.set_style(PETRA, other.id, STYLE)
    with pytest.raises(Conflict, match="in use"):
        certificate_actions.issue_certificates(PETRA, other.id, signer, DAY)
    assert certificate_queries.find_style(other.id).last_serial == 0


def test_a_look_that_cannot_be_taken_names_each_field(app):
    contest, _ = granted_contest()
    with pytest.raises(Invalid) as refused:
        certificate_actions.set_style(
            PETRA, contest.id, {**STYLE, "issuer": RARE, "issuer_code": "总", "pattern": "x"}, seal=b"GIF"
        )
    assert set(refused.value.fields) == {"issuer", "issuer_code", "pattern", "seal"}
    assert certificate_queries.find_style(contest.id) is None


def test_a_code_with_our_signature_that_is_listed_is_valid(issued):
    _, _, made, _ = issued
    shown = certificate_queries.judge_code(f"{BASE}#{made[0].code}")
    assert (shown.state, shown.said.name, shown.revision) == ("listed", "张三", 2)


def test_a_number_alone_shows_a_masked_name(issued):
    _, _, made, _ = issued
    shown = certificate_queries.judge_number(made[0].number.lower())
    assert (shown.state, shown.masked_name, shown.said) == ("listed", "张*", None)
    assert certificate_queries.judge_number("ZGH-2026-SN26-FIRST-0009-A").state == "unknown"


def test_the_public_page_asks_for_no_account_and_masks_the_name(client, issued):
    _, _, made, _ = issued
    assert client.get("/c").status_code == 200
    page = client.post("/c", data={"number": made[0].number})
    assert "张*" in page.text
    assert "张三" not in page.text
    page = client.post("/c", data={"code": made[0].code})
    assert "张三" in page.text


def test_whoever_tries_numbers_is_made_to_wait_but_a_signed_code_is_always_answered(client, issued):
    _, _, made, _ = issued
    answers = [client.post("/c", data={"number": f"ZGH-{at}"}) for at in range(rules.MOST_LOOKUPS + 1)]
    assert [one.status_code for one in answers] == [200] * rules.MOST_LOOKUPS + [429]
    assert client.post("/c", data={"code": made[0].code}).status_code == 200


def test_a_name_with_characters_that_our_letters_lack_is_held_until_somebody_says_how(app):
    contest, entrants, made, signer = issued_contest(app, {**POINTS, RARE: ("70", "6")})
    assert RARE not in {one.name for one in made}
    # The plan gives the title to three; the fourth is beyond it, so the rare one takes another's place.
    rename(entrants["张三"], RARE)
    line = certificate_queries.list_lines(contest.id)[0]
    assert line.missing == (RARE[1],)
    assert line.state == "renamed"
    with pytest.raises(Conflict, match="U\\+2CEFF"):
        certificate_actions.reissue_certificate(PETRA, contest.id, made[0].id, signer, DAY)
    with pytest.raises(Invalid, match="too"):
        certificate_actions.set_printed_name(PETRA, contest.id, line.award.id, RARE)
    certificate_actions.set_printed_name(PETRA, contest.id, line.award.id, "张（木）")
    fresh = certificate_actions.reissue_certificate(PETRA, contest.id, made[0].id, signer, DAY)
    style = certificate_queries.find_style(contest.id)
    assert certificate_papers.paper_of(
        fresh, style, BASE, certificate_queries.find_printed(fresh.award_id)
    ).name == "张（木）"
    assert rules.read_code(fresh.code).said.name == RARE


def test_a_held_name_is_not_issued_and_counted(app):
    signer = key_actions.make_key(PETRA, app.config["SIGNING_KEY"])
    contest, entrants = granted_contest()
    certificate_actions.set_style(PETRA, contest.id, STYLE)
    rename(entrants["李四"], RARE)
    made, held = certificate_actions.issue_certificates(PETRA, contest.id, signer, DAY)
    assert [line.name for line in held] == [RARE]
    assert len(made) == 3


def test_a_reissued_certificate_says_by_which_it_was_replaced(client, issued):
    contest, entrants, made, signer = issued
    rename(entrants["王五"], "王武")
    old = made[3]
    fresh = certificate_actions.reissue_certificate(PETRA, contest.id, old.id, signer, DAY)
    assert certificate_queries.judge_code(old.code).state == "replaced"
    assert fresh.number in client.post("/c", data={"number": old.number}).text
    assert certificate_queries.judge_code(fresh.code).said.name == "王武"
    with pytest.raises(Conflict):
        certificate_actions.reissue_certificate(PETRA, contest.id, old.id, signer, DAY)


def test_a_revoked_certificate_says_when_and_why(client, issued):
    contest, _, made, _ = issued
    with pytest.raises(Invalid):
        certificate_actions.revoke_certificate(PETRA, contest.id, made[0].id, " ")
    certificate_actions.revoke_certificate(PETRA, contest.id, made[0].id, "成绩造假")
    assert certificate_queries.judge_code(made[0].code).state == "revoked"
    assert "成绩造假" in client.post("/c", data={"number": made[0].number}).text


def test_a_revoked_honour_takes_its_certificate_with_it(issued):
    contest, _, made, _ = issued
    [waiting] = [rows for of, rows in waiting_awards() if of.id == contest.id]
    curator = Actor(None, "curator")
    registry.confirm_honours(
        curator, contest.id, [award.id for award in waiting], "省总工会", "1号", DAY, is_checked=True
    )
    honour = db.session.scalar(select(Honour).filter_by(award_id=made[0].award_id))
    registry.revoke_honour(curator, honour.id, "冒名顶替")
    shown = certificate_queries.judge_code(made[0].code)
    assert (shown.state, shown.certificate.revoked_reason) == ("revoked", "冒名顶替")
    assert certificate_queries.judge_code(made[1].code).state == "listed"


def test_the_office_draws_all_of_them_in_pieces_and_takes_them_home(app, issued, as_role):
    contest, _, made, _ = issued
    organiser = as_role("organiser")
    where = f"/contests/{contest.id}/certificates"
    assert organiser.get(f"{where}/all.zip").status_code == 409
    piece = organiser.post(f"{where}/drawn", headers={"HX-Request": "true"})
    assert "certificate-progress" in piece.text
    archive = zipfile.ZipFile(io.BytesIO(organiser.get(f"{where}/all.zip").data))
    assert sorted(archive.namelist()) == sorted(f"{one.number}.pdf" for one in made)
    assert all(archive.read(name).startswith(b"%PDF") for name in archive.namelist())


def test_drawing_goes_on_where_it_was_broken_off(app, issued, tmp_path, monkeypatch):
    monkeypatch.setattr(certificate_papers, "AT_A_TIME", 3)
    contest, _, made, _ = issued
    steps = [
        certificate_papers.draw_some(tmp_path, contest.id, BASE, "zh", seconds=0).drawn for _ in range(2)
    ]
    assert (steps, len(made)) == ([3, 4], 4)
    certificate_actions.set_style(PETRA, contest.id, {**STYLE, "design": "blue"})
    assert certificate_papers.progress(tmp_path, contest.id, "zh").drawn == 0


def test_two_that_draw_at_once_draw_the_bytes_that_one_draws(issued):
    contest, _, made, _ = issued
    style, at = certificate_queries.find_style(contest.id), clock.now()
    papers = [certificate_papers.paper_of(one, style, BASE) for one in made] * 3

    def draw(paper):
        return certificates_pdf([paper], style.design, "zh", at)

    with ThreadPoolExecutor(2) as pool:
        together = list(pool.map(draw, papers))
    assert together == [draw(paper) for paper in papers]
    assert len(set(together)) == len(made)


def test_the_page_of_the_office_shows_states_and_takes_a_look(issued, as_role):
    contest, entrants, _, _ = issued
    rename(entrants["王五"], "王武")
    organiser = as_role("organiser")
    where = f"/contests/{contest.id}/certificates"
    page = organiser.get(where)
    assert page.status_code == 200
    assert "王武" in page.text
    # Nobody has to know what {serial:04d} means: the field speaks in words, and the next number stands below.
    assert "serial:" not in page.text and "{0001}" in page.text
    style = certificate_queries.find_style(contest.id)
    [number] = re.findall(r"gets the number.*?>([A-Z0-9-]+)<", page.text)
    assert rules.tidy_number(number) == number and f"{style.last_serial + 1:04d}" in number
    bad = organiser.post(f"{where}/style", data={**STYLE, "pattern": "no"})
    assert bad.status_code == 422
    assert "no" in bad.text
    assert organiser.get(f"{where}/sample.png").data.startswith(b"\x89PNG")


def test_before_certificates_are_issued_it_is_told_that_no_phone_could_check_them(app, as_role):
    contest, _ = granted_contest()
    page = as_role("organiser")
    for address, is_told in (("http://127.0.0.1:8000", True), ("https://contest.example", False)):
        app.config["ADDRESS"] = address
        shown = page.get(f"/contests/{contest.id}/certificates").text
        assert ("would find nothing behind the codes" in shown) is is_told


def test_a_deed_about_a_certificate_is_in_the_trail(issued):
    did = set(db.session.scalars(select(TrailRow.did)).all())
    assert {"certificate.style", "certificate.issue"} <= did


def test_an_open_badge_holds_under_our_key(issued, as_role):
    contest, _, made, signer = issued
    answer = as_role("organiser").get(f"/contests/{contest.id}/certificates/{made[0].id}.badge")
    head, body, signature = answer.text.split(".")
    raw = base64.urlsafe_b64decode(signature + "==")
    signer.key.public_key().verify(raw, f"{head}.{body}".encode())
    facts = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    assert facts["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert facts["credentialSubject"]["achievement"]["name"] == "一等奖"


def test_one_that_was_revoked_by_mistake_gets_a_successor_and_stays_revoked(issued):
    contest, _, made, signer = issued
    certificate_actions.revoke_certificate(PETRA, contest.id, made[0].id, "写错了单位")
    new = certificate_actions.reissue_certificate(PETRA, contest.id, made[0].id, signer, DAY)
    assert new.number != made[0].number
    assert certificate_queries.judge_code(made[0].code).state == "revoked"
    assert certificate_queries.judge_code(new.code).state == "listed"
    with pytest.raises(Conflict, match="Only the newest"):
        certificate_actions.reissue_certificate(PETRA, contest.id, made[0].id, signer, DAY)


def test_an_award_whose_honour_was_revoked_gets_no_certificate_neither_first_nor_new(app, as_role):
    signer = key_actions.make_key(PETRA, app.config["SIGNING_KEY"])
    contest, _ = granted_contest()
    certificate_actions.set_style(PETRA, contest.id, STYLE)
    award = certificate_queries.list_lines(contest.id)[0].award
    honour = factories.make_honour(contest, award)
    registry.revoke_honour(PETRA, honour.id, "冒名顶替")
    made, _ = certificate_actions.issue_certificates(PETRA, contest.id, signer, DAY)
    assert award.id not in {one.award_id for one in made}
    assert certificate_queries.list_lines(contest.id)[0].state == "barred"
    assert "none is issued" in as_role("organiser").get(f"/contests/{contest.id}/certificates").text

    other = next(one for one in made if one.name == "李四")
    honour = factories.make_honour(contest, db.session.get(Award, other.award_id))
    registry.revoke_honour(PETRA, honour.id, "冒名顶替")
    assert other.state == "revoked"
    with pytest.raises(Conflict, match="gets no certificate any more"):
        certificate_actions.reissue_certificate(PETRA, contest.id, other.id, signer, DAY)


WHOLE = picture(60, 40)


@pytest.mark.parametrize("data", [
    WHOLE[:-40], WHOLE[:80], WHOLE[:60] + bytes([WHOLE[60] ^ 255]) + WHOLE[61:],
    b"\xff\xd8\xff" + b"x" * 300, b"\xff\xd8\xff" + b"x" * 300 + b"\xff\xd9",
])
def test_a_broken_picture_is_refused_with_a_sentence_and_nothing_is_stored(issued, data):
    contest, _, made, _ = issued
    before = certificate_queries.find_style(contest.id).rev
    with pytest.raises(Invalid) as refused:
        certificate_actions.set_style(PETRA, contest.id, STYLE, seal=data)
    assert "broken or cut off" in str(refused.value.fields["seal"])
    assert certificate_queries.find_style(contest.id).rev == before
    with pytest.raises(Invalid, match="broken or cut off"):
        certificate_actions.set_printed_name(PETRA, contest.id, made[0].award_id, "", data)


def test_a_broken_picture_from_before_stops_the_drawing(issued, tmp_path):
    contest, _, _, _ = issued
    certificate_actions.set_style(PETRA, contest.id, STYLE, seal=WHOLE)
    assert certificate_papers.draw_some(tmp_path, contest.id, "http://x/c", "zh", 60).is_done
    style = certificate_queries.find_style(contest.id)
    style.seal, style.rev = WHOLE[:-40], style.rev + 1
    db.session.commit()
    with pytest.raises(Conflict, match="give it anew"):
        certificate_papers.draw_some(tmp_path, contest.id, "http://x/c", "zh", 60)
