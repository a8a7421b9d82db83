"""Backup and restore: one file that holds the database and the keys it cannot be read without."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import tarfile
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from shutil import copyfileobj
from typing import IO, Any

from lindung import __version__
from lindung.core.errors import Conflict, InvalidInput
from lindung.core.postgres import APP_ROLE, COMPANY_ROLE, find_binaries
from lindung.web.runtime import Runtime

FORMAT = 1
CONTENTS = ("database.dump", "keys.json")
MEMBERS = ("manifest.json", *CONTENTS)
# What a backup replaces. The schema is made as PostgreSQL itself makes it, so that a dump does not mention it.
EMPTY = """
BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL lock_timeout = '10s';
DROP SCHEMA public CASCADE;
CREATE SCHEMA public;
ALTER SCHEMA public OWNER TO pg_database_owner;
COMMENT ON SCHEMA public IS 'standard public schema';
"""


def write_backup(running: Runtime, target: Path) -> str:
    """Dump the database (a consistent snapshot, also while the site serves) and add the keys. The file appears only
    when complete, readable only by its owner. Returns a sentence for people."""
    with tempfile.TemporaryDirectory(prefix=".lindung-backup-", dir=target.resolve().parent) as name:
        folder = Path(name)
        _run(["pg_dump", "--format=custom", "--no-owner", f"--file={folder / 'database.dump'}", running.owner_url])
        (folder / "keys.json").write_text(_keys())
        (folder / "manifest.json").write_text(json.dumps(_manifest(folder), indent=1))
        partial = folder / "backup"
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as raw:
            with tarfile.open(fileobj=raw, mode="w") as archive:
                for member in MEMBERS:
                    archive.add(folder / member, member)
            raw.flush()
            os.fsync(raw.fileno())
        partial.replace(target)
    return (
        f"Written: {target} ({target.stat().st_size // 1024} KiB). "
        "It holds the keys too: keep it as safe as the system itself."
    )


def read_backup(open_runtime: Callable[[], AbstractContextManager[Runtime]], source: Path, replace: bool) -> str:
    """Restore a backup. An installation that has data is left alone unless `replace`; whatever goes wrong on the way,
    the database stays as it was.

    Raises InvalidInput when the file is not a whole backup, or of a newer version; Conflict when there is data."""
    with tempfile.TemporaryDirectory(prefix="lindung-restore-") as name:
        folder = Path(name)
        manifest = _unpack(source, folder)
        with open_runtime() as running:
            _refuse_newer(source, manifest)
            if not replace and _has_data():
                raise Conflict(
                    "not_empty", "Di sini sudah ada data.",
                    way_out="Pilih --data-dir yang kosong, atau tambahkan --replace.",
                )  # fmt: skip
            _close()
            _load(running, folder / "database.dump")
            _put_keys(running, folder / "keys.json")
            _bring_up_to_date()
    advice = ""
    if os.environ.get("LINDUNG_DATA_KEYS"):
        advice = " LINDUNG_DATA_KEYS is set and goes before the restored keys.json: see docs/operator.md, Keys."
    return f"Restored from {source}, written {manifest['made']} by version {manifest['version']}.{advice}"


def _manifest(folder: Path) -> dict[str, Any]:
    return {
        "format": FORMAT, "version": __version__, "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "migrations": _applied_migrations(), "sha256": {name: _digest(folder / name) for name in CONTENTS},
    }  # fmt: skip


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unpack(source: Path, folder: Path) -> dict[str, Any]:
    """The manifest, once every member is seen to be what it says."""
    try:
        with tarfile.open(source, "r:") as archive:
            members = archive.getmembers()
            if sorted(m.name for m in members) != sorted(MEMBERS) or not all(m.isreg() for m in members):
                raise ValueError("other members")
            for member in members:  # by content only: nothing of the archive says where, or with what rights
                content = archive.extractfile(member)
                with (folder / member.name).open("xb") as file:
                    copyfileobj(content, file)  # type: ignore[arg-type]
        manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text())
        if manifest["sha256"] != {name: _digest(folder / name) for name in CONTENTS}:
            raise ValueError("other contents")
        json.loads((folder / "keys.json").read_text())["data_keys"]
    except (tarfile.TarError, ValueError, KeyError, EOFError) as error:
        raise InvalidInput(
            "not_a_backup", f"{source} bukan berkas cadangan Lindung, atau rusak.",
            way_out="Pakai salinan lain dari cadangan itu; basis data tidak diubah.",
        ) from error  # fmt: skip
    return manifest


def _refuse_newer(source: Path, manifest: dict[str, Any]) -> None:
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    known = {".".join(key) for key in MigrationLoader(connection).disk_migrations}
    if manifest["format"] > FORMAT or not known.issuperset(manifest["migrations"]):
        raise InvalidInput(
            "newer_backup", f"{source} dibuat oleh versi yang lebih baru ({manifest['version']}).",
            way_out="Perbarui Lindung dahulu.",
        )  # fmt: skip


def _applied_migrations() -> list[str]:
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    return sorted(".".join(key) for key in MigrationRecorder(connection).applied_migrations())


def _keys() -> str:
    from django.conf import settings

    return json.dumps({"secret_key": settings.SECRET_KEY, "data_keys": settings.DATA_KEYS}, indent=1)


def _put_keys(running: Runtime, source: Path) -> None:
    """The backup's keys, in one step; the ones that were here are kept beside them."""
    keys = running.data_dir / "keys.json"
    partial = keys.with_name(f"keys.json.{os.getpid()}")
    partial.touch(mode=0o600)
    partial.write_text(source.read_text())
    if keys.exists() and keys.read_text() != source.read_text():
        keys.replace(keys.with_name(f"keys.json.before-{datetime.now(UTC):%Y%m%dT%H%M%S}"))
    partial.replace(keys)


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
    from lindung.web.migrating import migrate_database

    migrate_database()


def _load(running: Runtime, dump: Path) -> None:
    """Empty the database and load the dump, in one transaction: the COMMIT is sent only when the dump has been read to
    its end, and a psql that sees its input end without one rolls back."""
    writer = subprocess.Popen(
        [_tool("psql"), "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", running.owner_url],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    reader = subprocess.Popen(
        [_tool("pg_restore"), "--no-owner", "--file=-", str(dump)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert writer.stdin and writer.stderr and reader.stdout and reader.stderr
    try:
        writer.stdin.write((EMPTY + _role()).encode())
        copyfileobj(reader.stdout, writer.stdin)
        if reader.wait() == 0:
            writer.stdin.write(b"COMMIT;\n")
        writer.stdin.close()
    except BrokenPipeError:  # psql met an error, and says which below
        reader.kill()
    complaint = _words(writer.stderr) or _words(reader.stderr)
    if writer.wait() or reader.wait():
        raise InvalidInput("database_tool_failed", f"Cadangan tidak dapat dimuat; basis data tidak diubah. {complaint}")


def _role() -> str:
    """The dump grants rights to these roles; `lindung migrate` would make them, but only afterwards."""
    return "".join(
        f"DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{role}') THEN"
        f" CREATE ROLE {role} NOLOGIN; END IF; END $$;\n"
        for role in (APP_ROLE, COMPANY_ROLE)
    )


def _words(stream: IO[bytes]) -> str:
    return stream.read().decode(errors="replace").strip()[-600:]


def _tool(name: str) -> str:
    return str(find_binaries() / name)


def _run(command: list[str]) -> None:
    done = subprocess.run([_tool(command[0]), *command[1:]], capture_output=True, text=True)
    if done.returncode:
        raise InvalidInput("database_tool_failed", f"{command[0]}: {done.stderr.strip()[-600:]}")
