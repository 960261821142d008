"""Cards to cut out carry name, role, facts and a code that opens the right page."""

import pytest

from contest.documents import Card, cards_pdf, cards_pngs
from tests.documents.paper_text import letters_of, pages_of


def make_card(name="王珺", **changes):
    facts = {
        "role": "评分裁判",
        "url": "https://contest.example/enter/9f8a7b6c",
        "facts": (("评分组", "应急处置1组"),),
        "short_url": "contest.example/e/9F8A",
        "note": "勿转借。",
    }
    return Card(name, **(facts | changes))


def test_a_card_shows_everything_it_was_given():
    pdf = cards_pdf([make_card(code="A017")], "班组长竞赛")
    [text] = pages_of(pdf)

    for words in ("王珺", "评分裁判", "评分组：应急处置1组", "A017", "contest.example/e/9F8A",
                  "勿转借。", "班组长竞赛", "沿裁切线剪开"):
        assert words in text
    assert letters_of(pdf) <= {"NotoSerifCJKsc-Regular", "NotoSerifCJKsc-Bold"}


@pytest.mark.parametrize("count, sheets", [(1, 1), (8, 1), (9, 2), (17, 3)])
def test_eight_cards_lie_on_a_sheet(count, sheets):
    pages = pages_of(cards_pdf([make_card(f"王{place}号") for place in range(count)], "竞赛"))

    assert len(pages) == sheets
    assert [f"王{place}号" in "".join(pages) for place in range(count)] == [True] * count
    assert "王0号" in pages[0]


def test_two_addresses_make_two_codes():
    one, other = (
        cards_pngs([make_card(url=f"https://contest.example/enter/{key}")], "竞赛")[0]
        for key in ("first", "other")
    )

    assert one != other


def test_a_slip_without_an_address_has_no_code():
    plain, coded = (cards_pngs([make_card(url=url, short_url="")], "竞赛")[0] for url in ("", "x"))

    assert len(plain) < len(coded)


def test_a_long_address_is_printed_whole():
    address = "http://192.168.100.100:8000/enter/" + "W" * 32

    assert address in pages_of(cards_pdf([make_card(short_url=address)], "竞赛"))[0].replace("\u200b", "")


def test_the_address_behind_the_code_is_not_printed_as_text():
    assert "9f8a7b6c" not in pages_of(cards_pdf([make_card()], "竞赛"))[0]


@pytest.mark.parametrize("name", ["Maximilian Alexander von Hohenlohe-Langenburg", "买" * 50])
def test_a_long_name_is_never_cut(name):
    assert name.replace(" ", "") in pages_of(cards_pdf([make_card(name)], "竞赛"))[0]


def test_a_character_we_cannot_print_is_named_on_the_sheet():
    [text] = pages_of(cards_pdf([make_card("钱𬮠")], "竞赛"))

    assert "钱〓" in text and "U+2CBA0" in text


def test_cards_for_entrants_are_told_apart_and_speak_english():
    text = pages_of(cards_pdf([make_card("Li Na", facts=(("Team", "Blue"),))], "Final", "en",
                              "entrant"))[0]

    assert "Team:Blue" in text and "Cutalongthemarks" in text
    assert cards_pngs([make_card()], "x") != cards_pngs([make_card()], "x", kind="entrant")


def test_no_card_a_strange_kind_and_an_endless_address_are_refused():
    with pytest.raises(ValueError, match="no card"):
        cards_pdf([], "竞赛")
    with pytest.raises(ValueError, match="guest"):
        cards_pdf([make_card()], "竞赛", kind="guest")
    with pytest.raises(ValueError):
        cards_pdf([make_card(url="x" * 5000)], "竞赛")
