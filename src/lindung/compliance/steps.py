"""The ladder's steps: their order, names, time to answer and words. No database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from lindung.compliance.models import LadderStep
from lindung.compliance.rules import Rule, rule

Kind = LadderStep.Kind


@dataclass(frozen=True)
class StepKind:
    """A step as people and letters name it. The letter's words are official and so always Indonesian."""

    code: str
    prefix: str  # of the letter's number
    title: Any  # on screen
    letter: str
    days: str  # name of the rule with the time to answer
    opening: str
    asked: tuple[str, ...]
    next_words: str

    @property
    def rank(self) -> int:
        """1 to 7."""
        return ORDER.index(self.code) + 1

    @property
    def second_officer(self) -> bool:
        """Whether another officer must approve it before it is sent."""
        return self.rank >= LadderStep.FIRST_WITH_SECOND

    def time(self, on: date) -> Rule:
        """The time to answer, as a dated rule."""
        return rule(self.days, on)


_PAY = "Membayar iuran di atas dengan kode bayar pada setiap tagihan."
_TALK = "Bila belum dapat sekaligus, mengajukan kesepakatan angsuran kepada kami."
_WORKERS = "Pekerja dapat kehilangan perlindungan bila iuran terus menunggak."

STEPS: tuple[StepKind, ...] = (
    StepKind(
        Kind.REMINDER, "ING", _("Surat pengingat"), "Pengingat Iuran", "reminder_days",
        "Menurut catatan kami iuran jaminan sosial ketenagakerjaan di bawah ini belum dibayar. "
        "Mungkin ada yang terlewat; surat ini mengingatkan. " + _WORKERS,
        (_PAY, "Bila sudah dibayar, mengirim buktinya supaya kami mencocokkan catatan.", _TALK),
        "Kami mengirim Surat Peringatan Pertama (SP1).",
    ),
    StepKind(
        Kind.SP1, "SP1", _("Surat Peringatan 1 (SP1)"), "Surat Peringatan Pertama (SP1)", "sp1_days",
        "Sesudah surat pengingat kami, iuran di bawah ini masih belum dibayar. Dengan surat ini kami menyampaikan "
        "teguran tertulis pertama. " + _WORKERS,
        (_PAY, _TALK),
        "Kami mengirim Surat Peringatan Kedua (SP2).",
    ),
    StepKind(
        Kind.SP2, "SP2", _("Surat Peringatan 2 (SP2)"), "Surat Peringatan Kedua (SP2)", "sp2_days",
        "Sesudah SP1 iuran di bawah ini masih belum dibayar. Dengan surat ini kami menyampaikan teguran tertulis kedua "
        "dan terakhir. " + _WORKERS,
        (_PAY, _TALK),
        "Perusahaan dipanggil petugas pemeriksa (wasrik), dan sesudah itu dapat dikenai sanksi administratif menurut "
        "PP 86/2013.",
    ),
    StepKind(
        Kind.SUMMONS, "PGL", _("Pemanggilan dan pemeriksaan (wasrik)"), "Panggilan Pemeriksaan", "summons_days",
        "Sesudah SP2 iuran di bawah ini masih belum dibayar. Kami memanggil Bapak/Ibu untuk pemeriksaan oleh petugas "
        "pemeriksa (wasrik).",
        ("Datang ke kantor kami dalam waktu yang disebut, atau menyepakati hari lain.",
         "Membawa daftar pekerja, daftar upah, dan bukti pembayaran iuran.", _PAY),
        "Hasilnya diteruskan kepada pengawas ketenagakerjaan provinsi.",
    ),
    StepKind(
        Kind.INSPECTOR, "PWS", _("Diteruskan ke pengawas provinsi"), "Pelimpahan kepada Pengawas Ketenagakerjaan",
        "inspector_days",
        "Panggilan pemeriksaan tidak menyelesaikan tunggakan di bawah ini. Perkara ini kami teruskan kepada pengawas "
        "ketenagakerjaan provinsi, dengan tembusan kepada Bapak/Ibu.",
        ("Melayani pengawas ketenagakerjaan dan menunjukkan dokumen yang diminta.", _PAY, _TALK),
        "Kami mengusulkan sanksi administratif menurut PP 86/2013.",
    ),
    StepKind(
        Kind.SANCTION, "SAN", _("Sanksi administratif"), "Sanksi Administratif", "sanction_days",
        "Tunggakan di bawah ini tetap belum dibayar sesudah dua teguran tertulis. Dikenakan denda administratif "
        "menurut PP 86/2013, di samping denda keterlambatan iuran. Bila tetap tidak dibayar, kami meminta pemerintah "
        "daerah untuk tidak memberikan pelayanan publik tertentu.",
        ("Membayar iuran dan denda.", _TALK),
        "Perkara dikuasakan kepada Jaksa Pengacara Negara (SKK Datun).",
    ),
    StepKind(
        Kind.SKK, "SKK", _("Surat Kuasa Khusus (Kejaksaan Datun)"), "Pemberitahuan Surat Kuasa Khusus (SKK)",
        "skk_days",
        "Penagihan tunggakan di bawah ini kami kuasakan kepada Jaksa Pengacara Negara pada Kejaksaan, bidang perdata "
        "dan tata usaha negara (Datun). Jalan damai tetap terbuka.",
        ("Memenuhi undangan Jaksa Pengacara Negara.", _PAY, _TALK),
        "Jaksa Pengacara Negara menempuh jalur hukum.",
    ),
)  # fmt: skip
ORDER = tuple(str(step.code) for step in STEPS)
BY_CODE = {str(step.code): step for step in STEPS}
OBJECTION = (
    "Bapak/Ibu berhak menyangkal. Kirim keterangan dan bukti (misalnya bukti bayar atau daftar pekerja) kepada kami, "
    "atau tanyakan ke 175. Selama keterangan itu kami periksa, alasannya dicatat bersama surat ini."
)
