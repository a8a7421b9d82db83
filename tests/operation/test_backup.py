"""Backup and restore: everything comes back, and whatever is wrong with a file, the database stays as it was."""

from __future__ import annotations

import io
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from installation import copied, environment, in_django, lindung, quick

from lindung.core import postgres

FILL = """
from world import make_people, make_world
from lindung.core.actors import acting_as
from lindung.core.files import store_file
from lindung.core.log import record
from lindung.people.models import Person
world = make_world()
world.agency, world.company, world.operator
Person.objects.bulk_create(
    Person(**{k: v for k, v in row.items() if k in {f.attname for f in Person._meta.concrete_fields}})
    for row in make_people(300).iter_rows(named=True)
)
with acting_as(world.officer):
    file = store_file(world.officer, "surat.pdf", b"isi yang rahasia", "application/pdf")
    for number in range(20):
        record(world.officer, "test.act", f"thing:{number}", "karena")
print(file.pk)
"""


@pytest.fixture(scope="module")
def installation(migrated: Path) -> Iterator[tuple[Path, Path, str]]:
    """A directory with an installation in it, its backup, and the number of a file it keeps."""
    folder = Path(tempfile.mkdtemp(prefix="lindung-op-", dir="/tmp"))
    folder.chmod(0o755)
    env = environment(copied(migrated, folder / "first"))
    with quick(folder / "first"):
        file_id = in_django(FILL, env).strip()
        made = lindung("backup", str(folder / "backup.lindung"), env=env)
        assert made.returncode == 0, made.stderr
        yield folder / "first", folder / "backup.lindung", file_id
    shutil.rmtree(folder)


def contents(directory: Path) -> dict[str, tuple[int, str]]:
    """Rows and a checksum of each table."""
    found = {}
    with postgres.running(directory) as cluster, psycopg.connect(cluster.url()) as connection:
        for (table,) in connection.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"
        ).fetchall():
            row = connection.execute(
                f"SELECT count(*), md5(coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '')) FROM \"{table}\" t"
            ).fetchone()
            assert row
            found[table] = (row[0], row[1])
    return found


def users_called(cluster: postgres.Cluster, username: str) -> int:
    with psycopg.connect(cluster.url()) as connection:
        row = connection.execute("SELECT count(*) FROM core_user WHERE username = %s", [username]).fetchone()
    assert row
    return int(row[0])


def test_every_row_every_guard_and_every_key_comes_back(installation: tuple[Path, Path, str], directory: Path) -> None:
    first, backup, file_id = installation
    env = environment(directory / "second")
    assert backup.stat().st_mode & 0o077 == 0
    with quick(directory / "second"):
        restored = lindung("restore", str(backup), env=env)
        assert restored.returncode == 0, restored.stderr
        before, after = contents(first), contents(directory / "second")
        assert before["people_person"][0] == 300 and before["core_actionentry"][0] >= 20
        assert after == before
        plain = in_django(f"from lindung.core.files import read_file; print(read_file('{file_id}')[1].decode())", env)
        assert plain.strip() == "isi yang rahasia"
        assert lindung("audit", "verify", env=env).returncode == 0
        doctor = lindung("doctor", env=env)
        assert doctor.returncode == 0, doctor.stdout


def test_an_installation_with_data_is_left_alone_unless_told(
    installation: tuple[Path, Path, str], directory: Path
) -> None:
    _, backup, _ = installation
    env = environment(directory / "second")
    with quick(directory / "second") as cluster:
        assert lindung("restore", str(backup), env=env).returncode == 0
        in_django("from lindung.core.models import User; User.objects.create(username='sesudah')", env)
        refused = lindung("restore", str(backup), env=env)
        assert refused.returncode == 1
        assert "--replace" in refused.stderr and "Traceback" not in refused.stderr
        assert users_called(cluster, "sesudah") == 1
        replaced = lindung("restore", str(backup), "--replace", env=env)
        assert replaced.returncode == 0, replaced.stderr
        assert users_called(cluster, "sesudah") == 0
        assert len(list((directory / "second").glob("keys.json.before-*"))) == 1


def changed(backup: Path, target: Path, change: str) -> Path:
    """A copy of the backup with one thing wrong with it."""
    parts: dict[str, bytes] = {}
    with tarfile.open(backup) as archive:
        for member in archive.getmembers():
            file = archive.extractfile(member)
            assert file
            parts[member.name] = file.read()
    if change == "truncated":
        target.write_bytes(backup.read_bytes()[: backup.stat().st_size // 2])
        return target
    if change == "flipped":
        dump = bytearray(parts["database.dump"])
        dump[len(dump) // 2] ^= 1
        parts["database.dump"] = bytes(dump)
    if change == "newer":
        manifest = json.loads(parts["manifest.json"])
        manifest["migrations"].append("people.9999_of_the_future")
        parts["manifest.json"] = json.dumps(manifest).encode()
    with tarfile.open(target, "w") as archive:
        for name, content in parts.items():
            if change == "outside" and name == "keys.json":
                name = "../keys.json"
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            if change == "link" and name == "keys.json":
                entry.type, entry.size, entry.linkname = tarfile.SYMTYPE, 0, "/etc/passwd"
            archive.addfile(entry, io.BytesIO(content))
    return target


@pytest.mark.parametrize("change", ["truncated", "flipped", "outside", "link", "newer"])
def test_a_file_that_is_not_whole_changes_nothing(
    installation: tuple[Path, Path, str], directory: Path, change: str
) -> None:
    first, backup, _ = installation
    before = contents(first)
    keys = (first / "keys.json").read_text()
    faulty = changed(backup, directory / f"{change}.lindung", change)
    refused = lindung("restore", str(faulty), "--replace", env=environment(first))
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
    assert ("versi yang lebih baru" if change == "newer" else "rusak") in refused.stderr
    assert contents(first) == before
    assert (first / "keys.json").read_text() == keys
    assert not (directory.parent / "keys.json").exists()


def test_a_dump_that_fails_half_way_is_rolled_back(installation: tuple[Path, Path, str], directory: Path) -> None:
    """A manifest that agrees with a damaged dump: PostgreSQL's own tools find out in the middle."""
    first, backup, _ = installation
    before = contents(first)
    with tarfile.open(backup) as archive:
        archive.extractall(directory)  # our own file; `filter=` came only with Python 3.11.4
    dump = directory / "database.dump"
    os.truncate(dump, dump.stat().st_size * 3 // 4)
    manifest = json.loads((directory / "manifest.json").read_text())
    import hashlib

    manifest["sha256"]["database.dump"] = hashlib.sha256(dump.read_bytes()).hexdigest()
    (directory / "manifest.json").write_text(json.dumps(manifest))
    with tarfile.open(directory / "half.lindung", "w") as archive:
        for name in ("manifest.json", "database.dump", "keys.json"):
            archive.add(directory / name, name)
    refused = lindung("restore", str(directory / "half.lindung"), "--replace", env=environment(first))
    assert refused.returncode == 1
    assert "tidak diubah" in refused.stderr
    assert contents(first) == before


def test_a_backup_that_cannot_be_written_leaves_nothing_behind(
    installation: tuple[Path, Path, str], directory: Path
) -> None:
    first, _, _ = installation
    refused = lindung("backup", str(directory / "missing" / "backup.lindung"), env=environment(first))
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr and "missing" in refused.stderr
    assert list(directory.iterdir()) == []
