"""A plan as it was solved, kept whole, so that any real night can be solved again."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from muster.emergencies.models import Emergency
from muster.plans.kinds import PlanKind, PlanState
from muster.territory.models import Area


class Plan(models.Model):
    """A solved plan with its problem, seed and solver version.

    ``problem`` and ``plan`` are compressed numpy archives; ``fingerprint`` is the digest of the rows that
    the problem was built from, and publishing refuses when it no longer matches.
    """

    kind = models.CharField(max_length=16, choices=PlanKind.choices)
    emergency = models.ForeignKey(Emergency, on_delete=models.PROTECT, related_name="plans")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="plans")
    starts_on = models.DateField(null=True, help_text="First day of a roster.")
    ends_on = models.DateField(null=True, help_text="Day after the last of a roster.")
    state = models.CharField(max_length=16, choices=PlanState.choices, default=PlanState.SOLVED)
    status = models.CharField(max_length=16, help_text="What the solver said: optimal, feasible…")
    seed = models.PositiveBigIntegerField()
    time_limit_s = models.FloatField()
    solver = models.CharField(max_length=120)
    objective = models.FloatField(null=True)
    bound = models.FloatField(null=True)
    runtime_s = models.FloatField()
    counts = models.JSONField(default=dict)
    problem = models.BinaryField()
    plan = models.BinaryField()
    fingerprint = models.CharField(max_length=64)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
