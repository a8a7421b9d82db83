"""What can go wrong with the machines rather than with the question."""

from __future__ import annotations


class ClusterError(RuntimeError):
    """An engine that is not installed, not reached, or could not finish; says so in Indonesian, and what to do."""
