"""Files as answers to a browser or a program."""

from __future__ import annotations

from django.http import HttpResponse


def download(name: str, content: bytes, media_type: str) -> HttpResponse:
    """A file to keep: never shown inside the site, whatever it holds, and kept by nobody on the way. What a header
    cannot carry of its name is left out."""
    plain = name.encode("ascii", "ignore").decode().replace('"', "").replace("/", "-")
    headers = {"Content-Disposition": f'attachment; filename="{plain}"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=media_type, headers=headers)
