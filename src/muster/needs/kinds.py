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
    RESCUE = "rescue", _("rescue, being brought out")
    REPAIR = "repair", _("repair")
    OTHER = "other", _("something else")
    WORD = "word", _("a word to the warden")


class NeedState(models.TextChoices):
    """How far a need has come."""

    OPEN = "open", _("open")
    GIVEN = "given", _("given to somebody")
    ACCEPTED = "accepted", _("accepted")
    UNDER_WAY = "under_way", _("under way")
    ANSWERED = "answered", _("answered")
    WITHDRAWN = "withdrawn", _("withdrawn")


SETTLED = frozenset({NeedState.ANSWERED, NeedState.WITHDRAWN})
"""States from which a need does not go on."""

WAITING = frozenset({NeedState.OPEN, NeedState.GIVEN})
"""States in which nobody has taken the need up yet."""


class NeedUrgency(models.IntegerChoices):
    """How pressing a need is, most pressing first."""

    LIFE = 0, _("life at risk")
    TODAY = 1, _("today")
    CAN_WAIT = 2, _("can wait")

    @property
    def slug(self) -> str:
        """Its name in addresses, files and the interface."""
        return self.name.lower()


class CarrierKind(models.TextChoices):
    """Who carries a need."""

    WARDEN = "warden", _("warden")
    DEPUTY = "deputy", _("deputy")
    OFFICE = "office", _("office")
    ORGANIZATION = "organization", _("paired organization")
    ON_DUTY = "on_duty", _("person on duty")


class PairVerdict(models.TextChoices):
    """What somebody said of two needs that look alike."""

    ONE = "one", _("one need, asked twice")
    TWO = "two", _("two needs")


class VisitOutcome(models.TextChoices):
    """What somebody found who knocked."""

    MET = "met", _("met somebody")
    NOBODY = "nobody", _("nobody opened")
    UNFIT = "unfit", _("found somebody who needs help")
