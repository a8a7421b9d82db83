"""An end of work that was reported by mistake."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from lindung.core.actors import Actor, acting_as, on_behalf
from lindung.core.errors import Conflict, InvalidInput, NotFound
from lindung.core.log import record
from lindung.core.months import add_months, month_of
from lindung.membership.actions import reopen_membership
from lindung.wages.charging import settle_differences
from lindung.wages.employers import employer_for, in_turn
from lindung.wages.models import Employment
from lindung.wages.receiving import REPORT


@transaction.atomic
def undo_leaving(actor: Actor, employment_id: int, reason: str) -> Employment:
    """The worker has not left after all: the employment and the membership go on, and months that are final since are
    charged. One that goes on already stays as it is. Raises NotFound, InvalidInput (no reason), Conflict (works here
    again under a new employment)."""
    actor.require(REPORT)
    if not reason.strip():
        raise InvalidInput("reason_missing", _("Tulis alasannya, contoh: salah orang."), field="reason")
    found = Employment.objects.filter(pk=employment_id).first()
    if found is None or (actor.payers is not None and found.payer_id not in actor.payers):
        raise NotFound("employment_not_found", _("Pekerja tidak ditemukan."))
    payer = employer_for(actor, found.payer_id)
    with acting_as(on_behalf(actor)) as authority:
        in_turn(payer.pk)
        employment = Employment.objects.select_for_update(of=("self",)).get(pk=employment_id)
        if employment.left_on is None:
            return employment
        again = Employment.objects.filter(payer=payer, person_id=employment.person_id, left_on__isnull=True)
        if again.exists():
            raise Conflict("works_again", _("Orang ini sudah dilaporkan bekerja kembali."), field="employment_id")
        from_month = add_months(month_of(employment.left_on), 1)
        employment.left_on, employment.leave_reason = None, ""
        employment.leave_reported_on = employment.leave_report = None
        employment.save(update_fields=["left_on", "leave_reason", "leave_reported_on", "leave_report"])
        reopen_membership(authority, employment.membership_id, reason)
        record(authority, "wages.undo_leaving", f"employment:{employment_id}", reason)
        settle_differences(
            authority, payer, from_month, [employment.membership_id], f"employment:{employment_id}", reason
        )
    return employment
