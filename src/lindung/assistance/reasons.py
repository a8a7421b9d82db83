"""Every reason a proposed row can come back with: one table, in the words of the screen and the answer workbook.

Nothing else in the program knows these sentences. They are kept with the row as code and values, so that they can be
said again in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypedDict

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Outcome = Literal["fix", "reject", "known"]
Text = str | Promise


@dataclass(frozen=True, slots=True)
class Reason:
    """What is wrong and how to mend it. `{value}` is what was written, `{other}` what it is compared with.

    `fix`: the row can be mended and sent again; `reject`: this person cannot be taken now; `known`: decided before."""

    code: str
    outcome: Outcome
    field: str
    title: Text
    message: Text
    way_out: Text


class Told(TypedDict):
    """A reason as kept with a row and given by the API."""

    code: str
    field: str
    message: str
    way_out: str
    value: str
    other: str
    limit: str


_FIX: Final = (
    ("missing_nik", "nik", _("NIK kosong"), _("Kolom NIK kosong."),
     _("Isi NIK 16 angka sesuai KTP, contoh 6112034107850001.")),
    ("nik_number_lost_zeros", "nik", _("NIK rusak oleh Excel"),
     _("NIK tersimpan sebagai bilangan, sehingga Excel mengganti angka terakhirnya menjadi 0."),
     _("Ubah format kolom NIK menjadi Teks, lalu ketik ulang 16 angka dari KTP, contoh 6112034107850001.")),
    ("nik_not_digits", "nik", _("NIK berisi huruf atau tanda"), _("NIK berisi huruf atau tanda lain."),
     _("NIK hanya berisi angka: 16 angka sesuai KTP, contoh 6112034107850001.")),
    ("nik_length", "nik", _("NIK tidak 16 angka"), _("NIK berisi {value} angka."),
     _("NIK harus 16 angka sesuai KTP, contoh 6112034107850001.")),
    ("nik_region_unknown", "nik", _("Kode wilayah NIK tidak ada"),
     _("Dua angka pertama NIK ({value}) bukan kode provinsi."),
     _("Periksa NIK pada KTP. Di Kalimantan Barat dimulai dengan 61, contoh 6112034107850001.")),
    ("nik_birth_mismatch", "nik", _("NIK dan tanggal lahir tidak cocok"),
     _("Angka ke-7 sampai ke-12 NIK ({value}) tidak cocok dengan tanggal lahir dan jenis kelamin ({other})."),
     _("Periksa NIK, tanggal lahir, dan jenis kelamin pada KTP. Untuk perempuan, tanggal pada NIK ditambah 40, "
       "contoh lahir 1 Juli 1985 menjadi 410785.")),
    ("missing_name", "name", _("Nama kosong"), _("Kolom nama kosong."),
     _("Isi nama lengkap sesuai KTP, contoh Siti Aminah.")),
    ("missing_mother", "mother_name", _("Nama ibu kandung kosong"), _("Kolom nama ibu kandung kosong."),
     _("Isi nama ibu kandung sesuai Kartu Keluarga, contoh Halimah.")),
    ("missing_birth_date", "birth_date", _("Tanggal lahir kosong"), _("Kolom tanggal lahir kosong."),
     _("Isi tanggal/bulan/tahun sesuai KTP, contoh 17/08/1979.")),
    ("birth_date_unreadable", "birth_date", _("Tanggal lahir tidak terbaca"),
     _("Tanggal lahir «{value}» tidak terbaca atau tidak ada di kalender."),
     _("Tulis tanggal/bulan/tahun sesuai KTP, contoh 17/08/1979.")),
    ("sex_unknown", "sex", _("Jenis kelamin tidak dikenal"), _("Jenis kelamin «{value}» tidak dikenal."),
     _("Tulis L untuk laki-laki atau P untuk perempuan.")),
    ("missing_village", "village", _("Desa kosong"), _("Kolom desa/kelurahan kosong."),
     _("Isi desa tempat tinggal sekarang beserta kecamatannya, contoh Kuala Dua, Kecamatan Sungai Raya.")),
    ("village_unknown", "village", _("Desa tidak dikenal"), _("Desa «{value}» tidak ditemukan."),
     _("Maksud Bapak/Ibu: {other}? Tulis nama desa dan kecamatan sesuai daftar wilayah.")),
    ("outside_sender_area", "village", _("Bukan wilayah pengirim"),
     _("Desa «{value}» di luar wilayah pengirim ({other})."),
     _("Daftar ini hanya untuk warga {other}. Minta desa yang bersangkutan mengirim daftarnya sendiri.")),
    ("formula_cell", "formula", _("Sel berisi rumus"), _("Kolom {value} berisi rumus, bukan isian."),
     _("Salin kolom itu, lalu tempel sebagai nilai (Paste Special, Values), dan periksa isinya.")),
    ("duplicate_person", "name", _("Mungkin orang yang sama"),
     _("Nama, tanggal lahir, dan ibu kandungnya sama dengan baris {other}, tetapi NIK berbeda."),
     _("Periksa KTP. Bila orangnya sama, hapus salah satu baris. Bila memang dua orang, tulis «orang berbeda» di kolom "
       "Keterangan.")),
    ("row_code_unknown", "row_code", _("Kode Baris tidak dikenal"),
     _("Kode Baris «{value}» tidak dikenal pada program ini."),
     _("Salin kode dari berkas jawaban, contoh U12-000345-7Q, atau kosongkan untuk usulan baru.")),
    ("row_code_repeated", "row_code", _("Kode Baris dipakai dua kali"),
     _("Kode Baris «{value}» sudah dipakai di baris {other}."),
     _("Satu kode untuk satu orang. Kosongkan kode untuk orang yang baru ditambahkan.")),
)  # fmt: skip

_REJECT: Final = (
    ("duplicate_in_file", "nik", _("NIK ganda dalam daftar"), _("NIK ini sudah ada di baris {other}."),
     _("Tidak perlu diperbaiki bila orangnya sama. Bila berbeda, perbaiki NIK sesuai KTP lalu kirim lagi baris ini.")),
    ("covered_by_employer", "nik", _("Sudah dilindungi perusahaan"),
     _("Iurannya sudah dibayar pemberi kerja: {value}."),
     _("Bantuan hanya untuk pekerja tanpa pemberi kerja. Bila sudah berhenti bekerja di sana, minta perusahaan "
       "melaporkannya, lalu usulkan lagi.")),
    ("other_sponsor", "nik", _("Sudah dibayari pihak lain"), _("Iurannya sudah dibayar oleh {value}."),
     _("Satu orang satu pembayar. Bila bantuan itu berakhir, usulkan lagi sebelum bulan terakhirnya.")),
    ("self_paying", "nik", _("Membayar iuran sendiri"), _("Orang ini sedang membayar iurannya sendiri."),
     _("Usulkan lagi setelah bulan terakhir yang dibayarnya; masa perlindungannya tetap bersambung.")),
    ("deceased", "nik", _("Tercatat meninggal"), _("Tercatat meninggal pada {value}."),
     _("Bila keliru, minta surat keterangan dari Dinas Dukcapil. Bila benar, gantilah dengan orang lain; keluarganya "
       "mungkin berhak atas santunan.")),
    ("too_old", "birth_date", _("Usia melebihi batas"), _("Usianya {value} tahun pada {other}."),
     _("Bantuan untuk usia di bawah {limit} tahun pada tanggal itu. Bila tanggal lahirnya salah ketik, perbaiki lalu "
       "kirim lagi.")),
    ("too_young", "birth_date", _("Usia di bawah batas"), _("Usianya {value} tahun pada {other}."),
     _("Bantuan untuk usia {limit} tahun ke atas pada tanggal itu. Bila tanggal lahirnya salah ketik, perbaiki lalu "
       "kirim lagi.")),
    ("outside_regency", "regency", _("Di luar kabupaten"), _("Bertempat tinggal di {value}."),
     _("Bantuan hanya untuk penduduk {other}. Bila sudah pindah ke sini, lampirkan KTP baru lalu usulkan lagi.")),
    ("not_working", "work_status", _("Sedang tidak bekerja"), _("Keterangannya «{value}»: sedang tidak bekerja."),
     _("Syaratnya sedang bekerja; pendaftaran orang yang tidak bekerja membuat santunannya ditolak. Usulkan lagi "
       "setelah bekerja kembali.")),
    ("formal_worker", "occupation", _("Bukan pekerja informal"),
     _("Pekerjaannya «{value}», yang dijamin oleh pemberi kerjanya."),
     _("Bantuan hanya untuk pekerja tanpa pemberi kerja. Bila pekerjaannya salah tulis, perbaiki lalu kirim lagi.")),
)  # fmt: skip

_KNOWN: Final = (
    ("known", "nik", _("Sudah diterima sebelumnya"),
     _("Orang ini sudah diterima pada program yang sama (kode {value}). Tidak ada yang berubah."),
     _("Tidak perlu dikirim lagi. Untuk mengusulkan orang lain, tulis di baris baru tanpa Kode Baris.")),
)  # fmt: skip

_TABLES: Final[tuple[tuple[Outcome, tuple[tuple[str, str, Text, Text, Text], ...]], ...]] = (
    ("fix", _FIX), ("reject", _REJECT), ("known", _KNOWN),
)  # fmt: skip

REASONS: Final[Mapping[str, Reason]] = {
    parts[0]: Reason(parts[0], outcome, *parts[1:]) for outcome, table in _TABLES for parts in table
}


def tell(code: str, value: str = "", other: str = "", limit: str = "") -> Told:
    """A reason in the words of the active language."""
    reason = REASONS[code]
    values = {"value": value, "other": other or _("(tidak ada nama yang mirip)"), "limit": limit}
    return Told(
        code=code, field=reason.field, message=str(reason.message).format(**values),
        way_out=str(reason.way_out).format(**values), value=value, other=other, limit=limit,
    )  # fmt: skip


def retell(kept: Told) -> Told:
    """A kept reason, said again in the reader's language; one that this version does not know stays as it was said."""
    if kept["code"] not in REASONS:
        return kept
    return tell(kept["code"], kept["value"], kept["other"], kept["limit"])
