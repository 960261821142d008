"""An officer rewords an entry and moves its days; money and conditions are an organiser's."""

import threading

import pytest

from contest.db import about_to_write, db
from contest.errors import Conflict, NotAllowed
from contest.member_services import catalogue_queries, change_rules, office_actions
from tests.member_services.walking import officer


def changed(key, old, new):
    """A shipped entry as TOML with one thing changed."""
    text = catalogue_queries.toml_of(key, catalogue_queries.document_of(key))
    assert old in text
    return text.replace(old, new, 1)


@pytest.mark.parametrize(("key", "old", "new", "place"), [
    ("medical_aid", "percent = 40", "percent = 100", "amount.parts.1.brackets.1.percent"),
    ("medical_aid", "pays = 500}", "pays = 5000}", "amount.parts.2.stairs.1.pays"),
    ("medical_aid", "per_year = true", "per_year = false", "amount.per_year"),
    ("medical_aid", "once = true", "once = false", "amount.parts.2.once"),
    ("medical_aid", "most = 100000", "most = 1000000", "amount.most"),
    ("medical_aid", "{members = true", "{everyone = true, members = true", "entitled.everyone"),
    ("medical_aid", 'kind = "consent"', 'kind = "consent", optional = true', "fields.1.optional"),
    ("medical_aid", ', does = "pay"', "", "steps.3.does"),
    ("skill_allowance", "back = 12", "back = 60", "monthly.back"),
    ("counselling", "limits = [{most = 6}]", "limits = [{most = 60}]", "limits.1.most"),
    ("counselling", "limits = [{most = 6}]", "", "limits"),
    ("micro_wish", "giver = true", "giver = false", "register.giver"),
    ("proposals", 'own_words = "提案内容与理由"', 'own_words = ""', "own_words"),
    ("proposals", 'channels = ["online", ', 'channels = ["online", "phone", ', "channels"),
    ("proposals", 'key = "proposals"', 'key = "proposals"\nis_offered = false', "is_offered"),
])
def test_who_decides_by_a_figure_or_condition_does_not_set_it(app, key, old, new, place):
    text = changed(key, old, new)
    with pytest.raises(NotAllowed) as refused:
        office_actions.enter_version(officer("段专员", "aid_reviewer", "desk_head"), text)
    assert refused.value.params == {"place": place}
    assert catalogue_queries.versions_of(key) == []
    office_actions.enter_version(officer("组委会", role="organiser"), text)


def test_an_officer_adds_no_entry(app):
    text = changed("medical_aid", 'key = "medical_aid"', 'key = "more_aid"')
    with pytest.raises(NotAllowed, match="adds an entry"):
        office_actions.enter_version(officer(), text)
    office_actions.enter_version(officer("组委会", role="organiser"), text)


@pytest.mark.parametrize(("key", "old", "new"), [
    ("medical_aid", "职工医疗互助", "职工互助"), ("medical_aid", "最高 100,000 元", "十万元"),
    ("medical_aid", "受理并核对单据", "受理"), ("medical_aid", "住院互助金", "住院金"),
    ("medical_aid", "赔付快慢", "快慢"), ("medical_aid", "days = 2}", "calendar_days = 3}"),
    ("medical_aid", "order = 40", "order = 41"), ("skill_allowance", "随工资发放的可不填。", "可不填。"),
    ("proposals", "提案内容与理由", "内容与理由"), ("proposals", "\ndays = 30", "\ndays = 25"),
])
def test_an_officer_changes_texts_and_days(app, key, old, new):
    office_actions.enter_version(officer(), changed(key, old, new))
    assert [one.source for one in catalogue_queries.versions_of(key)] == ["page"]


def test_the_page_says_who_changes_what_before_a_file_is_chosen(app, as_role):
    says, at = "You may change texts and days.", "/service-desk/catalogue"
    page = as_role("service_officer").get(f"{at}/medical_aid").text
    assert says in page and 'name="entry"' in page
    letters = as_role("service_officer").get(f"{at}/letterbox").text
    assert "Only an organiser changes this entry." in letters and 'name="entry"' not in letters
    for key in ("medical_aid", "letterbox"):
        page = as_role("organiser").get(f"{at}/{key}").text
        assert says not in page and 'name="entry"' in page


@pytest.mark.parametrize("app", ["postgres"], indirect=True)
def test_an_officers_file_of_before_does_not_undo_what_an_organiser_just_changed(app, monkeypatch):
    """Compared with the old entry it was texts alone; the organiser's came between that and the storing."""
    desk, organiser = officer(), officer("组委会", role="organiser")
    mine = changed("medical_aid", "职工医疗互助", "职工互助")
    theirs = changed("medical_aid", "above = 1000\n", "above = 2000\n")
    compare = change_rules.first_condition

    def then_the_organiser(now, wanted):
        found = compare(now, wanted)
        other = threading.Thread(target=enter, args=(app, organiser, theirs))
        other.start()
        other.join(30)
        return found

    monkeypatch.setattr(change_rules, "first_condition", then_the_organiser)
    with pytest.raises(Conflict, match="meanwhile"):
        office_actions.enter_version(desk, mine)
    assert catalogue_queries.find_any("medical_aid").amount.parts[0].above == 200_000


def enter(app, actor, text):
    with app.app_context():
        about_to_write(True)
        office_actions.enter_version(actor, text)
        db.session.remove()
