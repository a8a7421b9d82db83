"""From the facts of a contribution history to a judgement: the law decides, this module only asks and keeps.

Pure: no database. What the law says is stored whole (steps, version, unverified parameters), so that the same receipt
can be printed years later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from lindung import law
from lindung.contributions.queries import ClaimFacts
from lindung.core.ui.words import in_official_language, long_date, rupiah
from lindung.law.judgement import plain_step

RULES = {"JKM": "jkm", "JKK": "jkk_death"}
# Our own threshold (no law): a death this soon after enrolment is shown to the verifier. It never refuses.
REVIEW_MONTHS = 6
OBJECTION = (
    "Keberatan ditulis kepada kepala kantor cabang BPJS Ketenagakerjaan dengan menyebut nomor klaim ini. "
    "Petugas wajib menilai ulang dengan bukti baru. Gratis, tidak ada potongan."
)
# Who was never a participant: PP 82/2019 Pasal 34 ayat (1) speaks of a participant who dies while active.
NEVER_REGISTERED = {"JKM": "PP 82/2019 Pasal 34 ayat (1)", "JKK": "PP 82/2019 Pasal 25 ayat (1); PP 44/2015 Pasal 27"}


@dataclass(frozen=True)
class Judged:
    """A judgement ready to be stored as a Decision; amounts in rupiah."""

    outcome: str
    payable_now: int
    after_arrears: int
    judgement: dict[str, Any]
    refusal: dict[str, Any] | None


@in_official_language
def judge_death(programme: str, on: date, facts: ClaimFacts | None, arrears_settled: bool, received_on: date) -> Judged:
    """Judge a death of that day under JKM or JKK (PP 44/2015 and PP 82/2019), asked for on `received_on`. `facts` is
    None for someone who was not a participant. Raises LawError for a day outside the law that is known."""
    judgement = law.judge(RULES[programme], on, _law_facts(programme, facts, arrears_settled))
    result = judgement.result
    refusal = _refusal(programme, on, facts, result["refusal"]) or _expired(programme, on, received_on)
    stored = {
        "rule": judgement.rule,
        "on": on.isoformat(),
        "facts": judgement.facts,
        "result": result,
        "steps": [plain_step(step) for step in judgement.steps],
        "law_version": judgement.law_version,
        "unverified": list(judgement.unverified),
        "history": _history(facts),
        "review": _review(facts, result),
    }
    if refusal is not None and refusal["code"] == "claim_expired":
        stored["lapsed"] = refusal["article"]
    if refusal is not None:
        return Judged("refuse", 0, 0, stored, refusal)
    return Judged("pay", result["payable_now"], result["after_arrears"], stored, None)


def _law_facts(programme: str, facts: ClaimFacts | None, arrears_settled: bool) -> dict[str, Any]:
    """The facts in the law's words. Someone never registered is asked about as a BPU without cover: no right."""
    segment = facts.segment if facts and facts.segment == "PU" else "BPU"
    asked: dict[str, Any] = {
        "segment": segment,
        "cover": facts.status if facts else "inactive",
        "arrears_settled": arrears_settled,
    }
    if programme == "JKK":
        # A BPU's benefit rests on the base paid on; as an income it falls into its own bracket.
        return asked | {"wage" if segment == "PU" else "income": facts.wage_base if facts else 0}
    months = facts.months_paid_consecutive if facts else 0
    since = facts.month_since_registration if facts else 0
    return asked | {"months_paid_consecutive": months, "death_month_since_registration": since or None}


def _history(facts: ClaimFacts | None) -> dict[str, Any]:
    if facts is None:
        return {}
    return {
        "payer": facts.payer_name,
        "paid_through": facts.paid_through.isoformat() if facts.paid_through else None,
        "arrears_months": facts.arrears_months,
        "arrears_amount": facts.arrears_amount,
        "months_since_registration": facts.month_since_registration,
        "ended_afterwards": facts.ended_afterwards.isoformat() if facts.ended_afterwards else None,
    }


def _note(code: str, months: int, ended: date | None = None) -> str:
    """A note for the officers in the words of the active language."""
    texts = {
        "early_death": _(
            "Meninggal pada bulan ke-%(months)s sejak terdaftar. Periksa berkas pendaftaran. Ini bukan alasan menolak."
        ),
        "border_case": _("Meninggal pada bulan ketiga, yang disebut berbeda oleh sumber. Putuskan bersama penyetuju."),
        "minimum_applied": _("Santunan dinaikkan ke batas paling sedikit."),
        "ended_afterwards": _(
            "Akhir kepesertaannya baru dicatat pada %(day)s, sesudah ia meninggal. Periksa bukti berhentinya sebelum "
            "menolak: keluarganya dapat kehilangan hak."
        ),
    }
    return texts[code] % {"months": months, "day": long_date(ended) if ended else ""}


def review_notes(judgement: dict[str, Any]) -> list[str]:
    """What the officers should look at, said again in the reader's language."""
    history = judgement.get("history", {})
    months, ended = history.get("months_since_registration", 0), history.get("ended_afterwards")
    day = date.fromisoformat(ended) if ended else None
    return [_note(note["code"], months, day) for note in judgement.get("review", [])]


def _review(facts: ClaimFacts | None, result: dict[str, Any]) -> list[dict[str, str]]:
    """What the officers should look at, as information."""
    months = facts.month_since_registration if facts else 0
    ended = facts.ended_afterwards if facts else None
    early = facts is not None and facts.status != "inactive" and 0 < months <= REVIEW_MONTHS
    codes = {
        "early_death": early,
        "border_case": result.get("border_case"),
        "minimum_applied": result.get("minimum_applied"),
        "ended_afterwards": ended is not None,
    }
    return [{"code": code, "text": _note(code, months, ended)} for code, holds in codes.items() if holds]


def _refusal(
    programme: str, on: date, facts: ClaimFacts | None, refused: dict[str, str] | None
) -> dict[str, Any] | None:
    """A refusal that a family can act on: code, article, reason, way out, how to object."""
    if refused is None:
        return None
    if facts is None:
        return {
            "code": "never_registered",
            "article": NEVER_REGISTERED[programme],
            "reason": "Nama dan NIK yang meninggal tidak tercatat sebagai peserta pada hari kejadian.",
            "way_out": [
                "Bila ia memegang kartu peserta (KPJ) atau bukti bayar, bawa ke kantor cabang BPJS "
                "Ketenagakerjaan untuk dicari ulang.",
                "Bila ia bekerja pada perusahaan atau kantor, mintalah pemberi kerja membayar haknya; "
                "pengawas ketenagakerjaan membantu.",
            ],
            "objection": OBJECTION,
        }
    reason = refused["reason_id"]
    if facts.ended_afterwards:
        reason = (
            "Kepesertaannya tercatat berakhir sebelum hari kejadian; akhir itu baru dicatat pada "
            f"{long_date(facts.ended_afterwards)}, sesudah ia meninggal."
        )
    elif facts.paid_through is None:
        reason = "Yang meninggal terdaftar, tetapi belum ada iuran yang tercatat lunas sampai hari kejadian."
    else:
        reason += (
            f" Iuran terakhir yang tercatat lunas: bulan {facts.paid_through:%m-%Y}, oleh {facts.payer_name or '-'}."
        )
    way_out = [refused["way_out_id"]]
    if facts.ended_afterwards:
        way_out = [
            "Bila ia masih bekerja sampai meninggal, bawa buktinya (slip gaji, daftar hadir, surat kerja) ke kantor "
            "cabang: kepesertaannya dibuka kembali, dan klaim ini dinilai ulang."
        ]
    elif refused["code"] == "cover_inactive":
        way_out.append(
            "Mintalah daftar nama dan bukti setor kepada pihak yang membayar iuran (desa, dinas, atau kelompok) untuk "
            f"bulan sebelum {on:%m-%Y}, lalu serahkan ke kantor cabang atau petugas desa."
        )
    return {
        "code": refused["code"],
        "article": refused["article"],
        "reason": reason,
        "way_out": way_out,
        "objection": OBJECTION,
    }


def _expired(programme: str, on: date, received_on: date) -> dict[str, Any] | None:
    """The refusal of a claim that came after the right had lapsed (PP 82/2019 Pasal 26), if it did."""
    judgement = law.judge("claim_expiry", on, {"programme": programme})
    until = judgement.result["claim_until"]
    if until is None or received_on <= date.fromisoformat(until):
        return None
    return {
        "code": "claim_expired",
        "article": judgement.steps[-1].article,
        "reason": f"Hak menuntut {programme} gugur setelah {until}, sedangkan klaim diterima {received_on:%d-%m-%Y}.",
        "way_out": ["Bila klaim pernah diajukan sebelum tanggal itu, serahkan tanda terimanya."],
        "objection": OBJECTION,
    }


def next_step(judgement: dict[str, Any], after_arrears: int) -> str:
    """For a claim in grace: who must pay what so that the rest follows; empty otherwise."""
    history = judgement.get("history", {})
    if not after_arrears or not history.get("arrears_amount"):
        return ""
    return _(
        "Peserta dalam masa tenggang. Setelah tunggakan %(arrears)s (%(months)s bulan) dilunasi, sisa %(rest)s "
        "dibayarkan. Pembayar iuran: %(payer)s."
    ) % {
        "arrears": rupiah(history["arrears_amount"]),
        "months": history["arrears_months"],
        "rest": rupiah(after_arrears),
        "payer": history.get("payer") or "-",
    }
