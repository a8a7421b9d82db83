"""Runs the benchmarks: `./run bench [NAME]`. With --write, their figures replace those in docs/benchmarks.md.

./run bench                  all of them, results as JSON lines
./run bench lists -- --people 30000 --keep regency
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FOLDER, DOCUMENT = ROOT / "benchmarks", ROOT / "docs" / "benchmarks.md"
NAMES = sorted(path.stem for path in FOLDER.glob("*.py") if "def main()" in path.read_text())


def machine() -> str:
    """What the figures were measured on, and when."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [text.partition(":")[2].strip() for text in info.read_text().splitlines() if "model name" in text]
        model = names[0] if names else model
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return (
        f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}{load}, {datetime.now(UTC):%Y-%m-%d %H:%M}"
    )


def run(name: str, options: list[str]) -> dict[str, Any]:
    """One benchmark's figures. Raises CalledProcessError."""
    done = subprocess.run(
        [sys.executable, str(FOLDER / f"{name}.py"), "--json", *options], check=True, stdout=subprocess.PIPE, text=True
    )
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def as_table(result: dict[str, Any]) -> str:
    """Markdown: the rows of `pages` as a table, every other figure as a line."""
    rows = result.get("pages", [])
    lines = [f"- {key}: {json.dumps(value)}" for key, value in result.items() if key != "pages"]
    if rows:
        heads = list(rows[0])
        lines += ["", f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
        lines += [f"| {' | '.join(str(row[head]) for head in heads)} |" for row in rows]
    return "\n".join(lines)


def write(name: str, text: str) -> None:
    """Replace what stands between a benchmark's two marks in the document. Raises ValueError without them."""
    start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    document = DOCUMENT.read_text()
    if start not in document or end not in document:
        raise ValueError(f"{DOCUMENT.name} has no marks {start} … {end}")
    before, _, rest = document.partition(start)
    DOCUMENT.write_text(f"{before}{start}\n\n{text}\n\n{end}{rest.partition(end)[2]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", nargs="?", choices=NAMES)
    parser.add_argument("--write", action="store_true", help="put the figures into docs/benchmarks.md")
    own, passed = sys.argv[1:], []
    if "--" in own:
        own, passed = own[: own.index("--")], own[own.index("--") + 1 :]
    options = parser.parse_args(own)
    for name in [options.name] if options.name else NAMES:
        result = run(name, passed)
        print(json.dumps({"benchmark": name, "machine": machine(), **result}))
        if options.write:
            write(name, f"{machine()}\n\n{as_table(result)}")


if __name__ == "__main__":
    main()
