"""Both catalogues hold exactly the sentences of the program, with the same blanks."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "contest"
TRANSLATIONS = PACKAGE / "translations"
LANGUAGES = ("zh", "en")
BLANK = re.compile(r"%\((\w+)\)(s|d)|%%")
CHINESE = re.compile(r"[\u3400-\u9fff]")
# A sentence that a person reads: a capital or a blank, words, and an end as sentences end.
SENTENCE = re.compile(r"(?:[A-Z“]|%\().*[a-z)]+ .*[.?!…]", re.S)
# These speak to the person at the terminal, or invent people; they have no language of a page.
NOT_PAGES = {
    "commands", "offline", "recount", "demo", "migrations", "config.py", "cli.py", "serving.py",
    "scheme_schema.py",  # a format for programs
    "words.py",  # the words of papers, which stand there in both languages
}


def keywords():
    """What pybabel calls keywords: the usual ones and those of keywords.txt."""
    lines = (TRANSLATIONS / "keywords.txt").read_text("utf-8").splitlines()
    own = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    return {**DEFAULT_KEYWORDS, **parse_keywords(own)}


@pytest.fixture(scope="module")
def sentences():
    """Every sentence of code and templates (a pair where there is a plural), with its place."""
    with open(ROOT / "babel.cfg", encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(str(ROOT), methods, options, keywords())
    return {message: f"{name}:{line}" for name, line, message, _, _ in found if message}


@pytest.fixture(scope="module", params=LANGUAGES)
def catalogue(request):
    """One language's catalogue."""
    return read(request.param)


def forms(entry):
    """The texts of an entry or msgid, whether it has a plural or not."""
    return [entry] if isinstance(entry, str) else list(entry)


def blanks(text):
    return {found.group(1) for found in BLANK.finditer(text)} - {None}


def entries(catalogue):
    return [message for message in catalogue if message.id]


def test_the_program_has_sentences(sentences):
    assert len(sentences) > 1000
    assert "This login is taken." in sentences
    assert ("%(num)s judge", "%(num)s judges") in sentences


def test_the_catalogue_holds_exactly_the_sentences_of_the_program(sentences, catalogue):
    held = {message.id for message in entries(catalogue)}

    assert {text: place for text, place in sentences.items() if text not in held} == {}
    assert held - set(sentences) == set(), "no longer used"


def read(language):
    with open(TRANSLATIONS / language / "LC_MESSAGES" / "messages.po", "rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def test_every_sentence_is_said_in_chinese():
    said = {message.id: forms(message.string) for message in entries(read("zh"))}

    assert [text for text, words in said.items() if not all(word.strip() for word in words)] == []


def test_english_says_what_the_code_says():
    """The code's own words are the English text (an empty entry means them too)."""
    said = {message.id: forms(message.string) for message in entries(read("en"))}

    assert [t for t, words in said.items() if any(words) and words != forms(t)] == []


def test_nothing_is_marked_as_doubtful(catalogue):
    assert not catalogue.fuzzy
    assert [message.id for message in entries(catalogue) if message.fuzzy] == []


def test_the_blanks_agree(catalogue):
    wrong = {}
    for message in entries(catalogue):
        wanted = set().union(*map(blanks, forms(message.id)))
        for said in filter(None, forms(message.string)):
            if blanks(said) != wanted:
                wrong[message.id] = said

    assert wrong == {}


def test_a_sentence_can_be_filled_in(catalogue):
    """A stray percent sign would fail only when the sentence is needed, before an audience."""
    broken = {}
    for message in entries(catalogue):
        if not message.python_format:
            continue
        for said in forms(message.string):
            try:
                said % dict.fromkeys(blanks(said), 1)
            except (TypeError, ValueError) as why:
                broken[said] = str(why)

    assert broken == {}


def test_chinese_is_chinese():
    left = {
        message.id for message in entries(read("zh"))
        if re.search(r"[a-z]{3,} [a-z]{2,}", "".join(forms(message.id)))
        and not CHINESE.search("".join(forms(message.string)))
    }

    assert left == set()


def unmarked_sentences(path, known):
    """Sentences in the code that are neither in the catalogue nor beside their own Chinese."""
    tree = ast.parse(path.read_text("utf-8"))
    parents = {id(child): node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            continue
        if not SENTENCE.fullmatch(node.value) or node.value in known:
            continue
        if not _is_for_programmers(node, parents) and not _stands_beside_chinese(node, parents):
            yield node.lineno, node.value


def _is_for_programmers(node, parents):
    parent = parents[id(node)]
    if isinstance(parent, ast.Expr):
        return True  # a docstring
    while not isinstance(parent, ast.Call | ast.stmt):
        parent = parents[id(parent)]
    if not isinstance(parent, ast.Call):
        return False
    called = parent.func
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    is_log = isinstance(called, ast.Attribute) and getattr(called.value, "id", "") == "log"
    return is_log or name in {"ValueError", "TypeError", "ArithmeticError", "BookError", "DDL"}


def _stands_beside_chinese(node, parents):
    parent = parents[id(node)]
    near = [c for c in ast.walk(parent) if isinstance(c, ast.Constant) and isinstance(c.value, str)]
    return isinstance(parent, ast.Tuple | ast.Dict) and any(CHINESE.search(c.value) for c in near)


CODE = sorted(
    path for path in PACKAGE.rglob("*.py") if not NOT_PAGES & set(path.relative_to(PACKAGE).parts)
)


def test_no_sentence_is_left_out_of_the_catalogue(sentences):
    known = {text for message in sentences for text in forms(message)}
    left = {
        str(path.relative_to(PACKAGE)): found
        for path in CODE if (found := list(unmarked_sentences(path, known)))
    }

    assert left == {}


def test_the_search_for_left_out_sentences_sees_one(tmp_path):
    code = tmp_path / "rules.py"
    code.write_text(
        '"""A docstring is not shown."""\n'
        'class Worse(Exception):\n'
        '    def __init__(self):\n'
        '        super().__init__("This was forgotten by %(who)s.")\n'
        'PAIR = {"zh": "这句有译文。", "en": "This one has its Chinese."}\n'
        'KNOWN = "This one is known."\n'
        'raise ValueError("This is for a programmer.")\n',
        "utf-8",
    )

    assert list(unmarked_sentences(code, {"This one is known."})) == [
        (4, "This was forgotten by %(who)s.")
    ]


TEXT_IN_TAGS = re.compile(r">([^<>{}]*[A-Za-z]{3,}[^<>{}]*)<")


@pytest.mark.parametrize(
    "page", sorted((PACKAGE / "templates").rglob("*.html")),
    ids=lambda path: path.relative_to(PACKAGE / "templates").as_posix(),
)
def test_a_template_holds_no_bare_words(page):
    """Words between tags that went past Babel would be English on every Chinese page."""
    text = page.read_text("utf-8")
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<svg.*?</svg>", "", text, flags=re.S)

    words = [found.strip() for found in TEXT_IN_TAGS.findall(text)]

    # A language is named in itself; what a block puts inside a tag is no text.
    inside = ("data-", "aria-")
    assert [w for w in words if w != "English" and not w.startswith(inside)] == []


def test_no_translation_brings_a_percent_sign_of_its_own(catalogue):
    """A template fills in every sentence: a bare % in it would be read as the start of a blank."""
    wrong = {
        message.id: message.string for message in catalogue
        if isinstance(message.id, str) and message.id and "%" not in message.id
        and "%" in str(message.string)
    }
    assert wrong == {}
