"""The kinds of findings in words: what each means, what its two figures are, what the company can do, the law."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

from lindung.compliance.models.findings import Kind

Figure = Literal["number", "rupiah", "percent"]


@dataclass(frozen=True)
class KindWords:
    """A kind of finding. `klass` groups kinds as offices speak of them: PWBD, PDS, or a question of its own."""

    klass: str
    title: Any
    means: Any
    ours: Any
    theirs: Any
    figure: Figure  # of `theirs`; `ours` too, unless `ours_figure` says otherwise
    way_out: Any
    basis: str
    harm: int  # 1 harms workers now, 2 makes their benefits smaller, 3 wastes money
    ours_figure: Figure | None = None


KINDS: dict[str, KindWords] = {
    Kind.PWBD: KindWords(
        "PWBD", _("Wajib daftar, belum terdaftar"),
        _("Perusahaan ada pada daftar kantor lain, tetapi tidak ditemukan di antara perusahaan terdaftar."),
        _("Pekerja terdaftar"), _("Pekerja menurut daftar"), "number",
        _("Bila sudah terdaftar dengan nama atau NIB lain, sebutkan NPP-nya. Bila belum, daftarkan perusahaan dan "
          "semua pekerjanya."),
        "UU 24/2011 Pasal 15; PP 86/2013 Pasal 3", 1,
    ),
    Kind.WORKERS: KindWords(
        "PDS", _("Sebagian pekerja belum dilaporkan (PDS tenaga kerja)"),
        _("Pekerja pada laporan upah lebih sedikit daripada yang dilaporkan perusahaan dalam WLKP."),
        _("Pekerja pada laporan upah"), _("Pekerja menurut WLKP"), "number",
        _("Laporkan pekerja yang belum masuk, atau jelaskan bedanya (misalnya pekerja cabang lain, "
          "atau sudah keluar)."),
        "PP 44/2015 Pasal 32; PP 86/2013 Pasal 3", 1,
    ),
    Kind.MINIMUM_WAGE: KindWords(
        "PDS", _("Upah di bawah upah minimum (PDS upah)"),
        _("Ada pekerja yang upahnya dilaporkan lebih rendah daripada upah minimum di tempat itu."),
        _("Upah terendah yang dilaporkan"), _("Upah minimum"), "rupiah",
        _("Perbaiki laporan upah bulan itu, atau jelaskan (misalnya pekerja paruh waktu, masuk di tengah bulan, atau "
          "usaha mikro dan kecil)."),
        "PP 44/2015 Pasal 32; PP 36/2021", 2,
    ),
    Kind.FLAT_WAGE: KindWords(
        "PDS", _("Upah hampir semua pekerja sama (PDS upah)"),
        _("Hampir semua pekerja dilaporkan dengan upah yang sama. Bisa benar; bisa juga itu bukan upah "
          "sebenarnya."),
        _("Upah yang sama itu"), _("Bagian pekerja dengan upah itu"), "percent",
        _("Bila memang sama, kirim daftar upah. Bila tidak, perbaiki laporan upah."),
        "PP 44/2015 Pasal 32", 2, "rupiah",
    ),
    Kind.OTHER_WAGE: KindWords(
        "PDS", _("Upah lebih rendah daripada daftar lain (PDS upah)"),
        _("Upah rata-rata yang dilaporkan lebih rendah daripada yang tercatat pada daftar kantor lain."),
        _("Upah rata-rata pada laporan upah"), _("Upah rata-rata menurut daftar"), "rupiah",
        _("Perbaiki laporan upah, atau jelaskan bedanya (misalnya lembur dan tunjangan tidak tetap)."),
        "PP 44/2015 Pasal 32", 2,
    ),
    Kind.PROGRAMME: KindWords(
        "PDS", _("Program belum lengkap (PDS program)"),
        _("Ada pekerja tanpa JHT atau JP, padahal skala usahanya mewajibkan."),
        _("Pekerja dengan program lengkap"), _("Pekerja seluruhnya"), "number",
        _("Ikutkan pekerja dalam program yang kurang, atau perbaiki skala usaha bila salah."),
        "Perpres 109/2013 Pasal 6", 2,
    ),
    Kind.ASSISTED: KindWords(
        "APBD", _("Penerima bantuan iuran yang bekerja di perusahaan"),
        _("Iuran orang ini dibayar pemerintah daerah, padahal pada bulan yang sama ia dilaporkan sebagai pekerja "
          "perusahaan."),
        _("Upah yang dilaporkan perusahaan"), _("Bantuan iuran sebulan"), "rupiah",
        _("Periksa apakah ia memang pekerja perusahaan itu. Bila ya, keluarkan dari SK berikutnya; perlindungannya "
          "berlanjut lewat perusahaan."),
        "Keputusan Bupati tentang penerima bantuan iuran", 3,
    ),
    Kind.NOT_REPORTED: KindWords(
        "Laporan", _("Belum melapor bulan ini"),
        _("Laporan upah bulan yang sudah jatuh tempo belum masuk. Tanpa laporan tidak ada tagihan, dan perlindungan "
          "pekerja berhenti."),
        _("Pekerja pada laporan bulan itu"), _("Pekerja pada laporan terakhir"), "number",
        _("Kirim laporan upah bulan itu; bila tidak ada perubahan, pakai «sama dengan bulan lalu»."),
        "PP 44/2015 Pasal 9", 1,
    ),
    Kind.LEAVERS: KindWords(
        "Laporan", _("Pekerja keluar belum dinonaktifkan"),
        _("Pekerja tidak lagi pada laporan upah, tetapi kepesertaannya masih terbuka. Ia tidak dapat mengambil JHT "
          "(«status masih aktif») dan tidak terlindungi."),
        _("Pekerja pada laporan upah"), _("Kepesertaan yang masih terbuka"), "number",
        _("Nonaktifkan yang sudah keluar dengan tanggal dan alasannya, atau masukkan lagi yang masih bekerja."),
        "PP 44/2015 Pasal 9", 1,
    ),
}  # fmt: skip
