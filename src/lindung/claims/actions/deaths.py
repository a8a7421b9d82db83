"""Deaths: reported by a family, an office or the civil registry; and the family told of its right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import polars as pl
from django.db import transaction
from django.utils.translation import gettext as _

from lindung.claims import letters
from lindung.claims.finding import find_event, require_standing
from lindung.claims.models import HeirNotice, InsuredEvent
from lindung.claims.queries.heirs import heirs_in_law
from lindung.contributions.actions import refresh_cover, reverse_person_months
from lindung.contributions.queries import covered_persons
from lindung.core.actors import Actor
from lindung.core.clock import now, today
from lindung.core.errors import Conflict, DomainError, InvalidInput, NotFound
from lindung.core.files import PDF, digest_of, store_file
from lindung.core.log import record
from lindung.core.models import Installation
from lindung.core.months import add_months, format_month, month_of
from lindung.formats.deaths import read_deaths
from lindung.formats.errors import FormatError
from lindung.people.actions import DeathRow, import_death_notices, record_death
from lindung.people.models import LifeEvent, Person

REASON = "peserta meninggal"
REGISTRY = InsuredEvent.Source.REGISTRY
CHANNELS = ("letter", "visit", "phone", "message")


def report_death(
    actor: Actor, person_id: int, occurred_on: date, cause: str, source: str, source_ref: str = "", note: str = ""
) -> InsuredEvent:
    """Take down a participant's death, and stop charging contributions from the month after.

    The same report again returns the first. Raises NotFound, InvalidInput, and Conflict when another day or cause is
    already on record: one death per person."""
    actor.require("claims.report")
    person = check_death(person_id, occurred_on, cause, source)
    with transaction.atomic():
        event, is_new = _event(actor, person, occurred_on, cause, source, source_ref, note)
        if not is_new and (event.occurred_on, event.cause) != (occurred_on, cause):
            raise Conflict(
                "death_already_reported",
                _("Kematian peserta ini sudah dilaporkan terjadi pada %(occurred_on)s.")
                % {"occurred_on": format(event.occurred_on, "%d-%m-%Y")},
                way_out=_("Buka laporan yang ada. Bila tanggal atau sebabnya keliru, cabut laporan itu lebih dahulu."),
                event_id=event.id,
            )
        if is_new:
            record_death(actor, person.id, occurred_on, source, source_ref)
            _stop_charging(actor, [(person.id, occurred_on)])
    return event


def check_death(person_id: int, occurred_on: date, cause: str, source: str) -> Person:
    """The person, if a death as told is possible. Raises NotFound, InvalidInput."""
    person = Person.objects.filter(pk=person_id).first()
    if person is None:
        raise NotFound("person_not_found", _("Peserta tidak ditemukan."))
    if occurred_on > today():
        raise InvalidInput(
            "death_in_future", _("Tanggal meninggal belum terjadi. Periksa tahunnya."), field="occurred_on"
        )
    if occurred_on < person.birth_date:
        raise InvalidInput(
            "death_before_birth", _("Tanggal meninggal lebih awal daripada tanggal lahir."), field="occurred_on"
        )
    if cause not in InsuredEvent.Cause.values:
        raise InvalidInput("cause_unknown", _("Pilih sebab: karena kerja atau bukan karena kerja."), field="cause")
    if source not in InsuredEvent.Source.values:
        raise InvalidInput("source_unknown", _("Pilih pelapor: ahli waris, petugas, atau Disdukcapil."), field="source")
    return person


def _event(
    actor: Actor, person: Person, occurred_on: date, cause: str, source: str, source_ref: str, note: str
) -> tuple[InsuredEvent, bool]:
    """The report that stands, or a new one; whoever reports the same person at the same time waits."""
    Person.objects.select_for_update().get(pk=person.pk)
    latest = InsuredEvent.objects.filter(person=person).select_related("withdrawal").order_by("-id").first()
    if latest is not None and not hasattr(latest, "withdrawal"):
        return latest, False
    event = InsuredEvent.objects.create(
        person=person,
        place_id=person.place_id,
        cause=cause,
        occurred_on=occurred_on,
        source=source,
        source_ref=source_ref[:120],
        note=note,
        reported_on=today(),
        reported_by=actor.name,
        recorded_at=now(),
        replaces=latest,
    )
    after = {"person": person.id, "occurred_on": occurred_on.isoformat(), "cause": cause, "source": source}
    record(actor, "claims.report_death", f"event:{event.id}", after=after)
    return event, True


def _stop_charging(actor: Actor, deaths: Iterable[tuple[int, date]]) -> None:
    """Reverse what is planned or billed but not paid, from the month after each death; one call a month. Cover ends
    with the death."""
    by_month: dict[date, list[int]] = defaultdict(list)
    for person_id, died_on in deaths:
        by_month[add_months(month_of(died_on), 1)].append(person_id)
    for month, person_ids in sorted(by_month.items()):
        reverse_person_months(actor, person_ids, month, f"{REASON}, mulai {format_month(month)}")
    refresh_cover([person_id for person_ids in by_month.values() for person_id in person_ids])


def tell_heirs(actor: Actor, event_id: int, told_name: str = "", channel: str = "letter") -> HeirNotice:
    """Tell the family what it may claim, by a letter with every document it needs; kept with its text.

    Without a name the letter goes to the first heir in law that is on record, else to the family. Telling the same
    person twice has no effect. Raises NotFound, InvalidInput."""
    actor.require("claims.report")
    if channel not in CHANNELS:
        raise InvalidInput("channel_unknown", _("Pilih cara: surat, kunjungan, telepon, atau pesan."), field="channel")
    event = find_event(event_id)
    require_standing(event)
    heir = next(iter(heirs_in_law(event.person_id, event.occurred_on)), None)
    name = " ".join(told_name.split()) or (heir.name if heir else f"Keluarga {event.person.name}")
    with transaction.atomic():
        existing = HeirNotice.objects.filter(event=event, told_name=name).first()
        if existing is not None:
            return existing
        relation = heir.relation if heir else "spouse"
        letter = letters.heir_letter(actor, event, name, relation)
        notice = HeirNotice.objects.create(
            event=event,
            place_id=event.place_id,
            told_name=name,
            channel=channel,
            text=letter.text,
            told_on=today(),
            told_by=actor.name,
            letter=store_file(actor, f"pemberitahuan-{event.id}.pdf", letter.pdf, PDF) if letter.pdf else None,
        )
        record(actor, "claims.tell_heirs", f"event:{event.id}", after={"notice": notice.id, "channel": channel})
    return notice


@dataclass(frozen=True)
class DeathListResult:
    """What a death list of the civil registry led to. `events` are the new ones; `problems` name the faulty rows."""

    received: int
    matched: int
    covered: int
    known: int
    events: list[int] = field(default_factory=list)
    told: int = 0
    problems: list[str] = field(default_factory=list)


def match_death_list(actor: Actor, content: bytes, file_name: str = "") -> DeathListResult:
    """Compare the civil registry's list of deaths with the participants, and tell each covered family of its right
    before it asks. Everybody matched stops being charged. The same file again changes nothing.

    Raises InvalidInput for a file that cannot be read; faulty rows are named in the result, never dropped silently."""
    actor.require("claims.import_deaths")
    try:
        sheet = read_deaths(content)
    except FormatError as error:
        raise InvalidInput(error.code, error.message, way_out=error.way_out, field="file") from error
    rows, problems = _readable(sheet.frame)
    place_id = Installation.objects.values_list("place_key", flat=True).get(id=1)
    with transaction.atomic():
        notices = import_death_notices(actor, rows, place_id, digest_of(content))
        deaths = {person_id: died_on for _notice, person_id, died_on in notices.matched}
        on_record = _on_record(deaths)
        withdrawn = _withdrawn(deaths) - on_record
        problems += [_asks_again(person, deaths[person.pk]) for person in Person.objects.filter(pk__in=withdrawn)]
        skipped = on_record | withdrawn
        people = Person.objects.in_bulk([person_id for person_id in deaths if person_id not in skipped])
        covered = _covered({person_id: deaths[person_id] for person_id in people})
        events = []
        for person_id, person in list(people.items()):
            died_on = deaths[person_id]
            try:
                record_death(actor, person_id, died_on, REGISTRY, file_name[:120])
            except DomainError as error:
                problems.append(f"{person.name}, {died_on:%d-%m-%Y}: {error.message}")
                del people[person_id]
                continue
            if person_id in covered:
                event, _new = _event(actor, person, died_on, InsuredEvent.Cause.NON_WORK, REGISTRY, file_name, "")
                tell_heirs(actor, event.id)
                events.append(event.id)
        _stop_charging(actor, [(person_id, deaths[person_id]) for person_id in people])
        if events or not notices.known:
            after = {"received": notices.received, "matched": len(deaths), "events": len(events)}
            record(actor, "claims.match_death_list", "deaths", file_name, after=after)
    return DeathListResult(
        received=sheet.frame.height,
        matched=len(deaths),
        covered=len(covered),
        known=notices.known,
        events=events,
        told=len(events),
        problems=problems,
    )


def _on_record(person_ids: Iterable[int]) -> set[int]:
    """Whose death is reported already."""
    standing = InsuredEvent.objects.filter(person_id__in=person_ids, withdrawal__isnull=True)
    return set(standing.values_list("person_id", flat=True))


def _withdrawn(person_ids: Iterable[int]) -> set[int]:
    """Of whom a death was once withdrawn: the list alone does not bring it back."""
    return set(LifeEvent.objects.filter(person_id__in=person_ids, void=True).values_list("person_id", flat=True))


def _asks_again(person: Person, died_on: date) -> str:
    return _("%(name)s, %(date)s: kematian ini pernah dicabut. Periksa aktanya, lalu laporkan sendiri bila benar.") % {
        "name": person.name, "date": f"{died_on:%d-%m-%Y}",
    }  # fmt: skip


def _readable(frame: pl.DataFrame) -> tuple[list[DeathRow], list[str]]:
    """Rows with a day of death and something to match by; and what is wrong with the others, in plain words."""
    rows: list[DeathRow] = []
    problems = []
    for row in frame.iter_rows(named=True):
        nik, died_on, name = row.get("nik"), row.get("death_date"), (row.get("name") or "").strip()
        if died_on is None:
            problems.append(_("Baris %(row)s: tanggal meninggal tidak terbaca. Tulis seperti 11-02-2026.") % row)
        elif not nik and not (name and row.get("birth_date")):
            problems.append(_("Baris %(row)s: NIK tidak terbaca. NIK harus 16 angka, contoh 6112034107850001.") % row)
        else:
            rows.append(
                {
                    "row_no": row["row"],
                    "nik": nik or "",
                    "name": name or "-",
                    "birth_date": row.get("birth_date"),
                    "died_on": died_on,
                    "certificate_no": (row.get("certificate_number") or "").strip()[:60],
                }
            )
    return rows, problems


def _covered(deaths: dict[int, date]) -> set[int]:
    """Who was covered, or in grace, on the day of death; one question per day."""
    by_day: dict[date, list[int]] = defaultdict(list)
    for person_id, died_on in deaths.items():
        by_day[died_on].append(person_id)
    found: set[int] = set()
    for died_on, person_ids in by_day.items():
        frame = covered_persons(person_ids, died_on)
        found |= set(frame.filter(pl.col("status").is_in(["active", "grace"]))["person_id"].to_list())
    return found
