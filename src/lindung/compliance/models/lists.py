"""Lists of companies from other offices, and which payer each line is."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from lindung.core.models import AppendOnly, Guarded, StoredFile, User
from lindung.payers.models import Payer
from lindung.places.models import Place


class CompanyList(AppendOnly):
    """A list as it came in. A newer version of a kind takes the place of the older ones; none is ever changed."""

    repeated = False  # set on what `receive_list` returns when the same file had come before

    class Kind(models.TextChoices):
        WLKP = "wlkp"  # mandatory labour report to the labour office
        NIB = "nib"  # business licences (OSS)
        OTHER = "other"  # tax, BPJS Kesehatan …

    kind = models.CharField(max_length=5, choices=Kind)
    version = models.IntegerField()
    source = models.CharField(max_length=150)  # the office that gave it
    as_of = models.DateField()  # the day its figures are true for
    place = models.ForeignKey(Place, on_delete=models.PROTECT)  # the area it is about
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    file_digest = models.CharField(max_length=64)
    file_name = models.CharField(max_length=200)
    columns = models.JSONField()  # field → title found
    header_row = models.IntegerField()
    unknown_titles = ArrayField(models.CharField(max_length=200), default=list)
    companies = models.IntegerField()
    faulty = models.IntegerField()
    left_out = models.IntegerField()  # blank rows, totals, signatures
    received_at = models.DateTimeField(db_default=Now())
    received_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "version"], name="list_version_once"),
            models.UniqueConstraint(fields=["kind", "file_digest"], name="same_list_once"),
            models.CheckConstraint(
                condition=models.Q(companies__gt=0) & models.Q(faulty__range=(0, models.F("companies"))),
                name="list_has_companies",
            ),
        ]


class ListedCompany(AppendOnly):
    """A line of a list. What is wrong with it is in `faults`; `usable` lines are compared."""

    scope_column = "place_id"

    company_list = models.ForeignKey(CompanyList, on_delete=models.PROTECT, related_name="lines")
    row_no = models.IntegerField()
    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200)
    nib = models.CharField(max_length=13, default="")
    npwp = models.CharField(max_length=16, default="")
    npp = models.CharField(max_length=20, default="")
    place = models.ForeignKey(Place, on_delete=models.PROTECT)  # the village if it was recognised, else the area
    place_text = models.CharField(max_length=200, default="")
    address = models.CharField(max_length=300, default="")
    contact = models.CharField(max_length=150, default="")
    phone = models.CharField(max_length=60, default="")
    email = models.CharField(max_length=150, default="")
    kbli = models.CharField(max_length=20, default="")
    size = models.CharField(max_length=6, default="")
    workers = models.IntegerField(null=True)
    wage_average = models.BigIntegerField(null=True)
    faults = ArrayField(models.CharField(max_length=20), default=list)
    usable = models.BooleanField()
    written = models.JSONField(null=True)  # the cells as they stood, for lines with faults

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company_list", "row_no"], name="listed_company_once"),
            models.CheckConstraint(
                condition=models.Q(workers__isnull=True) | models.Q(workers__gte=0), name="workers_not_negative"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["nib"], name="listed_nib", condition=~models.Q(nib="")),
            models.Index(fields=["name_key"], name="listed_name"),
        ]


class ListMatch(Guarded):
    """Which payer a line is, by what, and how sure (0 to 1); worked out anew by every run, so that a company that
    registers later is found."""

    class By(models.TextChoices):
        NIB = "nib"
        NPWP = "npwp"
        NPP = "npp"
        NAME = "name"

    listed = models.OneToOneField(ListedCompany, on_delete=models.PROTECT, primary_key=True, related_name="match")
    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="+")
    by = models.CharField(max_length=4, choices=By)
    likeness = models.FloatField()
