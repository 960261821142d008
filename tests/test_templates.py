"""The shells and shared macros: readable in both colours, usable without a script, safe."""

import re
from pathlib import Path

import pytest
from flask import get_template_attribute, render_template

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted((ROOT / "contest/templates").rglob("*.html"))
SHEETS = sorted((ROOT / "static/css").glob("*.css"))
TOKENS = (ROOT / "static/css/tokens.css").read_text()
DESIGN = (ROOT / "docs/design.md").read_text()


@pytest.fixture
def macro(app):
    """A macro of _macros.html, ready to be called inside a request."""
    with app.test_request_context("/"):
        yield lambda name: get_template_attribute("_macros.html", name)


def colours_of(text):
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6});", text))


def lightness(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    dark, light = sorted((lightness(one), lightness(other)))
    return (light + 0.05) / (dark + 0.05)


LIGHT = colours_of(TOKENS.split(":root:lang(en)")[0])
BY_DEVICE = re.search(r':root:not\(\[data-theme="light"\]\) \{(.*?)\}', TOKENS, re.S).group(1)
BY_CHOICE = re.search(r':root\[data-theme="dark"\] \{(.*?)\}', TOKENS, re.S).group(1)
DARK = colours_of(BY_CHOICE)


def pairs_that_must_read():
    words = ("ink", "ink-soft", "accent", "accent-deep", "good", "warn", "bad", "info", "idle")
    yield from ((word, ground) for word in words for ground in ("paper", "sheet", "sheet-sunk"))
    for name in ("good", "warn", "bad", "info", "idle", "accent"):
        yield name, f"{name}-wash"
        yield "ink", f"{name}-wash"
    yield "on-accent", "accent-fill"
    yield "on-accent", "accent-fill-hover"


@pytest.mark.parametrize("theme", [pytest.param(LIGHT, id="light"), pytest.param(DARK, id="dark")])
def test_every_word_reads_on_its_ground(theme):
    weak = {
        pair: round(contrast(theme[pair[0]], theme[pair[1]]), 2)
        for pair in pairs_that_must_read()
        if contrast(theme[pair[0]], theme[pair[1]]) < 4.5
    }

    assert weak == {}


@pytest.mark.parametrize("theme", [pytest.param(LIGHT, id="light"), pytest.param(DARK, id="dark")])
def test_the_edge_of_a_control_and_the_focus_ring_are_seen(theme):
    for edge in ("rule-strong", "focus"):
        assert min(contrast(theme[edge], theme[ground]) for ground in ("paper", "sheet")) >= 3


def test_dark_is_the_same_for_the_device_and_for_the_choice():
    assert BY_DEVICE.split() == BY_CHOICE.split()


def test_both_themes_name_the_same_colours():
    assert set(LIGHT) == set(DARK)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_a_sheet_uses_only_tokens_that_exist(sheet):
    text = sheet.read_text()
    # An area's sheet stands upon a shell's: the wall measures everything against the screen.
    on_a_wall = {"board.css", "side.css", "screen.css"}
    shell = (ROOT / "static/css/wall.css").read_text() if sheet.name in on_a_wall else ""
    made = set(re.findall(r"(--[\w-]+)\s*:", TOKENS + shell + text))

    assert set(re.findall(r"var\((--[\w-]+)", text)) - made == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_page_holds_nothing_that_the_content_policy_refuses(page):
    text = re.sub(r"\{#.*?#\}", "", page.read_text(), flags=re.S)

    assert not re.search(r"\sstyle\s*=", text), "inline style"
    assert not re.search(r"\son[a-z]+\s*=", text), "inline handler"
    assert not re.search(r"<script(?![^>]*\bsrc=)", text), "inline script"
    assert "hx-on" not in text and "<style" not in text
    assert not re.search(r"\|\s*safe\b", text), "unescaped text"


def test_a_page_imports_only_macros_that_exist():
    made = set(re.findall(r"macro (\w+)\(", (ROOT / "contest/templates/_macros.html").read_text()))
    unknown = []
    for page in PAGES:
        for names in re.findall(r'from "_macros.html" import (.*?)%}', page.read_text(), re.S):
            asked = {part.split(" as ")[0].strip() for part in names.split(",")}
            unknown += [(page.name, name) for name in asked - made]

    assert unknown == []


@pytest.mark.parametrize("shell", ["base.html", "tablet.html"])
@pytest.mark.parametrize(("wanted", "code"), [("zh", "zh-CN"), ("en", "en")])
def test_a_shell_says_its_language_and_offers_the_other(app, shell, wanted, code):
    with app.test_request_context("/", headers={"Accept-Language": wanted}):
        page = render_template(shell)

    other = "en" if wanted == "zh" else "zh"
    assert f'<html lang="{code}">' in page
    assert f'name="language" value="{other}"' in page
    assert '<a class="skip" href="#main">' in page and 'id="main"' in page
    assert 'id="notice"' in page


def test_the_shells_tell_htmx_never_to_swap_a_fault(app):
    for shell in ("base.html", "tablet.html", "wall.html"):
        with app.test_request_context("/"):
            page = render_template(shell)

        settings = re.search(r"name=\"htmx-config\" content='([^']+)'", page).group(1)
        assert '"5xx"' in settings and '"includeIndicatorCSS": false' in settings


def test_a_refusal_page_says_its_sentence_once(app):
    with app.test_request_context("/"):
        page = render_template("error.html", message="The sheet is closed.", error_status=403)

    assert page.count("The sheet is closed.") == 1
    assert page.count('id="notice"') == 1


def test_a_notice_stays_when_it_has_nothing_to_say(app):
    with app.test_request_context("/"):
        silent, spoken = (
            render_template("_notice.html"),
            render_template("_notice.html", message="No."),
        )

    assert 'id="notice"' in silent and 'role="alert"' not in silent
    assert 'role="alert"' in spoken and "No." in spoken


def test_a_field_has_a_label_and_keeps_what_was_typed(macro):
    field = macro("field")("Name", "name", '<b>"', required=True, maxlength=40)

    assert '<label for="field-name">Name</label>' in field
    assert 'value="&lt;b&gt;&#34;"' in field
    assert 'maxlength="40"' in field and " required" in field


def test_a_field_that_may_stay_empty_says_so(macro):
    assert 'class="optional"' in macro("field")("Note", "note")


def test_a_refused_field_names_its_reason(macro):
    field = macro("field")("Mark", "mark", "12", error="At most 10.", hint="0 to 10")

    assert 'aria-describedby="field-mark-hint field-mark-error"' in field
    assert 'aria-invalid="true"' in field
    assert re.search(r'id="field-mark-error" role="alert">.*At most 10\.', field)


def test_a_field_keeps_a_zero(macro):
    assert 'value="0"' in macro("field")("Mark", "mark", 0)


def test_a_select_marks_the_chosen_option_whatever_its_type(macro):
    options = macro("select")("Level", "level", [(1, "One"), (2, "Two")], value="2")

    assert re.findall(r"<option[^>]*selected>(\w+)", options) == ["Two"]


def test_choice_cards_mark_one_or_several(macro):
    one = macro("choices")("Level", "level", [(0, "No"), (1, "Yes")], value=0)
    several = macro("choices")(
        "Days", "days", [(1, "A"), (2, "B"), (3, "C")], value=[1, 3], kind="checkbox"
    )

    assert re.findall(r'value="(\d)" checked', one) == ["0"]
    assert re.findall(r'value="(\d)" checked', several) == ["1", "3"]


def test_a_question_before_an_act_is_a_form_with_its_token(macro):
    asked = macro("confirm_button")(
        "Reopen", "/sheets/7/reopen", "Reopen it?", hidden={"version": 3}
    )

    assert '<form class="confirm-panel" method="post" action="/sheets/7/reopen">' in asked
    assert 'name="csrf_token"' in asked and 'name="version" value="3"' in asked
    assert "Reopen it?" in asked and "<details" in asked


def test_the_steps_of_a_contest_tell_what_is_done(macro):
    steps = macro("stepper")([("a", "Plan"), ("b", "Draw"), ("c", "Judging")], "b")

    assert re.findall(r"step step-(\w+)", steps) == ["done", "current", "coming"]
    assert steps.count('aria-current="step"') == 1


def test_a_single_page_needs_no_page_numbers(macro):
    assert macro("pager")(1, 1, "accounts.front").strip() == ""


def test_page_numbers_lead_one_back_and_one_on(macro):
    pages = macro("pager")(2, 3, "accounts.front", search="李")

    assert re.findall(r'rel="(\w+)" href="[^"]*page=(\d)', pages) == [("prev", "1"), ("next", "3")]
    assert pages.count("search=%E6%9D%8E") == 2


def test_a_bar_stands_on_attributes_and_says_its_words(macro):
    bar = macro("meter")(12, 28, "Submitted", "12 / 28")

    assert 'aria-label="Submitted: 12 / 28"' in bar
    assert 'class="meter-fill" width="12"' in bar


def test_a_bar_without_a_top_is_still_drawn(macro):
    assert 'viewBox="0 0 1 1"' in macro("meter")(0, 0, "Submitted")


def test_a_head_says_how_its_column_is_sorted(macro):
    head = macro("table_head")(["Name", ("Total", "number", "?by=total", "descending")])

    assert 'aria-sort="descending"' in head and 'href="?by=total"' in head


def test_medals_differ_in_shape_and_numeral(macro):
    medals = [macro("medal")(place) for place in (1, 2, 3)]

    shapes = [re.search(r"<(?:path|circle) [^>]+>", medal).group(0) for medal in medals]
    assert len(set(shapes)) == 3
    assert [re.search(r"<b>(\d)</b>", medal).group(1) for medal in medals] == ["1", "2", "3"]
    assert "svg" not in macro("medal")(4)


def test_movement_has_a_word_and_no_sign(macro):
    assert 'aria-label="up"' in macro("movement")(2) or "上升" in macro("movement")(2)
    assert macro("movement")(-3).endswith("3</span>")
    assert "move-same" in macro("movement")(0) and "move-new" in macro("movement")(None)


def test_every_macro_for_pages_stands_in_the_design_page():
    text = (ROOT / "contest/templates/_macros.html").read_text()
    names = [
        name for name in re.findall(r"macro (\w+)\(", text) if not name.startswith(("_", "shell_"))
    ]

    assert [name for name in names if f"`{name}(" not in DESIGN] == []
