"""Writes: payers who collect for others ("wadah"), their agents (Perisai) and members, and payments with a line for
everybody they pay for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from lindung.core.actors import Actor
from lindung.core.bulk import fetch_frame, loaded
from lindung.core.clock import today
from lindung.core.errors import Conflict, InvalidInput, NotFound
from lindung.core.log import record
from lindung.core.money import format_rupiah
from lindung.core.months import format_month
from lindung.core.scope import require_payer, require_places
from lindung.payers import identity
from lindung.payers.models import (
    Agent,
    Collective,
    CollectiveMember,
    CollectivePayment,
    CollectiveWithdrawal,
    Payer,
)

COLLECT = "payers.collect"
LINE_TYPES = {"person_id": pl.Int64, "month": pl.Date, "amount": pl.Int64, "bill_code": pl.String}
_LINE_COLUMNS = {"person_id": "bigint", "month": "date", "amount": "bigint", "bill_code": "varchar(20)"}


@dataclass(frozen=True)
class CollectivePaid:
    """A payment with how many people and months it pays for; `repeated`: it was recorded before."""

    payment: CollectivePayment
    people: int
    months: int
    repeated: bool


@transaction.atomic
def register_agent(
    actor: Actor,
    number: str,
    name: str,
    place_id: int,
    phone: str,
    starts_on: date,
    ends_on: date | None = None,
    email: str = "",
) -> Agent:
    """A social security agent; the same number and name again returns the first, and ends it when a day is given.

    Raises NotAllowed, InvalidInput, Conflict (number of another agent)."""
    actor.require(COLLECT)
    require_places(actor, [place_id])
    title = identity.read_text(name, "name", _("Nama agen"), 150)
    if ends_on is not None and ends_on < starts_on:
        raise InvalidInput("period", _("Tanggal akhir lebih awal dari tanggal mulai."), field="ends_on")
    agent, is_new = Agent.objects.get_or_create(
        number=identity.read_text(number, "number", _("Nomor agen"), 40).upper(),
        defaults={
            "name": title, "place_id": place_id, "phone": identity.read_phone(phone),
            "email": identity.read_email(email), "valid": DateRange(starts_on, ends_on, "[]"),
        },
    )  # fmt: skip
    if agent.name.casefold() != title.casefold():
        raise Conflict(
            "agent_taken", _("Nomor ini milik agen %(name)s.") % {"name": agent.name}, field="number",
            way_out=_("Periksa nomor pada surat penunjukan agen."),
        )  # fmt: skip
    if not is_new and ends_on is not None:
        agent.valid = DateRange(agent.valid.lower, ends_on, "[]")
        agent.save(update_fields=["valid"])
    record(actor, "payers.register_agent", f"agent:{agent.pk}", after={"new": is_new, "ends_on": str(ends_on or "")})
    return agent


@transaction.atomic
def register_collective(
    actor: Actor, payer_id: int, code: str, registered_on: date, agent_id: int | None = None
) -> Collective:
    """Make a payer one that collects for others; again with another agent, the agent is changed.

    Raises NotAllowed, NotFound, InvalidInput, Conflict (another container code)."""
    actor.require(COLLECT)
    payer = Payer.objects.select_for_update(of=("self",)).filter(pk=payer_id).first()
    if payer is None:
        raise NotFound("payer_not_found", _("Pembayar tidak ditemukan."), field="payer")
    if payer.kind == Payer.Kind.SELF:
        raise InvalidInput("collective_self", _("Pekerja yang membayar sendiri bukan wadah."), field="payer")
    if code not in Collective.Code.values:
        raise InvalidInput("collective_code", _("Pilih kode wadah SC, SB, SG, SD, SA, atau SL."), field="code")
    if agent_id is not None and not Agent.objects.filter(pk=agent_id, valid__contains=today()).exists():
        raise InvalidInput("agent_ended", _("Agen tidak ditemukan atau masa tugasnya sudah berakhir."), field="agent")
    collective, is_new = Collective.objects.get_or_create(
        payer=payer,
        defaults={"code": code, "agent_id": agent_id, "registered_on": registered_on, "registered_by": actor.name},
    )
    if collective.code != code:
        raise Conflict(
            "collective_code", _("%(name)s sudah terdaftar sebagai wadah %(code)s.")
            % {"name": payer.name, "code": collective.code}, field="code",
        )  # fmt: skip
    if is_new or collective.agent_id != agent_id:
        before, collective.agent_id = collective.agent_id, agent_id
        collective.save(update_fields=["agent"])
        record(
            actor, "payers.register_collective", f"payer:{payer_id}", before={"agent": before},
            after={"code": code, "agent": agent_id},
        )  # fmt: skip
    return collective


@transaction.atomic
def add_members(actor: Actor, payer_id: int, person_ids: Iterable[int], from_day: date) -> int:
    """Put people under a collective from a day on; how many are new. Who is a member already stays so.

    Raises NotAllowed, NotFound (also for people outside the actor's area)."""
    actor.require(COLLECT)
    collective = _locked(actor, payer_id)
    wanted = sorted(set(person_ids))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM people_person WHERE id = ANY(%s)", [wanted])
        if cursor.fetchone()[0] != len(wanted):
            raise NotFound("person_not_found", _("Ada orang yang tidak ditemukan di wilayah kerja Anda."), field="niks")
        cursor.execute(
            "INSERT INTO payers_collectivemember (collective_id, person_id, valid)"
            " SELECT %s, person_id, daterange(%s, NULL) FROM unnest(%s::bigint[]) AS person_id ON CONFLICT DO NOTHING",
            [collective.pk, from_day, wanted],
        )
        added = int(cursor.rowcount)
    record(actor, "payers.add_members", f"payer:{payer_id}", after={"asked": len(wanted), "added": added})
    return added


@transaction.atomic
def end_member(actor: Actor, payer_id: int, person_id: int, last_day: date) -> None:
    """Somebody is no longer under a collective after this day. Raises NotAllowed, NotFound, InvalidInput."""
    actor.require(COLLECT)
    _locked(actor, payer_id)
    member = CollectiveMember.objects.filter(collective_id=payer_id, person_id=person_id, valid__endswith=None).first()
    if member is None:
        raise NotFound("member_not_found", _("Anggota tidak ditemukan pada wadah ini."))
    if last_day < member.valid.lower:
        raise InvalidInput("period", _("Tanggal akhir lebih awal dari tanggal mulai."), field="last_day")
    member.valid = DateRange(member.valid.lower, last_day, "[]")
    member.save(update_fields=["valid"])
    record(actor, "payers.end_member", f"payer:{payer_id}", after={"member": member.pk})


@transaction.atomic
def record_collective_payment(
    actor: Actor, payer_id: int, reference: str, paid_on: date, amount: int, lines: pl.DataFrame
) -> CollectivePaid:
    """Money a collective paid, with a line for every person and month (`LINE_TYPES`). Rupiah; the lines add up to the
    amount. The same reference with the same lines again has no effect.

    Raises NotAllowed, NotFound, InvalidInput (sum, doubles, no member), Conflict (month paid already, reference of
    another payment)."""
    actor.require(COLLECT)
    collective = _locked(actor, payer_id)
    number = identity.read_text(reference, "reference", _("Nomor bukti"), 80)
    rows = lines.select(*LINE_TYPES).cast(LINE_TYPES)  # type: ignore[arg-type]
    _refuse_faulty(rows, amount, paid_on)
    known = CollectivePayment.objects.filter(collective=collective, reference=number).first()
    if known is not None:
        return _repeated(known, rows, amount, paid_on)
    payment = CollectivePayment.objects.create(
        collective=collective, reference=number, paid_on=paid_on, amount=amount, recorded_by=actor.name
    )
    with loaded(rows, "payers_new_lines", _LINE_COLUMNS) as cursor:
        _refuse_strangers(cursor, collective.pk)
        cursor.execute(
            "INSERT INTO payers_collectivepaymentline (payment_id, collective_id, person_id, month, amount, bill_code)"
            " SELECT %s, %s, person_id, month, amount, bill_code FROM payers_new_lines",
            [payment.pk, collective.pk],
        )
    people, months = rows["person_id"].n_unique(), rows["month"].n_unique()
    record(
        actor, "payers.collective_payment", f"payer:{payer_id}",
        after={"reference": number, "amount": amount, "lines": rows.height, "people": people},
    )  # fmt: skip
    return CollectivePaid(payment, people, months, repeated=False)


@transaction.atomic
def withdraw_collective_payment(actor: Actor, payment_id: int, reason: str) -> CollectiveWithdrawal:
    """A payment that was recorded wrongly no longer counts; again, nothing changes. Raises NotAllowed, NotFound,
    InvalidInput."""
    actor.require(COLLECT)
    payment = CollectivePayment.objects.filter(pk=payment_id).first()
    if payment is None:
        raise NotFound("payment_not_found", _("Pembayaran tidak ditemukan."))
    _locked(actor, payment.collective_id)
    why = identity.read_text(reason, "reason", _("Alasan"), 250)
    withdrawal, is_new = CollectiveWithdrawal.objects.get_or_create(
        payment=payment, defaults={"collective_id": payment.collective_id, "reason": why, "recorded_by": actor.name}
    )
    if is_new:
        after = {"payment": payment_id, "reference": payment.reference}
        record(actor, "payers.withdraw_collective_payment", f"payer:{payment.collective_id}", why, after=after)
    return withdrawal


def _locked(actor: Actor, payer_id: int) -> Collective:
    require_payer(actor, payer_id)
    collective = Collective.objects.select_for_update(of=("self",)).filter(pk=payer_id).first()
    if collective is None:
        raise NotFound("collective_not_found", _("Wadah tidak ditemukan."))
    return collective


def _refuse_faulty(rows: pl.DataFrame, amount: int, paid_on: date) -> None:
    if rows.is_empty():
        raise InvalidInput("no_lines", _("Pembayaran wadah harus menyebut siapa saja yang dibayar."), field="lines")
    wrong = rows.filter((pl.col("amount") <= 0) | (pl.col("month").dt.day() != 1))
    if not wrong.is_empty() or rows.null_count().sum_horizontal().item():
        raise InvalidInput(
            "faulty_lines", _("Tiap baris menyebut orang, bulan, dan jumlah lebih dari nol."), field="lines"
        )
    if paid_on > today():
        raise InvalidInput("future_payment", _("Tanggal bayar ada di hari mendatang."), field="paid_on")
    total = int(rows["amount"].sum())
    if total != amount:
        raise InvalidInput(
            "lines_differ",
            _("Rincian berjumlah %(lines)s, sedangkan pembayaran %(amount)s.")
            % {"lines": format_rupiah(total), "amount": format_rupiah(amount)},
            field="amount", way_out=_("Samakan jumlah pembayaran dengan jumlah rincian per orang."),
        )  # fmt: skip
    doubles = rows.filter(pl.struct("person_id", "month").is_duplicated()).height
    if doubles:
        raise InvalidInput(
            "double_lines", _("%(rows)d baris menyebut orang dan bulan yang sama.") % {"rows": doubles}, field="lines",
            way_out=_("Satu orang satu baris untuk satu bulan."),
        )  # fmt: skip


def _refuse_strangers(cursor: Any, collective_id: int) -> None:
    """The rules of the database, said beforehand in plain words and by name."""
    cursor.execute(
        "SELECT count(*) FROM payers_new_lines n"
        " WHERE NOT EXISTS (SELECT 1 FROM people_person p WHERE p.id = n.person_id)"
    )
    if outside := cursor.fetchone()[0]:
        raise NotFound(
            "person_not_found",
            _("%(rows)d baris menyebut orang yang tidak ditemukan di wilayah kerja Anda.") % {"rows": outside},
            field="lines",
        )
    cursor.execute(
        "SELECT count(*), min(p.name), min(n.month) FROM payers_new_lines n JOIN people_person p ON p.id = n.person_id"
        " WHERE NOT EXISTS (SELECT 1 FROM payers_collectivemember m WHERE m.collective_id = %s"
        " AND m.person_id = n.person_id AND m.valid && daterange(n.month, (n.month + interval '1 month')::date))",
        [collective_id],
    )
    rows, name, month = cursor.fetchone()
    if rows:
        raise InvalidInput(
            "not_a_member",
            _("%(rows)d baris membayar orang yang bukan anggota wadah pada bulannya, antara lain %(name)s %(month)s.")
            % {"rows": rows, "name": name, "month": format_month(month)},
            field="lines", way_out=_("Daftarkan dulu orangnya sebagai anggota wadah ini."),
        )  # fmt: skip
    cursor.execute(
        "SELECT count(*), min(p.name), min(n.month), min(y.reference) FROM payers_new_lines n"
        " JOIN people_person p ON p.id = n.person_id"
        " JOIN payers_collectivepaymentline l ON l.person_id = n.person_id AND l.month = n.month"
        " JOIN payers_collectivepayment y ON y.id = l.payment_id"
        " WHERE l.collective_id = %s"
        " AND NOT EXISTS (SELECT 1 FROM payers_collectivewithdrawal w WHERE w.payment_id = l.payment_id)",
        [collective_id],
    )
    rows, name, month, reference = cursor.fetchone()
    if rows:
        raise Conflict(
            "month_paid",
            _("%(rows)d baris sudah dibayar, antara lain %(name)s %(month)s dengan bukti %(reference)s.")
            % {"rows": rows, "name": name, "month": format_month(month), "reference": reference},
            field="lines", way_out=_("Hapus baris itu, atau cabut dulu pembayaran yang salah catat."),
        )  # fmt: skip


def _repeated(known: CollectivePayment, rows: pl.DataFrame, amount: int, paid_on: date) -> CollectivePaid:
    """The payment recorded before. Raises Conflict when it said something else."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id, month, amount, bill_code FROM payers_collectivepaymentline WHERE payment_id = %s",
            [known.pk],
        )
        stored = fetch_frame(cursor, LINE_TYPES)
    order = ["person_id", "month"]
    if (known.amount, known.paid_on) != (amount, paid_on) or not stored.sort(order).equals(rows.sort(order)):
        raise Conflict(
            "reference_differs",
            _("Nomor bukti %(reference)s sudah tercatat dengan isi lain.") % {"reference": known.reference},
            field="reference", way_out=_("Periksa nomor buktinya, atau cabut dulu pembayaran yang salah catat."),
        )  # fmt: skip
    return CollectivePaid(known, rows["person_id"].n_unique(), rows["month"].n_unique(), repeated=True)
