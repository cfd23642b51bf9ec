"""As many entries as there is room for: what was asked for again stays before what was asked once.

So an address that a crawler walks once never pushes out a page that readers come back to.
"""

from collections import OrderedDict
from contextlib import suppress
from threading import Lock

from articles.pages.cache.entries import Entry

# Of the room, what is kept for entries that were asked for again.
_FOR_THE_HOT = 0.8


class Shelf:
    """Entries by key, within a room of so many bytes (a segmented least-recently-used list)."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.bytes = 0
        self._once: OrderedDict[str, Entry] = OrderedDict()
        self._again: OrderedDict[str, Entry] = OrderedDict()
        self._hot_bytes = 0
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._once) + len(self._again)

    def get(self, key: str) -> Entry | None:
        """The entry of a key, which is now one that was asked for again."""
        entry = self._again.get(key)
        if entry is None:
            return self._asked_again(key) if key in self._once else None
        with suppress(KeyError):  # another thread needed its room just now
            self._again.move_to_end(key)
        return entry

    def put(self, key: str, entry: Entry) -> None:
        """Keep an entry, in the place of the one before it; what is too large is not kept."""
        if entry.size > self.room // 4:
            return
        with self._lock:
            if old := self._again.get(key):
                self._again[key] = entry
                self._hot_bytes += entry.size - old.size
            else:
                old = self._once.pop(key, None)
                self._once[key] = entry
            self.bytes += entry.size - (old.size if old else 0)
            self._make_room()

    def drop(self, key: str) -> None:
        """Keep no entry of a key."""
        with self._lock:
            if entry := self._once.pop(key, None):
                self.bytes -= entry.size
            elif entry := self._again.pop(key, None):
                self.bytes -= entry.size
                self._hot_bytes -= entry.size

    def _asked_again(self, key: str) -> Entry | None:
        with self._lock:
            entry = self._once.pop(key, None)
            if entry is None:
                return self._again.get(key)
            self._again[key] = entry
            self._hot_bytes += entry.size
            while self._hot_bytes > _FOR_THE_HOT * self.room:
                cooled, other = self._again.popitem(last=False)
                self._hot_bytes -= other.size
                self._once[cooled] = other
            return entry

    def _make_room(self) -> None:
        while self.bytes > self.room:
            if self._once:
                _key, entry = self._once.popitem(last=False)
            else:
                _key, entry = self._again.popitem(last=False)
                self._hot_bytes -= entry.size
            self.bytes -= entry.size
