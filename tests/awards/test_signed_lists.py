"""Signed lists of certificates: one with each issue, beside the earlier ones, checked without a network."""

import base64
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import select

from contest.audit import key_actions
from contest.audit.merkle_rules import path_to
from contest.audit.signing import make_key
from contest.awards import certificate_actions, signed_list_actions, signed_list_queries
from contest.awards import signed_list_rules as rules
from contest.db import db
from contest.errors import Conflict, Missing
from contest.offline import archive_command, verify_bulletin, verify_certificate
from contest.people.models import Human
from contest.registry import actions as registry
from contest.registry.models import Honour
from contest.registry.queries import waiting_awards
from contest.results import bulletin_actions, verification_queries
from contest.results.ledger_files import CERTIFICATES
from tests.awards.certified import DAY, PETRA, STYLE, granted_contest, kept_issued_contest

SCRIPTS = [Path(verify_certificate.__file__), Path(verify_bulletin.__file__)]


@pytest.fixture
def issued(app):
    return kept_issued_contest(app)


def proof_in(folder, certificate):
    path = folder / "proof.json"
    path.write_bytes(signed_list_queries.proof_of(certificate))
    return path


def newest_in(folder, contest_id):
    found = signed_list_queries.newest_list(contest_id)
    one, other = folder / "list.json", folder / "list.sig"
    one.write_bytes(found.data)
    other.write_bytes(signed_list_queries.signature_file(found))
    return one, other


def said_of(arguments, capsys):
    code = verify_certificate.main([str(each) for each in arguments])
    return code, capsys.readouterr().out


def reissue(issued, at=3, name="王武"):
    contest, entrants, made, signer = issued
    db.session.get(Human, entrants["王五"].human_id).name = name
    db.session.commit()
    return certificate_actions.reissue_certificate(PETRA, contest.id, made[at].id, signer, DAY)


def test_a_signed_list_comes_with_the_certificates(issued):
    contest, _, made, signer = issued
    [found] = signed_list_queries.lists_of(contest.id)
    said = rules.read_list(found.data)

    assert verify_bulletin.is_signed(signer.public, rules.DOMAIN + found.data, found.signature)
    assert (said["number"], said["size"], said["previous"], said["withdrawn"]) == (1, len(made), "", [])
    assert [(one["stage"], one["revision"]) for one in said["results"]] == [("final", 2)]
    assert not signed_list_queries.is_due(contest.id)


def test_the_list_names_the_bulletin_of_the_results(app):
    signer = key_actions.make_key(PETRA, app.config["SIGNING_KEY"])
    contest, _ = granted_contest()
    bulletin = bulletin_actions.sign_bulletin(PETRA, contest.id, "final", 2, signer)
    certificate_actions.set_style(PETRA, contest.id, STYLE)
    certificate_actions.issue_certificates(PETRA, contest.id, signer, DAY)
    [told] = rules.read_list(signed_list_queries.newest_list(contest.id).data)["results"]

    assert told["bulletin"] == hashlib.sha256(bulletin.data).hexdigest()


def test_the_list_tells_no_name_and_no_number(issued):
    contest, _, made, _ = issued
    data = signed_list_queries.newest_list(contest.id).data.decode()

    assert not [text for one in made for text in (one.name, one.number, one.token) if text in data]


def test_the_leaf_is_counted_with_standard_tools(issued):
    contest, _, made, _ = issued
    # printf '\0%s' "$CODE" | sha256sum
    by_hand = hashlib.sha256(b"\0" + made[2].code.encode()).digest()

    assert signed_list_queries.leaves_of(contest.id)[2] == by_hand


def steps_of(position, size, path):
    """Each neighbour with its side, as docs/chain.md tells it."""
    for beside in path:
        while position % 2 == 0 and position + 1 == size:
            position, size = position // 2, (size + 1) // 2
        yield beside, position % 2 == 1
        position, size = position // 2, (size + 1) // 2


STANDARD = [shutil.which(name) for name in ("bash", "sha256sum", "xxd", "openssl", "jq")]


@pytest.mark.skipif(None in STANDARD, reason="needs bash, sha256sum, xxd, jq and openssl")
@pytest.mark.parametrize("which", range(5))
def test_the_documented_commands_reach_the_root_and_check_the_signature(issued, tmp_path, which):
    fresh = reissue(issued)
    leaves = signed_list_queries.leaves_of(issued[0].id)
    found = signed_list_queries.newest_list(issued[0].id)
    (tmp_path / "certificates-2.json").write_bytes(found.data)
    (tmp_path / "certificates-2.sig").write_bytes(signed_list_queries.signature_file(found))
    code = [*issued[2], fresh][which].code
    told = Path(__file__).parents[2].joinpath("docs/chain.md").read_text("utf-8")
    told = told.partition("## Certificates under a root")[2].partition("## The signed bulletin")[0]
    commands = [line.partition("   #")[0].strip() for line in told.splitlines() if line.startswith("    ")]
    leaf, right, left = (line for line in commands if line.endswith("| sha256sum"))

    def typed(command, **values):
        done = subprocess.run(
            ["bash", "-c", command], cwd=tmp_path, env=os.environ | values, capture_output=True, text=True,
            check=True,
        )
        return done.stdout.split(" ")[0].strip()

    here = typed(leaf, CODE=code)
    path = [step.hex() for step in path_to(leaves, which)]
    for beside, is_left in steps_of(which, len(leaves), path):
        here = typed(left if is_left else right, H=here, S=beside)
    assert here == rules.read_list(found.data)["root"]
    typed("\n".join(line for line in commands if not line.endswith("| sha256sum")))
    (tmp_path / "certificates-2.json").write_bytes(found.data + b" ")
    with pytest.raises(subprocess.CalledProcessError):
        typed("\n".join(line for line in commands if not line.endswith("| sha256sum")))


def test_every_certificate_is_proven_by_its_file(issued, tmp_path, capsys):
    contest, _, made, signer = issued
    for at, one in enumerate(made, 1):
        code, said = said_of([proof_in(tmp_path, one), signer.fingerprint], capsys)
        assert code == 0
        assert one.number in said
        assert one.name in said
        assert f"place {at} of {len(made)}" in said
    assert said_of([tmp_path / "proof.json", *newest_in(tmp_path, contest.id)], capsys)[0] == 0


def test_the_programs_alone_need_nothing_but_python(issued, tmp_path):
    contest, _, made, signer = issued
    for script in SCRIPTS:
        shutil.copy(script, tmp_path)
        assert len(script.read_text("utf-8").splitlines()) <= 200
    files = [proof_in(tmp_path, made[0]), *newest_in(tmp_path, contest.id)]

    done = subprocess.run(
        [sys.executable, "verify_certificate.py", *files, signer.fingerprint], capture_output=True, text=True,
        check=False, cwd=tmp_path, env={"PYTHONIOENCODING": "utf-8"},
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("The certificate stands in the signed list.\n")


def other_code(code):
    """The same code with one bit of the name changed."""
    raw = bytearray(base64.urlsafe_b64decode(code + "=" * (-len(code) % 4)))
    raw[-65] ^= 1
    return base64.urlsafe_b64encode(bytes(raw)).rstrip(b"=").decode()


CHANGES = {
    "code": lambda facts: facts | {"code": other_code(facts["code"])},
    "place": lambda facts: facts | {"position": facts["position"] + 1},
    "path": lambda facts: facts | {"path": [bytes(32).hex(), *facts["path"][1:]]},
    "short path": lambda facts: facts | {"path": facts["path"][1:]},
    "order": lambda facts: facts | {"path": facts["path"][::-1]},
    "root": lambda facts: facts | {"list": facts["list"].replace('"root": "', '"root": "00')},
    "taken back": lambda facts: facts | {"list": facts["list"].replace('"size"', ' "size"')},
    "signature": lambda facts: facts | {
        "signature": facts["signature"] | {"signature": "00" * 64},
    },
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_proof_is_told(issued, change, tmp_path, capsys):
    path = proof_in(tmp_path, issued[2][0])
    facts = json.loads(path.read_bytes())
    changed = CHANGES[change](facts)
    assert changed != facts
    path.write_text(json.dumps(changed), "utf-8")

    code, said = said_of([path], capsys)

    assert code == 1
    assert "NOT" in said


def test_another_key_is_told(app, issued, tmp_path, capsys):
    path = proof_in(tmp_path, issued[2][0])

    code, said = said_of([path, "0000 " * 8], capsys)

    assert code == 1
    assert "NOT of the key that you named" in said


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"code": "x"}', "7"])
def test_what_is_no_proof_is_said_in_one_sentence(text, tmp_path, capsys):
    path = tmp_path / "proof.json"
    path.write_text(text)

    assert verify_certificate.main([str(path)]) == 2
    assert "cannot be read" in capsys.readouterr().err
    assert verify_certificate.main([]) == 2


def test_a_reissue_gives_a_new_list_and_the_earlier_one_stays(issued, tmp_path, capsys):
    contest, _, made, _ = issued
    before = proof_in(tmp_path, made[3])
    first = signed_list_queries.newest_list(contest.id).data
    fresh = reissue(issued)
    second, kept = signed_list_queries.lists_of(contest.id)
    said = rules.read_list(second.data)

    assert kept.data == first
    assert (said["number"], said["size"]) == (2, 5)
    assert said["previous"] == hashlib.sha256(first).hexdigest()
    assert said["withdrawn"] == [{"leaf": rules.leaf_of(made[3].code).hex(), "state": "replaced"}]
    assert said_of([before], capsys)[0] == 0  # alone it knows of nothing later, and says so
    code, words = said_of([before, *newest_in(tmp_path, contest.id)], capsys)
    assert code == 1
    assert "does NOT stand any more: replaced" in words
    assert said_of([proof_in(tmp_path, fresh), *newest_in(tmp_path, contest.id)], capsys)[0] == 0


def test_a_revocation_makes_a_list_due_and_the_next_one_tells_it(issued, tmp_path, capsys):
    contest, _, made, signer = issued
    before = proof_in(tmp_path, made[0])
    certificate_actions.revoke_certificate(PETRA, contest.id, made[0].id, "成绩造假")
    assert signed_list_queries.is_due(contest.id)
    signed_list_actions.sign_list(PETRA, contest.id, signer)

    assert not signed_list_queries.is_due(contest.id)
    code, words = said_of([before, *newest_in(tmp_path, contest.id)], capsys)
    assert code == 1
    assert "revoked" in words
    with pytest.raises(Conflict, match="does not stand"):
        signed_list_queries.proof_of(made[0])
    with pytest.raises(Conflict, match="all that there is to say"):
        signed_list_actions.sign_list(PETRA, contest.id, signer)


def test_an_older_or_another_list_is_told(issued, tmp_path, capsys):
    contest, _, made, _ = issued
    older = newest_in(tmp_path, contest.id)
    fresh = proof_in(tmp_path, reissue(issued))

    code, words = said_of([fresh, *older], capsys)
    assert code == 1
    assert "OLDER" in words
    older[0].write_bytes(older[0].read_bytes().replace(b'"size": 4', b'"size": 3'))
    code, words = said_of([fresh, *older], capsys)
    assert code == 1
    assert "newest list does NOT hold" in words


def test_only_a_known_key_signs(app, issued):
    contest, _, made, _ = issued
    certificate_actions.revoke_certificate(PETRA, contest.id, made[0].id, "成绩造假")
    stranger = make_key(app.config["SIGNING_KEY"].with_name("other.pem"))
    for wrong in (None, stranger):
        with pytest.raises(Conflict, match="no signing key"):
            signed_list_actions.sign_list(PETRA, contest.id, wrong)
    assert len(signed_list_queries.lists_of(contest.id)) == 1


def test_certificates_of_before_have_no_proof_until_a_list_is_signed(issued):
    contest, _, made, signer = issued
    for table in ("certificate_list", "certificate_leaf"):  # as an upgrade leaves them
        db.session.execute(db.text(f"DROP TRIGGER {table}_no_delete"))
        db.session.execute(db.text(f"DELETE FROM {table}"))
    db.session.commit()
    with pytest.raises(Missing, match="no signed list yet"):
        signed_list_queries.proof_of(made[0])
    assert signed_list_queries.is_due(contest.id)
    signed_list_actions.sign_list(PETRA, contest.id, signer)
    assert signed_list_queries.proof_of(made[0])


def archived(issued, tmp_path, change=None):
    contest = issued[0]
    verified = tmp_path / "archive"
    verified.mkdir()
    with zipfile.ZipFile(io.BytesIO(verification_queries.zipped_ledger(contest.id)[1])) as files:
        files.extractall(verified)
    if change:
        path = verified / CERTIFICATES
        document = json.loads(path.read_bytes())
        change(document)
        path.write_text(json.dumps(document), "utf-8")
    return verified


def test_an_archive_holds_every_list_and_its_check_counts_every_root(issued, tmp_path, capsys):
    reissue(issued)

    assert archive_command.main([str(archived(issued, tmp_path)), "--key", issued[3].fingerprint]) == 0
    assert "2 signed lists, the last over 5 certificates, 1 of them taken back" in capsys.readouterr().out


def drop_last(document):
    document["lists"].pop()


def swap_leaves(document):
    document["leaves"][0], document["leaves"][1] = document["leaves"][1], document["leaves"][0]


def change_list(document):
    document["lists"][0]["list"] = document["lists"][0]["list"].replace('"size": 4', '"size": 3')


@pytest.mark.parametrize(("change", "words"), [
    (drop_last, "the chain knows of 2 lists, here are 1"),
    (swap_leaves, "root of list 1 is NOT that of the leaves"),
    (change_list, "signature of list 1 does NOT hold"),
    (lambda document: document["leaves"].append("00" * 32), "leaves that no list signs"),
    (lambda document: document["lists"].reverse(), "does not follow the one before"),
])
def test_a_changed_archive_is_told(issued, tmp_path, capsys, change, words):
    reissue(issued)

    assert archive_command.main([str(archived(issued, tmp_path, change))]) == 1
    assert words in capsys.readouterr().out


def test_an_archive_from_which_the_lists_were_taken_is_told(issued, tmp_path, capsys):
    folder = archived(issued, tmp_path)
    (folder / CERTIFICATES).unlink()

    assert archive_command.main([str(folder)]) == 1
    assert "the chain knows of signed lists that are NOT in this archive" in capsys.readouterr().out


def test_a_list_that_the_chain_does_not_know_is_told(issued, tmp_path, capsys):
    contest, _, _, signer = issued
    found = signed_list_queries.newest_list(contest.id)
    forged = found.data.replace(b'"previous": ""', b'"previous":  ""')
    facts = json.loads(signed_list_queries.signature_file(found))
    facts["signature"] = signer.sign(forged, rules.DOMAIN).hex()

    def change(document):
        document["lists"] = [{"list": forged.decode(), "signature": facts}]

    assert archive_command.main([str(archived(issued, tmp_path, change))]) == 1
    assert "the chain does not know of list 1" in capsys.readouterr().out


def test_everybody_reads_the_lists_and_whoever_has_the_code_the_proof(client, issued):
    contest, _, made, _ = issued
    reissue(issued)
    second, first = signed_list_queries.lists_of(contest.id)

    page = client.get(f"/c/lists/{contest.id}").text
    for one in (first, second):
        assert rules.read_list(one.data)["root"] in page
        assert client.get(f"/c/lists/{contest.id}/{one.number}.json").data == one.data
        assert client.get(f"/c/lists/{contest.id}/{one.number}.sig").data == (
            signed_list_queries.signature_file(one)
        )
    assert client.get(f"/c/lists/{contest.id}/3.json").status_code == 404
    assert client.get("/c/lists/999").status_code == 404
    said = client.post("/c", data={"code": made[0].code}).text
    assert 'action="/c/proof"' in said
    assert "/c/proof" not in client.post("/c", data={"number": made[0].number}).text
    proof = client.post("/c/proof", data={"code": made[0].code})
    assert proof.json["code"] == made[0].code
    assert client.post("/c/proof", data={"code": "x"}).status_code == 404
    assert client.post("/c/proof", data={"code": made[3].code}).status_code == 409


def test_lists_from_behind_a_frozen_board_are_shown_to_nobody(client, issued, monkeypatch):
    contest = issued[0]
    monkeypatch.setattr(signed_list_queries, "is_hidden", lambda *_: True)

    assert client.get(f"/c/lists/{contest.id}").status_code == 404
    assert client.get(f"/c/lists/{contest.id}/1.json").status_code == 404


def test_the_office_signs_anew_and_a_revocation_does_it_by_itself(as_role, issued):
    contest, _, made, _ = issued
    office = as_role("organiser", contest)
    office.post(f"/contests/{contest.id}/certificates/{made[0].id}/revoke", data={"reason": "写错了"})
    assert len(signed_list_queries.lists_of(contest.id)) == 2
    certificate_actions.revoke_certificate(PETRA, contest.id, made[1].id, "写错了")
    page = f"/contests/{contest.id}/certificates"
    assert "Sign the list now" in office.get(page).text
    office.post(f"{page}/list")
    assert len(signed_list_queries.lists_of(contest.id)) == 3
    assert "Sign the list now" not in office.get(page).text
    assert office.get(f"{page}/{made[2].id}.proof").json["code"] == made[2].code


def test_without_a_key_the_revocation_stands_and_the_page_says_what_is_due(app, as_role, issued):
    contest, _, made, _ = issued
    app.config["SIGNING_KEY"].unlink()
    office = as_role("organiser", contest)
    page = office.post(
        f"/contests/{contest.id}/certificates/{made[0].id}/revoke", data={"reason": "写错了"},
        follow_redirects=True,
    ).text

    assert "The list of certificates is not signed anew." in page
    assert db.session.get(type(made[0]), made[0].id).state == "revoked"
    assert signed_list_queries.is_due(contest.id)


def test_the_lists_stay_out_of_reach_of_statements(issued):
    assert signed_list_queries.newest_list(issued[0].id) is not None
    for table in ("certificate_list", "certificate_leaf"):
        for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET contest_id = contest_id"):
            with pytest.raises(Exception, match="append-only"):
                db.session.execute(db.text(statement))
            db.session.rollback()


@pytest.mark.parametrize("address", ["/honours/{}/revoke", "/curation/honours/{}/revoke"])
def test_a_revoked_honour_is_on_the_next_list_at_once(as_role, issued, address):
    contest, _, made, _ = issued
    [waiting] = [rows for of, rows in waiting_awards() if of.id == contest.id]
    registry.confirm_honours(
        PETRA, contest.id, [award.id for award in waiting], "省总工会", "1号", DAY, is_checked=True
    )
    honour = db.session.scalar(select(Honour).filter_by(award_id=made[1].award_id))

    as_role("curator").post(address.format(honour.id), data={"reason": "冒名顶替"})

    said = rules.read_list(signed_list_queries.newest_list(contest.id).data)
    assert said["withdrawn"] == [{"leaf": rules.leaf_of(made[1].code).hex(), "state": "revoked"}]
    assert said["number"] == 2
