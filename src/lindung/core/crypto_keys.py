"""The installation's secrets, in a file of their own; read before Django is set up."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet


class KeysError(RuntimeError):
    """The keys file cannot be used; `way_out` says what to do."""

    way_out = "Put back the keys.json of a backup (lindung restore), or take the file away if nothing was stored yet."


def load_keys(path: Path) -> dict[str, str]:
    """The installation's secrets, made on first use: `secret_key` (sessions) and `data_keys` (newest first, comma
    separated). The file is readable only by its owner. Raises KeysError when it is damaged."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        made = {"secret_key": secrets.token_urlsafe(50), "data_keys": Fernet.generate_key().decode()}
        partial = path.with_name(f"{path.name}.{os.getpid()}")
        partial.write_text(json.dumps(made, indent=1))
        partial.chmod(0o600)
        try:
            os.link(partial, path)  # never overwrites: of two processes that start together, the first wins
        except FileExistsError:
            pass
        finally:
            partial.unlink()
    try:
        keys: dict[str, str] = json.loads(path.read_text())
        return {name: keys[name] for name in ("secret_key", "data_keys")}
    except (ValueError, KeyError, TypeError) as error:
        raise KeysError(f"{path} is damaged.") from error
