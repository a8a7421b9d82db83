"""What the month's database asks of the machine."""

import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from lindung.core.errors import Conflict
from lindung.nation import server

Usage = namedtuple("Usage", "total used free")


def test_a_disk_that_will_not_do_is_told_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(0, 0, server.bytes_needed(1_000_000)))
    server.check_disk(tmp_path, 1_000_000)
    with pytest.raises(Conflict) as refused:
        server.check_disk(tmp_path, 2_000_000)
    assert "2,000,000 workers need" in str(refused.value)
    assert refused.value.way_out.startswith("Choose at most --workers 1000000,")


def test_what_an_earlier_run_wrote_counts_as_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(0, 0, server.bytes_needed(1_000_000) - 4096))
    with pytest.raises(Conflict):
        server.check_disk(tmp_path, 1_000_000)
    (tmp_path / "before").write_bytes(bytes(4096))
    server.check_disk(tmp_path, 1_000_000)


def test_the_database_stays_durable() -> None:
    settings = server.settings()
    assert not {"fsync", "synchronous_commit", "full_page_writes"} & settings.keys()
    assert settings["wal_level"] == "minimal"
