"""The processes beside the servers, each of which may fail without ending anything.

They are forked from one that has read the program: each then holds only what it changes itself, instead
of a whole program of its own.
"""

import gc
import os
import signal
import subprocess
import sys
import threading
import time
from multiprocessing.context import ForkProcess

STOP_SECONDS = 10
AGAIN_SECONDS = 30
LOOK_EVERY_S = 0.5


class Keeper:
    """A process that copies the database, delivers webhooks or looks at the chains, or from which those are
    forked. It is started again after a while, and the desk says what is late for it."""

    def __init__(self, start):
        self.start = start  # gives what subprocess.Popen or Forked gives
        self.child, self.next = None, 0.0

    def tend(self):
        """Start it, also when it has ended, but not again and again."""
        if self.child is not None and self.child.poll() is None or time.monotonic() < self.next:
            return
        self.child = self.start()
        self.next = time.monotonic() + AGAIN_SECONDS

    def children(self):
        """Its processes, to be stopped."""
        return [self.child] if self.child is not None else []


class Forked(ForkProcess):
    """A process forked from this one, asked as one is that subprocess has started."""

    def poll(self):
        """Its exit code, or None while it lives."""
        return self.exitcode

    def wait(self, timeout=None):
        """Wait for its end; subprocess.TimeoutExpired when it does not come."""
        self.join(timeout)
        if self.is_alive():
            raise subprocess.TimeoutExpired(self.name, timeout)


def stop(children):
    """End child processes: asked first, then made to."""
    for child in children:
        if child.poll() is None:
            child.terminate()
    for child in children:
        try:
            child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def keep_one(word, app):
    """What one keeper does, for as long as its process lives."""
    if word == "backups":
        from contest.backups.keeper import keep
    elif word == "follow":
        from contest.backups.follower import follow as keep
    elif word == "webhooks":
        from contest.webhooks.sender import keep
    elif word == "letters":
        from contest.letters.sender import keep
    else:
        from contest.backups.chain_watch import keep
    keep(app)


def keep_all(words, app):
    """Fork a keeper for each word and start anew whichever ends; they all end with this process."""
    _end_when_told()
    ears, mouth = os.pipe()
    keepers = [Keeper(lambda word=word: _fork(word, app, ears, mouth)) for word in words]
    # What is there now is never collected: looking at it would copy it into each of them.
    gc.collect()
    gc.freeze()
    try:
        while True:
            for keeper in keepers:
                keeper.tend()
            time.sleep(LOOK_EVERY_S)
    finally:
        stop([child for keeper in keepers for child in keeper.children()])


def _fork(word, app, ears, mouth):
    child = Forked(target=_keep_apart, args=(word, app, ears, mouth), name=word)
    child.start()
    return child


def _keep_apart(word, app, ears, mouth):
    os.close(mouth)
    _end_when_told()
    threading.Thread(target=_end_with_parent, args=(ears,), daemon=True).start()
    keep_one(word, app)


def _end_with_parent(ears):
    # Nothing is ever written: the reading ends when nobody is left who could, also after a SIGKILL. Two
    # that keep the same copies would be one too many.
    os.read(ears, 1)
    os.kill(os.getpid(), signal.SIGTERM)


def _end_when_told():
    for told in (signal.SIGTERM, signal.SIGINT):
        signal.signal(told, lambda *_: sys.exit(0))
