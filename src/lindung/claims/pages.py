"""What the pages of this room share: their tabs, and files as answers."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from lindung.core.files import read_file
from lindung.core.ui.parts import Tab


def room_tabs(current: str) -> list[Tab]:
    """Claims, deaths, payouts."""
    titles = {"claims": _("Klaim"), "events": _("Kematian"), "payouts": _("Pembayaran")}
    return [Tab(title, reverse(f"claims:{name}"), name == current) for name, title in titles.items()]


def file_answer(content: bytes, name: str, media_type: str) -> HttpResponse:
    """A file to keep; never shown inside the site, whatever it holds."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=media_type, headers=headers)


def stored_answer(file_id: UUID) -> HttpResponse:
    """A stored file. Raises NotFound."""
    stored, content = read_file(file_id)
    name = "".join(c if c.isalnum() or c in "._- " else "_" for c in stored.name)
    return file_answer(content, name, stored.media_type)
