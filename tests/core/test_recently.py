"""A slow answer is given again for the same area and language; a quick one never is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from lindung.core import recently as module
from lindung.core.actors import EVERYWHERE, Actor, _current
from lindung.core.recently import forget, recently

LONG, SHORT = module.SLOW.total_seconds() * 1.1, module.SLOW.total_seconds() * 0.9
NOW = [0.0]  # seconds; only asking makes it later


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(module, "monotonic", lambda: NOW[0])
    forget()
    yield
    forget()


class Counter:
    def __init__(self, seconds: float) -> None:
        self.seconds, self.asked = seconds, 0

    def ask(self, what: str) -> str:
        self.asked += 1
        NOW[0] += self.seconds
        return f"{what} {self.asked}"


def test_a_slow_answer_is_repeated_with_the_time_it_was_found() -> None:
    slow = Counter(LONG)
    first, second = recently(slow.ask, "a"), recently(slow.ask, "a")
    assert (first.value, first.repeated) == ("a 1", False)
    assert (second.value, second.repeated, second.at) == ("a 1", True, first.at)
    assert recently(slow.ask, "b").value == "b 2"


def test_a_quick_answer_is_asked_anew() -> None:
    quick = Counter(SHORT)
    assert [recently(quick.ask, "a").value, recently(quick.ask, "a").value] == ["a 1", "a 2"]


def test_an_answer_stays_in_its_area() -> None:
    slow = Counter(LONG)
    recently(slow.ask, "a")
    token = _current.set(Actor(1, "x", "y", scope=EVERYWHERE))
    try:
        assert recently(slow.ask, "a").value == "a 2"
    finally:
        _current.reset(token)


def test_what_is_old_or_forgotten_is_asked_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Counter(LONG)
    recently(slow.ask, "a")
    forget()
    assert recently(slow.ask, "a").value == "a 2"
    monkeypatch.setattr(module, "KEEP", timedelta(0))
    assert recently(slow.ask, "a").value == "a 3"
