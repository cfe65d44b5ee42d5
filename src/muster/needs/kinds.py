"""Kinds and states of a need, and what comes of a visit."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class NeedKind(models.TextChoices):
    """What is asked for."""

    FOOD = "food", _("food and daily goods")
    MEDICINE = "medicine", _("medicine")
    MEDICAL = "medical", _("see a doctor")
    CARE = "care", _("care of a child or an old person")
    REPAIR = "repair", _("repair")
    OTHER = "other", _("something else")


class NeedState(models.TextChoices):
    """How far a need has come."""

    OPEN = "open", _("open")
    UNDER_WAY = "under_way", _("under way")
    ANSWERED = "answered", _("answered")
    WITHDRAWN = "withdrawn", _("withdrawn")


SETTLED = frozenset({NeedState.ANSWERED, NeedState.WITHDRAWN})
"""States from which a need does not go on."""


class VisitOutcome(models.TextChoices):
    """What somebody found who knocked."""

    MET = "met", _("met somebody")
    NOBODY = "nobody", _("nobody opened")
    UNFIT = "unfit", _("found somebody who needs help")
