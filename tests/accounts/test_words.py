"""What is no password: what most people choose, and what everybody here knows."""

import pytest

from contest import config
from contest.accounts import own_words, rules, word_rules
from contest.accounts.common_passwords import COUNTED, common_passwords
from contest.errors import Invalid
from tests import factories


def counted():
    lines = COUNTED.read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def test_the_3000_most_frequent_of_the_counted_list_are_refused():
    """Those that have the length that is asked for anyway: ASVS 6.2.4."""
    words = counted()[:3000]

    assert len(set(words)) == 3000 and min(map(len, words)) >= rules.PASSWORD_LEAST
    for word in words:
        with pytest.raises(Invalid, match="among the first"):
            rules.check_password(word)


@pytest.mark.parametrize("word", ["Corvette", "bigdaddy", "MIDNIGHT2026", "mercedes!"])
def test_how_it_is_written_makes_no_difference(word):
    with pytest.raises(Invalid, match="among the first"):
        rules.check_password(word)


def test_the_list_says_whose_it_is():
    head = COUNTED.read_text("utf-8").split("\npassword\n", 1)[0]

    assert "MIT License" in head and "Daniel Wolf" in head and "zxcvbn 4.5.0" in head
    assert not any(word.startswith("#") for word in common_passwords())


@pytest.mark.parametrize(
    "password",
    ["Hangongdasai2026", "焊工大赛焊工大赛2026", "hangongdasai!!!", "2026-HangongDaSai-a1", "hgds123456"],
)
def test_a_name_with_figures_around_it_is_no_password(password):
    assert rules.check_password(password) is None
    with pytest.raises(Invalid, match="everybody here knows"):
        rules.check_password(password, own_words=word_rules.words_of("焊工大赛"))


@pytest.mark.parametrize("password", ["hangongdasai lamp", "我在焊工大赛焊过管子", "four calm words here"])
def test_a_name_within_a_sentence_is_one(password):
    assert rules.check_password(password, own_words=word_rules.words_of("焊工大赛")) is None


def test_a_word_of_two_letters_is_not_looked_for():
    assert word_rules.words_of("AI") == word_rules.words_of("") == set()


def test_contests_hosts_and_the_settings_words_are_known(app):
    factories.make_contest(
        name="镇江焊工赛", name_en="Zhenjiang Welders", host="镇江市总工会", slug="zj-weld"
    )
    app.config["OWN_WORDS"] = ("gonghui.example",)

    found = own_words.own_words()

    assert {"镇江焊工赛", "zhenjianghangongsai", "zhenjiangwelders", "zjweld", "zhenjiangshizonggonghui",
            "gonghuiexample"} <= found


def test_words_of_the_settings_stand_between_commas(monkeypatch):
    monkeypatch.setenv("CONTEST_OWN_WORDS", " 总工会, ,gonghui ")

    assert config.own_words() == ("总工会", "gonghui")


def test_whoever_changes_the_password_is_told(app):
    factories.make_contest(name="镇江焊工赛")
    browser = factories.browser_of(app, factories.make_user("钟一"))
    new = "zhenjianghangongsai26"

    answer = browser.post(
        "/my/account/password", data={"old": factories.WORD, "password": new, "password_again": new},
        headers={"Accept-Language": "en"},
    )

    assert answer.status_code == 422
    assert "a name that everybody here knows" in answer.get_data(as_text=True)
