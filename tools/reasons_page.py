"""Writes docs/panduan/alasan.md, the page that explains every reason a proposed row can come back with.

The words are those of the screen and of the answer workbook: `python tools/reasons_page.py` after changing them."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.utils import translation

PAGE = Path(__file__).parent.parent / "docs" / "panduan" / "alasan.md"
HEAD = """# Arti alasan

Setiap baris usulan yang belum diterima kembali dengan alasan dan cara memperbaikinya, di layar dan di berkas jawaban.
Halaman ini memuat semua alasan itu. Tanda «…» diisi sesuai baris yang diperiksa. Satu baris dapat membawa beberapa
alasan sekaligus; baris lain yang sudah benar tidak ikut menunggu.
"""
OUTCOMES = {
    "fix": ("Perlu diperbaiki", "Perbaiki di berkas jawaban, lalu unggah berkas itu lagi."),
    "reject": ("Ditolak", "Orang ini tidak dapat diterima sekarang. Jalan keluarnya tertulis di sampingnya."),
    "known": ("Sudah diterima sebelumnya", "Tidak ada yang perlu dilakukan."),
}
NOTE = "<!-- Dibuat oleh tools/reasons_page.py dari src/lindung/assistance/reasons.py. Jangan diubah langsung. -->\n"


def page() -> str:
    """The page in Markdown, in the source language of the screens."""
    from lindung.assistance.reasons import REASONS

    parts = [NOTE + HEAD]
    with translation.override(None):
        for outcome, (title, lead) in OUTCOMES.items():
            parts.append(f"## {title}\n\n{lead}\n")
            for reason in REASONS.values():
                if reason.outcome == outcome:
                    parts.append(
                        f"### {reason.title}\n\n{_filled(reason.message)}\n\n**Jalan keluar:** "
                        f"{_filled(reason.way_out)}\n\nKode: `{reason.code}`\n"
                    )
    return "\n".join(parts)


def _filled(text: object) -> str:
    return str(text).format(value="…", other="…", limit="…")


if __name__ == "__main__":
    settings.configure(USE_I18N=False)
    PAGE.write_text(page())
