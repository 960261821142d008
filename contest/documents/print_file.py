"""A document as a PDF to print and sign, typeset with our own letters on any machine."""

import functools
import json
import os
import re
import shutil
import tempfile
import threading
import weakref
from pathlib import Path

import typst

from contest.documents import fonts
from contest.documents.cells import cell_text
from contest.documents.document import (
    Annex,
    Code,
    Document,
    Facts,
    Heading,
    Paragraph,
    Signatures,
    Table,
    document_of,
)
from contest.documents.qr import qr_svg
from contest.documents.words import words_of

TEMPLATES = Path(__file__).parent / "typst"
ARCHIVE = "a-2b"  # PDF/A: the file holds its letters and can be read in thirty years.
UNBROKEN = re.compile(r"[!-~]{18}(?=[!-~])")  # A word or code that would run out of its column.
MAY_BREAK = "\u200b"
# Setting a page keeps some 1.5 MB of memory while its file is made; more go into several files.
MOST_TOGETHER = 250

_threads = threading.local()


def as_pdf(things, at=None):
    """A document, a table or several documents of one look and language as the bytes of a PDF.

    at: the moment that the file names as its making (None: now); with it, the same bytes each time.

    Characters that the shipped fonts lack are printed as 〓 and named in a box on the first page.
    Several documents lie one after another, each with page numbers of its own. Raises ValueError
    for none, for more than MOST_TOGETHER, and for two looks or languages in one file.
    """
    documents = _documents(things)
    # The structure for screen readers is ten times the text: it goes into the paper that is
    # published, not into a pile that is printed.
    tags = len(documents) == 1
    return typeset(documents[0].look, _facts(documents), "pdf", pdf_tags=tags, **made(at))


def made(at):
    """What typst is told of the moment at which a file is made."""
    return {} if at is None else {"timestamp": int(at.timestamp())}


def as_pngs(things, dots_per_inch=72):
    """The same pages as `as_pdf`, as pictures: a list of PNG bytes, one for each page."""
    documents = _documents(things)
    pages = typeset(documents[0].look, _facts(documents), "png", ppi=dots_per_inch)
    return pages if isinstance(pages, list) else [pages]


def _documents(things):
    one = isinstance(things, Document | Table)
    documents = [document_of(thing) for thing in ((things,) if one else things)]
    if not documents:
        raise ValueError("there is no document to print")
    if len(documents) > MOST_TOGETHER:
        raise ValueError(f"at most {MOST_TOGETHER} documents in a file, not {len(documents)}")
    if len({(document.look, document.language) for document in documents}) > 1:
        raise ValueError("documents printed together must have one look and one language")
    return documents


def typeset(template, facts, output, beside=None, **how):
    """Set a template of ours with `facts` (plain JSON values) as pdf, png or svg.

    beside: {name: bytes} of files that the template reads. What changes from paper to paper belongs there:
    other facts make a compiler read and weigh every template anew, other files only what looks at them.
    """
    press = _press(template, beside is not None)
    if output == "pdf":
        how["pdf_standards"] = ARCHIVE
    return press.set(json.dumps(facts, ensure_ascii=False), beside, format=output, **how)


class _Press:
    """A compiler of one template that keeps what it has set before: the letters, and what did not change.

    has_desk: it works in a folder of its own, in which files can lie beside the templates.
    """

    def __init__(self, template, has_desk):
        self._has_desk, self._root = has_desk, TEMPLATES
        self._lying, self._data = {}, None
        if has_desk:
            self._root = Path(tempfile.mkdtemp(prefix="contest-papers-"))
            weakref.finalize(self, _clear, self._root, os.getpid())
            for each in TEMPLATES.glob("*.typ"):
                shutil.copy(each, self._root)
        self._template = self._root / f"{template}.typ"
        self._compiler = typst.Compiler(
            str(self._template),
            root=str(self._root),
            font_paths=[str(fonts.FOLDER)],
            ignore_system_fonts=True,
        )

    @property
    def is_there(self):
        """Is its folder still there? What tidies up a machine takes away what lay untouched for days."""
        return self._template.is_file()

    def set(self, data, beside, **how):
        if self._has_desk:
            self._lay(beside)
        # Facts given again, though the same, would have the whole library of the typesetter built again.
        inputs = {} if data == self._data else {"sys_inputs": {"data": data}}
        self._data = None  # a page that could not be set leaves it open which facts the compiler has
        pages = self._compiler.compile(**inputs, **how)
        self._data = data
        return pages

    def _lay(self, files):
        """Have exactly these files beside the templates; what lies there already is not written again."""
        changed = {name: data for name, data in files.items() if self._lying.get(name) != data}
        for name in (self._lying.keys() - files.keys()) | (self._lying.keys() & changed.keys()):
            # ext4 takes four milliseconds to write over a file, not over none.
            (self._root / name).unlink(missing_ok=True)
            del self._lying[name]
        for name, data in changed.items():
            self._lying[name] = None  # until it lies there whole: a full disk leaves a piece of it
            (self._root / name).write_bytes(data)
            self._lying[name] = data


def _clear(folder, process):
    # A process that is forked lets go of what other threads had, which still work with it in the first one.
    if os.getpid() == process:
        shutil.rmtree(folder, ignore_errors=True)


def _press(template, has_desk):
    # One for each thread: a compiler is not made for sharing.
    made = _threads.__dict__.setdefault("presses", {})
    if template not in made or not made[template].is_there:
        made[template] = _Press(template, has_desk)
    return made[template]


def _facts(documents):
    language = documents[0].language
    return {
        "language": language,
        "words": words_of(language),
        "documents": [_document_facts(document) for document in documents],
    }


def _document_facts(document):
    plain = {
        "title": document.title,
        "subtitle": document.subtitle,
        "number": document.number,
        "issuers": list(document.issuers),
        "issued_on": document.issued_on,
        "footer": document.footer,
        "parts": [_part_facts(part) for part in document.parts],
    }
    printable = in_our_letters(plain)
    return printable | {
        "wide": document.is_wide,
        "sealed": document.sealed,
        "missing": missing_note(plain, document.language),
    }


@functools.singledispatch
def _part_facts(part):
    raise TypeError(f"{type(part).__name__} cannot be printed")


@_part_facts.register(Heading)
def _(part):
    return {"kind": "heading", "text": part.text}


@_part_facts.register(Paragraph)
def _(part):
    return {"kind": "paragraph", "text": part.text}


@_part_facts.register(Code)
def _(part):
    return {"kind": "code", "text": part.text, "svg": qr_svg(part.code, border=0)}


@_part_facts.register(Facts)
def _(part):
    return {"kind": "facts", "pairs": [list(pair) for pair in part.pairs], "columns": part.columns}


@_part_facts.register(Signatures)
def _(part):
    return {"kind": "signatures", "labels": list(part.labels), "seal": part.seal}


@_part_facts.register(Annex)
def _(part):
    inner = [_part_facts(piece) for piece in part.parts]
    return {"kind": "annex", "title": part.title, "parts": inner}


@_part_facts.register(Table)
def _(part):
    kinds = [column.kind for column in part.columns]
    columns = [
        {
            "label": column.label,
            "width": column.width,
            "align": column.align,
            "number": column.kind != "text",
        }
        for column in part.columns
    ]
    rows = [
        [
            breakable(cell_text(value, kind))
            for value, kind in zip(part.cells(row), kinds, strict=True)
        ]
        for row in part.rows
    ]
    return {
        "kind": "table", "title": part.title, "columns": columns, "rows": rows,
        "notes": list(part.notes),
    }


def breakable(text):
    """The text with places where a long code or address may go on to the next line."""
    return UNBROKEN.sub(lambda found: found.group() + MAY_BREAK, text)


def in_our_letters(facts):
    """The same facts with the stand-in 〓 for each character that the shipped fonts lack."""
    if isinstance(facts, str):
        return fonts.without_missing(facts)
    if isinstance(facts, list):
        return [in_our_letters(fact) for fact in facts]
    if isinstance(facts, dict):
        return {key: in_our_letters(fact) for key, fact in facts.items()}
    return facts


def missing_note(facts, language):
    """The sentence that names the characters that could not be printed; empty when all could."""
    signs = fonts.missing_glyphs(json.dumps(facts, ensure_ascii=False))
    if not signs:
        return ""
    return words_of(language)["missing_note"] % {"signs": fonts.named_signs(signs)}
