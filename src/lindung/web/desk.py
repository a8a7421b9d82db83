"""What waits on someone's desk, and the figures beside it: composed from the rooms' queries, by permission."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lindung.assistance import counts as assistance
from lindung.claims import queries as claims
from lindung.compliance.ladder import DECIDE
from lindung.compliance.queries.ladder import waiting_decisions
from lindung.contributions.counts import count_cover
from lindung.contributions.payment_queries import reversals_to_decide
from lindung.contributions.penalties import ASSESS, proposal_waiting
from lindung.contributions.watch import alarms
from lindung.core.actors import Actor
from lindung.core.clock import today
from lindung.core.recently import recently
from lindung.core.ui import words
from lindung.core.ui.parts import QueueItem, Tone
from lindung.ledger.queries import proposals_to_decide
from lindung.reconciliation.queries import proposals_to_decide as bank_proposals_to_decide
from lindung.wages.identity import IDENTITY
from lindung.wages.queries.identity import cards_waiting

# Which states of a claim wait for whom.
CLAIM_DUTIES = (
    ("documents", "claims.file", gettext_lazy("Klaim menunggu dokumen")),
    ("to_judge", "claims.judge", gettext_lazy("Klaim siap dinilai")),
    ("to_approve", "claims.approve", gettext_lazy("Keputusan klaim menunggu persetujuan kedua")),
    ("to_pay", "claims.make_payout", gettext_lazy("Klaim disetujui, siap dibayar")),
    ("to_release", "claims.release_payout", gettext_lazy("Pembayaran menunggu pelepasan")),
    ("at_bank", "claims.confirm_payout", gettext_lazy("Pembayaran menunggu konfirmasi bank")),
)


# (permission, route, icon, title): where someone's usual work begins.
STARTS = (
    ("coverage.view", "coverage:overview", "map", gettext_lazy("Lihat cakupan kabupaten")),
    ("assistance.submit", "assistance:upload", "upload", gettext_lazy("Unggah daftar usulan")),
    ("assistance.propose_decree", "assistance:propose", "file", gettext_lazy("Susun SK")),
    ("claims.report", "claims:find_person", "add", gettext_lazy("Laporkan kematian peserta")),
    ("claims.make_payout", "claims:make_batch", "money", gettext_lazy("Buat daftar bayar santunan")),
    ("people.view", "contributions:participants", "search", gettext_lazy("Cari peserta")),
    ("wages.report", "wages:start", "upload", gettext_lazy("Laporkan upah bulan ini")),
    ("payers.register", "payers:register", "add", gettext_lazy("Daftarkan perusahaan")),
    ("reconciliation.import", "reconciliation:upload", "upload", gettext_lazy("Unggah rekening koran")),
    ("audit.view", "audit", "clock", gettext_lazy("Buka jejak audit")),
)


def starts_of(actor: Actor) -> list[dict[str, Any]]:
    """Where this person's usual work begins."""
    return [
        {"url": reverse(route), "icon": icon, "title": title}
        for permission, route, icon, title in STARTS if actor.may(permission)
    ]  # fmt: skip


def queue_of(actor: Actor) -> list[QueueItem]:
    """Work queues with something in them, sorted by what harms someone first (fewest days left)."""
    items = [*_lapses(actor), *_claims(actor), *_lists(actor), *_money(actor), *_employers(actor)]
    return sorted(items, key=lambda item: (item.days_left is None, item.days_left or 0))


def _lapses(actor: Actor) -> list[QueueItem]:
    if not actor.may("contributions.view"):
        return []
    waiting = recently(alarms, today()).value
    lapsed = [alarm for alarm in waiting if alarm.days_left <= 0]
    lapsing = [alarm for alarm in waiting if alarm.days_left > 0]
    titled = (
        (_("Peserta sudah keluar dari perlindungan"), lapsed),
        (_("Peserta akan keluar dari perlindungan"), lapsing),
    )
    return [
        QueueItem(
            title,
            sum(alarm.people for alarm in found),
            reverse("contributions:alarms"),
            found[0].days_left,
            found[0].tone,
            _("Paling dekat: %(payer)s") % {"payer": found[0].payer},
        )
        for title, found in titled
        if found
    ]


def _claims(actor: Actor) -> list[QueueItem]:
    if not actor.may("claims.view"):
        return []
    duties = [(state, title) for state, permission, title in CLAIM_DUTIES if actor.may(permission)]
    counts = claims.count_by_state([state for state, _title in duties]) if duties else {}
    address = reverse("claims:claims")
    items = [
        QueueItem(title, counts[state][0], f"{address}?state={state}", counts[state][1], _tone(counts[state][1]))
        for state, title in duties
        if state in counts
    ]
    if actor.may("claims.report") and (untold := claims.untold_deaths()):
        title = _("Keluarga yang belum diberi tahu haknya")
        items.append(QueueItem(title, untold, reverse("claims:events"), None, "soon"))
    return items


def _tone(days_left: int | None) -> Tone:
    return "info" if days_left is None or days_left > 1 else "danger" if days_left < 0 else "soon"


def _lists(actor: Actor) -> list[QueueItem]:
    if not actor.may("assistance.view"):
        return []
    items = []
    if actor.may("assistance.submit") and (rows := assistance.count_rows_to_fix()):
        items.append(QueueItem(_("Baris usulan perlu diperbaiki"), rows, reverse("assistance:proposals"), None, "soon"))
    if actor.may("assistance.decide_decree") and (waiting := assistance.count_decrees_waiting(actor)):
        items.append(QueueItem(_("SK menunggu persetujuan"), waiting, reverse("assistance:decrees"), None, "soon"))
    return items


def _money(actor: Actor) -> list[QueueItem]:
    """What waits for the second officer of the money, and what lateness has cost."""
    items = []
    if actor.may("contributions.confirm_reversal") and (waiting := reversals_to_decide(actor)):
        address = reverse("contributions:payments") + "?state=waiting"
        items.append(QueueItem(_("Pembatalan pembayaran menunggu keputusan"), waiting, address, None, "soon"))
    if actor.may("ledger.decide") and (waiting := proposals_to_decide(actor)):
        items.append(
            QueueItem(_("Usul buku besar menunggu keputusan"), waiting, reverse("ledger:periods"), None, "soon")
        )
    if actor.may("reconciliation.decide") and (waiting := bank_proposals_to_decide(actor)):
        address = reverse("reconciliation:proposals") + "?state=waiting"
        items.append(QueueItem(_("Usulan rekonsiliasi menunggu keputusan"), waiting, address, None, "soon"))
    if actor.may(ASSESS) and (penalties := proposal_waiting()):
        note = _("%(amount)s menurut keadaan %(day)s") % {
            "amount": words.rupiah(penalties.amount), "day": words.long_date(penalties.dated)
        }  # fmt: skip
        title = _("Pembayar dengan denda yang belum ditagih")
        items.append(QueueItem(title, penalties.payers, reverse("contributions:penalties"), None, "soon", note))
    return items


def _employers(actor: Actor) -> list[QueueItem]:
    items = []
    if actor.may(IDENTITY) and (waiting := cards_waiting()):
        address = reverse("wages:doubts") + "?card=sent"
        items.append(QueueItem(_("Foto KTP pekerja baru menunggu dicocokkan"), waiting, address, None, "soon"))
    if actor.may(DECIDE) and (waiting := waiting_decisions(actor)):
        title = _("Surat dan kesepakatan penagihan menunggu keputusan")
        items.append(QueueItem(title, waiting, reverse("compliance:worklist"), None, "soon"))
    return items


def figures_of(actor: Actor) -> list[dict[str, Any]]:
    """A few figures for the home page, each with date and source."""
    if not actor.may("contributions.view") and not actor.may("coverage.view"):
        return []
    day = today()
    counts = recently(count_cover, day).value
    source = _("buku iuran")
    people, coverage = reverse("contributions:participants"), reverse("coverage:overview")
    address = people + "?status={}" if actor.may("people.view") else coverage
    return [
        {"title": _("Terlindungi"), "value": counts.active, "unit": _("orang"), "as_of": day, "source": source,
         "tone": "ok", "url": address.format("active")},
        {"title": _("Masa tenggang"), "value": counts.grace, "unit": _("orang"), "as_of": day, "source": source,
         "tone": "soon" if counts.grace else "", "url": address.format("grace")},
        {"title": _("Tidak terlindungi lagi"), "value": counts.inactive, "unit": _("orang"), "as_of": day,
         "source": source, "tone": "danger" if counts.inactive else "", "url": address.format("inactive")},
    ]  # fmt: skip
