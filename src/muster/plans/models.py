"""A plan as it was solved, kept whole, so that any real night can be solved again; and what was ordered before."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from muster.emergencies.models import Emergency
from muster.plans.kinds import OrderState, PlanKind, PlanState
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


class PlanOrder(models.Model):
    """What somebody at the desk asked a worker to plan, and how far that is.

    ``ordered_at`` is a moment of the city and what the plan is made as of, so that a worker that takes the order
    over makes the same plan. All other moments are real ones, also in an exercise: they pace the work itself.
    """

    kind = models.CharField(max_length=16, choices=PlanKind.choices)
    emergency = models.ForeignKey(Emergency, on_delete=models.PROTECT, related_name="plan_orders")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="plan_orders")
    starts_on = models.DateField(null=True, help_text="First day of a roster.")
    days = models.PositiveSmallIntegerField(null=True, help_text="How many days a roster has.")
    seed = models.PositiveBigIntegerField()
    time_limit_s = models.FloatField()
    # An order goes with its account: without one it would be solved with the worker's own, unlimited rights.
    ordered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    ordered_at = models.DateTimeField()
    queued_at = models.DateTimeField()
    state = models.CharField(max_length=16, choices=OrderState.choices, default=OrderState.QUEUED)
    worker = models.CharField(max_length=120, blank=True, help_text="Who holds the lease.")
    lease_until_at = models.DateTimeField(null=True, help_text="From then on another worker may take it.")
    tries = models.PositiveSmallIntegerField(default=0, help_text="How often a worker has taken it.")
    begun_at = models.DateTimeField(null=True)
    step = models.CharField(max_length=16, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    failure = models.TextField(blank=True, help_text="What went wrong.")
    remedy = models.TextField(blank=True, help_text="What to do about it.")
    plan = models.OneToOneField(Plan, on_delete=models.PROTECT, null=True, related_name="order")

    class Meta:
        """Open orders are looked for every second or so."""

        indexes = (models.Index(fields=("state", "id"), name="plan_order_state"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(plan=None) | models.Q(state=OrderState.SOLVED), name="only_a_solved_order_has_a_plan"
            ),
        )
