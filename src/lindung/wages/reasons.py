"""Every reason a reported row can come back with: one table, in the words of screen and API.

Nothing else in the program knows these sentences. They are kept with the row as code and values, so that they can be
said again in the reader's language. None of them tells an employer anything about a person that it did not report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypedDict

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Severity = Literal["warn", "fix", "reject"]
Text = str | Promise


@dataclass(frozen=True, slots=True)
class Reason:
    """What is wrong and the way out. `{value}` is what was written, `{other}` what it is compared with.

    `warn`: the row is taken all the same; `fix`: it can be mended and sent again; `reject`: it cannot be taken."""

    code: str
    severity: Severity
    field: str
    message: Text
    way_out: Text


class Told(TypedDict):
    """A reason as kept with a row and given by the API."""

    code: str
    severity: str
    field: str
    message: str
    way_out: str
    value: str
    other: str


_FIX: Final = (
    ("missing_nik", "nik", _("NIK kosong."), _("Isi NIK 16 angka sesuai KTP, contoh 6112034107850001.")),
    ("nik_number_lost_zeros", "nik",
     _("NIK tersimpan sebagai bilangan, sehingga angka terakhirnya berubah menjadi 0."),
     _("Ubah format kolom menjadi Teks, lalu ketik ulang 16 angka dari KTP, contoh 6112034107850001.")),
    ("nik_not_digits", "nik", _("NIK berisi huruf atau tanda lain."),
     _("NIK hanya berisi angka: 16 angka sesuai KTP, contoh 6112034107850001.")),
    ("nik_length", "nik", _("NIK berisi {value} angka."),
     _("NIK harus 16 angka sesuai KTP, contoh 6112034107850001.")),
    ("nik_region", "nik", _("Angka pertama NIK bukan kode wilayah."),
     _("Periksa NIK pada KTP. Di Kalimantan Barat dimulai dengan 61, contoh 6112034107850001.")),
    ("nik_birth_date", "nik", _("Angka ke-7 sampai ke-12 NIK bukan tanggal lahir."),
     _("Periksa NIK pada KTP, contoh 6112034107850001 untuk perempuan yang lahir 1 Juli 1985.")),
    ("nik_serial", "nik", _("Empat angka terakhir NIK 0000."), _("Periksa NIK pada KTP.")),
    ("nik_birth_mismatch", "nik", _("NIK tidak cocok dengan tanggal lahir {value}."),
     _("Periksa keduanya pada KTP: angka ke-7 sampai ke-12 NIK adalah tanggal lahir; untuk perempuan, tanggalnya "
       "ditambah 40.")),
    ("nik_sex_mismatch", "nik", _("NIK tidak cocok dengan jenis kelamin {value}."),
     _("Periksa keduanya pada KTP: pada NIK perempuan, tanggal lahir ditambah 40.")),
    ("id_type_unknown", "id_type", _("Jenis identitas «{value}» tidak dikenal."),
     _("Tulis KTP untuk WNI, atau PASSPORT untuk tenaga kerja asing.")),
    ("passport_format", "nik", _("Nomor paspor «{value}» tidak seperti nomor paspor."),
     _("Tulis 6 sampai 12 huruf dan angka tanpa spasi, contoh C1234567.")),
    ("country_missing", "country", _("Negara asal tenaga kerja asing belum diisi."),
     _("Tulis kode negara dua huruf, contoh MY. Warga negara Indonesia memakai KTP, bukan paspor.")),
    ("missing_name", "name", _("Nama kosong."), _("Isi nama lengkap sesuai KTP, contoh Siti Aminah.")),
    # One answer for every difference from the register: which one it is, only the branch learns (`identity`).
    ("identity_differs", "nik", _("Data pekerja ini belum cocok dengan data kependudukan."),
     _("Periksa NIK, nama, dan tanggal lahir pada KTP-nya. Bila sudah sama, kirimkan ke kantor cabang dengan foto "
       "KTP.")),
    ("name_differs", "name", _("Nama «{value}» berbeda dengan nama pekerja ini yang sudah terdaftar."),
     _("Periksa NIK dan nama pada KTP pekerja. Bila keduanya benar, minta kantor cabang memeriksa datanya.")),
    ("missing_birth_date", "birth_date", _("Tanggal lahir kosong."), _("Tulis sesuai KTP, contoh 17-08-1979.")),
    ("birth_date_unreadable", "birth_date", _("Tanggal lahir «{value}» tidak terbaca."),
     _("Tulis tanggal-bulan-tahun sesuai KTP, contoh 17-08-1979.")),
    ("birth_date_implausible", "birth_date", _("Menurut tanggal lahirnya, usia pekerja {value} tahun."),
     _("Periksa tahun lahir pada KTP.")),
    ("sex_unknown", "sex", _("Jenis kelamin «{value}» tidak dikenal."),
     _("Tulis L untuk laki-laki atau P untuk perempuan.")),
    ("missing_wage", "wage", _("Upah kosong."),
     _("Isi upah sebulan: upah pokok dan tunjangan tetap, contoh 3100000.")),
    ("wage_unreadable", "wage", _("Upah «{value}» tidak terbaca."),
     _("Tulis angka saja, contoh 3100000 atau 2646878,64.")),
    ("wage_not_positive", "wage", _("Upah {value} tidak lebih dari nol."),
     _("Isi upah sebulan, contoh 3100000. Bila sudah tidak bekerja, laporkan pada berkas TK nonaktif.")),
    ("wage_too_small", "wage", _("Upah {value} terlalu kecil untuk upah sebulan."),
     _("Tulis rupiah penuh, bukan ribuan: contoh 3100000. Upah harian ditandai «harian».")),
    ("wage_too_large", "wage", _("Upah {value} terlalu besar untuk upah sebulan."),
     _("Periksa banyaknya angka nol, contoh 3100000.")),
    ("wage_kind_unknown", "wage_kind", _("Jenis upah «{value}» tidak dikenal."),
     _("Tulis bulanan, harian, atau borongan; kosong berarti bulanan.")),
    ("start_unreadable", "started_on", _("Tanggal mulai bekerja «{value}» tidak terbaca."),
     _("Tulis tanggal-bulan-tahun, contoh 02-01-2026.")),
    ("start_in_future", "started_on", _("Mulai bekerja {value}, sesudah bulan laporan ini."),
     _("Laporkan pekerja ini pada bulan ia mulai bekerja.")),
    ("start_before_birth", "started_on", _("Mulai bekerja {value}, terlalu dekat dengan tanggal lahirnya."),
     _("Periksa kedua tanggal itu.")),
    ("start_before_leaving", "started_on",
     _("Mulai bekerja {value}, padahal masih bekerja di perusahaan ini sampai {other}."),
     _("Isi tanggal mulai bekerja yang baru, sesudah tanggal itu.")),
    ("contract_unreadable", "contract_end", _("Akhir kontrak «{value}» tidak terbaca."),
     _("Tulis tanggal-bulan-tahun, contoh 31-12-2026, atau kosongkan untuk pekerja tetap.")),
    ("contract_before_start", "contract_end", _("Akhir kontrak {value} lebih awal dari mulai bekerja {other}."),
     _("Periksa kedua tanggal itu pada perjanjian kerja.")),
    ("status_unknown", "employment_status", _("Status pegawai «{value}» tidak dikenal."),
     _("Tulis PKWT untuk pekerja kontrak atau PKWTT untuk pekerja tetap.")),
    ("worker_unknown", "nik", _("Orang ini tidak tercatat bekerja di perusahaan ini."),
     _("Periksa NIK atau KPJ. Pekerja baru dilaporkan lebih dahulu pada berkas Data TK Baru.")),
    ("worker_not_yet", "nik", _("Orang ini baru bekerja sejak {value}, sesudah bulan laporan ini."),
     _("Laporkan upahnya mulai bulan itu.")),
    ("worker_left", "nik", _("Orang ini berhenti bekerja pada {value}, sebelum bulan laporan ini."),
     _("Hapus barisnya. Bila ia bekerja kembali, laporkan pada berkas Data TK Baru.")),
    ("kpj_of_another", "kpj", _("KPJ dan NIK pada baris ini milik dua orang yang berbeda."),
     _("Periksa keduanya, atau kosongkan KPJ.")),
    ("duplicate_differs", "nik", _("Orang ini juga ada di baris {other}, dengan isi yang berbeda."),
     _("Sisakan satu baris dengan isi yang benar.")),
    ("left_unreadable", "left_on", _("Tanggal berhenti «{value}» tidak terbaca."),
     _("Tulis hari kerja terakhir, contoh 31-01-2026.")),
    ("left_in_future", "left_on", _("Tanggal berhenti {value} sesudah bulan laporan ini."),
     _("Laporkan pada bulan ia berhenti.")),
    ("left_before_start", "left_on", _("Tanggal berhenti {value} lebih awal dari mulai bekerja {other}."),
     _("Isi hari kerja terakhir, contoh 31-01-2026.")),
    ("left_before_death", "left_on",
     _("Tanggal berhenti {value} lebih awal dari hari ia tercatat meninggal ({other})."),
     _("Bila ia masih bekerja sampai meninggal, isi hari itu. Bila tidak, kirim bukti berhentinya ke kantor cabang, "
       "yang menilainya bersama klaim keluarganya.")),
    ("left_on_differs", "left_on", _("Sudah dilaporkan berhenti pada {other}, bukan {value}."),
     _("Bila tanggal itu keliru, batalkan dahulu berhentinya pada halaman pekerja, lalu laporkan lagi.")),
    ("missing_leave_reason", "reason", _("Alasan nonaktif kosong."),
     _("Tulis alasannya, contoh Mengundurkan diri. Pekerja memerlukannya untuk mengambil JHT.")),
    ("formula_cell", "formula", _("Kolom {value} berisi rumus, bukan isian."),
     _("Salin kolom itu, lalu tempel sebagai nilai, dan periksa isinya.")),
    ("month_differs", "month", _("Baris ini untuk bulan {value}, bukan bulan laporan ini ({other})."),
     _("Pilih bulan yang sesuai saat mengunggah, atau perbaiki kolom BLTH.")),
    ("npp_differs", "npp", _("NPP {value} bukan NPP perusahaan ini ({other})."),
     _("Periksa apakah berkasnya milik perusahaan lain.")),
    ("assessment", "wage", _("Iuran baris ini tidak dapat dihitung: {value}."), _("Periksa isian yang disebut.")),
)  # fmt: skip

_REJECT: Final = (
    ("duplicate_in_file", "nik", _("Baris ini sama dengan baris {other}."),
     _("Tidak perlu diperbaiki; baris pertama yang dipakai.")),
)  # fmt: skip

_WARN: Final = (
    ("identity_confirmed", "nik", _("Kantor cabang sudah memastikan data pekerja ini dari foto KTP-nya."),
     _("Tidak ada yang perlu dilakukan.")),
    ("already_employed", "nik", _("Sudah tercatat bekerja di perusahaan ini; hanya upahnya yang dicatat."),
     _("Tidak ada yang perlu dilakukan.")),
    ("rehired", "started_on", _("Pernah bekerja di sini sampai {value}; dicatat sebagai pekerjaan baru."),
     _("Tidak ada yang perlu dilakukan bila memang bekerja kembali.")),
    ("below_minimum", "wage", _("Upah {value} di bawah upah minimum {other}."),
     _("Periksa upahnya. Iuran tetap dihitung dari upah yang dilaporkan.")),
    ("wage_jump", "wage", _("Upah {value}; bulan lalu {other}."), _("Periksa banyaknya angka nol.")),
    ("late_registration", "started_on",
     _("Mulai bekerja {value}, lebih dari 30 hari sebelum dilaporkan."),
     _("Iuran dihitung mulai bulan laporan ini. Laporkan juga bulan-bulan sebelumnya.")),
    ("start_missing", "started_on", _("Mulai bekerja kosong; dipakai hari pertama bulan laporan."),
     _("Isi tanggal yang benar bila berbeda.")),
    ("contract_missing", "contract_end", _("Pekerja PKWT tanpa akhir kontrak."),
     _("Isi akhir kontraknya agar perusahaan diingatkan pada waktunya.")),
    ("contract_over", "contract_end", _("Kontrak berakhir {value}."),
     _("Bila tidak diperpanjang, laporkan berhenti paling lambat 7 hari sesudahnya.")),
    ("no_pension", "birth_date", _("Usianya {value} tahun, sudah mencapai usia pensiun {other}: tanpa iuran JP."),
     _("Tidak ada yang perlu dilakukan.")),
    ("back_pay", "back_pay", _("Rapel {value} tidak ikut dihitung."),
     _("Rapel menaikkan upah bulan-bulan yang lalu: laporkan upah yang benar pada bulan-bulan itu.")),
    ("birth_date_doubtful", "birth_date", _("Tanggal lahir «{value}» dibaca {other}."), _("Periksa pada KTP.")),
    ("left_by_month", "left_on", _("Tanggal berhenti kosong; dipakai {value}."),
     _("Isi hari kerja terakhir bila berbeda.")),
    ("already_left", "nik", _("Sudah tercatat berhenti pada {value}; tidak ada yang berubah."),
     _("Tidak ada yang perlu dilakukan.")),
    ("month_final", "left_on", _("Iuran sesudah {value} sudah ditagih; selisihnya dikembalikan sebagai kredit."),
     _("Tidak ada yang perlu dilakukan. Laporkan lain kali dalam 7 hari.")),
    ("died", "reason", _("Alasannya meninggal dunia: keluarganya mungkin berhak atas santunan."),
     _("Laporkan kematiannya, dan beri tahu keluarganya.")),
)  # fmt: skip

_TABLES: Final[tuple[tuple[Severity, tuple[tuple[str, str, Text, Text], ...]], ...]] = (
    ("fix", _FIX), ("reject", _REJECT), ("warn", _WARN),
)  # fmt: skip

REASONS: Final[Mapping[str, Reason]] = {
    parts[0]: Reason(parts[0], severity, *parts[1:]) for severity, table in _TABLES for parts in table
}


def tell(code: str, value: str = "", other: str = "") -> Told:
    """A reason in the words of the active language."""
    reason = REASONS[code]
    values = {"value": value, "other": other}
    return Told(
        code=code,
        severity=reason.severity,
        field=reason.field,
        message=str(reason.message).format(**values),
        way_out=str(reason.way_out).format(**values),
        value=value,
        other=other,
    )


def retell(kept: Told) -> Told:
    """A kept reason, said again in the reader's language; one that this version does not know stays as it was said."""
    if kept["code"] not in REASONS:
        return kept
    return tell(kept["code"], kept["value"], kept["other"])
