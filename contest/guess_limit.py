"""Against trying out numbers: so many questions from one address in a while, then a pause.

Kept in this process alone: several processes together allow as many times more, which is still far
below what would find anything.
"""

import threading
import time
from collections import OrderedDict, deque
from math import ceil

MOST_ADDRESSES = 10_000


class GuessLimit:
    """Counts questions by address; `may_ask` says whether one more is answered."""

    def __init__(self, most, seconds, now=time.monotonic):
        self.most, self.seconds, self.now = most, seconds, now
        self._asked = OrderedDict()
        self._lock = threading.Lock()

    def may_ask(self, address):
        """Count a question of this address; False when it has asked `most` times in `seconds`."""
        with self._lock:
            at = self.now()
            asked = self._asked.setdefault(address, deque())
            self._asked.move_to_end(address)
            while asked and asked[0] <= at - self.seconds:
                asked.popleft()
            while len(self._asked) > MOST_ADDRESSES:
                self._asked.popitem(last=False)
            if len(asked) >= self.most:
                return False
            asked.append(at)
            return True

    def wait(self, address):
        """In how many whole seconds this address may ask again; at least 1."""
        with self._lock:
            asked = self._asked.get(address)
            return max(1, ceil(asked[0] + self.seconds - self.now())) if asked else 1

    def forget(self):
        """Begin anew."""
        with self._lock:
            self._asked.clear()
