"""Questions about a whole regency that take long: their answer is given again for some minutes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from time import monotonic
from typing import Any, Generic, ParamSpec, TypeVar

from django.utils import timezone
from django.utils.translation import get_language

from lindung.core.actors import current_actor

KEEP = timedelta(minutes=10)
SLOW = timedelta(seconds=0.1)  # what is quicker is asked anew each time
_KEPT_AT_MOST = 200

Question = ParamSpec("Question")
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Recent(Generic[Answer]):
    """An answer, when it was found, and whether that was before now."""

    value: Answer
    at: datetime
    repeated: bool = False


_kept: dict[tuple[Any, ...], Recent[Any]] = {}
_door = Lock()


def recently(ask: Callable[Question, Answer], *args: Question.args, **kwargs: Question.kwargs) -> Recent[Answer]:
    """The answer of `ask` in the current actor's area: now, or one found in the last ten minutes if it took long.
    Arguments must be hashable."""
    actor = current_actor()
    key = (ask, args, tuple(kwargs.items()), actor.scope, actor.payers, get_language())
    now = timezone.now()
    kept = _kept.get(key)
    if kept is not None and now - kept.at < KEEP:
        return kept
    started = monotonic()
    found = Recent(ask(*args, **kwargs), now)
    if monotonic() - started > SLOW.total_seconds():
        with _door:
            if len(_kept) >= _KEPT_AT_MOST:
                _kept.clear()
            _kept[key] = Recent(found.value, now, repeated=True)
    return found


def forget() -> None:
    """Everything is asked anew."""
    with _door:
        _kept.clear()
