"""Who loses protection next, as a work queue for the leadership page."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from lindung.contributions.queries import Alarm
from lindung.core.actors import Actor
from lindung.core.months import add_months
from lindung.core.ui.parts import QueueItem
from lindung.core.ui.words import long_date, long_month, rupiah

_SHOWN = 4


def lapse_queue(actor: Actor, found: Sequence[Alarm]) -> list[QueueItem]:
    """The nearest lapses still to be averted, then those that have happened; at most four.

    The link leads to the alarms, for those who may see them."""
    url = reverse("contributions:alarms") if actor.may("contributions.view") else ""
    ordered = sorted(found, key=lambda alarm: (alarm.days_left <= 0, abs(alarm.days_left), -alarm.people))
    return [
        QueueItem(_title(alarm), alarm.people, url, _days(alarm), alarm.tone, _note(alarm))
        for alarm in ordered[:_SHOWN]
    ]


def _days(alarm: Alarm) -> int | None:
    return None if alarm.kind == "first" else alarm.days_left


def _title(alarm: Alarm) -> str:
    words = {"month": long_month(alarm.month), "last": long_month(add_months(alarm.month, -1))}
    if alarm.kind == "first":
        return _("Iuran pertama (%(month)s) belum dibayar") % words
    if alarm.kind == "not_planned":
        return _("Belum ada rencana iuran setelah %(last)s") % words
    if alarm.kind == "not_issued":
        return _("Tagihan %(month)s belum diterbitkan") % words
    return _("Tagihan %(month)s belum dibayar") % words


def _note(alarm: Alarm) -> str:
    words = {"payer": alarm.payer, "day": long_date(alarm.falls_out_on), "amount": rupiah(alarm.amount)}
    if alarm.kind == "first":
        return _("%(payer)s · %(amount)s · belum terlindungi") % words
    if alarm.days_left <= 0:
        return _("%(payer)s · tidak terlindungi lagi sejak %(day)s") % words
    return _("%(payer)s · %(amount)s sebulan · berhenti terlindungi %(day)s") % words
