"""Prometheus metrics: requests by route, and what the queue and the duties look like. Never about a person."""

from __future__ import annotations

import os
from collections.abc import Iterator

from django.db import connection
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector

REQUESTS = Counter("lindung_requests_total", "Requests answered", ["method", "route", "status"])
SECONDS = Histogram(
    "lindung_request_seconds", "Time to answer", ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)  # fmt: skip
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def observe(method: str, route: str, status: int, seconds: float) -> None:
    """Note one answered request."""
    REQUESTS.labels(method if method in METHODS else "-", route, str(status)).inc()
    SECONDS.labels(route).observe(seconds)


class Queue:
    """Gauges that are read from the database when someone asks."""

    def collect(self) -> Iterator[Metric]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FILTER (WHERE state = 'queued'), count(*) FILTER (WHERE state = 'running'),"
                " count(*) FILTER (WHERE state = 'failed'),"
                " coalesce(extract(epoch FROM now() - min(created_at) FILTER (WHERE state = 'queued')), 0),"
                " (SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '30 seconds')"
                " FROM core_job"
            )
            queued, running, failed, oldest, workers = cursor.fetchone()
        for name, text, value in (
            ("lindung_jobs_queued", "Background jobs that wait", queued),
            ("lindung_jobs_running", "Background jobs being done", running),
            ("lindung_jobs_failed", "Background jobs on record that failed", failed),
            ("lindung_jobs_oldest_queued_seconds", "How long the longest waiting job has waited", float(oldest)),
            ("lindung_workers", "Job workers that gave a sign of life in the last 30 seconds", workers),
        ):
            yield GaugeMetricFamily(name, text, value=value)


def exposition() -> bytes:
    """All metrics of all server processes, as text for Prometheus."""
    registry = CollectorRegistry()
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        counted = generate_latest(registry)
    else:
        counted = generate_latest(REGISTRY)
    gauges = CollectorRegistry()
    gauges.register(Queue())
    return counted + generate_latest(gauges)
