"""Where a claim stands, in words. PostgreSQL works it out from the rows (`claims_standing_of`)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from lindung.core.ui.listing import Badge

STATES = {
    "documents": Badge(_("Menunggu dokumen"), "soon"),
    "to_judge": Badge(_("Siap dinilai"), "info"),
    "to_approve": Badge(_("Menunggu persetujuan"), "info"),
    "to_pay": Badge(_("Disetujui, siap dibayar"), "info"),
    "to_release": Badge(_("Menunggu pelepasan"), "info"),
    "at_bank": Badge(_("Di bank"), "info"),
    "arrears": Badge(_("Menunggu pelunasan tunggakan"), "soon"),
    "paid": Badge(_("Dibayar"), "ok"),
    "refused": Badge(_("Ditolak dengan alasan"), "danger"),
    "withdrawn": Badge(_("Ditutup: kematian dicabut"), "neutral"),
}
