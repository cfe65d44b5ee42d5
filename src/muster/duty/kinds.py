"""States of a duty, kinds of check-in, and the rules of rest by name."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

NIGHTS = "nights"
"""The restriction that keeps a person off every night pattern, whatever the post."""
WEEKENDS = "weekends"
"""The restriction that keeps a person off Saturdays and Sundays."""


class DutyState(models.TextChoices):
    """Whether a duty stands. Whether the person came is told by check-ins, not by a state."""

    PLANNED = "planned", _("planned")
    CANCELLED = "cancelled", _("cancelled")


class CheckInKind(models.TextChoices):
    """What a person reports at a post."""

    IN = "in", _("came")
    OUT = "out", _("left")


class RestRule(models.TextChoices):
    """The rules of rest that a duty can break."""

    REST = "rest", _("rest between shifts")
    DAYS_IN_ROW = "days_in_row", _("days in a row")
    WEEK = "week", _("hours in a week")
    NIGHTS = "nights", _("nights in four weeks")


class Unfit(models.TextChoices):
    """Why a person cannot stand on a shift, whatever they have done before."""

    NOT_SERVING = "not_serving", _("has not agreed to serve")
    ABSENT = "absent", _("absent")
    UNABLE = "unable", _("lacks an ability the post needs")
    RESTRICTED = "restricted", _("is spared this kind of post")
    NO_NIGHTS = "no_nights", _("is not put on nights")
    NO_WEEKENDS = "no_weekends", _("is spared weekends")
