"""Facts that hold from a day to a day and whose corrections are new rows."""

from __future__ import annotations

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models.functions import Now

from lindung.core.models import Guarded

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
