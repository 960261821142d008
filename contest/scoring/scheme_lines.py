"""Clause 1, continued. On which line of a TOML file a place of the plan stands.

The standard reader gives values without their lines, so the text is walked a second time. It has
been read without a fault already: here only the ends of keys and values are looked for.
"""

import re
from dataclasses import replace

from contest.scoring.scheme import Problem

BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
KEY = re.compile(r"""[ \t]*("(?:[^"\\]|\\.)*"|'[^']*'|[A-Za-z0-9_-]+)[ \t]*(\.?)""")
TEXT = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'', re.S
)
BARE = re.compile(r"[^,\]}#\n]*")
TOLD_LINE = re.compile(r"\(at line (\d+), column \d+\)")


def located(problems, text: str) -> tuple[Problem, ...]:
    """The problems, each with the line of the TOML text on which it stands, or the nearest above."""
    try:
        lines = lines_of(text)
    except (IndexError, AttributeError, TypeError, RecursionError):
        lines = {}  # no TOML: the reader's own problem names the line
    return tuple(replace(each, line=line_of(lines, each)) for each in problems)


def line_of(lines: dict[str, int], problem: Problem) -> int:
    """The line of a problem's place or of what it stands in; 0 when there is none."""
    if problem.line:
        return problem.line
    path = problem.path
    while path and path not in lines:
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    if path:
        return lines[path]
    told = TOLD_LINE.search(str(problem.params.get("error", "")))
    if told:
        return int(told[1])
    return 1 if problem.path else 0


def lines_of(text: str) -> dict[str, int]:
    """The line, counted from 1, of every place in a TOML text: {"modules[2].panel.judges": 37}."""
    return _Walk(text).lines


class _Walk:
    """One walk through the text; `at` is the letter that comes next."""

    def __init__(self, text):
        self.text = text
        self.at = 0
        self.lines = {}
        self.counts = {}  # how many tables each list under [[…]] has so far
        self._counted_to, self._line = 0, 1
        self._document()

    def _document(self):
        table = ""
        while self._skip_blank():
            if self.text[self.at] != "[":
                self._pair(table)
                continue
            is_row = self.text.startswith("[[", self.at)
            line = self._here()
            self.at += 2 if is_row else 1
            table = self._heading(self._key(), is_row, line)
            self.at += 2 if is_row else 1

    def _heading(self, steps, is_row, line):
        """The path that a [heading] or [[heading]] opens."""
        path = ""
        for number, step in enumerate(steps):
            path = _join(path, step)
            self.lines.setdefault(path, line)
            if is_row and number == len(steps) - 1:
                self.counts[path] = self.counts.get(path, 0) + 1
            if path in self.counts:
                path = f"{path}[{self.counts[path] - 1}]"
                self.lines.setdefault(path, line)
        return path

    def _pair(self, table):
        line, path = self._here(), table
        for step in self._key():
            path = _join(path, step)
            self.lines.setdefault(path, line)
        self.at += 1  # the sign =
        self._value(path)

    def _key(self):
        steps, more = [], True
        while more:
            found = KEY.match(self.text, self.at)
            steps.append(found[1].strip("\"'"))
            self.at, more = found.end(), bool(found[2])
        return steps

    def _value(self, path):
        self._skip_blank()
        opening = self.text[self.at]
        if opening == "[":
            self._list(path)
        elif opening == "{":
            self._inline_table(path)
        else:
            pattern = TEXT if opening in "\"'" else BARE
            self.at = pattern.match(self.text, self.at).end()

    def _list(self, path):
        self.at += 1
        count = 0
        while self._skip_blank() and self.text[self.at] != "]":
            here = f"{path}[{count}]"
            self.lines[here] = self._here()
            self._value(here)
            count += 1
            self._skip_comma()
        self.at += 1

    def _inline_table(self, path):
        self.at += 1
        while self._skip_blank() and self.text[self.at] != "}":
            self._pair(path)
            self._skip_comma()
        self.at += 1

    def _skip_comma(self):
        self._skip_blank()
        if self.text[self.at] == ",":
            self.at += 1

    def _skip_blank(self):
        """Go to the next thing that counts; False at the end of the text."""
        self.at = BLANK.match(self.text, self.at).end()
        return self.at < len(self.text)

    def _here(self):
        """The line of the next letter, counted on from where it was asked last."""
        self._line += self.text.count("\n", self._counted_to, self.at)
        self._counted_to = self.at
        return self._line


def _join(path, step):
    return f"{path}.{step}" if path else step
