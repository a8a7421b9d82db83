"""Encryption of what is kept but not searched: bank accounts, documents. Keys live outside the database."""

from __future__ import annotations

from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.translation import gettext as _

from lindung.core.errors import DomainError


@cache
def _cipher() -> MultiFernet:
    return MultiFernet([Fernet(key.strip()) for key in settings.DATA_KEYS.split(",")])


def encrypt(content: bytes) -> bytes:
    """Authenticated encryption (Fernet: AES-128-CBC with HMAC-SHA-256)."""
    return _cipher().encrypt(content)


def decrypt(token: bytes) -> bytes:
    """Raises DomainError when the keys file is not the one the content was written with."""
    try:
        return _cipher().decrypt(bytes(token))
    except InvalidToken as error:
        raise DomainError(
            "wrong_data_key",
            _("Dokumen ini tidak dapat dibuka dengan kunci yang terpasang."),
            way_out=_("Pasang kembali berkas kunci (keys.json) yang disimpan bersama cadangan."),
        ) from error


def encrypt_text(text: str) -> str:
    return encrypt(text.encode()).decode()


def decrypt_text(token: str) -> str:
    return decrypt(token.encode()).decode()
