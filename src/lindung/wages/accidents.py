"""A work accident, told by the employer: written down once, with the day by which it must be reported."""

from __future__ import annotations

from datetime import date, time

from django.db import transaction
from django.utils.translation import gettext as _

from lindung import law
from lindung.core.actors import Actor, acting_as, on_behalf
from lindung.core.clock import now, today
from lindung.core.errors import InvalidInput, NotFound
from lindung.core.log import record
from lindung.core.scope import require_payer
from lindung.core.ui.words import in_official_language
from lindung.formats.accident import AccidentReport, accident_report_pdf
from lindung.membership.models import Membership
from lindung.payers.models import Payer
from lindung.wages.employers import employer_for
from lindung.wages.models import AccidentNotice, Employment


def report_by(happened_on: date) -> date:
    """The last day to report it: twice 24 hours (PP 44/2015 Art 43 (2))."""
    return date.fromisoformat(law.result_of("accident_report", happened_on, {})["report_by"])


@transaction.atomic
def report_accident(
    actor: Actor, employment_id: int, happened_on: date, happened_at: time, where: str, story: str, hospital: str = ""
) -> AccidentNotice:
    """Note an accident; of the same worker and moment it is noted once. Raises NotAllowed, NotFound, InvalidInput."""
    actor.require("wages.report")
    employment = Employment.objects.filter(pk=employment_id).first()
    if employment is None:
        raise NotFound("worker_not_found", _("Pekerja tidak ditemukan pada perusahaan ini."))
    payer = employer_for(actor, employment.payer_id)
    if happened_on > today() or happened_on < employment.started_on:
        raise InvalidInput(
            "accident_day", _("Tanggal kecelakaan harus di antara mulai bekerja dan hari ini."), field="happened_on"
        )
    with acting_as(on_behalf(actor)) as authority:
        notice, is_new = AccidentNotice.objects.get_or_create(
            employment=employment,
            happened_on=happened_on,
            happened_at=happened_at,
            defaults={
                "payer": payer,
                "place_id": payer.place_id,
                "where": where.strip(),
                "story": story.strip(),
                "hospital": hospital.strip(),
                "report_by": report_by(happened_on),
                "told_by": actor.name,
            },
        )
        if is_new:
            record(authority, "wages.report_accident", f"employment:{employment.pk}", after={"notice": notice.pk})
    return notice


def notices_of(actor: Actor, payer_id: int, employment_id: int) -> list[AccidentNotice]:
    """What was told of a worker, the newest first. Raises NotFound."""
    require_payer(actor, payer_id)
    return list(AccidentNotice.objects.filter(payer=payer_id, employment=employment_id).order_by("-happened_on"))


def notice_for(actor: Actor, notice_id: int) -> AccidentNotice:
    """Raises NotFound."""
    notice = AccidentNotice.objects.filter(pk=notice_id).first()
    if notice is None:
        raise NotFound("accident_not_found", _("Laporan kecelakaan tidak ditemukan."))
    require_payer(actor, notice.payer_id)
    return notice


@in_official_language
def accident_form(actor: Actor, notice_id: int) -> bytes:
    """The first report (Formulir 3 KK1) filled in, as PDF. Raises NotFound."""
    notice = notice_for(actor, notice_id)
    with acting_as(on_behalf(actor)) as authority:
        payer = Payer.objects.select_related("place").get(pk=notice.payer_id)
        member = Membership.objects.select_related("person").get(employment=notice.employment_id)
        record(authority, "wages.print_accident", f"accident:{notice.pk}")
    return accident_report_pdf(
        AccidentReport(
            employer=payer.name,
            npp=payer.npp,
            employer_place=payer.place.name,
            worker=member.person.name,
            nik=member.person.nik,
            kpj=member.kpj,
            birth_date=member.person.birth_date,
            happened_on=notice.happened_on,
            happened_at=notice.happened_at,
            where=notice.where,
            story=notice.story,
            hospital=notice.hospital,
            report_by=notice.report_by,
            told_by=notice.told_by,
            made_at=now(),
        )
    )
