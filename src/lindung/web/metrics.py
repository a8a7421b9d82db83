"""Prometheus metrics: requests by route, and what the queue and the duties look like."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

REQUESTS = Counter("lindung_requests_total", "Requests answered", ["method", "route", "status"])
SECONDS = Histogram(
    "lindung_request_seconds", "Time to answer", ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


def observe(method: str, route: str, status: int, seconds: float) -> None:
    """Note one answered request."""
    REQUESTS.labels(method, route, str(status)).inc()
    SECONDS.labels(route).observe(seconds)
