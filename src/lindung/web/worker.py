"""The process that works the queue: `python -m lindung.web.worker`, started and watched by the server."""

from __future__ import annotations


def main() -> None:
    """Take up what dead workers left, then work until SIGTERM; the running job ends first."""
    import django

    django.setup()
    from django.core.management import call_command

    from lindung.core.jobs import alone_or_beside_others, retry_after_outages, wait_for_database

    retry_after_outages()
    wait_for_database()
    with alone_or_beside_others():
        call_command("procrastinate", "worker", "--concurrency", "1")


if __name__ == "__main__":
    main()
