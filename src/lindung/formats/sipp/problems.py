"""What can be wrong in a row of a SIPP workbook, and how to say it."""

from lindung.formats.sipp.columns import LABELS

_SENTENCES: dict[str, tuple[str, str]] = {
    "kosong": ("{field} belum diisi.", "Isi kolom {field} pada baris ini."),
    "angka_hilang": (
        "{field} tersimpan sebagai bilangan, sehingga angka terakhirnya hilang.",
        "Ubah kolom {field} menjadi format Teks, lalu ketik ulang nomornya dari kartu aslinya.",
    ),
    "bukan_16_angka": ("{field} (NIK) bukan 16 angka.", "Tulis 16 angka NIK seperti di KTP, contoh 6112034107850001."),
    "bukan_11_angka": ("{field} bukan 11 angka.", "Tulis 11 angka nomor KPJ seperti di kartu, contoh 25000000472."),
    "ganda": ("{field} ini ada di lebih dari satu baris.", "Sisakan satu baris untuk setiap pekerja."),
    "tidak_terbaca": (
        "{field} tidak dapat dibaca.",
        "Tulis tanggal seperti 31-12-1992 dan rupiah seperti 5000000 tanpa huruf.",
    ),
    "meragukan": (
        "{field} dapat dibaca dengan dua cara.",
        "Tulis tanggal lengkap: hari-bulan-tahun empat angka, contoh 31-12-1992.",
    ),
    "kode_tidak_dikenal": (
        "Isi {field} bukan salah satu kode yang diterima SIPP.",
        "Pakai kode pada lembar Petunjuk Pengisian, contoh L atau P, Y atau T, PKWT atau PKWTT.",
    ),
    "tidak_positif": ("{field} nol atau kurang dari nol.", "Isi upah sebulan dalam rupiah, contoh 3500000."),
    "dibulatkan": (
        "{field} memuat pecahan di bawah satu sen dan dibulatkan.",
        "Tulis paling banyak dua angka di belakang koma, contoh 3500000,50.",
    ),
    "rumus": ("{field} berisi rumus.", "Salin kolomnya, lalu tempel sebagai nilai (Tempel Khusus > Nilai)."),
    "meninggal": (
        "Pekerja ini dilaporkan meninggal.",
        "SIPP tidak menerima kematian lewat berkas ini: ajukan klaim JKM, ahli waris berhak atas santunan.",
    ),
}

# The row can be used as it is; a person should look at it.
WARNINGS = frozenset({"meragukan", "dibulatkan", "meninggal", "bukan_11_angka"})


def explain(field: str, code: str) -> tuple[str, str]:
    """What is wrong and the way out, in Indonesian, for one problem of a SippTable."""
    message, way_out = _SENTENCES[code]
    label = LABELS.get(field, field)
    return message.format(field=label), way_out.format(field=label)
