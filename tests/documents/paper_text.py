"""The text that stands on the pages of a PDF of ours, read back through its own letters."""

import re
import zlib

ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
# A piece of a content stream: the start of a string, a string in hexadecimal (where a letter's number is
# above 127), a font, the end of shown text, of a mark.
PIECE = re.compile(rb"(\()|<([0-9A-Fa-f]+)>|/(f\d+) [\d.]+ Tf|(T[jJ])|BDC")


def pages_of(pdf):
    """The text of each page, in the order in which it was drawn, without spaces."""
    objects = {int(number): body for number, body in _objects(pdf)}
    kinds = (body for body in objects.values() if re.search(rb"/Type/Page\b(?!s)", _head(body)))
    return [_page_text(objects, body) for body in kinds]


def letters_of(pdf):
    """The names of all fonts in the file, without the mark of the subset."""
    return {name.decode() for name in re.findall(rb"/FontName/\w+\+([\w-]+)", pdf)}


def _objects(pdf):
    return re.findall(rb"(?:^|\n)(\d+) 0 obj\s(.*?)\nendobj", pdf, re.DOTALL)


def _head(body):
    return body.split(b"stream", 1)[0]


def _stream(objects, number):
    body = objects[number].split(b"stream", 1)[1].lstrip(b"\r\n")
    return zlib.decompressobj().decompress(body)


def _reference(head, name):
    return int(re.search(rb"/" + name + rb"\s*(\d+) 0 R", head)[1])


def _page_text(objects, page):
    resources = _head(objects[_reference(_head(page), b"Resources")])
    fonts = {
        name: _meanings(_stream(objects, _reference(_head(objects[int(number)]), b"ToUnicode")))
        for name, number in re.findall(rb"/(f\d+) (\d+) 0 R", resources)
    }
    content = _stream(objects, _reference(_head(page), b"Contents"))
    text, letters, codes, at = "", {}, b"", 0
    while found := PIECE.search(content, at):
        opens, hexadecimal, font, shown = found.groups()
        at = found.end()
        if opens:
            string, at = _string_at(content, at)
            codes += string
        elif hexadecimal:
            codes += bytes.fromhex(hexadecimal.decode())
        elif font:
            letters = fonts[font]
        else:
            pairs = (codes[place : place + 2] for place in range(0, len(codes), 2))
            text += "".join(letters[pair] for pair in pairs) if shown else ""
            codes = b""
    return re.sub(r"[\s\u200b]", "", text)


def _meanings(table):
    return {
        bytes.fromhex(code.decode()): bytes.fromhex(sign.decode()).decode("utf-16-be")
        for code, sign in re.findall(rb"<([0-9A-F]{4})> <((?:[0-9A-F]{4})+)>\n", table)
    }


def _string_at(content, start):
    """The bytes of a literal string and where it ends; it may hold brackets in pairs."""
    depth, at = 1, start
    while depth:
        if content[at : at + 1] == b"\\":
            at += 1
        else:
            depth += {b"(": 1, b")": -1}.get(content[at : at + 1], 0)
        at += 1
    string = content[start : at - 1]
    return re.sub(rb"\\([0-7]{1,3}|.)", _plain, string, flags=re.DOTALL), at


def _plain(escape):
    sign = escape[1]
    return bytes([int(sign, 8)]) if sign[:1].isdigit() else ESCAPES.get(sign, sign)
