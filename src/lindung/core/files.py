"""Files that come in and go out, kept encrypted in the database so that a backup holds them."""

from __future__ import annotations

import hashlib
from uuid import UUID

from django.utils.translation import gettext as _

from lindung.core.actors import Actor
from lindung.core.crypto import decrypt, encrypt
from lindung.core.errors import InvalidInput, NotFound
from lindung.core.models import StoredFile

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"
CSV = "text/csv"
MAX_DOCUMENT_BYTES = 10 * 2**20
# The first bytes tell what a file is; its name does not.
_DOCUMENTS = {b"%PDF": PDF, b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png"}


def digest_of(content: bytes) -> str:
    """SHA-256, hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def document_type(content: bytes) -> str:
    """The media type of a handed-in document. Raises InvalidInput for what is neither PDF nor picture, or too large."""
    if len(content) > MAX_DOCUMENT_BYTES:
        raise InvalidInput(
            "document_too_large",
            _("Berkas lebih dari 10 MB. Foto ulang dengan ukuran lebih kecil."),
            field="file",
        )
    for start, media_type in _DOCUMENTS.items():
        if content.startswith(start):
            return media_type
    raise InvalidInput("document_type", _("Berkas harus PDF atau foto (JPG, PNG)."), field="file")


def store_file(actor: Actor, name: str, content: bytes, media_type: str) -> StoredFile:
    """Keep a file."""
    return StoredFile.objects.create(
        digest=digest_of(content),
        name=name[:200],
        media_type=media_type,
        size=len(content),
        content=encrypt(content),
        stored_by=actor.name,
    )


def read_file(file_id: UUID) -> tuple[StoredFile, bytes]:
    """A file and its plain content. Raises NotFound."""
    stored = StoredFile.objects.filter(pk=file_id).first()
    if stored is None:
        raise NotFound("file_not_found", _("Berkas tidak ditemukan."))
    return stored, decrypt(bytes(stored.content))
