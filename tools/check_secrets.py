"""Fails when a file that git tracks holds a secret, or names where it was written.

Secrets are looked for with detect-secrets; a line that only looks like one ends in «pragma: allowlist secret», and
whole files that are full of such look-alikes are listed here with the reason. Names of package registries and paths or
addresses of someone's machine do not belong into a project: whoever builds it has their own.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from multiprocessing import Pool
from pathlib import Path

from detect_secrets.core import scan
from detect_secrets.settings import transient_settings

PLUGINS = (
    "AWSKeyDetector", "ArtifactoryDetector", "AzureStorageKeyDetector", "BasicAuthDetector", "GitHubTokenDetector",
    "GitLabTokenDetector", "JwtTokenDetector", "KeywordDetector", "NpmDetector", "OpenAIDetector",
    "PrivateKeyDetector", "PypiTokenDetector", "SendGridDetector", "SlackDetector", "StripeDetector",
    "TelegramBotTokenDetector", "TwilioKeyDetector",
)  # fmt: skip
FILTERS = (
    "detect_secrets.filters.allowlist.is_line_allowlisted",
    "detect_secrets.filters.heuristic.is_indirect_reference",
    "detect_secrets.filters.heuristic.is_templated_secret",
    "detect_secrets.filters.heuristic.is_not_alphanumeric_string",
)
BINARY = {".woff2", ".ttf", ".png", ".ico", ".jpg", ".parquet", ".xlsx", ".pdf", ".mo", ".gz"}
ONLY_LOOKS_LIKE = {
    "requirements/main.txt": "hashes of packages",
    "requirements/dev.txt": "hashes of packages",
    "requirements/uv.txt": "hashes of packages",
}
# Written in pieces, so that this file does not find itself.
DOT = r"\."
REGISTRY = re.compile(
    "|".join([
        f"pypi{DOT}(org|python)", f"pythonhosted{DOT}org", f"npmjs{DOT}(org|com)", f"registry{DOT}yarnpkg",
        f"(deb|security|ftp[.a-z]*){DOT}debian{DOT}org", f"archive{DOT}ubuntu", f"crates{DOT}io", f"proxy{DOT}golang",
        f"conda{DOT}anaconda{DOT}org", f"(artifactory|nexus|devpi){DOT}", f"index-url{DOT}?[ =]",
    ]), re.I,
)  # fmt: skip
MACHINE = re.compile(
    r"(?<![\w.$}/-])(/wo" r"rk|/ro" r"ot|/ho" r"me/(?!lindung\b)\w+|/tm" r"p/(?!lindung)[\w.-]+)(?=[/\s\"'`),:;]|$)"
)
ADDRESS = re.compile(r"(?<![\w.])(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?![\w.])")
HARMLESS_NETWORKS = {"0", "127", "192.0.2", "198.51.100", "203.0.113"}  # this machine, and those kept for examples


def tracked() -> list[str]:
    """The files git knows, with those about to be added."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"], check=True, capture_output=True
    )
    names = listed.stdout.decode().split("\0")
    return [name for name in names if name and Path(name).suffix not in BINARY and Path(name).is_file()]


def places(name: str) -> Iterator[str]:
    """Lines that name a registry, or a machine."""
    if name == "tools/check_secrets.py":
        return
    for number, line in enumerate(Path(name).read_text(errors="replace").splitlines(), 1):
        for what, found in (
            ("package registry", REGISTRY.search(line)),
            ("path of a machine", MACHINE.search(line)),
            ("address of a machine", next(filter(_is_foreign, ADDRESS.finditer(line)), None)),
        ):
            if found:
                yield f"{name}:{number}: {what}: {found.group().strip()}"


def _is_foreign(found: re.Match[str]) -> bool:
    parts = found.groups()
    if any(int(part) > 255 for part in parts):
        return False
    return not {parts[0], ".".join(parts[:3])} & HARMLESS_NETWORKS


def secrets(name: str) -> list[str]:
    """Lines that hold a secret."""
    if name in ONLY_LOOKS_LIKE:
        return []
    settings = {"plugins_used": [{"name": p} for p in PLUGINS], "filters_used": [{"path": f} for f in FILTERS]}
    with transient_settings(settings):
        return [f"{name}:{found.line_number}: {found.type}" for found in scan.scan_file(name)]


def main() -> int:
    """0 when nothing was found."""
    names = tracked()
    problems = [problem for name in names for problem in places(name)]
    with Pool(2) as pool:
        problems += [problem for found in pool.map(secrets, names, chunksize=20) for problem in found]
    print("\n".join(problems) or f"{len(names)} files hold no secret and name no machine.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
