"""Short titles for the summary on the terminal."""

from __future__ import annotations

from lindung.assistance import reasons


def reason_titles() -> dict[str, str]:
    """Reason code → short Indonesian title."""
    return {code: str(reason.title) for code, reason in reasons.REASONS.items()}
