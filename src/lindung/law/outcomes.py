"""What an answer carries besides numbers: refusals with their way out, and the names of heirs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .heirs import NOBODY
from .words import CoverStatus, Segment


def _refusal_bpu(article: str, programme: str) -> dict[str, str]:
    return {
        "code": "cover_inactive",
        "article": article,
        "reason_id": f"Iuran menunggak lebih dari 3 bulan berturut-turut saat kejadian, jadi manfaat {programme} "
        "tidak dapat dibayarkan.",
        "reason_en": f"Contributions were more than 3 months in arrears at the event, so no {programme} benefit "
        "can be paid.",
        "way_out_id": "Bila ada bukti iuran sudah dibayar sebelum kejadian, bawa ke kantor cabang BPJS "
        "Ketenagakerjaan untuk diperiksa ulang; keberatan dapat diajukan secara tertulis.",
        "way_out_en": "If there is proof that contributions were paid before the event, bring it to the BPJS "
        "Ketenagakerjaan branch for review; an objection can be made in writing.",
    }


def _refusal_pu(article: str, programme: str) -> dict[str, str]:
    return {
        "code": "employer_pays_first",
        "article": article,
        "reason_id": f"Pemberi kerja menunggak lebih dari 3 bulan berturut-turut, jadi manfaat {programme} wajib "
        "dibayar lebih dulu oleh pemberi kerja.",
        "reason_en": f"The employer is more than 3 months in arrears, so the employer must pay the {programme} "
        "benefit first.",
        "way_out_id": "Mintalah pembayaran kepada pemberi kerja. Setelah melunasi tunggakan dan denda, pemberi "
        "kerja dapat meminta penggantian; bila ia menolak, hubungi pengawas ketenagakerjaan.",
        "way_out_en": "Ask the employer for payment. Once arrears and penalty are paid the employer can be "
        "reimbursed; if the employer refuses, contact the labour inspector.",
    }


def _with_refusal(
    result: dict[str, Any], known: Mapping[str, Any], programme: str, articles: Mapping[Segment, str]
) -> dict[str, Any]:
    """Add `refusal` (None when nothing is refused) and, for wage earners, what the employer pays first."""
    refused = known["cover"] == CoverStatus.INACTIVE
    segment = Segment(known["segment"])
    result["employer_pays_first"] = result["total"] if refused and segment is Segment.PU else 0
    refusal = _refusal_pu if segment is Segment.PU else _refusal_bpu
    result["refusal"] = refusal(articles[segment], programme) if refused else None
    return result


JKK_ARTICLES = {
    Segment.PU: "PP 44/2015 Pasal 38 ayat (2)-(3)",
    Segment.BPU: "PP 44/2015 Pasal 39 ayat (2)",
}
JKM_ARTICLES = {
    Segment.PU: "PP 44/2015 Pasal 41 ayat (2)-(3)",
    Segment.BPU: "PP 44/2015 Pasal 42 ayat (2)",
}


def jkk_outcome(result: dict[str, Any], known: dict[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    """The JKK result with its refusal, and whether the minimum raised the benefit."""
    raised = known["jkk_death_by_wage"] < known["jkk_death_minimum"]
    result["minimum_applied"] = bool(known["jkk_due"]) and raised
    return _with_refusal(result, known, "JKK", JKK_ARTICLES)


def jkm_outcome(result: dict[str, Any], known: dict[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    """The JKM result with its refusal."""
    return _with_refusal(result, known, "JKM", JKM_ARTICLES)


def heirs_named(result: dict[str, Any], known: dict[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    """The heirs by place and name, and where the money goes when there are none."""
    result["names"] = [facts["relatives"][i].get("name") for i in result["heirs"]]
    nobody = result["tier"] == NOBODY
    result["fund_share"] = (
        "Tidak ada ahli waris maupun wasiat: biaya pemakaman dibayarkan kepada pihak yang mengurus pemakaman; "
        "santunan lainnya diserahkan ke Dana Jaminan Sosial."
        if nobody
        else None
    )
    result["fund_share_en"] = (
        "No heir and no will: the funeral grant goes to whoever arranged the burial; the rest goes to the Social "
        "Security Fund (Dana Jaminan Sosial)."
        if nobody
        else None
    )
    return result
