"""The documents a claim needs: one fixed list per programme and version.

A claim keeps the version it was filed under, so its list never grows afterwards; a new rule is a new version.
Sources: forms 3, 3a, 3b and 4 of BPJS Ketenagakerjaan; Permenaker 1/2025 Pasal 19 (JKK); PP 44/2015 Pasal 40."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lindung.core.errors import InvalidInput

TRAFFIC = "-lalin"


@dataclass(frozen=True)
class Document:
    """A document of a checklist: what it is called, and where a family gets it. `relations` limits it to some heirs."""

    kind: str
    title: str | Promise
    hint: str | Promise
    relations: frozenset[str] = frozenset()


_FORM_4 = Document("form_4", _("Formulir 4 (permohonan JKM)"), _("Tersedia di kantor desa dan kantor cabang, gratis."))
_FAMILY = (
    Document("participant_id", _("KTP peserta yang meninggal"), _("Fotokopi; kartu peserta ikut bila ada.")),
    Document("heir_id", _("KTP ahli waris"), _("Asli ditunjukkan, fotokopi diserahkan.")),
    Document("family_card", _("Kartu keluarga (KK)"), _("KK yang memuat peserta.")),
    Document(
        "death_certificate", _("Akta atau surat keterangan kematian"), _("Dari Disdukcapil, rumah sakit, atau desa.")
    ),
    Document("heir_statement", _("Surat keterangan ahli waris"), _("Dari desa atau kelurahan, diketahui camat.")),
    Document("marriage_book", _("Buku nikah"), _("Bagi istri atau suami peserta."), frozenset({"spouse"})),
    Document("birth_certificate", _("Akta kelahiran"), _("Bagi anak peserta."), frozenset({"child"})),
    Document("bank_book", _("Buku rekening atas nama ahli waris sendiri"), _("Bukan rekening orang lain.")),
)
_ACCIDENT = (
    Document("kk1", _("Laporan kecelakaan tahap I (KK1)"), _("Formulir 3, paling lambat 2 x 24 jam sejak kecelakaan.")),
    Document("kk2", _("Laporan kecelakaan tahap II (KK2)"), _("Formulir 3a; sekaligus permohonan JKK.")),
    Document("kk3", _("Surat keterangan dokter (KK3)"), _("Formulir 3b, dari dokter yang memeriksa.")),
    Document("chronology", _("Kronologi dengan dua saksi"), _("Ditandatangani dua saksi, dengan fotokopi KTP saksi.")),
)
_POLICE = Document("police_report", _("Laporan polisi"), _("Untuk kecelakaan lalu lintas."))

CHECKLISTS: dict[str, tuple[Document, ...]] = {
    "JKM-2026-1": (_FORM_4, *_FAMILY),
    "JKK-2026-1": (*_ACCIDENT, *_FAMILY),
    "JKK-2026-1" + TRAFFIC: (*_ACCIDENT, _POLICE, *_FAMILY),
}
CURRENT = {"JKM": "JKM-2026-1", "JKK": "JKK-2026-1"}


def version_for(programme: str, traffic: bool = False) -> str:
    """The version that a claim filed today gets. Raises InvalidInput for an unknown programme."""
    if programme not in CURRENT:
        raise InvalidInput(
            "programme_unknown",
            gettext("Program «%(programme)s» tidak dikenal. Pilih JKM atau JKK.") % {"programme": programme},
            field="programme",
        )
    return CURRENT[programme] + (TRAFFIC if traffic and programme == "JKK" else "")


def required(version: str, relation: str) -> tuple[Document, ...]:
    """Everything that a claim under this version must bring, for an heir of this relation."""
    return tuple(item for item in CHECKLISTS[version] if not item.relations or relation in item.relations)


def missing(version: str, relation: str, received: Iterable[str]) -> tuple[Document, ...]:
    """What is still to be brought."""
    have = set(received)
    return tuple(item for item in required(version, relation) if item.kind not in have)
