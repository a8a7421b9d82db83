"""Refusals for arrears, with article, reason and way out: PP 44/2015 Pasal 38-42."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..form.words import CoverStatus, Segment


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


def with_refusal(
    result: dict[str, Any], known: Mapping[str, Any], programme: str, articles: Mapping[Segment, str]
) -> dict[str, Any]:
    """Add `refusal` (None when nothing is refused) and, for wage earners, what the employer pays first."""
    refused = known["cover"] == CoverStatus.INACTIVE
    segment = Segment(known["segment"])
    result["employer_pays_first"] = result["total"] if refused and segment is Segment.PU else 0
    refusal = _refusal_pu if segment is Segment.PU else _refusal_bpu
    result["refusal"] = refusal(articles[segment], programme) if refused else None
    return result
