"""Where data directories go when none is given."""

from __future__ import annotations

import os
from pathlib import Path


def default_home() -> Path:
    """LINDUNG_HOME; else the user's data home; else, for a root whose home PostgreSQL cannot enter, /var/lib."""
    if home := os.environ.get("LINDUNG_HOME"):
        return Path(home)
    base = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    if os.geteuid() == 0 and not all(p.stat().st_mode & 0o001 for p in [base, *base.parents] if p.exists()):
        return Path("/var/lib/lindung")
    return base / "lindung"
