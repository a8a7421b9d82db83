"""Django on a durable PostgreSQL of its own, in a temporary or a given directory."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def own_database(kept: Path | None = None) -> Iterator[bool]:
    """Yields whether the database is new; a directory that was given stays for the next time."""
    folder = kept or Path(tempfile.mkdtemp(prefix="lindung-benchmark-"))
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    from lindung.web.runtime import runtime

    os.environ.setdefault("LINDUNG_LOG_LEVEL", "ERROR")
    try:
        with runtime(folder):
            from django.core.management import call_command

            from lindung.core.models import Installation
            from lindung.web.migrating import prepare_database

            prepare_database()
            call_command("collectstatic", verbosity=0, interactive=False)
            yield not Installation.objects.exists()
    finally:
        if kept is None:
            shutil.rmtree(folder, ignore_errors=True)
