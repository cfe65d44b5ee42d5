"""Kinds and states of a plan."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class PlanKind(models.TextChoices):
    """What is planned."""

    COVERAGE = "coverage", _("coverage")
    PAIRING = "pairing", _("pairing")
    ROSTER = "roster", _("roster")


class PlanState(models.TextChoices):
    """How far a plan has come. A published plan and one put aside stay as they are."""

    SOLVED = "solved", _("solved")
    PUBLISHED = "published", _("published")
    SET_ASIDE = "set_aside", _("put aside")


class OrderState(models.TextChoices):
    """How far an order has come. One that is solved, failed or canceled stays as it is."""

    QUEUED = "queued", _("waiting")
    RUNNING = "running", _("being solved")
    SOLVED = "solved", _("solved")
    FAILED = "failed", _("failed")
    CANCELED = "canceled", _("canceled")
