"""The signed bulletin: made once, checked three ways, and useless when a byte is changed."""

import io
import json
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from contest.audit import key_actions, signing
from contest.audit.chain_queries import find_head, links_of
from contest.audit.work import Actor
from contest.db import db
from contest.errors import Conflict
from contest.names import masked
from contest.offline import archive_command, verify_bulletin
from contest.results import actions, bulletin_actions, bulletin_queries, verification_queries
from contest.results.bulletin_paper import bulletin_paper
from contest.results.queries import find_latest_sheet, plan_of_sheet
from contest.setup.models import Contest
from tests import factories
from tests.documents.paper_text import pages_of
from tests.kept_scenes import kept
from tests.results.scenes import make_scene
from tests.setup.test_settling import FOUND, hear, settle

PETRA = Actor(None, "Petra")
SCRIPT = Path(verify_bulletin.__file__)


@kept
def small_scene():
    scene = make_scene(3, slug="small").finish()
    actions.publish_results(PETRA, scene.contest.id, "provisional")
    return scene


@pytest.fixture
def scene(app):
    return small_scene()


@pytest.fixture
def signer(app):
    return key_actions.make_key(PETRA, app.config["SIGNING_KEY"])


@pytest.fixture
def bulletin(scene, signer):
    return bulletin_actions.sign_bulletin(PETRA, scene.contest.id, "final", 1, signer)


def files_in(folder, bulletin):
    for name, data in bulletin_queries.files_of(bulletin).items():
        (folder / name).write_bytes(data)
    return folder / "bulletin.json", folder / "bulletin.sig"


def test_the_key_is_for_its_owner_alone_and_never_in_the_database(app, signer):
    path = app.config["SIGNING_KEY"]

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [row.public for row in signing.list_keys()] == [signer.public]
    path.chmod(0o644)
    with pytest.raises(Conflict, match="read by others"):
        signing.open_key(path)


def test_a_locked_key_opens_with_its_word_only(app):
    path = app.config["SIGNING_KEY"]
    made = key_actions.make_key(PETRA, path, "four calm words")

    assert signing.open_key(path, "four calm words").public == made.public
    for word in ("", "other"):
        with pytest.raises(Conflict, match="passphrase"):
            signing.open_key(path, word)


def test_a_new_key_leaves_the_old_one_beside_it_and_every_chain_says_so(app, scene, signer):
    new = key_actions.make_key(PETRA, app.config["SIGNING_KEY"])

    kept = [path for path in app.config["SIGNING_KEY"].parent.glob("signing_key-until-*.pem")]
    assert [signing.open_key(path).public for path in kept] == [signer.public]
    told = [link.content["key"] for link in links_of(scene.contest.id) if link.kind == "key"]
    assert told == [signer.public.hex(), new.public.hex()]


def test_a_bulletin_says_what_was_published_and_where_the_chain_stood(scene, bulletin):
    said = json.loads(bulletin.data)
    sheet = find_latest_sheet(scene.contest.id, "final")

    assert (said["revision"], said["kind"], said["results_hash"]) == (1, "provisional", sheet.document_hash)
    assert said["plan"]["hash"] == sheet.document["plan_hash"]
    assert said["ledger"] == sheet.second_count["ledger"]
    assert [row["place"] for row in said["list"]] == [1, 2, 3]
    assert all("*" in row["name"] for row in said["list"])
    before = {link.seq: link for link in links_of(scene.contest.id)}
    assert said["chain"]["hash"] == before[said["chain"]["seq"]].hash.hex()
    assert [link.kind for link in before.values()][-2:] == ["trail", "bulletin"]


def test_it_is_signed_once_and_with_a_known_key_only(app, scene, signer, bulletin):
    with pytest.raises(Conflict, match="signed already"):
        bulletin_actions.sign_bulletin(PETRA, scene.contest.id, "final", 1, signer)
    stranger = signing.make_key(app.config["SIGNING_KEY"].with_name("other.pem"))
    actions.reopen_results(PETRA, scene.contest.id, "a correction")
    actions.publish_results(PETRA, scene.contest.id, "provisional", "corrected")
    for wrong in (None, stranger):
        with pytest.raises(Conflict, match="no signing key"):
            bulletin_actions.sign_bulletin(PETRA, scene.contest.id, "final", 2, wrong)


def test_the_short_program_agrees_with_the_library_and_needs_nothing(bulletin, signer, tmp_path):
    one, other = files_in(tmp_path, bulletin)
    alone = shutil.copy(SCRIPT, tmp_path / "alone.py")

    done = subprocess.run(
        [sys.executable, "-I", alone, one, other, signer.fingerprint], capture_output=True,
        text=True, check=False, cwd="/",
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert "it is of the key that you named" in done.stdout
    assert len(SCRIPT.read_text("utf-8").splitlines()) <= 200


@pytest.mark.parametrize("at", range(0, 64, 9))
def test_a_changed_byte_of_either_file_is_told(bulletin, at, capsys, tmp_path):
    data = bytearray(bulletin.data)
    data[-3 - at] ^= 1
    signature = bytearray(bulletin.signature)
    signature[at] ^= 4

    for changed, mark in ((bytes(data), bulletin.signature), (bulletin.data, bytes(signature))):
        message = verify_bulletin.DOMAIN + changed
        assert not verify_bulletin.is_signed(bulletin.public, message, mark)
        assert not signing.is_signed(bulletin.public, changed, mark)


def test_the_program_names_a_key_that_is_not_the_expected_one(bulletin, tmp_path, capsys):
    files = list(map(str, files_in(tmp_path, bulletin)))

    assert verify_bulletin.main([*files, "0000 " * 8]) == 1
    assert "NOT of the key" in capsys.readouterr().out
    assert verify_bulletin.main(files[:1] * 2) == 2


def judged(bulletin, data=None):
    return bulletin_queries.judge(data or bulletin.data, bulletin_queries.signature_file(bulletin)).state


def test_the_server_says_if_it_is_the_latest(scene, bulletin):
    assert judged(bulletin) == "listed"
    assert judged(bulletin, bulletin.data.replace(b'"place": 1', b'"place": 2')) == "broken"

    actions.reopen_results(PETRA, scene.contest.id, "a correction")
    actions.publish_results(PETRA, scene.contest.id, "provisional", "corrected")

    assert judged(bulletin) == "replaced"


def test_anybody_checks_a_bulletin_on_the_page(client, bulletin):
    files = bulletin_queries.files_of(bulletin)

    def check(**changed):
        data = {
            "signature": (io.BytesIO(files["bulletin.sig"]), "bulletin.sig"),
            "bulletin": (io.BytesIO(changed.get("data", files["bulletin.json"])), "bulletin.json"),
        }
        return client.post("/verify", data=data, headers={"Accept-Language": "en"}).text

    assert "this is the latest bulletin of its stage" in check()
    assert "The signature does not hold" in check(data=b"{}")
    assert client.post("/verify").status_code == 422
    assert signing.list_keys()[0].fingerprint in client.get("/verify").text


def test_publishing_signs_where_there_is_a_key(as_role, app, signer):
    scene = make_scene(3).finish()
    contest = db.session.get(Contest, scene.contest.id)
    browser = as_role("organiser", contest)

    browser.post(f"/contests/{contest.id}/results/provisional", data={"word": factories.WORD})

    bulletin = bulletin_queries.latest_bulletin(contest.id, "final")
    assert judged(bulletin) == "listed"
    page = f"/contests/{contest.id}/results/published/final/1"
    assert browser.get(f"{page}/bulletin.json").data == bulletin.data
    assert "Bulletin to print" in browser.get(page).text
    paper = "".join(pages_of(browser.get(f"{page}/bulletin.pdf").data))
    assert signer.fingerprint.replace(" ", "") in paper


def test_the_paper_carries_head_key_and_signature(app, scene, bulletin, signer):
    sheet = find_latest_sheet(scene.contest.id, "final")
    with app.test_request_context():
        paper = bulletin_paper(
            json.loads(bulletin.data), plan_of_sheet(sheet), signer.fingerprint, bulletin.signature, "en"
        )

    [code] = [part for part in paper.parts if hasattr(part, "code")]
    said = json.loads(bulletin.data)["chain"]
    assert code.code == f"small {said['seq']}:{said['hash']}"
    assert find_head(scene.contest.id).seq > said["seq"]


def test_an_archive_holds_its_bulletin_to_the_chain(scene, bulletin, signer, tmp_path, capsys):
    path = tmp_path / "a.zip"
    path.write_bytes(verification_queries.zipped_ledger(scene.contest.id)[1])

    assert archive_command.main([str(path), "--key", signer.fingerprint]) == 0
    text = capsys.readouterr().out
    assert "signature holds" in text
    assert "the signature vouches for everything up to there" in text
    assert archive_command.main([str(path), "--key", "0" * 32]) == 1


@pytest.mark.parametrize(("name", "shown"), [
    ("张三", "张*"), ("王小明", "王*明"), ("欧阳小明", "欧**明"), ("Ann Lee", "A** L**"), ("李", "李*"),
])
def test_a_name_is_shortened(name, shown):
    assert masked(name) == shown


def test_a_bulletin_says_for_which_heads_two_people_vouch(app, scene, signer):
    hear(scene.contest.id, 900, "ab" * 32)
    settle(scene.contest.id, (900, "ab" * 32))
    sheet = find_latest_sheet(scene.contest.id, "final")

    [told] = bulletin_queries.draft(scene.contest, sheet, signer)["settled_heads"]

    assert (told["seq"], told["hash"], told["reason"]) == (900, "ab" * 32, FOUND)
    assert told["proposed_by"] and told["confirmed_by"] and told["proposed_by"] != told["confirmed_by"]
