"""The site's pages and a slow one."""

from __future__ import annotations

import time

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def slow(request: HttpRequest) -> HttpResponse:
    time.sleep(2)
    return HttpResponse("selesai")


def broken(request: HttpRequest) -> HttpResponse:
    """An error of PostgreSQL that quotes the row it is about."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE t (nik text PRIMARY KEY) ON COMMIT DROP")
        for _ in range(2):
            cursor.execute("INSERT INTO t VALUES ('6112014101900001')")
    return HttpResponse()


urlpatterns = [path("lambat", slow), path("rusak", broken), path("", include("lindung.web.urls"))]
