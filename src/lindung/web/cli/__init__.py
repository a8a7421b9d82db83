"""The command `lindung`. Each command calls the same actions as the site."""

from lindung.web.cli.main import main

__all__ = ["main"]
