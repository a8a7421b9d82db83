"""The demonstration with few people, served: `python -m browser.small_demo DIRECTORY PORT`.

The story, its cast and its figures are the demonstration's own; only the groups are smaller."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from lindung.core import postgres
from lindung.web.demo import people

SIZES = {
    "KORAN_TEACHERS": 40, "FARDU_KIFAYAH_WORKERS": 40, "LISTED_VILLAGES": 2, "RT_PER_VILLAGE": 6, "RW_PER_VILLAGE": 2,
    "CADRES_PER_VILLAGE": 2, "NOT_RENEWED": 4, "EMPLOYEES": 8, "SPONSORED": 5,
    "FAULTS": dict.fromkeys(people.FAULTS, 2),
}  # fmt: skip


@contextmanager
def few_people() -> Iterator[None]:
    """Each kind of fault once or twice, and enough people around them."""
    with patch.multiple(people, **SIZES):
        yield


def generated() -> people.DemoData:
    """The people of the site that `main` serves."""
    with few_people():
        return people.generate()


def main() -> None:
    from lindung.web.cli.demo import run_demo

    directory, port = Path(sys.argv[1]), int(sys.argv[2])
    # Nothing here needs to survive a power cut: the command finds this server running, and does not wait for the disk.
    quick = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    with few_people(), postgres.running(directory, quick):
        run_demo(directory, serve=True, as_json=False, port=port)


if __name__ == "__main__":
    main()
