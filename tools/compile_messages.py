"""Compile the translations (.po → .mo) without needing gettext on the machine."""

from pathlib import Path

import polib

for source in Path(__file__).resolve().parent.parent.glob("src/lindung/*/locale/*/LC_MESSAGES/*.po"):
    polib.pofile(str(source)).save_as_mofile(str(source.with_suffix(".mo")))
