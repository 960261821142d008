"""The last public board as files, which any web server can give out when everything else is down.

Only what the node serves to everybody comes here: a freeze holds for the files as for the page.
"""

import asyncio
import gzip
import logging
import os
import shutil
from contextlib import suppress
from zoneinfo import ZoneInfo

from contest.i18n import LANGUAGES

log = logging.getLogger(__name__)

SHORTEST_PAUSE = 2.0
LABEL_SECONDS = 5.0  # so old at most is the moment on a copy when the program is stopped
FIRST = "zh"
VIEW = "all"  # nobody could ask a file for the lines that are not in it
HIDDEN = b'<p id="board-copy" class="board-copy" role="status" hidden'
SHOWN = b'<p id="board-copy" class="board-copy" role="status"'
BLANK = b"{at}"


def labelled(body, moment):
    """A page's bytes that say of themselves that they are a copy of that moment."""
    before, found, rest = body.partition(HIDDEN)
    if not found:
        return body
    tag, bracket, rest = rest.partition(b">")
    words, end, rest = rest.partition(b"</p>")
    words = words.replace(BLANK, moment.encode())
    return b"".join([before, SHOWN, tag, bracket, words, end, rest])


def said(moment, zone):
    """A moment as it stands on a copy."""
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")


def _file(language):
    return "index.html" if language == FIRST else f"index.{language}.html"


class KeptCopies:
    """Keeps `folder/<slug>/` true: index.html (Chinese), index.en.html if anybody has looked at
    it, data.json, and each of them also as .gz."""

    def __init__(self, node, folder, zone="Asia/Shanghai"):
        self.node, self.folder, self.zone = node, folder, ZoneInfo(zone)

    async def run(self):
        """Write after each change, and the moment on it anew every few seconds."""
        while True:
            news = self.node.news
            try:
                await self.write()
            except OSError:
                # A full disk takes the copies, not the board.
                log.exception("the copies of the board could not be written")
            await asyncio.sleep(SHORTEST_PAUSE)
            with suppress(TimeoutError):
                await asyncio.wait_for(news.wait(), LABEL_SECONDS - SHORTEST_PAUSE)

    async def write(self):
        """Write every public contest's copy, and take away those that are public no longer."""
        if self.node.true_at is None:
            return
        moment, found = said(self.node.true_at, self.zone), {}
        for slug in list(self.node.pulses or {}):
            for language in LANGUAGES:
                # A language that nobody has asked for yet is not rendered for the files alone; but a file of
                # a process before this one would say for ever how it stood then.
                is_kept = (self.folder / slug / _file(language)).exists()
                if language != FIRST and not is_kept and not self._is_read(slug, language):
                    continue
                channel = await self.node.make_channel(slug, language, VIEW)
                if channel is not None:
                    found.setdefault(slug, {})[language] = channel.page
        data = {slug: await self.node.kept_document(slug) for slug in found}
        await asyncio.to_thread(self._put, found, data, moment)

    def _is_read(self, slug, language):
        channels = self.node.channels.get(slug, {})
        return any((language, view) in channels for view in ("page", VIEW))

    def _put(self, pages, data, moment):
        self.folder.mkdir(parents=True, exist_ok=True)
        for place in self.folder.iterdir():
            if place.is_dir() and place.name not in pages:
                shutil.rmtree(place)
        for slug, by_language in pages.items():
            place = self.folder / slug
            place.mkdir(exist_ok=True)
            for language, page in by_language.items():
                self._write(place / _file(language), labelled(page.body, moment))
            if data[slug] is not None:
                self._write(place / "data.json", data[slug].body)

    def _write(self, path, body):
        # The packed one first: a server that prefers it must not find the older of the two.
        for name, content in ((f"{path.name}.gz", gzip.compress(body, 5, mtime=0)), (path.name, body)):
            new = path.with_name(f".{name}.{os.getpid()}")
            new.write_bytes(content)
            os.replace(new, path.with_name(name))
