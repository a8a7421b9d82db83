"""The site's settings with one slow page and one slow job, so that tests can stop and kill in the middle of them."""

from __future__ import annotations

from lindung.web.settings import *  # noqa: F403
from lindung.web.settings import PROCRASTINATE_IMPORT_PATHS as PATHS

ROOT_URLCONF = "operation.slow_urls"
PROCRASTINATE_IMPORT_PATHS = [*PATHS, "operation.slow_job"]
