"""Backup and restore: one file that holds the database and the keys it cannot be read without."""

from __future__ import annotations

import json
import os
import subprocess
import tarfile
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

from lindung import __version__
from lindung.core.errors import Conflict, InvalidInput
from lindung.core.postgres import find_binaries
from lindung.web.runtime import Runtime

FORMAT = 1
MEMBERS = {"manifest.json", "database.dump", "keys.json"}


def write_backup(running: Runtime, target: Path) -> str:
    """Dump the database (a consistent snapshot, also while the site serves) and add the keys. The file appears only
    when complete, readable only by its owner. Returns a sentence for people."""
    with tempfile.TemporaryDirectory(prefix="lindung-backup-") as folder:
        dump, manifest, keys = (Path(folder) / name for name in ("database.dump", "manifest.json", "keys.json"))
        _run(["pg_dump", "--format=custom", "--no-owner", f"--file={dump}", running.owner_url])
        manifest.write_text(json.dumps({"format": FORMAT, "version": __version__, "made": datetime.now(UTC).isoformat()}))
        keys.write_text(_keys(running))
        partial = target.with_name(f".{target.name}.{os.getpid()}")
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as raw, tarfile.open(fileobj=raw, mode="w") as archive:
            for member in (manifest, dump, keys):
                archive.add(member, member.name)
        partial.replace(target)
    return f"Written: {target} ({target.stat().st_size // 1024} KiB). It holds the keys too: keep it as safe as the system itself."


def read_backup(open_runtime: Callable[[], AbstractContextManager[Runtime]], source: Path, replace: bool) -> str:
    """Restore a backup. An installation that has data is left alone unless `replace`.

    Raises InvalidInput when the file is not a backup, Conflict when there is data."""
    with tempfile.TemporaryDirectory(prefix="lindung-restore-") as folder:
        _unpack(source, Path(folder))
        with open_runtime() as running:
            if not replace and _has_data():
                raise Conflict(
                    "not_empty", "Di sini sudah ada data.", way_out="Pilih --data-dir yang kosong, atau tambahkan --replace."
                )
            _close()
            _run(["psql", "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", running.owner_url,
                  "--command=DROP SCHEMA public CASCADE; CREATE SCHEMA public;"])
            _run(["pg_restore", "--no-owner", "--exit-on-error", "--schema=public", f"--dbname={running.owner_url}",
                  str(Path(folder) / "database.dump")])
            keys = running.data_dir / "keys.json"
            keys.write_text((Path(folder) / "keys.json").read_text())
            keys.chmod(0o600)
            _bring_up_to_date()
    return f"Restored from {source}."


def _unpack(source: Path, folder: Path) -> None:
    try:
        with tarfile.open(source) as archive:
            if set(archive.getnames()) != MEMBERS:
                raise tarfile.TarError("other members")
            archive.extractall(folder, filter="data")
    except tarfile.TarError as error:
        raise InvalidInput("not_a_backup", f"{source} bukan berkas cadangan Lindung, atau rusak.") from error
    if json.loads((folder / "manifest.json").read_text())["format"] > FORMAT:
        raise InvalidInput("newer_backup", f"{source} dibuat oleh versi yang lebih baru.", way_out="Perbarui Lindung dahulu.")


def _keys(running: Runtime) -> str:
    from django.conf import settings

    return json.dumps({"secret_key": settings.SECRET_KEY, "data_keys": settings.DATA_KEYS}, indent=1)


def _has_data() -> bool:
    from django.db import connection

    if "people_person" not in connection.introspection.table_names():
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM people_person) OR EXISTS (SELECT 1 FROM core_user)")
        return bool(cursor.fetchone()[0])


def _close() -> None:
    from django.db import connections

    connections.close_all()


def _bring_up_to_date() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


def _run(command: list[str]) -> None:
    done = subprocess.run([str(find_binaries() / command[0]), *command[1:]], capture_output=True, text=True)
    if done.returncode:
        raise InvalidInput("database_tool_failed", f"{command[0]}: {done.stderr.strip()[-600:]}")
