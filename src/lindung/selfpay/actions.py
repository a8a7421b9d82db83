"""Writes: somebody registers himself, asks for months to pay, is reminded.

Whoever does this has no account: the act runs as the worker himself, known by his code."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl
from django.db import transaction
from django.utils.translation import gettext as _

from lindung import law
from lindung.contributions import actions as contributions
from lindung.contributions.models import Bill
from lindung.core.actors import EVERYWHERE, Actor, acting_as
from lindung.core.clock import today
from lindung.core.errors import Conflict, InvalidInput
from lindung.core.log import record
from lindung.core.months import add_months, month_of
from lindung.core.ui.words import long_date
from lindung.membership.actions import enrol
from lindung.membership.models import Membership
from lindung.payers.actions import register_payer
from lindung.payers.models import Payer
from lindung.people.actions import register_people
from lindung.people.models import Person
from lindung.people.names import name_key
from lindung.selfpay import queries
from lindung.selfpay.models import Reminder, SelfPayer, Visit
from lindung.selfpay.pricing import Price, price, prices
from lindung.selfpay.questions import MONTHS, born, next_question, sex
from lindung.selfpay.visits import answers_of, visit_of

WORKER = Actor(None, "pekerja mandiri", "self_service", frozenset(), EVERYWHERE)
CHANNEL = "mandiri"


def register(code: str) -> SelfPayer:
    """Register the person whose answers stand under this code, and bill the months he asked for; again: no effect.

    Raises InvalidInput (a question is open, too old), Conflict (the register knows this NIK as somebody else; another
    pays these months already)."""
    with acting_as(WORKER):
        visit = visit_of(code, lock=True)
        if visit.self_payer is not None:
            return visit.self_payer
        answers = answers_of(visit)
        if next_question(answers) is not None:
            raise InvalidInput("question_open", _("Masih ada pertanyaan yang belum dijawab."))
        person = _person(answers)
        self_payer = SelfPayer.objects.filter(person=person).first() or _new_self_payer(person, answers)
        _order(self_payer, int(answers["months"]), fresh_start=False)
        visit.self_payer, visit.answers = self_payer, ""
        visit.save(update_fields=["self_payer", "answers"])
        record(
            WORKER, "selfpay.register", f"self_payer:{self_payer.pk}", after={"membership": self_payer.membership_id}
        )
        return self_payer


def _person(answers: dict[str, str]) -> Person:
    """The person of this NIK, made if unknown. Nothing of what the register knows is shown, only whether it agrees."""
    nik, birth_date = answers["nik"], born(answers["nik"])
    known = Person.objects.filter(nik=nik).first()
    if known is not None:
        _refuse_another(known, answers["name"], answers["mother"])
        return known
    _refuse_too_old(birth_date)
    frame = pl.DataFrame(
        {
            "nik": [nik],
            "name": [answers["name"]],
            "birth_date": [birth_date],
            "sex": [sex(nik)],
            "place_id": [int(answers["village"])],
            "mother_name": [answers["mother"]],
            "phone": [answers["phone"]],
            "address": [answers["address"]],
            "occupation": [answers["occupation"]],
        }
    )
    register_people(WORKER, frame)
    return Person.objects.get(nik=nik)


def _refuse_another(known: Person, name: str, mother: str) -> None:
    same_mother = not known.mother_name or name_key(known.mother_name) == name_key(mother)
    dead = known.life_events.filter(kind="death", void=False, corrects=None).exists()
    if known.name_key != name_key(name) or not same_mother or dead:
        raise Conflict(
            "identity_differs",
            _("Nama atau nama ibu tidak sama dengan catatan untuk NIK ini."),
            way_out=_("Periksa lagi jawabannya. Bila sudah benar, bawa KTP dan KK ke kantor desa atau telepon 175."),
        )


def _refuse_too_old(birth_date: date) -> None:
    answer = law.result_of("bpu_registration", today(), {"birth_date": birth_date.isoformat()})
    if not answer["may_register"]:
        closed = date.fromisoformat(answer["closes_on"])
        raise InvalidInput(
            "too_old",
            _("Pendaftaran baru ditutup sejak %(day)s, saat usia melewati batas.") % {"day": long_date(closed)},
            field="nik",
            article="Permenaker 5/2021",
            way_out=_("Yang sudah pernah terdaftar boleh terus membayar: datang ke kantor dengan kartu peserta."),
        )


def _new_self_payer(person: Person, answers: dict[str, str]) -> SelfPayer:
    frame = pl.DataFrame(
        {"person_id": [person.pk], "place_id": [person.place_id], "occupation": [answers["occupation"]]}
    )
    enrolled = enrol(WORKER, frame, Membership.Segment.BPU, today(), reason="mendaftar sendiri").row(0, named=True)
    payer = register_payer(WORKER, Payer.Kind.SELF, person.name, f"M{enrolled['kpj']}", person.place_id)
    return SelfPayer.objects.create(
        person=person,
        place_id=person.place_id,
        membership_id=enrolled["membership_id"],
        payer=payer,
        income=int(answers["income"]),
        transport=answers["transport"] == "transport",
        old_age=answers["old_age"] == "yes",
    )


def offer(answers: Mapping[str, str]) -> list[Price]:
    """What the months asked for would cost someone not registered yet. Raises InvalidInput."""
    first, transport, old_age = month_of(today()), answers["transport"] == "transport", answers["old_age"] == "yes"
    return [
        price(add_months(first, step), int(answers["income"]), transport=transport, old_age=old_age)
        for step in range(int(answers["months"]))
    ]


def order_months(code: str, count: int, *, fresh_start: bool = False) -> list[Price]:
    """Bill the next months to pay, arrears first, or with `fresh_start` from this month on; returns what they cost.

    Months already billed are not billed again. Raises InvalidInput."""
    with acting_as(WORKER):
        visit: Visit = visit_of(code, lock=True)
        if visit.self_payer is None:
            raise InvalidInput("not_registered", _("Selesaikan pendaftaran lebih dahulu."))
        return _order(visit.self_payer, count, fresh_start=fresh_start)


def _order(self_payer: SelfPayer, count: int, *, fresh_start: bool) -> list[Price]:
    if count not in MONTHS:
        raise InvalidInput("months", _("Pilih 1, 2, 3, 6, atau 12 bulan."), field="months")
    wanted = prices(self_payer, queries.months_to_pay(self_payer, count, fresh_start=fresh_start))
    member = self_payer.membership
    for amounts, months in _by_amount(wanted).items():
        jkk, jkm, jht, base = amounts
        frame = pl.DataFrame(
            {
                "person_id": [member.person_id],
                "membership_id": [member.pk],
                "job": [member.job],
                "place_id": [member.place_id],
                "segment": [member.segment],
                "wage_base": [base],
                "jkk": [jkk],
                "jkm": [jkm],
                "jht": [jht],
                "jp": [0],
                "jkp": [0],
                "worker_share": [jkk + jkm + jht],
            }
        )
        contributions.plan_person_months(WORKER, self_payer.payer_id, months, frame, f"self:{self_payer.pk}")
    for bill in Bill.objects.filter(payer=self_payer.payer, issue=None).order_by("month"):
        contributions.issue_bill(WORKER, bill.pk)
    return wanted


def _by_amount(wanted: list[Price]) -> dict[tuple[int, int, int, int], list[date]]:
    """Months of the same amounts together: a relief may end in between."""
    groups: dict[tuple[int, int, int, int], list[date]] = {}
    for one in wanted:
        groups.setdefault((one.jkk, one.jkm, one.jht, one.base), []).append(one.month)
    return groups


@transaction.atomic
def note_reminders(actor: Actor, self_payer_ids: list[int]) -> int:
    """Note that these workers were told what is due for them today; told twice, it is noted once. How many were new."""
    actor.require("selfpay.remind")
    due = [row for row in queries.due_reminders(today()) if row.self_payer_id in set(self_payer_ids)]
    noted = Reminder.objects.bulk_create(
        [
            Reminder(
                self_payer_id=row.self_payer_id,
                place_id=row.place_id,
                month=row.month,
                occasion=row.occasion,
                told_on=today(),
                told_by=actor.name,
            )
            for row in due
        ],
        ignore_conflicts=True,
    )
    record(actor, "selfpay.remind", "self_payer:batch", after={"people": len(noted)})
    return len(noted)
