"""Simulated judges: they enter with card and PIN and mark at a human pace, through the same door as people.

Run by `contest demo`; reads the judges' cards as JSON lines on standard input. It knows the plan
(from its preset file) and what the pages say, never the database.
"""

import json
import os
import re
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
import uuid
from html.parser import HTMLParser
from http.cookiejar import CookieJar

from contest.demo.invent import Dice
from contest.demo.marking import marks_for
from contest.setup.presets import find_preset

# Seconds that one judge takes for one sheet, shortest and longest.
PACE = (18, 44)
# Seconds before a judge whom the server did not answer tries again.
PAUSE = 10
MODULE = re.compile(r"module-\d+-([a-z0-9_]+)")


class Gone(Exception):
    """The server does not answer any more."""


class SheetList(HTMLParser):
    """Reads a judge's home: (module key, sheet id, state, code) of every own sheet."""

    def __init__(self):
        super().__init__()
        self.sheets, self.module, self.in_code = [], "", False

    def handle_starttag(self, tag, attrs):
        facts = dict(attrs)
        if found := MODULE.fullmatch(facts.get("aria-labelledby", "") or ""):
            self.module = found.group(1)
        words = (facts.get("class") or "").split()
        if tag == "a" and "data-sheet" in facts:
            state = next(word[3:] for word in words if word.startswith("is-"))
            self.sheets.append([self.module, int(facts["data-sheet"]), state, ""])
        self.in_code = tag == "span" and "own-code" in words

    def handle_data(self, data):
        if self.in_code and self.sheets:
            self.sheets[-1][3] += data.strip()
            self.in_code = False


class FormFacts(HTMLParser):
    """Reads what a page's form needs: hidden values, the sheet's revision and its aspects."""

    def __init__(self):
        super().__init__()
        self.hidden, self.rev, self.aspects = {}, 0, []

    def handle_starttag(self, tag, attrs):
        facts = dict(attrs)
        if tag == "input" and facts.get("type") == "hidden":
            self.hidden.setdefault(facts.get("name"), facts.get("value") or "")
        if "data-rev" in facts:
            self.rev = int(facts["data-rev"])
        if "data-aspect" in facts:
            self.aspects.append(facts["data-aspect"])


def read(parser, text):
    """Feed a page to a parser and return it."""
    parser.feed(text)
    return parser


class Judge:
    """One simulated judge with a browser of its own."""

    def __init__(self, base, card, plan):
        self.base, self.card, self.plan = base, card, plan
        self.at = ""  # where the last answer came from, after redirects
        self.dice = Dice(f"pace:{card['login']}")
        self.browser = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(CookieJar())
        )

    def ask(self, path, data=None, headers=None):
        """The answer's text; Gone when the server cannot be reached."""
        request = urllib.request.Request(self.base + path, data=data, headers=headers or {})
        try:
            with self.browser.open(request, timeout=30) as answer:
                self.at = answer.geturl()
                return answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.read().decode(errors="replace")
        except OSError as error:
            raise Gone(str(error)) from error

    def enter(self):
        """Open the card's page and type the PIN; Gone when that does not let the judge in."""
        path = f"/enter/{self.card['token']}"
        form = read(FormFacts(), self.ask(path))
        words = urllib.parse.urlencode(
            {"csrf_token": form.hidden.get("csrf_token", ""), "pin": self.card["pin"]}
        )
        self.ask(path, words.encode())
        self.ask("/judging")
        if not self.at.endswith("/judging"):
            raise Gone("the card and the PIN did not let the judge in")

    def next_sheet(self):
        """The next open sheet with the codes it is compared with, or None when all are handed in.

        The first few may be spared for a visitor; then the work goes on from the other end.
        """
        sheets = read(SheetList(), self.ask("/judging")).sheets
        waiting = [sheet for sheet in sheets if sheet[2] in {"empty", "draft"}]
        spared = self.card["spared"]
        if spared:
            waiting = waiting[:spared - 1:-1]
        if not waiting:
            return None
        module, sheet_id, _, code = waiting[0]
        codes = [other for key, _, _, other in sheets if key == module]
        return self.plan.module(module), sheet_id, code, codes

    def mark(self, module, sheet_id, code, codes, wait):
        """Mark one sheet as a person would: half of it, a pause, the rest, a pause, hand it in."""
        page = read(FormFacts(), self.ask(f"/judging/sheets/{sheet_id}"))
        rev = page.rev
        marks = marks_for(module, code, self.card["user_id"], codes)
        # Of several panels the sheet shows only its own aspects.
        marks = {key: mark for key, mark in marks.items() if key in page.aspects}
        half = dict(list(marks.items())[: len(marks) // 2])
        seconds = self.dice.bell(*PACE)
        for kind, part in (("draft", half), ("draft", marks), ("submit", marks)):
            if wait(seconds / 3):
                return
            answer = json.loads(self.send(sheet_id, kind, part, rev))
            if "rev" not in answer or "error" in answer:
                return  # Closed or changed meanwhile: a person would look again, and so do we.
            rev = answer["rev"]

    def send(self, sheet_id, kind, marks, rev):
        """One operation through the tablets' door."""
        body = {
            "op_id": str(uuid.uuid4()), "base_rev": rev, "kind": kind, "marks": marks,
            "device": f"sim-{self.card['login']}",
        }
        return self.ask(
            f"/api/v1/sheets/{sheet_id}/operations", json.dumps(body).encode(),
            {"Content-Type": "application/json", "X-Contest": "1"},
        )

    def work(self, wait):
        """Mark sheet after sheet until all are handed in, the server is gone, or `wait` says stop."""
        if wait(self.dice.below(PACE[1] * 10) / 10):
            return
        while True:
            try:
                self.enter()
                while (found := self.next_sheet()) is not None:
                    self.mark(*found, wait)
                    if wait(1):
                        return
                return
            except Gone as why:
                # A busy machine answers late; a person would try again, and so do we.
                print(f"{self.card['login']}: {why}", file=sys.stderr)
                if wait(PAUSE):
                    return


def is_open(base):
    """True when the office answers."""
    try:
        with urllib.request.urlopen(base + "/", timeout=30):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def main():
    """Start every judge whose card stands on standard input; end with the program that started us."""
    base, parent = sys.argv[1].rstrip("/"), os.getppid()
    stop = threading.Event()
    # On a slow machine the judges are there before the office has opened its doors.
    while not is_open(base):
        if stop.wait(1) or os.getppid() != parent:
            return
    plan = find_preset("c1_cement").plan
    judges = [Judge(base, json.loads(line), plan) for line in sys.stdin if line.strip()]
    threads = [
        threading.Thread(target=judge.work, args=(stop.wait,), daemon=True) for judge in judges
    ]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        if stop.wait(1) or os.getppid() != parent:
            stop.set()
            break


if __name__ == "__main__":
    main()
