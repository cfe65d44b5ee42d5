"""States of a duty, and kinds of check-in."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class DutyState(models.TextChoices):
    """Whether a duty stands. Whether the person came is told by check-ins, not by a state."""

    PLANNED = "planned", _("planned")
    CANCELLED = "cancelled", _("cancelled")


class CheckInKind(models.TextChoices):
    """What a person reports at a post."""

    IN = "in", _("came")
    OUT = "out", _("left")
