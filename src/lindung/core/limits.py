"""How often one address may ask.

The choice: a sliding window in each server process's memory. It needs no database, so it protects the database and
holds when the database is down; with N processes an address gets up to N times the limit, which is enough against
guessing and against one caller taking the machine from everyone. A proxy in front may limit more strictly."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque

from django.conf import settings
from django.http import HttpRequest

MOST_ADDRESSES = 20_000  # what is kept at most; the address that was quiet longest is forgotten first


class Window:
    """At most `limit` events per address in any stretch of `seconds`."""

    def __init__(self, limit: int, seconds: float) -> None:
        self.limit, self.seconds = limit, seconds
        self._events: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def full(self, address: str) -> bool:
        """Whether the address has used up its share."""
        with self._lock:
            return len(self._recent(address)) >= self.limit

    def note(self, address: str) -> None:
        """Count one event."""
        with self._lock:
            self._recent(address).append(time.monotonic())

    def take(self, address: str) -> bool:
        """Count one event if there is room for it; whether there was."""
        with self._lock:
            events = self._recent(address)
            if len(events) >= self.limit:
                return False
            events.append(time.monotonic())
            return True

    def forget(self) -> None:
        """Start anew."""
        with self._lock:
            self._events.clear()

    def _recent(self, address: str) -> deque[float]:
        events = self._events.setdefault(address, deque())
        self._events.move_to_end(address)
        if len(self._events) > MOST_ADDRESSES:
            self._events.popitem(last=False)
        oldest = time.monotonic() - self.seconds
        while events and events[0] < oldest:
            events.popleft()
        return events


def address_of(request: HttpRequest) -> str:
    """Who asks. Behind a proxy (LINDUNG_HTTPS) it is the address that this proxy added last; what stands before it
    may be invented by the caller."""
    forwarded = str(request.headers.get("X-Forwarded-For", "")) if settings.HTTPS else ""
    return forwarded.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))
