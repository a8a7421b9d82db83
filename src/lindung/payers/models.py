"""Who pays contributions, and what is known of them: employers, agreements, minimum wages, projects, collectives."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models.functions import Now

from lindung.core.models import AppendOnly, Guarded
from lindung.people.models import Person
from lindung.places.models import Place

OWN_ROWS = "payer_id = ANY((SELECT core_payers())::bigint[])"  # what a company's own people may see


class Kept(Guarded):
    """A fact with its period. A row is never changed: once another takes its place it says when (`superseded_at`),
    and what still holds of it stands again as a row of its own. A trigger refuses everything else."""

    valid = DateRangeField()
    source = models.CharField(max_length=250)  # the paper, person or list it rests on
    reason = models.CharField(max_length=250, default="")
    recorded_by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField(db_default=Now())
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class Payer(Guarded):
    """A company, a regency office, a village, a donor, or a worker paying for himself."""

    company_rows = "id = ANY((SELECT core_payers())::bigint[])"

    class Kind(models.TextChoices):
        COMPANY = "company"
        REGENCY = "regency"  # an office that pays from the APBD
        VILLAGE = "village"  # pays from its own budget (APBDes, ADD)
        DONOR = "donor"
        SELF = "self"

    kind = models.CharField(max_length=8, choices=Kind)
    name = models.CharField(max_length=150)
    npp = models.CharField(max_length=20, unique=True)  # employer number with BPJS Ketenagakerjaan
    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    # JKK group 1–5, companies only: today's. The group of any day is in EmployerActivity.
    risk_group = models.SmallIntegerField(null=True)
    contact = models.CharField(max_length=150, default="")
    phone = models.CharField(max_length=20, default="")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(risk_group__isnull=True) | models.Q(risk_group__range=(1, 5)),
                name="risk_group_1_to_5",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="company") | models.Q(risk_group__isnull=False), name="company_has_risk_group"
            ),
        ]


class Agreement(Guarded):
    """A cooperation agreement (PKS) between a payer and the branch; one that follows another `renews` it."""

    company_rows = OWN_ROWS

    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="agreements")
    number = models.CharField(max_length=80, unique=True)
    subject = models.CharField(max_length=250)
    valid = DateRangeField()
    renews = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="renewed_by")


class FirmSize(models.TextChoices):
    """Sizes of an employer as the law knows them (PP 7/2021, Perpres 109/2013 Art 6)."""

    MICRO = "micro"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"
    STATE = "state"  # a state body that employs people who are not civil servants


def one_at_a_time(name: str, subject: str = "payer") -> ExclusionConstraint:
    """No two standing rows of one subject on the same day."""
    return ExclusionConstraint(
        name=name,
        expressions=[(subject, RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
        condition=models.Q(superseded_at__isnull=True),
    )


class Employer(Guarded):
    """A payer with workers of its own. Changes of who it is are kept in EmployerChange."""

    company_rows = OWN_ROWS

    payer = models.OneToOneField(Payer, on_delete=models.PROTECT, primary_key=True, related_name="employer")
    nib = models.CharField(max_length=13, unique=True, null=True)  # business identity number of OSS
    npwp = models.CharField(max_length=16, null=True)  # always in its form of 16 digits
    owner = models.CharField(max_length=150, default="")
    email = models.CharField(max_length=150, default="")
    address = models.CharField(max_length=250, default="")
    joined_on = models.DateField()  # start of membership
    registered_by = models.CharField(max_length=150)
    registered_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(nib__isnull=True) | models.Q(nib__regex=r"^[0-9]{13}$"), name="nib_has_13_digits"
            ),
            models.CheckConstraint(
                condition=models.Q(npwp__isnull=True) | models.Q(npwp__regex=r"^[0-9]{16}$"), name="npwp_has_16_digits"
            ),
        ]


class EmployerChange(AppendOnly):
    """A change of name, numbers, owner, address …: what it was before, what it is now, why."""

    company_rows = OWN_ROWS

    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="changes")
    effective_on = models.DateField()
    before = models.JSONField()
    after = models.JSONField()
    reason = models.CharField(max_length=250)
    recorded_by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField(db_default=Now())


class EmployerActivity(Kept):
    """What the employer does: KBLI codes, the first the main one, and the JKK risk group somebody decided on."""

    company_rows = OWN_ROWS

    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="activities")
    kbli = ArrayField(models.CharField(max_length=5), default=list)
    entry = models.CharField(max_length=10, default="")  # of the law's list of risk groups, such as III.60
    description = models.CharField(max_length=250, default="")
    risk_group = models.SmallIntegerField()
    decided_by = models.CharField(max_length=150)

    class Meta:
        constraints: ClassVar = [
            one_at_a_time("one_activity_at_a_time"),
            models.CheckConstraint(condition=models.Q(risk_group__range=(1, 5)), name="activity_risk_group_1_to_5"),
        ]


class EmployerScale(Kept):
    """How large the employer is; capital and sales in rupiah, capital without land and buildings of the business."""

    company_rows = OWN_ROWS

    class Basis(models.TextChoices):
        LAW = "law"  # worked out from capital or sales
        STATED = "stated"  # as the employer, or the officer, says

    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="scales")
    firm_size = models.CharField(max_length=6, choices=FirmSize)
    basis = models.CharField(max_length=6, choices=Basis)
    capital = models.BigIntegerField(null=True)
    annual_sales = models.BigIntegerField(null=True)
    workers = models.IntegerField(null=True)  # declared, of all kinds

    class Meta:
        constraints: ClassVar = [
            one_at_a_time("one_scale_at_a_time"),
            models.CheckConstraint(
                condition=models.Q(firm_size__in=["micro", "small", "medium", "large", "state"]), name="known_firm_size"
            ),
            models.CheckConstraint(
                condition=(models.Q(capital__isnull=True) | models.Q(capital__gte=0))
                & (models.Q(annual_sales__isnull=True) | models.Q(annual_sales__gte=0))
                & (models.Q(workers__isnull=True) | models.Q(workers__gte=0)),
                name="scale_not_negative",
            ),
        ]


class EmployerProgrammes(Kept):
    """The programmes taken, where they differ from what the law asks of this size; null: as the law asks."""

    company_rows = OWN_ROWS

    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="programme_choices")
    programmes = ArrayField(models.CharField(max_length=3), null=True)

    class Meta:
        constraints: ClassVar = [
            one_at_a_time("one_programme_choice_at_a_time"),
            models.CheckConstraint(
                condition=models.Q(programmes__isnull=True)
                | models.Q(programmes__contained_by=["JKK", "JKM", "JHT", "JP", "JKP"], programmes__len__gte=1),
                name="known_programmes",
            ),
        ]


class Unit(Guarded):
    """A division of an employer, with the code that wage reports name."""

    company_rows = OWN_ROWS

    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="units")
    code = models.CharField(max_length=10)
    name = models.CharField(max_length=150)
    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    valid = DateRangeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["payer", "code"], name="one_unit_per_code")]


class Contact(Guarded):
    """Whom to ask at an employer, and for what."""

    company_rows = OWN_ROWS

    class Role(models.TextChoices):
        HR = "hr"
        FINANCE = "finance"
        SAFETY = "safety"
        LEADER = "leader"

    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="contacts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True)
    name = models.CharField(max_length=150)
    role = models.CharField(max_length=8, choices=Role)
    phone = models.CharField(max_length=20, default="")
    email = models.CharField(max_length=150, default="")
    valid = DateRangeField()

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_contact_entry_at_a_time",
                expressions=[
                    ("payer", RangeOperators.EQUAL),
                    ("name", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            )
        ]


class MinimumWage(Kept):
    """A minimum wage a month, rupiah with sen as the decree has it. Where a regency has none, its province's holds."""

    company_rows = "true"

    class Kind(models.TextChoices):
        UMP = "UMP"  # province
        UMK = "UMK"  # regency or city
        UMSK = "UMSK"  # a sector in a regency

    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    kind = models.CharField(max_length=4, choices=Kind)
    sector = models.CharField(max_length=80, default="")  # of an UMSK only
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    confidence = models.CharField(max_length=1)  # T read in the decree, S a second source, M memory

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_minimum_wage_at_a_time",
                expressions=[
                    ("place", RangeOperators.EQUAL), ("kind", RangeOperators.EQUAL),
                    ("sector", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS),
                ],
                condition=models.Q(superseded_at__isnull=True),
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="minimum_wage_above_nothing"),
            models.CheckConstraint(condition=models.Q(confidence__in=["T", "S", "M"]), name="minimum_wage_confidence"),
            models.CheckConstraint(
                condition=models.Q(kind="UMSK") ^ models.Q(sector=""), name="minimum_wage_sector_if_umsk"
            ),
        ]  # fmt: skip


OF_OWN_PROJECT = f"project_id IN (SELECT id FROM payers_project WHERE {OWN_ROWS})"


class Project(Guarded):
    """A construction project of a contractor; its money is in its contracts."""

    company_rows = OWN_ROWS

    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="projects")
    name = models.CharField(max_length=250)
    owner = models.CharField(max_length=150)  # who has it built
    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    registered_on = models.DateField()
    registered_by = models.CharField(max_length=150)


class ProjectContract(AppendOnly):
    """The contract (sequence 1) or an addendum: each gives the whole terms anew. Rupiah.

    `vat_percent` is 0 when the value holds no VAT. With a known monthly `wage_bill` the contribution follows from it.
    `shares` are per cent of the contribution by instalment, `due_on` their days; the first may follow from signing."""

    company_rows = OF_OWN_PROJECT

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="contracts")
    sequence = models.SmallIntegerField()
    number = models.CharField(max_length=80)
    signed_on = models.DateField()
    value = models.BigIntegerField()
    vat_percent = models.SmallIntegerField(default=0)
    wage_bill = models.BigIntegerField(null=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    shares = ArrayField(models.SmallIntegerField())
    due_on = ArrayField(models.DateField(null=True))
    reason = models.CharField(max_length=250, default="")
    recorded_by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "sequence"], name="one_contract_per_sequence"),
            models.UniqueConstraint(fields=["number"], name="one_contract_per_number"),
            models.CheckConstraint(
                condition=models.Q(value__gt=0, vat_percent__range=(0, 100), sequence__gte=1)
                & (models.Q(wage_bill__isnull=True) | models.Q(wage_bill__gt=0)),
                name="contract_value_above_nothing",
            ),
            models.CheckConstraint(condition=models.Q(ends_on__gte=models.F("starts_on")), name="contract_ends_later"),
        ]


class ProjectCertificate(AppendOnly):
    """The branch's certificate of a project's membership, after its contribution, or the first instalment, was paid."""

    company_rows = OF_OWN_PROJECT

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="certificates")
    contract = models.OneToOneField(ProjectContract, on_delete=models.PROTECT, related_name="certificate")
    number = models.CharField(max_length=80, unique=True)
    issued_on = models.DateField()
    paid_on = models.DateField()
    payment_reference = models.CharField(max_length=80)
    recorded_by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField(db_default=Now())


OF_OWN_COLLECTIVE = "collective_id = ANY((SELECT core_payers())::bigint[])"  # a collective's key is its payer's


class Agent(Guarded):
    """A social security agent (Perisai), with the number of the appointment."""

    number = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=150)
    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    phone = models.CharField(max_length=20, default="")
    email = models.CharField(max_length=150, default="")
    valid = DateRangeField()


class Collective(Guarded):
    """A payer that pays for people who are not its workers."""

    company_rows = OWN_ROWS

    class Code(models.TextChoices):
        CORPORATION = "SC"
        BANK = "SB"
        GOVERNMENT = "SG"
        VILLAGE = "SD"  # by the village's budget
        REGENCY_FOR_VILLAGE = "SA"  # by the regency's budget
        OTHER_VILLAGE = "SL"

    payer = models.OneToOneField(Payer, on_delete=models.PROTECT, primary_key=True, related_name="collective")
    code = models.CharField(max_length=2, choices=Code)
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, null=True, related_name="collectives")
    registered_on = models.DateField()
    registered_by = models.CharField(max_length=150)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(code__in=["SC", "SB", "SG", "SD", "SA", "SL"]), name="known_container_code"
            )
        ]


class CollectiveMember(Guarded):
    """Somebody a collective pays for, from a day to a day."""

    company_rows = OF_OWN_COLLECTIVE

    collective = models.ForeignKey(Collective, on_delete=models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    valid = DateRangeField()

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="member_once_at_a_time",
                expressions=[
                    ("collective", RangeOperators.EQUAL),
                    ("person", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            )
        ]


class CollectivePayment(AppendOnly):
    """Money a collective paid. Its lines name everybody it pays for and add up to it: a trigger sees to both."""

    company_rows = OF_OWN_COLLECTIVE

    collective = models.ForeignKey(Collective, on_delete=models.PROTECT, related_name="payments")
    reference = models.CharField(max_length=80)
    paid_on = models.DateField()
    amount = models.BigIntegerField()
    recorded_by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["collective", "reference"], name="one_payment_per_reference"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="collective_payment_above_nothing"),
        ]


class CollectivePaymentLine(AppendOnly):
    """What a payment pays for one person and month; `bill_code` is the payment code of the bill, if there is one."""

    company_rows = OF_OWN_COLLECTIVE

    payment = models.ForeignKey(CollectivePayment, on_delete=models.PROTECT, related_name="lines")
    collective = models.ForeignKey(Collective, on_delete=models.PROTECT, db_index=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    month = models.DateField()
    amount = models.BigIntegerField()
    bill_code = models.CharField(max_length=20, default="")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["collective", "person", "month"])]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["payment", "person", "month"], name="one_line_per_person_and_month"),
            models.CheckConstraint(condition=models.Q(amount__gt=0, month__day=1), name="collective_line_is_a_month"),
        ]


class CollectiveWithdrawal(AppendOnly):
    """A payment that was recorded wrongly and no longer counts."""

    company_rows = OF_OWN_COLLECTIVE

    payment = models.OneToOneField(CollectivePayment, on_delete=models.PROTECT, related_name="withdrawal")
    collective = models.ForeignKey(Collective, on_delete=models.PROTECT)
    reason = models.CharField(max_length=250)
    recorded_by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField(db_default=Now())
