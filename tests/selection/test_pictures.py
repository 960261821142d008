"""Pictures of a story: sent in with words, shown in public without metadata, taken off, erased."""

import io
from datetime import date

import pytest
from PIL import Image
from sqlalchemy import select

from contest import clock
from contest.audit.models import TrailRow
from contest.db import db
from contest.errors import Conflict, Invalid, Missing
from contest.members import erasing
from contest.selection import call_rules, list_actions, list_rules, picture_actions
from contest.selection.models import Call, SelectedList, StoryPicture
from tests import factories

SAID = {"alternative": "护林员站在山脊上，身后是落日", "consent": "本人书面同意"}


@pytest.fixture
def scene(app):
    """Two people on a published list, the first with a story."""
    contest = factories.make_contest(state="final", slug="rangers")
    sheet, organiser = factories.make_result_sheet(contest), factories.make_official("周组委", "organiser")
    entrants = [factories.make_entrant(contest, name=name) for name in ("杨守山", "和小林")]
    db.session.add(Call(
        contest_id=contest.id, title="最美护林员", opens_on=date(2026, 11, 2), closes_on=date(2026, 11, 9),
        terms=call_rules.document_of(call_rules.Terms(categories=(("", 2),))), changed_at=clock.now(),
    ))
    document = {"title": "最美护林员", "title_en": "", "categories": [], "lines": [
        {"entrant_id": one.id, "number": one.number, "name": one.human.name, "unit": "苍岭林场",
         "unit_en": "", "category": "", "kind": "", "place": place, "total": "90", "outcome": "chosen",
         "message": "Without a place in the review.", "params": {}}
        for place, one in enumerate(entrants, start=1)
    ]}
    db.session.add(SelectedList(
        contest_id=contest.id, result_sheet_id=sheet.id, document=document,
        document_hash=list_rules.document_hash(document), authority="县林业局", document_number="8号",
        granted_on=date(2026, 11, 20), at=clock.now(),
    ))
    db.session.commit()
    list_actions.tell_story(organiser, contest.id, entrants[0].id, "守夜人", "二十年。")
    return contest, entrants, organiser


def jpeg(colour=(9, 90, 40)):
    exif = Image.Exif()
    exif[0x0110] = "SecretModel"
    exif.get_ifd(0x8825)[2] = (31.0, 14.0, 9.0)
    file = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(file, "JPEG", exif=exif, comment=b"SecretWords")
    return file.getvalue()


def add(scene, content=None, who=0, **changes):
    contest, entrants, organiser = scene
    return picture_actions.add_picture(
        organiser, contest.id, entrants[who].id, jpeg() if content is None else content, **{**SAID, **changes}
    )


def test_a_picture_goes_from_the_office_to_the_public_page_without_its_metadata(scene, as_role, client):
    contest, entrants, _ = scene
    office, at = as_role("organiser", contest), f"/contests/{contest.id}/selection/list"
    story = f"/selections/rangers/stories/{entrants[0].id}"

    sent = office.post(f"{at}/{entrants[0].id}/pictures", data={
        **SAID, "picture": (io.BytesIO(jpeg()), "IMG_0042.JPG"),
    }, content_type="multipart/form-data")

    assert sent.status_code == 303
    picture = db.session.scalars(select(StoryPicture)).one()
    address = f"{story}/pictures/{picture.id}"
    page = client.get(story).text
    assert f'src="{address}"' in page and f'alt="{SAID["alternative"]}"' in page
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == (
        "default-src 'none'; sandbox; frame-ancestors 'none'"
    )
    assert b"Secret" not in answer.data and Image.open(io.BytesIO(answer.data)).size == (64, 48)
    assert b"IMG_0042" not in answer.data
    row = db.session.scalars(select(TrailRow).filter_by(did="selection.picture")).one()
    assert (row.subject, row.facts["hash"], row.facts["reason"]) == (
        "杨守山", picture.sha256, SAID["consent"]
    )
    other = f"/selections/rangers/stories/{entrants[1].id}/pictures/{picture.id}"
    assert client.get(other).status_code == 404


@pytest.mark.parametrize(("change", "fields"), [
    ({"alternative": " "}, ["alternative"]), ({"consent": ""}, ["consent"]),
    ({"alternative": "长" * 201, "consent": "长" * 121}, ["alternative", "consent"]),
    ({"content": b"MZ"}, ["picture"]), ({"content": b""}, ["picture"]),
])
def test_what_cannot_be_taken_is_named_and_nothing_is_kept(scene, change, fields):
    with pytest.raises(Invalid) as refused:
        add(scene, **change)
    assert list(refused.value.fields) == fields
    assert db.session.query(StoryPicture).count() == 0


def test_the_form_keeps_the_words_when_the_picture_is_refused(scene, as_role):
    contest, entrants, _ = scene
    office = as_role("organiser", contest)
    answer = office.post(f"/contests/{contest.id}/selection/list/{entrants[0].id}/pictures", data={
        **SAID, "picture": (io.BytesIO(b"MZ"), "a.jpg"),
    }, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert SAID["alternative"] in answer.text and "no JPEG, PNG or WebP picture" in answer.text


def test_a_story_comes_first_and_holds_six_pictures_each_once(scene):
    with pytest.raises(Missing):
        add(scene, who=1)  # nothing has been told of the second
    for shade in range(picture_actions.MOST):
        add(scene, jpeg((shade * 40, 0, 0)))
    with pytest.raises(Conflict, match="at most 6"):
        add(scene, jpeg((0, 255, 0)))
    contest, _, organiser = scene
    last = db.session.scalars(select(StoryPicture).order_by(StoryPicture.id.desc())).first()
    picture_actions.remove_picture(organiser, contest.id, last.id, "重复")
    with pytest.raises(Conflict, match="already"):
        add(scene, jpeg((0, 0, 0)))


def test_a_picture_is_taken_off_with_a_reason_and_is_gone(scene, client, as_role):
    contest, entrants, organiser = scene
    picture = add(scene)
    address = f"/selections/rangers/stories/{entrants[0].id}/pictures/{picture.id}"
    remove = f"/contests/{contest.id}/selection/list/pictures/{picture.id}/remove"
    office = as_role("organiser", contest)
    assert office.post(remove, data={"reason": ""}).status_code == 422

    assert office.post(remove, data={"reason": "本人撤回同意"}).status_code == 303

    assert client.get(address).status_code == 404 and db.session.query(StoryPicture).count() == 0
    row = db.session.scalars(select(TrailRow).filter_by(did="selection.picture_remove")).one()
    assert row.facts["reason"] == "本人撤回同意"
    with pytest.raises(Missing):
        picture_actions.remove_picture(organiser, contest.id, picture.id, "再来")


def test_a_story_told_again_keeps_its_pictures(scene, client):
    contest, entrants, organiser = scene
    picture = add(scene)
    list_actions.tell_story(organiser, contest.id, entrants[0].id, "守夜人", "三十年。")
    page = client.get(f"/selections/rangers/stories/{entrants[0].id}").text
    assert "三十年" in page and f"/pictures/{picture.id}" in page


def test_the_pictures_of_a_person_go_with_an_erasure(scene, client):
    contest, entrants, organiser = scene
    picture = add(scene)
    human = entrants[0].human
    address = f"/selections/rangers/stories/{entrants[0].id}/pictures/{picture.id}"
    assert client.get(address).status_code == 200
    erasing.erase(organiser, human.id, human.name, "本人书面申请删除")
    assert db.session.query(StoryPicture).count() == 0
    assert client.get(address).status_code == 404
